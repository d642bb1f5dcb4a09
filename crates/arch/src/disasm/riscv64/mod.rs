//! RISC-V, 64 bits: RV64GC with the bit-manipulation and vector extensions. Compressed instructions are shown as
//! the full ones they abbreviate.
//!
//! The texts are those of `golang.org/x/arch/riscv64/riscv64asm`, its oddities included: in Go's syntax a negation
//! of doubles is `FNESD`, and the distances of branches that have no name are counted in words of four bytes
//! even where instructions of two lie between. One difference is on purpose: x/arch puts the bits of a compressed
//! jump's distance in wrong places (Go's toolchain makes no such jump, C compilers do), and so names a wrong target.

mod compressed;
mod gnu;
mod operand;
mod plan9;
mod tables;
mod vector;

use std::sync::LazyLock;

use super::row_index::RowIndex;
use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
use operand::Field;
use tables::FORMATS;

pub(crate) use operand::Operand;
pub(crate) use tables::Op;

/// Floating-point and timer registers, which have aliases of their own.
const FFLAGS: u32 = 0x001;
const FRM: u32 = 0x002;
const FCSR: u32 = 0x003;
const CYCLE: u32 = 0xc00;
const TIME: u32 = 0xc01;
const INSTRET: u32 = 0xc02;
const CYCLEH: u32 = 0xc80;
const TIMEH: u32 = 0xc81;
const INSTRETH: u32 = 0xc82;

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

/// The rows by the opcode's five upper bits and `funct3`.
static FULL: LazyLock<RowIndex> =
    LazyLock::new(|| index(0x707c, |word| (word >> 2 & 0x1f | word >> 12 << 5) as usize));

/// The rows by the lowest two bits and `funct3` of compressed instructions.
static COMPRESSED: LazyLock<RowIndex> =
    LazyLock::new(|| index(0xe003, |word| (word & 3 | word >> 13 << 2) as usize));

fn index(key_mask: u32, key: fn(u32) -> usize) -> RowIndex {
    RowIndex::new(FORMATS.iter().map(|format| (format.mask, format.value)), key_mask, key)
}

/// The bits of one instruction.
#[derive(Clone, Copy)]
pub(crate) struct Encoding {
    word: u32,
    /// In bytes: 2 or 4.
    len: usize,
}

impl Encoding {
    /// `None` if it is cut off.
    pub(crate) fn new(code: &[u8]) -> Option<Encoding> {
        let half = u16::from_le_bytes(*code.first_chunk()?);
        if half & 3 != 3 {
            return Some(Encoding { word: half.into(), len: 2 });
        }
        Some(Encoding { word: u32::from_le_bytes(*code.first_chunk()?), len: 4 })
    }

    /// In bytes.
    pub(crate) fn len(self) -> usize {
        self.len
    }
}

/// What a vector instruction does with the mask in `v0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mask {
    None,
    /// Works only on the elements that it selects: `v0.t`.
    Selects,
    /// Takes it as an operand, as `vmerge` and `vadc` do.
    Operand,
}

/// One instruction with its operands, in the tables' order.
pub(crate) struct Decoded {
    pub(crate) op: Op,
    /// Without the mask.
    pub(crate) operands: Vec<Operand>,
    mask: Mask,
    word: u32,
}

impl Decoded {
    pub(crate) fn new(encoding: Encoding) -> Option<Decoded> {
        let Encoding { word, len } = encoding;
        let index = if len == 2 { &COMPRESSED } else { &FULL };
        let candidates = index.candidates(word).map(|row| &FORMATS[row]);
        let decoded = candidates.filter(|format| word & format.mask == format.value).find_map(|format| {
            let operands = read(format, word)?;
            let mask = match format.fields.first() {
                _ if word >> 25 & 1 == 1 => Mask::None,
                Some(Field::Vm) => Mask::Selects,
                _ => Mask::Operand,
            };
            Some(Decoded { op: format.op, operands, mask, word })
        })?;
        Some(if len == 2 { compressed::expand(decoded) } else { decoded })
    }

