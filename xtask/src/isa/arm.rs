//! ARM's tables: opcodes with their names, and the encodings.
//!
//! `armasm` numbers its opcodes so that the four bits of the condition are the lowest of the number, and other bits
//! of the word (the size of an operand, whether flags are set) are those above them. Here an opcode has no
//! condition, and a row lists the opcodes that its bits choose from.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::source::{self, variant};

/// Opcodes that differ in nothing but the condition are this many numbers.
const CONDITIONS: usize = 16;

pub(super) fn tables(arch: &Path) -> Result<String> {
    let tables = source::read(&arch.join("arm/armasm/tables.go"))?;
    let names = source::entries(&tables, "var opstr");
    let opcodes = Opcodes(numbered(&tables));
    let mut rows = Vec::new();
    for line in tables.lines().filter(|line| line.starts_with("\t{0x")) {
        rows.push(row(line, &opcodes).with_context(|| format!("the row {}", line.trim()))?);
    }
    // The row of the greatest priority counts, and of several such the first.
    rows.sort_by_key(|(priority, _)| -priority);
    ensure!(opcodes.0.len() > 4000 && rows.len() > 300, "the tables have another shape");
    let mut list = String::new();
    let mut texts = String::new();
    let mut count = 0;
    for opcode in opcodes.without_conditions() {
        let (_, name) = names.iter().find(|(op, _)| *op == opcode).context("an opcode without a name")?;
        let (stem, types) = name.split_once(".EQ").unwrap_or((name, ""));
        list += &format!("    {},\n", variant(&unconditional(opcode)));
        texts += &format!("    ({stem:?}, {types:?}),\n");
        count += 1;
    }
    let rows: String = rows.into_iter().map(|(_, text)| text).collect();
    Ok(format!(
        "use super::operand::AddressMode::*;\nuse super::operand::Displacement::*;\nuse super::operand::Field::*;\n\
         use super::operand::FloatSlot::*;\nuse super::operand::{{Format, row}};\n\n\
         /// An opcode, whatever its condition.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n\
         pub(crate) enum Op {{\n{list}}}\n\n\
         /// By opcode: what stands before the condition in its name, and the types that stand after it.\n\
         pub(super) static NAMES: [(&str, &str); {count}] = [\n{texts}];\n\n\
         /// The encodings; of several that fit, the first counts.\n\
         pub(super) static FORMATS: [Format; {}] = [\n{rows}];\n",
        rows.matches("    row(").count()
    ))
}

/// `ADC_S_EQ` without its condition.
fn unconditional(opcode: &str) -> String {
    opcode.replacen("_EQ", "", 1)
}

/// The constants of the first block, in their order, `_` among them.
fn numbered(tables: &str) -> Vec<&str> {
    let lines = tables.lines().skip_while(|line| *line != "const (").skip(1);
    lines.take_while(|line| *line != ")").filter_map(|line| line.split_whitespace().next()).collect()
}

struct Opcodes<'a>(Vec<&'a str>);

impl<'a> Opcodes<'a> {
    fn number(&self, opcode: &str) -> Option<usize> {
        self.0.iter().position(|other| *other == opcode)
    }

    /// One of each sixteen, and those that have no condition.
    fn without_conditions(&self) -> impl Iterator<Item = &'a str> {
        self.0.chunks(CONDITIONS).flat_map(|block| {
            let conditional = block[0].contains("_EQ");
            block.iter().take(if conditional { 1 } else { CONDITIONS }).copied().filter(|op| *op != "_")
        })
    }
}

/// `{0x0fe00000, 0x02a00000, 2, ADC_EQ, 0x14011c04, instArgs{arg_R_12, arg_R_16, arg_const}},`: the priority and
/// the row.
fn row(line: &str, opcodes: &Opcodes<'_>) -> Result<(i32, String)> {
    let inner = line.trim().strip_prefix('{').context("no opening brace")?;
    let (head, rest) = inner.split_once("instArgs{").context("no instArgs")?;
    let (args, _) = rest.split_once('}').context("no end of instArgs")?;
    let [mask, value, priority, op, bits] = head.trim_end_matches(", ").split(", ").collect::<Vec<_>>()[..]
    else {
        bail!("not a mask, a value, a priority, an opcode and the bits that change it");
    };
    let conditional = !value.starts_with("0xf");
    let mut chosen_by = bit_ranges(bits)?;
    let mut step = 1;
    if conditional {
        ensure!(chosen_by.first() == Some(&(28, 4)), "a condition that is not in the uppermost bits");
        chosen_by.remove(0);
        step = CONDITIONS;
    }
    let first = opcodes.number(op).context("an unknown opcode")?;
    let many = 1 << chosen_by.iter().map(|range| range.1).sum::<usize>();
    let ops = (0..many).map(|at| {
        let opcode = opcodes.0.get(first + at * step).context("bits that lead past the last opcode")?;
        ensure!(*opcode != "_", "bits that lead to no opcode");
        Ok(format!("Op::{}", variant(&unconditional(opcode))))
    });
    let ops = ops.collect::<Result<Vec<_>>>()?.join(", ");
    let ranges: Vec<String> = chosen_by.iter().map(|(at, len)| format!("({at}, {len})")).collect();
    let fields = args.split(", ").filter(|arg| !arg.is_empty()).map(field).collect::<Result<Vec<_>>>()?;
    let text =
        format!("    row({mask}, {value}, &[{ops}], &[{}], &[{}]),\n", ranges.join(", "), fields.join(", "));
    Ok((priority.parse()?, text))
}

