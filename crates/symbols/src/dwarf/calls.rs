//! Call sites: what a caller knows of the values that it passed (DWARF 5 §3.4).
//!
//! Optimised C code says of a parameter that is no longer anywhere: "what was in this register on entry"
//! (DW_OP_entry_value). The caller's call site has an expression for that, if it can still be told.

use gimli::constants as dw;

use std::sync::Arc;

use super::Dwarf;
use super::cursor::Cursor;
use super::entry::{Entry, block};
use super::units::UnitRef;
use crate::{FileAddr, LocationContext, LocationError, PiecePlace, SymbolError};

/// One call in a function's code, which was not inlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSite {
    /// The address that the callee returns to.
    pub return_pc: FileAddr,
    /// Full name of the callee, if it is known when compiling.
    pub callee: Option<Arc<str>>,
    /// Is it a jump, so that the callee returns to this function's caller?
    pub tail_call: bool,
    /// The parameters about which something is known.
    pub parameters: Vec<CallSiteParameter>,
}

/// What a call site knows of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSiteParameter {
    /// The expression for where it is passed, in the callee's frame on entry: most often a register.
    pub location: Vec<u8>,
    /// The expression for its value, in the caller's frame.
    pub value: Vec<u8>,
}

/// Does an entry with this tag describe a call? GNU's tags are those of before DWARF 5.
pub(super) fn is_call_site(tag: gimli::DwTag) -> bool {
    matches!(tag, dw::DW_TAG_call_site | dw::DW_TAG_GNU_call_site)
}

/// Reads a call site, whose entry was just read, and its children; `None` if it has no address. `callee` is its
/// callee's name. At most `budget` parameters are read, and taken from it.
pub(super) fn read<'a>(
    unit: &UnitRef<'a>,
    cursor: &mut Cursor<'_, 'a>,
    entry: &Entry<'a>,
    callee: Option<Arc<str>>,
    budget: &mut usize,
) -> Result<Option<CallSite>, SymbolError> {
    let return_pc = entry.value(dw::DW_AT_call_return_pc).or_else(|| entry.value(dw::DW_AT_low_pc));
    let return_pc = return_pc.and_then(|value| unit.dwarf.attr_address(&unit.unit, value).ok().flatten());
    let tail_call = entry.flag(dw::DW_AT_call_tail_call) || entry.flag(dw::DW_AT_GNU_tail_call);
    let mut parameters = Vec::new();
    if entry.has_children {
        let mut child = Entry::empty();
        while !cursor.is_empty() && cursor.read(&mut child)? {
            if *budget > 0 {
                let parameter = parameter(unit, &child);
                *budget -= usize::from(parameter.is_some());
                parameters.extend(parameter);
            }
            if child.has_children {
                cursor.skip_children()?;
            }
        }
    }
    Ok(return_pc.map(|pc| CallSite { return_pc: FileAddr(pc), callee, tail_call, parameters }))
}

fn parameter(unit: &UnitRef<'_>, entry: &Entry<'_>) -> Option<CallSiteParameter> {
    let location = entry.value(dw::DW_AT_location)?;
    let value = entry.value(dw::DW_AT_call_value).or_else(|| entry.value(dw::DW_AT_GNU_call_site_value))?;
    Some(CallSiteParameter { location: unit.linked(block(&location)?), value: unit.linked(block(&value)?) })
}

impl Dwarf {
    /// The call that returns to `return_pc`; `None` if nothing is recorded of it. Go records none.
    pub fn call_site(&self, return_pc: FileAddr) -> Result<Option<CallSite>, SymbolError> {
        let within = FileAddr(return_pc.0.wrapping_sub(1));
        let Some(function) = self.function_at(within)? else { return Ok(None) };
        Ok(function.call_sites.iter().find(|call| call.return_pc == return_pc).cloned())
    }

    /// What `expression` (of a DW_OP_entry_value) gave when a function was entered that returns to `return_pc`.
    /// `caller` is the frame that it returns to.
    pub fn entry_value(
        &self,
        expression: &[u8],
        return_pc: FileAddr,
        caller: &dyn LocationContext,
    ) -> Result<u64, LocationError> {
        let unknown = || LocationError::Unavailable("a value from when the function was entered".to_owned());
        let within = FileAddr(return_pc.0.wrapping_sub(1));
        let function = self.function_at(within).ok().flatten().ok_or_else(unknown)?;
        let call = function.call_sites.iter().find(|call| call.return_pc == return_pc);
        let passed = call.and_then(|call| call.parameters.iter().find(|known| known.location == expression));
        let value = &passed.ok_or_else(unknown)?.value;
        let pieces = self.evaluate(value, function.frame_base_at(within), caller)?;
        match pieces.first().map(|piece| &piece.place) {
            // The value is what the expression leaves on its stack, which for a location would be an address.
            Some(PiecePlace::Memory(value) | PiecePlace::Value(value)) => Ok(*value),
            Some(PiecePlace::Register(number)) => {
                let missing = || LocationError::Unavailable(format!("register {number}"));
                caller.register(*number).ok_or_else(missing)
            }
            _ => Err(unknown()),
        }
    }
}
