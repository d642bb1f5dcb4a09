//! The operands of MIPS instructions: where the word holds them, and how GNU's syntax writes them.

use super::super::Symbolizer;
use crate::Arch;

/// A field of the instruction word, with the way it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// The general registers in bits 25..21, 20..16 and 15..11.
    Rs,
    Rt,
    Rd,
    /// The literal `zero`.
    Zero,
    /// A shift amount or other small number in bits 10..6.
    Amount,
    /// The lowest bit of a bit field, for those that lie in the upper half too.
    PositionPlus32,
    /// The number of bits in a field: as `ext` has it, the same plus 32, and as `ins` has it.
    Size,
    SizePlus32,
    InsertSize,
    /// As `InsertSize`, plus 32.
    InsertSizePlus32,
    /// 16 bits, signed and not.
    Signed,
    Unsigned,
    /// The distance of a branch, in words from the instruction after it.
    Branch,
    /// The target of a jump, in words within the same 256 MiB.
    Jump,
    /// A displacement from the register in bits 25..21.
    Memory,
    /// The register in bits 20..16 added to that in 25..21.
    Indexed,
    /// The number in bits 20..16: what `cache` and `pref` do.
    Hint,
    /// As `Hint`, but in bits 15..11.
    IndexedHint,
    /// The codes of `break`, `syscall`, traps: bits 25..16, 15..6 and all of 25..6.
    UpperCode,
    LowerCode,
    Code,
    /// What `wait` is told, in bits 24..6.
    WaitCode,
    /// The registers of coprocessor 0, and of the hardware that programs may read, in bits 15..11.
    System,
    Hardware,
    /// Which of the registers of that number, in bits 2..0.
    Select,
    /// Floating-point registers in bits 25..21, 20..16, 15..11 and 10..6.
    Fr,
    Ft,
    Fs,
    Fd,
    /// A floating-point control register in bits 15..11.
    Control,
    /// Condition flags, in bits 20..18 and 10..8.
    Flag,
    CompareFlag,
    /// The vector register in bits 10..6.
    Vector,
    /// A vector in memory: ten bits, times the size of an element (its binary logarithm), from bits 15..11.
    VectorMemory(u8),
    /// The number, in bits 20..11, that fills a vector.
    VectorSigned,
}

const NAMES_32: [&str; 32] = [
    "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "s0",
    "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "s8", "ra",
];

/// The names of registers 8 to 15 in the ABI that 64-bit programs have.
const NAMES_64: [&str; 8] = ["a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3"];

fn general(arch: &Arch, register: u32) -> &'static str {
    match register {
        8..=15 if arch.pointer_size == 8 => NAMES_64[register as usize - 8],
        _ => NAMES_32[register as usize & 31],
    }
}

fn control(register: u32) -> String {
    match register {
        0 => "c1_fir".to_string(),
        1 => "c1_ufr".to_string(),
        4 => "c1_unfr".to_string(),
        25 => "c1_fccr".to_string(),
        26 => "c1_fexr".to_string(),
        28 => "c1_fenr".to_string(),
        31 => "c1_fcsr".to_string(),
        _ => format!("${register}"),
    }
}

fn hardware(register: u32) -> String {
    match register {
        0 => "hwr_cpunum".to_string(),
        1 => "hwr_synci_step".to_string(),
        2 => "hwr_cc".to_string(),
        3 => "hwr_ccres".to_string(),
        _ => format!("${register}"),
    }
}

impl Operand {
    /// Where a branch or a jump goes.
    pub(super) fn target(self, arch: &Arch, addr: u64, word: u32) -> Option<u64> {
        let next = addr.wrapping_add(4);
        let target = match self {
            Operand::Branch => next.wrapping_add_signed(i64::from(word as i16) << 2),
            Operand::Jump => next & !0x0fff_ffff | u64::from(word & 0x03ff_ffff) << 2,
            _ => return None,
        };
        Some(if arch.pointer_size == 4 { target & 0xffff_ffff } else { target })
    }

    pub(super) fn text(self, arch: &Arch, addr: u64, word: u32, symbol: Symbolizer<'_>) -> String {
        let bits = |low: u32, count: u32| word >> low & ((1 << count) - 1);
        let hex = |value: u32| format!("{value:#x}");
        let register = |low: u32| general(arch, bits(low, 5));
        match self {
            Operand::Rs => register(21).to_string(),
            Operand::Rt => register(16).to_string(),
            Operand::Rd => register(11).to_string(),
            Operand::Zero => "zero".to_string(),
            Operand::Amount => hex(bits(6, 5)),
            Operand::PositionPlus32 => hex(bits(6, 5) + 32),
            Operand::Size => hex(bits(11, 5) + 1),
            Operand::SizePlus32 => hex(bits(11, 5) + 33),
            // A highest bit below the lowest is no valid field; the text still says what stands there.
            Operand::InsertSize => hex((bits(11, 5) + 1).wrapping_sub(bits(6, 5))),
            Operand::InsertSizePlus32 => hex((bits(11, 5) + 33).wrapping_sub(bits(6, 5))),
            Operand::Signed => (word as i16).to_string(),
            Operand::Unsigned => hex(word & 0xffff),
            Operand::Branch | Operand::Jump => {
                let target = self.target(arch, addr, word).unwrap_or(addr);
                match symbol(target) {
                    Some((name, 0)) => format!("{target:#x} <{name}>"),
                    Some((name, offset)) => format!("{target:#x} <{name}+{offset:#x}>"),
                    None => format!("{target:#x}"),
                }
            }
            Operand::Memory => format!("{}({})", word as i16, register(21)),
            Operand::Indexed => format!("{}({})", register(16), register(21)),
            Operand::Hint => hex(bits(16, 5)),
            Operand::IndexedHint => hex(bits(11, 5)),
            Operand::UpperCode => hex(bits(16, 10)),
            Operand::LowerCode => hex(bits(6, 10)),
            Operand::Code => hex(bits(6, 20)),
            Operand::WaitCode => hex(bits(6, 19)),
            Operand::System => format!("${}", bits(11, 5)),
            Operand::Hardware => hardware(bits(11, 5)),
            Operand::Select => bits(0, 3).to_string(),
            Operand::Fr => format!("$f{}", bits(21, 5)),
            Operand::Ft => format!("$f{}", bits(16, 5)),
            Operand::Fs => format!("$f{}", bits(11, 5)),
            Operand::Fd => format!("$f{}", bits(6, 5)),
            Operand::Control => control(bits(11, 5)),
            Operand::Flag => format!("$fcc{}", bits(18, 3)),
            Operand::CompareFlag => format!("$fcc{}", bits(8, 3)),
            Operand::Vector => format!("$w{}", bits(6, 5)),
            Operand::VectorMemory(scale) => {
                format!("{}({})", signed_10_bits(bits(16, 10)) << scale, register(11))
            }
            Operand::VectorSigned => signed_10_bits(bits(11, 10)).to_string(),
        }
    }
}

fn signed_10_bits(value: u32) -> i32 {
    (value << 22).cast_signed() >> 22
}
