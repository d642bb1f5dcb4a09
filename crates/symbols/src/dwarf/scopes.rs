//! Which namespaces and classes of C++ an entry is in. Entries do not say: their nesting does.

use std::sync::Arc;

use gimli::constants as dw;

use super::entry::Entry;
use super::units::UnitRef;

/// A namespace or class.
#[derive(Debug)]
pub(super) struct Scope {
    /// Its entry's position.
    start: usize,
    /// The position after its last child.
    end: usize,
    /// Its name; of one without, what C++ calls it.
    name: Arc<str>,
}

impl<'a> UnitRef<'a> {
    /// The full name of what has this name and whose entry is at this position of this unit: in C++ with the
    /// namespaces and classes it is in, else as it is.
    pub(super) fn qualified(&self, position: usize, name: &str) -> Arc<str> {
        if !self.is_cpp() {
            return name.into();
        }
        let scopes = self.info.scopes.get_or_init(|| self.read_scopes());
        let mut full = String::new();
        // In the order of their starts, so that outer ones come first.
        for scope in scopes.iter().filter(|scope| scope.start < position && position < scope.end) {
            full += &scope.name;
            full += "::";
        }
        full += name;
        full.into()
    }

    fn is_cpp(&self) -> bool {
        matches!(
            self.root.language,
            Some(
                dw::DW_LANG_C_plus_plus
                    | dw::DW_LANG_C_plus_plus_03
                    | dw::DW_LANG_C_plus_plus_11
                    | dw::DW_LANG_C_plus_plus_14
                    | dw::DW_LANG_C_plus_plus_17
                    | dw::DW_LANG_C_plus_plus_20
            )
        )
    }

    /// All scopes of the unit, in the order of their starts, up to where it is damaged.
    fn read_scopes(&self) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = Vec::new();
        let Ok(mut cursor) = self.cursor(None) else { return scopes };
        let mut entry = Entry::empty();
        // For each list of children that is open, the scope it is of.
        let mut open: Vec<Option<usize>> = Vec::new();
        while !cursor.is_empty() {
            let position = cursor.position();
            let Ok(abbreviation) = cursor.abbreviation() else { break };
            let Some(abbreviation) = abbreviation else {
                if let Some(index) = open.pop().flatten() {
                    scopes[index].end = position;
                }
                if open.is_empty() {
                    break;
                }
                continue;
            };
            let is_scope = matches!(
                abbreviation.tag(),
                dw::DW_TAG_namespace
                    | dw::DW_TAG_class_type
                    | dw::DW_TAG_structure_type
                    | dw::DW_TAG_union_type
            );
            if !is_scope {
                let is_root = open.is_empty();
                if cursor.skip(abbreviation).is_err()
                    || abbreviation.has_children() && !is_root && cursor.skip_children().is_err()
                {
                    break;
                }
                if is_root && abbreviation.has_children() {
                    open.push(None);
                }
                continue;
            }
            if cursor.read_attributes(abbreviation, &mut entry, position).is_err() {
                break;
            }
            if entry.has_children {
                let name = self.text(&entry, dw::DW_AT_name);
                let name = name.as_deref().unwrap_or("(anonymous)").into();
                open.push(Some(scopes.len()));
                scopes.push(Scope { start: position, end: self.info.end, name });
            }
        }
        scopes
    }
}
