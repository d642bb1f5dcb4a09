//! Where a function that has just returned has left its results, if its debug information does not say.
//!
//! Optimised code has no variables any more at its return instructions. But Go's calling convention says which
//! registers hold the results (`cmd/compile/abi-internal.md` of go1.26, "Function call argument and result passing").

use adit_arch::Arch;
use adit_process::{Registers, ThreadId};
use adit_symbols::{Shape, Type};

use crate::Debugger;
use crate::value::{LoadConfig, Loader, Place, Value, ValueError, Variable, flags};

/// Arrays and structs are nested this deep at most.
const DEEPEST: usize = 16;

/// Integer and floating-point registers in the order in which results take them.
struct Sequence {
    integers: Vec<String>,
    floats: Vec<String>,
}

impl Sequence {
    fn of(arch: &Arch) -> Option<Sequence> {
        let numbered = |prefix: &str, count: usize| (0..count).map(|i| format!("{prefix}{i}")).collect();
        match arch.name {
            "amd64" => Some(Sequence {
                integers: ["RAX", "RBX", "RCX", "RDI", "RSI", "R8", "R9", "R10", "R11"]
                    .map(str::to_owned)
                    .into(),
                floats: numbered("XMM", 15),
            }),
            "arm64" => Some(Sequence { integers: numbered("X", 16), floats: numbered("V", 16) }),
            _ => None,
        }
    }
}

/// One register's part of a value.
struct Part {
    offset: u64,
    size: u64,
    float: bool,
}

/// Puts results in their registers, one after the other.
pub(crate) struct ResultRegisters<'a> {
    loader: Loader<'a>,
    sequence: Sequence,
    integers: usize,
    floats: usize,
}

impl<'a> ResultRegisters<'a> {
    /// `None`: this architecture's convention is not known.
    pub(crate) fn new(loader: Loader<'a>, arch: &Arch) -> Option<ResultRegisters<'a>> {
        Some(ResultRegisters { loader, sequence: Sequence::of(arch)?, integers: 0, floats: 0 })
    }

    /// The next result, of type `ty`; `None` if it is not in registers but on the stack.
    pub(crate) fn next(
        &mut self,
        ty: &std::sync::Arc<Type>,
        arch: &Arch,
        registers: &Registers,
    ) -> Option<Value> {
        let mut parts = Vec::new();
        self.parts(ty, 0, 0, &mut parts).ok()?;
        let floats = parts.iter().filter(|part| part.float).count();
        let integers = parts.len() - floats;
        if self.integers + integers > self.sequence.integers.len()
            || self.floats + floats > self.sequence.floats.len()
        {
            return None;
        }
        let mut bytes = vec![None; usize::try_from(ty.size).ok()?];
        for part in &parts {
            let (names, at) = match part.float {
                true => (&self.sequence.floats, &mut self.floats),
                false => (&self.sequence.integers, &mut self.integers),
            };
            let register = registers.bytes(arch.by_name(&names[*at])?)?;
            *at += 1;
            let from = usize::try_from(part.offset).ok()?;
            for (to, byte) in bytes.get_mut(from..)?.iter_mut().zip(register).take(part.size as usize) {
                *to = Some(byte);
            }
        }
        // Padding is in no register, and of no interest.
        let whole: Vec<Option<u8>> = bytes.into_iter().map(|byte| byte.or(Some(0))).collect();
        Some(Value { ty: ty.clone(), place: Place::Bytes(whole.into()) })
    }

    /// The parts of a value of type `ty` at `offset`; an error if it is never passed in registers.
    fn parts(
        &self,
        ty: &std::sync::Arc<Type>,
        offset: u64,
        depth: usize,
        parts: &mut Vec<Part>,
    ) -> Result<(), ValueError> {
        let stack = || ValueError::Other("not passed in registers".to_owned());
        let real = self.loader.underlying(ty)?;
        let word = self.loader.word_size() as u64;
        let words = |count: u64| {
            (0..count).map(move |i| Part { offset: offset + i * word, size: word, float: false })
        };
        if depth > DEEPEST || parts.len() > self.sequence.integers.len() + self.sequence.floats.len() {
            return Err(stack());
        }
        match &real.shape {
            Shape::Bool | Shape::Int | Shape::Uint => {
                parts.push(Part { offset, size: real.size, float: false });
            }
            Shape::Float => parts.push(Part { offset, size: real.size, float: true }),
            Shape::Complex => {
                let size = real.size / 2;
                parts.extend([0, size].map(|at| Part { offset: offset + at, size, float: true }));
            }
            Shape::Pointer(_) | Shape::Map { .. } | Shape::Chan { .. } | Shape::Func => {
                parts.extend(words(1));
            }
            Shape::String | Shape::Interface { .. } => parts.extend(words(2)),
            Shape::Slice { .. } => parts.extend(words(3)),
            Shape::Struct(fields) => {
                for field in fields {
                    self.parts(
                        &self.loader.type_of(field.type_id)?,
                        offset + field.offset,
                        depth + 1,
                        parts,
                    )?;
                }
            }
            Shape::Array { count: 0, .. } => {}
            Shape::Array { elem, count: 1 } => {
                self.parts(&self.loader.type_of(*elem)?, offset, depth + 1, parts)?;
            }
            _ => return Err(stack()),
        }
        Ok(())
    }
}

impl Debugger {
    /// What the function returned that the last step left, and the thread on which it did.
    pub fn return_values(&self, config: &LoadConfig) -> Option<(Vec<Variable>, ThreadId)> {
        let (frame, thread) = self.returned_frame()?;
        let mut scope = self.scope_of_frame(std::slice::from_ref(frame), 0, self.selection.goroutine);
        // The results are where the function's last return instruction left them; its frame lies untouched below the
        // stack pointer, and registers are as it left them.
        let name = frame.function().to_owned();
        let returns = self.return_addresses(&name).ok()?;
        let last = returns.last().copied()?;
        scope.frame.lookup = last;
        scope.frame.file_pc = self.image.to_file(last);
        if let Some(source) = self.image.source_frames(last).last() {
            scope.frame.source = Some(source.clone());
        }
        if let Ok(registers) = self.target.all_registers(thread) {
            scope.frame.registers = registers;
        }
        let variables = self.variables(&scope).ok()?;
        let loader = self.loader();
        let mut in_registers = ResultRegisters::new(loader, self.arch());
        let results = variables.into_iter().filter(|variable| variable.flags & flags::RETURN_ARGUMENT != 0);
        let values = results
            .map(|mut variable| {
                let passed = in_registers
                    .as_mut()
                    .and_then(|next| next.next(&variable.value.ty, self.arch(), &scope.frame.registers));
                if let (Place::Missing(_), Some(passed)) = (&variable.value.place, passed) {
                    variable.value = passed;
                }
                let mut loaded = loader.load_named(&variable.name, &variable.value, config);
                loaded.flags |= variable.flags;
                loaded.decl_line = i64::from(variable.decl_line);
                loaded
            })
            .collect();
        Some((values, thread))
    }
}
