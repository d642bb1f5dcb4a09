//! The JSON-RPC API over a connection: the server that offers any [`adit_api::Client`] to others, and the client
//! that is an [`adit_api::Client`] itself because a server answers for it.
//!
//! The messages are those of Go's `net/rpc/jsonrpc` (JSON-RPC 1.0): one JSON object after another, in both directions,
//! over TCP or a unix socket.
//!
//! An [`Address`] says where; a [`Stream`] is a connection there. [`server::Listener::bind`] listens, which comes before
//! the program to be debugged is started, and [`server::serve`] then lets clients drive the session until it ends.

mod address;
pub mod client;
pub mod server;

pub use address::{Address, AddressError, Stream};
