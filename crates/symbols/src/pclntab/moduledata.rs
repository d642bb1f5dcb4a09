//! The runtime's `moduledata` in the file: it knows where the code starts and where function data is, which newer
//! pclntabs do not say. Layouts: runtime/symtab.go of each version.

use std::collections::HashMap;

use crate::binary::Relocation;
use crate::{Binary, FileAddr, GoVersion};

/// Where a version keeps what we need, in words of the target's pointer size.
struct Layout {
    /// The first minor version of Go 1 that has it.
    since: u32,
    types: usize,
    etypes: usize,
    gofunc: usize,
}

const LAYOUTS: [Layout; 3] = [
    Layout { since: 18, types: 35, etypes: 36, gofunc: 38 },
    // covctrs and ecovctrs came before `end`.
    Layout { since: 20, types: 37, etypes: 38, gofunc: 40 },
    // typedesclen, itaboffset and itabsize.
    Layout { since: 27, types: 37, etypes: 39, gofunc: 43 },
];

// The start has been the same since Go 1.18.
const FUNCNAMETAB: usize = 1;
const TEXT: usize = 22;
const ETEXT: usize = 23;
const WORDS: usize = 44;

/// What moduledata says.
#[derive(Clone, Copy, Debug)]
pub(super) struct ModuleData {
    /// Where it is.
    pub(super) addr: u64,
    pub(super) text: u64,
    pub(super) etext: u64,
    pub(super) gofunc: Option<u64>,
}

/// Finds the moduledata whose first word points to the pclntab at `table`, and whose second points `names` bytes
/// into it.
pub(super) fn find(binary: &Binary, table: FileAddr, names: u64) -> Option<ModuleData> {
    let mut finder = Finder { binary, table: table.0, names, relocations: Vec::new() };
    if binary.is_pie() {
        // Before the loader fills them in, pointers are only in the relocations.
        finder.relocations = binary.relocations();
        let candidates: Vec<u64> =
            finder.relocations.iter().filter(|r| r.addend == table.0).map(|r| r.place).collect();
        if let Some(found) = candidates.into_iter().find_map(|at| finder.read(at)) {
            return Some(found);
        }
    }
    if let Some(found) = binary.section(".go.module").and_then(|section| finder.read(section.address().0)) {
        return Some(found);
    }
    let size = usize::from(binary.arch().pointer_size);
    let wanted = binary.order().bytes(table.0, size);
    binary.data_segments(true).find_map(|segment| {
        let words = segment.data().chunks_exact(size).enumerate().filter(|(_, word)| *word == wanted);
        words.map(|(index, _)| segment.address().0 + (index * size) as u64).find_map(|at| finder.read(at))
    })
}

struct Finder<'a> {
    binary: &'a Binary,
    table: u64,
    names: u64,
    relocations: Vec<Relocation>,
}

impl Finder<'_> {
    fn read(&self, at: u64) -> Option<ModuleData> {
        let size = usize::from(self.binary.arch().pointer_size);
        let mut bytes = vec![0; WORDS * size];
        if !self.binary.read(FileAddr(at), &mut bytes) {
            return None;
        }
        let end = at.checked_add(bytes.len() as u64)?;
        let own = self.relocations.iter().filter(|r| (at..end).contains(&r.place));
        let moved: HashMap<u64, u64> = own.map(|r| (r.place, r.addend)).collect();
        let word = |index: usize| {
            let stored = self.binary.order().uint(&bytes[index * size..(index + 1) * size]);
            moved.get(&(at + (index * size) as u64)).copied().unwrap_or(stored)
        };
        let valid = word(0) == self.table
            && word(FUNCNAMETAB) == self.table.wrapping_add(self.names)
            && word(TEXT) <= word(ETEXT);
        valid.then(|| ModuleData {
            addr: at,
            text: word(TEXT),
            etext: word(ETEXT),
            gofunc: self.gofunc(&word),
        })
    }

    /// By the layout of the version that built it; if that is unknown or does not fit, by the one that does.
    fn gofunc(&self, word: &dyn Fn(usize) -> u64) -> Option<u64> {
        let version = self.binary.go_version();
        let known = |layout: &&Layout| version.is_none_or(|v: GoVersion| v.at_least(1, layout.since));
        let mut candidates = LAYOUTS.iter().rev().filter(known).chain(&LAYOUTS);
        let fits = |layout: &&Layout| {
            let (types, etypes) = (word(layout.types), word(layout.etypes));
            types != 0 && types <= etypes && self.binary.bytes_from(FileAddr(word(layout.gofunc))).is_some()
        };
        candidates.find(fits).map(|layout| word(layout.gofunc))
    }
}
