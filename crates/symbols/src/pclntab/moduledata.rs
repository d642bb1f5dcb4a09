//! The runtime's `moduledata` in the file: it knows where the code starts and where function data is, which newer
//! pclntabs do not say. Layouts: runtime/symtab.go of each version.

use crate::{Binary, FileAddr, GoVersion};

/// Where a version keeps what we need, in words of the target's pointer size.
struct Layout {
    /// The first minor version of Go 1 that has it.
    since: u32,
    types: usize,
    etypes: usize,
    gofunc: usize,
    /// The slice `textsectmap`.
    text_sections: usize,
}

const LAYOUTS: [Layout; 4] = [
    Layout { since: 18, types: 35, etypes: 36, gofunc: 38, text_sections: 39 },
    // covctrs and ecovctrs came before `end`.
    Layout { since: 20, types: 37, etypes: 38, gofunc: 40, text_sections: 41 },
    // epclntab.
    Layout { since: 26, types: 37, etypes: 38, gofunc: 40, text_sections: 42 },
    // typedesclen, itaboffset and itabsize.
    Layout { since: 27, types: 37, etypes: 39, gofunc: 43, text_sections: 45 },
];

// The start has been the same since Go 1.18.
const FUNCNAMETAB: usize = 1;
const TEXT: usize = 22;
const ETEXT: usize = 23;
const WORDS: usize = 48;

/// What moduledata says.
#[derive(Clone, Debug)]
pub(super) struct ModuleData {
    /// Where it is.
    pub(super) addr: FileAddr,
    pub(super) text: u64,
    pub(super) etext: u64,
    pub(super) gofunc: Option<u64>,
    /// The parts of the code, if there is more than one.
    pub(super) text_sections: Vec<TextSection>,
}

/// A part of the code. Where one section would be too large for branches, as on ppc64 and arm, the linker splits it,
/// and what is linked in between makes addresses differ from what the table has (runtime/symtab.go, textsect).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextSection {
    /// Its first offset in the table.
    pub(super) start: u64,
    /// The address of that offset.
    pub(super) addr: u64,
}

/// More parts than there are in the largest programs: a count beyond it is damage.
const MAX_TEXT_SECTIONS: u64 = 4096;

/// Finds the moduledata whose first word points to the pclntab at `table`, and whose second points `names` bytes
/// into it.
pub(super) fn find(binary: &Binary, table: FileAddr, names: u64) -> Option<ModuleData> {
    let finder = Finder { binary, table: table.0, names };
    // Since Go 1.26, ELF and Mach-O have a section for it.
    if let Some(found) = binary.section(".go.module").and_then(|section| finder.read(section.address())) {
        return Some(found);
    }
    if let Some(found) = binary.pointers_to(table).find_map(|at| finder.read(at)) {
        return Some(found);
    }
    let size = usize::from(binary.arch().pointer_size);
    let wanted = binary.order().bytes(table.0, size);
    binary.writable_segments().find_map(|segment| {
        let words = segment.data().chunks_exact(size).enumerate().filter(|(_, word)| *word == wanted);
        let places = words.map(|(index, _)| FileAddr(segment.address().0 + (index * size) as u64));
        places.into_iter().find_map(|at| finder.read(at))
    })
}

struct Finder<'a> {
    binary: &'a Binary,
    table: u64,
    names: u64,
}

impl Finder<'_> {
    fn read(&self, at: FileAddr) -> Option<ModuleData> {
        let size = usize::from(self.binary.arch().pointer_size);
        let mut bytes = vec![0; WORDS * size];
        if !self.binary.read(at, &mut bytes) {
            return None;
        }
        let word = |index: usize| self.binary.order().uint(&bytes[index * size..(index + 1) * size]);
        let valid = word(0) == self.table
            && word(FUNCNAMETAB) == self.table.wrapping_add(self.names)
            && word(TEXT) <= word(ETEXT);
        if !valid {
            return None;
        }
        let layout = self.layout(&word);
        Some(ModuleData {
            addr: at,
            text: word(TEXT),
            etext: word(ETEXT),
            gofunc: layout.map(|layout| word(layout.gofunc)),
            text_sections: layout.and_then(|layout| self.text_sections(layout, &word)).unwrap_or_default(),
        })
    }

    /// The layout of the version that built it; if that is unknown or does not fit, the one that does.
    fn layout(&self, word: &dyn Fn(usize) -> u64) -> Option<&'static Layout> {
        let version = self.binary.go_version();
        let known = |layout: &&Layout| version.is_none_or(|v: GoVersion| v.at_least(1, layout.since));
        let mut candidates = LAYOUTS.iter().rev().filter(known).chain(&LAYOUTS);
        candidates.find(|layout| {
            let (types, etypes) = (word(layout.types), word(layout.etypes));
            types != 0 && types <= etypes && self.binary.bytes_from(FileAddr(word(layout.gofunc))).is_some()
        })
    }

    fn text_sections(&self, layout: &Layout, word: &dyn Fn(usize) -> u64) -> Option<Vec<TextSection>> {
        let (data, count) = (word(layout.text_sections), word(layout.text_sections + 1));
        if !(2..=MAX_TEXT_SECTIONS).contains(&count) || word(layout.text_sections + 2) < count {
            return None;
        }
        let size = usize::from(self.binary.arch().pointer_size);
        let mut bytes = vec![0; count as usize * 3 * size];
        if !self.binary.read(FileAddr(data), &mut bytes) {
            return None;
        }
        let number = |at: &[u8]| self.binary.order().uint(at);
        let sections: Vec<TextSection> = bytes
            .chunks_exact(3 * size)
            .map(|entry| TextSection { start: number(&entry[..size]), addr: number(&entry[2 * size..]) })
            .collect();
        let ordered = sections.is_sorted_by(|a, b| a.start < b.start && a.addr < b.addr);
        (ordered && sections[0] == TextSection { start: 0, addr: word(TEXT) }).then_some(sections)
    }
}
