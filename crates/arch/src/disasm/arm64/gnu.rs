//! GNU's flavour, as `arm64asm.GNUSyntax` writes it: no symbols, and branches by their distance, which has no sign.

use super::Decoded;
use super::field::{Bank, Mode};
use super::operand::{Extend, Filling, Operand, Register};
use super::tables::Op;

pub(super) fn text(decoded: &Decoded) -> String {
    let name = decoded.name().to_ascii_lowercase();
    let operands = decoded.operands();
    match (decoded.op, operands) {
        (Op::Ret, [Operand::Register(register)]) if register.number == 30 => return name,
        (Op::B, [condition @ Operand::Condition(_), target]) => {
            return format!("b.{} {}", operand(condition), operand(target));
        }
        // The whole system is what a barrier without an operand is for.
        (Op::Isb, [Operand::Barrier(_)]) => return name,
        _ => {}
    }
    let texts: Vec<String> = operands.iter().map(operand).filter(|text| !text.is_empty()).collect();
    match texts.as_slice() {
        [] => name,
        texts => format!("{name} {}", texts.join(", ")),
    }
}

fn operand(operand: &Operand) -> String {
    match *operand {
        Operand::Register(register) => self::register(register),
        Operand::StackRegister(Register { bank: Bank::W, number: 31 }) => "wsp".to_owned(),
        Operand::StackRegister(Register { number: 31, .. }) => "sp".to_owned(),
        Operand::StackRegister(register) => self::register(register),
        Operand::Vector { number, arrangement, count } => {
            let (elements, size) = arrangement.parts();
            list(number, &format!("{elements}{}", letter(size)), count)
        }
        Operand::Element { number, size, index, count } => {
            format!("{}[{index}]", list(number, &letter(size).to_string(), count))
        }
        Operand::Shifted { register, shift, amount } => match shift {
            Extend::None => self::register(register),
            _ => format!("{}, {} #{amount}", self::register(register), lower(shift)),
        },
        Operand::Extended { register, extend, amount } => match (extend, amount) {
            (Extend::None, _) => self::register(register),
            (_, 0) => format!("{}, {}", self::register(register), lower(extend)),
            _ => format!("{}, {} #{amount}", self::register(register), lower(extend)),
        },
        Operand::Memory { base, mode, displacement } => memory(base, mode, displacement),
        Operand::MemoryByRegister { base, register } => {
            format!(
                "[{}], {}",
                self::base(base),
                self::register(Register { bank: Bank::X, number: register })
            )
        }
        Operand::Indexed { base, index, extend, amount, is_byte } => {
            indexed(base, index, extend, amount, is_byte)
        }
        Operand::Number { value, is_decimal: true, .. } => format!("#{value}"),
        Operand::Number { value, .. } => format!("#{value:#x}"),
        Operand::Optional { shown: false, .. } => String::new(),
        Operand::Optional { value, .. } => format!("#{value:#x}"),
        Operand::ShiftedNumber { value, amount: 0, .. } => format!("#{value:#x}"),
        Operand::ShiftedNumber { value, amount, filling } => {
            let shift = if filling == Filling::Ones { "msl" } else { "lsl" };
            format!("#{value:#x}, {shift} #{amount}")
        }
        Operand::Float(value) => scientific(value),
        Operand::Relative(offset) => format!(".+{offset:#x}"),
        Operand::Condition(name) => name.to_ascii_lowercase(),
        Operand::Control(number) => format!("C{number}"),
        Operand::Barrier(option) => match barrier(option) {
            Some(name) => name.to_ascii_lowercase(),
            None => format!("#{option:#04x}"),
        },
        Operand::Prefetch(operation) => match prefetch(operation) {
            Some(name) => name.to_ascii_lowercase(),
            None => format!("#{operation:#04x}"),
        },
        Operand::ProcessorState(name) => name.to_ascii_lowercase(),
        Operand::SystemRegister { op0, op1, crn, crm, op2 } => format!("s{op0}_{op1}_c{crn}_c{crm}_{op2}"),
        Operand::Operation { operation, register } => match register {
            Some(number) => {
                let register = self::register(Register { bank: Bank::X, number });
                format!("{}, {register}", operation.name.to_ascii_lowercase())
            }
            None => operation.name.to_ascii_lowercase(),
        },
    }
}

fn register(register: Register) -> String {
    match register {
        Register { bank: Bank::W, number: 31 } => "wzr".to_owned(),
        Register { bank: Bank::X, number: 31 } => "xzr".to_owned(),
        Register { bank, number } => format!("{}{number}", letter(bank)),
    }
}

fn letter(bank: Bank) -> char {
    bank.letter().to_ascii_lowercase()
}

fn lower(extend: Extend) -> String {
    extend.name().to_ascii_lowercase()
}

fn base(number: u8) -> String {
    if number == 31 { "sp".to_owned() } else { format!("x{number}") }
}

/// `count` registers one after the other, 31 followed by 0; without braces if it is 0.
fn list(first: u8, elements: &str, count: u8) -> String {
    let one = |at: u8| format!("v{}.{elements}", (first + at) % 32);
    match count {
        0 => one(0),
        1 => format!("{{{}}}", one(0)),
        // A range goes upwards, and of two there is none.
        3.. if first + count <= 32 => format!("{{{}-{}}}", one(0), one(count - 1)),
        _ => format!("{{{}}}", (0..count).map(one).collect::<Vec<_>>().join(", ")),
    }
}

fn memory(base: u8, mode: Mode, displacement: i32) -> String {
    let base = self::base(base);
    match mode {
        Mode::Offset if displacement == 0 => format!("[{base}]"),
        Mode::Offset => format!("[{base},#{displacement}]"),
        Mode::PreIndex => format!("[{base},#{displacement}]!"),
        Mode::PostIndex => format!("[{base}],#{displacement}"),
    }
}

fn indexed(base: u8, index: Register, extend: Extend, amount: u8, is_byte: bool) -> String {
    let (base, index) = (self::base(base), register(index));
    match (amount, extend) {
        (0, Extend::Lsl) => format!("[{base},{index}]"),
        (0, _) => format!("[{base},{index},{}]", lower(extend)),
        _ => format!("[{base},{index},{} #{}]", lower(extend), if is_byte { 0 } else { amount }),
    }
}

/// As C's `%.18e`.
fn scientific(value: f64) -> String {
    let text = format!("{value:.18e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("#{digits}e-{exponent:0>2}"),
        None => format!("#{digits}e+{exponent:0>2}"),
    }
}

/// What a barrier waits for.
fn barrier(option: u32) -> Option<&'static str> {
    Some(match option {
        15 => "SY",
        14 => "ST",
        13 => "LD",
        11 => "ISH",
        10 => "ISHST",
        9 => "ISHLD",
        7 => "NSH",
        6 => "NSHST",
        5 => "NSHLD",
        3 => "OSH",
        2 => "OSHST",
        1 => "OSHLD",
        _ => return None,
    })
}

/// What is prefetched, into which cache, and whether it is kept there.
pub(super) fn prefetch(operation: u32) -> Option<String> {
    let kind = ["PLD", "PLI", "PST"].get(operation as usize >> 3)?;
    let cache = ["L1", "L2", "L3"].get(operation as usize >> 1 & 3)?;
    Some(format!("{kind}{cache}{}", if operation & 1 == 0 { "KEEP" } else { "STRM" }))
}
