//! Shared libraries, and the kernel's vdso, as far as walking a stack needs them: their frame tables and symbols.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use adit_process::{Addr, Mapping, Memory};
use adit_symbols::{Binary, FileAddr, SourceFrame};

use crate::target::Target;

/// Name of the kernel's own library in the list of mappings.
const VDSO: &str = "[vdso]";
/// It takes a page or three; a larger one is something else.
const LARGEST_VDSO: u64 = 1 << 20;
/// Addresses whose library is unknown are remembered up to this number of pages.
const MOST_UNKNOWN: usize = 1 << 12;

/// A library where it was loaded.
pub(crate) struct Library {
    pub(crate) binary: Binary,
    code: (Addr, Addr),
    /// Added to every address of the file.
    pub(crate) slide: u64,
}

/// Libraries that were met so far.
#[derive(Clone, Default)]
pub(crate) struct Libraries {
    known: RefCell<Vec<Rc<Library>>>,
    /// Pages that belong to none.
    unknown: RefCell<HashSet<u64>>,
}

impl Libraries {
    /// The library whose code is at `pc`.
    pub(crate) fn at(&self, target: &Target, pc: Addr) -> Option<Rc<Library>> {
        let known = |library: &&Rc<Library>| library.code.0 <= pc && pc < library.code.1;
        if let Some(found) = self.known.borrow().iter().find(known) {
            return Some(found.clone());
        }
        let page = pc.0 >> 12;
        let mut unknown = self.unknown.borrow_mut();
        if unknown.contains(&page) {
            return None;
        }
        let Some(opened) = open(target, pc) else {
            if unknown.len() >= MOST_UNKNOWN {
                unknown.clear();
            }
            unknown.insert(page);
            return None;
        };
        let library = Rc::new(opened);
        self.known.borrow_mut().push(library.clone());
        Some(library)
    }
}

fn open(target: &Target, pc: Addr) -> Option<Library> {
    let mappings = target.mappings().ok()?;
    let code =
        mappings.iter().find(|mapping| mapping.executable && mapping.start <= pc && pc < mapping.end)?;
    let (binary, start) = if code.path == VDSO {
        let size = code.end.0 - code.start.0;
        let mut bytes = vec![0; size.min(LARGEST_VDSO) as usize];
        target.read(code.start, &mut bytes).ok()?;
        (Binary::from_bytes(Path::new(VDSO), bytes).ok()?, code.start)
    } else {
        // Where a program's own dlopen put it, the file's first mapping is the one that holds its headers.
        let is_first = |mapping: &&Mapping| mapping.path == code.path && mapping.offset == 0;
        let start = mappings.iter().rev().filter(is_first).find(|mapping| mapping.start <= pc)?.start;
        let path = Some(PathBuf::from(&code.path)).filter(|path| path.is_absolute())?;
        (Binary::open(&path).ok()?, start)
    };
    // Shared libraries are linked at 0.
    Some(Library { binary, code: (code.start, code.end), slide: start.0 })
}

impl Library {
    /// The same address as the library's file states it.
    pub(crate) fn to_file(&self, addr: Addr) -> FileAddr {
        FileAddr(addr.0.wrapping_sub(self.slide))
    }

    /// The function at `pc`, by the library's symbols. Its entry is a run-time address.
    pub(crate) fn function(&self, pc: Addr) -> Option<(String, Addr)> {
        let found: SourceFrame = self.binary.source_frames(self.to_file(pc)).pop()?;
        Some((found.function, Addr(found.entry.0.wrapping_add(self.slide))))
    }
}
