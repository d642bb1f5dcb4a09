//! What a closure has captured, where its code has not come to that yet.
//!
//! Code that is not optimised begins by copying what the closure has captured to where debug information says it is. A
//! breakpoint at the function stands before that. The instructions that copy are carried out here, without the program,
//! and what they would store is what the variable is.

use std::collections::BTreeMap;

use adit_arch::RFLAGS;
use adit_arch::disasm::{Flow, decode};
use adit_arch::displaced::{Words, emulate, move_vector};
use adit_process::{Addr, Memory};
use adit_symbols::{FunctionInfo, Variable as Declared, VariableKind};

use super::Scope;
use super::visibility::is_closure;
use crate::Debugger;
use crate::target::Target;
use crate::value::{Place, Value};

/// More instructions than copy what any closure has captured.
const MOST_INSTRUCTIONS: usize = 1000;
/// More bytes than an instruction has.
const LONGEST: i64 = 16;

/// The program's memory, and what would be stored there.
struct Ahead<'a> {
    target: &'a Target,
    stored: BTreeMap<u64, u8>,
}

impl Words for Ahead<'_> {
    fn load(&self, addr: u64, buf: &mut [u8]) -> bool {
        if self.target.read(Addr(addr), buf).is_err() {
            return false;
        }
        for (offset, byte) in buf.iter_mut().enumerate() {
            if let Some(stored) = self.stored.get(&addr.wrapping_add(offset as u64)) {
                *byte = *stored;
            }
        }
        true
    }

    fn store(&mut self, addr: u64, bytes: &[u8]) -> bool {
        let places = bytes.iter().enumerate().map(|(offset, byte)| (addr.wrapping_add(offset as u64), *byte));
        self.stored.extend(places);
        true
    }
}

impl Debugger {
    /// The value that a captured variable will have when the function's own code begins; `None` if it has begun, or the
    /// variable is another.
    pub(super) fn captured_ahead(
        &self,
        scope: &Scope,
        function: &FunctionInfo,
        variable: &Declared,
        value: &Value,
    ) -> Option<Value> {
        let Place::Memory(place) = value.place else { return None };
        if variable.kind != VariableKind::Local
            || function.optimized
            || !function.is_go
            || !is_closure(&function.name)
        {
            return None;
        }
        // Only the topmost frame can be before its own code.
        let registers = self.target.registers(scope.thread?).ok()?;
        let pc = scope.frame.pc;
        let line = self.line_at(self.image.to_target(function.low))?;
        if registers.pc() != pc.0 || self.line_at(pc) != Some(line) {
            return None;
        }
        let arch = self.arch();
        let mut registers = registers;
        registers.get(RFLAGS).filter(|_| arch.closure.is_some())?;
        let mut memory = Ahead { target: &self.target, stored: BTreeMap::new() };
        for _ in 0..MOST_INSTRUCTIONS {
            let at = Addr(registers.pc());
            let code = self.code(at, at.offset(LONGEST));
            let is_copying = decode(arch, at.0, &code)?.flow == Flow::Next && self.line_at(at) == Some(line);
            let done = is_copying
                && (emulate(&code, &mut registers, &mut memory)
                    || move_vector(&code, &mut registers, &mut memory));
            if !done {
                break;
            }
        }
        let size = u64::try_from(usize::try_from(value.ty.size).ok()?).ok()?.min(1 << 16);
        let bytes = (0..size).map(|offset| memory.stored.get(&place.0.wrapping_add(offset)).copied());
        let bytes = bytes.collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())?;
        Some(Value::of_bytes(value.ty.clone(), &bytes))
    }
}
