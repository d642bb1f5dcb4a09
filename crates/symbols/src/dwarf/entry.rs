//! One entry (DIE) and the meaning of its attributes' forms.

use std::borrow::Cow;

use gimli::constants as dw;
use gimli::{Attribute, AttributeValue, DebugInfoOffset, DwAt, DwTag};

use super::Dwarf;
use super::sections::Slice;
use super::units::UnitRef;

// Go's own attributes (`cmd/internal/dwarf/dwarf.go`).
pub(super) const DW_AT_GO_KIND: DwAt = DwAt(0x2900);
pub(super) const DW_AT_GO_KEY: DwAt = DwAt(0x2901);
pub(super) const DW_AT_GO_ELEM: DwAt = DwAt(0x2902);
pub(super) const DW_AT_GO_EMBEDDED_FIELD: DwAt = DwAt(0x2903);
pub(super) const DW_AT_GO_RUNTIME_TYPE: DwAt = DwAt(0x2904);
pub(super) const DW_AT_GO_PACKAGE_NAME: DwAt = DwAt(0x2905);
pub(super) const DW_AT_GO_DICT_INDEX: DwAt = DwAt(0x2906);
pub(super) const DW_AT_GO_CLOSURE_OFFSET: DwAt = DwAt(0x2907);

/// More attributes than any producer gives one entry: an abbreviation with more is damage, and reading entries
/// that take no bytes but declare thousands of attributes would take forever.
pub(super) const MAX_ATTRIBUTES: usize = 128;

type Value<'a> = AttributeValue<Slice<'a>>;

/// One entry. Made once and read into many times, to spare allocations.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Where it is, in the one space of all files (see [`super::files`]).
    pub(super) position: usize,
    pub(super) tag: DwTag,
    pub(super) has_children: bool,
    attributes: Vec<Attribute<Slice<'a>>>,
}

impl<'a> Entry<'a> {
    pub(super) fn empty() -> Entry<'a> {
        Entry { position: 0, tag: dw::DW_TAG_null, has_children: false, attributes: Vec::new() }
    }

    /// Reads the next entry; `false` if it is a null entry, which ends a list of children.
    pub(super) fn read(
        &mut self,
        raw: &mut gimli::EntriesRaw<'_, Slice<'a>>,
        position: usize,
    ) -> gimli::Result<bool> {
        self.position = position;
        self.attributes.clear();
        self.tag = dw::DW_TAG_null;
        self.has_children = false;
        match raw.read_abbreviation()? {
            Some(abbreviation) => self.read_attributes(raw, abbreviation, position).map(|()| true),
            None => Ok(false),
        }
    }

    /// Reads the attributes of an entry whose abbreviation was read.
    pub(super) fn read_attributes(
        &mut self,
        raw: &mut gimli::EntriesRaw<'_, Slice<'a>>,
        abbreviation: &gimli::Abbreviation,
        position: usize,
    ) -> gimli::Result<()> {
        self.position = position;
        self.tag = abbreviation.tag();
        self.has_children = abbreviation.has_children();
        raw.read_attributes(abbreviation.attributes(), &mut self.attributes)
    }

    pub(super) fn attributes(&self) -> &[Attribute<Slice<'a>>] {
        &self.attributes
    }

    pub(super) fn has(&self, name: DwAt) -> bool {
        self.attributes.iter().any(|attribute| attribute.name() == name)
    }

    pub(super) fn value(&self, name: DwAt) -> Option<Value<'a>> {
        self.attributes.iter().find(|attribute| attribute.name() == name).map(Attribute::value)
    }

    /// A non-negative constant.
    pub(super) fn unsigned(&self, name: DwAt) -> Option<u64> {
        match self.value(name)? {
            AttributeValue::FileIndex(index) => Some(index),
            AttributeValue::Addr(address) => Some(address),
            AttributeValue::SecOffset(offset) => Some(offset as u64),
            value => value.udata_value(),
        }
    }

    /// A constant. Compilers give negative ones as DW_FORM_sdata, so the fixed-size forms are unsigned.
    pub(super) fn signed(&self, name: DwAt) -> Option<i64> {
        match self.value(name)? {
            AttributeValue::Sdata(value) => Some(value),
            value => value.udata_value().map(u64::cast_signed),
        }
    }

    pub(super) fn flag(&self, name: DwAt) -> bool {
        matches!(self.value(name), Some(AttributeValue::Flag(true)))
    }
}

