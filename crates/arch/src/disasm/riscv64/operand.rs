//! Where RISC-V's instructions keep their operands.

use super::tables::CONTROL_REGISTERS;

/// A field of the instruction, as the tables name it: `P` marks the three-bit register fields of compressed
/// instructions, `N0` and `N2` those that must not hold register zero (or two), `Nz` a number that must not be zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Rd,
    Rs1,
    Rs2,
    Fd,
    Fs1,
    Fs2,
    Fs3,
    Vd,
    Vm,
    Vs1,
    Vs2,
    Vs3,
    Csr,
    Rs1Ptr,
    Rs1Mem,
    Rs1Store,
    Pred,
    Succ,
    Zimm,
    Imm12,
    Simm5,
    Zimm5,
    VtypeZimm10,
    VtypeZimm11,
    Bimm12,
    Imm20,
    Jimm20,
    Shamt5,
    Shamt6,
    RdP,
    FdP,
    Rs1P,
    RdRs1P,
    Fs2P,
    Rs2P,
    RdN0,
    Rs1N0,
    RdRs1N0,
    CRs1N0,
    CRs2N0,
    CFs2,
    CRs2,
    RdN2,
    CImm6,
    CNzimm6,
    CNzuimm6,
    CUimm7,
    CUimm8,
    CUimm8spS,
    CUimm8sp,
    CUimm9spS,
    CUimm9sp,
    CBimm9,
    CNzimm10,
    CNzuimm10,
    CImm12,
    CNzimm18,
}

/// An operand with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// An integer register.
    X(u32),
    /// A floating-point register.
    F(u32),
    /// A vector register.
    V(u32),
    /// The word that an integer register points to.
    Pointer(u32),
    /// An integer register with a displacement.
    Memory {
        base: u32,
        displacement: i32,
    },
    Signed(i32),
    /// An unsigned number that GNU's syntax shows in hexadecimal.
    Unsigned(u32),
    /// An unsigned number that GNU's syntax shows in decimal.
    Decimal(u32),
    /// The distance to a target in bytes.
    Offset(i32),
    /// The kinds of access that a fence orders: input, output, reads, writes from the fourth bit down.
    Order(u32),
    /// A control and status register.
    Csr(u32),
    /// The vector type that `vsetvli` sets.
    VectorType(u32),
}

impl Field {
    /// `None` if the field holds what it must not.
    pub(super) fn read(self, word: u32) -> Option<Operand> {
        let bits = |low: u32, count: u32| word >> low & ((1 << count) - 1);
        let not_zero = |register: u32| (register != 0).then_some(Operand::X(register));
        Some(match self {
            Field::Rd => Operand::X(bits(7, 5)),
            Field::Rs1 => Operand::X(bits(15, 5)),
            Field::Rs2 => Operand::X(bits(20, 5)),
            Field::Fd => Operand::F(bits(7, 5)),
            Field::Fs1 => Operand::F(bits(15, 5)),
            Field::Fs2 => Operand::F(bits(20, 5)),
            Field::Fs3 => Operand::F(bits(27, 5)),
            Field::Vd | Field::Vs3 => Operand::V(bits(7, 5)),
            // Told by `Mask`.
            Field::Vm => return None,
            Field::Vs1 => Operand::V(bits(15, 5)),
            Field::Vs2 => Operand::V(bits(20, 5)),
            Field::Csr => Operand::Csr(bits(20, 12)),
            Field::Rs1Ptr => Operand::Pointer(bits(15, 5)),
            Field::Rs1Mem => {
                Operand::Memory { base: bits(15, 5), displacement: sign_extend(bits(20, 12), 12) }
            }
            Field::Rs1Store => Operand::Memory { base: bits(15, 5), displacement: store_displacement(word) },
            Field::Pred => Operand::Order(bits(24, 4)),
            Field::Succ => Operand::Order(bits(20, 4)),
            Field::Zimm | Field::Zimm5 => Operand::Decimal(bits(15, 5)),
            Field::Imm12 => Operand::Signed(sign_extend(bits(20, 12), 12)),
            Field::Simm5 => Operand::Signed(sign_extend(bits(15, 5), 5)),
            Field::VtypeZimm10 => Operand::VectorType(bits(20, 10)),
            Field::VtypeZimm11 => Operand::VectorType(bits(20, 11)),
            Field::Bimm12 => {
                let offset = bits(8, 4) << 1 | bits(25, 6) << 5 | bits(7, 1) << 11 | bits(31, 1) << 12;
                Operand::Offset(sign_extend(offset, 13))
            }
            Field::Imm20 => Operand::Unsigned(bits(12, 20)),
            Field::Jimm20 => {
                let offset = bits(21, 10) << 1 | bits(20, 1) << 11 | bits(12, 8) << 12 | bits(31, 1) << 20;
                Operand::Offset(sign_extend(offset, 21))
            }
            Field::Shamt5 => Operand::Unsigned(bits(20, 5)),
            Field::Shamt6 => Operand::Unsigned(bits(20, 6)),
            Field::RdP | Field::Rs2P => Operand::X(8 + bits(2, 3)),
            Field::FdP | Field::Fs2P => Operand::F(8 + bits(2, 3)),
            Field::Rs1P | Field::RdRs1P => Operand::X(8 + bits(7, 3)),
            Field::RdN0 | Field::Rs1N0 | Field::RdRs1N0 | Field::CRs1N0 => not_zero(bits(7, 5))?,
            Field::CRs2N0 => not_zero(bits(2, 5))?,
            Field::CFs2 => Operand::F(bits(2, 5)),
            Field::CRs2 => Operand::X(bits(2, 5)),
            Field::RdN2 => not_zero(bits(7, 5)).filter(|register| *register != Operand::X(2))?,
            _ => return self.read_compressed_number(word),
        })
    }

