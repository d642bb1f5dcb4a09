//! Operands, as they are read from an instruction's word.

use super::field::{
    Arrangement, Bank, Displacement, Field, Immediate, Lane, Mode, Select, ShiftedImmediate, Slot,
    SystemOperation, bits, system_operation,
};

/// A register of some bank, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Register {
    pub(crate) bank: Bank,
    pub(crate) number: u8,
}

/// How a register's value is widened or moved before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extend {
    None,
    Uxtb,
    Uxth,
    Uxtw,
    Uxtx,
    Sxtb,
    Sxth,
    Sxtw,
    Sxtx,
    Lsl,
    Lsr,
    Asr,
    Ror,
}

impl Extend {
    /// Of an instruction with an extended register, by its `option`.
    const OPTIONS: [Extend; 8] = [
        Extend::Uxtb,
        Extend::Uxth,
        Extend::Uxtw,
        Extend::Uxtx,
        Extend::Sxtb,
        Extend::Sxth,
        Extend::Sxtw,
        Extend::Sxtx,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Extend::None => "",
            Extend::Uxtb => "UXTB",
            Extend::Uxth => "UXTH",
            Extend::Uxtw => "UXTW",
            Extend::Uxtx => "UXTX",
            Extend::Sxtb => "SXTB",
            Extend::Sxth => "SXTH",
            Extend::Sxtw => "SXTW",
            Extend::Sxtx => "SXTX",
            Extend::Lsl => "LSL",
            Extend::Lsr => "LSR",
            Extend::Asr => "ASR",
            Extend::Ror => "ROR",
        }
    }
}

/// How the number beside a shifted one is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filling {
    Zeros,
    Ones,
}

