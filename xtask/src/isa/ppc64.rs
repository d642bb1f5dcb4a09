//! The table of 64-bit Power.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, ensure};

use super::field_rows::{self, Row};
use super::source;

/// x/arch's types of fields and what they are called in `disasm/ppc64/format.rs`.
const KINDS: [(&str, &str); 15] = [
    ("PCRel", "Relative"),
    ("Label", "Absolute"),
    ("Reg", "General"),
    ("CondRegBit", "ConditionBit"),
    ("CondRegField", "ConditionField"),
    ("FPReg", "Float"),
    ("VecReg", "Vector"),
    ("VecSReg", "VectorScalar"),
    ("VecSpReg", "VectorScalarPair"),
    ("MMAReg", "Accumulator"),
    ("SpReg", "Special"),
    ("ImmSigned", "Signed"),
    ("ImmUnsigned", "Unsigned"),
    ("Offset", "Offset"),
    ("NegOffset", "NegativeOffset"),
];

/// Major opcodes: those of one word, and those that the second word of a prefixed instruction tells.
const OPCODES: usize = 64 + 32;

/// The table, from the folder of `golang.org/x/arch`.
pub(super) fn tables(arch: &Path) -> Result<String> {
    let text = source::read(&arch.join("ppc64/ppc64asm/tables.go"))?;
    let mut rows = field_rows::rows(&text)?;
    // By opcode, then the most exact masks first, as x/arch's decoder tries them.
    rows.sort_by_key(|row| (opcode(row), std::cmp::Reverse(row.mask), row.value));
    let mut table = "use super::format::{Field, Group, Kind, Row, field, row};\n\n".to_string();
    for field in field_rows::fields(&text)? {
        let numbers = field_rows::numbers(field.rest);
        ensure!(matches!(numbers.len(), 4 | 7 | 10), "field {} has more than three parts", field.name);
        let mut bits = [(0, 0); 3];
        for (part, numbers) in bits.iter_mut().zip(numbers[1..].chunks(3)) {
            *part = (numbers[0] + 32 * numbers[2], numbers[1]);
        }
        let kind = field_rows::kind(&KINDS, &field)?;
        let name = field_rows::constant(field.name);
        let shift = numbers[0];
        writeln!(table, "const {name}: Field = field(Kind::{kind}, {shift}, {bits:?});")?;
    }
    writeln!(table, "\npub(super) static ROWS: [Row; {}] = [", rows.len())?;
    for Row { value, name, fields, .. } in &rows {
        let fields: Vec<String> = fields.iter().map(|field| field_rows::constant(field)).collect();
        let fields = fields.join(", ");
        writeln!(table, "    row({value:#x}, \"{name}\", &[{fields}]),")?;
    }
    table.push_str("];\n\n");
    groups(&rows, &mut table)?;
    Ok(table)
}

/// Runs of rows with the same opcode and mask, and where each opcode's runs begin.
fn groups(rows: &[Row<'_>], text: &mut String) -> Result<()> {
    let mut lines = Vec::new();
    let mut starts = vec![0; OPCODES + 1];
    let mut end = 0;
    for run in rows.chunk_by(|a, b| (opcode(a), a.mask) == (opcode(b), b.mask)) {
        let start = end;
        end += run.len();
        lines.push(format!("    Group {{ mask: {:#x}, start: {start}, end: {end} }},", run[0].mask));
        starts[opcode(&run[0]) + 1] = lines.len();
    }
    for i in 1..starts.len() {
        starts[i] = starts[i].max(starts[i - 1]);
    }
    writeln!(text, "pub(super) static GROUPS: [Group; {}] = [\n{}\n];\n", lines.len(), lines.join("\n"))?;
    writeln!(text, "pub(super) static OPCODES: [u16; {}] = {starts:?};", starts.len())?;
    Ok(())
}

/// The index of a row's opcode, as `format::opcode` computes it from code.
fn opcode(row: &Row<'_>) -> usize {
    match row.value >> 58 {
        1 => 64 + (row.value >> 27 & 31) as usize,
        opcode => opcode as usize,
    }
}
