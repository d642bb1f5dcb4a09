//! ARM64's tables: opcodes with their names, the encodings, and the system operations.
//!
//! `arm64asm` gives each kind of operand a long name that spells out how it is encoded:
//! `arg_Vd_arrangement_size_Q___8B_00__16B_01` is a vector register in `Rd` whose arrangement hangs on the fields
//! `size` and `Q`. Here the names become values of `arm64::field::Field`.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::source::{self, variant};

pub(super) fn tables(arch: &Path) -> Result<String> {
    let folder = arch.join("arm64/arm64asm");
    let tables = source::read(&folder.join("tables.go"))?;
    let conditions = source::read(&folder.join("condition.go"))?;
    let inst = source::read(&folder.join("inst.go"))?;
    let mut names = source::entries(&tables, "var opstr");
    let mut rows = Vec::new();
    for line in tables.lines().filter(|line| line.starts_with("\t{0x")) {
        rows.extend(row(line, &conditions).with_context(|| format!("the row {}", line.trim()))?);
    }
    names.retain(|(op, _)| rows.iter().any(|row: &String| row.contains(&format!("Op::{},", variant(op)))));
    let mut operations = system_operations(&inst)?;
    operations.sort();
    ensure!(names.len() > 400 && rows.len() > 1000 && operations.len() > 50, "the tables have another shape");
    let mut text = String::from(
        "use super::field::Arrangement::*;\nuse super::field::Bank::*;\nuse super::field::Condition as When;\n\
         use super::field::Displacement::*;\nuse super::field::Field::*;\nuse super::field::Immediate::*;\n\
         use super::field::Lane::*;\nuse super::field::Mode::*;\nuse super::field::Select::*;\n\
         use super::field::ShiftedImmediate::*;\nuse super::field::Slot::*;\n\
         use super::field::{Format, SystemOperation, operation, row};\n\n\
         /// An opcode.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Op {\n",
    );
    for (op, _) in &names {
        text += &format!("    {},\n", variant(op));
    }
    text += "}\n\n/// The manual's names, by opcode.\n";
    text += &format!("pub(super) static NAMES: [&str; {}] = [\n", names.len());
    for (_, name) in &names {
        text += &format!("    {name:?},\n");
    }
    text += "];\n\n/// The encodings; of several that fit, the first counts.\n";
    text += &format!("pub(super) static FORMATS: [Format; {}] = [\n{}];\n", rows.len(), rows.concat());
    text += "\n/// Operations of `DC` and `TLBI`, sorted by the fields that select them.\n";
    text += &format!("pub(super) static SYSTEM_OPERATIONS: [SystemOperation; {}] = [\n", operations.len());
    for ((op1, crn, crm, op2), name, has_register) in &operations {
        text += &format!("    operation({op1}, {crn}, {crm}, {op2}, {name:?}, {has_register}),\n");
    }
    text += "];\n";
    Ok(text)
}

/// `{0xfffffc00, 0x5ac01000, CLZ, instArgs{arg_Wd, arg_Wn}, nil},`; nothing for an operand that x/arch declares
/// and never decodes.
fn row(line: &str, conditions: &str) -> Result<Option<String>> {
    let inner = line.trim().strip_prefix('{').context("no opening brace")?;
    let (head, rest) = inner.split_once("instArgs{").context("no instArgs")?;
    let (args, rest) = rest.split_once('}').context("no end of instArgs")?;
    let [mask, value, op] = head.trim_end_matches(", ").split(", ").collect::<Vec<_>>()[..] else {
        bail!("not a mask, a value and an opcode");
    };
    let args: Vec<&str> = args.split(", ").filter(|arg| !arg.is_empty()).collect();
    let never = ["arg_sysop_AT_SYS_CR_system", "arg_sysop_SYS_CR_system", "arg_sysop_IC_SYS_CR_system"];
    if args.iter().any(|arg| never.contains(arg)) {
        return Ok(None);
    }
    let fields = args
        .iter()
        .map(|arg| field(arg).with_context(|| format!("an operand of an unknown kind: {arg}")))
        .collect::<Result<Vec<_>>>()?;
    let when = condition(rest.trim_start_matches(", ").trim_end_matches("},"), conditions)?;
    Ok(Some(format!(
        "    row({mask}, {value}, Op::{}, &[{}], When::{when}),\n",
        variant(op),
        fields.join(", ")
    )))
}

