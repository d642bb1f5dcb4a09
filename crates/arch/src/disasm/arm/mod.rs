//! ARM, 32 bits (A32), with the floating-point extension up to VFPv3. Go does not use Thumb, so it is not decoded.
//!
//! The texts are those of `golang.org/x/arch/arm/armasm`, its oddities included: GNU's flavour writes a branch's
//! distance four bytes short (`bl .+0x4` calls what lies eight bytes on), constants that are loaded from the code
//! are not looked up, and Go's flavour writes an address as the manual does where it has no other way (`LDM`,
//! `LDRD`).
//!
//! x/arch does not know NEON and what came after ARMv7: such words are shown as `?`.

mod gnu;
mod operand;
mod plan9;
mod tables;

use std::sync::LazyLock;

use super::row_index::RowIndex;
use super::{Flavor, Flow, Instruction, Symbolizer};
use crate::Arch;
pub(crate) use operand::{Added, Mode, Operand, PC, SP};
use operand::{LR, bits};
use tables::FORMATS;
pub(crate) use tables::Op;

/// The bytes of every instruction.
const LEN: usize = 4;

/// In the place of a condition: the instruction has none.
const UNCONDITIONAL: u32 = 0xf000_0000;

/// The condition "always".
const ALWAYS: u32 = 14;

/// The rows by the bits that tell the classes of instructions apart: 27 to 20 and 7 to 4, and whether there is a
/// condition.
static INDEX: LazyLock<RowIndex> = LazyLock::new(|| {
    let rows = FORMATS.iter().map(|format| (format.mask | 0x1000_0000, format.value));
    RowIndex::new(rows, 0x1ff0_00f0, |word| (word >> 20 << 4 & 0x1ff0 | word >> 4 & 0xf) as usize)
});

/// One instruction with its operands, in the manual's order.
pub(crate) struct Decoded {
    pub(crate) op: Op,
    condition: &'static str,
    operands: Vec<Operand>,
}

impl Decoded {
    /// `None` if x/arch does not know the word.
    pub(crate) fn new(word: u32) -> Option<Decoded> {
        const CONDITIONS: [&str; 16] =
            ["EQ", "NE", "CS", "CC", "MI", "PL", "VS", "VC", "HI", "LS", "GE", "LT", "GT", "LE", "", ""];
        let condition = word >> 28;
        // Rows for conditional instructions have none of the condition's bits in their value.
        let bare = if word & UNCONDITIONAL == UNCONDITIONAL { word } else { word & !UNCONDITIONAL };
        let candidates = INDEX.candidates(bare).map(|row| &FORMATS[row]);
        candidates.filter(|format| bare & (format.mask | UNCONDITIONAL) == format.value).find_map(|format| {
            let op = format.op(word);
            if op == Op::Bkpt && condition != ALWAYS {
                return None;
            }
            let operands = format.fields.iter().map(|field| field.read(word)).collect::<Option<_>>()?;
            Some(Decoded { op, condition: CONDITIONS[condition as usize], operands })
        })
    }

    pub(crate) fn operands(&self) -> &[Operand] {
        &self.operands
    }

