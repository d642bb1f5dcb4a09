//! Where the fields of the runtime's structs are, per Go release and pointer size.
//!
//! For the releases in the table, [`Layout::of_release`] answers without any debug information, so that the first
//! stop of a program needs none. For others, and to verify, [`Layout::with_types`] asks the program's DWARF.

mod tables;

use adit_arch::Arch;
use adit_symbols::{Shape, Type};

pub use tables::Fact;

use crate::RuntimeError;

/// A release of Go by its minor number: `Release(24)` is Go 1.24. Facts change between minor releases only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Release(pub u16);

impl Release {
    /// The first release that the tables know.
    pub const OLDEST: Release = Release(18);
    /// The last release that the tables know.
    pub const NEWEST: Release = Release(27);

    /// Do the tables know this release?
    pub fn is_known(self) -> bool {
        (Release::OLDEST..=Release::NEWEST).contains(&self)
    }
}

/// From this minor release on: the value with 64-bit pointers, and with 32-bit ones. `None`: no such field.
struct Since(u16, Option<u16>, Option<u16>);

/// One fact through all releases.
struct Row {
    /// Which fact.
    fact: Fact,
    /// The struct's names, older ones first.
    structs: &'static [&'static str],
    /// The field's names, older ones first; `-` is the struct's size.
    fields: &'static [&'static str],
    /// Its values, in ascending order of releases.
    since: &'static [Since],
}

/// The runtime's layouts in one program.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The program's architecture.
    pub arch: &'static Arch,
    /// The program's Go release.
    pub release: Release,
    values: Vec<Option<u32>>,
}

impl Layout {
    /// The layouts of a release, from the tables alone. A release newer than the tables gets the newest layouts and
    /// an older one the oldest: correct these by [`Layout::with_types`].
    pub fn of_release(release: Release, arch: &'static Arch) -> Layout {
        let asked = release.clamp(Release::OLDEST, Release::NEWEST);
        let value = |row: &Row| {
            let since = row.since.iter().rev().find(|since| since.0 <= asked.0)?;
            if arch.pointer_size == 8 { since.1 } else { since.2 }.map(u32::from)
        };
        Layout { arch, release, values: tables::ROWS.iter().map(value).collect() }
    }

    /// These layouts, with everything replaced that `find` knows: a lookup of struct types by their full name in
    /// the program's DWARF ([`adit_symbols::Dwarf::type_by_name`]). Also returns the facts that changed by it.
    pub fn with_types(
        mut self,
        mut find: impl FnMut(&str) -> Option<std::sync::Arc<Type>>,
    ) -> (Layout, Vec<Fact>) {
        let mut types = std::collections::HashMap::new();
        let mut changed = Vec::new();
        for (row, value) in tables::ROWS.iter().zip(&mut self.values) {
            let mut found = false;
            let mut stated = None;
            for name in row.structs {
                let Some(structure) = types.entry(*name).or_insert_with(|| find(name)) else { continue };
                found = true;
                stated = stated.or_else(|| stated_value(structure, row.fields));
            }
            if found && stated != *value {
                changed.push(row.fact);
                *value = stated;
            }
        }
        (self, changed)
    }

    /// The fact's value in bytes, or why there is none.
    pub fn of(&self, fact: Fact) -> Result<u64, RuntimeError> {
        self.get(fact).ok_or_else(|| {
            let row = &tables::ROWS[fact as usize];
            RuntimeError::NoField {
                structure: row.structs[row.structs.len() - 1],
                field: row.fields[0],
                release: self.release,
            }
        })
    }

    /// The fact's value in bytes; `None` if this release's struct has no such field.
    pub fn get(&self, fact: Fact) -> Option<u64> {
        self.values[fact as usize].map(u64::from)
    }

    /// All facts with their values, in the order of [`Fact`].
    pub fn facts(&self) -> impl Iterator<Item = (Fact, Option<u64>)> {
        tables::ROWS.iter().map(|row| (row.fact, self.get(row.fact)))
    }

    /// Size of a pointer in bytes.
    pub fn pointer_size(&self) -> u64 {
        u64::from(self.arch.pointer_size)
    }
}

fn stated_value(structure: &Type, fields: &[&str]) -> Option<u32> {
    if fields == ["-"] {
        return u32::try_from(structure.size).ok();
    }
    let Shape::Struct(members) = &structure.shape else { return None };
    let member = members.iter().find(|member| fields.contains(&&*member.name))?;
    u32::try_from(member.offset).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_facts() {
        for (i, row) in tables::ROWS.iter().enumerate() {
            assert_eq!(row.fact as usize, i);
            assert!(row.since.is_sorted_by_key(|since| since.0));
        }
    }

    #[test]
    fn unknown_releases_get_the_nearest_layout() {
        let newest = Layout::of_release(Release::NEWEST, &adit_arch::AMD64);
        let newer = Layout::of_release(Release(Release::NEWEST.0 + 9), &adit_arch::AMD64);
        assert!(newest.facts().eq(newer.facts()));
        assert_eq!(newest.of(Fact::GGoid).unwrap(), 152);
        let missing = Layout::of_release(Release(18), &adit_arch::AMD64).of(Fact::GParentGoid).unwrap_err();
        assert_eq!(missing.to_string(), "runtime.g of Go 1.18 has no field parentGoid");
    }

    #[test]
    fn types_correct_the_tables() {
        let type_id = adit_symbols::TypeId(1);
        let goid =
            adit_symbols::Field { name: "goid".into(), type_id, offset: 999, embedded: false, bits: None };
        let g = Type {
            id: type_id,
            name: "runtime.g".into(),
            size: 1008,
            shape: Shape::Struct(vec![goid]),
            go_kind: None,
            runtime_type: None,
            dict_index: None,
        };
        let g = std::sync::Arc::new(g);
        let table = Layout::of_release(Release(28), &adit_arch::AMD64);
        let (layout, changed) = table.with_types(|name| (name == "runtime.g").then(|| g.clone()));
        assert_eq!((layout.get(Fact::GGoid), layout.get(Fact::GSize)), (Some(999), Some(1008)));
        assert_eq!(layout.get(Fact::GM), None);
        assert!(changed.contains(&Fact::GM) && !changed.contains(&Fact::MCurG));
    }
}