/// What must hold beside the mask: the predicates of `condition.go`, many of which say the same.
fn condition(name: &str, conditions: &str) -> Result<&'static str> {
    const KNOWN: [(&str, &str); 22] = [
        ("nil", "Always"),
        ("bfi_bfm", "FieldInserted"),
        ("bfxil_bfm", "FieldWithin"),
        ("cinc_csinc", "Increment"),
        ("cinv_csinv", "Increment"),
        ("cneg_csneg", "Negation"),
        ("csinc_general", "NotAlways"),
        ("csinv_general", "NotAlways"),
        ("dc_sys", "DataCache"),
        ("lsl_ubfm", "LeftShift"),
        ("mov_orr_asimdsame", "SameSources"),
        ("mov_orr", "NotMoveWide"),
        ("mov_movn_32", "InvertedWord"),
        ("mov_mov", "LeastShift"),
        ("mov_add", "StackPointer"),
        ("ror_extr", "SameSources"),
        ("sbfiz", "FieldAround"),
        ("sbfx", "FieldPreferred"),
        ("tlbi_sys", "TranslationBuffer"),
        ("ubfiz", "FieldAround"),
        ("ubfx", "FieldPreferred"),
        ("mov_umov_asimdins_w", "WordLane"),
    ];
    if let Some((_, when)) = KNOWN.iter().find(|(prefix, _)| name.starts_with(prefix)) {
        return Ok(when);
    }
    if name.starts_with("mov_umov_asimdins_x") {
        return Ok("DoubleLane");
    }
    let definition = format!("func {name}(instr uint32) bool {{\n\t");
    let (_, body) = conditions.split_once(&definition).with_context(|| format!("{name} is not defined"))?;
    match body.lines().next() {
        Some("return instr&0x780000 != 0x0") => Ok("ElementSize"),
        Some("return instr&0x780000 != 0x0 && bit_count((instr>>19)&0xf) == 1") => Ok("OnlyElementSize"),
        body => bail!("{name} asks for something new: {body:?}"),
    }
}

/// The value of `Field` that an operand's name says.
fn field(arg: &str) -> Option<String> {
    let name = arg.strip_prefix("arg_")?;
    vector(name)
        .or_else(|| lane(name))
        .or_else(|| memory(name))
        .or_else(|| immediate(name))
        .or_else(|| other(name))
        .or_else(|| register(name))
}

/// `d` or `t2`, the field of a register.
fn slot(letters: &str) -> Option<&'static str> {
    Some(match letters {
        "d" | "t" => "Rd",
        "n" => "Rn",
        "a" | "t2" => "Ra",
        "m" | "s" => "Rm",
        _ => return None,
    })
}

/// `Wd`, `Xns`, `Vd_22_2__B_0__H_1`.
fn register(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix('V') {
        let (letters, rest) = rest.split_once('_')?;
        let (by, choices) = rest.split_once("__")?;
        let by = match by {
            "22_1" => "Sz",
            "22_2" => "Size",
            "19_4" => "Immh",
            "16_5" => "Imm5",
            _ => return None,
        };
        return Some(format!("Scalar({}, {by}, &[{}])", slot(letters)?, chosen(choices, false)?));
    }
    let (bank, letters) = name.split_at_checked(1)?;
    if !"WXBHSDQ".contains(bank) {
        return None;
    }
    match slot(letters) {
        Some(slot) => Some(format!("Register({bank}, {slot})")),
        None => Some(format!("StackRegister({bank}, {})", slot(letters.strip_suffix('s')?)?)),
    }
}

/// `8B_00__16B_01`: what is chosen, by the digits of the fields that choose; the last of two is a bit.
fn chosen(choices: &str, two: bool) -> Option<String> {
    let choices = choices.split("__").filter(|choice| !choice.starts_with("SEE"));
    let rows = choices.map(|choice| {
        let (what, digits) = choice.split_once('_')?;
        let key = match digits.split_at_checked(1)? {
            (first, "") if !two => first.parse::<u32>().ok()?,
            (first, second) if two => first.parse::<u32>().ok()? << 1 | second.parse::<u32>().ok()?,
            _ => return None,
        };
        Some(format!("({key}, {})", arrangement(what)?))
    });
    Some(rows.collect::<Option<Vec<_>>>()?.join(", "))
}

/// `16B` is `B16`; a bank's letter stays.
fn arrangement(text: &str) -> Option<String> {
    let (number, letter) = text.split_at_checked(text.len() - 1)?;
    Some(format!("{letter}{number}"))
}

