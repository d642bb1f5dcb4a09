//! Go's calling convention: where arguments and results are (`cmd/compile/abi-internal.md` of go1.26, "Function call
//! argument and result passing"; unchanged since Go 1.17).

use std::sync::Arc;

use adit_arch::Arch;
use adit_goruntime::call_protocol;
use adit_process::Registers;
use adit_symbols::{Shape, Type};

use crate::value::{Loader, ValueError};

/// Arrays and structs are nested this deep at most.
const DEEPEST: usize = 16;
/// A value in more registers than this is on the stack on every architecture.
const MOST_PARTS: usize = 64;

/// One register's part of a value. Offset and size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) float: bool,
}

/// What passing a value depends on.
#[derive(Clone, Debug)]
pub(crate) struct Passable {
    pub(crate) size: u64,
    pub(crate) align: u64,
    /// Its parts; `None` if values of this type are never passed in registers.
    pub(crate) parts: Option<Vec<Part>>,
}

impl Passable {
    /// An integer or pointer.
    pub(crate) fn integer(size: u64) -> Passable {
        Passable { size, align: size, parts: Some(vec![Part { offset: 0, size, float: false }]) }
    }
}

/// Where a value is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// In registers.
    Registers(Vec<(String, Part)>),
    /// In memory, this many bytes above the stack pointer at the call.
    Stack(u64),
}

/// The places of all arguments and results of a function.
#[derive(Clone, Debug)]
pub(crate) struct CallFrame {
    pub(crate) params: Vec<Passed>,
    pub(crate) results: Vec<Passed>,
    /// Bytes that the caller reserves, with the space into which the callee spills registers.
    pub(crate) size: u64,
}

impl CallFrame {
    /// Are there arguments in vector registers?
    pub(crate) fn passes_floats(&self) -> bool {
        self.params.iter().any(Passed::is_float)
    }

    /// Are there results in vector registers?
    pub(crate) fn returns_floats(&self) -> bool {
        self.results.iter().any(Passed::is_float)
    }
}

impl Passed {
    fn is_float(&self) -> bool {
        matches!(self, Passed::Registers(parts) if parts.iter().any(|(_, part)| part.float))
    }
}

/// The registers for arguments and results, in the order in which they are used.
pub(crate) struct Convention {
    integers: Vec<String>,
    floats: Vec<String>,
}

impl Convention {
    /// That of compiled Go code (ABIInternal); `None` if it is not known for this architecture.
    pub(crate) fn of(arch: &Arch) -> Option<Convention> {
        let numbered = |prefix: &str, count: usize| (0..count).map(|i| format!("{prefix}{i}")).collect();
        match arch.name {
            "amd64" => {
                let integers = call_protocol::protocol(arch.name)?.integers;
                let integers = integers.iter().map(|&name| name.to_owned()).collect();
                Some(Convention { integers, floats: numbered("XMM", 15) })
            }
            "arm64" => Some(Convention { integers: numbered("X", 16), floats: numbered("V", 16) }),
            _ => None,
        }
    }

    /// That of functions in assembly (ABI0): all on the stack.
    pub(crate) fn on_stack() -> Convention {
        Convention { integers: Vec::new(), floats: Vec::new() }
    }

    /// Assigns places.
    pub(crate) fn assign(&self, word: u64, params: &[Passable], results: &[Passable]) -> CallFrame {
        let mut stack = 0;
        let param_places = self.assign_list(params, &mut stack);
        stack = stack.next_multiple_of(word);
        let result_places = self.assign_list(results, &mut stack);
        stack = stack.next_multiple_of(word);
        for (param, _) in
            params.iter().zip(&param_places).filter(|(_, place)| matches!(place, Passed::Registers(_)))
        {
            stack = stack.next_multiple_of(param.align.max(1)).saturating_add(param.size);
        }
        CallFrame { params: param_places, results: result_places, size: stack.next_multiple_of(word) }
    }

    fn assign_list(&self, values: &[Passable], stack: &mut u64) -> Vec<Passed> {
        let (mut integers, mut floats) = (0, 0);
        let assign = |value: &Passable| {
            if let Some(parts) = &value.parts {
                let wanted = parts.iter().filter(|part| part.float).count();
                let (all_integers, all_floats) = (integers + parts.len() - wanted, floats + wanted);
                if all_integers <= self.integers.len() && all_floats <= self.floats.len() {
                    let mut take = |part: &Part| {
                        let (names, at) = match part.float {
                            true => (&self.floats, &mut floats),
                            false => (&self.integers, &mut integers),
                        };
                        *at += 1;
                        (names[*at - 1].clone(), *part)
                    };
                    return Passed::Registers(parts.iter().map(&mut take).collect());
                }
            }
            let at = stack.next_multiple_of(value.align.max(1));
            *stack = at.saturating_add(value.size);
            Passed::Stack(at)
        };
        values.iter().map(assign).collect()
    }
}

/// A value of `size` bytes out of registers; `None` if one of them is not known. Padding is in no register, and zero.
pub(crate) fn from_registers(
    places: &[(String, Part)],
    size: u64,
    arch: &Arch,
    registers: &Registers,
) -> Option<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(size).ok()?];
    for (name, part) in places {
        let mut register = registers.bytes(arch.by_name(name)?)?;
        if arch.byte_order == adit_arch::ByteOrder::Big {
            register.drain(..register.len().saturating_sub(part.size as usize));
        }
        let from = usize::try_from(part.offset).ok()?;
        for (to, byte) in bytes.get_mut(from..)?.iter_mut().zip(register).take(part.size as usize) {
            *to = byte;
        }
    }
    Some(bytes)
}

