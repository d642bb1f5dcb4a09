//! The Go assembler's flavour, as `riscv64asm.GoSyntax` and so `go tool objdump` write it.

use super::super::Symbolizer;
use super::operand::Operand;
use super::tables::Op;
use super::vector::{self, Kind};
use super::{CYCLE, CYCLEH, Decoded, FCSR, FFLAGS, FRM, INSTRET, INSTRETH, Mask, TIME, TIMEH, fence};

pub(super) fn text(decoded: &Decoded, addr: u64, symbol: Symbolizer<'_>) -> String {
    if decoded.is_vector() {
        return vector_text(decoded);
    }
    let (name, operands) = alias(decoded).unwrap_or_else(|| turned_around(decoded));
    let mut args: Vec<String> = operands.iter().map(|operand| argument(operand, addr, symbol)).collect();
    if matches!(decoded.op, Op::FmvWX | Op::FmvDX) && decoded.is_zero(1) {
        args[0] = "$(0.0)".to_string();
    }
    joined(name, &args)
}

/// Instructions are named without the manual's dots, and atomic ones without their ordering.
fn joined(name: &str, args: &[String]) -> String {
    let name = match name {
        "FENCE.TSO" => name.to_string(),
        _ => name.replace(".AQRL", "").replace(".AQ", "").replace(".RL", "").replace('.', ""),
    };
    match args {
        [] => name,
        args => format!("{name} {}", args.join(", ")),
    }
}

fn argument(operand: &Operand, addr: u64, symbol: Symbolizer<'_>) -> String {
    match *operand {
        Operand::X(register) => format!("X{register}"),
        Operand::F(register) => format!("F{register}"),
        Operand::V(register) => format!("V{register}"),
        Operand::Pointer(base) | Operand::Memory { base, displacement: 0 } => format!("(X{base})"),
        Operand::Memory { base, displacement } => format!("{displacement}(X{base})"),
        Operand::Signed(value) => format!("${value}"),
        Operand::Unsigned(value) | Operand::Decimal(value) => format!("${value}"),
        Operand::Order(_) | Operand::Csr(_) | Operand::VectorType(_) => operand.name(),
        Operand::Offset(offset) => match symbol(addr.wrapping_add_signed(offset.into())) {
            Some((name, 0)) => format!("{name}(SB)"),
            _ => format!("{}(PC)", offset / 4),
        },
    }
}

/// The destination last.
fn turned_around(decoded: &Decoded) -> (&'static str, Vec<Operand>) {
    (decoded.name(), decoded.operands.iter().rev().copied().collect())
}

