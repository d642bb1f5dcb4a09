//! The table of IBM Z.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, ensure};

use super::field_rows::{self, Row};
use super::source;

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

/// The table, from the folder of `golang.org/x/arch`.
pub(super) fn tables(arch: &Path) -> Result<String> {
    let text = source::read(&arch.join("s390x/s390xasm/tables.go"))?;
    let mut rows = field_rows::rows(&text)?;
    // By first byte; among those, the first that fits counts.
    rows.sort_by_key(first_byte);
    let mut table = "use super::format::{Field, Kind, Row, field, row};\n\n".to_string();
    for field in field_rows::fields(&text)? {
        let numbers = field_rows::numbers(field.rest.split("BitField: ").nth(1).unwrap_or_default());
        ensure!(numbers.len() == 2, "field {} has more than one part", field.name);
        let (start, bits) = (numbers[0], numbers[1]);
        let kind = field_rows::kind(&KINDS, &field)?;
        let name = field_rows::constant(field.name);
        writeln!(table, "const {name}: Field = field(Kind::{kind}, {start}, {bits});")?;
    }
    writeln!(table, "\npub(super) static ROWS: [Row; {}] = [", rows.len())?;
    for Row { mask, value, reserved, name, fields } in &rows {
        ensure!(mask >> 56 == 0xff, "{name}: the first byte does not tell it");
        // Forms that differ in nothing but their reserved bits are told apart by these.
        let mask = mask | reserved;
        let fields: Vec<String> = fields.iter().map(|field| field_rows::constant(field)).collect();
        let fields = fields.join(", ");
        writeln!(table, "    row({mask:#x}, {value:#x}, \"{name}\", &[{fields}]),")?;
    }
    table.push_str("];\n\n");
    let starts: Vec<usize> =
        (0..=256).map(|byte| rows.partition_point(|row| first_byte(row) < byte)).collect();
    writeln!(table, "pub(super) static FIRST_BYTES: [u16; 257] = {starts:?};")?;
    Ok(table)
}

fn first_byte(row: &Row<'_>) -> u64 {
    row.value >> 56
}
