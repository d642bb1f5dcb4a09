//! Everything by name, over all units. Built on all cores when first needed.
//!
//! Only hashes and offsets are kept; a name is read again from its entry when it is compared or listed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gimli::constants as dw;

use super::Dwarf;
use super::skim::{self, Named, TopLevel, name_hash};
use crate::{SymbolError, Type, TypeId};

/// How many entries of the same name are considered.
const MAX_SAME_NAME: usize = 256;

/// Sorted lists of what all units have at their top level.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    pub(super) types: Vec<Named>,
    pub(super) variables: Vec<Named>,
    pub(super) constants: Vec<Named>,
    /// (type, constant), both offsets in `.debug_info`.
    pub(super) constants_by_type: Vec<(u64, u64)>,
    /// (DW_AT_go_runtime_type, entry).
    runtime_types: Vec<(u64, u64)>,
}

impl NameIndex {
    fn add(&mut self, top: &TopLevel) {
        self.types.extend_from_slice(&top.types);
        self.variables.extend_from_slice(&top.variables);
        self.constants.extend_from_slice(&top.constants);
        self.constants_by_type.extend_from_slice(&top.constants_by_type);
        self.runtime_types.extend_from_slice(&top.runtime_types);
    }
}

/// The entries whose names have the hash of `name`, of a list sorted by hash.
pub(super) fn same_hash<'a>(sorted: &'a [Named], name: &[u8]) -> &'a [Named] {
    let hash = name_hash(name);
    let first = sorted.partition_point(|named| named.hash < hash);
    let count = sorted[first..].iter().take(MAX_SAME_NAME).take_while(|named| named.hash == hash).count();
    &sorted[first..first + count]
}

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
        let candidates = same_hash(&self.names().types, bare.as_bytes()).iter().filter_map(|named| {
            let unit = self.unit_of(named.entry as usize).ok()?;
            let entry = unit.entry(named.entry as usize).ok()?;
            let is_named = unit.text(&entry, dw::DW_AT_name).as_deref() == Some(bare);
            let has_keyword = match entry.tag {
                dw::DW_TAG_structure_type => keyword == "struct",
                dw::DW_TAG_union_type => keyword == "union",
                dw::DW_TAG_enumeration_type => keyword == "enum",
                dw::DW_TAG_class_type => keyword == "class",
                _ => keyword.is_empty(),
            };
            let rank = (!unit.root.is_go, !has_keyword, entry.tag != dw::DW_TAG_typedef, named.entry);
            (is_named && (has_keyword || keyword.is_empty())).then_some(rank)
        });
        candidates.min().map(|rank| TypeId(rank.3))
    }

    /// The type with this DW_AT_go_runtime_type: the offset of the runtime's descriptor from `moduledata.types`
    /// (its address, in old Go versions). Of a named type, the typedef.
    pub fn type_by_runtime_offset(&self, offset: u64) -> Result<Option<Arc<Type>>, SymbolError> {
        let sorted = &self.names().runtime_types;
        let first = sorted.partition_point(|entry| entry.0 < offset);
        let Some(&(_, entry)) = sorted.get(first).filter(|entry| entry.0 == offset) else { return Ok(None) };
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
        let mut names: Vec<Arc<str>> = self.entry_names(&self.names().types);
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    fn entry_names(&self, entries: &[Named]) -> Vec<Arc<str>> {
        let mut offsets: Vec<u64> = entries.iter().map(|named| named.entry).collect();
        offsets.sort_unstable();
        let mut names = Vec::with_capacity(offsets.len());
        let mut current = None;
        for offset in offsets {
            let offset = offset as usize;
            let is_current = |unit: &super::UnitRef<'_>| (unit.info.offset..unit.info.end).contains(&offset);
            if !current.as_ref().is_some_and(is_current) {
                current = self.unit_of(offset).ok();
            }
            let Some(unit) = &current else { continue };
            let Ok(entry) = unit.entry(offset) else { continue };
            names.extend(unit.text(&entry, dw::DW_AT_name).map(|name| Arc::from(name.as_ref())));
        }
        names
    }

    pub(super) fn names(&self) -> &NameIndex {
        self.names.get_or_init(|| self.build_names())
    }

    /// Builds the index. Damaged units are left out: they have their own errors where they are asked.
    ///
    /// The threads are its own, not a shared pool's: someone waits for the index while holding its lock, and a
    /// pool's thread that waits may take up another task that then waits for the same lock.
    fn build_names(&self) -> NameIndex {
        let mut units: Vec<&super::UnitInfo> = self.units().list.iter().collect();
        // Large ones first, so that no thread is left with one at the end.
        units.sort_by_key(|unit| std::cmp::Reverse(unit.end - unit.offset));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut index = NameIndex::default();
            while let Some(info) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
                match (info.top.get(), self.unit(info)) {
                    (Some(Ok(known)), _) => index.add(known),
                    (None, Ok(unit)) => {
                        if let Ok(top) = skim::skim(&unit) {
                            index.add(&top);
                        }
                    }
                    _ => {}
                }
            }
            index
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(units.len().max(1));
        let mut index = NameIndex::default();
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            index.merge(work());
            for other in others {
                match other.join() {
                    Ok(part) => index.merge(part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        index.sort();
        index
    }
}

impl NameIndex {
    fn merge(&mut self, part: NameIndex) {
        self.types.extend(part.types);
        self.variables.extend(part.variables);
        self.constants.extend(part.constants);
        self.constants_by_type.extend(part.constants_by_type);
        self.runtime_types.extend(part.runtime_types);
    }

    fn sort(&mut self) {
        self.types.sort_unstable();
        self.variables.sort_unstable();
        self.constants.sort_unstable();
        self.constants_by_type.sort_unstable();
        self.runtime_types.sort_unstable();
    }
}
