//! What is at the top level of a unit, found by skimming it once: where its functions, variables, types and
//! constants are, without reading what is inside them.

use gimli::constants as dw;
use gimli::{AttributeValue, SectionId};

use super::damaged;
use super::entry::{DW_AT_GO_RUNTIME_TYPE, Entry, Reference};
use super::units::{Cursor, UnitInfo, UnitRef};
use crate::index::{Collected, List, PACKAGES, Room};
use crate::{NameKind, SymbolError};

/// How many ranges the functions of one unit may have in all.
const MAX_RANGES: usize = 1 << 20;

/// Namespaces and modules are looked into this deep.
const MAX_NESTING: usize = 16;

/// A name's hash and the entry (offset in `.debug_info`) that bears it. Names themselves are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) hash: u64,
    pub(super) entry: u64,
}

/// Where the entries at a unit's top level are.
#[derive(Debug, Default)]
pub(super) struct TopLevel {
    /// (low, high, entry) of functions with code, sorted. A function with several ranges appears several times.
    pub(super) functions: Vec<(u64, u64, u64)>,
    pub(super) variables: Vec<Named>,
    pub(super) constants: Vec<Named>,
}

/// Hashes a name. Only used within one run, so it need not be stable.
pub(super) fn name_hash(name: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let (words, rest) = name.as_chunks::<8>();
    let hash = words.iter().fold(name.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let tail = rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    mix(mix(hash, tail), FACTOR)
}

impl UnitInfo {
    /// The unit's top level, skimmed on first need.
    pub(super) fn top(&self, unit: &UnitRef<'_>) -> Result<&TopLevel, SymbolError> {
        self.top.get_or_init(|| skim(unit)).as_ref().map_err(SymbolError::clone)
    }
}

/// Skims a unit for its own top level.
fn skim(unit: &UnitRef<'_>) -> Result<TopLevel, SymbolError> {
    let mut top = TopLevel::default();
    let mut budget = MAX_RANGES;
    each_entry(unit, |entry| {
        let position = entry.position as u64;
        let named = |name: &[u8]| Named { hash: name_hash(name), entry: position };
        match entry.tag {
            dw::DW_TAG_subprogram => {
                let ranges = unit.ranges(entry, &mut budget);
                top.functions.extend(ranges.into_iter().map(|(low, high)| (low, high, position)));
            }
            dw::DW_TAG_variable if entry.has(dw::DW_AT_location) => {
                top.variables.extend(definition(unit, entry).map(named));
            }
            dw::DW_TAG_constant => top.constants.extend(own_name(unit, entry).map(named)),
            _ => {}
        }
    })?;
    top.functions.sort_unstable();
    Ok(top)
}

/// Skims a unit for the index of names.
pub(super) fn collect(unit: &UnitRef<'_>, found: &mut Collected) -> Result<(), SymbolError> {
    if unit.root.is_go && !unit.root.name.is_empty() {
        let package = format!("{}\n{}", unit.root.name, unit.root.package_name);
        found.names[PACKAGES].add(package.as_bytes(), 0);
    }
    let mut room = Room::new(unit.info.end.saturating_sub(unit.info.offset));
    each_entry(unit, |entry| {
        let position = entry.position as u64;
        let (kind, name) = match entry.tag {
            // Go's functions are in its own table, of which an index is made as well.
            dw::DW_TAG_subprogram => {
                let has_code = entry.has(dw::DW_AT_low_pc) || entry.has(dw::DW_AT_ranges);
                let is_wanted = has_code && !unit.root.is_go;
                (NameKind::Function, is_wanted.then(|| definition(unit, entry)).flatten())
            }
            dw::DW_TAG_variable => {
                let is_defined = entry.has(dw::DW_AT_location);
                (NameKind::Variable, is_defined.then(|| definition(unit, entry)).flatten())
            }
            dw::DW_TAG_constant => {
                if let Some(Reference::Entry(of_type)) = unit.reference(entry, dw::DW_AT_type) {
                    found.lists[List::ConstantsByType as usize].push((of_type as u64, position));
                }
                (NameKind::Constant, own_name(unit, entry))
            }
            _ => {
                let runtime_type = entry.unsigned(DW_AT_GO_RUNTIME_TYPE).filter(|&offset| offset != 0);
                let pair = runtime_type.map(|offset| (offset, position));
                found.lists[List::RuntimeTypes as usize].extend(pair);
                let is_defined = !entry.flag(dw::DW_AT_declaration);
                (NameKind::Type, is_defined.then(|| own_name(unit, entry)).flatten())
            }
        };
        if let Some(name) = name.filter(|name| room.take(name)) {
            found.names[kind as usize].add(name, position);
        }
    })
}

/// Gives `visit` every function, variable, constant and type at a unit's top level.
fn each_entry<'a>(unit: &UnitRef<'a>, visit: impl FnMut(&Entry<'a>)) -> Result<(), SymbolError> {
    let mut cursor = unit.cursor(None)?;
    let mut skimmer = Skimmer { unit, visit };
    let root = cursor.abbreviation()?;
    if let Some(root) = root {
        cursor.skip(root)?;
        if root.has_children() {
            skimmer.children(&mut cursor, 0)?;
        }
    }
    Ok(())
}

/// Skims one unit.
struct Skimmer<'u, 'a, V> {
    unit: &'u UnitRef<'a>,
    visit: V,
}

impl<'a, V: FnMut(&Entry<'a>)> Skimmer<'_, 'a, V> {
    fn children(&mut self, cursor: &mut Cursor<'_, 'a>, nesting: usize) -> Result<(), SymbolError> {
        if nesting > MAX_NESTING {
            return Err(damaged(SectionId::DebugInfo, cursor.position(), "namespaces are nested too deep"));
        }
        let mut entry = Entry::empty();
        while !cursor.is_empty() {
            let position = cursor.position();
            let Some(abbreviation) = cursor.abbreviation()? else { return Ok(()) };
            let tag = abbreviation.tag();
            if !is_wanted(tag) {
                cursor.skip(abbreviation)?;
            } else {
                cursor.read_attributes(abbreviation, &mut entry, position)?;
                (self.visit)(&entry);
            }
            if !abbreviation.has_children() {
                continue;
            }
            if matches!(tag, dw::DW_TAG_namespace | dw::DW_TAG_module) {
                self.children(cursor, nesting + 1)?;
            } else if let Some(sibling) = sibling(self.unit, &entry).filter(|_| is_wanted(tag))
                && cursor.jump(sibling)
            {
                continue;
            } else {
                cursor.skip_children()?;
            }
        }
        Ok(())
    }
}

