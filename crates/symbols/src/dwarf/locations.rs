//! DW_AT_location and DW_AT_const_value: where a variable is.

use gimli::constants as dw;
use gimli::{AttributeValue, DwAt, SectionId};

use super::entry::{Entry, block};
use super::functions::{Constant, Location};
use super::sections::Slice;
use super::units::UnitRef;
use crate::FileAddr;

impl<'a> UnitRef<'a> {
    /// Where the variable described by an entry is. Location lists may have `budget` entries, which are taken
    /// from it; what follows damage in a list is left out.
    pub(super) fn location(&self, entry: &Entry<'a>, budget: &mut usize) -> Location {
        if entry.has(dw::DW_AT_location) {
            return self.location_of(entry, dw::DW_AT_location, budget);
        }
        self.constant(entry).map_or(Location::None, Location::Const)
    }

    /// What an attribute says that is an expression or a location list.
    pub(super) fn location_of(&self, entry: &Entry<'a>, name: DwAt, budget: &mut usize) -> Location {
        let Some(value) = entry.value(name) else { return Location::None };
        match block(&value) {
            Some([]) => Location::None,
            Some(expression) => Location::Expr(self.linked(expression)),
            None => self.location_list(value, budget),
        }
    }

    /// DW_AT_const_value.
    pub(super) fn constant(&self, entry: &Entry<'_>) -> Option<Constant> {
        let value = entry.value(dw::DW_AT_const_value)?;
        let bytes = match &value {
            AttributeValue::String(text) => Some(text.slice()),
            value => block(value),
        };
        match bytes {
            Some(bytes) => Some(Constant::Bytes(bytes.to_vec())),
            None => entry.signed(dw::DW_AT_const_value).map(Constant::Int),
        }
    }

    fn location_list(&self, value: AttributeValue<Slice<'a>>, budget: &mut usize) -> Location {
        let lists = self.unit_locations();
        let Ok(Some(mut entries)) = lists.attr_locations(&self.unit, value) else { return Location::None };
        let mut list = Vec::new();
        while let Ok(Some(found)) = entries.next() {
            // Long expressions count more, so that lists which share them cannot add up.
            let Some(left) = budget.checked_sub(1 + found.data.0.len() / 16) else { break };
            *budget = left;
            if found.range.begin < found.range.end {
                let expression = self.linked(found.data.0.slice());
                list.push((FileAddr(found.range.begin), FileAddr(found.range.end), expression));
            }
        }
        // A default (DW_LLE_default_location) holds where no other entry does, wherever it stands.
        list.sort_by_key(|(low, high, _)| (low.0, high.0) == (0, u64::MAX));
        if list.is_empty() { Location::None } else { Location::List(list) }
    }

    /// What gimli needs to read location lists.
    fn unit_locations(&self) -> gimli::Dwarf<Slice<'a>> {
        let mut dwarf = gimli::Dwarf { file_type: self.dwarf.file_type, ..Default::default() };
        dwarf.debug_addr = self.dwarf.debug_addr;
        dwarf.locations = gimli::LocationLists::new(
            self.part(SectionId::DebugLoc).into(),
            self.part(SectionId::DebugLocLists).into(),
        );
        dwarf
    }
}
