//! The JSON-RPC API over a connection: the server that offers any [`adit_api::Client`] to others, and the client
//! that is an [`adit_api::Client`] itself because a server answers for it.
//!
//! The messages are those of Go's `net/rpc/jsonrpc` (JSON-RPC 1.0): one JSON object after another, in both directions,
//! over TCP or a unix socket.

pub mod client;
pub mod server;