/// Puts a value into registers. Integers that are narrower than a register leave the rest of it zero, which Go's code
/// does not look at.
pub(crate) fn to_registers(
    places: &[(String, Part)],
    bytes: &[u8],
    arch: &'static Arch,
    registers: &mut Registers,
) {
    for (name, part) in places {
        let Some(id) = arch.by_name(name) else { continue };
        let from = part.offset as usize;
        let Some(value) = bytes.get(from..from + part.size as usize) else { continue };
        match part.float {
            false => registers.set(id, arch.byte_order.uint(value)),
            true => {
                let len = registers.bytes(id).map_or(16, |old| old.len());
                let mut whole = value.to_vec();
                whole.resize(len.max(value.len()), 0);
                registers.set_bytes(id, &whole);
            }
        }
    }
}

impl Loader<'_> {
    /// How values of a type are passed.
    pub(crate) fn passable(&self, ty: &Arc<Type>) -> Result<Passable, ValueError> {
        let mut parts = Vec::new();
        let whole = self.add_parts(ty, 0, 0, &mut parts)?;
        Ok(Passable {
            size: ty.size,
            align: self.alignment(ty)?,
            parts: (whole && parts.len() <= MOST_PARTS).then_some(parts),
        })
    }

    /// Adds the parts of a value of type `ty` at `offset`. False: it is never passed in registers.
    fn add_parts(
        &self,
        ty: &Arc<Type>,
        offset: u64,
        depth: usize,
        parts: &mut Vec<Part>,
    ) -> Result<bool, ValueError> {
        if depth > DEEPEST || parts.len() > MOST_PARTS {
            return Ok(false);
        }
        let real = self.underlying(ty)?;
        let word = self.word_size() as u64;
        let mut words = |count: u64| {
            parts.extend((0..count).map(|i| Part { offset: offset + i * word, size: word, float: false }));
        };
        match &real.shape {
            Shape::Bool | Shape::Int | Shape::Uint => {
                parts.push(Part { offset, size: real.size, float: false });
            }
            Shape::Float => parts.push(Part { offset, size: real.size, float: true }),
            Shape::Complex => {
                let size = real.size / 2;
                parts.extend([0, size].map(|at| Part { offset: offset + at, size, float: true }));
            }
            Shape::Pointer(_) | Shape::Map { .. } | Shape::Chan { .. } | Shape::Func => words(1),
            Shape::String | Shape::Interface { .. } => words(2),
            Shape::Slice { .. } => words(3),
            Shape::Struct(fields) => {
                for field in fields {
                    let ty = self.type_of(field.type_id)?;
                    if !self.add_parts(&ty, offset + field.offset, depth + 1, parts)? {
                        return Ok(false);
                    }
                }
            }
            Shape::Array { count: 0, .. } => {}
            Shape::Array { elem, count: 1 } => {
                return self.add_parts(&self.type_of(*elem)?, offset, depth + 1, parts);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::{Convention, Part, Passable, Passed};

    fn amd64() -> Convention {
        Convention::of(&adit_arch::AMD64).unwrap()
    }

    fn struct_of(parts: &[(u64, bool)]) -> Passable {
        let mut offset = 0;
        let part = |&(size, float): &(u64, bool)| {
            offset += size;
            Part { offset: offset - size, size, float }
        };
        let parts: Vec<Part> = parts.iter().map(part).collect();
        Passable { size: offset, align: 8, parts: Some(parts) }
    }

    /// The example of abi-internal.md: `f(a1 uint8, a2 [2]uintptr, a3 uint8) (r1 struct{x uintptr; y [2]uintptr}, r2
    /// string)`.
    #[test]
    fn the_documented_example() {
        let array = Passable { size: 16, align: 8, parts: None };
        let struct_with_array = Passable { size: 24, align: 8, parts: None };
        let frame = amd64().assign(
            8,
            &[Passable::integer(1), array, Passable::integer(1)],
            &[struct_with_array, struct_of(&[(8, false), (8, false)])],
        );
        let register = |place: &Passed| match place {
            Passed::Registers(parts) => {
                parts.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(" ")
            }
            Passed::Stack(at) => at.to_string(),
        };
        assert_eq!(frame.params.iter().map(register).collect::<Vec<_>>(), ["RAX", "0", "RBX"]);
        assert_eq!(frame.results.iter().map(register).collect::<Vec<_>>(), ["16", "RAX RBX"]);
        assert_eq!(frame.size, 48);
    }

    #[test]
    fn what_does_not_fit_goes_to_the_stack_whole() {
        let pair = struct_of(&[(8, false), (8, false)]);
        let five = vec![pair; 5];
        let frame = amd64().assign(8, &five, &[]);
        assert!(frame.params[..4].iter().all(|place| matches!(place, Passed::Registers(_))));
        assert_eq!(frame.params[4], Passed::Stack(0));
        assert_eq!(frame.size, 16 + 4 * 16);
        let all = Convention::on_stack().assign(8, &[Passable::integer(1), Passable::integer(8)], &[]);
        assert_eq!(all.params, [Passed::Stack(0), Passed::Stack(8)]);
    }
}
