//! RISC-V's table: opcodes with their names, the encodings, and the names of control and status registers.

use std::path::Path;

use anyhow::{Result, ensure};

use super::source::{self, variant};

pub(super) fn tables(arch: &Path) -> Result<String> {
    let tables = source::read(&arch.join("riscv64/riscv64asm/tables.go"))?;
    let instruction = source::read(&arch.join("riscv64/riscv64asm/inst.go"))?;
    let formats = source::formats(&tables)?;
    let names = source::entries(&tables, "var opstr");
    let registers = control_registers(&instruction);
    ensure!(
        formats.len() > 800 && names.len() > 800 && registers.len() > 200,
        "the tables have another shape"
    );
    let mut text = String::from("use super::operand::Field;\nuse super::{Format, row};\n\n");
    text += "/// An opcode.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Op {\n";
    for (op, _) in &names {
        text += &format!("    {},\n", variant(op));
    }
    text += &format!(
        "}}\n\n/// The manual's names, by opcode.\npub(super) static NAMES: [&str; {}] = [\n",
        names.len()
    );
    for (_, name) in &names {
        text += &format!("    {name:?},\n");
    }
    text += "];\n\n/// Control and status registers by number.\n";
    text += &format!("pub(super) static CONTROL_REGISTERS: [(u16, &str); {}] = [\n", registers.len());
    for (number, name) in &registers {
        text += &format!("    ({number:#x}, {name:?}),\n");
    }
    text += "];\n\n/// The encodings; of several that fit, the first whose fields can be read counts.\n";
    text += &format!("pub(super) static FORMATS: [Format; {}] = [\n", formats.len());
    text += &source::format_rows(&formats);
    text += "];\n";
    Ok(text)
}

/// The constants like `FCSR           CSR = 0x0003`, sorted by number.
fn control_registers(source: &str) -> Vec<(u16, &str)> {
    let constant = |line: &'_ str| {
        let (_, number) = line.split_once(" CSR = 0x")?;
        u16::from_str_radix(number.trim(), 16).ok()
    };
    let mut registers: Vec<(u16, &str)> =
        source.lines().filter_map(|line| Some((constant(line)?, line.split_whitespace().next()?))).collect();
    registers.sort();
    registers
}
