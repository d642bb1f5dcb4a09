//! The Go assembler's flavour, as `ppc64asm.GoSyntax` and so `go tool objdump` write it.

use super::Code;
use super::format::Operand;
use super::gnu::zero_is_no_register;
use super::names::{
    go_name, is_indexed_store, is_integer_or_float_load, is_multiply_add, is_read_backwards, is_vector_load,
};
use crate::disasm::Symbolizer;

pub(super) fn text(code: &Code, symbol: Symbolizer<'_>) -> String {
    let operands = code.operands.iter().enumerate();
    let arguments: Vec<String> =
        operands.map(|(index, operand)| argument(code, index, *operand, symbol)).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match code.name() {
        "bc" | "bca" | "bcl" | "bcla" | "bclr" | "bclrl" | "bcctr" | "bcctrl" | "bctar" | "bctarl" => {
            branch(code, &arguments)
        }
        "sync" if code.immediate(0) == 1 => "LWSYNC".to_string(),
        "sync" => "HWSYNC".to_string(),
        "lis" => format!("ADDIS $0,{}", order("lis", &arguments)),
        gnu => {
            let name = name(gnu);
            match order(gnu, &arguments) {
                arguments if arguments.is_empty() => name,
                arguments => format!("{name} {arguments}"),
            }
        }
    }
}

/// The name: Go's own, or GNU's in capitals with `CC` for the dot.
fn name(gnu: &str) -> String {
    match go_name(gnu) {
        Some(name) => name.to_string(),
        None => match gnu.strip_suffix('.') {
            Some(name) => name.to_ascii_uppercase() + "CC",
            None => gnu.to_ascii_uppercase(),
        },
    }
}

fn branch(code: &Code, arguments: &[&str]) -> String {
    let unconditional = code.is_unconditional();
    match code.name() {
        "bclr" if unconditional => "RET".to_string(),
        "bcctr" if unconditional => "BR (CTR)".to_string(),
        "bcctrl" if unconditional => "BL (CTR)".to_string(),
        gnu @ ("bclr" | "bcctr") => format!("{} {}", name(gnu), arguments.join(", ")),
        "bc" => conditional_branch(code, arguments),
        gnu => format!("{} {}", name(gnu), arguments.join(",")),
    }
}

fn conditional_branch(code: &Code, arguments: &[&str]) -> String {
    let (option, Some(Operand::ConditionBit(bit)), [.., target]) =
        (code.immediate(0), code.operands.get(1).copied(), arguments)
    else {
        return format!("BC {}", arguments.join(","));
    };
    if option & 0x17 != 0x04 {
        // It counts down, or hints.
        return format!("BC {}", arguments.join(","));
    }
    let is_set = option & 0x08 != 0;
    let condition = match (bit % 4, is_set) {
        (0, false) => "GE",
        (1, false) => "LE",
        (2, false) => "NE",
        (_, false) => "NSO",
        (0, true) => "LT",
        (1, true) => "GT",
        (2, true) => "EQ",
        (_, true) => "SO",
    };
    match bit / 4 {
        0 => format!("B{condition} {target}"),
        field => format!("B{condition} CR{field},{target}"),
    }
}

/// The arguments as they follow each other. Most often the destination, GNU's first operand, comes last.
fn order(gnu: &str, arguments: &[&str]) -> String {
    match (gnu, arguments) {
        (
            "copy" | "paste." | "stb" | "stbu" | "sth" | "sthu" | "stw" | "stwu" | "std" | "stdu" | "stfd"
            | "stfdu" | "stfs" | "stfsu" | "stq" | "hashst" | "hashstp" | "stxv" | "stxvl" | "stxvll",
            _,
        ) => arguments.join(","),
        ("isel", [target, first, second, bit]) => format!("{bit},{first},{second},{target}"),
        (
            "fcmpu" | "fcmpo" | "cmpd" | "cmpdi" | "cmpld" | "cmpldi" | "cmpw" | "cmpwi" | "cmplw" | "cmplwi",
            [field, first, second],
        ) => match *field {
            "CR0" => format!("{first},{second}"),
            field => format!("{first},{second},{field}"),
        },
        ("lxvl" | "lxvll", [target, base, length]) => format!("{base},{length},{target}"),
        ("dcbt" | "dcbtst" | "dcbz" | "dcbst" | "icbi", [base, index, ..]) => match *base {
            "0" | "R0" => format!("({index})"),
            base => format!("({index})({base})"),
        },
        (_, [target, base, index, ..]) if is_integer_or_float_load(gnu) || is_vector_load(gnu) => match *base
        {
            "0" if is_integer_or_float_load(gnu) => format!("({index}),{target}"),
            base => format!("({index})({base}),{target}"),
        },
        (_, [source, base, index, ..]) if is_indexed_store(gnu) => format!("{source},({index})({base})"),
        (_, [target, a, b]) if is_read_backwards(gnu) => format!("{b},{a},{target}"),
        (_, [target, a, c, b]) if is_multiply_add(gnu) => format!("{a},{b},{c},{target}"),
        (_, [target, sources @ ..]) if !sources.is_empty() => format!("{},{target}", sources.join(",")),
        _ => arguments.join(","),
    }
}

fn argument(code: &Code, index: usize, operand: Operand, symbol: Symbolizer<'_>) -> String {
    match operand {
        Operand::Register("r", 0) if index == 1 && zero_is_no_register(code.name()) => "0".to_string(),
        Operand::Register("r", 30) => "g".to_string(),
        Operand::Register(kind, number) => format!("{}{number}", kind.to_ascii_uppercase()),
        Operand::ConditionBit(bit) if code.name() == "isel" => format!("${bit}"),
        Operand::ConditionBit(bit) => {
            let name = ["LT", "GT", "EQ", "SO"][usize::from(bit % 4)];
            if bit < 4 { name.to_string() } else { format!("CR{}{name}", bit / 4) }
        }
        Operand::ConditionField(field) => format!("CR{field}"),
        Operand::Immediate(value) => format!("${value}"),
        Operand::Special(8) => "LR".to_string(),
        Operand::Special(9) => "CTR".to_string(),
        Operand::Special(number) => format!("SPR({number})"),
        Operand::Relative(distance) => {
            let addr = code.addr.wrapping_add_signed(distance);
            match symbol(addr) {
                Some((name, 0)) => format!("{name}(SB)"),
                // A call of the local entry, behind the loading of the TOC pointer, in position-independent code.
                Some((name, 8)) if code.name() == "bl" => format!("{name}+8(SB)"),
                _ => format!("{addr:#x}"),
            }
        }
        Operand::Absolute(addr) => format!("{addr:#x}"),
        Operand::Memory(offset, 0) => format!("{offset}(0)"),
        Operand::Memory(offset, base) => format!("{offset}(R{base})"),
    }
}
