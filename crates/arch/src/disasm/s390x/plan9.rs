//! The Go assembler's flavour, as `s390xasm.GoSyntax` and so `go tool objdump` write it.

use super::Code;
use super::format::Operand;
use super::names::{go_name, order};
use super::plan9_vector;
use crate::disasm::Symbolizer;

pub(super) fn text(code: &Code, symbol: Symbolizer<'_>) -> String {
    let mut arguments = arguments(code, symbol);
    if code.is_vector() {
        arguments.pop();
    }
    let line =
        if code.is_vector() { plan9_vector::line(code, &arguments) } else { Ok(line(code, &arguments)) };
    let (name, order) = match line {
        Ok(Line { name, order }) => (name, order),
        Err(exception) => return exception,
    };
    let shown: Vec<&str> = order.iter().filter_map(|&i| arguments.get(i)).map(String::as_str).collect();
    match shown.is_empty() {
        true => name,
        false => format!("{name} {}", shown.join(", ")),
    }
}

/// How an instruction is written: its name, and which arguments follow in which order.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) order: &'static [usize],
}

/// All arguments, in the order of the instruction's description.
pub(super) const ALL: &[usize] = &[0, 1, 2, 3, 4, 5, 6, 7];
pub(super) const SWAPPED: &[usize] = &[1, 0];
/// Three arguments, the destination last.
pub(super) const ROTATED: &[usize] = &[1, 2, 0];
pub(super) const REVERSED: &[usize] = &[2, 1, 0];

impl Line {
    pub(super) fn new(name: impl Into<String>, order: &'static [usize]) -> Line {
        Line { name: name.into(), order }
    }
}

fn line(code: &Code, arguments: &[String]) -> Line {
    let gnu = code.name();
    let capitals = gnu.to_ascii_uppercase();
    let first_is = |index: usize| arguments.first() == arguments.get(index);
    let is_negative = |index: usize| code.immediate(index).is_some_and(|value| value < 0);
    match gnu {
        "lcgr" if first_is(1) => Line::new("NEG", &[0]),
        "lcgfr" if first_is(1) => Line::new("NEGW", &[0]),
        "lzdr" => Line::new("FMOVD $0,", ALL),
        "lzer" => Line::new("FMOVS $0,", ALL),
        "lghi" => {
            let is_byte = code.immediate(1).is_some_and(|value| i8::try_from(value).is_ok());
            Line::new(if is_byte { "MOVB" } else { "MOVH" }, SWAPPED)
        }
        "ark" | "agrk" | "algrk" | "sgrk" | "slgrk" | "srk" if first_is(1) => {
            Line::new(go_name(gnu).unwrap_or(&capitals), &[2, 0])
        }
        "aghi" | "agfi" => Line::new(if is_negative(1) { "SUB" } else { "ADD" }, SWAPPED),
        "aghik" => Line::new(if is_negative(2) { "SUB" } else { "ADD" }, REVERSED),
        "alghsik" => Line::new(if is_negative(2) { "SUBC" } else { "ADDC" }, REVERSED),
        "nill" => Line::new(if is_negative(1) { "ANDW" } else { "AND" }, SWAPPED),
        "nilf" => Line::new(if is_negative(1) { "AND" } else { "ANDW" }, SWAPPED),
        "oilf" => Line::new(if is_negative(1) { "ORW" } else { "OR" }, SWAPPED),
        "xilf" => Line::new(if is_negative(1) { "XORW" } else { "XOR" }, SWAPPED),
        "cgrj" | "cgij" | "clgrj" | "clgij" => match comparison(code.mask(2), gnu.starts_with("cl")) {
            Some(condition) if gnu.starts_with("cl") => Line::new(format!("CMPUB{condition}"), &[0, 1, 3]),
            Some(condition) => Line::new(format!("CMPB{condition}"), &[0, 1, 3]),
            None => Line::new(capitals, ALL),
        },
        "brc" | "brcl" => match branch(code.mask(0)) {
            Some(name) => Line::new(name, &[1]),
            None => Line::new(capitals, ALL),
        },
        "bcr" => match code.mask(0) {
            Some(0) => Line::new("NOPH", &[]),
            Some(14) => Line::new("SYNC", &[]),
            Some(15) => Line::new("RET", &[]),
            _ => Line::new(capitals, ALL),
        },
        "locgr" => match code.mask(2) {
            // The mask of `not equal` is another one than that of comparisons that jump.
            Some(7) => Line::new("MOVDNE", SWAPPED),
            Some(6) => Line::new(capitals, REVERSED),
            mask => match comparison(mask, false) {
                Some(condition) => Line::new(format!("MOVD{condition}"), SWAPPED),
                None => Line::new(capitals, REVERSED),
            },
        },
        "rnsbg" | "rxsbg" | "rosbg" => {
            Line::new(flagged(&capitals, code.immediate(2), 'T'), bits_order(arguments))
        }
        "risbg" | "risbgn" | "risbhg" | "risblg" => {
            Line::new(flagged(&capitals, code.immediate(3), 'Z'), bits_order(arguments))
        }
        _ => Line::new(go_name(gnu).unwrap_or(&capitals), order(gnu)),
    }
}

