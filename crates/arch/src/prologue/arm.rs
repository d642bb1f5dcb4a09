//! The shapes of `cmd/internal/obj/arm/obj5.go` (`preprocess` and `stacksplit`, go1.17 to go1.27): the check of the
//! stack's bound in three sizes, with the call of `runtime.morestack` at the function's end, and the frame, which
//! one instruction makes that saves the link register. Go flags no `prologue_end` there; the end is what it flags
//! for ARM64, the first instruction of the frame.

use super::stack_check::{self, Step};
use crate::disasm::arm::{Added, Decoded, Mode, Op, Operand, PC, SP};

/// Number of the register that holds `g`.
const G: u8 = 10;
/// The assembler's own, for numbers that fit no instruction.
const TEMPORARY: u8 = 11;
/// No check has more instructions: a number of two, and what it serves.
const LONGEST: usize = 8;

pub(super) fn end(code: &[u8]) -> usize {
    stack_check::end(code, LONGEST, Decoded::new, loaded_bound, step)
}

/// `ldr r, [g, #stackguard0]`, or `stackguard1`: the register.
fn loaded_bound(load: &Decoded) -> Option<u8> {
    match (load.op, load.operands()) {
        (
            Op::Ldr,
            &[
                Operand::Register(register),
                Operand::Memory { base: G, mode: Mode::Offset, added: Added::Bytes(8 | 12) },
            ],
        ) => Some(register),
        _ => None,
    }
}

fn step(decoded: &Decoded, bound: u8) -> Step {
    use Operand::{Memory, Number, Register, Rotated};
    match (decoded.op, decoded.operands()) {
        (Op::Ldr, [Register(TEMPORARY), Memory { base: PC, .. }]) => Step::Checks,
        (Op::Movw | Op::Movt | Op::Mov | Op::Mvn, [Register(TEMPORARY), Number(_) | Rotated { .. }]) => {
            Step::Checks
        }
        // `sub s, sp, #N`, in two steps if N is long, or `sub s, sp, t`, with flags if N is large.
        (Op::Sub | Op::SubS | Op::Add, [Register(to), Register(from), _])
            if *to != SP && (*from == SP || from == to) =>
        {
            Step::Checks
        }
        (Op::Cmp, [_, Register(register)]) if *register == bound => Step::Checks,
        (Op::B, _) if decoded.condition() == "LS" => Step::Ends,
        _ => Step::Other,
    }
}