/// `0x14011c04`: pairs of a first bit and a length, in a byte each, from the lowest.
fn bit_ranges(bits: &str) -> Result<Vec<(usize, usize)>> {
    let mut rest = u64::from_str_radix(bits.trim_start_matches("0x"), 16)?;
    let mut ranges = Vec::new();
    while rest != 0 {
        ranges.push(((rest >> 8 & 0xff) as usize, (rest & 0xff) as usize));
        rest >>= 16;
    }
    Ok(ranges)
}

/// The value of `arm::operand::Field` that an operand's name says.
fn field(arg: &str) -> Result<&'static str> {
    Ok(match arg.trim_start_matches("arg_") {
        "APSR" => "Flags",
        "FPSCR" => "FloatFlags",
        "Dn_half" => "HalfOfDouble",
        "R_0" | "R1_0" => "Register(0)",
        "R_8" => "Register(8)",
        "R_12" | "R1_12" => "Register(12)",
        "R_16" => "Register(16)",
        "R2_0" => "Second(0)",
        "R2_12" => "Second(12)",
        "R_12_nzcv" => "RegisterOrFlags",
        "R_16_WB" => "Multiple",
        "R_rotate" => "Rotated",
        "R_shift_R" => "ShiftedByRegister",
        "R_shift_imm" => "Shifted",
        "SP" => "StackPointer",
        "Sd" => "Single(Vd)",
        "Sm" => "Single(Vm)",
        "Sn" => "Single(Vn)",
        "Sd_Dd" => "Float(Vd)",
        "Sm_Dm" => "Float(Vm)",
        "Sn_Dn" => "Float(Vn)",
        "Dd_Sd" => "OtherFloat(Vd)",
        "const" => "Rotation",
        "endian" => "Endian",
        "fbits" => "FractionBits",
        "fp_0" => "Nought",
        "imm24" => "Bits(0, 24)",
        "imm5" => "Bits(7, 5)",
        "option" => "Bits(0, 4)",
        "satimm4" => "Bits(16, 4)",
        "satimm5" => "Bits(16, 5)",
        "satimm4m1" => "PlusOne(16, 4)",
        "satimm5m1" | "widthm1" => "PlusOne(16, 5)",
        "imm5_32" => "ShiftAmount",
        "imm5_nz" => "NonZero",
        "imm_12at8_4at0" => "Split(8, 12, 4)",
        "imm_4at16_12at0" => "Split(16, 4, 12)",
        "imm_vfp" => "Split(16, 4, 4)",
        "label24" => "Label",
        "label24H" => "ThumbLabel",
        "label_pm_12" => "Literal",
        "lsb_width" => "BitsWidth",
        "mem_R" => "Base",
        "mem_R_pm_R_W" => "Memory(Written, Index)",
        "mem_R_pm_R_postindex" => "Memory(PostIndex, Index)",
        "mem_R_pm_R_shift_imm_W" => "Memory(Written, ShiftedIndex)",
        "mem_R_pm_R_shift_imm_offset" => "Memory(Offset, ShiftedIndex)",
        "mem_R_pm_R_shift_imm_postindex" => "Memory(PostIndex, ShiftedIndex)",
        "mem_R_pm_imm12_W" => "Memory(Written, Bytes12)",
        "mem_R_pm_imm12_offset" => "Memory(Offset, Bytes12)",
        "mem_R_pm_imm12_postindex" => "Memory(PostIndex, Bytes12)",
        "mem_R_pm_imm8_W" => "Memory(Written, Bytes8)",
        "mem_R_pm_imm8_postindex" => "Memory(PostIndex, Bytes8)",
        "mem_R_pm_imm8at0_offset" => "Memory(Offset, Words8)",
        "registers" => "Registers(0)",
        "registers1" => "OneRegister",
        "registers2" => "Registers(2)",
        _ => bail!("an operand of an unknown kind: {arg}"),
    })
}