/// The text of a string attribute, whatever its form.
pub(super) fn string<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    unit: &gimli::Unit<Slice<'a>>,
    value: Value<'a>,
) -> Option<Cow<'a, str>> {
    dwarf.attr_string(unit, value).ok().map(|text| String::from_utf8_lossy(text.slice()))
}

/// An address, whether given directly or as an index into `.debug_addr`.
pub(super) fn address<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    unit: &gimli::Unit<Slice<'a>>,
    value: Value<'a>,
) -> Option<u64> {
    dwarf.attr_address(unit, value).ok().flatten()
}

/// The code ranges of an entry by DW_AT_ranges, or DW_AT_low_pc and DW_AT_high_pc. At most `budget` are read, and
/// taken from it. What follows damage in a list is left out.
pub(super) fn ranges<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    unit: &gimli::Unit<Slice<'a>>,
    entry: &Entry<'a>,
    budget: &mut usize,
) -> Vec<(u64, u64)> {
    let list = entry.value(dw::DW_AT_ranges).and_then(|value| dwarf.attr_ranges(unit, value).ok().flatten());
    let Some(mut list) = list else { return low_and_high(dwarf, unit, entry).into_iter().collect() };
    let mut ranges = Vec::new();
    while let Ok(Some(range)) = list.next() {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        if range.begin < range.end {
            ranges.push((range.begin, range.end));
        }
    }
    ranges
}

/// DW_AT_low_pc and DW_AT_high_pc, which is an address or, as a constant, a size (DWARF 5 §2.17.2).
pub(super) fn low_and_high<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    unit: &gimli::Unit<Slice<'a>>,
    entry: &Entry<'a>,
) -> Option<(u64, u64)> {
    let low = address(dwarf, unit, entry.value(dw::DW_AT_low_pc)?)?;
    let high = match entry.value(dw::DW_AT_high_pc)? {
        AttributeValue::Udata(size) => low.checked_add(size)?,
        value => address(dwarf, unit, value)?,
    };
    (low < high && !unit.header.is_tombstone_address(low)).then_some((low, high))
}

/// What a reference attribute leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reference {
    /// The entry at this position.
    Entry(usize),
    /// The type of the type unit with this signature.
    Signature(u64),
}

impl Dwarf {
    /// The position of the entry that an attribute refers to.
    pub(super) fn reference(&self, unit: &UnitRef<'_>, entry: &Entry<'_>, name: DwAt) -> Option<usize> {
        match unit.reference(entry, name)? {
            Reference::Entry(at) => (at < self.units().end).then_some(at),
            Reference::Signature(signature) => self.units().by_signature(signature),
        }
    }
}

impl<'a> UnitRef<'a> {
    /// The text of an attribute.
    pub(super) fn text(&self, entry: &Entry<'a>, name: DwAt) -> Option<Cow<'a, str>> {
        string(&self.dwarf, &self.unit, entry.value(name)?)
    }

    /// The bytes of a string attribute.
    pub(super) fn raw_text(&self, value: Value<'a>) -> Option<&'a [u8]> {
        match value {
            AttributeValue::String(text) => Some(text.slice()),
            value => self.dwarf.attr_string(&self.unit, value).ok().map(|text| text.slice()),
        }
    }

    /// The entry of this or another unit that an attribute refers to.
    pub(super) fn reference(&self, entry: &Entry<'_>, name: DwAt) -> Option<Reference> {
        match entry.value(name)? {
            AttributeValue::UnitRef(offset) => self.info.offset.checked_add(offset.0).map(Reference::Entry),
            AttributeValue::DebugInfoRef(offset) => self.in_debug_info(offset).map(Reference::Entry),
            AttributeValue::DebugInfoRefSup(offset) => {
                self.supplementary_base()?.checked_add(offset.0).map(Reference::Entry)
            }
            AttributeValue::DebugTypesRef(signature) => Some(Reference::Signature(signature.0)),
            _ => None,
        }
    }

    /// The position of an offset of the `.debug_info` of the unit's file.
    pub(super) fn in_debug_info(&self, offset: DebugInfoOffset) -> Option<usize> {
        self.info.within.info_base.checked_add(offset.0)
    }

    pub(super) fn ranges(&self, entry: &Entry<'a>, budget: &mut usize) -> Vec<(u64, u64)> {
        ranges(&self.dwarf, &self.unit, entry, budget)
    }
}

/// The bytes of a block or expression.
pub(super) fn block<'a>(value: &Value<'a>) -> Option<&'a [u8]> {
    match value {
        AttributeValue::Exprloc(expression) => Some(expression.0.slice()),
        AttributeValue::Block(bytes) => Some(bytes.slice()),
        _ => None,
    }
}