/// `Vd_arrangement_size_Q___8B_00__16B_01`, `Vn_2_arrangement_16B`.
fn vector(name: &str) -> Option<String> {
    let (register, how) = name.strip_prefix('V')?.split_once("_arrangement_")?;
    if how.contains("index") {
        return None;
    }
    let (letters, count) = register.split_once('_').unwrap_or((register, "0"));
    let slot_name = slot(letters)?;
    let (by, choices) = match how.split_once("___") {
        None => return Some(format!("Vector({slot_name}, Fixed, &[(0, {})], {count})", arrangement(how)?)),
        Some(split) => split,
    };
    let select = match by {
        "size_Q" if letters == "t" => "AccessSizeQ",
        "Q" => "ByQ",
        "sz" | "size" | "immh" | "size_Q" | "sz_Q" | "Q_sz" | "immh_Q" | "imm5_Q" => &variant(by),
        _ => return None,
    };
    let choices = chosen(choices, by.contains('_'))?;
    Some(format!("Vector({slot_name}, {select}, &[{choices}], {count})"))
}

/// One element: `Vn_arrangement_D_index__1`, `Vt_2_arrangement_H_index__Q_S_size_1`.
fn lane(name: &str) -> Option<String> {
    let (register, how) = name.strip_prefix('V')?.split_once("_arrangement_")?;
    let (letters, count) = register.split_once('_').unwrap_or((register, "0"));
    let (element, index) = how.split_once("_index__")?;
    let lane = match (letters, element, index) {
        ("t", _, _) => format!("Accessed({element})"),
        (_, _, "1") => format!("Upper({element})"),
        (_, "D", "imm5_1") => "ByBit20(D)".to_owned(),
        (_, "S", _) => "ByImm5Top(S)".to_owned(),
        (_, "size___H_1__S_2", _) => "BySize".to_owned(),
        (_, "sz___S_0__D_1", _) => "BySz".to_owned(),
        (_, _, index) => {
            let elements =
                element.strip_prefix("imm5___")?.split("__").map(|choice| choice.split('_').next());
            let elements = elements.collect::<Option<Vec<_>>>()?.join(", ");
            let by = if index.starts_with("imm5_imm4") { "ByImm4" } else { "ByImm5" };
            format!("{by}(&[{elements}])")
        }
    };
    Some(format!("Element({}, {lane}, {count})", slot(letters)?))
}

/// `Xns_mem_post_imm7_8_signed` and its kin.
fn memory(name: &str) -> Option<String> {
    let how = name.strip_prefix("Xns_mem")?;
    if matches!(how, "" | "_offset") {
        return Some("Memory(Offset, Zero)".to_owned());
    }
    if let Some(extend) = how.strip_prefix("_extend_m__") {
        let is_byte = extend.contains("absent_0");
        let shift = extend.strip_suffix("_1")?.rsplit('_').next()?;
        let shift = if is_byte { "1" } else { shift };
        return Some(format!("Indexed({shift}, {is_byte})"));
    }
    let (mode, how) = how.strip_prefix('_')?.split_once('_')?;
    let mode = match mode {
        "optional" => "Offset",
        "post" => "PostIndex",
        "wb" => "PreIndex",
        _ => return None,
    };
    let displacement = match how.split('_').collect::<Vec<_>>()[..] {
        ["imm12", scale, "unsigned"] => format!("Unsigned12({scale})"),
        ["imm7", scale, "signed"] => format!("Signed7({scale})"),
        ["imm9", "1", "signed"] => "Signed9".to_owned(),
        ["fixedimm", bytes] => format!("Bytes({bytes})"),
        ["Q", "", bytes, "0", "", _, "1"] => format!("BytesByQ({bytes})"),
        ["size", "", bytes, "0", ..] => format!("BytesBySize({bytes})"),
        ["Xm"] => "ByRegister".to_owned(),
        _ => return None,
    };
    Some(format!("Memory({mode}, {displacement})"))
}

/// A number: an integer, a shift, a width or a floating-point constant.
fn immediate(name: &str) -> Option<String> {
    let how = match name {
        "IAddSub" => return Some("ImmShift(AddSub)".to_owned()),
        _ => name.strip_prefix("immediate_")?,
    };
    if let Some(shifted) = shifted(how) {
        return Some(format!("ImmShift({shifted})"));
    }
    let number = plain(how).map(str::to_owned).or_else(|| bit_field(how)).or_else(|| by_element(how))?;
    Some(format!("Imm({number})"))
}

