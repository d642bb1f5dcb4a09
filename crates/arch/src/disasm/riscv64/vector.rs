//! What both flavours know of vector instructions.

use super::Decoded;
use super::operand::Operand;
use super::tables::Op;

/// What a vector instruction does, by its major opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Load,
    Store,
    Arithmetic,
    /// Arithmetic that also reads its destination, which changes the order in which operands are written.
    MultiplyAdd,
}

pub(super) fn kind(decoded: &Decoded) -> Kind {
    let multiplies_and_adds =
        || ["MACC", "MADD", "MSAC", "MSUB"].iter().any(|part| decoded.name().contains(part));
    match decoded.word & 0x7f {
        0x07 => Kind::Load,
        0x27 => Kind::Store,
        _ if multiplies_and_adds() => Kind::MultiplyAdd,
        _ => Kind::Arithmetic,
    }
}

/// The name and the operands that are shown: some settings of the operands have names of their own.
pub(super) fn alias(decoded: &Decoded) -> (&'static str, Vec<Operand>) {
    let operands = &decoded.operands[..];
    let plain = || (decoded.name(), operands.to_vec());
    match (decoded.op, operands) {
        (Op::Vl1re8V, _) => ("VL1R.V", operands.to_vec()),
        (Op::Vl2re8V, _) => ("VL2R.V", operands.to_vec()),
        (Op::Vl4re8V, _) => ("VL4R.V", operands.to_vec()),
        (Op::Vl8re8V, _) => ("VL8R.V", operands.to_vec()),
        (Op::VxorVi, &[source, Operand::Signed(-1), destination]) => ("VNOT.V", vec![source, destination]),
        (op, &[source, Operand::X(0), destination]) => match op {
            Op::VrsubVx => ("VNEG.V", vec![source, destination]),
            Op::VwaddVx => ("VWCVT.X.X.V", vec![source, destination]),
            Op::VwadduVx => ("VWCVTU.X.X.V", vec![source, destination]),
            Op::VnsrlWx => ("VNCVT.X.X.W", vec![source, destination]),
            _ => plain(),
        },
        (op, &[first, second, destination]) if first == second => match op {
            Op::VfsgnjnVv => ("VFNEG.V", vec![second, destination]),
            Op::VfsgnjxVv => ("VFABS.V", vec![second, destination]),
            Op::VmandMm => ("VMMV.M", vec![second, destination]),
            Op::VmnandMm => ("VMNOT.M", vec![second, destination]),
            Op::VmxorMm if second == destination => ("VMCLR.M", vec![destination]),
            Op::VmxnorMm if second == destination => ("VMSET.M", vec![destination]),
            _ => plain(),
        },
        _ => plain(),
    }
}
