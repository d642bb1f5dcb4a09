//! How instructions are encoded: what the generated tables are written in.

use super::tables::{Op, SYSTEM_OPERATIONS};

/// `len` bits of `word` from bit `at`.
pub(super) fn bits(word: u32, at: u32, len: u32) -> u32 {
    word >> at & ((1 << len) - 1)
}

/// One encoding: the bits under `mask` are `value`, and the condition holds.
pub(super) struct Format {
    pub(super) mask: u32,
    pub(super) value: u32,
    pub(super) op: Op,
    pub(super) fields: &'static [Field],
    pub(super) when: Condition,
}

pub(super) const fn row(mask: u32, value: u32, op: Op, fields: &'static [Field], when: Condition) -> Format {
    Format { mask, value, op, fields, when }
}

/// What the register file's registers are used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bank {
    /// General, 32 and 64 bits.
    W,
    X,
    /// Floating-point and vector, 8 to 128 bits; as an element, so many of its bits.
    B,
    H,
    S,
    D,
    Q,
}

impl Bank {
    pub(super) fn letter(self) -> char {
        match self {
            Bank::W => 'W',
            Bank::X => 'X',
            Bank::B => 'B',
            Bank::H => 'H',
            Bank::S => 'S',
            Bank::D => 'D',
            Bank::Q => 'Q',
        }
    }
}

/// The elements of a vector register, by their size and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrangement {
    B8,
    B16,
    H4,
    H8,
    S2,
    S4,
    D1,
    D2,
    Q1,
}

impl Arrangement {
    /// How many elements of which size.
    pub(super) fn parts(self) -> (u8, Bank) {
        match self {
            Arrangement::B8 => (8, Bank::B),
            Arrangement::B16 => (16, Bank::B),
            Arrangement::H4 => (4, Bank::H),
            Arrangement::H8 => (8, Bank::H),
            Arrangement::S2 => (2, Bank::S),
            Arrangement::S4 => (4, Bank::S),
            Arrangement::D1 => (1, Bank::D),
            Arrangement::D2 => (2, Bank::D),
            Arrangement::Q1 => (1, Bank::Q),
        }
    }
}

/// Where a register's number stands, by the lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Rd = 0,
    Rn = 5,
    Ra = 10,
    Rm = 16,
}

impl Slot {
    pub(super) fn read(self, word: u32) -> u8 {
        bits(word, self as u32, 5) as u8
    }
}

/// The fields that choose between several shapes of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Select {
    Fixed,
    ByQ,
    Sz,
    Size,
    /// The lowest bit that is set.
    Imm5,
    /// The highest bit that is set.
    Immh,
    SizeQ,
    SzQ,
    QSz,
    ImmhQ,
    Imm5Q,
    /// The size of a vector's load or store, and Q.
    AccessSizeQ,
}

impl Select {
    /// The value of the one field, or of both, the second being a bit.
    pub(super) fn key(self, word: u32) -> u32 {
        let (q, sz, size) = (bits(word, 30, 1), bits(word, 22, 1), bits(word, 22, 2));
        match self {
            Select::Fixed => 0,
            Select::ByQ => q,
            Select::Sz => sz,
            Select::Size => size,
            Select::Imm5 => lowest_bit(bits(word, 16, 4)),
            Select::Immh => highest_bit(bits(word, 19, 4)),
            Select::SizeQ => size << 1 | q,
            Select::SzQ => sz << 1 | q,
            Select::QSz => q << 1 | sz,
            Select::ImmhQ => highest_bit(bits(word, 19, 4)) << 1 | q,
            Select::Imm5Q => lowest_bit(bits(word, 16, 4)) << 1 | q,
            Select::AccessSizeQ => bits(word, 10, 2) << 1 | q,
        }
    }

    /// The one of the choices that the word makes, if it makes one.
    pub(super) fn choose<T: Copy>(self, word: u32, choices: &[(u32, T)]) -> Option<T> {
        let key = self.key(word);
        choices.iter().find(|choice| choice.0 == key).map(|choice| choice.1)
    }
}

fn lowest_bit(value: u32) -> u32 {
    value & value.wrapping_neg()
}