    /// As it is written: nothing for "always".
    pub(crate) fn condition(&self) -> &'static str {
        self.condition
    }

    /// What stands before the condition in the manual's name, and the types that stand after it.
    fn name(&self) -> (&'static str, &'static str) {
        tables::NAMES[self.op as usize]
    }

    /// The condition as it stands in Go's names.
    fn condition_suffix(&self) -> String {
        if self.condition.is_empty() { String::new() } else { format!(".{}", self.condition) }
    }

    /// The address that lies so far from where the program counter seems to be.
    fn target(addr: u64, offset: i32) -> u64 {
        u64::from((addr as u32).wrapping_add(8).wrapping_add_signed(offset))
    }

    /// What the instruction does if its condition holds. Only of branches does a condition make another kind: a
    /// conditional call is still a call, and a conditional return may be one.
    fn flow(&self, addr: u64) -> Flow {
        let target = |offset| Some(Decoded::target(addr, offset));
        match (self.op, self.operands.as_slice()) {
            (Op::B, &[Operand::Relative(offset)]) if self.condition.is_empty() => Flow::Jump(target(offset)),
            (Op::B, &[Operand::Relative(offset)]) => Flow::Branch(Decoded::target(addr, offset)),
            (Op::Bl | Op::Blx, &[Operand::Relative(offset)]) => Flow::Call(target(offset)),
            (Op::Bl | Op::Blx, _) => Flow::Call(None),
            (
                Op::Bx | Op::Bxj | Op::Mov,
                [Operand::Register(LR)] | [Operand::Register(PC), Operand::Register(LR)],
            ) => Flow::Return,
            (Op::Bx | Op::Bxj, _) => Flow::Jump(None),
            (Op::Ldr, [Operand::Register(PC), Operand::Memory { base: SP, mode: Mode::PostIndex, .. }]) => {
                Flow::Return
            }
            (Op::Ldr, [Operand::Register(PC), _]) => Flow::Jump(None),
            (Op::Pop | Op::Ldm | Op::Ldmda | Op::Ldmdb | Op::Ldmib, [.., Operand::Registers(set)])
                if set >> PC & 1 == 1 =>
            {
                Flow::Return
            }
            // How Go returns from a leaf.
            (Op::Add, [Operand::Register(PC), Operand::Register(LR), Operand::Number(0)]) => Flow::Return,
            // The return from an exception.
            (Op::SubS | Op::MovS, [Operand::Register(PC), Operand::Register(LR), ..]) => Flow::Return,
            (op, [Operand::Register(PC), ..]) if is_computed(op) => Flow::Jump(None),
            (Op::Bkpt, _) => Flow::Breakpoint,
            (Op::Svc, _) => Flow::Syscall,
            (Op::Undef, _) => Flow::Stop,
            _ => Flow::Next,
        }
    }
}

/// Whether the first operand is a register that the instruction computes.
fn is_computed(op: Op) -> bool {
    matches!(
        op,
        Op::Adc
            | Op::AdcS
            | Op::Add
            | Op::AddS
            | Op::And
            | Op::AndS
            | Op::Asr
            | Op::AsrS
            | Op::Bic
            | Op::BicS
            | Op::Eor
            | Op::EorS
            | Op::Lsl
            | Op::LslS
            | Op::Lsr
            | Op::LsrS
            | Op::Mov
            | Op::MovS
            | Op::Mvn
            | Op::MvnS
            | Op::Orr
            | Op::OrrS
            | Op::Ror
            | Op::RorS
            | Op::Rrx
            | Op::RrxS
            | Op::Rsb
            | Op::RsbS
            | Op::Rsc
            | Op::RscS
            | Op::Sbc
            | Op::SbcS
            | Op::Sub
            | Op::SubS
    )
}

/// What a word does that x/arch does not know.
fn unknown_flow(word: u32) -> Flow {
    match word {
        // What the kernel takes for a breakpoint (Linux, `arch/arm/include/uapi/asm/ptrace.h`); `runtime.breakpoint`.
        0xe7f0_01f0 | 0xe7ff_defe => Flow::Breakpoint,
        // `udf`
        _ if bits(word, 20, 8) == 0x7f && bits(word, 4, 4) == 0xf => Flow::Stop,
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

/// `add r, pc, #n`, which is how the manual's `adr` is encoded.
pub(super) fn loaded_address(addr: u64, code: &[u8]) -> Option<u64> {
    let decoded = Decoded::new(word(code)?)?;
    let pc = Operand::Register(PC);
    match (decoded.op, decoded.operands.as_slice()) {
        (Op::Add, &[Operand::Register(_), base, Operand::Number(value)]) if base == pc => {
            Some(Decoded::target(addr, value.cast_signed()))
        }
        (Op::Sub, &[Operand::Register(_), base, Operand::Number(value)]) if base == pc => {
            Some(Decoded::target(addr, value.cast_signed().wrapping_neg()))
        }
        _ => None,
    }
}
