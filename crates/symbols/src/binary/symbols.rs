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
    /// The symbol named `name`; if there are several, the one with the lowest address. Looked for in the tables as
    /// they are: sorting them by address takes longer than all that is asked by name.
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        if let Some(index) = self.symbols.get() {
            let entry =
                index.entries.iter().find(|entry| is_named(&index.strings, entry, name.as_bytes()))?;
            return Some(symbol(&index.strings, entry));
        }
        let tables = self.symbol_tables();
        let strings: Vec<Section> = tables.iter().map(|(_, strings)| strings.clone()).collect();
        let mut found: Option<Entry> = None;
        for (number, (table, strings)) in tables.iter().enumerate() {
            let names = name_offsets(strings.data(), name.as_bytes());
            if names.is_empty() {
                continue;
            }
            let entries = self.raw_symbols(table);
            let named = entries.filter(|raw| names.contains(&(self.order().uint(&raw[..4]) as u32)));
            for entry in named.filter_map(|raw| self.symbol_entry(raw, number as u8)) {
                if found.is_none_or(|best| entry.order() < best.order()) {
                    found = Some(entry);
                }
            }
        }
        let own = found.map(|entry| symbol(&strings, &entry));
        // A debug file has the symbol table that `strip` removed.
        let elsewhere = self.joined.debug.as_ref().and_then(|debug| debug.symbol(name));
        own.into_iter().chain(elsewhere).min_by_key(|symbol| symbol.addr)
    }

    /// The symbol whose range contains `addr`: the innermost if they nest.
    pub fn symbol_at(&self, addr: FileAddr) -> Option<Symbol> {
        let index = self.symbol_index();
        let after = index.entries.partition_point(|entry| entry.addr <= addr.0);
        let mut near = index.entries[..after].iter().rev().take(MAX_NESTING);
        let found = near.find(|entry| addr.0 - entry.addr < entry.size || addr.0 == entry.addr)?;
        Some(symbol(&index.strings, found))
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
        index.entries.sort_by_key(Entry::order);
        index
    }

    fn add_symbols(&self, index: &mut SymbolIndex) {
        for (table, strings) in self.symbol_tables() {
            let number = index.strings.len() as u8;
            let raw = self.raw_symbols(&table);
            index.entries.extend(raw.filter_map(|raw| self.symbol_entry(raw, number)));
            index.strings.push(strings);
        }
    }

    /// Each symbol table with its string table.
    fn symbol_tables(&self) -> Vec<(Section, Section)> {
        let sections = &self.layout.sections;
        let file = |s: &super::format::SectionEntry| Section::of_file(&self.image, s.offset, s.size, 0);
        let of_kind = |kind: u32| {
            let table = sections.iter().find(|section| section.kind == kind)?;
            Some((file(table)?, file(sections.get(table.link as usize)?)?))
        };
        [object::elf::SHT_SYMTAB.0, object::elf::SHT_DYNSYM.0].into_iter().filter_map(of_kind).collect()
    }

    fn raw_symbols<'a>(&self, table: &'a Section) -> impl Iterator<Item = &'a [u8]> {
        table.data().chunks_exact(if self.arch().pointer_size == 8 { 24 } else { 16 })
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

impl Entry {
    /// Functions last among equals, so that a search from behind meets them first.
    fn order(&self) -> (u64, bool, bool, u8) {
        (self.addr, self.is_function, self.size > 0, self.table)
    }
}

/// Where `name`, ended by NUL, stands in a string table: as a string of its own, or as the end of a longer one.
fn name_offsets(strings: &[u8], name: &[u8]) -> Vec<u32> {
    if name.contains(&0) {
        return Vec::new();
    }
    let ended = [name, b"\0"].concat();
    memchr::memmem::find_iter(strings, &ended).filter_map(|at| u32::try_from(at).ok()).collect()
}

fn is_named(strings: &[Section], entry: &Entry, name: &[u8]) -> bool {
    let rest = name_of(strings, entry);
    rest.strip_prefix(name).is_some_and(|rest| rest.first() == Some(&0)) && !name.contains(&0)
}

/// The string table from an entry's name on.
fn name_of<'a>(strings: &'a [Section], entry: &Entry) -> &'a [u8] {
    let strings = strings.get(usize::from(entry.table)).map_or(&[][..], Section::data);
    strings.get(entry.name as usize..).unwrap_or_default()
}

fn symbol(strings: &[Section], entry: &Entry) -> Symbol {
    let name = name_of(strings, entry).split(|byte| *byte == 0).next().unwrap_or_default();
    Symbol {
        name: String::from_utf8_lossy(name).into_owned(),
        addr: FileAddr(entry.addr),
        size: entry.size,
        is_function: entry.is_function,
    }
}
