//! The table of IBM Z.

use std::fmt::Write;

use anyhow::{Result, ensure};

use super::formats::{self, Row};

/// x/arch's types of fields and what they are called in `disasm/s390x/format.rs`.
const KINDS: [(&str, &str); 19] = [
    ("Reg", "General"),
    ("FPReg", "Float"),
    ("ACReg", "Access"),
    ("CReg", "Control"),
    ("VecReg", "Vector"),
    ("ImmUnsigned", "Unsigned"),
    ("ImmSigned8", "Signed8"),
    ("ImmSigned16", "Signed16"),
    ("ImmSigned32", "Signed32"),
    ("BaseReg", "Base"),
    ("IndexReg", "Index"),
    ("DispUnsigned", "Displacement12"),
    ("DispSigned20", "Displacement20"),
    ("RegImSigned12", "Relative"),
    ("RegImSigned16", "Relative"),
    ("RegImSigned24", "Relative"),
    ("RegImSigned32", "Relative"),
    ("Mask", "Mask"),
    ("Len", "Length"),
];

/// The body of `tables.rs`.
pub(super) fn table(source: &str) -> Result<String> {
    let mut rows = formats::rows(source)?;
    // By first byte; among those, the first that fits counts.
    rows.sort_by_key(first_byte);
    let mut text = "use super::format::{Field, Kind, Row};\n\n".to_string();
    for field in formats::fields(source)? {
        let numbers = formats::numbers(field.rest.split("BitField: ").nth(1).unwrap_or_default());
        ensure!(numbers.len() == 2, "field {} has more than one part", field.name);
        let (start, bits) = (numbers[0], numbers[1]);
        let kind = formats::kind(&KINDS, &field)?;
        let name = formats::constant(field.name);
        writeln!(
            text,
            "const {name}: Field = Field {{ kind: Kind::{kind}, start: {start}, bits: {bits} }};"
        )?;
    }
    writeln!(text, "\npub(super) static ROWS: [Row; {}] = [", rows.len())?;
    for Row { mask, value, reserved, name, fields } in &rows {
        ensure!(mask >> 56 == 0xff, "{name}: the first byte does not tell it");
        // Forms that differ in nothing but their reserved bits are told apart by these.
        let mask = mask | reserved;
        let fields: Vec<String> = fields.iter().map(|field| formats::constant(field)).collect();
        let fields = fields.join(", ");
        writeln!(
            text,
            "    Row {{ mask: {mask:#x}, value: {value:#x}, name: \"{name}\", fields: &[{fields}] }},"
        )?;
    }
    text.push_str("];\n\n");
    let starts: Vec<usize> =
        (0..=256).map(|byte| rows.partition_point(|row| first_byte(row) < byte)).collect();
    writeln!(text, "pub(super) static FIRST_BYTES: [u16; 257] = {starts:?};")?;
    Ok(text)
}

fn first_byte(row: &Row<'_>) -> u64 {
    row.value >> 56
}