fn highest_bit(value: u32) -> u32 {
    value.checked_ilog2().map_or(0, |bit| 1 << bit)
}

/// One element of a vector register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// The second.
    Upper(Bank),
    /// Size and index in `imm5`: above the lowest bit that is set stands the index.
    ByImm5(&'static [Bank]),
    /// The size in `imm5`, the index in `imm4`.
    ByImm4(&'static [Bank]),
    ByImm5Top(Bank),
    ByBit20(Bank),
    /// By `size` and bits H, L and M, of which the register may take M.
    BySize,
    /// By `sz` and bits H and L.
    BySz,
    /// What a load or store reaches, by Q, S and size.
    Accessed(Bank),
}

/// How an address is made of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Offset,
    /// The base is changed before.
    PreIndex,
    /// The base is changed after.
    PostIndex,
}

/// What is added to the base; numbers are scales or bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Displacement {
    Zero,
    Unsigned12(i32),
    Signed7(i32),
    Signed9,
    Bytes(i32),
    /// Twice as many if Q is set.
    BytesByQ(i32),
    /// Doubled for each step of the access's size.
    BytesBySize(i32),
    ByRegister,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Immediate {
    /// First bit, length and the greatest value allowed; written in hexadecimal.
    Hex(u32, u32, u32),
    /// The same in decimal.
    Decimal(u32, u32, u32),
    /// Of `tbz`.
    TestedBit,
    /// Not written where it is 15.
    Unless15,
    /// Not written where it is 0.
    Unless0,
    /// A logical instruction's mask in a register of this many bits.
    Bitmask(u32),
    /// Bits of the register; whether they are inverted.
    MoveWide(u32, bool),
    /// Eight bits, each of which stands for a byte.
    ByteMask,
    ScalarFloat,
    VectorFloat,
    /// The greatest number allowed.
    FractionBits(u32),
    Nought,
    ByteIndex,
    ElementWidth,
    // Of bit fields, with the register's bits.
    LeftShiftOf(u32),
    PositionFromTop(u32),
    WidthFromZero(u32),
    WidthFromPosition(u32),
    // By `immh` and `immb`, with the set of element sizes that are allowed.
    ElementLeftShift(u32),
    ElementRightShift(u32),
}

/// A number with the shift that is written beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShiftedImmediate {
    AddSub,
    /// The greatest shift allowed.
    Wide(u32),
    /// Ones are shifted in.
    Ones,
    Half,
    Single,
    Byte,
}

/// How one operand is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Number 31 of the general ones is zero.
    Register(Bank, Slot),
    /// Number 31 is the stack pointer.
    StackRegister(Bank, Slot),
    RegisterByBit31,
    RegisterByImm5,
    Scalar(Slot, Select, &'static [(u32, Bank)]),
    /// With how many registers the list has, 0 if it is none.
    Vector(Slot, Select, &'static [(u32, Arrangement)], u8),
    Element(Slot, Lane, u8),
    /// In register Rm; whether rotating is allowed.
    Shifted(Bank, bool),
    Extended(Bank),
    Memory(Mode, Displacement),
    /// The shift if one is asked for; whether it is a byte's, which is not shifted.
    Indexed(u8, bool),
    Imm(Immediate),
    ImmShift(ShiftedImmediate),
    /// In words: first bit and length.
    Label(u32, u32),
    Address,
    PageAddress,
    /// First bit; whether it means the opposite.
    Cond(u32, bool),
    Control(u32),
    Barrier,
    InstructionBarrier,
    Prefetch,
    ProcessorState,
    SystemRegister,
    Operation,
}

/// What a row asks for beside its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Always,
    FieldInserted,
    FieldWithin,
    FieldAround,
    FieldPreferred,
    LeftShift,
    Increment,
    Negation,
    NotAlways,
    SameSources,
    StackPointer,
    NotMoveWide,
    InvertedWord,
    LeastShift,
    WordLane,
    DoubleLane,
    ElementSize,
    OnlyElementSize,
    DataCache,
    TranslationBuffer,
}

