//! RISC-V's instructions in a prologue: `cmd/internal/obj/riscv/obj.go`.

use super::link_register::{self, Step};
use crate::disasm::riscv64::{Decoded, Encoding, Op, Operand};

const LINK: Operand = Operand::X(1);
const STACK: Operand = Operand::X(2);
/// The assembler's own register.
const TEMPORARY: Operand = Operand::X(31);
/// Where `runtime.morestack` gets the return address.
const MORESTACK_LINK: Operand = Operand::X(5);

pub(super) fn end(code: &[u8]) -> usize {
    let mut at = 0;
    link_register::end(std::iter::from_fn(|| {
        let encoding = Encoding::new(code.get(at..)?)?;
        let step = Decoded::new(encoding).map_or(Step::Other, |decoded| step(&decoded, at));
        at += encoding.len();
        Some((at - encoding.len(), step))
    }))
}

/// What the instruction `at` bytes into the function is.
fn step(decoded: &Decoded, at: usize) -> Step {
    use Operand::{Memory, Offset, Signed, X};
    match (decoded.op, &decoded.operands[..]) {
        // `g` is X27.
        (Op::Ld, [_, Memory { base: 27, displacement: 16 | 24 }]) => Step::LoadsBound,
        (Op::Sd, [LINK, Memory { base: 2, displacement: ..0 } | Memory { base: 31, .. }]) => Step::SavesLink,
        (Op::Addi, [STACK, STACK, Signed(..0)]) => Step::GrowsStack,
        (Op::Add, [STACK, STACK, TEMPORARY] | [STACK, TEMPORARY, STACK]) => Step::GrowsStack,
        (Op::Lui, [TEMPORARY, _]) => Step::MakesNumber,
        (Op::Add | Op::Addi | Op::Addiw | Op::Slli, [TEMPORARY, _, _]) => Step::MakesNumber,
        (Op::Lui, [X(5..), _]) => Step::Checks,
        (Op::Add | Op::Addi | Op::Addiw | Op::Slli | Op::Sub | Op::Sltu, [X(5..), _, _]) => Step::Checks,
        (Op::Beq | Op::Bne | Op::Bltu | Op::Bgeu, _) => Step::Checks,
        (Op::Jal, [MORESTACK_LINK, _]) => Step::Checks,
        // Out of reach, over the temporary register.
        (Op::Auipc, [TEMPORARY, _]) | (Op::Jalr, [MORESTACK_LINK, _]) => Step::Checks,
        // Back to the check's start.
        (Op::Jal, [X(0), Offset(offset)]) if i64::from(*offset) == -(at as i64) => Step::Checks,
        // Arguments in registers around the call of `runtime.morestack`.
        (_, [_, Memory { base: 2, displacement: 0.. }]) => Step::Checks,
        _ => Step::Other,
    }
}
