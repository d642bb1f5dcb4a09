//! The Debug Adapter Protocol: one editor's session with the debugger.
//!
//! [`serve`] reads requests from a [`Connection`] until the session ends. The [`adapter`] translates each to the methods of
//! an [`adit_api::Client`], which a [`Launcher`] starts when the editor asks for it, or which a server shares. The target
//! runs on behalf of a thread of its own ([`runner`]), so that requests are answered meanwhile. [`protocol`] has the
//! messages; its types are made from the protocol's schema.

pub mod adapter;
pub mod attributes;
mod failure;
mod framing;
mod launcher;
mod outgoing;
pub mod protocol;
mod runner;

pub use adapter::{Ended, Host, TokenCheck, serve};
pub use framing::Connection;
pub use launcher::{BuildError, Launcher, Output, Start};
