//! Which bits make which instruction, and where its operands are. Bits are counted as IBM counts them, from the
//! most significant one of the instruction, which is left-aligned in a word of 64 bits.

use super::tables::{FIRST_BYTES, ROWS};

/// What a field's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    General,
    Float,
    Access,
    Control,
    /// A vector register; its fifth bit is in a field of its own (`RXB`).
    Vector,
    Base,
    Index,
    Displacement12,
    /// A signed displacement, the upper eight bits after the lower twelve.
    Displacement20,
    Unsigned,
    Signed8,
    Signed16,
    Signed32,
    /// A distance from the instruction, in halfwords.
    Relative,
    Mask,
    /// A length less one.
    Length,
}

/// Where an operand is: the first bit, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    kind: Kind,
    start: u8,
    bits: u8,
}

/// One instruction: what the bits that tell it are.
#[derive(Debug)]
pub(super) struct Row {
    mask: u64,
    value: u64,
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
}

/// A line of the table.
pub(super) const fn row(mask: u64, value: u64, name: &'static str, fields: &'static [Field]) -> Row {
    Row { mask, value, name, fields }
}

/// A field of the table.
pub(super) const fn field(kind: Kind, start: u8, bits: u8) -> Field {
    Field { kind, start, bits }
}

/// One operand, or a part of one: displacement, index, length and base of an operand in memory follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A register of one of the kinds that only their letter tells apart: `r`, `f`, `a`, `c`.
    Register(char, u8),
    Vector(u8),
    /// 0 stands for no register, as in `Index`.
    Base(u8),
    Index(u8),
    Displacement(i32),
    Immediate(i64),
    /// In bytes.
    Relative(i64),
    Mask(u8),
    Length(u16),
}

/// The first row that fits the instruction in `word`.
pub(super) fn find(word: u64) -> Option<&'static Row> {
    let first = (word >> 56) as usize;
    let rows = &ROWS[usize::from(FIRST_BYTES[first])..usize::from(FIRST_BYTES[first + 1])];
    rows.iter().find(|row| word & row.mask == row.value)
}

impl Row {
    /// The operands of `word`, an instruction of this row.
    pub(super) fn operands(&self, word: u64) -> Vec<Operand> {
        self.fields.iter().map(|field| field.operand(word)).collect()
    }
}

impl Field {
    fn operand(self, word: u64) -> Operand {
        let (number, signed) = (self.unsigned(word), self.signed(word));
        match self.kind {
            Kind::General => Operand::Register('r', number as u8),
            Kind::Float => Operand::Register('f', number as u8),
            Kind::Access => Operand::Register('a', number as u8),
            Kind::Control => Operand::Register('c', number as u8),
            Kind::Vector => Operand::Vector(number as u8 | self.fifth_bit(word)),
            Kind::Base => Operand::Base(number as u8),
            Kind::Index => Operand::Index(number as u8),
            Kind::Displacement12 => Operand::Displacement(number as i32),
            Kind::Displacement20 => {
                let (low, high) = (number >> 8, number & 0xff);
                Operand::Displacement(((high << 12 | low) << 12) as i32 >> 12)
            }
            Kind::Unsigned => Operand::Immediate(number.cast_signed()),
            Kind::Signed8 | Kind::Signed16 | Kind::Signed32 => Operand::Immediate(signed),
            Kind::Relative => Operand::Relative(2 * signed),
            Kind::Mask => Operand::Mask(number as u8),
            Kind::Length => Operand::Length(number as u16 + 1),
        }
    }

    /// The `RXB` bit of a vector register's field: each of the four places of such fields has its own.
    fn fifth_bit(self, word: u64) -> u8 {
        let bit = match self.start {
            8 => 27,
            12 => 26,
            16 => 25,
            32 => 24,
            _ => return 0,
        };
        ((word >> bit & 1) << 4) as u8
    }

    fn unsigned(self, word: u64) -> u64 {
        word << self.start >> (64 - u32::from(self.bits))
    }

    fn signed(self, word: u64) -> i64 {
        (word << self.start).cast_signed() >> (64 - u32::from(self.bits))
    }
}
