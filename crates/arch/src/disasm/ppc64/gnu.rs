//! GNU's flavour, as `ppc64asm.GNUSyntax` writes it.

use std::ops::RangeBounds;

use super::Code;
use super::format::Operand;

/// The tests of a condition field's bits: that they are set, that they are not.
const CONDITIONS: [&str; 8] = ["lt", "gt", "eq", "so", "ge", "le", "ne", "ns"];

pub(super) fn text(code: &Code) -> String {
    let name = code.name();
    match name {
        "bc" | "bcl" | "bca" | "bcla" | "bclr" | "bclrl" | "bcctr" | "bcctrl" | "bctar" | "bctarl" => {
            branch(code)
        }
        "mtspr" => match special(code, 0) {
            Some(special) if special != "tb" => with_operands(code, format!("mt{special}"), 1..),
            _ => plain(code),
        },
        "mfspr" => match special(code, 1) {
            Some(special) => with_operands(code, format!("mf{special}"), ..1),
            None => plain(code),
        },
        "mtfsfi" | "mtfsfi." if code.immediate(2) == 0 => with_operands(code, name, ..2),
        "paste." if code.immediate(2) == 1 => with_operands(code, name, ..2),
        "mtfsf" | "mtfsf." if code.immediate(3) == 0 => with_operands(code, name, ..3),
        "lbarx" | "lharx" | "lwarx" | "ldarx" if code.immediate(3) == 0 => with_operands(code, name, ..3),
        "sync" => match (code.immediate(0), code.immediate(1)) {
            (0, 0) => "hwsync".to_string(),
            (1, 0) => "lwsync".to_string(),
            _ => plain(code),
        },
        "paddi" => paddi(code),
        _ if name.starts_with("pl") || name.starts_with("pst") => prefixed_access(code),
        _ => plain(code),
    }
}

fn plain(code: &Code) -> String {
    with_operands(code, code.name(), ..)
}

/// `name`, and some of the operands.
fn with_operands(code: &Code, name: impl Into<String>, which: impl RangeBounds<usize>) -> String {
    let mut text = name.into();
    let mut separator = ' ';
    for (index, operand) in code.operands.iter().enumerate() {
        let operand =
            if which.contains(&index) { operand_text(code, index, *operand) } else { String::new() };
        if !operand.is_empty() {
            text.push(separator);
            text.push_str(&operand);
            separator = ',';
        }
    }
    text
}

/// The special register that operand `index` is, if it has a name.
fn special(code: &Code, index: usize) -> Option<&'static str> {
    match code.operands.get(index)? {
        Operand::Special(1) => Some("xer"),
        Operand::Special(8) => Some("lr"),
        Operand::Special(9) => Some("ctr"),
        Operand::Special(268) => Some("tb"),
        _ => None,
    }
}

/// `paddi`, which has other names without a base register. A base beside the PC is no instruction.
fn paddi(code: &Code) -> String {
    let [target, base, value, relative] = code.operands[..] else { return plain(code) };
    let (target, value) = (operand_text(code, 0, target), operand_text(code, 2, value));
    match (base, relative) {
        (Operand::Register(_, 0), Operand::Immediate(1)) => format!("pla {target},{value}"),
        (Operand::Register(_, 0), _) => format!("pli {target},{value}"),
        (_, Operand::Immediate(1)) => illegal(code),
        _ => format!("paddi {target},{},{value}", operand_text(code, 1, base)),
    }
}

/// A prefixed load or store: relative to a register, or to the PC.
fn prefixed_access(code: &Code) -> String {
    let [register, Operand::Memory(offset, base), relative] = code.operands[..] else { return plain(code) };
    let register = operand_text(code, 0, register);
    match (base, relative) {
        (0, Operand::Immediate(1)) => format!("{} {register},{offset}", code.name()),
        (_, Operand::Immediate(1)) => illegal(code),
        _ => format!("{} {register},{offset}(r{base})", code.name()),
    }
}

fn illegal(code: &Code) -> String {
    format!(".quad {:#x}", code.word)
}

