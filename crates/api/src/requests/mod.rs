//! The parameters and results of every method, named as on the wire.

mod breakpoints;
mod data;
mod inspect;
mod program;
mod running;
mod server;
mod stacks;

pub use breakpoints::*;
pub use data::*;
pub use inspect::*;
pub use program::*;
pub use running::*;
pub use server::*;
pub use stacks::*;
