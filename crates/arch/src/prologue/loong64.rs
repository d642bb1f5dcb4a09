//! LoongArch's instructions in a prologue: `cmd/internal/obj/loong64/obj.go`.

use super::link_register::{self, Step};
use crate::disasm::loong64::{Decoded, Op, Operand, word};

const LINK: Operand = Operand::General(1);
const STACK: Operand = Operand::General(3);
const G: Operand = Operand::General(22);
/// The assembler's own register.
const TEMPORARY: Operand = Operand::General(30);

pub(super) fn end(code: &[u8]) -> usize {
    let steps = code.chunks_exact(4).enumerate().map(|(number, bytes)| {
        let decoded = word(bytes).and_then(Decoded::new);
        (4 * number, decoded.map_or(Step::Other, |decoded| step(&decoded, 4 * number)))
    });
    link_register::end(steps)
}

/// What the instruction `at` bytes into the function is.
fn step(decoded: &Decoded, at: usize) -> Step {
    use Operand::{Offset, Signed};
    match (decoded.op, &decoded.operands[..]) {
        (Op::LdD, [_, G, Signed(16 | 24)]) => Step::LoadsBound,
        (Op::StD, [LINK, STACK, Signed(..0)] | [LINK, TEMPORARY, _]) => Step::SavesLink,
        (Op::AddiD | Op::Addu16iD, [STACK, STACK, Signed(..0)]) => Step::GrowsStack,
        (Op::AddD, [STACK, STACK, TEMPORARY] | [STACK, TEMPORARY, STACK]) => Step::GrowsStack,
        (_, [TEMPORARY, ..]) if makes_number(decoded.op) => Step::MakesNumber,
        (_, [destination, ..]) if makes_number(decoded.op) && *destination != STACK => Step::Checks,
        (Op::Sltu | Op::Sltui, _) => Step::Checks,
        (Op::Beq | Op::Bne | Op::Beqz | Op::Bnez | Op::Bltu | Op::Bgeu, _) => Step::Checks,
        // Up to go1.23, `runtime.morestack` was called here and not at the function's end.
        (Op::Bl, _) => Step::Checks,
        (Op::B, [Offset(offset)]) if i64::from(*offset) == -(at as i64) => Step::Checks,
        // With arguments in registers around it.
        (_, [_, STACK, Signed(0..)]) => Step::Checks,
        _ => Step::Other,
    }
}

fn makes_number(op: Op) -> bool {
    matches!(
        op,
        Op::Lu12iW
            | Op::Lu32iD
            | Op::Lu52iD
            | Op::Ori
            | Op::Or
            | Op::AddiD
            | Op::AddiW
            | Op::AddD
            | Op::Addu16iD
    )
}
