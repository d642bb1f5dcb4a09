//! GNU's flavour, as `riscv64asm.GNUSyntax` writes it: no symbols, and branches by their distance.

use super::operand::Operand;
use super::tables::Op;
use super::vector::{self, Kind};
use super::{CYCLE, Decoded, FCSR, FFLAGS, FRM, INSTRET, Mask, TIME, fence};

pub(super) fn text(decoded: &Decoded) -> String {
    if decoded.is_vector() {
        return vector_text(decoded);
    }
    let (name, operands) = alias(decoded);
    joined(name.to_ascii_lowercase(), &arguments(&operands))
}

fn joined(name: String, args: &[String]) -> String {
    match args {
        [] => name,
        args => format!("{name} {}", args.join(",")),
    }
}

fn arguments(operands: &[Operand]) -> Vec<String> {
    operands.iter().map(argument).collect()
}

fn argument(operand: &Operand) -> String {
    match *operand {
        Operand::X(register) => format!("x{register}"),
        Operand::F(register) => format!("f{register}"),
        Operand::V(register) => format!("v{register}"),
        Operand::Pointer(base) => format!("(x{base})"),
        Operand::Memory { base, displacement } => format!("{displacement}(x{base})"),
        Operand::Signed(value) | Operand::Offset(value) => value.to_string(),
        Operand::Unsigned(value) => format!("{value:#x}"),
        Operand::Decimal(value) => value.to_string(),
        Operand::Order(_) | Operand::Csr(_) => operand.name().to_ascii_lowercase(),
        Operand::VectorType(_) => operand.name().to_ascii_lowercase().replace(' ', ""),
    }
}

/// The name and the operands that are shown: many settings of the operands have names of their own.
fn alias(decoded: &Decoded) -> (&'static str, Vec<Operand>) {
    let operands = &decoded.operands[..];
    let zero = Operand::X(0);
    let short = match (decoded.op, operands) {
        (Op::Addi | Op::Addiw | Op::Andi | Op::Ori | Op::Xori | Op::Sltiu, _) => immediate_alias(decoded),
        (Op::Add, &[rd, rs1, rs2]) if rs1 == zero => Some(("mv", vec![rd, rs2])),
        (Op::Sub, &[rd, rs1, rs2]) if rs1 == zero => Some(("neg", vec![rd, rs2])),
        (Op::Subw, &[rd, rs1, rs2]) if rs1 == zero => Some(("negw", vec![rd, rs2])),
        (Op::Slt, &[rd, rs1, rs2]) if rs1 == zero => Some(("sgtz", vec![rd, rs2])),
        (Op::Slt, &[rd, rs1, rs2]) if rs2 == zero => Some(("sltz", vec![rd, rs1])),
        (Op::Sltu, &[rd, rs1, rs2]) if rs1 == zero => Some(("snez", vec![rd, rs2])),
        (Op::Beq | Op::Bne | Op::Blt | Op::Bge, _) => branch_alias(decoded),
        (Op::Jal | Op::Jalr, _) => jump_alias(decoded),
        (Op::Csrrc | Op::Csrrci | Op::Csrrs | Op::Csrrsi | Op::Csrrw | Op::Csrrwi, _) => {
            control_alias(decoded)
        }
        (Op::FsgnjS | Op::FsgnjD | Op::FsgnjnS | Op::FsgnjnD | Op::FsgnjxS | Op::FsgnjxD, _) => {
            sign_alias(decoded)
        }
        (Op::Fence, _) => Some(fence(decoded)),
        (Op::Vsetvli | Op::Vsetivli | Op::Vsetvl, &[setting, length, rd]) => {
            Some((decoded.name(), vec![rd, length, setting]))
        }
        _ => None,
    };
    short.unwrap_or_else(|| (decoded.name(), operands.to_vec()))
}

