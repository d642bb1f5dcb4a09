//! Compressed instructions as the full ones they abbreviate (The RISC-V Instruction Set Manual, volume I, chapter
//! "C"): the texts show only these.

use super::Decoded;
use super::operand::Operand;
use super::tables::Op;

/// The full instruction that this one abbreviates; itself if it is no compressed one.
pub(super) fn expand(compressed: Decoded) -> Decoded {
    let (op, operands) = full(compressed.op, compressed.operands);
    Decoded { op, operands, ..compressed }
}

fn full(op: Op, operands: Vec<Operand>) -> (Op, Vec<Operand>) {
    use Operand::{Csr, Memory, Offset, Signed, Unsigned, X};
    const ZERO: Operand = X(0);
    const LINK: Operand = X(1);
    const STACK: Operand = X(2);
    let on_stack = |offset: u32| Memory { base: 2, displacement: offset.cast_signed() };
    match (op, &operands[..]) {
        (Op::CNop, _) => (Op::Addi, vec![ZERO, ZERO, Signed(0)]),
        (Op::CUnimp, _) => (Op::Csrrw, vec![ZERO, Csr(super::CYCLE), ZERO]),
        (Op::CEbreak, _) => (Op::Ebreak, Vec::new()),

        (Op::CLi, &[rd, value]) => (Op::Addi, vec![rd, ZERO, value]),
        (Op::CLui, &[rd, value]) => (Op::Lui, vec![rd, value]),
        (Op::CMv, &[rd, rs]) => (Op::Add, vec![rd, ZERO, rs]),
        (Op::CAddi4spn, &[rd, Unsigned(value)]) => (Op::Addi, vec![rd, STACK, Signed(value.cast_signed())]),
        (Op::CAddi16sp, &[value]) => (Op::Addi, vec![STACK, STACK, value]),

        (Op::CJ, &[Offset(offset)]) => (Op::Jal, vec![ZERO, Offset(offset)]),
        (Op::CJr, &[X(base)]) => (Op::Jalr, vec![ZERO, Memory { base, displacement: 0 }]),
        (Op::CJalr, &[X(base)]) => (Op::Jalr, vec![LINK, Memory { base, displacement: 0 }]),
        (Op::CBeqz, &[rs, offset]) => (Op::Beq, vec![rs, ZERO, offset]),
        (Op::CBnez, &[rs, offset]) => (Op::Bne, vec![rs, ZERO, offset]),

        (Op::CLwsp, &[rd, Unsigned(offset)]) => (Op::Lw, vec![rd, on_stack(offset)]),
        (Op::CLdsp, &[rd, Unsigned(offset)]) => (Op::Ld, vec![rd, on_stack(offset)]),
        (Op::CFldsp, &[rd, Unsigned(offset)]) => (Op::Fld, vec![rd, on_stack(offset)]),
        (Op::CSwsp, &[rs, Unsigned(offset)]) => (Op::Sw, vec![rs, on_stack(offset)]),
        (Op::CSdsp, &[rs, Unsigned(offset)]) => (Op::Sd, vec![rs, on_stack(offset)]),
        (Op::CFsdsp, &[rs, Unsigned(offset)]) => (Op::Fsd, vec![rs, on_stack(offset)]),
        (_, &[first, second, Unsigned(offset)]) => load_or_store(op, first, second, offset),
        (_, &[rd, source]) => match in_place(op) {
            Some(op) => (op, vec![rd, rd, source]),
            None => (op, operands),
        },
        _ => (op, operands),
    }
}

/// Loads name the destination first and then the base; stores the base and then the source.
fn load_or_store(op: Op, first: Operand, second: Operand, offset: u32) -> (Op, Vec<Operand>) {
    let at = |base: Operand| match base {
        Operand::X(base) => Operand::Memory { base, displacement: offset.cast_signed() },
        other => other,
    };
    match op {
        Op::CLw => (Op::Lw, vec![first, at(second)]),
        Op::CLd => (Op::Ld, vec![first, at(second)]),
        Op::CFld => (Op::Fld, vec![first, at(second)]),
        Op::CSw => (Op::Sw, vec![second, at(first)]),
        Op::CSd => (Op::Sd, vec![second, at(first)]),
        Op::CFsd => (Op::Fsd, vec![second, at(first)]),
        _ => (op, vec![first, second, Operand::Unsigned(offset)]),
    }
}

/// The full operation of a compressed one whose destination is also its first source.
fn in_place(op: Op) -> Option<Op> {
    Some(match op {
        Op::CAdd => Op::Add,
        Op::CAddi => Op::Addi,
        Op::CAddiw => Op::Addiw,
        Op::CAddw => Op::Addw,
        Op::CAnd => Op::And,
        Op::CAndi => Op::Andi,
        Op::COr => Op::Or,
        Op::CSlli => Op::Slli,
        Op::CSrai => Op::Srai,
        Op::CSrli => Op::Srli,
        Op::CSub => Op::Sub,
        Op::CSubw => Op::Subw,
        Op::CXor => Op::Xor,
        _ => return None,
    })
}
