//! 64-bit Power, of either byte order, with VSX and the prefixed instructions of POWER10 (ISA 3.1).
//!
//! The texts are those of `golang.org/x/arch/ppc64/ppc64asm`, also where it differs from the assemblers:
//! - Reserved bits are not looked at, as GNU's objdump does not.
//! - The Go flavour calls what it has no name of its own for by GNU's name in capitals, mostly with the destination last,
//!   and shows prefixed loads and stores with their flag for the PC as one more operand.
//! - A base register 0, which is none, is `0`, but `r0` or `R0` in many loads and stores with an index register.
//!
//! What is no instruction is `?`. A word of zeros, with which Go pads functions and traps, is `WORD $0` or `.long 0x0`.

mod format;
mod gnu;
mod names;
mod plan9;
mod tables;

use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
use format::{Operand, Row};

/// One instruction, taken apart.
struct Code {
    addr: u64,
    /// The instruction's one word in the upper half, or prefix and suffix.
    word: u64,
    row: &'static Row,
    operands: Vec<Operand>,
}

/// What the bytes at an address are.
enum Word {
    /// All zeros.
    Zero,
    Unknown,
    Known(Code),
}

pub(super) fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let (word, len) = fetch(arch, code)?;
    Some(match take_apart(addr, word) {
        Word::Known(code) => Instruction { addr, len, flow: flow(&code) },
        Word::Zero | Word::Unknown => Instruction { addr, len: 4, flow: Flow::Stop },
    })
}

pub(super) fn text(arch: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    let word = fetch(arch, code).map(|(word, _)| take_apart(addr, word));
    match (word, flavor) {
        (None | Some(Word::Unknown), _) => "?".to_string(),
        (Some(Word::Zero), Flavor::Go) => "WORD $0".to_string(),
        (Some(Word::Zero), _) => ".long 0x0".to_string(),
        (Some(Word::Known(code)), Flavor::Go) => plan9::text(&code, symbol),
        (Some(Word::Known(code)), _) => gnu::text(&code),
    }
}

/// The instruction's bits and its length in bytes; `None` where the bytes are cut off.
fn fetch(arch: &Arch, code: &[u8]) -> Option<(u64, usize)> {
    let first = arch.byte_order.uint(code.get(..4)?) << 32;
    if first >> 58 != 1 {
        return Some((first, 4));
    }
    Some((first | arch.byte_order.uint(code.get(4..8)?), 8))
}

fn take_apart(addr: u64, word: u64) -> Word {
    match format::find(word) {
        Some(row) => Word::Known(Code { addr, word, row, operands: row.operands(word) }),
        None if word == 0 => Word::Zero,
        None => Word::Unknown,
    }
}

impl Code {
    fn name(&self) -> &'static str {
        self.row.name
    }

    /// The number of operand `index`, where that is an immediate.
    fn immediate(&self, index: usize) -> i64 {
        match self.operands.get(index) {
            Some(Operand::Immediate(value)) => *value,
            _ => 0,
        }
    }

    /// Where a branch to an address in the instruction goes.
    fn target(&self) -> Option<u64> {
        self.operands.iter().find_map(|operand| match operand {
            Operand::Relative(distance) => Some(self.addr.wrapping_add_signed(*distance)),
            // The address is sign-extended: the upper 32 MB of memory can be reached, too.
            Operand::Absolute(addr) => Some(i64::from(addr.cast_signed()).cast_unsigned()),
            _ => None,
        })
    }

    /// A branch whose condition (`BO`) is none.
    fn is_unconditional(&self) -> bool {
        self.immediate(0) & 0x14 == 0x14
    }
}

/// Where a branch that may also not be taken has no target in the instruction, the flow is that of one that is
/// taken: a conditional return (`beqlr`) is a [`Flow::Return`]. Go emits none of these; C compilers do.
fn flow(code: &Code) -> Flow {
    let target = code.target();
    match code.name() {
        "b" | "ba" => Flow::Jump(target),
        "bl" | "bla" => Flow::Call(target),
        // The idiom by which position-independent code learns its address.
        "bcl" if code.is_unconditional() && target == Some(code.addr.wrapping_add(4)) => Flow::Next,
        "bcl" | "bcla" => Flow::Call(target),
        "bc" | "bca" if code.is_unconditional() => Flow::Jump(target),
        "bc" | "bca" => target.map_or(Flow::Next, Flow::Branch),
        "bclr" => Flow::Return,
        "bcctr" | "bctar" | "rfid" | "hrfid" | "rfscv" | "rfebb" | "urfid" => Flow::Jump(None),
        "bclrl" | "bcctrl" | "bctarl" => Flow::Call(None),
        "sc" | "scv" => Flow::Syscall,
        // `trap`: the comparison of a register with itself that all of the conditions hold for.
        "tw" if code.word >> 32 == 0x7fe0_0008 => Flow::Breakpoint,
        _ => Flow::Next,
    }
}
