//! The dictionaries of generic code, which say what its types really are.
//!
//! A dictionary is passed like a parameter, `.dict`. Unoptimised code keeps it in its frame. Of optimised code the
//! compiler states nothing (go1.26 and before) or no more than the slot to which the parameter would be spilled if the
//! stack had to grow (go1.27, `cmd/compile/internal/dwarfgen`), and that slot was seldom written. But the caller knows which
//! dictionary it passed: its code names it right before the call.

use std::sync::Arc;

use adit_arch::disasm;
use adit_process::{Addr, Memory as _};
use adit_symbols::{FunctionInfo, Location, Type};

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
    /// The type that is meant by one that is made of shapes, `[]go.shape.int`, if the function has a variable of each
    /// shape's own type: only those are in its dictionary for sure.
    pub(super) fn unshaped(
        &self,
        scope: &Scope,
        function: &Arc<FunctionInfo>,
        ty: &Type,
    ) -> Option<Arc<Type>> {
        const SHAPE: &str = "go.shape.";
        if !ty.name.contains(SHAPE) {
            return None;
        }
        let loader = self.loader();
        let mut name = ty.name.to_string();
        for variable in &function.variables {
            let Some(parameter) = variable.type_id.and_then(|id| loader.type_of(id).ok()) else { continue };
            let shape = match parameter.dict_index {
                Some(_) => loader.underlying(&parameter).ok()?,
                None => continue,
            };
            if shape.name.starts_with(SHAPE) {
                let meant = self.concrete_type(scope, function, parameter.id).ok()?;
                name = replace_shape(&name, &shape.name, &meant.name);
            }
        }
        let named = |name: &str| loader.dwarf().ok()?.type_by_name(name).ok().flatten();
        if name.contains(SHAPE) {
            return None;
        }
        named(&name).or_else(|| {
            let pointee = named(name.strip_prefix('*')?)?;
            loader.type_of(loader.dwarf().ok()?.pointer_to(pointee.id)).ok()
        })
    }

    /// Where the dictionary of a generic function is; `None` if it cannot be known.
    pub(super) fn dictionary(&self, scope: &Scope, function: &Arc<FunctionInfo>) -> Option<Addr> {
        let variable = function.variables.iter().find(|variable| &*variable.name == ".dict");
        let variable = variable.filter(|variable| match &variable.location {
            Location::Expr(code) => {
                let is_spill_slot = matches!(code.first(), Some(&CALL_FRAME_CFA | &FRAME_BASE_OFFSET));
                !(function.optimized && is_spill_slot)
            }
            _ => true,
        });
        let Some(variable) = variable else { return self.passed_dictionary(scope) };
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

/// `name` with another name for a shape; longer ones that begin alike are left.
fn replace_shape(name: &str, shape: &str, meant: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some(at) = rest.find(shape) {
        let after = &rest[at + shape.len()..];
        let is_whole = !after.starts_with(|next: char| next.is_alphanumeric() || "_.[{(".contains(next));
        out += &rest[..at];
        out += if is_whole { meant } else { shape };
        rest = after;
    }
    out + rest
}

/// What an instruction does.
enum Step {
    /// Loads this address into a register.
    Address(Addr),
    Call,
    Other,
}

#[cfg(test)]
mod tests {
    use super::replace_shape;

    #[test]
    fn shapes_are_replaced_whole() {
        let replaced = |name| replace_shape(name, "go.shape.int", "main.Age");
        assert_eq!(replaced("[]go.shape.int"), "[]main.Age");
        assert_eq!(replaced("map[go.shape.int]go.shape.int64"), "map[main.Age]go.shape.int64");
        assert_eq!(replaced("main.Pair[go.shape.int,go.shape.int]"), "main.Pair[main.Age,main.Age]");
    }
}