type Alias = Option<(&'static str, Vec<Operand>)>;

fn immediate_alias(decoded: &Decoded) -> Alias {
    let &[rd, rs1, Operand::Signed(value)] = &decoded.operands[..] else { return None };
    let zero = Operand::X(0);
    Some(match (decoded.op, value) {
        (Op::Addi, _) if rs1 == zero && rd != zero => ("li", vec![rd, Operand::Signed(value)]),
        (Op::Addi, 0) if rd == zero && rs1 == zero => ("nop", Vec::new()),
        (Op::Addi, 0) => ("mv", vec![rd, rs1]),
        (Op::Addiw, 0) => ("sext.w", vec![rd, rs1]),
        (Op::Andi, 255) => ("zext.b", vec![rd, rs1]),
        (Op::Xori, -1) => ("not", vec![rd, rs1]),
        (Op::Sltiu, 1) => ("seqz", vec![rd, rs1]),
        (Op::Ori, _) => {
            let (suffix, memory) = decoded.prefetch()?;
            let name = match suffix {
                'I' => "prefetch.i",
                'R' => "prefetch.r",
                _ => "prefetch.w",
            };
            (name, vec![memory])
        }
        _ => return None,
    })
}

fn branch_alias(decoded: &Decoded) -> Alias {
    let &[rs1, rs2, offset] = &decoded.operands[..] else { return None };
    let (first_zero, second_zero) = (decoded.is_zero(0), decoded.is_zero(1));
    Some(match decoded.op {
        Op::Beq if second_zero => ("beqz", vec![rs1, offset]),
        Op::Bne if second_zero => ("bnez", vec![rs1, offset]),
        Op::Bge if second_zero => ("bgez", vec![rs1, offset]),
        Op::Blt if second_zero => ("bltz", vec![rs1, offset]),
        Op::Bge if first_zero => ("blez", vec![rs2, offset]),
        Op::Blt if first_zero => ("bgtz", vec![rs2, offset]),
        _ => return None,
    })
}

fn jump_alias(decoded: &Decoded) -> Alias {
    Some(match decoded.operands[..] {
        [Operand::X(0), offset @ Operand::Offset(_)] => ("j", vec![offset]),
        [Operand::X(1), offset @ Operand::Offset(_)] => ("jal", vec![offset]),
        [Operand::X(0), Operand::Memory { base: 1, displacement: 0 }] => ("ret", Vec::new()),
        [Operand::X(0), Operand::Memory { base, displacement: 0 }] => ("jr", vec![Operand::X(base)]),
        [Operand::X(0), memory] => ("jr", vec![memory]),
        [Operand::X(1), Operand::Memory { base, displacement: 0 }] => ("jalr", vec![Operand::X(base)]),
        _ => return None,
    })
}

fn control_alias(decoded: &Decoded) -> Alias {
    let &[rd, register, source] = &decoded.operands[..] else { return None };
    let number = decoded.control_register()?;
    let (drops_old, no_source) = (decoded.is_zero(0), decoded.is_zero(2));
    let known = |kept: Vec<Operand>| if drops_old { vec![source] } else { kept };
    Some(match (decoded.op, number) {
        (Op::Csrrs, FCSR) if no_source => ("frcsr", vec![rd]),
        (Op::Csrrs, FFLAGS) if no_source => ("frflags", vec![rd]),
        (Op::Csrrs, FRM) if no_source => ("frrm", vec![rd]),
        (Op::Csrrs, CYCLE) if no_source => ("rdcycle", vec![rd]),
        (Op::Csrrs, INSTRET) if no_source => ("rdinstret", vec![rd]),
        (Op::Csrrs, TIME) if no_source => ("rdtime", vec![rd]),
        (Op::Csrrs, _) if no_source => ("csrr", vec![rd, register]),
        (Op::Csrrw, FCSR) => ("fscsr", known(vec![rd, source])),
        (Op::Csrrw, FFLAGS) => ("fsflags", known(vec![rd, source])),
        (Op::Csrrw, FRM) => ("fsrm", known(vec![rd, source])),
        (Op::Csrrw, CYCLE) if drops_old && no_source => ("unimp", Vec::new()),
        (Op::Csrrw, CYCLE) => return None,
        _ if !drops_old => return None,
        (Op::Csrrs, _) => ("csrs", vec![register, source]),
        (Op::Csrrsi, _) => ("csrsi", vec![register, source]),
        (Op::Csrrc, _) => ("csrc", vec![register, source]),
        (Op::Csrrci, _) => ("csrci", vec![register, source]),
        (Op::Csrrw, _) => ("csrw", vec![register, source]),
        (Op::Csrrwi, _) => ("csrwi", vec![register, source]),
        _ => return None,
    })
}

/// Sign injections from the number itself.
fn sign_alias(decoded: &Decoded) -> Alias {
    let &[rd, first, second] = &decoded.operands[..] else { return None };
    let name = match decoded.op {
        _ if first != second => return None,
        Op::FsgnjS => "fmv.s",
        Op::FsgnjD => "fmv.d",
        Op::FsgnjnS => "fneg.s",
        Op::FsgnjnD => "fneg.d",
        Op::FsgnjxS => "fabs.s",
        _ => "fabs.d",
    };
    Some((name, vec![rd, first]))
}

/// Vector instructions: the destination (or what is stored) first, the mask last.
fn vector_text(decoded: &Decoded) -> String {
    let (name, operands) = vector::alias(decoded);
    let mut args = arguments(&operands);
    let last = args.len() - 1;
    match vector::kind(decoded) {
        Kind::Arithmetic if last == 2 => args.rotate_right(1),
        _ => args.swap(0, last),
    }
    match decoded.mask {
        Mask::None => {}
        Mask::Selects => args.push("v0.t".to_string()),
        Mask::Operand => args.push("v0".to_string()),
    }
    joined(name.to_ascii_lowercase(), &args)
}
