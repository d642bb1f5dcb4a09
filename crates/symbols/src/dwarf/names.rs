//! Everything by name, over all units: answered by an index, for which `.debug_info` is read once from start to end
//! on all cores, piece by piece, so that it is never in memory as a whole.

use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gimli::constants as dw;
use gimli::{EndianSlice, RunTimeEndian, SectionId};

use super::Dwarf;
use super::root::AbbreviationTables;
use super::skim;
use super::types::MAX_POINTERS;
use super::units::{UnitInfo, UnitRef, Units};
use crate::index::{Collected, Damaged, Home, List, NameIndex};
use crate::{NameKind, SymbolError, Type, TypeId};

/// How many entries of the same name are considered.
const MAX_SAME_NAME: usize = 256;

/// Units are handed to a thread together up to so many bytes, or one alone if it is larger.
const BATCH: usize = 512 << 10;

/// Opens a section by its ELF name (`.debug_info`) for reading from its start, decompressed.
pub(crate) type SectionStream = Box<dyn Fn(&str) -> Option<Box<dyn Read + Send>> + Send + Sync>;

impl Dwarf {
    /// The type with this name, as [`Type::name`] has it; of several (a C type and a Go type, a typedef and what it
    /// names), Go's, and the typedef. `None` if the program has no such type. A pointer type that the program does
    /// not use is made from the type that it points to.
    pub fn type_by_name(&self, name: &str) -> Result<Option<Arc<Type>>, SymbolError> {
        if let Some(id) = self.find_type(name) {
            return self.type_of(id).map(Some);
        }
        match name.strip_prefix('*') {
            Some(pointee) => match self.find_type(pointee.trim_start_matches('*')) {
                Some(id) => {
                    let stars = name.len() - name.trim_start_matches('*').len();
                    if stars > MAX_POINTERS {
                        return Ok(None);
                    }
                    let pointer = (0..stars).fold(id, |id, _| self.pointer_to(id));
                    self.type_of(pointer).map(Some)
                }
                None => Ok(None),
            },
            None => Ok(None),
        }
    }

    fn find_type(&self, name: &str) -> Option<TypeId> {
        let (keyword, bare) = match name.split_once(' ') {
            Some((keyword @ ("struct" | "union" | "enum" | "class"), bare)) if !bare.starts_with('{') => {
                (keyword, bare)
            }
            _ => ("", name),
        };
        let entries = self.entries_named(NameKind::Type, bare).ok()?;
        let candidates = entries.into_iter().filter_map(|at| {
            let unit = self.unit_of(at).ok()?;
            let entry = unit.entry(at).ok()?;
            let is_named = unit.text(&entry, dw::DW_AT_name).as_deref() == Some(bare);
            let has_keyword = match entry.tag {
                dw::DW_TAG_structure_type => keyword == "struct",
                dw::DW_TAG_union_type => keyword == "union",
                dw::DW_TAG_enumeration_type => keyword == "enum",
                dw::DW_TAG_class_type => keyword == "class",
                _ => keyword.is_empty(),
            };
            let rank = (!unit.root.is_go, !has_keyword, entry.tag != dw::DW_TAG_typedef, at as u64);
            (is_named && (has_keyword || keyword.is_empty())).then_some(rank)
        });
        candidates.min().map(|rank| TypeId(rank.3))
    }

    /// The type with this DW_AT_go_runtime_type (see [`Type::runtime_type`]). Of a named type, the typedef.
    pub fn type_by_runtime_offset(&self, offset: u64) -> Result<Option<Arc<Type>>, SymbolError> {
        let entries = self.ask_names(|index| index.listed(List::RuntimeTypes, offset))?;
        let Some(&entry) = entries.first() else { return Ok(None) };
        let found = self.type_of(TypeId(entry))?;
        // The kind is on the definition; the name that variables' types have is on its typedef.
        let typedef = self.find_type(&found.name).filter(|id| id.0 != entry);
        match typedef.map(|id| self.type_of(id)).transpose()? {
            Some(typedef) if typedef.runtime_type == Some(offset) => Ok(Some(typedef)),
            _ => Ok(Some(found)),
        }
    }

    /// The names of all types, sorted, each once.
    pub fn type_names(&self) -> Result<Vec<Arc<str>>, SymbolError> {
        self.ask_names(|index| {
            let table = index.table(NameKind::Type);
            let mut names: Vec<Arc<str>> = Vec::new();
            let mut last: Option<&[u8]> = None;
            for number in 0..table.len() {
                let (name, _) = table.get(number)?;
                if last != Some(name) {
                    names.push(String::from_utf8_lossy(name).into());
                }
                last = Some(name);
            }
            Ok(names)
        })
    }

    /// The same debug information, whose `.debug_info` is read by `stream` for the index, which is kept in `home`.
    pub(crate) fn with_index(self, stream: SectionStream, home: Option<Home>) -> Dwarf {
        Dwarf { stream: Some(stream), home, ..self }
    }

    /// Asks the index; the first one builds it, on all cores.
    pub(crate) fn ask_names<T>(
        &self,
        question: impl Fn(&NameIndex) -> Result<T, Damaged>,
    ) -> Result<T, SymbolError> {
        // What other files have may change without the binary: that is not kept.
        let home = self.home.as_ref().filter(|_| !self.has_shared_entries());
        self.names.ask(home, || self.collect_names(), question)
    }

    /// Are there entries that units share, in this file or another?
    fn has_shared_entries(&self) -> bool {
        !self.sections.slice(SectionId::DebugTypes).is_empty() || self.supplementary_link().is_some()
    }

