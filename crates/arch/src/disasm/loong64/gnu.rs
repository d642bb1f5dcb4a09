//! GNU's flavour, as `loong64asm.GNUSyntax` writes it: no symbols, and branches by their distance.

use super::Decoded;
use super::operand::Operand;
use super::tables::Op;

pub(super) fn text(decoded: &Decoded) -> String {
    let mut name = decoded.name();
    let mut args: Vec<String> = decoded.operands.iter().map(argument).collect();
    let is_zero = |at| decoded.is_register(at, 0);
    match decoded.op {
        Op::Or if is_zero(2) => {
            name = "move";
            args.pop();
        }
        Op::Andi if is_zero(0) && is_zero(1) => return "nop".to_string(),
        Op::Jirl if is_zero(0) && decoded.offset() == Some(0) => {
            if decoded.is_register(1, 1) {
                return "ret".to_string();
            }
            return format!("jr {}", args[1]);
        }
        Op::Blt | Op::Bge if is_zero(0) => {
            name = if decoded.op == Op::Blt { "bgtz" } else { "blez" };
            args.remove(0);
        }
        Op::Blt | Op::Bge if is_zero(1) => {
            name = if decoded.op == Op::Blt { "bltz" } else { "bgez" };
            args.remove(1);
        }
        _ => {}
    }
    match args.as_slice() {
        [] => name.to_string(),
        args => format!("{name} {}", args.join(", ")),
    }
}

fn argument(operand: &Operand) -> String {
    match *operand {
        Operand::General(register) => general(register),
        Operand::Float(register) => match register {
            0..=7 => format!("$fa{register}"),
            8..=23 => format!("$ft{}", register - 8),
            _ => format!("$fs{}", register - 24),
        },
        Operand::Control(register) => format!("$fcsr{register}"),
        Operand::Condition(flag) => format!("$fcc{flag}"),
        Operand::Unsigned(value) => format!("{value:#x}"),
        Operand::Signed(value) | Operand::Scaled(value) | Operand::Offset(value) => value.to_string(),
    }
}

fn general(register: u32) -> String {
    match register {
        0 => "$zero".to_string(),
        1 => "$ra".to_string(),
        2 => "$tp".to_string(),
        3 => "$sp".to_string(),
        4..=11 => format!("$a{}", register - 4),
        12..=20 => format!("$t{}", register - 12),
        21 => "$r21".to_string(),
        22 => "$fp".to_string(),
        _ => format!("$s{}", register - 23),
    }
}
