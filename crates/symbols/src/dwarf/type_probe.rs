//! Simple questions about types: their sizes and names, without reading them whole.

use gimli::constants as dw;

use super::Dwarf;
use super::entry::{DW_AT_GO_KIND, DW_AT_GO_RUNTIME_TYPE, Entry};
use super::types::MAX_CHAIN;
use super::units::UnitRef;
use crate::{GoKind, SymbolError, TypeId};

/// C arrays have fewer dimensions than this.
const MAX_DIMENSIONS: usize = 16;

/// Function types as parameters of function types are named this deep.
const MAX_FUNCTION_NESTING: usize = 4;

/// The number of elements in each dimension of an array type; 0 where it is open.
pub(super) fn dimensions(unit: &UnitRef<'_>, array: &Entry<'_>) -> Result<Vec<u64>, SymbolError> {
    let mut counts = Vec::new();
    if !array.has_children {
        return Ok(counts);
    }
    let mut cursor = unit.cursor(Some(array.position))?;
    let mut child = Entry::empty();
    cursor.read(&mut child)?;
    while !cursor.is_empty() && cursor.read(&mut child)? && counts.len() < MAX_DIMENSIONS {
        if child.tag == dw::DW_TAG_subrange_type {
            let upper = || child.signed(dw::DW_AT_upper_bound).map(|bound| bound.saturating_add(1));
            let count = child.unsigned(dw::DW_AT_count).map(|count| i64::try_from(count).unwrap_or(i64::MAX));
            counts.push(count.or_else(upper).map_or(0, |count| u64::try_from(count).unwrap_or(0)));
        }
        if child.has_children {
            cursor.skip_children()?;
        }
    }
    Ok(counts)
}

/// Answers simple questions about types without reading them whole, following a bounded number of entries.
pub(super) struct TypeProbe<'d> {
    dwarf: &'d Dwarf,
    budget: usize,
}

