//! The shapes of `cmd/internal/obj/arm64/obj7.go` (`preprocess` and `stacksplit`, go1.17 to go1.27): the check of the
//! stack's bound in three sizes, with the call of `runtime.morestack` at the function's end, and the frame, whose
//! first instruction is what the line table flags as `prologue_end`. A function without a check begins with it.

use super::stack_check::{self, Step};
use crate::disasm::arm64::{Bank, Decoded, Mode, Op, Operand, Register};

/// Number of the register that holds `g`.
const G: u8 = 28;
/// Of the stack pointer, where an operand can be it.
const SP: u8 = 31;
/// The assembler's own, for numbers that fit no instruction.
const TEMPORARY: u8 = 27;
/// No check has more instructions: two numbers of up to four, and what each serves.
const LONGEST: usize = 12;

pub(super) fn end(code: &[u8]) -> usize {
    stack_check::end(code, LONGEST, Decoded::new, loaded_bound, step)
}

/// `ldr t, [g, #stackguard0]`, or `stackguard1`: the register.
fn loaded_bound(load: &Decoded) -> Option<u8> {
    match (load.op, load.operands()) {
        (
            Op::Ldr,
            &[
                Operand::Register(Register { bank: Bank::X, number }),
                Operand::Memory { base: G, mode: Mode::Offset, displacement: 16 | 24 },
            ],
        ) => Some(number),
        _ => None,
    }
}

fn step(decoded: &Decoded, bound: u8) -> Step {
    match (decoded.op, decoded.operands()) {
        (Op::Mov | Op::Movk, [Operand::Register(Register { number: TEMPORARY, .. }), _]) => Step::Checks,
        // `sub u, sp, #N`, in two steps if N is long, or `sub u, sp, t`, with flags if N is large.
        (
            Op::Sub | Op::Subs,
            [Operand::Register(to) | Operand::StackRegister(to), Operand::StackRegister(from), _],
        ) if to.number != SP && (from.number == SP || from.number == to.number) => Step::Checks,
        (Op::Cmp, [_, operand]) if is_register(operand, bound) => Step::Checks,
        (Op::B, [Operand::Condition("CC"), _]) => Step::Checks,
        (Op::B, [Operand::Condition("LS"), _]) => Step::Ends,
        _ => Step::Other,
    }
}

fn is_register(operand: &Operand, wanted: u8) -> bool {
    match operand {
        Operand::Extended { register, .. } | Operand::Shifted { register, .. } => register.number == wanted,
        _ => false,
    }
}
