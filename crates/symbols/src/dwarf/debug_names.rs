//! `.debug_names` (DWARF 5 §6.1.1): the compiler's own index of names, where there is one.
//!
//! It spares nothing that the index of all names does not give as well, and covers only what the compilers that write
//! it compiled: Go's is not among them. What it says is checked against the entries, so that one that is wrong does no
//! harm but that names are not found by it.

use gimli::constants as dw;
use gimli::{DebugInfoOffset, DwTag, NameIndex, SectionId, UnitOffset};

use super::Dwarf;
use super::sections::Slice;

/// How many entries of one name are considered, and how many tables: linkers put one compiler's after another's.
const MAX_ENTRIES: usize = 256;
const MAX_TABLES: usize = 1 << 16;

/// What a name stands for, by a compiler's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexedName {
    /// The entry: for a type, the number of its [`crate::TypeId`].
    pub entry: u64,
    /// Its DW_TAG.
    pub tag: u16,
}

impl Dwarf {
    /// Is there an index of names that compilers made?
    pub fn has_debug_names(&self) -> bool {
        !self.sections.slice(SectionId::DebugNames).is_empty()
    }

    /// The entries that the compilers' indexes have for a name, as it stands in the entries: without the keyword of a C
    /// type, and the packages or namespaces of C++. Sorted. Those that are not what the index says are left out.
    pub fn debug_names(&self, name: &str) -> Vec<IndexedName> {
        let names = gimli::DebugNames::from(self.sections.slice(SectionId::DebugNames));
        let hash = hash(name.as_bytes());
        let mut found = Vec::new();
        let mut headers = names.headers();
        for _ in 0..MAX_TABLES {
            let Ok(Some(header)) = headers.next() else { break };
            // A table that is damaged leaves the others.
            if let Ok(index) = header.index() {
                self.find_in(&index, name.as_bytes(), hash, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn find_in(&self, index: &NameIndex<Slice<'_>>, name: &[u8], hash: u32, found: &mut Vec<IndexedName>) {
        if index.bucket_count() == 0 {
            return;
        }
        let texts = gimli::DebugStr::from(self.sections.slice(SectionId::DebugStr));
        let Ok(mut same_hash) = index.find_by_hash(hash) else { return };
        for _ in 0..MAX_ENTRIES {
            let Ok(Some(at)) = same_hash.next() else { return };
            if !index.name_string(at, &texts).is_ok_and(|text| text.slice() == name) {
                continue;
            }
            let Ok(mut entries) = index.name_entries(at) else { continue };
            while found.len() < MAX_ENTRIES
                && let Ok(Some(entry)) = entries.next()
            {
                found.extend(self.checked(index, &entry, name));
            }
        }
    }

    /// An entry of the index, if it is what the index says.
    fn checked<'a>(
        &self,
        index: &NameIndex<Slice<'a>>,
        entry: &gimli::NameEntry<Slice<'a>>,
        name: &[u8],
    ) -> Option<IndexedName> {
        let offset = entry.die_offset().ok()??;
        let unit = match entry.type_unit(index).ok()? {
            Some(gimli::NameTypeUnit::Local(unit)) => unit,
            Some(gimli::NameTypeUnit::Foreign(signature)) => {
                let position = self.units().by_signature(signature.0)?;
                DebugInfoOffset(self.units().at_offset(position)?.offset)
            }
            None => match entry.compile_unit(index).ok()? {
                Some(unit) => unit,
                None => index.default_compile_unit().ok()??,
            },
        };
        self.entry_named(unit, offset, entry.tag, name)
    }

    fn entry_named(
        &self,
        unit: DebugInfoOffset,
        offset: UnitOffset,
        tag: DwTag,
        name: &[u8],
    ) -> Option<IndexedName> {
        let info = self.units().at_offset(unit.0).filter(|info| info.offset == unit.0)?;
        // The entries of a unit that was split off are in the other file, at the same offset from its unit's start.
        let info = self.units().split_of(info).unwrap_or(info);
        let position = info.offset.checked_add(offset.0).filter(|&position| position < info.end)?;
        let unit = self.unit(info).ok()?;
        let found = unit.entry(position).ok()?;
        let named = |attribute| {
            found.value(attribute).and_then(|value| unit.raw_text(value)).is_some_and(|text| text == name)
        };
        let is_it = found.tag == tag
            && (named(dw::DW_AT_name)
                || named(dw::DW_AT_linkage_name)
                || self.function_name(position).is_some_and(|text| text.as_bytes() == name));
        is_it.then_some(IndexedName { entry: position as u64, tag: tag.0 })
    }
}

/// The hash of a name (DWARF 5 §7.33): Bernstein's of its bytes, letters of ASCII in lower case.
fn hash(name: &[u8]) -> u32 {
    name.iter().fold(5381, |hash: u32, byte| {
        hash.wrapping_mul(33).wrapping_add(u32::from(byte.to_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn hashes_as_the_standard_says() {
        assert_eq!(hash(b""), 5381);
        assert_eq!(hash(b"main"), 0x7c9a_7f6a);
        assert_eq!(hash(b"MAIN"), hash(b"main"));
    }
}
