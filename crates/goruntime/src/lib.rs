//! Go's runtime as data: what its structs in a target's memory mean, release by release.
//!
//! [`Layout`] knows where the fields of the runtime's structs are; [`GoRuntime`] joins it with the addresses of the
//! runtime's variables in one program ([`Globals`]) and reads: goroutines, the goroutine of a thread, deferred
//! calls, panics, modules, type descriptors, maps and channels. Everything is read through
//! [`adit_process::Memory`], in bulk, bounded, and with an error for just the item that is damaged.
//!
//! Nothing here stops, steps or unwinds; [`functions`] and [`call_protocol`] hold what unwinding, stepping and
//! calling need to know of the runtime, as data.

pub mod call_protocol;
mod channel;
mod error;
pub mod functions;
mod globals;
mod goroutine;
mod goroutine_details;
mod hash;
mod layout;
mod map;
mod module;
mod open_coded;
mod panic;
mod reader;
mod rtype;
mod stripped;
mod thread;
mod time;
mod type_list;
mod value;
mod wait_reason;

pub use channel::{Channel, Waiter};
pub use error::RuntimeError;
pub use globals::Globals;
pub use goroutine::{Goroutine, GoroutinePage, Sched, Status};
pub use goroutine_details::Ancestor;
pub use hash::MapHasher;
pub use layout::{Fact, Layout, Release};
pub use map::{MapEntries, MapEntry, MapIndex, MapShape, SlotSize};
pub use module::{Module, Modules};
pub use open_coded::{OpenCodedDefer, OpenCodedDefers};
pub use panic::{Defer, Panic};
pub use rtype::{Kind, RuntimeField, RuntimeMethod, RuntimeShape, RuntimeType};
pub use thread::{CurrentG, GPlace, TlsFacts};
pub use time::GoTime;
pub use value::{InterfaceValue, SliceHeader};
pub use wait_reason::{known_wait_reason, wait_reason};

/// Go's runtime in one program.
#[derive(Clone, Debug)]
pub struct GoRuntime {
    /// Where the fields of its structs are.
    pub layout: Layout,
    /// Where its variables are.
    pub globals: Globals,
}