fn plain(how: &str) -> Option<&'static str> {
    Some(match how {
        "0_127_CRm_op2" => "Hex(5, 7, 127)",
        "0_15_CRm" => "Hex(8, 4, 15)",
        "0_15_nzcv" => "Hex(0, 4, 15)",
        "0_31_imm5" => "Hex(16, 5, 31)",
        "0_31_immr" => "Hex(16, 6, 31)",
        "0_31_imms" => "Decimal(10, 6, 31)",
        "0_63_immr" => "Hex(16, 6, 63)",
        "0_63_imms" => "Decimal(10, 6, 63)",
        "0_63_b5_b40" => "TestedBit",
        "0_65535_imm16" => "Hex(5, 16, 0xffff)",
        "0_7_op1" => "Decimal(16, 3, 7)",
        "0_7_op2" => "Decimal(5, 3, 7)",
        "optional_0_15_CRm" => "Unless15",
        "optional_0_65535_imm16" => "Unless0",
        "bitmask_32_imms_immr" => "Bitmask(32)",
        "bitmask_64_N_imms_immr" => "Bitmask(64)",
        "shift_32_implicit_imm16_hw" => "MoveWide(32, false)",
        "shift_32_implicit_inverse_imm16_hw" => "MoveWide(32, true)",
        "shift_64_implicit_imm16_hw" => "MoveWide(64, false)",
        "shift_64_implicit_inverse_imm16_hw" => "MoveWide(64, true)",
        "8x8_a_b_c_d_e_f_g_h" => "ByteMask",
        "exp_3_pre_4_a_b_c_d_e_f_g_h" => "VectorFloat",
        "exp_3_pre_4_imm8" => "ScalarFloat",
        "fbits_min_1_max_32_sub_64_scale" => "FractionBits(32)",
        "fbits_min_1_max_64_sub_64_scale" => "FractionBits(64)",
        "floatzero" | "zero" => "Nought",
        "index_Q_imm4__imm4lt20gt_00__imm4_10" => "ByteIndex",
        "0_width_size__8_0__16_1__32_2" => "ElementWidth",
        _ => return None,
    })
}

fn shifted(how: &str) -> Option<&'static str> {
    Some(match how {
        "OptLSL_amount_16_0_16" => "Wide(16)",
        "OptLSL_amount_16_0_48" => "Wide(48)",
        "MSL__a_b_c_d_e_f_g_h_cmode__8_0__16_1" => "Ones",
        "OptLSL__a_b_c_d_e_f_g_h_cmode__0_0__8_1" => "Half",
        "OptLSL__a_b_c_d_e_f_g_h_cmode__0_0__8_1__16_2__24_3" => "Single",
        "OptLSLZero__a_b_c_d_e_f_g_h" => "Byte",
        _ => return None,
    })
}

/// `UBFX_UBFM_32M_bitfield_width_32_imms`: position or width of a bit field.
fn bit_field(how: &str) -> Option<String> {
    let (alias, rest) = how.split_once('_')?;
    let (size, what) = rest.split_once('_')?.1.split_once("M_bitfield_")?;
    let what = what.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || "imrs".contains(c));
    let size: u32 = size.parse().ok()?;
    Some(match (alias, what) {
        ("ASR" | "LSR", _) | ("BFXIL" | "SBFX" | "UBFX", "lsb") => format!("Decimal(16, 6, {})", size - 1),
        ("LSL", _) => format!("LeftShiftOf({size})"),
        ("BFI" | "SBFIZ" | "UBFIZ", "lsb") => format!("PositionFromTop({size})"),
        ("BFI" | "SBFIZ" | "UBFIZ", "width") => format!("WidthFromZero({size})"),
        ("BFXIL" | "SBFX" | "UBFX", "width") => format!("WidthFromPosition({size})"),
        _ => return None,
    })
}

/// Shifts whose field says the elements' size too: `1_width_immh_immb__16UIntimmhimmb_1__32UIntimmhimmb_2`. The
/// sizes that are allowed become a bit set.
fn by_element(how: &str) -> Option<String> {
    let (range, choices) = how.split_once("_immh_immb__")?;
    let mut sizes = 0;
    for choice in choices.split("__").filter(|choice| choice.contains("UInt")) {
        sizes |= choice.rsplit('_').next()?.parse::<u32>().ok()?;
    }
    let by = match range {
        "0_63" | "0_width" | "0_width_m1" => "ElementLeftShift",
        "1_64" | "1_width" | "fbits_min_1_max_0_sub_0" => "ElementRightShift",
        _ => return None,
    };
    Some(format!("{by}({sizes})"))
}

