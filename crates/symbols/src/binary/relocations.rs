//! Pointers that the loader fills in: what they are when the image is loaded where the file says.
//!
//! In a position-independent ELF program for a 64-bit machine they are zero in the file, and only the dynamic
//! relocations say what they point to. 32-bit machines and RELR keep them in place, as PE does with its base
//! relocations and Mach-O with its older rebase commands; its newer chains ([`super::fixups`]) do not.

use adit_arch::Arch;
use object::elf;

use super::format::{FileFormat, Segment, SegmentKind};
use super::{Binary, Section, fixups};
use crate::FileAddr;

/// A pointer-sized word that the loader writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelocatedWord {
    /// Where it is.
    pub place: FileAddr,
    /// What it becomes when the image is loaded where the file says; 0 if it points into another image.
    pub value: u64,
}

/// The numbers of the relocations that make a pointer: relative to the image, and to a symbol.
struct Kinds {
    relative: u32,
    absolute: u32,
}

fn kinds(arch: &Arch) -> Option<Kinds> {
    let (relative, absolute) = match arch.name {
        "amd64" => (elf::R_X86_64_RELATIVE.0, elf::R_X86_64_64.0),
        "arm64" => (elf::R_AARCH64_RELATIVE.0, elf::R_AARCH64_ABS64.0),
        "loong64" => (elf::R_LARCH_RELATIVE.0, elf::R_LARCH_64.0),
        "ppc64" | "ppc64le" => (elf::R_PPC64_RELATIVE.0, elf::R_PPC64_ADDR64.0),
        "riscv64" => (elf::R_RISCV_RELATIVE.0, elf::R_RISCV_64.0),
        "s390x" => (elf::R_390_RELATIVE.0, elf::R_390_64.0),
        _ => return None,
    };
    Some(Kinds { relative, absolute })
}

/// Where DT_SYMTAB's entries have the section and the value (Elf64_Sym), and how long an entry is.
const SYMBOL_SECTION: usize = 6;
const SYMBOL_VALUE: usize = 8;
const SYMBOL_SIZE: usize = 24;

/// The parts of the dynamic section that say where relocations are.
#[derive(Debug, Default)]
struct Dynamic {
    rela: Option<u64>,
    rela_size: u64,
    symbols: Option<u64>,
}

impl Binary {
    /// Does the loader fill in pointers that the file does not have in place?
    fn has_pointers_filled_in(&self) -> bool {
        self.layout.fixups.is_some() || (self.layout.format == FileFormat::Elf && self.is_pie())
    }

