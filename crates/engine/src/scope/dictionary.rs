//! The dictionaries of generic code, which say what its types really are.
//!
//! A dictionary is passed like a parameter, `.dict`. Unoptimised code keeps it in its frame. Of optimised code the
//! compiler states no more than the slot to which the parameter would be spilled if the stack had to grow
//! (`cmd/compile/internal/dwarfgen`, go1.27 and before), and that slot was seldom written. But the caller knows which
//! dictionary it passed: its code names it right before the call.

use adit_arch::disasm;
use adit_process::{Addr, Memory as _};
use adit_symbols::{FunctionInfo, Location};

use super::Scope;
use crate::Debugger;

/// In an expression: the frame's base, which is where the first parameter is spilled to.
const CALL_FRAME_CFA: u8 = 0x9c;
const FRAME_BASE_OFFSET: u8 = 0x91;
/// The dictionary is loaded among the arguments, this many instructions before the call at most.
const ARGUMENT_INSTRUCTIONS: usize = 32;
/// Callers with more code than this are not read, in bytes.
const LARGEST_CALLER: u64 = 1 << 20;

impl Debugger {
    /// Where the dictionary of a generic function is; `None` if it cannot be known.
    pub(super) fn dictionary(&self, scope: &Scope, function: &std::sync::Arc<FunctionInfo>) -> Option<Addr> {
        let variable = function.variables.iter().find(|variable| &*variable.name == ".dict")?;
        let is_spill_slot = match &variable.location {
            Location::Expr(code) => matches!(code.first(), Some(&CALL_FRAME_CFA | &FRAME_BASE_OFFSET)),
            _ => false,
        };
        if function.optimized && is_spill_slot {
            return self.passed_dictionary(scope);
        }
        let value = self.place_of_variable(scope, function, variable);
        self.loader().word(&value, 0).ok().map(Addr)
    }

    /// The dictionary that the frame's caller passed.
    fn passed_dictionary(&self, scope: &Scope) -> Option<Addr> {
        // Calls that were inlined have no caller of their own.
        let mut frames = std::iter::once(&scope.frame).chain(&scope.callers);
        frames.by_ref().find(|frame| !frame.inlined())?;
        let caller = frames.next()?;
        let entry = self.function_at(caller.lookup).map(|function| self.image.to_target(function.entry()))?;
        let size = caller.pc.0.checked_sub(entry.0).filter(|size| *size <= LARGEST_CALLER)?;
        let mut code = vec![0; size as usize];
        self.target.read(entry, &mut code).ok()?;
        let mut loads = self.address_loads(entry, &code);
        let recent = loads.split_off(loads.len().saturating_sub(ARGUMENT_INSTRUCTIONS));
        // The last instruction is the call itself.
        let before_call = recent.split_last()?.1;
        let since_last_call = before_call.rsplit(|load| matches!(load, Step::Call)).next()?;
        since_last_call.iter().rev().find_map(|step| match step {
            Step::Address(addr) => self.is_dictionary(*addr).then_some(*addr),
            _ => None,
        })
    }

    fn is_dictionary(&self, addr: Addr) -> bool {
        let symbol = self.image.binary.symbol_at(self.image.to_file(addr));
        symbol.is_some_and(|symbol| symbol.name.contains("..dict."))
    }

    /// The instructions of some code, as far as they matter here.
    fn address_loads(&self, start: Addr, code: &[u8]) -> Vec<Step> {
        let arch = self.target.arch();
        let mut steps = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let rest = &code[at..];
            let addr = start.0.wrapping_add(at as u64);
            let Some(instruction) = disasm::decode(arch, addr, rest) else { break };
            let bytes = &rest[..instruction.len.min(rest.len())];
            steps.push(match instruction.flow {
                disasm::Flow::Call(_) => Step::Call,
                _ => match disasm::loaded_address(arch, addr, bytes) {
                    Some(loaded) => Step::Address(Addr(loaded)),
                    None => Step::Other,
                },
            });
            at += instruction.len.max(1);
        }
        steps
    }
}

/// What an instruction does.
enum Step {
    /// Loads this address into a register.
    Address(Addr),
    Call,
    Other,
}
