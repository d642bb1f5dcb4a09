//! How things look on the screen.

pub(crate) mod breakpoint;
pub(crate) mod columns;
pub(crate) mod disassembly;
mod event;
pub(crate) mod goroutine;
pub(crate) mod listing;
pub(crate) mod stack;
pub(crate) mod stop;
pub(crate) mod tracepoint;
pub(crate) mod view;