/// The condition that a mask of a comparison names; logical comparisons have another mask for `not equal`.
fn comparison(mask: Option<u8>, is_logical: bool) -> Option<&'static str> {
    Some(match mask? {
        2 => "GT",
        4 => "LT",
        6 if !is_logical => "NE",
        7 if is_logical => "NE",
        8 => "EQ",
        10 => "GE",
        12 => "LE",
        _ => return None,
    })
}

fn branch(mask: Option<u8>) -> Option<&'static str> {
    Some(match mask? {
        1 => "BVS",
        2 => "BGT",
        4 => "BLT",
        5 => "BLTU",
        7 => "BNE",
        8 => "BEQ",
        10 => "BGE",
        12 => "BLE",
        13 => "BLEU",
        15 => "BR",
        _ => return None,
    })
}

/// The name with a letter for the flag in the upper bit of a bit number.
fn flagged(name: &str, number: Option<i64>, letter: char) -> String {
    match number {
        Some(number) if number & 0x80 != 0 => format!("{name}{letter}"),
        _ => name.to_string(),
    }
}

fn bits_order(arguments: &[String]) -> &'static [usize] {
    if arguments.len() == 5 { &[2, 3, 4, 1, 0] } else { &[2, 3, 1, 0] }
}

fn arguments(code: &Code, symbol: Symbolizer<'_>) -> Vec<String> {
    let mut arguments = Vec::with_capacity(code.operands.len());
    let mut rest = &code.operands[..];
    loop {
        rest = match rest {
            [] => return arguments,
            [Operand::Displacement(distance), Operand::Base(base), rest @ ..] => {
                arguments.push(format!("{}({})", shown(*distance), base_name(*base)));
                rest
            }
            [Operand::Displacement(distance), Operand::Length(length), Operand::Base(base), rest @ ..] => {
                arguments.push(format!("{}({})", shown(*distance), base_name(*base)));
                arguments.push(format!("${length}"));
                rest
            }
            [Operand::Displacement(distance), index, Operand::Base(base), rest @ ..] => {
                let index = match index {
                    Operand::Index(0) => String::new(),
                    Operand::Index(number) => format!("(R{number}*1)"),
                    index => format!("({}*1)", argument(code, *index, symbol)),
                };
                arguments.push(format!("{}({}){index}", shown(*distance), base_name(*base)));
                rest
            }
            [operand, rest @ ..] => {
                arguments.push(argument(code, *operand, symbol));
                rest
            }
        }
    }
}

/// A displacement of zero is left out.
fn shown(distance: i32) -> String {
    if distance == 0 { String::new() } else { distance.to_string() }
}

/// As a base, register 13 has no other name, and that there is none is shown as register 0.
fn base_name(base: u8) -> String {
    format!("R{base}")
}

fn argument(code: &Code, operand: Operand, symbol: Symbolizer<'_>) -> String {
    match operand {
        Operand::Register('r', 13) => "g".to_string(),
        Operand::Register(kind, number) => format!("{}{number}", kind.to_ascii_uppercase()),
        Operand::Vector(number) => format!("V{number}"),
        Operand::Base(number) | Operand::Index(number) => base_name(number),
        Operand::Displacement(distance) => shown(distance),
        Operand::Immediate(value) => format!("${}", immediate(code.name(), value)),
        Operand::Mask(mask) => format!("${mask}"),
        Operand::Length(length) => format!("${length}"),
        Operand::Relative(distance) => match symbol(code.addr.wrapping_add_signed(distance)) {
            Some((name, 0)) => format!("{name}(SB)"),
            _ => format!("{}(PC)", distance / code.len as i64),
        },
    }
}

/// The number that an immediate stands for, where it is for a part of a register or with the opposite sign.
fn immediate(gnu: &str, value: i64) -> i64 {
    match gnu {
        "llihf" => value << 32,
        "llilh" | "oilh" => value << 16,
        "nilh" => value << 16 | 0xffff,
        "aghi" | "agfi" | "aghik" | "alghsik" => value.abs(),
        _ => value,
    }
}
