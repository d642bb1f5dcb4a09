//! Expressions made independent of the unit they are in, so that they can be kept and evaluated on their own.
//!
//! An expression may name things by where its unit has them: addresses by index, base types and other entries by
//! offset (DWARF 5 §2.5). Here each is replaced by what it means: an index by the address; a call (DW_OP_call*) by the
//! expression that is called; a base type by its encoding and size (see [`BaseType`]); any other entry by its position
//! in the one space of all files, in eight bytes as if the expression were of the 64-bit format.

use std::collections::HashMap;

use gimli::constants as dw;
use gimli::{DieReference, Operation, Reader as _, UnitOffset};

use super::entry::block;
use super::sections::Slice;
use super::units::UnitRef;
use crate::location::BaseType;

/// Expressions that call others that call others … are followed this deep.
const MAX_CALLS: usize = 8;

/// No compiler's expression is longer, in bytes.
const MAX_LENGTH: usize = 1 << 16;

/// Does an operation with this code depend on the unit that it is in?
fn depends_on_unit(code: u8) -> bool {
    matches!(
        gimli::DwOp(code),
        dw::DW_OP_addrx
            | dw::DW_OP_constx
            | dw::DW_OP_GNU_addr_index
            | dw::DW_OP_GNU_const_index
            | dw::DW_OP_call2
            | dw::DW_OP_call4
            | dw::DW_OP_call_ref
            | dw::DW_OP_implicit_pointer
            | dw::DW_OP_GNU_implicit_pointer
            | dw::DW_OP_entry_value
            | dw::DW_OP_GNU_entry_value
            | dw::DW_OP_const_type
            | dw::DW_OP_GNU_const_type
            | dw::DW_OP_regval_type
            | dw::DW_OP_GNU_regval_type
            | dw::DW_OP_deref_type
            | dw::DW_OP_GNU_deref_type
            | dw::DW_OP_xderef_type
            | dw::DW_OP_convert
            | dw::DW_OP_GNU_convert
            | dw::DW_OP_reinterpret
            | dw::DW_OP_GNU_reinterpret
            | dw::DW_OP_GNU_variable_value
    )
}

impl<'a> UnitRef<'a> {
    /// An expression of this unit, made independent of it. One that is damaged stays as it is: evaluating it will say
    /// what is wrong.
    pub(super) fn linked(&self, expression: &[u8]) -> Vec<u8> {
        // Also bytes that are no operations are looked at: what is found in vain costs only time.
        if !expression.iter().copied().any(depends_on_unit) {
            return expression.to_vec();
        }
        self.link(expression, MAX_CALLS).unwrap_or_else(|| expression.to_vec())
    }

    fn link(&self, expression: &[u8], calls: usize) -> Option<Vec<u8>> {
        let mut reader = Slice::new(expression, self.sections.endian());
        let mut linker = Linker { unit: self, to: Vec::with_capacity(expression.len() + 8), calls };
        // Where each operation now starts, and the branches: (where its distance is, the old target).
        let mut starts = HashMap::new();
        let mut branches = Vec::new();
        while !reader.is_empty() {
            let start = expression.len() - reader.len();
            starts.insert(start as i64, linker.to.len());
            let operation = Operation::parse(&mut reader, self.unit.encoding()).ok()?;
            let end = expression.len() - reader.len();
            if let Operation::Bra { target } | Operation::Skip { target } = operation {
                branches.push((linker.to.len() + 1, end as i64 + i64::from(target)));
            }
            linker.operation(operation, &expression[start..end])?;
            if linker.to.len() > MAX_LENGTH {
                return None;
            }
        }
        starts.insert(expression.len() as i64, linker.to.len());
        for (at, target) in branches {
            let distance = *starts.get(&target)? as i64 - (at as i64 + 2);
            let distance = u64::from(i16::try_from(distance).ok()?.cast_unsigned());
            let bytes = self.number(distance, 2);
            linker.to.get_mut(at..at + 2)?.copy_from_slice(&bytes);
        }
        Some(linker.to)
    }

    /// The bytes of a number of the target.
    fn number(&self, value: u64, size: usize) -> Vec<u8> {
        match self.sections.endian() {
            gimli::RunTimeEndian::Little => value.to_le_bytes()[..size].to_vec(),
            gimli::RunTimeEndian::Big => value.to_be_bytes()[8 - size..].to_vec(),
        }
    }

    /// The base type at an offset of this unit.
    fn base_type(&self, at: UnitOffset) -> Option<BaseType> {
        if at.0 == 0 {
            return Some(BaseType::GENERIC);
        }
        let entry = self.entry(self.absolute(at)).ok()?;
        match entry.value(dw::DW_AT_encoding) {
            Some(gimli::AttributeValue::Encoding(encoding)) if entry.tag == dw::DW_TAG_base_type => {
                BaseType::new(encoding, entry.unsigned(dw::DW_AT_byte_size)?)
            }
            _ => None,
        }
    }

