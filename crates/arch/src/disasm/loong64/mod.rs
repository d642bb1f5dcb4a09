//! LoongArch, 64 bits: the base integer, atomic and floating-point instructions. Vectors are `?`, as in the Go
//! project's own tools.
//!
//! The texts are those of `golang.org/x/arch/loong64/loong64asm`, its oddities included: opcodes that the Go
//! assembler has no name for are `Unknown`, an operand that is both source and destination is written once (for
//! `MOVBU` and `MOVW` even alone), and the scaled offsets of `ldptr` lose their highest bits in Go's syntax.

mod gnu;
mod operand;
mod plan9;
mod tables;

use std::sync::LazyLock;

use super::row_index::RowIndex;
use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
use operand::Field;
use tables::FORMATS;

pub(crate) use operand::Operand;
pub(crate) use tables::Op;

/// One encoding: the bits under `mask` are `value`.
struct Format {
    mask: u32,
    value: u32,
    op: Op,
    fields: &'static [Field],
}

const fn row(mask: u32, value: u32, op: Op, fields: &'static [Field]) -> Format {
    Format { mask, value, op, fields }
}

/// One instruction with its operands, in the manual's order.
pub(crate) struct Decoded {
    pub(crate) op: Op,
    pub(crate) operands: Vec<Operand>,
}

static INDEX: LazyLock<RowIndex> = LazyLock::new(|| {
    let table = FORMATS.iter().map(|format| (format.mask, format.value));
    RowIndex::new(table, 0xfff0_0000, |word| (word >> 20) as usize)
});

impl Decoded {
    pub(crate) fn new(word: u32) -> Option<Decoded> {
        let fits = |format: &&Format| word & format.mask == format.value;
        let format = INDEX.candidates(word).map(|row| &FORMATS[row]).find(fits)?;
        let mut operands: Vec<Operand> = format.fields.iter().map(|field| field.read(word)).collect();
        // The shift amounts of these count from one.
        if let (Op::AlslW | Op::AlslWu | Op::AlslD, Some(Operand::Unsigned(amount))) =
            (format.op, operands.last_mut())
        {
            *amount += 1;
        }
        Some(Decoded { op: format.op, operands })
    }

    /// The manual's name.
    fn name(&self) -> &'static str {
        tables::NAMES[self.op as usize].0
    }

    /// The Go assembler's name.
    fn go_name(&self) -> Option<&'static str> {
        tables::NAMES[self.op as usize].1
    }

    /// Is operand `at` the general register `register`?
    fn is_register(&self, at: usize, register: u32) -> bool {
        self.operands.get(at) == Some(&Operand::General(register))
    }

    /// The distance that a branch goes, its last operand.
    fn offset(&self) -> Option<i32> {
        match self.operands.last() {
            Some(Operand::Offset(offset)) => Some(*offset),
            _ => None,
        }
    }

    fn flow(&self, addr: u64) -> Flow {
        let target = self.offset().map(|offset| addr.wrapping_add_signed(offset.into()));
        let same = || self.operands.first() == self.operands.get(1);
        match (self.op, target) {
            (Op::B, target) => Flow::Jump(target),
            (Op::Bl, target) => Flow::Call(target),
            (Op::Jirl, _) if !self.is_register(0, 0) => Flow::Call(None),
            (Op::Jirl, _) if self.is_register(1, 1) && self.offset() == Some(0) => Flow::Return,
            (Op::Jirl, _) => Flow::Jump(None),
            (Op::Beq | Op::Bge | Op::Bgeu, target) if same() => Flow::Jump(target),
            (Op::Beqz, target) if self.is_register(0, 0) => Flow::Jump(target),
            (_, Some(target)) => Flow::Branch(target),
            (Op::Syscall, _) => Flow::Syscall,
            (Op::Break, _) => Flow::Breakpoint,
            (Op::Ertn, _) => Flow::Return,
            _ => Flow::Next,
        }
    }
}

/// The instruction word; `None` if it is cut off.
pub(crate) fn word(code: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(*code.first_chunk()?))
}

pub(super) fn decode(_: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let flow = Decoded::new(word(code)?).map_or(Flow::Stop, |decoded| decoded.flow(addr));
    Some(Instruction { addr, len: 4, flow })
}

pub(super) fn text(_: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    match word(code).and_then(Decoded::new) {
        Some(decoded) if flavor == Flavor::Go => plan9::text(&decoded, addr, symbol),
        Some(decoded) => gnu::text(&decoded),
        None => "?".to_string(),
    }
}
