//! How instructions are encoded, and the operands that are read from their words.

use super::tables::Op;

/// `len` bits of `word` from bit `at`.
pub(super) fn bits(word: u32, at: u32, len: u32) -> u32 {
    word >> at & ((1 << len) - 1)
}

/// One encoding: the bits under `mask` are `value`. The condition is never under the mask; where there is none, all
/// of its bits are set in the value.
pub(super) struct Format {
    pub(super) mask: u32,
    pub(super) value: u32,
    ops: &'static [Op],
    /// First bits and lengths of the fields that choose from `ops`, from the lowest bit of the choice.
    chosen_by: &'static [(u32, u32)],
    pub(super) fields: &'static [Field],
}

pub(super) const fn row(
    mask: u32,
    value: u32,
    ops: &'static [Op],
    chosen_by: &'static [(u32, u32)],
    fields: &'static [Field],
) -> Format {
    Format { mask, value, ops, chosen_by, fields }
}

impl Format {
    pub(super) fn op(&self, word: u32) -> Op {
        let (mut choice, mut shift) = (0, 0);
        for &(at, len) in self.chosen_by {
            choice |= bits(word, at, len) << shift;
            shift += len;
        }
        self.ops[choice as usize]
    }
}

/// How the operand of a load or store makes an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AddressMode {
    /// As the bits P and W say.
    Written,
    Offset,
    PostIndex,
}

/// What is added to the base, or taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Displacement {
    Bytes12,
    /// In two halves.
    Bytes8,
    Words8,
    Index,
    ShiftedIndex,
}

/// Where a floating-point register's number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FloatSlot {
    Vd,
    Vn,
    Vm,
}

impl FloatSlot {
    /// The four bits of the number and the one that stands apart.
    fn read(self, word: u32) -> (u32, u32) {
        let (at, apart) = match self {
            FloatSlot::Vd => (12, 22),
            FloatSlot::Vn => (16, 7),
            FloatSlot::Vm => (0, 5),
        };
        (bits(word, at, 4), bits(word, apart, 1))
    }

    fn single(self, word: u32) -> Operand {
        let (number, apart) = self.read(word);
        Operand::Single((number << 1 | apart) as u8)
    }

    fn double(self, word: u32) -> u8 {
        let (number, apart) = self.read(word);
        (apart << 4 | number) as u8
    }
}

/// How one operand is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// By its first bit.
    Register(u32),
    /// The other of a pair whose first is here.
    Second(u32),
    /// With the flags in the place of the program counter.
    RegisterOrFlags,
    StackPointer,
    Flags,
    FloatFlags,
    Shifted,
    ShiftedByRegister,
    Rotated,
    Single(FloatSlot),
    /// Single or double as bit 8 says.
    Float(FloatSlot),
    /// The other way round.
    OtherFloat(FloatSlot),
    HalfOfDouble,
    /// Eight bits and by how much they are rotated.
    Rotation,
    Endian,
    FractionBits,
    Nought,
    Bits(u32, u32),
    PlusOne(u32, u32),
    /// Where 0 stands for 32.
    ShiftAmount,
    NonZero,
    /// First bit and length of the upper part, length of the lower one, which is at bit 0.
    Split(u32, u32, u32),
    BitsWidth,
    Label,
    ThumbLabel,
    /// A place near the program counter.
    Literal,
    /// The base of `ldm` and its kin.
    Multiple,
    Base,
    Memory(AddressMode, Displacement),
    /// A set that has at least so many.
    Registers(u32),
    OneRegister,
}

/// How a register's value is moved before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shift {
    Lsl,
    Lsr,
    Asr,
    Ror,
    /// By one bit, through the carry.
    Rrx,
}

