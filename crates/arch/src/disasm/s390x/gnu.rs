//! GNU's flavour, as `s390xasm.GNUSyntax` writes it.

use super::Code;
use super::extended::extended;
use super::format::Operand;

pub(super) fn text(code: &Code) -> String {
    let (mut text, mut operands) = extended(code);
    if code.is_vector() && operands.len() > 1 {
        operands.pop();
    }
    for (index, operand) in operands.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| operands.get(before));
        let separator = match before {
            None => " ",
            Some(before) => separator(*before, *operand, operands.get(index + 1)),
        };
        text.push_str(separator);
        text.push_str(&operand_text(code, *operand));
        // A base register ends the operand in memory, also one that is none but for an index.
        match (before, operand) {
            (_, Operand::Base(1..)) => text.push(')'),
            (Some(Operand::Index(1..)), Operand::Base(_)) => text.push(')'),
            _ => {}
        }
    }
    text
}

/// What stands between an operand and the one before it.
fn separator(before: Operand, operand: Operand, after: Option<&Operand>) -> &'static str {
    let in_memory = matches!(before, Operand::Displacement(_));
    match operand {
        Operand::Register(..) | Operand::Vector(_) | Operand::Length(_) if in_memory => "(",
        Operand::Index(0) if after == Some(&Operand::Base(0)) => "",
        Operand::Index(_) => "(",
        Operand::Base(0) if in_memory => "",
        Operand::Base(_) if in_memory => "(",
        Operand::Base(0) if matches!(before, Operand::Index(_)) => "",
        Operand::Base(_) if before == Operand::Index(0) => "",
        _ => ",",
    }
}

fn operand_text(code: &Code, operand: Operand) -> String {
    match operand {
        Operand::Register(kind, number) => format!("%{kind}{number}"),
        Operand::Vector(number) => format!("%v{number}"),
        Operand::Base(0) | Operand::Index(0) => String::new(),
        Operand::Base(number) | Operand::Index(number) => format!("%r{number}"),
        Operand::Displacement(distance) => distance.to_string(),
        Operand::Immediate(value) => value.to_string(),
        Operand::Relative(distance) => format!("{:#x}", code.addr.wrapping_add_signed(distance)),
        Operand::Mask(mask) => mask.to_string(),
        Operand::Length(length) => length.to_string(),
    }
}
