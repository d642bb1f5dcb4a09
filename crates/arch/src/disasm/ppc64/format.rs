//! Which bits make which instruction, and where its operands are. Bits are counted as IBM counts them, from the
//! most significant one; a prefixed instruction's second word has bits 32 to 63, and an instruction of one word
//! has zeros there.

use super::tables::{GROUPS, OPCODES, ROWS};

/// What a field's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    General,
    Float,
    Vector,
    /// A VSX register.
    VectorScalar,
    /// An even VSX register and the one after it; the field has half of its number.
    VectorScalarPair,
    /// Four VSX registers, for matrix operations.
    Accumulator,
    ConditionBit,
    ConditionField,
    Special,
    Signed,
    Unsigned,
    /// A distance from the instruction.
    Relative,
    /// An address.
    Absolute,
    /// A displacement; the field after it is its base register.
    Offset,
    /// A displacement whose upper bits are all ones.
    NegativeOffset,
}

/// Where an operand is: up to three runs of bits (first bit, count) strung together and shifted left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    kind: Kind,
    shift: u8,
    bits: [(u8, u8); 3],
}

/// One instruction. The bits that tell it are in its [`Group`].
#[derive(Debug)]
pub(super) struct Row {
    value: u64,
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
}

/// Consecutive rows, sorted by value, that are told by the same bits.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) mask: u64,
    pub(super) start: u16,
    pub(super) end: u16,
}

/// A line of the table.
pub(super) const fn row(value: u64, name: &'static str, fields: &'static [Field]) -> Row {
    Row { value, name, fields }
}

/// A field of the table.
pub(super) const fn field(kind: Kind, shift: u8, bits: [(u8, u8); 3]) -> Field {
    Field { kind, shift, bits }
}

/// One operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A register of one of the kinds that only their letter tells apart: `r`, `f`, `v`, `vs`, `a`.
    Register(&'static str, u8),
    ConditionBit(u8),
    ConditionField(u8),
    Special(u16),
    Immediate(i64),
    Relative(i64),
    Absolute(u32),
    /// Displacement and number of the base register; 0 stands for no register.
    Memory(i64, u8),
}

/// The row of the instruction in `word` (one word in the upper half, or a prefix and its suffix).
pub(super) fn find(word: u64) -> Option<&'static Row> {
    let opcode = match word >> 58 {
        1 => 64 + (word >> 27 & 31) as usize,
        opcode => opcode as usize,
    };
    let groups = usize::from(OPCODES[opcode])..usize::from(OPCODES[opcode + 1]);
    GROUPS[groups].iter().find_map(|group| {
        let rows = &ROWS[usize::from(group.start)..usize::from(group.end)];
        let at = rows.binary_search_by_key(&(word & group.mask), |row| row.value).ok()?;
        Some(&rows[at])
    })
}

impl Row {
    /// The operands of `word`, an instruction of this row.
    pub(super) fn operands(&self, word: u64) -> Vec<Operand> {
        let mut fields = self.fields.iter();
        let mut operands = Vec::with_capacity(self.fields.len());
        while let Some(field) = fields.next() {
            operands.push(field.operand(word, &mut fields));
        }
        operands
    }
}

impl Field {
    fn operand(self, word: u64, following: &mut std::slice::Iter<'_, Field>) -> Operand {
        let (number, signed) = (self.unsigned(word), self.signed(word));
        let mut base = || following.next().map_or(0, |field| field.unsigned(word) as u8);
        match self.kind {
            Kind::General => Operand::Register("r", number as u8),
            Kind::Float => Operand::Register("f", number as u8),
            Kind::Vector => Operand::Register("v", number as u8),
            Kind::VectorScalar => Operand::Register("vs", number as u8),
            Kind::VectorScalarPair => Operand::Register("vs", 2 * number as u8),
            Kind::Accumulator => Operand::Register("a", number as u8),
            Kind::ConditionBit => Operand::ConditionBit(number as u8),
            Kind::ConditionField => Operand::ConditionField(number as u8),
            Kind::Special => Operand::Special(number as u16),
            Kind::Signed => Operand::Immediate(signed),
            Kind::Unsigned => Operand::Immediate((number << self.shift).cast_signed()),
            Kind::Relative => Operand::Relative(signed),
            Kind::Absolute => Operand::Absolute(signed as u32),
            Kind::Offset => Operand::Memory(signed, base()),
            Kind::NegativeOffset => {
                Operand::Memory(signed | -1 << (u32::from(self.shift) + self.len()), base())
            }
        }
    }

    /// How many bits it has.
    fn len(self) -> u32 {
        self.bits.iter().map(|(_, count)| u32::from(*count)).sum()
    }

    fn unsigned(self, word: u64) -> u64 {
        self.bits.iter().filter(|(_, count)| *count > 0).fold(0, |number, &(start, count)| {
            let part = word << start >> (64 - u32::from(count));
            number << count | part
        })
    }

    fn signed(self, word: u64) -> i64 {
        let unused = 64 - self.len();
        (self.unsigned(word) << unused).cast_signed() >> unused << self.shift
    }
}
