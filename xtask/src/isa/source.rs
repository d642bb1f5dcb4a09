//! Reading the Go source of `golang.org/x/arch`: just the shapes of line that its tables are made of.

use std::path::Path;

use anyhow::{Context, Result};

pub(super) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

/// A row of `instFormats`: `{mask: 0xfe00707f, value: 0x00000033, op: ADD, args: argTypeList{arg_rd, arg_rs1}},`
pub(super) struct Format<'a> {
    pub(super) mask: &'a str,
    pub(super) value: &'a str,
    pub(super) op: &'a str,
    pub(super) args: Vec<&'a str>,
}

pub(super) fn formats(source: &str) -> Result<Vec<Format<'_>>> {
    let rows = source.lines().map(str::trim).filter(|line| line.starts_with("{mask:"));
    rows.map(|row| format(row).with_context(|| format!("a row of another shape: {row}"))).collect()
}

fn format(row: &str) -> Option<Format<'_>> {
    let row = row.strip_prefix("{mask: ")?;
    let (mask, row) = row.split_once(", value: ")?;
    let (value, row) = row.split_once(", op: ")?;
    let (op, row) = row.split_once(", args: ")?;
    let list = row.split_once('{')?.1.split_once('}')?.0;
    Some(Format { mask, value, op, args: list.split(", ").filter(|arg| !arg.is_empty()).collect() })
}

/// The keys and texts of a map's or an array's literal: `ADD_UW: "ADD.UW",` between the line that starts with
/// `opening` and the next `}`.
pub(super) fn entries<'a>(source: &'a str, opening: &str) -> Vec<(&'a str, &'a str)> {
    let lines = source.lines().skip_while(|line| !line.starts_with(opening)).skip(1);
    lines
        .take_while(|line| !line.starts_with('}'))
        .filter_map(|line| {
            let (key, text) = line.trim().split_once(':')?;
            Some((key, text.trim().trim_end_matches(',').trim_matches('"')))
        })
        .collect()
}

/// `ADD_UW` or `arg_rs1_mem` as a Rust enum's variant: `AddUw`, `Rs1Mem`.
pub(super) fn variant(name: &str) -> String {
    let words = name.strip_prefix("arg_").unwrap_or(name).split('_');
    words
        .map(|word| match word.split_at_checked(1) {
            Some((first, rest)) => first.to_ascii_uppercase() + &rest.to_ascii_lowercase(),
            None => String::new(),
        })
        .collect()
}

/// The rows of a `FORMATS` table.
pub(super) fn format_rows(formats: &[Format<'_>]) -> String {
    let row = |format: &Format<'_>| {
        let args: Vec<String> = format.args.iter().map(|arg| format!("Field::{}", variant(arg))).collect();
        let op = variant(format.op);
        format!("    row({}, {}, Op::{op}, &[{}]),\n", format.mask, format.value, args.join(", "))
    };
    formats.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_names_are_read() {
        let source = "var opstr = [...]string{\n\tADD_UW: \"ADD.UW\",\n}\nvar instFormats = [...]instFormat{\n\t\
            // ADD.UW rd, rs1\n\t{mask: 0xfe00707f, value: 0x0800003b, op: ADD_UW, args: argTypeList{arg_rd, arg_rs1}},\n}\n";
        assert_eq!(entries(source, "var opstr"), [("ADD_UW", "ADD.UW")]);
        let rows = format_rows(&formats(source).unwrap());
        assert_eq!(rows.trim(), "row(0xfe00707f, 0x0800003b, Op::AddUw, &[Field::Rd, Field::Rs1]),");
        assert_eq!(variant("arg_c_uimm8sp_s"), "CUimm8spS");
        assert!(formats("{mask: 1, op: ADD}").is_err());
    }
}
