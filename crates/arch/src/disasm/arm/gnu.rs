//! GNU's flavour, as `armasm.GNUSyntax` writes it: no symbols, and branches by their distance.

use super::Decoded;
use super::operand::{Added, LR, Mode, Operand, PC, SP, Shift};
use super::tables::Op;

pub(super) fn text(decoded: &Decoded) -> String {
    let (stem, types) = decoded.name();
    let stem = stem.replace('.', "");
    let types = types.replace(".FX", ".");
    let name = format!("{stem}{}{types}", decoded.condition).to_ascii_lowercase();
    let shown = decoded.operands.iter().enumerate().filter(|(at, _)| !is_implied(decoded.op, *at));
    let texts: Vec<String> = shown.map(|(at, operand)| self::operand(decoded.op, at, operand)).collect();
    match texts.as_slice() {
        [] => name,
        texts => format!("{name} {}", texts.join(", ")),
    }
}

/// The second register of a pair, which follows from the first.
fn is_implied(op: Op, at: usize) -> bool {
    match op {
        Op::Ldrd | Op::Ldrexd | Op::Strd => at == 1,
        Op::Strexd => at == 2,
        _ => false,
    }
}

fn operand(op: Op, at: usize, operand: &Operand) -> String {
    match *operand {
        Operand::Register(number) if op == Op::Ldrex && at == 0 => format!("r{number}"),
        Operand::Register(number) => register(number),
        Operand::Flags => "apsr".to_owned(),
        Operand::FlagsOfFloat => "apsr_nzcv".to_owned(),
        Operand::FloatFlags => "fpscr".to_owned(),
        Operand::Single(number) => format!("s{number}"),
        Operand::Double(number) => format!("d{number}"),
        Operand::Half(number, half) => format!("d{number}[{half}]"),
        Operand::Number(value) => match op {
            Op::Bkpt => format!("{value:#06x}"),
            Op::Svc => format!("{value:#010x}"),
            _ => format!("#{}", value.cast_signed()),
        },
        Operand::Rotated { value, by } => format!("#{value}, {by}"),
        Operand::BigEndian(true) => "be".to_owned(),
        Operand::BigEndian(false) => "le".to_owned(),
        Operand::Relative(offset) => {
            let offset = offset.wrapping_add(4);
            let sign = if offset < 0 { '-' } else { '+' };
            format!(".{sign}{:#x}", offset.unsigned_abs())
        }
        Operand::Shifted { register, shift: Shift::Rrx, .. } => format!("{}, rrx", self::register(register)),
        Operand::Shifted { register, shift: Shift::Lsl, amount: 0 } => self::register(register),
        Operand::Shifted { register, shift, amount } => {
            format!("{}, {} #{amount}", self::register(register), lower(shift))
        }
        Operand::ShiftedByRegister { register, shift, by } => {
            format!("{}, {} {}", self::register(register), lower(shift), self::register(by))
        }
        Operand::Memory { base, mode, added } => memory(base, mode, added),
        Operand::Multiple { base, write_back } => {
            format!("{}{}", register(base), if write_back { "!" } else { "" })
        }
        Operand::Registers(set) => {
            let names: Vec<String> = (0..16).filter(|at| set >> at & 1 == 1).map(register).collect();
            format!("{{{}}}", names.join(", "))
        }
    }
}

fn register(number: u8) -> String {
    match number {
        10 => "sl".to_owned(),
        11 => "fp".to_owned(),
        12 => "ip".to_owned(),
        SP => "sp".to_owned(),
        LR => "lr".to_owned(),
        PC => "pc".to_owned(),
        _ => format!("r{number}"),
    }
}

fn lower(shift: Shift) -> String {
    shift.name().to_ascii_lowercase()
}

fn memory(base: u8, mode: Mode, added: Added) -> String {
    let base = register(base);
    let added = match added {
        Added::Bytes(0) if mode == Mode::Offset => return format!("[{base}]"),
        Added::Bytes(bytes) => format!("#{bytes}"),
        Added::Index { register, negative, shift, amount } => {
            let sign = if negative { "-" } else { "" };
            let index = self::register(register);
            match (shift, amount) {
                (Shift::Lsl, 0) => format!("{sign}{index}"),
                (Shift::Rrx, _) => format!("{sign}{index}, rrx"),
                _ => format!("{sign}{index}, {} #{amount}", lower(shift)),
            }
        }
    };
    match mode {
        Mode::Offset => format!("[{base}, {added}]"),
        Mode::PreIndex => format!("[{base}, {added}]!"),
        Mode::PostIndex => format!("[{base}], {added}"),
    }
}
