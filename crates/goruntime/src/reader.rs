//! Numbers, pointers and strings out of a target's memory, in the target's byte order and pointer size.

use adit_arch::Arch;
use adit_process::{Addr, Memory};

use crate::RuntimeError;

/// Typed, bounded reads of one target's memory.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'m> {
    pub(crate) memory: &'m dyn Memory,
    pub(crate) arch: &'static Arch,
}

impl<'m> Reader<'m> {
    pub(crate) fn new(memory: &'m dyn Memory, arch: &'static Arch) -> Reader<'m> {
        Reader { memory, arch }
    }

    /// An unsigned number of `size` bytes, at most eight.
    pub(crate) fn uint(self, addr: Addr, size: u64) -> Result<u64, RuntimeError> {
        let mut bytes = [0; 8];
        let bytes = &mut bytes[..size.min(8) as usize];
        self.memory.read(addr, bytes)?;
        Ok(self.arch.byte_order.uint(bytes))
    }

    /// A pointer, or another word of the target.
    pub(crate) fn pointer(self, addr: Addr) -> Result<Addr, RuntimeError> {
        self.uint(addr, u64::from(self.arch.pointer_size)).map(Addr)
    }

    /// `len` bytes, refused when more than `limit`.
    pub(crate) fn bytes(self, addr: Addr, len: u64, limit: u64) -> Result<Vec<u8>, RuntimeError> {
        if len > limit {
            return Err(RuntimeError::TooLarge { addr, len, limit });
        }
        let mut bytes = vec![0; len as usize];
        self.memory.read(addr, &mut bytes)?;
        Ok(bytes)
    }

    /// The struct of `size` bytes at `addr`.
    pub(crate) fn record(self, addr: Addr, size: u64) -> Result<Record, RuntimeError> {
        Ok(Record { addr, arch: self.arch, bytes: self.bytes(addr, size, 1 << 20)? })
    }

    /// The pointers of an array, refused when more than `limit`.
    pub(crate) fn pointers(self, addr: Addr, count: u64, limit: u64) -> Result<Vec<Addr>, RuntimeError> {
        let size = usize::from(self.arch.pointer_size);
        let bytes = self.bytes(addr, count.saturating_mul(size as u64), limit.saturating_mul(size as u64))?;
        Ok(bytes.chunks_exact(size).map(|word| Addr(self.arch.byte_order.uint(word))).collect())
    }

    /// The string whose header stands at `addr`, cut at `limit` bytes.
    pub(crate) fn string(self, addr: Addr, limit: u64) -> Result<String, RuntimeError> {
        let word = u64::from(self.arch.pointer_size);
        let header = self.record(addr, 2 * word)?;
        let len = header.pointer(word).0.min(limit);
        let bytes = self.bytes(header.pointer(0), len, limit)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The bytes of one struct. Reads beyond them give zero: its size came from the same layout as the offsets.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) addr: Addr,
    pub(crate) arch: &'static Arch,
    pub(crate) bytes: Vec<u8>,
}

impl Record {
    pub(crate) fn uint(&self, offset: u64, size: u64) -> u64 {
        uint_in(self.arch, &self.bytes, offset, size)
    }

    pub(crate) fn pointer(&self, offset: u64) -> Addr {
        Addr(self.uint(offset, u64::from(self.arch.pointer_size)))
    }
}

/// The number of `size` bytes at `offset` of `bytes`; zero when it is not within.
pub(crate) fn uint_in(arch: &Arch, bytes: &[u8], offset: u64, size: u64) -> u64 {
    let (start, end) = (offset as usize, offset.saturating_add(size) as usize);
    bytes.get(start..end).map_or(0, |bytes| arch.byte_order.uint(bytes))
}