    fn is_vector(&self) -> bool {
        self.operands.iter().any(|operand| matches!(operand, Operand::V(_)))
    }

    /// The manual's name, in capitals.
    fn name(&self) -> &'static str {
        tables::NAMES[self.op as usize]
    }

    fn is_zero(&self, at: usize) -> bool {
        self.operands.get(at) == Some(&Operand::X(0))
    }

    /// The control and status register of `csrrw` and its kin.
    fn control_register(&self) -> Option<u32> {
        match self.operands.get(1) {
            Some(Operand::Csr(number)) => Some(*number),
            _ => None,
        }
    }

    /// The kind of access that an `ori` without a destination prefetches for (`I`, `R`, `W`), and of what.
    fn prefetch(&self) -> Option<(char, Operand)> {
        let &[Operand::X(0), Operand::X(base), Operand::Signed(value)] = &self.operands[..] else {
            return None;
        };
        let suffix = match value & 0x1f {
            0 => 'I',
            1 => 'R',
            3 => 'W',
            _ => return None,
        };
        Some((suffix, Operand::Memory { base, displacement: value & !0x1f }))
    }

    fn flow(&self, addr: u64) -> Flow {
        let target = |offset: i32| addr.wrapping_add_signed(offset.into());
        match (self.op, &self.operands[..]) {
            (Op::Jal, &[Operand::X(0), Operand::Offset(offset)]) => Flow::Jump(Some(target(offset))),
            (Op::Jal, &[_, Operand::Offset(offset)]) => Flow::Call(Some(target(offset))),
            (Op::Jalr, [Operand::X(0), Operand::Memory { base: 1, displacement: 0 }]) => Flow::Return,
            (Op::Jalr, [Operand::X(0), _]) => Flow::Jump(None),
            (Op::Jalr, _) => Flow::Call(None),
            (_, &[_, _, Operand::Offset(offset)]) => Flow::Branch(target(offset)),
            (Op::Ecall, _) => Flow::Syscall,
            (Op::Ebreak, _) => Flow::Breakpoint,
            // The assembler's `unimp`.
            (Op::Csrrw, [Operand::X(0), Operand::Csr(CYCLE), Operand::X(0)]) => Flow::Stop,
            _ => Flow::Next,
        }
    }
}

/// A fence's name and what of its operands is shown: nothing where it orders everything, as reserved ones do too.
fn fence(decoded: &Decoded) -> (&'static str, Vec<Operand>) {
    const ALL: u32 = 0xf;
    let (mode, before, after) = (decoded.word >> 28, decoded.word >> 24 & ALL, decoded.word >> 20 & ALL);
    match (mode, before, after) {
        (8, 3, 3) => ("FENCE.TSO", Vec::new()),
        (8, _, _) => ("FENCE", Vec::new()),
        (_, 1, 0) => ("PAUSE", Vec::new()),
        (0, ALL, ALL) | (1.., _, _) | (_, 0, _) | (_, _, 0) => ("FENCE", Vec::new()),
        _ => ("FENCE", decoded.operands.clone()),
    }
}

/// The operands; `None` if one holds what it must not.
fn read(format: &Format, word: u32) -> Option<Vec<Operand>> {
    match format.op {
        // With a number that is not zero it is a hint, and still shown as `nop`.
        Op::CNop => Some(Vec::new()),
        _ => {
            format.fields.iter().filter(|field| **field != Field::Vm).map(|field| field.read(word)).collect()
        }
    }
}

pub(super) fn decode(_: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let encoding = Encoding::new(code)?;
    Some(match Decoded::new(encoding) {
        Some(decoded) => Instruction { addr, len: encoding.len, flow: decoded.flow(addr) },
        None => Instruction { addr, len: 2, flow: Flow::Stop },
    })
}

pub(super) fn text(_: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    match Encoding::new(code).and_then(Decoded::new) {
        Some(decoded) if flavor == Flavor::Go => plan9::text(&decoded, addr, symbol),
        Some(decoded) => gnu::text(&decoded),
        None => "?".to_string(),
    }
}
