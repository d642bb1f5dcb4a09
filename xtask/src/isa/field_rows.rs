//! The `tables.go` that x/arch's own generator writes for Power and for IBM Z: a list of operations with their
//! names, a list of fields (`ap_...`), and the rows of `instFormats`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// One row of `instFormats`.
pub(super) struct Row<'a> {
    /// Bits that tell the instruction.
    pub(super) mask: u64,
    /// What they must be.
    pub(super) value: u64,
    /// Bits that should be zero.
    pub(super) reserved: u64,
    /// The mnemonic.
    pub(super) name: &'a str,
    /// Names of the fields, `ap_` left out.
    pub(super) fields: Vec<&'a str>,
}

/// A field: its name without `ap_`, its type without `Type`, and the rest of its initialiser.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
    pub(super) rest: &'a str,
}

/// Every row, in the table's order.
pub(super) fn rows(source: &str) -> Result<Vec<Row<'_>>> {
    let names = names(source);
    let mut lines = source.lines().skip_while(|line| !line.starts_with("var instFormats"));
    lines.next().context("there is no instFormats")?;
    let mut rows = Vec::new();
    while let Some(head) = lines.next().filter(|line| *line != "}") {
        let fields = lines.next().with_context(|| format!("no fields after {head}"))?;
        rows.push(row(head, fields, &names).with_context(|| format!("unexpected row {head}"))?);
    }
    Ok(rows)
}

/// `{ADD, 0xfc0007ff00000000, 0x7c00021400000000, 0x0, // Add XO-form (add RT,RA,RB)` and
/// `[6]*argField{ap_Reg_6_10, ap_Reg_11_15, ap_Reg_16_20}},`
fn row<'a>(head: &'a str, fields: &'a str, names: &BTreeMap<&str, &'a str>) -> Option<Row<'a>> {
    let mut columns = head.trim().strip_prefix('{')?.split(", ");
    let name = names.get(columns.next()?)?;
    let mut number = || u64::from_str_radix(columns.next()?.strip_prefix("0x")?, 16).ok();
    let (mask, value, reserved) = (number()?, number()?, number()?);
    let (_, list) = fields.trim().strip_suffix("}},")?.split_once('{')?;
    let fields = list.split(", ").filter(|field| !field.is_empty());
    let fields = fields.map(|field| field.strip_prefix("ap_")).collect::<Option<Vec<_>>>()?;
    Some(Row { mask, value, reserved, name, fields })
}

/// `ADD: "add",`
fn names(source: &str) -> BTreeMap<&str, &str> {
    source
        .lines()
        .filter_map(|line| line.trim().strip_suffix("\",")?.split_once(':'))
        .filter_map(|(op, name)| Some((op, name.trim().strip_prefix('"')?)))
        .collect()
}

/// Every field: `ap_Reg_6_10 = &argField{Type: TypeReg, Shift: 0, BitFields: BitFields{{6, 5, 0}}}`.
pub(super) fn fields(source: &str) -> Result<Vec<Field<'_>>> {
    fn split(line: &str) -> Option<Field<'_>> {
        let (name, value) = line.split_once(" = &argField{Type: Type")?;
        let (kind, rest) = value.split_once(", ")?;
        Some(Field { name: name.trim().strip_prefix("ap_")?, kind, rest })
    }
    let lines = source.lines().filter(|line| line.starts_with("\tap_"));
    lines.map(|line| split(line).with_context(|| format!("unexpected field {line}"))).collect()
}

/// The numbers in a text.
pub(super) fn numbers(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// What a type of field is called in adit.
pub(super) fn kind<'a>(kinds: &[(&str, &'a str)], field: &Field<'_>) -> Result<&'a str> {
    match kinds.iter().find(|(theirs, _)| *theirs == field.kind) {
        Some((_, ours)) => Ok(ours),
        None => bail!("the type of field {} is new: {}", field.name, field.kind),
    }
}

/// The name of a field's constant: `VecSReg_31_31_6_10` is `VECSREG_31_31_6_10`.
pub(super) fn constant(name: &str) -> String {
    name.to_ascii_uppercase()
}
