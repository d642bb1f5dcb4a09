//! MIPS, 32 and 64 bits, either byte order: the integer and floating-point instructions of MIPS32 and MIPS64
//! release 2, and the moves between vectors and memory that Go has. What 32-bit CPUs do not have is no instruction
//! there. Paired singles, coprocessor 2 and vendors' own instructions are `?`.
//! MIPS16 and microMIPS are not decoded: Go makes neither.
//!
//! The Go project has no disassembler for it, so all flavours are GNU's text: that of `objdump` with numbers for the
//! registers of coprocessor 0, and with targets as GDB writes them, `jal 0xc289c <runtime.newobject>`. Encodings: MIPS
//! Architecture For Programmers, volume II-A (MD00086, MD00087), revision 2.62; release 6 moved some of them.
//!
//! An instruction after a branch executes before the branch is taken (the delay slot): [`Flow`] tells of each
//! instruction by itself.

mod float;
mod integer;
mod operand;

use std::sync::LazyLock;

use super::row_index::RowIndex;
use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
use operand::Operand;

/// One encoding: the bits under `mask` are `value`.
struct Format {
    mask: u32,
    value: u32,
    name: &'static str,
    operands: &'static [Operand],
    /// Only 64-bit CPUs have it.
    is_wide: bool,
}

const fn row(mask: u32, value: u32, name: &'static str, operands: &'static [Operand]) -> Format {
    Format { mask, value, name, operands, is_wide: false }
}

const fn wide(mask: u32, value: u32, name: &'static str, operands: &'static [Operand]) -> Format {
    Format { mask, value, name, operands, is_wide: true }
}

/// The rows by the major opcode and the lowest six bits.
static INDEX: LazyLock<RowIndex> = LazyLock::new(|| {
    let table = formats().map(|format| (format.mask, format.value));
    RowIndex::new(table, 0xfc00_003f, |word| (word >> 26 << 6 | word & 0x3f) as usize)
});

/// Of several encodings that fit, the first counts: that is how some settings of the operands get names of their own.
fn formats() -> impl Iterator<Item = &'static Format> {
    integer::FORMATS.iter().chain(&float::FORMATS)
}

fn format(row: usize) -> &'static Format {
    integer::FORMATS.get(row).unwrap_or_else(|| &float::FORMATS[row - integer::FORMATS.len()])
}

fn find(arch: &Arch, word: u32) -> Option<&'static Format> {
    let fits =
        |format: &&Format| word & format.mask == format.value && (arch.pointer_size == 8 || !format.is_wide);
    INDEX.candidates(word).map(format).find(fits)
}

/// The instruction word; `None` if it is cut off.
fn word(arch: &Arch, code: &[u8]) -> Option<u32> {
    Some(arch.byte_order.uint(code.get(..4)?) as u32)
}

pub(super) fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let word = word(arch, code)?;
    let flow = find(arch, word).map_or(Flow::Stop, |format| flow(arch, format, addr, word));
    Some(Instruction { addr, len: 4, flow })
}

fn flow(arch: &Arch, format: &Format, addr: u64, word: u32) -> Flow {
    let target = format.operands.last().and_then(|operand| operand.target(arch, addr, word));
    let (rs, rt) = (word >> 21 & 0x1f, word >> 16 & 0x1f);
    match (format.name, target) {
        ("jal" | "bal" | "bgezal" | "bltzal" | "bgezall" | "bltzall", target) => Flow::Call(target),
        ("j" | "b", target) => Flow::Jump(target),
        ("beq" | "beql", target) if rs == rt => Flow::Jump(target),
        (_, Some(target)) => Flow::Branch(target),
        ("jr" | "jr.hb", _) if rs == 31 => Flow::Return,
        ("jr" | "jr.hb", _) => Flow::Jump(None),
        // Without a link it is a jump.
        ("jalr" | "jalr.hb", _) if word >> 11 & 0x1f == 0 => Flow::Jump(None),
        ("jalr" | "jalr.hb", _) => Flow::Call(None),
        ("eret" | "deret", _) => Flow::Return,
        ("syscall", _) => Flow::Syscall,
        ("break" | "sdbbp", _) => Flow::Breakpoint,
        // A trap on what always holds: what Go's assembler makes of `UNDEF`.
        ("teq" | "tge" | "tgeu", _) if rs == rt => Flow::Stop,
        _ => Flow::Next,
    }
}

pub(super) fn text(arch: &Arch, addr: u64, code: &[u8], _: Flavor, symbol: Symbolizer<'_>) -> String {
    let Some((word, format)) = word(arch, code).and_then(|word| Some((word, find(arch, word)?))) else {
        return "?".to_string();
    };
    let operands = format.operands.iter();
    let args: Vec<String> = operands.map(|operand| operand.text(arch, addr, word, symbol)).collect();
    match args.as_slice() {
        [] => format.name.to_string(),
        args => format!("{} {}", format.name, args.join(",")),
    }
}
