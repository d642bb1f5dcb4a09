//! DW_AT_location and DW_AT_const_value: where a variable is.

use gimli::constants as dw;
use gimli::{AttributeValue, Reader as _, SectionId};

use super::entry::{Entry, block};
use super::functions::{Constant, Location};
use super::sections::Slice;
use super::units::UnitRef;
use crate::FileAddr;

impl<'a> UnitRef<'a> {
    /// Where the variable described by an entry is. Location lists may have `budget` entries, which are taken
    /// from it; what follows damage in a list is left out.
    pub(super) fn location(&self, entry: &Entry<'a>, budget: &mut usize) -> Location {
        match entry.value(dw::DW_AT_location) {
            Some(value) => match block(&value) {
                Some([]) => Location::None,
                Some(expression) => Location::Expr(self.without_indices(expression)),
                None => self.location_list(value, budget),
            },
            None => self.constant(entry).map_or(Location::None, Location::Const),
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
                let expression = self.without_indices(found.data.0.slice());
                list.push((FileAddr(found.range.begin), FileAddr(found.range.end), expression));
            }
        }
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

    /// The expression with each index into `.debug_addr` replaced by what is there, so that it can be evaluated
    /// without its unit. An expression with branches, whose distances this would change, stays as it is.
    pub(super) fn without_indices(&self, expression: &[u8]) -> Vec<u8> {
        let is_index = |byte: &u8| {
            let operation = gimli::DwOp(*byte);
            matches!(
                operation,
                dw::DW_OP_addrx | dw::DW_OP_constx | dw::DW_OP_GNU_addr_index | dw::DW_OP_GNU_const_index
            )
        };
        if !expression.iter().any(is_index) {
            return expression.to_vec();
        }
        self.replace_indices(expression).unwrap_or_else(|| expression.to_vec())
    }

    fn replace_indices(&self, expression: &[u8]) -> Option<Vec<u8>> {
        let encoding = self.unit.encoding();
        let info = self.sections.slice(SectionId::DebugInfo);
        let mut reader = gimli::EndianSlice::new(expression, info.endian());
        let mut replaced = Vec::with_capacity(expression.len() + 8);
        while !reader.is_empty() {
            let start = expression.len() - reader.len();
            match gimli::Operation::parse(&mut reader, encoding).ok()? {
                gimli::Operation::AddressIndex { index } => {
                    replaced.push(dw::DW_OP_addr.0);
                    self.push_address(index, &mut replaced)?;
                }
                gimli::Operation::ConstantIndex { index } => {
                    replaced.push(if encoding.address_size == 8 {
                        dw::DW_OP_const8u.0
                    } else {
                        dw::DW_OP_const4u.0
                    });
                    self.push_address(index, &mut replaced)?;
                }
                gimli::Operation::Bra { .. } | gimli::Operation::Skip { .. } => return None,
                _ => replaced.extend_from_slice(&expression[start..expression.len() - reader.len()]),
            }
        }
        Some(replaced)
    }

    fn push_address(&self, index: gimli::DebugAddrIndex<usize>, to: &mut Vec<u8>) -> Option<()> {
        let size = self.unit.encoding().address_size;
        let address = self.dwarf.debug_addr.get_address(size, self.unit.addr_base, index).ok()?;
        let little = self.sections.endian() == gimli::RunTimeEndian::Little;
        let bytes = if little { address.to_le_bytes() } else { address.to_be_bytes() };
        let size = usize::from(size.min(8));
        to.extend_from_slice(if little { &bytes[..size] } else { &bytes[8 - size..] });
        Some(())
    }
}
