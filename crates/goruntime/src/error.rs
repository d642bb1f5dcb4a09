//! What can stand in the way of reading the runtime's data.

use adit_process::{Addr, MemoryError};

use crate::Release;

/// Why something of the runtime could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuntimeError {
    /// The memory is not readable.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The program has no such symbol.
    #[error("could not find symbol value for {0}")]
    NoSymbol(&'static str),
    /// The release's struct has no such field.
    #[error("{structure} of Go 1.{} has no field {field}", .release.0)]
    NoField {
        /// The struct.
        structure: &'static str,
        /// The field.
        field: &'static str,
        /// The program's release.
        release: Release,
    },
    /// A size that no sane program has.
    #[error("{len} bytes at {addr} are more than the {limit} that are read at once")]
    TooLarge {
        /// Where.
        addr: Addr,
        /// How many bytes there are said to be.
        len: u64,
        /// How many are acceptable.
        limit: u64,
    },
    /// The bytes are not what they should be: memory was overwritten, or the address is wrong.
    #[error("{what} at {addr} is corrupt: {why}")]
    Corrupt {
        /// What should be there.
        what: &'static str,
        /// Where.
        addr: Addr,
        /// What contradicts it.
        why: String,
    },
}

impl RuntimeError {
    pub(crate) fn corrupt(what: &'static str, addr: Addr, why: impl Into<String>) -> RuntimeError {
        RuntimeError::Corrupt { what, addr, why: why.into() }
    }
}