    /// Offsets in `.debug_info` of the entries with exactly this name.
    pub(super) fn entries_named(&self, kind: NameKind, name: &str) -> Result<Vec<usize>, SymbolError> {
        let named = |index: &NameIndex| index.table(kind).named(name.as_bytes());
        let values = self.ask_names(named)?;
        Ok(values.into_iter().take(MAX_SAME_NAME).map(|at| at as usize).collect())
    }

    /// The same, if the index is there already.
    pub(super) fn entries_named_if_ready(&self, kind: NameKind, name: &str) -> Option<Vec<usize>> {
        let values = self.names.ask_if_ready(|index| index.table(kind).named(name.as_bytes()))?;
        Some(values.into_iter().take(MAX_SAME_NAME).map(|at| at as usize).collect())
    }

    /// Reads all names. Damaged units are left out: they have their own errors where they are asked.
    ///
    /// The threads are its own, not a shared pool's: someone waits for the index while holding its lock, and a
    /// pool's thread that waits may take up another task that then waits for the same lock.
    fn collect_names(&self) -> Vec<Collected> {
        // Units that need others are read with all of them.
        let has_more = self.has_shared_entries();
        let is_spread = AtomicBool::new(has_more);
        if !has_more {
            let parts = self.collect_from_stream(&is_spread);
            if !is_spread.load(Ordering::Relaxed) {
                return parts;
            }
        }
        self.collect_from_units()
    }

    /// Reads the names of all units of all files.
    fn collect_from_units(&self) -> Vec<Collected> {
        let units = &self.units().list;
        let next = AtomicUsize::new(0);
        on_all_cores(|| {
            let mut collected = Collected::default();
            while let Some(info) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
                if let Ok(unit) = self.unit(info) {
                    let _ = skim::collect(&unit, &mut collected);
                }
            }
            collected.sort();
            collected
        })
    }

    /// Reads the names of the binary's own units, each by itself. Stops, and sets `is_spread`, at one that needs
    /// others.
    fn collect_from_stream(&self, is_spread: &AtomicBool) -> Vec<Collected> {
        let section = match self.stream.as_ref().and_then(|stream| stream(SectionId::DebugInfo.name())) {
            Some(section) => section,
            None => Box::new(self.sections.slice(SectionId::DebugInfo).slice()),
        };
        let source = Mutex::new(UnitSource { section, offset: 0, endian: self.sections.endian() });
        let none = Units::none();
        on_all_cores(|| {
            let mut collected = Collected::default();
            let mut abbreviations = AbbreviationTables::default();
            while !is_spread.load(Ordering::Relaxed) {
                let batch = source.lock().unwrap_or_else(PoisonError::into_inner).batch();
                if batch.is_empty() {
                    break;
                }
                for (offset, bytes) in batch {
                    let bytes = EndianSlice::new(&bytes, self.sections.endian());
                    let dwarf = self.sections.names_of(bytes);
                    let info = UnitInfo::alone(&dwarf, offset, bytes.len(), &mut abbreviations);
                    if let Ok(unit) = UnitRef::alone(&self.sections, &none, dwarf, &info) {
                        if unit.root.is_spread() {
                            is_spread.store(true, Ordering::Relaxed);
                            break;
                        }
                        // What stands before the damage counts.
                        let _ = skim::collect(&unit, &mut collected);
                    }
                }
            }
            collected.sort();
            collected
        })
    }
}

/// Does the same on all cores; what each gave.
fn on_all_cores(work: impl Fn() -> Collected + Sync) -> Vec<Collected> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mut parts = vec![work()];
        for other in others {
            parts.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        parts
    })
}

/// `.debug_info`, unit by unit.
struct UnitSource<'a> {
    section: Box<dyn Read + Send + 'a>,
    offset: usize,
    endian: RunTimeEndian,
}

impl UnitSource<'_> {
    /// The next units and their offsets; none at the end, or where a length makes no sense.
    fn batch(&mut self) -> Vec<(usize, Vec<u8>)> {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < BATCH {
            let Some(unit) = self.unit() else { break };
            size += unit.len();
            batch.push((self.offset, unit));
            self.offset += batch.last().map_or(0, |(_, unit)| unit.len());
        }
        batch
    }

    fn unit(&mut self) -> Option<Vec<u8>> {
        // DWARF 5 §7.4: a length of four bytes, or a mark and a length of eight.
        const LONG: u64 = 0xffff_ffff;
        const RESERVED: u64 = 0xffff_fff0;
        let mut unit = self.take(Vec::new(), 4)?;
        let mut length = self.number(&unit);
        if length == LONG {
            unit = self.take(unit, 8)?;
            length = self.number(unit.get(4..)?);
        } else if length >= RESERVED {
            return None;
        }
        // A last unit that is cut short is read as far as it goes.
        self.section.by_ref().take(length).read_to_end(&mut unit).ok()?;
        Some(unit)
    }

    fn take(&mut self, mut bytes: Vec<u8>, count: u64) -> Option<Vec<u8>> {
        let read = self.section.by_ref().take(count).read_to_end(&mut bytes).ok()?;
        (read as u64 == count).then_some(bytes)
    }

    fn number(&self, bytes: &[u8]) -> u64 {
        let step = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match self.endian {
            RunTimeEndian::Little => bytes.iter().rev().fold(0, step),
            RunTimeEndian::Big => bytes.iter().fold(0, step),
        }
    }
}
