//! The debugger as its clients see it.
//!
//! [`Client`] is one debugging session: a local one and a connection to a server both implement it, and the
//! prompt, scripts and the JSON-RPC server are written against it alone. Its methods are those of Delve's
//! JSON-RPC API, version 2, and the types they take and return serialize to that API's JSON, field for field:
//! [`DebuggerState`] with its [`Thread`]s and [`Goroutine`]s, [`Breakpoint`]s, [`Stackframe`]s, [`Variable`]s
//! loaded within the limits of a [`LoadConfig`], and the parameters and results of each method in [`requests`].
//!
//! Beyond that API, [`ProgramInfo`] and [`TypeLayout`] tell of the program itself, and a [`TraceSink`] takes hits of
//! tracepoints while the target runs. [`SignalHandling`] is what is done with signals of the target.
//!
//! [`format`] turns a [`Variable`] into the text that people and clients read.

mod breakpoint;
mod children;
mod client;
mod event;
mod examine;
pub mod format;
mod goroutine;
mod goroutine_query;
mod inspect;
mod json;
mod location;
mod program;
pub mod requests;
mod signal;
mod state;
mod trace;
mod variable;

pub use breakpoint::*;
pub use children::{Children, Elements, one_level_deeper};
pub use client::{Client, ClientError, Result};
pub use event::*;
pub use examine::{Examine, parse_integer};
pub use goroutine::*;
pub use goroutine_query::{GoroutinePlace, GoroutineQuery, first_word};
pub use inspect::*;
pub use json::base64::{decode as decode_base64, encode as encode_base64};
pub use location::*;
pub use program::*;
pub use signal::*;
pub use state::*;
pub use trace::{TraceHit, TraceSink};
pub use variable::*;
