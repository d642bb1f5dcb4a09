//! What is at the top level of a unit, found by skimming it once: where its functions, variables, types and
//! constants are, without reading what is inside them.

use gimli::constants as dw;
use gimli::{AttributeValue, SectionId};

use super::damaged;
use super::entry::{DW_AT_GO_RUNTIME_TYPE, Entry, Reference};
use super::units::{Cursor, UnitInfo, UnitRef};
use crate::SymbolError;

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
    pub(super) types: Vec<Named>,
    pub(super) constants: Vec<Named>,
    /// (type, constant), both offsets in `.debug_info`.
    pub(super) constants_by_type: Vec<(u64, u64)>,
    /// (DW_AT_go_runtime_type, entry).
    pub(super) runtime_types: Vec<(u64, u64)>,
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

/// Skims a unit.
pub(super) fn skim(unit: &UnitRef<'_>) -> Result<TopLevel, SymbolError> {
    let mut cursor = unit.cursor(None)?;
    let mut skimmer = Skimmer { unit, top: TopLevel::default(), budget: MAX_RANGES };
    let root = cursor.abbreviation()?;
    if let Some(root) = root {
        cursor.skip(root)?;
        if root.has_children() {
            skimmer.children(&mut cursor, 0)?;
        }
    }
    skimmer.top.functions.sort_unstable();
    Ok(skimmer.top)
}

/// Skims one unit.
struct Skimmer<'u, 'a> {
    unit: &'u UnitRef<'a>,
    top: TopLevel,
    /// How many more ranges are read.
    budget: usize,
}

impl<'a> Skimmer<'_, 'a> {
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
                self.record(&entry);
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

    fn record(&mut self, entry: &Entry<'a>) {
        let (unit, top) = (self.unit, &mut self.top);
        let position = entry.position as u64;
        if entry.tag == dw::DW_TAG_subprogram {
            let ranges = unit.ranges(entry, &mut self.budget);
            top.functions.extend(ranges.into_iter().map(|(low, high)| (low, high, position)));
            return;
        }
        let name = entry.value(dw::DW_AT_name).and_then(|value| unit.raw_text(value));
        let hash = name.map(|name| Named { hash: name_hash(name), entry: position });
        match entry.tag {
            dw::DW_TAG_variable if entry.has(dw::DW_AT_location) => {
                top.variables.extend(definition(unit, entry));
            }
            dw::DW_TAG_variable => {}
            dw::DW_TAG_constant => {
                top.constants.extend(hash);
                if let Some(Reference::Entry(of_type)) = unit.reference(entry, dw::DW_AT_type) {
                    top.constants_by_type.push((of_type as u64, position));
                }
            }
            _ => {
                if !entry.flag(dw::DW_AT_declaration) {
                    top.types.extend(hash);
                }
                let runtime_type = entry.unsigned(DW_AT_GO_RUNTIME_TYPE).filter(|&offset| offset != 0);
                top.runtime_types.extend(runtime_type.map(|offset| (offset, position)));
            }
        }
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

/// The name of a variable: its own or, for a C variable declared elsewhere first, of its DW_AT_specification.
fn definition<'a>(unit: &UnitRef<'a>, entry: &Entry<'a>) -> Option<Named> {
    let hashed = |value| unit.raw_text(value).map(name_hash);
    let hash = match entry.value(dw::DW_AT_name) {
        Some(value) => hashed(value),
        None => {
            let Reference::Entry(declaration) = unit.reference(entry, dw::DW_AT_specification)? else {
                return None;
            };
            unit.name_at(declaration).map(name_hash)
        }
    };
    hash.map(|hash| Named { hash, entry: entry.position as u64 })
}