    /// The addresses of the pointers to `target` that the file does not have in place.
    pub(crate) fn pointers_to(&self, target: FileAddr) -> impl Iterator<Item = FileAddr> + '_ {
        self.relocated_words().iter().filter(move |p| p.value == target.0).map(|pointer| pointer.place)
    }

    /// The relocations of ELF that make a pointer, in the order of the file.
    fn relocations(&self) -> impl Iterator<Item = RelocatedWord> + '_ {
        let dynamic = self.dynamic();
        let table = self.rela(&dynamic);
        let symbols = dynamic.symbols.and_then(|addr| self.bytes_from(FileAddr(addr)));
        let entries = kinds(self.arch()).zip(table).map(move |(kinds, table)| {
            let count = table.data().len() / 24;
            (0..count).filter_map(move |index| {
                let entry = table.data().get(index * 24..(index + 1) * 24)?;
                self.relocation(entry, &kinds, symbols.as_ref())
            })
        });
        entries.into_iter().flatten()
    }

    /// Elf64_Rela: place, number of the symbol and kind, addend.
    fn relocation(&self, entry: &[u8], kinds: &Kinds, symbols: Option<&Section>) -> Option<RelocatedWord> {
        let word = |index: usize| self.order().uint(&entry[index * 8..(index + 1) * 8]);
        let (place, kind, addend) = (FileAddr(word(0)), word(1) as u32, word(2));
        if kind == kinds.relative {
            return Some(RelocatedWord { place, value: addend });
        }
        if kind != kinds.absolute {
            return None;
        }
        let start = usize::try_from(word(1) >> 32).ok()?.checked_mul(SYMBOL_SIZE)?;
        let symbol = symbols?.data().get(start..start.checked_add(SYMBOL_SIZE)?)?;
        let defined = self.order().uint(&symbol[SYMBOL_SECTION..SYMBOL_SECTION + 2]) != 0;
        let value = self.order().uint(&symbol[SYMBOL_VALUE..SYMBOL_VALUE + 8]);
        defined.then(|| RelocatedWord { place, value: value.wrapping_add(addend) })
    }

    fn rela(&self, dynamic: &Dynamic) -> Option<Section> {
        if let Some(section) = self.section(".rela.dyn") {
            return Some(section);
        }
        self.bytes_from(FileAddr(dynamic.rela?))?.first(dynamic.rela_size)
    }

    fn dynamic(&self) -> Dynamic {
        let mut found = Dynamic::default();
        let segment = self.layout.segments.iter().find(|segment| segment.kind == SegmentKind::Dynamic);
        let Some(bytes) = segment.and_then(|segment| self.bytes_from(FileAddr(segment.address))) else {
            return found;
        };
        let size = usize::from(self.arch().pointer_size);
        for entry in bytes.data().chunks_exact(2 * size) {
            let value = self.order().uint(&entry[size..]);
            match elf::DynamicTag(self.order().int(&entry[..size])) {
                elf::DT_NULL => break,
                elf::DT_RELA => found.rela = Some(value),
                elf::DT_RELASZ => found.rela_size = value,
                elf::DT_SYMTAB => found.symbols = Some(value),
                _ => {}
            }
        }
        found
    }

    /// The words that the file holds without their value, by address: those of ELF's relocations with explicit addends
    /// (`.rela.dyn`), and of Mach-O's chained fixups. Where the addend is in place (`.rel.dyn`, `.relr.dyn`, PE's base
    /// relocations), the file has the value already. [`Binary::read`] puts them in.
    pub fn relocated_words(&self) -> &[RelocatedWord] {
        if self.has_pointers_filled_in() { self.pointers() } else { &[] }
    }

    fn pointers(&self) -> &[RelocatedWord] {
        self.pointers.get_or_init(|| {
            let mut pointers = match &self.layout.fixups {
                Some(range) => fixups::read(&self.image, &self.layout, range.clone()),
                None => self.relocations().collect(),
            };
            // Linkers write them in order, nearly always.
            if !pointers.is_sorted() {
                pointers.sort_unstable();
            }
            pointers
        })
    }

    /// A part of the file with the pointers that the loader would fill in.
    pub(crate) fn with_pointers(&self, section: &Section) -> Section {
        let end = FileAddr(section.address().0.saturating_add(section.data().len() as u64));
        if !self
            .relocated_words()
            .iter()
            .any(|pointer| (section.address().0..end.0).contains(&pointer.place.0))
        {
            return section.clone();
        }
        let mut bytes = section.data().to_vec();
        self.fill_in(section.address().0, &mut bytes);
        Section::inflated(bytes, section.address().0)
    }

    /// Puts the pointers that the loader would fill in into `buf`, which was read at `addr` of `segment`.
    pub(super) fn fill_in_pointers(&self, segment: &Segment, addr: u64, buf: &mut [u8]) {
        if segment.writable && self.has_pointers_filled_in() {
            self.fill_in(addr, buf);
        }
    }

    fn fill_in(&self, addr: u64, buf: &mut [u8]) {
        let size = usize::from(self.arch().pointer_size);
        let end = addr.saturating_add(buf.len() as u64);
        let pointers = self.pointers();
        // One that starts before `addr` may reach into it.
        let first = pointers.partition_point(|pointer| pointer.place.0.saturating_add(size as u64) <= addr);
        for pointer in pointers[first..].iter().take_while(|pointer| pointer.place.0 < end) {
            let bytes = self.order().bytes(pointer.value, size);
            for (index, byte) in (0u64..).zip(bytes) {
                let at = pointer.place.0.checked_add(index).and_then(|place| place.checked_sub(addr));
                if let Some(target) = at.and_then(|at| buf.get_mut(usize::try_from(at).ok()?)) {
                    *target = byte;
                }
            }
        }
    }
}
