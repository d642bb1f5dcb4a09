//! One entry of a symbol table, in each format: System V ABI, chapter 4 "Symbol Table"; Microsoft's "PE Format", "COFF
//! Symbol Table"; Apple's `<mach-o/nlist.h>`.

use std::sync::Arc;

use super::{Entry, Names, SymbolIndex};
use crate::binary::format::{FileFormat, Layout, SYMBOL_SIZE, SymbolTable};
use crate::binary::section::{Image, Section};

/// Adds what a table defines to the index.
pub(super) fn read(image: &Arc<Image>, layout: &Layout, table: &SymbolTable, index: &mut SymbolIndex) {
    // A table that the end of the file cuts off has symbols all the same.
    let size = table.size.min((image.len() as u64).saturating_sub(table.offset));
    let strings_size = table.strings_size.min((image.len() as u64).saturating_sub(table.strings));
    let Some(entries) = Section::of_file(image, table.offset, size, 0) else { return };
    let Some(strings) = Section::of_file(image, table.strings, strings_size, 0) else { return };
    let names = index.names.len() as u8;
    let prefix: &[u8] = if layout.format == FileFormat::MachO { b"_" } else { b"" };
    index.names.push(Names { section: strings, limit: usize::MAX, prefix });
    let reader = Reader { layout, names };
    match layout.format {
        FileFormat::Elf => {
            let size = if layout.arch.pointer_size == 8 { 24 } else { 16 };
            index.entries.extend(entries.data().chunks_exact(size).filter_map(|raw| reader.elf(raw)));
        }
        FileFormat::MachO => {
            let size = if layout.arch.pointer_size == 8 { 16 } else { 12 };
            index.entries.extend(entries.data().chunks_exact(size).filter_map(|raw| reader.nlist(raw)));
            bound(layout, &mut index.entries);
        }
        FileFormat::Pe => {
            index.names.push(Names { section: entries.clone(), limit: 8, prefix: b"" });
            reader.coff(entries.data(), &mut index.entries);
            bound(layout, &mut index.entries);
        }
    }
}

/// Gives each symbol a size: to the next one, or to the end of its section.
fn bound(layout: &Layout, entries: &mut [Entry]) {
    entries.sort_by_key(|entry| entry.addr);
    let mut sections: Vec<(u64, u64)> =
        layout.loaded().map(|s| (s.address, s.address.saturating_add(s.memory_size))).collect();
    sections.sort_unstable();
    let mut next = u64::MAX;
    for index in (0..entries.len()).rev() {
        let addr = entries[index].addr;
        if let Some(after) = entries.get(index + 1).filter(|after| after.addr != addr) {
            next = after.addr;
        }
        let position = sections.partition_point(|section| section.0 <= addr);
        let end =
            position.checked_sub(1).and_then(|last| sections.get(last)).map_or(addr, |section| section.1);
        entries[index].size = end.min(next).saturating_sub(addr);
    }
}

struct Reader<'a> {
    layout: &'a Layout,
    names: u8,
}

impl Reader<'_> {
    fn field(&self, raw: &[u8], range: std::ops::Range<usize>) -> u64 {
        self.layout.order().uint(&raw[range])
    }

    /// Elf32_Sym and Elf64_Sym differ in the order of their fields.
    fn elf(&self, raw: &[u8]) -> Option<Entry> {
        let field = |range| self.field(raw, range);
        let (addr, size, info, section) = match raw.len() {
            24 => (field(8..16), field(16..24), raw[4], field(6..8)),
            _ => (field(4..8), field(8..12), raw[12], field(14..16)),
        };
        // Undefined symbols, sections and files are nothing one can look at; thread-local ones have no address.
        let is_function = matches!(info & 0xf, 2 | 10);
        let wanted = is_function || matches!(info & 0xf, 0 | 1);
        let name = field(0..4) as u32;
        (section != 0 && wanted).then_some(Entry { addr, size, name, names: self.names, is_function })
    }

    /// nlist and nlist_64: name (4 bytes), type (1), section from 1 (1), description (2), address.
    fn nlist(&self, raw: &[u8]) -> Option<Entry> {
        const N_STAB: u8 = 0xe0;
        const N_TYPE: u8 = 0x0e;
        const N_SECT: u8 = 0x0e;
        if raw[4] & N_STAB != 0 || raw[4] & N_TYPE != N_SECT {
            return None;
        }
        let section = self.layout.sections.get(usize::from(raw[5]).checked_sub(1)?)?;
        Some(Entry {
            addr: self.field(raw, 8..raw.len()),
            size: 0,
            name: self.field(raw, 0..4) as u32,
            names: self.names,
            is_function: section.name == "__text",
        })
    }

    /// Symbols of 18 bytes, each with so many more entries as its last byte says: name (8), value (4), section from
    /// 1 (2), type (2), class (1). A name that begins with four zeros goes on in the string table.
    fn coff(&self, table: &[u8], found: &mut Vec<Entry>) {
        const CLASS_EXTERNAL: u8 = 2;
        const CLASS_STATIC: u8 = 3;
        const TYPE_FUNCTION: u64 = 0x20;
        let size = SYMBOL_SIZE as usize;
        let mut at = 0;
        while let Some(raw) = table.get(at..at + size) {
            let offset = u32::try_from(at).unwrap_or(u32::MAX);
            at += size * (1 + usize::from(raw[17]));
            let section = (self.field(raw, 12..14) as usize).checked_sub(1);
            let Some(section) = section.and_then(|index| self.layout.sections.get(index)) else { continue };
            // The symbol of a section, which says how long it is, has such an entry after it.
            let is_section = raw[16] == CLASS_STATIC && raw[17] > 0;
            if !matches!(raw[16], CLASS_EXTERNAL | CLASS_STATIC) || is_section {
                continue;
            }
            let (name, names) = match self.field(raw, 0..4) {
                0 => (self.field(raw, 4..8) as u32, self.names),
                _ => (offset, self.names + 1),
            };
            let kind = self.field(raw, 14..16);
            found.push(Entry {
                addr: section.address.wrapping_add(self.field(raw, 8..12)),
                size: 0,
                name,
                names,
                is_function: kind == TYPE_FUNCTION || (kind == 0 && section.name == ".text"),
            });
        }
    }
}