impl<'d> TypeProbe<'d> {
    pub(super) fn new(dwarf: &'d Dwarf) -> TypeProbe<'d> {
        TypeProbe { dwarf, budget: 4 * MAX_CHAIN }
    }

    fn entry(&mut self, at: usize) -> Option<(UnitRef<'d>, Entry<'d>)> {
        self.budget = self.budget.checked_sub(1)?;
        self.dwarf.type_entry(at).ok()
    }

    /// DW_AT_go_kind and DW_AT_go_runtime_type, of the entry or of what it is a typedef of.
    pub(super) fn go_kind(&mut self, at: usize) -> (Option<GoKind>, Option<u64>) {
        let mut next = Some(at);
        while let Some((unit, entry)) = next.and_then(|at| self.entry(at)) {
            let kind = entry.unsigned(DW_AT_GO_KIND).and_then(|kind| u8::try_from(kind).ok());
            let kind = kind.filter(|&kind| kind != 0).map(GoKind);
            let runtime_type = entry.unsigned(DW_AT_GO_RUNTIME_TYPE).filter(|&offset| offset != 0);
            if kind.is_some() || runtime_type.is_some() || entry.tag != dw::DW_TAG_typedef {
                return (kind, runtime_type);
            }
            next = self.dwarf.reference(&unit, &entry, dw::DW_AT_type);
        }
        (None, None)
    }

    /// The size of a value in bytes; 0 if that cannot be known.
    pub(super) fn size(&mut self, at: usize) -> u64 {
        let mut factor = 1u64;
        let mut next = Some(at);
        while let Some((unit, entry)) = next.and_then(|at| self.entry(at)) {
            if let Some(size) = entry.unsigned(dw::DW_AT_byte_size) {
                return size.saturating_mul(factor);
            }
            match entry.tag {
                dw::DW_TAG_pointer_type | dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type => {
                    return u64::from(self.dwarf.address_size).saturating_mul(factor);
                }
                dw::DW_TAG_array_type => {
                    let counts = dimensions(&unit, &entry).unwrap_or_default();
                    factor = counts.iter().fold(factor, |factor, &count| factor.saturating_mul(count));
                }
                dw::DW_TAG_structure_type
                | dw::DW_TAG_class_type
                | dw::DW_TAG_union_type
                | dw::DW_TAG_subroutine_type => return 0,
                // A pointer to a member that is data; one to a method is two words (Itanium C++ ABI §2.3).
                dw::DW_TAG_ptr_to_member_type => {
                    let target = self.dwarf.reference(&unit, &entry, dw::DW_AT_type);
                    let target = target.and_then(|at| self.entry(at));
                    let is_method = target.is_some_and(|(_, entry)| entry.tag == dw::DW_TAG_subroutine_type);
                    let words = if is_method { 2 } else { 1 };
                    return (words * u64::from(self.dwarf.address_size)).saturating_mul(factor);
                }
                _ => {}
            }
            next = self.dwarf.reference(&unit, &entry, dw::DW_AT_type);
        }
        0
    }

    /// The name of a type, made up like `debug/dwarf` of Go does for C types that have none.
    pub(super) fn name(&mut self, id: TypeId) -> String {
        self.nested_name(id.entry(), id.made() as usize, 0)
    }

    /// `dimension` is the first one named of an array with several; `nesting` is how many function types this is
    /// the parameter or result of.
    fn nested_name(&mut self, at: usize, dimension: usize, nesting: usize) -> String {
        let mut text = String::new();
        let mut next = at;
        loop {
            let Some((unit, entry)) = self.entry(next) else { return text + "?" };
            if let Some(name) = own_name(&unit, &entry) {
                return text + &name;
            }
            match entry.tag {
                dw::DW_TAG_pointer_type => text.push('*'),
                dw::DW_TAG_reference_type => text.push('&'),
                dw::DW_TAG_rvalue_reference_type => text += "&&",
                dw::DW_TAG_ptr_to_member_type => text += "::*",
                dw::DW_TAG_const_type => text += "const ",
                dw::DW_TAG_volatile_type => text += "volatile ",
                dw::DW_TAG_restrict_type => text += "restrict ",
                dw::DW_TAG_atomic_type => text += "_Atomic ",
                dw::DW_TAG_immutable_type | dw::DW_TAG_packed_type | dw::DW_TAG_shared_type => {}
                dw::DW_TAG_array_type => {
                    let counts = dimensions(&unit, &entry).unwrap_or_default();
                    let first = if next == at { dimension } else { 0 };
                    text.extend(counts.iter().skip(first).map(|count| format!("[{count}]")));
                }
                dw::DW_TAG_subroutine_type if nesting < MAX_FUNCTION_NESTING => {
                    return text + &self.function_name(&unit, &entry, nesting);
                }
                _ => return text + "?",
            }
            match self.dwarf.reference(&unit, &entry, dw::DW_AT_type) {
                Some(target) => next = target,
                None => return text + "void",
            }
        }
    }

    fn function_name<'a>(&mut self, unit: &UnitRef<'a>, entry: &Entry<'a>, nesting: usize) -> String {
        let mut parameters = Vec::new();
        if let Ok(mut cursor) = unit.cursor(Some(entry.position))
            && entry.has_children
        {
            let mut child = Entry::empty();
            let _ = cursor.read(&mut child);
            while !cursor.is_empty() && self.budget > 0 && cursor.read(&mut child).unwrap_or(false) {
                match child.tag {
                    dw::DW_TAG_formal_parameter => {
                        let target = self.dwarf.reference(unit, &child, dw::DW_AT_type);
                        parameters.push(target.map_or_else(
                            || "?".to_owned(),
                            |target| self.nested_name(target, 0, nesting + 1),
                        ));
                    }
                    dw::DW_TAG_unspecified_parameters => parameters.push("...".to_owned()),
                    _ => {}
                }
                if child.has_children && cursor.skip_children().is_err() {
                    break;
                }
            }
        }
        let result = self.dwarf.reference(unit, entry, dw::DW_AT_type);
        let result =
            result.map(|result| format!(" {}", self.nested_name(result, 0, nesting + 1))).unwrap_or_default();
        format!("func({}){result}", parameters.join(", "))
    }
}

/// The name that a type's entry bears; C's with the keyword.
fn own_name<'a>(unit: &UnitRef<'a>, entry: &Entry<'a>) -> Option<String> {
    let keyword = match entry.tag {
        dw::DW_TAG_structure_type => "struct",
        dw::DW_TAG_class_type => "class",
        dw::DW_TAG_union_type => "union",
        dw::DW_TAG_enumeration_type => "enum",
        _ => "",
    };
    match unit.text(entry, dw::DW_AT_name) {
        Some(name) if unit.root.is_go || keyword.is_empty() => Some(name.into_owned()),
        Some(name) => Some(format!("{keyword} {name}")),
        None if !keyword.is_empty() => Some(format!("{keyword} {{...}}")),
        None => None,
    }
}