fn sibling(unit: &UnitRef<'_>, entry: &Entry<'_>) -> Option<usize> {
    match entry.value(dw::DW_AT_sibling)? {
        AttributeValue::UnitRef(offset) => Some(unit.absolute(offset)),
        _ => None,
    }
}

fn is_wanted(tag: gimli::DwTag) -> bool {
    matches!(tag, dw::DW_TAG_subprogram | dw::DW_TAG_variable | dw::DW_TAG_constant) || is_type(tag)
}

/// Does an entry with this tag describe a type?
pub(super) fn is_type(tag: gimli::DwTag) -> bool {
    matches!(
        tag,
        dw::DW_TAG_base_type
            | dw::DW_TAG_structure_type
            | dw::DW_TAG_class_type
            | dw::DW_TAG_union_type
            | dw::DW_TAG_enumeration_type
            | dw::DW_TAG_typedef
            | dw::DW_TAG_pointer_type
            | dw::DW_TAG_reference_type
            | dw::DW_TAG_rvalue_reference_type
            | dw::DW_TAG_array_type
            | dw::DW_TAG_subroutine_type
            | dw::DW_TAG_const_type
            | dw::DW_TAG_volatile_type
            | dw::DW_TAG_restrict_type
            | dw::DW_TAG_atomic_type
            | dw::DW_TAG_unspecified_type
    )
}

fn own_name<'a>(unit: &UnitRef<'a>, entry: &Entry<'a>) -> Option<&'a [u8]> {
    unit.raw_text(entry.value(dw::DW_AT_name)?)
}

/// The name of what is defined: its own or, if it was declared elsewhere first as C has it, of that entry.
fn definition<'a>(unit: &UnitRef<'a>, entry: &Entry<'a>) -> Option<&'a [u8]> {
    if let Some(name) = own_name(unit, entry) {
        return Some(name);
    }
    let referred = [dw::DW_AT_specification, dw::DW_AT_abstract_origin];
    let Reference::Entry(declaration) = referred.into_iter().find_map(|by| unit.reference(entry, by))? else {
        return None;
    };
    unit.name_at(declaration)
}
