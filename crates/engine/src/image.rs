//! A binary at the place where it was loaded.

use std::sync::Arc;

use adit_process::{Addr, Process};
use adit_symbols::{Binary, FileAddr, SourceFrame};

/// `AT_ENTRY` of getauxval(3): where the program's first instruction is.
const AT_ENTRY: u64 = 9;

/// A binary, and how far the loader moved it.
#[derive(Clone)]
pub struct Image {
    /// What the file says.
    pub binary: Arc<Binary>,
    /// Added to every address of the file; 0 unless the binary is position-independent.
    slide: u64,
}

impl Image {
    /// The executable of `process`: it was moved by the difference between the entry point that the kernel states
    /// and the file's.
    pub fn executable(binary: Arc<Binary>, process: &dyn Process) -> Image {
        let entry = process.auxv().ok().and_then(|auxv| auxv.iter().find(|(kind, _)| *kind == AT_ENTRY).map(|e| e.1));
        let slide = match entry {
            Some(entry) if binary.is_pie() => entry.wrapping_sub(binary.entry().0),
            _ => 0,
        };
        Image { binary, slide }
    }

    /// Where an address of the file is in the process.
    pub fn to_target(&self, addr: FileAddr) -> Addr {
        Addr(addr.0.wrapping_add(self.slide))
    }

    /// Where an address of the process is in the file.
    pub fn to_file(&self, addr: Addr) -> FileAddr {
        FileAddr(addr.0.wrapping_sub(self.slide))
    }

    /// The source places at `pc`, innermost first; empty if the address is in no known function.
    pub fn source_frames(&self, pc: Addr) -> Vec<SourceFrame> {
        self.binary.source_frames(self.to_file(pc))
    }

    /// The address of a symbol of the linker's table, in the process.
    pub fn symbol(&self, name: &str) -> Option<Addr> {
        self.binary.symbol(name).map(|symbol| self.to_target(symbol.addr))
    }
}