type Alias = Option<(&'static str, Vec<Operand>)>;

/// The name and the operands as they are shown, where they are not just turned around.
fn alias(decoded: &Decoded) -> Alias {
    let operands = &decoded.operands[..];
    let zero = Operand::X(0);
    Some(match (decoded.op, operands) {
        (Op::Sub, &[rd, rs1, rs2]) if rs1 == zero => ("NEG", vec![rs2, rd]),
        (Op::Sltu, &[rd, rs1, rs2]) if rs1 == zero => ("SNEZ", vec![rs2, rd]),
        (Op::Fence, _) => fence(decoded),
        (Op::Vsetvl, _) => (decoded.name(), operands.to_vec()),
        (Op::Vsetvli | Op::Vsetivli, &[setting, length, rd]) => (decoded.name(), vec![length, setting, rd]),
        (_, &[rd, source, base @ Operand::Pointer(_)]) => (decoded.name(), vec![source, base, rd]),
        (_, &[rd, first, second, third]) if is_fused(decoded) => {
            (decoded.name(), vec![first, second, third, rd])
        }
        (Op::Beq | Op::Bne | Op::Blt | Op::Bge | Op::Bltu | Op::Bgeu, _) => branch(decoded),
        (Op::Jal | Op::Jalr, _) => jump(decoded),
        _ => {
            return immediate_alias(decoded)
                .or_else(|| control_alias(decoded))
                .or_else(|| float_alias(decoded))
                .or_else(|| load_or_store(decoded));
        }
    })
}

/// Multiplication with addition, by the four major opcodes of it.
fn is_fused(decoded: &Decoded) -> bool {
    matches!(decoded.word & 0x7f, 0x43 | 0x47 | 0x4b | 0x4f)
}

fn immediate_alias(decoded: &Decoded) -> Alias {
    let &[rd, rs1, Operand::Signed(value)] = &decoded.operands[..] else { return None };
    Some(match (decoded.op, value) {
        (Op::Addi, 0) => ("MOV", vec![rs1, rd]),
        (Op::Addiw, 0) => ("MOVW", vec![rs1, rd]),
        (Op::Andi, 255) => ("MOVBU", vec![rs1, rd]),
        (Op::Xori, -1) => ("NOT", vec![rs1, rd]),
        (Op::Sltiu, 1) => ("SEQZ", vec![rs1, rd]),
        (Op::Ori, _) => {
            let (suffix, memory) = decoded.prefetch()?;
            let name = match suffix {
                'I' => "PREFETCHI",
                'R' => "PREFETCHR",
                _ => "PREFETCHW",
            };
            (name, vec![memory])
        }
        _ => return None,
    })
}

fn branch(decoded: &Decoded) -> (&'static str, Vec<Operand>) {
    let name = match decoded.op {
        Op::Beq => "BEQZ",
        Op::Bne => "BNEZ",
        Op::Blt => "BLTZ",
        Op::Bge => "BGEZ",
        _ => decoded.name(),
    };
    match &decoded.operands[..] {
        &[rs1, Operand::X(0), offset] if name != decoded.name() => (name, vec![rs1, offset]),
        operands => (decoded.name(), operands.to_vec()),
    }
}

fn jump(decoded: &Decoded) -> (&'static str, Vec<Operand>) {
    match decoded.operands[..] {
        [Operand::X(0), Operand::Memory { base: 1, displacement: 0 }] => ("RET", Vec::new()),
        [Operand::X(0), target] => ("JMP", vec![target]),
        [Operand::X(1), target] => ("CALL", vec![target]),
        _ => (decoded.name(), decoded.operands.clone()),
    }
}

fn control_alias(decoded: &Decoded) -> Alias {
    let &[rd, _, source] = &decoded.operands[..] else { return None };
    let (drops_old, no_source) = (decoded.is_zero(0), decoded.is_zero(2));
    Some(match (decoded.op, decoded.control_register()?) {
        (Op::Csrrw, FCSR) => ("FSCSR", vec![source, rd]),
        (Op::Csrrw, FFLAGS) => ("FSFLAGS", vec![source, rd]),
        (Op::Csrrw, FRM) => ("FSRM", vec![source, rd]),
        (Op::Csrrw, CYCLE) if drops_old && no_source => ("UNIMP", Vec::new()),
        (Op::Csrrs, FCSR) if no_source => ("FRCSR", vec![rd]),
        (Op::Csrrs, FFLAGS) if no_source => ("FRFLAGS", vec![rd]),
        (Op::Csrrs, FRM) if no_source => ("FRRM", vec![rd]),
        (Op::Csrrs, CYCLE) if no_source => ("RDCYCLE", vec![rd]),
        (Op::Csrrs, CYCLEH) if no_source => ("RDCYCLEH", vec![rd]),
        (Op::Csrrs, INSTRET) if no_source => ("RDINSTRET", vec![rd]),
        (Op::Csrrs, INSTRETH) if no_source => ("RDINSTRETH", vec![rd]),
        (Op::Csrrs, TIME) if no_source => ("RDTIME", vec![rd]),
        (Op::Csrrs, TIMEH) if no_source => ("RDTIMEH", vec![rd]),
        _ => return None,
    })
}

/// Moves between registers of floating-point numbers, and sign injections from the number itself.
fn float_alias(decoded: &Decoded) -> Alias {
    match (decoded.op, &decoded.operands[..]) {
        (Op::FmvWX | Op::FmvXW, &[rd, source]) => Some(("MOVF", vec![source, rd])),
        (Op::FmvDX | Op::FmvXD, &[rd, source]) => Some(("MOVD", vec![source, rd])),
        (op, &[rd, first, second]) if first == second => {
            let name = match op {
                Op::FsgnjS => "MOVF",
                Op::FsgnjD => "MOVD",
                Op::FsgnjnS => "FNEGS",
                Op::FsgnjnD => "FNESD",
                Op::FsgnjxS => "FABSS",
                Op::FsgnjxD => "FABSD",
                _ => return None,
            };
            Some((name, vec![first, rd]))
        }
        _ => None,
    }
}

fn load_or_store(decoded: &Decoded) -> Alias {
    let &[register, memory] = &decoded.operands[..] else { return None };
    let (name, is_store) = match decoded.op {
        Op::Ld => ("MOV", false),
        Op::Lb => ("MOVB", false),
        Op::Lh => ("MOVH", false),
        Op::Lw => ("MOVW", false),
        Op::Lbu => ("MOVBU", false),
        Op::Lhu => ("MOVHU", false),
        Op::Lwu => ("MOVWU", false),
        Op::Flw => ("MOVF", false),
        Op::Fld => ("MOVD", false),
        Op::Sd => ("MOV", true),
        Op::Sb => ("MOVB", true),
        Op::Sh => ("MOVH", true),
        Op::Sw => ("MOVW", true),
        Op::Fsw => ("MOVF", true),
        Op::Fsd => ("MOVD", true),
        _ => return None,
    };
    Some((name, if is_store { vec![register, memory] } else { vec![memory, register] }))
}

/// Vector instructions: the destination last (a store's address), the mask before it.
fn vector_text(decoded: &Decoded) -> String {
    let (name, operands) = vector::alias(decoded);
    let mut args: Vec<String> = operands.iter().map(|operand| argument(operand, 0, &|_| None)).collect();
    match (vector::kind(decoded), args.len()) {
        (Kind::Load | Kind::Arithmetic, 3) | (Kind::Store, 2) => args.swap(0, 1),
        (Kind::Store, 3) => args.rotate_right(1),
        _ => {}
    }
    if decoded.mask != Mask::None {
        args.insert(args.len() - 1, "V0".to_string());
    }
    joined(name, &args)
}