/// A conditional branch. How `BO` tells the condition: Power ISA 3.1, book I, section 2.4.
fn branch(code: &Code) -> String {
    let Some(Operand::ConditionBit(bit)) = code.operands.get(1).copied() else { return plain(code) };
    let name = code.name();
    let (option, field) = (code.immediate(0), bit / 4);
    let has_target = code.target().is_some();
    let counts_down = option & 0x04 == 0;
    // `bcctr` cannot count down what it branches by.
    let is_counted = counts_down && !name.starts_with("bcctr");
    let mut test = String::new();
    // How many of the operands `BO` and `BI` the mnemonic says.
    let mut said = 0;
    let mut hint = 0;
    if option & 0x14 == 0x14 {
        if option == 0x14 && bit == 0 && !has_target {
            said = 2;
        }
    } else if counts_down {
        if is_counted {
            said = 1;
            test.push_str(if option & 0x02 == 0 { "dnz" } else { "dz" });
            if option & 0x10 == 0 {
                test.push(if option & 0x08 == 0 { 'f' } else { 't' });
            }
        }
        if option & 0x10 != 0 {
            said = match bit {
                0 if is_counted => 2,
                0 => said,
                // A bit that the option does not look at.
                _ => 0,
            };
            hint = (option & 0x08) >> 2 | option & 0x01;
        }
    } else {
        said = 2;
        hint = option & 0x03;
        let inverted = if option & 0x08 == 0 { 4 } else { 0 };
        test.push_str(CONDITIONS[usize::from(bit % 4) | inverted]);
    }
    let hint_text = ["", "?", "-", "+"][hint as usize];
    // `BH`, a hint at how the target is to be predicted, of branches to a register.
    let prediction = if has_target { 0 } else { code.immediate(2) };
    if hint == 1 || said == 0 || prediction > 0 {
        let shown = if has_target || prediction > 0 { 3 } else { 2 };
        return with_operands(code, format!("{name}{hint_text}"), ..shown);
    }
    let mut text = format!("b{test}{}{hint_text}", &name[2..]);
    let mut separator = ' ';
    if said == 2 && field != 0 {
        text.push_str(&format!(" cr{field}"));
        separator = ',';
    }
    for (index, operand) in code.operands.iter().enumerate().take(if has_target { 3 } else { 2 }).skip(said) {
        text.push(separator);
        text.push_str(&operand_text(code, index, *operand));
        separator = ',';
    }
    text
}

fn operand_text(code: &Code, index: usize, operand: Operand) -> String {
    match operand {
        Operand::Register("r", 0) if index == 1 && zero_is_no_register(code.name()) => "0".to_string(),
        Operand::Register(kind, number) => format!("{kind}{number}"),
        // Comparisons set the first field unless they say another one.
        Operand::ConditionField(0) if code.name().starts_with("cmp") => String::new(),
        Operand::ConditionField(field) => format!("cr{field}"),
        Operand::ConditionBit(bit) if bit < 4 => CONDITIONS[usize::from(bit)].to_string(),
        Operand::ConditionBit(bit) => format!("4*cr{}+{}", bit / 4, CONDITIONS[usize::from(bit % 4)]),
        Operand::Immediate(value) => value.to_string(),
        Operand::Special(number) => {
            special(code, index).map_or_else(|| number.to_string(), ToString::to_string)
        }
        Operand::Relative(0) => ".+0x0".to_string(),
        Operand::Relative(distance) => format!("{:#x}", code.addr.wrapping_add_signed(distance)),
        Operand::Absolute(addr) => format!("{addr:#x}"),
        Operand::Memory(offset, 0) => format!("{offset}(0)"),
        Operand::Memory(offset, base) => format!("{offset}(r{base})"),
    }
}

/// Loads and stores for which a base of `r0` is none, and shown so.
pub(super) fn zero_is_no_register(name: &str) -> bool {
    matches!(
        name,
        "lbz"
            | "lbzu"
            | "lbzx"
            | "lbzux"
            | "lhz"
            | "lhzu"
            | "lhzx"
            | "lhzux"
            | "lha"
            | "lhau"
            | "lhax"
            | "lhaux"
            | "lwz"
            | "lwzu"
            | "lwzx"
            | "lwzux"
            | "lwa"
            | "lwax"
            | "lwaux"
            | "ld"
            | "ldu"
            | "ldx"
            | "ldux"
            | "lq"
            | "stb"
            | "stbu"
            | "stbx"
            | "stbux"
            | "sth"
            | "sthu"
            | "sthx"
            | "sthux"
            | "stw"
            | "stwu"
            | "stwx"
            | "stwux"
            | "std"
            | "stdu"
            | "stdx"
            | "stdux"
            | "stq"
            | "lhbrx"
            | "lwbrx"
            | "sthbrx"
            | "stwbrx"
            | "lbarx"
            | "lwarx"
            | "lharx"
            | "ldarx"
    )
}
