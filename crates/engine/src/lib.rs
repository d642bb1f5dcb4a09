//! The debugger itself: breakpoints, running and stepping, stacks, goroutines, values.
//!
//! A [`Debugger`] owns one process ([`Target`]), its executable ([`Image`]) and what is known of its Go runtime. It
//! lives on the thread that owns the process, and every operation is carried out there from beginning to end; nothing
//! here is shared. Front ends do not see it: they talk to a session, which does.
//!
//! * [`run`] lets the program run and judges each thread that stops; [`step`] plans steps as sets of temporary
//!   breakpoints; [`breakpoint`] keeps who wants a stop where; [`trace`] reports hits without a stop.
//! * Of several processes, each has its own [`Debugger`]; the selected one owns the others ([`Debugger::targets`]).
//! * [`watch`] stops at accesses to memory.
//! * [`unwind`] walks stacks; [`goroutine`] lists goroutines and says where they are.
//! * [`value`] loads values by their types; [`eval`] computes expressions; [`location`] turns what users type after
//!   `break` into addresses.

pub mod breakpoint;
mod breakpoints;
mod call;
mod calls;
mod debugger;
mod deferred;
mod describe;
mod error;
pub mod eval;
mod foreign;
pub mod goroutine;
mod group;
mod image;
pub mod layout;
mod library;
pub mod location;
mod notices;
mod plugin;
mod range_body;
pub mod run;
mod runtime_types;
pub mod scope;
pub mod signals;
pub mod source;
pub mod step;
mod target;
mod thread;
pub mod trace;
mod unstarted;
pub mod unwind;
pub mod value;
pub mod watch;

pub use debugger::{Debugger, Selection};
pub use deferred::DeferredCall;
pub use describe::TypeDescription;
pub use error::EngineError;
pub use group::BreakpointHits;
pub use image::Image;
pub use library::LibraryInfo;
pub use notices::{Notice, NoticeSink};
pub use runtime_types::Method;
pub use target::Target;
pub use thread::ThreadPlace;