    fn position_of(&self, reference: DieReference<usize>) -> Option<usize> {
        match reference {
            DieReference::UnitRef(offset) => Some(self.absolute(offset)),
            DieReference::DebugInfoRef(offset) => self.in_debug_info(offset),
        }
    }
}

/// Makes one expression independent of its unit.
struct Linker<'u, 'a> {
    unit: &'u UnitRef<'a>,
    to: Vec<u8>,
    /// How much deeper calls are followed.
    calls: usize,
}

impl Linker<'_, '_> {
    /// Appends an operation, of which `bytes` is the original.
    fn operation(&mut self, operation: Operation<Slice<'_>>, bytes: &[u8]) -> Option<()> {
        let size = usize::from(self.unit.unit.encoding().address_size.min(8));
        match operation {
            Operation::AddressIndex { index } => {
                self.to.push(dw::DW_OP_addr.0);
                let address = self.address(index)?;
                self.to.extend(self.unit.number(address, size));
            }
            Operation::ConstantIndex { index } => {
                self.to.push(dw::DW_OP_const8u.0);
                let constant = self.address(index)?;
                self.to.extend(self.unit.number(constant, 8));
            }
            Operation::Call { offset } => {
                let called = self.called(offset)?;
                self.to.extend(called);
            }
            Operation::ImplicitPointer { value, byte_offset } => {
                self.to.push(dw::DW_OP_implicit_pointer.0);
                let position = self.unit.in_debug_info(value)? as u64;
                self.to.extend(self.unit.number(position, 8));
                signed(&mut self.to, byte_offset);
            }
            Operation::EntryValue { expression } => {
                let inner = self.unit.link(expression.slice(), self.calls.checked_sub(1)?)?;
                self.to.push(dw::DW_OP_entry_value.0);
                unsigned(&mut self.to, inner.len() as u64);
                self.to.extend(inner);
            }
            Operation::TypedLiteral { base_type, value } => {
                self.typed(dw::DW_OP_const_type, &[], base_type)?;
                self.to.push(u8::try_from(value.len()).ok()?);
                self.to.extend_from_slice(value.slice());
            }
            Operation::RegisterOffset { register, base_type, .. } if base_type.0 != 0 => {
                let mut number = Vec::new();
                unsigned(&mut number, u64::from(register.0));
                self.typed(dw::DW_OP_regval_type, &number, base_type)?;
            }
            Operation::Deref { base_type, size, space } if base_type.0 != 0 => {
                let code = if space { dw::DW_OP_xderef_type } else { dw::DW_OP_deref_type };
                self.typed(code, &[size], base_type)?;
            }
            Operation::Convert { base_type } => self.typed(dw::DW_OP_convert, &[], base_type)?,
            Operation::Reinterpret { base_type } => self.typed(dw::DW_OP_reinterpret, &[], base_type)?,
            Operation::VariableValue { .. } => return None,
            _ => self.to.extend_from_slice(bytes),
        }
        Some(())
    }

    /// Appends an operation whose last operand is a base type.
    fn typed(&mut self, code: gimli::DwOp, operands: &[u8], at: UnitOffset) -> Option<()> {
        let base_type = self.unit.base_type(at)?;
        self.to.push(code.0);
        self.to.extend_from_slice(operands);
        unsigned(&mut self.to, base_type.number());
        Some(())
    }

    fn address(&self, index: gimli::DebugAddrIndex<usize>) -> Option<u64> {
        self.unit.dwarf.address(&self.unit.unit, index).ok()
    }

    /// What a call does: the called entry's DW_AT_location, or nothing if it has none.
    fn called(&self, reference: DieReference<usize>) -> Option<Vec<u8>> {
        let position = self.unit.position_of(reference)?;
        // Entries of other units would need those to be read: compilers call within the unit.
        if !(self.unit.info.offset..self.unit.info.end).contains(&position) {
            return None;
        }
        let entry = self.unit.entry(position).ok()?;
        match entry.value(dw::DW_AT_location) {
            Some(value) => self.unit.link(block(&value)?, self.calls.checked_sub(1)?),
            None => Some(Vec::new()),
        }
    }
}

/// Appends an unsigned LEB128 number (DWARF 5 §7.6).
fn unsigned(to: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}

/// Appends a signed LEB128 number.
fn signed(to: &mut Vec<u8>, mut value: i64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == if low & 0x40 == 0 { 0 } else { -1 } {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}