fn other(name: &str) -> Option<String> {
    let fixed = match name {
        "Rt_31_1__W_0__X_1" => "RegisterByBit31",
        "Rn_16_5__W_1__W_2__W_4__X_8" => "RegisterByImm5",
        "slabel_imm14_2" => "Label(5, 14)",
        "slabel_imm19_2" => "Label(5, 19)",
        "slabel_imm26_2" => "Label(0, 26)",
        "slabel_immhi_immlo_0" => "Address",
        "slabel_immhi_immlo_12" => "PageAddress",
        "cond_AllowALNV_Normal" => "Cond(12, false)",
        "cond_NotAllowALNV_Invert" => "Cond(12, true)",
        "conditional" => "Cond(0, false)",
        "Cm" => "Control(8)",
        "Cn" => "Control(12)",
        "option_DMB_BO_system_CRm" | "option_DSB_BO_system_CRm" => "Barrier",
        "option_ISB_BI_system_CRm" => "InstructionBarrier",
        "prfop_Rt" => "Prefetch",
        "pstatefield_op1_op2__SPSel_05__DAIFSet_36__DAIFClr_37" => "ProcessorState",
        "sysreg_o0_op1_CRn_CRm_op2" => "SystemRegister",
        "sysop_DC_SYS_CR_system" | "sysop_TLBI_SYS_CR_system" => "Operation",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed.to_owned());
    }
    let (register, how) = name.split_once('_')?;
    let rotates = how.contains("ROR");
    match (register, how.split('_').next()?) {
        ("Rm", "extend") => Some("Extended(X)".to_owned()),
        ("Wm", "extend") => Some("Extended(W)".to_owned()),
        ("Wm", "shift") => Some(format!("Shifted(W, {rotates})")),
        ("Xm", "shift") => Some(format!("Shifted(X, {rotates})")),
        _ => None,
    }
}

/// Fields that select an operation (op1, CRn, CRm, op2), its name, whether it takes a register.
type Operation = ((u8, u8, u8, u8), String, bool);

/// `{0, 8, 3, 1}:  {sys_TLBI, "VAE1IS", true},`
fn system_operations(inst: &str) -> Result<Vec<Operation>> {
    let lines = inst.lines().skip_while(|line| !line.starts_with("var sysInstsAttrs")).skip(1);
    let rows = lines.take_while(|line| !line.starts_with('}'));
    rows.map(|line| operation(line).with_context(|| format!("a row of another shape: {line}"))).collect()
}

fn operation(line: &str) -> Option<Operation> {
    let (fields, attributes) = line.trim().strip_prefix('{')?.split_once("}:")?;
    let [op1, crn, crm, op2] = fields.split(", ").map(str::parse).collect::<Result<Vec<u8>, _>>().ok()?[..]
    else {
        return None;
    };
    let attributes = attributes.trim().strip_prefix('{')?.strip_suffix("},")?;
    let [_, name, has_register] = attributes.split(", ").collect::<Vec<_>>()[..] else { return None };
    Some(((op1, crn, crm, op2), name.trim_matches('"').to_owned(), has_register == "true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_operands_are_read() {
        for (arg, expected) in [
            ("arg_Wds", "StackRegister(W, Rd)"),
            ("arg_Vd_22_2__H_1__S_2", "Scalar(Rd, Size, &[(1, H), (2, S)])"),
            ("arg_Vm_arrangement_size_Q___8B_00__16B_01", "Vector(Rm, SizeQ, &[(0, B8), (1, B16)], 0)"),
            ("arg_Xns_mem_post_Q__24_0__48_1", "Memory(PostIndex, BytesByQ(24))"),
            ("arg_immediate_UBFX_UBFM_32M_bitfield_width_32_imms", "Imm(WidthFromPosition(32))"),
            ("arg_immediate_1_64_immh_immb__128UIntimmhimmb_8", "Imm(ElementRightShift(8))"),
        ] {
            assert_eq!(field(arg).as_deref(), Some(expected), "{arg}");
        }
        assert_eq!(field("arg_Zd_svl"), None);
    }
}