impl Shift {
    pub(super) fn name(self) -> &'static str {
        match self {
            Shift::Lsl => "LSL",
            Shift::Lsr => "LSR",
            Shift::Asr => "ASR",
            Shift::Ror => "ROR",
            Shift::Rrx => "RRX",
        }
    }

    fn read(word: u32) -> Shift {
        match bits(word, 5, 2) {
            0 => Shift::Lsl,
            1 => Shift::Lsr,
            2 => Shift::Asr,
            _ => Shift::Ror,
        }
    }

    /// With the number of bits, of which 0 stands for something else where it would do nothing.
    fn with_amount(word: u32) -> (Shift, u8) {
        match (Shift::read(word), bits(word, 7, 5) as u8) {
            (shift @ (Shift::Lsr | Shift::Asr), 0) => (shift, 32),
            (Shift::Ror, 0) => (Shift::Rrx, 1),
            other => other,
        }
    }
}

/// How an address is made of base and displacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Offset,
    /// The base is changed before.
    PreIndex,
    /// The base is changed after.
    PostIndex,
}

/// What is added to a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    Bytes(i32),
    Index { register: u8, negative: bool, shift: Shift, amount: u8 },
}

/// One operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Register(u8),
    Flags,
    FlagsOfFloat,
    FloatFlags,
    Single(u8),
    Double(u8),
    /// The lower or upper half of a double.
    Half(u8, u32),
    Number(u32),
    /// A number in an encoding that is not the shortest.
    Rotated {
        value: u32,
        by: u32,
    },
    BigEndian(bool),
    /// Bytes from where the program counter seems to be, which is eight after the instruction.
    Relative(i32),
    Shifted {
        register: u8,
        shift: Shift,
        amount: u8,
    },
    ShiftedByRegister {
        register: u8,
        shift: Shift,
        by: u8,
    },
    Memory {
        base: u8,
        mode: Mode,
        added: Added,
    },
    /// The base of `ldm` and its kin; whether it is changed.
    Multiple {
        base: u8,
        write_back: bool,
    },
    /// A set of general registers, as bits.
    Registers(u32),
}

pub(crate) const SP: u8 = 13;
pub(super) const LR: u8 = 14;
pub(crate) const PC: u8 = 15;

impl Field {
    /// `None` where the field holds what this operand cannot be.
    pub(super) fn read(&self, word: u32) -> Option<Operand> {
        let register = |at| bits(word, at, 4) as u8;
        Some(match *self {
            Field::Register(at) => Operand::Register(register(at)),
            Field::Second(at) => Operand::Register(register(at) | 1),
            Field::RegisterOrFlags if register(12) == PC => Operand::FlagsOfFloat,
            Field::RegisterOrFlags => Operand::Register(register(12)),
            Field::StackPointer => Operand::Register(SP),
            Field::Flags => Operand::Flags,
            Field::FloatFlags => Operand::FloatFlags,
            Field::Shifted => match Shift::with_amount(word) {
                (Shift::Lsl, 0) => Operand::Register(register(0)),
                (shift, amount) => Operand::Shifted { register: register(0), shift, amount },
            },
            Field::Rotated => match Shift::with_amount(word) {
                (Shift::Rrx, _) => Operand::Register(register(0)),
                (shift, amount) => Operand::Shifted { register: register(0), shift, amount },
            },
            Field::ShiftedByRegister => Operand::ShiftedByRegister {
                register: register(0),
                shift: Shift::read(word),
                by: register(8),
            },
            Field::Single(slot) => slot.single(word),
            Field::Float(slot) => float(slot, word, bits(word, 8, 1) == 1),
            Field::OtherFloat(slot) => float(slot, word, bits(word, 8, 1) == 0),
            Field::HalfOfDouble => Operand::Half(FloatSlot::Vn.double(word), bits(word, 21, 1)),
            Field::Rotation => rotation(word),
            Field::Endian => Operand::BigEndian(bits(word, 9, 1) == 1),
            Field::FractionBits => {
                let less = bits(word, 0, 4) << 1 | bits(word, 5, 1);
                Operand::Number((16u32 << bits(word, 7, 1)).wrapping_sub(less))
            }
            Field::Nought => Operand::Number(0),
            Field::Bits(at, len) => Operand::Number(bits(word, at, len)),
            Field::PlusOne(at, len) => Operand::Number(bits(word, at, len) + 1),
            Field::ShiftAmount => match bits(word, 7, 5) {
                0 => Operand::Number(32),
                amount => Operand::Number(amount),
            },
            Field::NonZero => match bits(word, 7, 5) {
                0 => return None,
                amount => Operand::Number(amount),
            },
            Field::Split(at, upper, lower) => {
                Operand::Number(bits(word, at, upper) << lower | bits(word, 0, lower))
            }
            Field::BitsWidth => {
                let (lsb, msb) = (bits(word, 7, 5), bits(word, 16, 5));
                Operand::Number((msb + 1).checked_sub(lsb).filter(|&width| width > 0)?)
            }
            Field::Label => Operand::Relative(words(word)),
            Field::ThumbLabel => Operand::Relative(words(word) | (bits(word, 24, 1) << 1) as i32),
            Field::Literal => memory(PC, Mode::Offset, signed(word, bits(word, 0, 12))),
            Field::Multiple => Operand::Multiple { base: register(16), write_back: bits(word, 21, 1) == 1 },
            Field::Base => memory(register(16), Mode::Offset, 0),
            Field::Memory(mode, displacement) => addressed(word, mode, displacement)?,
            Field::Registers(least) => {
                let set = bits(word, 0, 16);
                if set.count_ones() < least {
                    return None;
                }
                Operand::Registers(set)
            }
            Field::OneRegister => Operand::Registers(1 << register(12)),
        })
    }
}

