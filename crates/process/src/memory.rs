//! Reading and writing a target's memory.

use crate::Addr;

/// Memory that could not be read or written whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not {} {} bytes of memory at {addr}: {cause}", if *.writing { "write" } else { "read" }, .len)]
pub struct MemoryError {
    /// Where the access began.
    pub addr: Addr,
    /// How many bytes were wanted.
    pub len: usize,
    /// Was it a write?
    pub writing: bool,
    /// What the target said: `input/output error`, `bad address`.
    pub cause: String,
}

/// A target's memory.
pub trait Memory {
    /// Fills `buf` from `addr`, whole, or fails. Breakpoint instructions of the debugger are not seen.
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError>;

    /// Writes `bytes` at `addr`, whole, or fails.
    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError>;

    /// Fills as many of the buffers as can be filled, in as few system calls as possible, and says which were.
    fn read_many(&self, reads: &mut [(Addr, &mut [u8])]) -> Vec<bool> {
        reads.iter_mut().map(|(addr, buf)| self.read(*addr, buf).is_ok()).collect()
    }
}
