//! Dead processes: core files.
//!
//! [`write`] makes an ELF core file of a stopped process, from what it records of itself
//! ([`adit_process::CoreRecord`]) and the contents of its memory. It has the form in which Linux writes them, so that
//! every debugger can open it.

mod write;

pub use write::{Destination, Progress, WriteError, write};