impl Condition {
    pub(super) fn holds(self, word: u32) -> bool {
        let (rd, rn, rm) = (bits(word, 0, 5), bits(word, 5, 5), bits(word, 16, 5));
        let (imms, immr, immh) = (bits(word, 10, 6), bits(word, 16, 6), bits(word, 19, 4));
        let always = word & 0xe000 == 0xe000;
        let unshifted = word & 0x1f_ffe0 != 0 || bits(word, 21, 2) == 0;
        match self {
            Condition::Always => true,
            Condition::FieldInserted => rn != 31 && imms < immr,
            Condition::FieldWithin => imms >= immr,
            Condition::FieldAround => imms < immr,
            Condition::FieldPreferred => is_field_preferred(word),
            Condition::LeftShift => imms != 31 + 32 * (word >> 31) && imms + 1 == immr,
            Condition::Increment => rm != 31 && !always && rn != 31 && rn == rm,
            Condition::Negation => !always && rn == rm,
            Condition::NotAlways => !always,
            Condition::SameSources => rn == rm,
            Condition::StackPointer => rd == 31 || rn == 31,
            Condition::NotMoveWide => !is_move_wide_preferred(word),
            Condition::InvertedWord => unshifted && bits(word, 5, 16) != 0xffff,
            Condition::LeastShift => unshifted,
            Condition::WordLane => bits(word, 16, 3) == 4,
            Condition::DoubleLane => bits(word, 16, 4) == 8,
            Condition::ElementSize => immh != 0,
            Condition::OnlyElementSize => immh.count_ones() == 1,
            Condition::DataCache => {
                bits(word, 12, 4) == 7 && system_operation(word).is_some_and(|operation| operation.crn == 7)
            }
            Condition::TranslationBuffer => {
                bits(word, 12, 4) == 8 && system_operation(word).is_some_and(|operation| operation.crn == 8)
            }
        }
    }
}

/// BFXPreferred of the manual: whether a bit field's extraction is none of the shifts and extensions.
fn is_field_preferred(word: u32) -> bool {
    let (imms, immr, wide, unsigned) =
        (bits(word, 10, 6), bits(word, 16, 6), bits(word, 31, 1), bits(word, 30, 1));
    let to_top = imms >> 5 == wide && imms & 0x1f == 0x1f;
    let extends = immr == 0
        && match (wide, unsigned) {
            (0, _) => matches!(imms, 7 | 15),
            (_, 0) => matches!(imms, 7 | 15 | 31),
            _ => false,
        };
    imms >= immr && !to_top && !extends
}

/// MoveWidePreferred of the manual: whether a mask is one that `movz` or `movn` makes.
fn is_move_wide_preferred(word: u32) -> bool {
    let (imms, immr, wide, n) = (bits(word, 10, 6), bits(word, 16, 6), bits(word, 31, 1), bits(word, 22, 1));
    if (wide == 1 && n != 1) || (wide == 0 && (n == 1 || imms >> 5 == 1)) {
        return false;
    }
    let width = 32 << wide;
    if imms < 16 {
        return immr.wrapping_neg() % 16 <= 15 - imms;
    }
    imms >= width - 15 && immr % 16 <= imms - (width - 15)
}

/// An operation of `DC` (CRn is 7) or `TLBI` (CRn is 8).
pub(crate) struct SystemOperation {
    op1: u8,
    crn: u8,
    crm: u8,
    op2: u8,
    pub(super) name: &'static str,
    pub(super) has_register: bool,
}

pub(super) const fn operation(
    op1: u8,
    crn: u8,
    crm: u8,
    op2: u8,
    name: &'static str,
    has_register: bool,
) -> SystemOperation {
    SystemOperation { op1, crn, crm, op2, name, has_register }
}

pub(super) fn system_operation(word: u32) -> Option<&'static SystemOperation> {
    let field = |at, len| bits(word, at, len) as u8;
    let key = (field(16, 3), field(12, 4), field(8, 4), field(5, 3));
    let of = |operation: &SystemOperation| (operation.op1, operation.crn, operation.crm, operation.op2);
    let at = SYSTEM_OPERATIONS.binary_search_by_key(&key, of).ok()?;
    Some(&SYSTEM_OPERATIONS[at])
}
