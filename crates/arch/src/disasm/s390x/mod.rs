//! IBM Z, with the vector facilities.
//!
//! The texts are those of `golang.org/x/arch/s390x/s390xasm`, also where assemblers would not take them:
//! - GNU's flavour leaves the parentheses of operands without a base register open (`8(%r1`), and has the short names
//!   of vector instructions for some of their element sizes only.
//! - The Go flavour calls every `BCR` whose mask is 15 `RET`, also where it is a jump through another register than
//!   the link register; what the instruction does is in its [`Flow`].
//! - `SVC` is `SYSALL`, and the distance of a branch without a symbol is counted in the branch's own lengths.
//! - Element sizes that the machine refuses are said to be a "specification exception", in the Go flavour only.
//!
//! Differences: where s390xasm shows its own failure to read register 13 as a number (`AR`, `ALCGR`), or ends with
//! a panic (`VISTR` in GNU's flavour), the instruction is shown; and no text ends with a space and a line feed.

mod extended;
mod format;
mod gnu;
mod names;
mod plan9;
mod plan9_vector;
mod tables;

use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
use format::{Operand, Row};

/// One instruction, taken apart.
struct Code {
    addr: u64,
    /// In bytes: 2, 4 or 6.
    len: usize,
    row: &'static Row,
    operands: Vec<Operand>,
}

pub(super) fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let (word, len) = fetch(code)?;
    Some(match take_apart(addr, word, len) {
        Some(code) => Instruction { addr, len, flow: flow(&code) },
        None if code.starts_with(arch.breakpoint) => Instruction { addr, len: 2, flow: Flow::Breakpoint },
        None => Instruction { addr, len: 2, flow: Flow::Stop },
    })
}

pub(super) fn text(_: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    match fetch(code).and_then(|(word, len)| take_apart(addr, word, len)) {
        None => "?".to_string(),
        Some(code) if flavor == Flavor::Go => plan9::text(&code, symbol),
        Some(code) => gnu::text(&code),
    }
}

/// The instruction's bits, left-aligned, and its length in bytes, which the first two bits tell. `None` where the
/// bytes are cut off.
fn fetch(code: &[u8]) -> Option<(u64, usize)> {
    let len = match code.first()? >> 6 {
        0 => 2,
        3 => 6,
        _ => 4,
    };
    let mut bytes = [0; 8];
    bytes[..len].copy_from_slice(code.get(..len)?);
    Some((u64::from_be_bytes(bytes), len))
}

fn take_apart(addr: u64, word: u64, len: usize) -> Option<Code> {
    let row = format::find(word)?;
    Some(Code { addr, len, row, operands: row.operands(word) })
}

impl Code {
    fn name(&self) -> &'static str {
        self.row.name
    }

    /// The number of operand `index`, where that is an immediate.
    fn immediate(&self, index: usize) -> Option<i64> {
        match self.operands.get(index) {
            Some(Operand::Immediate(value)) => Some(*value),
            _ => None,
        }
    }

    /// The mask that operand `index` is.
    fn mask(&self, index: usize) -> Option<u8> {
        match self.operands.get(index) {
            Some(Operand::Mask(mask)) => Some(*mask),
            _ => None,
        }
    }

    /// Where a relative operand points.
    fn target(&self) -> Option<u64> {
        self.operands.iter().find_map(|operand| match operand {
            Operand::Relative(distance) => Some(self.addr.wrapping_add_signed(*distance)),
            _ => None,
        })
    }

    /// Vector instructions have the operands' fifth bits as their last operand, which is not shown.
    fn is_vector(&self) -> bool {
        let name = self.name();
        name.starts_with('v') || name.contains("wfc") || name.contains("wfk")
    }
}

/// The register by which functions return.
const LINK: u8 = 14;

/// Where a branch that may also not be taken has no target in the instruction, the flow is that of one that is
/// taken: a conditional return (`ber %r14`) is a [`Flow::Return`]. Go emits none of these; C compilers do.
fn flow(code: &Code) -> Flow {
    let target = code.target();
    let last = code.operands.last();
    // Branches by register 0 are none.
    let register = match last {
        Some(Operand::Register('r', number)) => *number,
        _ => 0,
    };
    match code.name() {
        "brc" | "brcl" => match (code.mask(0), target) {
            (Some(15), _) => Flow::Jump(target),
            (Some(1..), Some(target)) => Flow::Branch(target),
            _ => Flow::Next,
        },
        "bcr" => match (code.mask(0), register) {
            (Some(0), _) | (_, 0) => Flow::Next,
            (_, LINK) => Flow::Return,
            _ => Flow::Jump(None),
        },
        "bc" if code.mask(0) == Some(0) => Flow::Next,
        "bc" | "bic" => Flow::Jump(None),
        "crj" | "cgrj" | "clrj" | "clgrj" | "cij" | "cgij" | "clij" | "clgij" | "brct" | "brctg"
        | "brcth" | "brxh" | "brxhg" | "brxle" | "brxlg" => target.map_or(Flow::Next, Flow::Branch),
        "crb" | "cgrb" | "clrb" | "clgrb" | "cib" | "cgib" | "clib" | "clgib" | "bct" | "bctg" | "bxh"
        | "bxhg" | "bxle" | "bxleg" => Flow::Jump(None),
        "bctr" | "bctgr" | "bsm" if register == 0 => Flow::Next,
        "bctr" | "bctgr" | "bsm" => Flow::Jump(None),
        "bras" | "brasl" => Flow::Call(target),
        "balr" | "basr" | "bassm" if register == 0 => Flow::Next,
        "balr" | "basr" | "bassm" | "bal" | "bas" => Flow::Call(None),
        "svc" => Flow::Syscall,
        "lpsw" | "lpswe" | "lpswey" | "pr" => Flow::Jump(None),
        _ => Flow::Next,
    }
}