/// One operand.
#[derive(Clone, Copy)]
pub(crate) enum Operand {
    Register(Register),
    /// Where number 31 is the stack pointer.
    StackRegister(Register),
    /// Some elements of vector registers: `count` of them one after the other in a list, or one that is in none.
    Vector {
        number: u8,
        arrangement: Arrangement,
        count: u8,
    },
    Element {
        number: u8,
        size: Bank,
        index: u8,
        count: u8,
    },
    /// With an amount that is written even if it is 0.
    Shifted {
        register: Register,
        shift: Extend,
        amount: u8,
    },
    Extended {
        register: Register,
        extend: Extend,
        amount: u8,
    },
    Memory {
        base: u8,
        mode: Mode,
        displacement: i32,
    },
    MemoryByRegister {
        base: u8,
        register: u8,
    },
    Indexed {
        base: u8,
        index: Register,
        extend: Extend,
        amount: u8,
        is_byte: bool,
    },
    /// `wide` if it is a number of 64 bits.
    Number {
        value: u64,
        is_decimal: bool,
        wide: bool,
    },
    /// A number that is written only if `shown`.
    Optional {
        value: u32,
        shown: bool,
    },
    ShiftedNumber {
        value: u32,
        amount: u32,
        filling: Filling,
    },
    Float(f64),
    /// Bytes from the instruction.
    Relative(i64),
    Condition(&'static str),
    Control(u32),
    Barrier(u32),
    Prefetch(u32),
    ProcessorState(&'static str),
    SystemRegister {
        op0: u32,
        op1: u32,
        crn: u32,
        crm: u32,
        op2: u32,
    },
    Operation {
        operation: &'static SystemOperation,
        register: Option<u8>,
    },
}

impl Field {
    /// `None` where the field holds what this operand cannot be.
    pub(super) fn read(&self, word: u32) -> Option<Operand> {
        Some(match *self {
            Field::Register(bank, slot) => register(bank, slot.read(word)),
            Field::StackRegister(bank, slot) => {
                Operand::StackRegister(Register { bank, number: slot.read(word) })
            }
            Field::RegisterByBit31 => {
                let bank = if word >> 31 == 0 { Bank::W } else { Bank::X };
                register(bank, Slot::Rd.read(word))
            }
            Field::RegisterByImm5 => {
                let choices = [(1, Bank::W), (2, Bank::W), (4, Bank::W), (8, Bank::X)];
                register(Select::Imm5.choose(word, &choices)?, Slot::Rn.read(word))
            }
            Field::Scalar(slot, select, choices) => register(select.choose(word, choices)?, slot.read(word)),
            Field::Vector(slot, select, choices, count) => {
                Operand::Vector { number: slot.read(word), arrangement: select.choose(word, choices)?, count }
            }
            Field::Element(slot, lane, count) => element(word, slot, lane, count)?,
            Field::Shifted(bank, rotates) => shifted(word, bank, rotates)?,
            Field::Extended(bank) => extended(word, bank),
            Field::Memory(mode, displacement) => memory(word, mode, displacement),
            Field::Indexed(amount, is_byte) => indexed(word, amount, is_byte)?,
            Field::Imm(immediate) => number(word, immediate)?,
            Field::ImmShift(immediate) => shifted_number(word, immediate)?,
            Field::Label(at, len) => Operand::Relative(sign_extend(bits(word, at, len), len) << 2),
            Field::Address => Operand::Relative(page_offset(word)),
            Field::PageAddress => Operand::Relative(page_offset(word) << 12),
            Field::Cond(at, invert) => condition(bits(word, at, 4), invert)?,
            Field::Control(at) => Operand::Control(bits(word, at, 4)),
            Field::Barrier => Operand::Barrier(bits(word, 8, 4)),
            Field::InstructionBarrier => match bits(word, 8, 4) {
                15 => Operand::Barrier(15),
                other => narrow(other, false),
            },
            Field::Prefetch => Operand::Prefetch(bits(word, 0, 5)),
            Field::ProcessorState => match (bits(word, 16, 3), bits(word, 5, 3)) {
                (0, 5) => Operand::ProcessorState("SPSel"),
                (3, 6) => Operand::ProcessorState("DAIFSet"),
                (3, 7) => Operand::ProcessorState("DAIFClr"),
                _ => return None,
            },
            Field::SystemRegister => Operand::SystemRegister {
                op0: bits(word, 19, 2),
                op1: bits(word, 16, 3),
                crn: bits(word, 12, 4),
                crm: bits(word, 8, 4),
                op2: bits(word, 5, 3),
            },
            Field::Operation => {
                let operation = system_operation(word)?;
                let register = Slot::Rd.read(word);
                if !operation.has_register && register != 31 {
                    return None;
                }
                Operand::Operation { operation, register: operation.has_register.then_some(register) }
            }
        })
    }
}

fn register(bank: Bank, number: u8) -> Operand {
    Operand::Register(Register { bank, number })
}

fn sign_extend(value: u32, len: u32) -> i64 {
    let shift = 64 - len;
    i64::from(value) << shift >> shift
}

fn page_offset(word: u32) -> i64 {
    sign_extend(bits(word, 5, 19) << 2 | bits(word, 29, 2), 21)
}

fn narrow(value: u32, is_decimal: bool) -> Operand {
    Operand::Number { value: value.into(), is_decimal, wide: false }
}

fn element(word: u32, slot: Slot, lane: Lane, count: u8) -> Option<Operand> {
    let mut number = slot.read(word);
    let (imm5, imm4) = (bits(word, 16, 5), bits(word, 11, 4));
    let (h, l, m) = (bits(word, 11, 1), bits(word, 21, 1), bits(word, 20, 1));
    let by_imm5 = |sizes: &[Bank]| {
        let shift = bits(imm5, 0, 4).trailing_zeros();
        let size = [Bank::B, Bank::H, Bank::S, Bank::D].get(shift as usize).copied();
        size.filter(|size| sizes.contains(size)).map(|size| (size, shift))
    };
    let (size, index) = match lane {
        Lane::Upper(size) => (size, 1),
        Lane::ByImm5(sizes) => by_imm5(sizes).map(|(size, shift)| (size, imm5 >> (shift + 1)))?,
        Lane::ByImm4(sizes) => by_imm5(sizes).map(|(size, shift)| (size, imm4 >> shift))?,
        Lane::ByImm5Top(size) => (size, imm5 >> 3),
        Lane::ByBit20(size) => (size, m),
        Lane::BySize => match bits(word, 22, 2) {
            1 => {
                number &= 0xf;
                (Bank::H, h << 2 | l << 1 | m)
            }
            2 => (Bank::S, h << 1 | l),
            _ => return None,
        },
        Lane::BySz => match (bits(word, 22, 1), l) {
            (0, _) => (Bank::S, h << 1 | l),
            (_, 0) => (Bank::D, h),
            _ => return None,
        },
        Lane::Accessed(size) => {
            let whole = bits(word, 30, 1) << 3 | bits(word, 12, 1) << 2 | bits(word, 10, 2);
            (size, whole >> [Bank::B, Bank::H, Bank::S, Bank::D].iter().position(|&b| b == size)?)
        }
    };
    Some(Operand::Element { number, size, index: index as u8, count })
}

fn shifted(word: u32, bank: Bank, rotates: bool) -> Option<Operand> {
    let greatest = if bank == Bank::W { 31 } else { 63 };
    let amount = bits(word, 10, 6);
    let shift = match bits(word, 22, 2) {
        0 if amount == 0 => Extend::None,
        0 => Extend::Lsl,
        1 => Extend::Lsr,
        2 => Extend::Asr,
        _ if rotates => Extend::Ror,
        _ => return None,
    };
    let register = Register { bank, number: Slot::Rm.read(word) };
    (amount <= greatest).then_some(Operand::Shifted { register, shift, amount: amount as u8 })
}

fn extended(word: u32, bank: Bank) -> Operand {
    let (option, amount) = (bits(word, 13, 3), bits(word, 10, 3));
    let sets_flags = bits(word, 29, 1) == 1;
    let uses_stack = Slot::Rn.read(word) == 31 || !sets_flags && Slot::Rd.read(word) == 31;
    // With the stack pointer, the extension that changes nothing is written as the shift that it is.
    let is_plain = option == if bank == Bank::W { 2 } else { 3 };
    let extend = match (is_plain && uses_stack, amount) {
        (true, 0) => Extend::None,
        (true, _) => Extend::Lsl,
        _ => Extend::OPTIONS[option as usize],
    };
    let bank = if bank == Bank::X && option & 3 == 3 { Bank::X } else { Bank::W };
    let register = Register { bank, number: Slot::Rm.read(word) };
    Operand::Extended { register, extend, amount: amount as u8 }
}

fn memory(word: u32, mode: Mode, displacement: Displacement) -> Operand {
    let base = Slot::Rn.read(word);
    let displacement = match displacement {
        Displacement::Zero => 0,
        Displacement::Unsigned12(scale) => bits(word, 10, 12) as i32 * scale,
        Displacement::Signed7(scale) => sign_extend(bits(word, 15, 7), 7) as i32 * scale,
        Displacement::Signed9 => sign_extend(bits(word, 12, 9), 9) as i32,
        Displacement::Bytes(bytes) => bytes,
        Displacement::BytesByQ(bytes) => bytes << bits(word, 30, 1),
        Displacement::BytesBySize(bytes) => bytes << bits(word, 10, 2),
        Displacement::ByRegister => {
            return Operand::MemoryByRegister { base, register: Slot::Rm.read(word) };
        }
    };
    Operand::Memory { base, mode, displacement }
}

fn indexed(word: u32, amount: u8, is_byte: bool) -> Option<Operand> {
    let option = bits(word, 13, 3);
    let extend = match option {
        2 => Extend::Uxtw,
        3 => Extend::Lsl,
        6 => Extend::Sxtw,
        7 => Extend::Sxtx,
        _ => return None,
    };
    let bank = if option & 1 == 1 { Bank::X } else { Bank::W };
    Some(Operand::Indexed {
        base: Slot::Rn.read(word),
        index: Register { bank, number: Slot::Rm.read(word) },
        extend,
        amount: amount * bits(word, 12, 1) as u8,
        is_byte,
    })
}

fn shifted_number(word: u32, immediate: ShiftedImmediate) -> Option<Operand> {
    let byte = bits(word, 16, 3) << 5 | bits(word, 5, 5);
    let (value, amount, filling) = match immediate {
        ShiftedImmediate::AddSub => match bits(word, 22, 2) {
            shift @ 0..=1 => (bits(word, 10, 12), shift * 12, Filling::Zeros),
            _ => return None,
        },
        ShiftedImmediate::Wide(greatest) => {
            let amount = bits(word, 21, 2) * 16;
            if amount > greatest {
                return None;
            }
            (bits(word, 5, 16), amount, Filling::Zeros)
        }
        ShiftedImmediate::Ones => (byte, 8 << bits(word, 12, 1), Filling::Ones),
        ShiftedImmediate::Half => (byte, 8 * bits(word, 13, 1), Filling::Zeros),
        ShiftedImmediate::Single => (byte, 8 * bits(word, 13, 2), Filling::Zeros),
        ShiftedImmediate::Byte => (byte, 0, Filling::Zeros),
    };
    Some(Operand::ShiftedNumber { value, amount, filling })
}

fn number(word: u32, immediate: Immediate) -> Option<Operand> {
    let (imms, immr) = (bits(word, 10, 6), bits(word, 16, 6));
    let decimal = |value| narrow(value, true);
    let wide = |value| Operand::Number { value, is_decimal: false, wide: true };
    Some(match immediate {
        Immediate::Hex(at, len, greatest) | Immediate::Decimal(at, len, greatest) => {
            let value = bits(word, at, len);
            if value > greatest {
                return None;
            }
            narrow(value, matches!(immediate, Immediate::Decimal(..)))
        }
        Immediate::TestedBit => decimal(bits(word, 31, 1) << 5 | bits(word, 19, 5)),
        Immediate::Unless15 => optional(bits(word, 8, 4), 15),
        Immediate::Unless0 => optional(bits(word, 5, 16), 0),
        Immediate::Bitmask(size) => wide(bitmask(word, size)?),
        Immediate::MoveWide(32, inverted) => {
            let shift = bits(word, 21, 2) * 16;
            if shift > 16 {
                return None;
            }
            let value = bits(word, 5, 16) << shift;
            narrow(if inverted { !value } else { value }, false)
        }
        Immediate::MoveWide(_, inverted) => {
            let value = u64::from(bits(word, 5, 16)) << (bits(word, 21, 2) * 16);
            wide(if inverted { !value } else { value })
        }
        Immediate::ByteMask => {
            let mask = bits(word, 16, 3) << 5 | bits(word, 5, 5);
            wide((0..8).filter(|bit| mask >> bit & 1 == 1).map(|bit| 0xff << (bit * 8)).sum())
        }
        Immediate::ScalarFloat => Operand::Float(float(bits(word, 13, 8))),
        Immediate::VectorFloat => Operand::Float(float(bits(word, 16, 3) << 5 | bits(word, 5, 5))),
        Immediate::FractionBits(greatest) => {
            let fraction = 64 - imms;
            if fraction > greatest {
                return None;
            }
            decimal(fraction)
        }
        Immediate::Nought => decimal(0),
        Immediate::ByteIndex => match (bits(word, 30, 1), bits(word, 11, 4)) {
            (0, 8..) => return None,
            (_, index) => decimal(index),
        },
        Immediate::ElementWidth => decimal(Some(8 << bits(word, 22, 2)).filter(|&width| width < 64)?),
        Immediate::LeftShiftOf(size) => decimal((size - 1).checked_sub(imms)?),
        Immediate::PositionFromTop(size) => decimal(size.checked_sub(immr).filter(|&position| position > 0)?),
        Immediate::WidthFromZero(size) => decimal(Some(imms + 1).filter(|&width| width <= size)?),
        Immediate::WidthFromPosition(size) => {
            let width = (imms + 1).checked_sub(immr).filter(|&width| width >= 1 && width + immr <= size)?;
            decimal(width)
        }
        Immediate::ElementLeftShift(sizes) => {
            let (size, value) = element_shift(word, sizes)?;
            decimal(value - size)
        }
        Immediate::ElementRightShift(sizes) => {
            let (size, value) = element_shift(word, sizes)?;
            decimal(2 * size - value)
        }
    })
}

fn optional(value: u32, hidden: u32) -> Operand {
    Operand::Optional { value, shown: value != hidden }
}

/// The element's bits and the number in `immh` and `immb`, if the size is one of the set.
fn element_shift(word: u32, sizes: u32) -> Option<(u32, u32)> {
    let value = bits(word, 16, 7);
    let size = Select::Immh.key(word);
    (size & sizes != 0).then_some((size * 8, value))
}

/// DecodeBitMasks of the manual: ones, rotated, in elements that are repeated.
fn bitmask(word: u32, size: u32) -> Option<u64> {
    let (n, imms, immr) = (bits(word, 22, 1), bits(word, 10, 6), bits(word, 16, 6));
    let len = (n << 6 | !imms & 0x3f).checked_ilog2().filter(|&len| len > 0)?;
    let element = 1 << len;
    if element > size {
        return None;
    }
    let levels = element - 1;
    let (ones, rotation) = (imms & levels, immr & levels);
    // Of 64 ones, none is shifted out: as in x/arch, the mask is all ones.
    let run = u64::MAX >> (63 - ones);
    let mask = u64::MAX >> (64 - element);
    let turned = (run >> rotation | run.checked_shl(element - rotation).unwrap_or(0)) & mask;
    Some((0..size).step_by(element as usize).fold(0, |value, at| value | turned << at))
}

/// VFPExpandImm of the manual.
fn float(byte: u32) -> f64 {
    let exponent = (1 - bits(byte, 6, 1)) << 2 | bits(byte, 4, 2);
    let value = f64::from(16 + bits(byte, 0, 4)) / 16.0 * f64::from(exponent as i32 - 3).exp2();
    if byte >> 7 == 0 { value } else { -value }
}

fn condition(value: u32, invert: bool) -> Option<Operand> {
    const NAMES: [&str; 16] =
        ["EQ", "NE", "CS", "CC", "MI", "PL", "VS", "VC", "HI", "LS", "GE", "LT", "GT", "LE", "AL", "AL"];
    // What always holds has no opposite.
    if invert && value >= 14 {
        return None;
    }
    Some(Operand::Condition(NAMES[(value ^ u32::from(invert)) as usize]))
}
