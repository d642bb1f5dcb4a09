//! Where LoongArch's instructions keep their operands.

/// A field of the instruction word, as the tables name it: the operand's kind, then its highest and lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Rd,
    Rj,
    Rk,
    Fd,
    Fj,
    Fk,
    Fa,
    Fcsr40,
    Fcsr95,
    Cd,
    Cj,
    Ca,
    Op40,
    Csr2310,
    Sa21615,
    Sa31715,
    Code40,
    Code140,
    Ui51410,
    Ui61510,
    Ui122110,
    Lsbw,
    Msbw,
    Lsbd,
    Msbd,
    Hint40,
    Hint140,
    Level140,
    Level1710,
    Seq1710,
    Si122110,
    Si142310,
    Si162510,
    Si20245,
    Offset150,
    Offset200,
    Offset250,
}

/// An operand with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// A general register.
    General(u32),
    /// A floating-point register.
    Float(u32),
    /// A floating-point control and status register.
    Control(u32),
    /// A floating-point condition flag.
    Condition(u32),
    Unsigned(u32),
    Signed(i32),
    /// A signed number of 14 bits, times four.
    Scaled(i32),
    /// The distance to a target in bytes.
    Offset(i32),
}

impl Field {
    pub(super) fn read(self, word: u32) -> Operand {
        let bits = |low: u32, count: u32| word >> low & ((1 << count) - 1);
        match self {
            Field::Rd => Operand::General(bits(0, 5)),
            Field::Rj => Operand::General(bits(5, 5)),
            Field::Rk => Operand::General(bits(10, 5)),
            Field::Fd => Operand::Float(bits(0, 5)),
            Field::Fj => Operand::Float(bits(5, 5)),
            Field::Fk => Operand::Float(bits(10, 5)),
            Field::Fa => Operand::Float(bits(15, 5)),
            Field::Fcsr40 => Operand::Control(bits(0, 5)),
            Field::Fcsr95 => Operand::Control(bits(5, 5)),
            Field::Cd => Operand::Condition(bits(0, 3)),
            Field::Cj => Operand::Condition(bits(5, 3)),
            Field::Ca => Operand::Condition(bits(15, 3)),
            Field::Op40 | Field::Code40 | Field::Hint40 => Operand::Unsigned(bits(0, 5)),
            Field::Code140 | Field::Hint140 | Field::Level140 => Operand::Unsigned(bits(0, 15)),
            Field::Csr2310 => Operand::Unsigned(bits(10, 14)),
            Field::Sa21615 => Operand::Unsigned(bits(15, 2)),
            Field::Sa31715 => Operand::Unsigned(bits(15, 3)),
            Field::Ui51410 | Field::Lsbw => Operand::Unsigned(bits(10, 5)),
            Field::Ui61510 | Field::Lsbd => Operand::Unsigned(bits(10, 6)),
            Field::Ui122110 => Operand::Unsigned(bits(10, 12)),
            Field::Msbw => Operand::Unsigned(bits(16, 5)),
            Field::Msbd => Operand::Unsigned(bits(16, 6)),
            Field::Level1710 | Field::Seq1710 => Operand::Unsigned(bits(10, 8)),
            Field::Si122110 => Operand::Signed(sign_extend(bits(10, 12), 12)),
            Field::Si142310 => Operand::Scaled(sign_extend(bits(10, 14), 14) << 2),
            Field::Si162510 => Operand::Signed(sign_extend(bits(10, 16), 16)),
            Field::Si20245 => Operand::Signed(sign_extend(bits(5, 20), 20)),
            Field::Offset150 => Operand::Offset(sign_extend(bits(10, 16), 16) << 2),
            Field::Offset200 => Operand::Offset(sign_extend(bits(0, 5) << 16 | bits(10, 16), 21) << 2),
            Field::Offset250 => Operand::Offset(sign_extend(bits(0, 10) << 16 | bits(10, 16), 26) << 2),
        }
    }
}

/// The number that the low `count` bits of `value` hold.
pub(super) fn sign_extend(value: u32, count: u32) -> i32 {
    (value << (32 - count)).cast_signed() >> (32 - count)
}