fn float(slot: FloatSlot, word: u32, is_double: bool) -> Operand {
    if is_double { Operand::Double(slot.double(word)) } else { slot.single(word) }
}

/// The distance of a branch, in bytes.
fn words(word: u32) -> i32 {
    (word << 8).cast_signed() >> 6
}

fn signed(word: u32, value: u32) -> i32 {
    let value = value.cast_signed();
    if bits(word, 23, 1) == 1 { value } else { -value }
}

fn rotation(word: u32) -> Operand {
    let (value, by) = (bits(word, 0, 8), bits(word, 8, 4) * 2);
    let could_be_less = by > 0 && value & 3 == 0;
    let could_be_none = by >= 24 && (value << (32 - by) & 0xff) >> (32 - by) == value;
    if could_be_less || could_be_none {
        return Operand::Rotated { value, by };
    }
    Operand::Number(value.rotate_right(by))
}

fn memory(base: u8, mode: Mode, bytes: i32) -> Operand {
    Operand::Memory { base, mode, added: Added::Bytes(bytes) }
}

fn addressed(word: u32, mode: AddressMode, displacement: Displacement) -> Option<Operand> {
    let mode = match (mode, bits(word, 24, 1), bits(word, 21, 1)) {
        (AddressMode::Offset, _, _) | (_, 1, 0) => Mode::Offset,
        (AddressMode::PostIndex, _, _) | (_, 0, 0) => Mode::PostIndex,
        (AddressMode::Written, 1, _) => Mode::PreIndex,
        (AddressMode::Written, _, _) => return None,
    };
    let index = |(shift, amount)| Added::Index {
        register: bits(word, 0, 4) as u8,
        negative: bits(word, 23, 1) == 0,
        shift,
        amount,
    };
    let added = match displacement {
        Displacement::Bytes12 => Added::Bytes(signed(word, bits(word, 0, 12))),
        Displacement::Bytes8 => Added::Bytes(signed(word, bits(word, 8, 4) << 4 | bits(word, 0, 4))),
        Displacement::Words8 => Added::Bytes(signed(word, bits(word, 0, 8) << 2)),
        Displacement::Index => index((Shift::Lsl, 0)),
        Displacement::ShiftedIndex => index(Shift::with_amount(word)),
    };
    Some(Operand::Memory { base: bits(word, 16, 4) as u8, mode, added })
}
