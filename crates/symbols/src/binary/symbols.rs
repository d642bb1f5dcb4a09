//! The symbol tables `.symtab` and `.dynsym`.

use super::{Binary, Section};
use crate::FileAddr;

/// A symbol of the linker's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// Its address.
    pub addr: FileAddr,
    /// Its size in bytes; 0 if unknown.
    pub size: u64,
    /// Is it code?
    pub is_function: bool,
}

/// A defined symbol; its name stays in the string table.
#[derive(Clone, Copy, Debug)]
struct Entry {
    addr: u64,
    size: u64,
    name: u32,
    table: u8,
    is_function: bool,
}

/// All defined symbols, by address.
#[derive(Debug, Default)]
pub(super) struct SymbolIndex {
    entries: Vec<Entry>,
    strings: Vec<Section>,
}

/// How far back a symbol is searched for that contains an address in a nested one.
const MAX_NESTING: usize = 64;

impl Binary {
    /// The symbol named `name`; if there are several, the one with the lowest address.
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        let index = self.symbol_index();
        let entry = index.entries.iter().find(|entry| index.is_named(entry, name.as_bytes()))?;
        Some(index.symbol(entry))
    }

    /// The symbol whose range contains `addr`: the innermost if they nest.
    pub fn symbol_at(&self, addr: FileAddr) -> Option<Symbol> {
        let index = self.symbol_index();
        let after = index.entries.partition_point(|entry| entry.addr <= addr.0);
        let mut near = index.entries[..after].iter().rev().take(MAX_NESTING);
        let found = near.find(|entry| addr.0 - entry.addr < entry.size || addr.0 == entry.addr)?;
        Some(index.symbol(found))
    }

    fn symbol_index(&self) -> &SymbolIndex {
        self.symbols.get_or_init(|| self.read_symbols())
    }

    fn read_symbols(&self) -> SymbolIndex {
        let mut index = SymbolIndex::default();
        self.add_symbols(&mut index);
        // A debug file has the symbol table that `strip` removed.
        if let Some(debug) = &self.joined.debug {
            debug.add_symbols(&mut index);
        }
        // Functions last among equals, so that a search from behind meets them first.
        index.entries.sort_by_key(|entry| (entry.addr, entry.is_function, entry.size > 0, entry.table));
        index
    }

    fn add_symbols(&self, index: &mut SymbolIndex) {
        for kind in [object::elf::SHT_SYMTAB, object::elf::SHT_DYNSYM] {
            let Some(table) = self.layout.sections.iter().find(|section| section.kind == kind.0) else {
                continue;
            };
            let strings = self.layout.sections.get(table.link as usize);
            let file = |s: &super::format::SectionEntry| Section::of_file(&self.image, s.offset, s.size, 0);
            let (Some(table), Some(strings)) = (file(table), strings.and_then(file)) else { continue };
            let number = index.strings.len() as u8;
            index.strings.push(strings);
            let size = if self.arch().pointer_size == 8 { 24 } else { 16 };
            index
                .entries
                .extend(table.data().chunks_exact(size).filter_map(|raw| self.symbol_entry(raw, number)));
        }
    }

    /// Elf32_Sym and Elf64_Sym differ in the order of their fields.
    fn symbol_entry(&self, raw: &[u8], table: u8) -> Option<Entry> {
        let field = |range: std::ops::Range<usize>| self.order().uint(&raw[range]);
        let (addr, size, info, section) = match raw.len() {
            24 => (field(8..16), field(16..24), raw[4], field(6..8)),
            _ => (field(4..8), field(8..12), raw[12], field(14..16)),
        };
        // Undefined symbols, sections and files are nothing one can look at; thread-local ones have no address.
        let is_function = matches!(info & 0xf, 2 | 10);
        let wanted = is_function || matches!(info & 0xf, 0 | 1);
        (section != 0 && wanted).then(|| Entry { addr, size, name: field(0..4) as u32, table, is_function })
    }
}

impl SymbolIndex {
    fn is_named(&self, entry: &Entry, name: &[u8]) -> bool {
        let strings = self.strings.get(usize::from(entry.table)).map_or(&[][..], Section::data);
        let rest = strings.get(entry.name as usize..).unwrap_or_default();
        rest.strip_prefix(name).is_some_and(|rest| rest.first() == Some(&0)) && !name.contains(&0)
    }

    fn symbol(&self, entry: &Entry) -> Symbol {
        let strings = self.strings.get(usize::from(entry.table)).map_or(&[][..], Section::data);
        let rest = strings.get(entry.name as usize..).unwrap_or_default();
        let name = rest.split(|byte| *byte == 0).next().unwrap_or_default();
        Symbol {
            name: String::from_utf8_lossy(name).into_owned(),
            addr: FileAddr(entry.addr),
            size: entry.size,
            is_function: entry.is_function,
        }
    }
}
