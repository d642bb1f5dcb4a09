//! The linker's symbols: ELF's `.symtab` and `.dynsym`, PE's COFF table, Mach-O's nlist.

mod entry;

use std::sync::OnceLock;

use super::{Binary, Section};
use crate::FileAddr;

/// A symbol of the linker's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name, without the underscore that Mach-O puts in front of all names.
    pub name: String,
    /// Its address.
    pub addr: FileAddr,
    /// Its size in bytes; 0 if unknown. PE and Mach-O do not say: there it reaches to the next symbol.
    pub size: u64,
    /// Is it code?
    pub is_function: bool,
}

/// A defined symbol; its name stays in the file.
#[derive(Clone, Copy, Debug)]
struct Entry {
    addr: u64,
    size: u64,
    /// Where in its [`Names`] its name is.
    name: u32,
    names: u8,
    is_function: bool,
}

/// A part of the file with names.
#[derive(Debug)]
struct Names {
    section: Section,
    /// Names end with NUL, or after so many bytes.
    limit: usize,
    /// What stands in front of every name without belonging to it.
    prefix: &'static [u8],
}

impl Names {
    /// Where `name` stands, as a string of its own or as the end of a longer one.
    fn offsets(&self, name: &[u8]) -> Vec<u32> {
        if name.contains(&0) {
            return Vec::new();
        }
        // A string that fills its place has no end of its own.
        let wanted = if name.len() < self.limit { [name, b"\0"].concat() } else { name.to_owned() };
        let found = memchr::memmem::find_iter(self.section.data(), &wanted);
        found.filter_map(|at| u32::try_from(at.checked_sub(self.prefix.len())?).ok()).collect()
    }

    fn at(&self, offset: u32) -> &[u8] {
        let rest = self.section.data().get(offset as usize..).unwrap_or_default();
        let rest = &rest[..rest.len().min(self.limit)];
        let name = rest.split(|byte| *byte == 0).next().unwrap_or_default();
        name.strip_prefix(self.prefix).unwrap_or(name)
    }

    fn is(&self, offset: u32, name: &[u8]) -> bool {
        let rest = self.section.data().get(offset as usize..).unwrap_or_default();
        let rest = &rest[..rest.len().min(self.limit)];
        let rest = rest.strip_prefix(self.prefix).unwrap_or(rest);
        let after = rest.strip_prefix(name);
        !name.contains(&0) && after.is_some_and(|after| after.first().is_none_or(|byte| *byte == 0))
    }
}

/// All defined symbols.
#[derive(Debug, Default)]
pub(super) struct SymbolIndex {
    entries: Vec<Entry>,
    names: Vec<Names>,
    /// The entries by address. Sorting takes longer than all that is asked by name.
    by_addr: OnceLock<Vec<Entry>>,
}

/// How far back a symbol is searched for that contains an address in a nested one.
const MAX_NESTING: usize = 64;

impl Binary {
    /// The symbol named `name`; if there are several, the one with the lowest address.
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        let index = self.symbol_index();
        let tables: Vec<Vec<u32>> = index.names.iter().map(|names| names.offsets(name.as_bytes())).collect();
        let is_named = |entry: &&Entry| {
            tables.get(usize::from(entry.names)).is_some_and(|offsets| offsets.contains(&entry.name))
                && index.is_named(entry, name.as_bytes())
        };
        let entry = index.entries.iter().filter(is_named).min_by_key(|entry| entry.order())?;
        Some(index.symbol(entry))
    }

    /// The symbol whose range contains `addr`: the innermost if they nest.
    pub fn symbol_at(&self, addr: FileAddr) -> Option<Symbol> {
        let index = self.symbol_index();
        let entries = index.by_addr();
        let after = entries.partition_point(|entry| entry.addr <= addr.0);
        let mut near = entries[..after].iter().rev().take(MAX_NESTING);
        let found = near.find(|entry| addr.0 - entry.addr < entry.size || addr.0 == entry.addr)?;
        Some(index.symbol(found))
    }

    fn symbol_index(&self) -> &SymbolIndex {
        self.symbols.get_or_init(|| self.read_symbols())
    }

    fn read_symbols(&self) -> SymbolIndex {
        let mut index = SymbolIndex::default();
        // A debug file has the symbol table that `strip` removed.
        for file in std::iter::once(self).chain(self.joined.debug.as_deref()) {
            for table in &file.layout.symbols {
                entry::read(&file.image, &file.layout, table, &mut index);
            }
        }
        index
    }
}

impl Entry {
    /// Functions last among equals, so that a search from behind meets them first.
    fn order(&self) -> (u64, bool, bool, u8) {
        (self.addr, self.is_function, self.size > 0, self.names)
    }
}

impl SymbolIndex {
    fn by_addr(&self) -> &[Entry] {
        self.by_addr.get_or_init(|| {
            let mut entries = self.entries.clone();
            entries.sort_unstable_by_key(Entry::order);
            entries
        })
    }

    fn is_named(&self, entry: &Entry, name: &[u8]) -> bool {
        self.names.get(usize::from(entry.names)).is_some_and(|names| names.is(entry.name, name))
    }

    fn symbol(&self, entry: &Entry) -> Symbol {
        let name = self.names.get(usize::from(entry.names)).map_or(&[][..], |names| names.at(entry.name));
        Symbol {
            name: String::from_utf8_lossy(name).into_owned(),
            addr: FileAddr(entry.addr),
            size: entry.size,
            is_function: entry.is_function,
        }
    }
}