    /// The numbers in compressed instructions, whose bits stand in an order of their own in each.
    fn read_compressed_number(self, word: u32) -> Option<Operand> {
        let bits = |low: u32, count: u32| word >> low & ((1 << count) - 1);
        let six = bits(2, 5) | bits(12, 1) << 5;
        let not_zero = |value: u32| (value != 0).then_some(value);
        Some(match self {
            Field::CImm6 => Operand::Signed(sign_extend(six, 6)),
            Field::CNzimm6 => Operand::Signed(sign_extend(not_zero(six)?, 6)),
            Field::CNzuimm6 => Operand::Unsigned(not_zero(six)?),
            Field::CUimm7 => Operand::Unsigned(bits(5, 1) << 6 | bits(6, 1) << 2 | bits(10, 3) << 3),
            Field::CUimm8 => Operand::Unsigned(bits(5, 2) << 6 | bits(10, 3) << 3),
            Field::CUimm8spS => Operand::Unsigned(bits(7, 2) << 6 | bits(9, 4) << 2),
            Field::CUimm8sp => Operand::Unsigned(bits(4, 3) << 2 | bits(12, 1) << 5 | bits(2, 2) << 6),
            Field::CUimm9spS => Operand::Unsigned(bits(7, 3) << 6 | bits(10, 3) << 3),
            Field::CUimm9sp => Operand::Unsigned(bits(5, 2) << 3 | bits(12, 1) << 5 | bits(2, 3) << 6),
            Field::CBimm9 => {
                let low = bits(3, 2) << 1 | bits(10, 2) << 3 | bits(2, 1) << 5;
                Operand::Offset(sign_extend(low | bits(5, 2) << 6 | bits(12, 1) << 8, 9))
            }
            Field::CNzimm10 => {
                let low = bits(6, 1) << 4 | bits(2, 1) << 5 | bits(5, 1) << 6;
                Operand::Signed(sign_extend(not_zero(low | bits(3, 2) << 7 | bits(12, 1) << 9)?, 10))
            }
            Field::CNzuimm10 => {
                let low = bits(6, 1) << 2 | bits(5, 1) << 3;
                Operand::Unsigned(not_zero(low | bits(11, 2) << 4 | bits(7, 4) << 6)?)
            }
            Field::CImm12 => {
                let low = bits(3, 3) << 1 | bits(11, 1) << 4 | bits(2, 1) << 5 | bits(7, 1) << 6;
                let high = bits(6, 1) << 7 | bits(9, 2) << 8 | bits(8, 1) << 10 | bits(12, 1) << 11;
                Operand::Offset(sign_extend(low | high, 12))
            }
            // The upper 20 bits of the value that `lui` loads.
            Field::CNzimm18 => Operand::Unsigned(sign_extend(not_zero(six)?, 6).cast_unsigned()),
            _ => return None,
        })
    }
}

fn store_displacement(word: u32) -> i32 {
    sign_extend(word >> 7 & 0x1f | word >> 25 << 5, 12)
}

/// The number that the low `count` bits of `value` hold.
fn sign_extend(value: u32, count: u32) -> i32 {
    (value << (32 - count)).cast_signed() >> (32 - count)
}

impl Operand {
    /// The text, in capitals, of the operands that are words.
    pub(super) fn name(&self) -> String {
        match *self {
            Operand::Order(set) => {
                let letter = |(bit, letter)| (set & bit != 0).then_some(letter);
                [(8, 'I'), (4, 'O'), (2, 'R'), (1, 'W')].into_iter().filter_map(letter).collect()
            }
            Operand::Csr(number) => {
                let at = CONTROL_REGISTERS.binary_search_by_key(&number, |(number, _)| u32::from(*number));
                at.map_or_else(|_| format!("CSR({number})"), |at| CONTROL_REGISTERS[at].1.to_string())
            }
            Operand::VectorType(bits) => {
                let width = ["E8", "E16", "E32", "E64", "", "", "", ""][(bits >> 3 & 7) as usize];
                let group = ["M1", "M2", "M4", "M8", "", "MF8", "MF4", "MF2"][(bits & 7) as usize];
                let tail = ["TU", "TA"][(bits >> 6 & 1) as usize];
                let masked = ["MU", "MA"][(bits >> 7 & 1) as usize];
                format!("{width}, {group}, {tail}, {masked}")
            }
            _ => String::new(),
        }
    }
}
