//! ARM64 (A64), with the floating-point, vector and cryptographic extensions.
//!
//! The texts are those of `golang.org/x/arch/arm64/arm64asm`, its oddities included: GNU's flavour writes a
//! distance backwards without its sign (`.+0xfffffffffffffffc`) and is no more than the manual's names in small
//! letters; Go's writes the shift of `movi`'s ones 128 too high, and post-indexes by a register as `(R1)(R2)`.
//! A space that x/arch leaves behind an opcode without operands is left out.
//!
//! x/arch does not know what came after ARMv8.0: atomics (`ldadd`, `cas`), pointer authentication, SVE. Such words
//! are shown as `?`, as the Go project's tools do, but what they do to the program counter is told.

mod field;
mod gnu;
mod operand;
mod plan9;
mod tables;

use std::sync::LazyLock;

use super::row_index::RowIndex;
use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
use field::bits;
pub(crate) use field::{Bank, Mode};
pub(crate) use operand::{Operand, Register};
use tables::FORMATS;
pub(crate) use tables::Op;

/// The bytes of every instruction.
const LEN: usize = 4;

/// The rows by the uppermost eleven bits, and the two that tell loads and stores apart.
static INDEX: LazyLock<RowIndex> = LazyLock::new(|| {
    let rows = FORMATS.iter().map(|format| (format.mask, format.value));
    RowIndex::new(rows, 0xffe0_0c00, |word| (word >> 21 << 2 | word >> 10 & 3) as usize)
});

/// One instruction with its operands, in the manual's order.
pub(crate) struct Decoded {
    pub(crate) op: Op,
    operands: Vec<Operand>,
}

impl Decoded {
    /// `None` if x/arch does not know the word.
    pub(crate) fn new(word: u32) -> Option<Decoded> {
        let candidates = INDEX.candidates(word).map(|row| &FORMATS[row]);
        candidates.filter(|format| word & format.mask == format.value && format.when.holds(word)).find_map(
            |format| {
                let operands = format.fields.iter().map(|field| field.read(word)).collect::<Option<_>>()?;
                Some(Decoded { op: format.op, operands })
            },
        )
    }

    /// The manual's name, in capitals.
    fn name(&self) -> &'static str {
        tables::NAMES[self.op as usize]
    }

    pub(crate) fn operands(&self) -> &[Operand] {
        &self.operands
    }

    /// The address in the instruction itself, given its own.
    fn target(&self, addr: u64) -> Option<u64> {
        self.operands.iter().find_map(|operand| match operand {
            Operand::Relative(offset) => Some(addr.wrapping_add_signed(*offset)),
            _ => None,
        })
    }

    fn flow(&self, addr: u64) -> Flow {
        match self.op {
            Op::Bl => Flow::Call(self.target(addr)),
            Op::Blr => Flow::Call(None),
            Op::Br => Flow::Jump(None),
            Op::Ret | Op::Eret | Op::Drps => Flow::Return,
            Op::B if self.operands.len() == 1 => Flow::Jump(self.target(addr)),
            Op::B | Op::Cbz | Op::Cbnz | Op::Tbz | Op::Tbnz => {
                self.target(addr).map_or(Flow::Next, Flow::Branch)
            }
            Op::Brk => Flow::Breakpoint,
            Op::Svc => Flow::Syscall,
            Op::Hlt | Op::Dcps1 | Op::Dcps2 | Op::Dcps3 => Flow::Stop,
            _ => Flow::Next,
        }
    }
}

/// What a word does that x/arch does not know ("A64 instruction set encoding" of the manual).
fn unknown_flow(word: u32) -> Flow {
    // Branches whose target, or the link register, is authenticated: `braa`, `blraa`, `retaa`, `eretaa`.
    if word & 0xfe1f_f800 == 0xd61f_0800 {
        return match bits(word, 21, 4) {
            0b0000 | 0b1000 => Flow::Jump(None),
            0b0001 | 0b1001 => Flow::Call(None),
            0b0010 | 0b0100 => Flow::Return,
            _ => Flow::Stop,
        };
    }
    // Calls of a hypervisor or of the secure world come back: `hvc`, `smc`.
    let comes_back = word >> 24 == 0xd5 || word & 0xffe0_001e == 0xd400_0002;
    match bits(word, 25, 4) {
        0b1010 | 0b1011 if !comes_back => Flow::Stop,
        0b0001 | 0b0011 => Flow::Stop,
        // `udf`
        _ if word >> 16 == 0 => Flow::Stop,
        _ => Flow::Next,
    }
}

fn word(code: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(*code.first_chunk()?))
}

pub(super) fn decode(_: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let word = word(code)?;
    let flow = Decoded::new(word).map_or_else(|| unknown_flow(word), |decoded| decoded.flow(addr));
    Some(Instruction { addr, len: LEN, flow })
}

pub(super) fn text(_: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    match word(code).and_then(Decoded::new) {
        Some(decoded) if flavor == Flavor::Go => plan9::text(&decoded, addr, symbol),
        Some(decoded) => gnu::text(&decoded),
        None => "?".to_string(),
    }
}

pub(super) fn loaded_address(addr: u64, code: &[u8]) -> Option<u64> {
    let decoded = Decoded::new(word(code)?)?;
    if decoded.op != Op::Adr {
        return None;
    }
    decoded.target(addr)
}
