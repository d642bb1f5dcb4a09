//! LoongArch's table: opcodes with their names in GNU's and Go's syntax, and the encodings.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};

use super::source::{self, variant};

pub(super) fn tables(arch: &Path) -> Result<String> {
    let tables = source::read(&arch.join("loong64/loong64asm/tables.go"))?;
    let plan9 = source::read(&arch.join("loong64/loong64asm/plan9x.go"))?;
    let formats = source::formats(&tables)?;
    let names = source::entries(&tables, "var opstr");
    let go_names: BTreeMap<&str, &str> = source::entries(&plan9, "var plan9OpMap").into_iter().collect();
    ensure!(
        formats.len() > 300 && names.len() > 300 && go_names.len() > 200,
        "the tables have another shape"
    );
    let mut text = String::from("use super::operand::Field;\nuse super::{Format, row};\n\n");
    text += "/// An opcode.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Op {\n";
    for (op, _) in &names {
        text += &format!("    {},\n", variant(op));
    }
    text += "}\n\n/// By opcode: the manual's name and, where the Go assembler has one, its own.\n";
    text += &format!("pub(super) static NAMES: [(&str, Option<&str>); {}] = [\n", names.len());
    for (op, name) in &names {
        let name = name.to_ascii_lowercase();
        match go_names.get(op) {
            Some(go) => text += &format!("    ({name:?}, Some({go:?})),\n"),
            None => text += &format!("    ({name:?}, None),\n"),
        }
    }
    text += "];\n\n/// The encodings; of several that fit, the first counts.\n";
    text += &format!("pub(super) static FORMATS: [Format; {}] = [\n", formats.len());
    text += &source::format_rows(&formats);
    text += "];\n";
    Ok(text)
}
