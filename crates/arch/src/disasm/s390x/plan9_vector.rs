//! Vector instructions in the Go assembler's flavour: names that say the size of the elements.

use super::Code;
use super::format::Operand;
use super::plan9::{ALL, Line, REVERSED, ROTATED, SWAPPED};

/// Four arguments, the destination last.
const ROTATED_4: &[usize] = &[1, 2, 3, 0];
/// Four arguments, the first and the last swapped.
const OUTER_SWAPPED: &[usize] = &[3, 1, 2, 0];

/// Letters of the element sizes, by the mask.
const SIZES: [&str; 5] = ["B", "H", "F", "G", "Q"];

/// How the instruction is written; where the machine would not take it, what s390xasm says then.
pub(super) fn line(code: &Code, arguments: &[String]) -> Result<Line, String> {
    let name = code.name().to_ascii_uppercase();
    let first_is = |index: usize| arguments.first() == arguments.get(index);
    let order = match code.name() {
        "vfm" => return Ok(Line::new("WFMDB", ROTATED)),
        "vfs" => return Ok(Line::new("WFSDB", REVERSED)),
        "vno" if first_is(2) => return Ok(Line::new("VNOT", SWAPPED)),
        "vno" => return Ok(Line::new("VNOT", ROTATED)),
        "vgbm" => match code.immediate(1) {
            Some(0) => return Ok(Line::new("VZERO", &[0])),
            Some(0xffff) => return Ok(Line::new("VONE", &[0])),
            _ => SWAPPED,
        },
        "vn" | "vnc" | "vo" | "vx" if first_is(2) => SWAPPED,
        "vn" | "vnc" | "vo" | "vx" | "vlvgp" => ROTATED,
        "vsel" | "vperm" => ROTATED_4,
        "vpdi" | "vsldb" => OUTER_SWAPPED,
        "vl" => SWAPPED,
        "vgeg" | "vgef" | "vsceg" | "vscef" | "vleb" | "vleh" | "vlef" | "vleg" | "vleib" | "vleih"
        | "vleif" | "vleig" => REVERSED,
        "vsteb" | "vsteh" | "vstef" | "vsteg" => &[2, 0, 1],
        "vstl" => &[1, 0, 2],
        "vst" => return aligned(code, name, &[0, 1]),
        "vstm" => return aligned(code, name, &[0, 1, 2]),
        "vlm" => return aligned(code, name, &[2, 0, 1]),
        "vfma" | "vfms" | "vfce" | "vfch" | "vfche" | "vftci" => return float(code, name),
        "vstrc" | "vfae" | "vfee" | "vfene" => return string(code, &name),
        "vceq" | "vch" | "vchl" => return comparison(code, &name),
        "vmsl" => {
            let suffix = match (mask(code, 0), mask(code, 1)) {
                (3, 8) => "EG",
                (3, 4) => "OG",
                (3, 12) => "EOG",
                (3, _) => "G",
                _ => "",
            };
            return Ok(Line::new(name + suffix, ROTATED_4));
        }
        _ => return sized(code, name, arguments),
    };
    Ok(Line::new(name, order))
}

/// Instructions with one mask, which is the size of the elements.
fn sized(code: &Code, name: String, arguments: &[String]) -> Result<Line, String> {
    let first_is = |index: usize| arguments.first() == arguments.get(index);
    // Which sizes there are, and the order of the arguments.
    let (sizes, order): (_, &'static [usize]) = match code.name() {
        "vec" | "vecl" => (0..=3, &[0, 1]),
        "vclz" | "vctz" | "vrepi" | "vpopct" => (0..=3, SWAPPED),
        "va" | "vs" | "vacc" | "vscbi" => {
            let order = match code.name() {
                _ if first_is(2) => SWAPPED,
                "vs" if first_is(1) => &[2, 1],
                "vs" => REVERSED,
                _ => ROTATED,
            };
            (0..=4, order)
        }
        "vavg" | "vavgl" | "vmx" | "vmxl" | "vmn" | "vmnl" | "vgfm" | "vgm" => (0..=3, ROTATED),
        "vrep" | "verllv" | "veslv" => (0..=3, REVERSED),
        "vsum" => (0..=1, &[0, 1, 2]),
        "vsumg" => (1..=2, &[0, 1, 2]),
        "vsumq" => (2..=3, &[0, 1, 2]),
        "vml" | "vmh" | "vmlh" | "vme" | "vmle" | "vmo" | "vmlo" => {
            let suffix = SIZES[..3].get(usize::from(mask(code, 0) & 7)).unwrap_or(&"");
            return Ok(Line::new(name + suffix, if first_is(2) { SWAPPED } else { ROTATED }));
        }
        "vgfma" => (0..=3, ROTATED_4),
        "vmah" | "vmalh" => (0..=2, ROTATED_4),
        "verim" => (0..=3, OUTER_SWAPPED),
        "vac" | "vaccc" if mask(code, 0) & 4 != 0 => return Ok(Line::new(name + "Q", ROTATED_4)),
        "vac" | "vaccc" => return Err(exception(&name, format!("mask value: {}", mask(code, 0)))),
        "vlrep" => {
            let suffix = SIZES[..4].get(usize::from(mask(code, 0))).unwrap_or(&"");
            return Ok(Line::new(name + suffix, SWAPPED));
        }
        "vesl" | "vesra" | "verll" | "vlvg" => {
            let Some(suffix) = SIZES[..4].get(usize::from(mask(code, 0))) else {
                return Err(exception(&name, format!("mask value: {}", mask(code, 0))));
            };
            let same = code.name() != "vlvg" && first_is(1);
            return Ok(Line::new(name + suffix, if same { &[2, 1] } else { REVERSED }));
        }
        _ => return Ok(Line::new(name, ALL)),
    };
    // The fourth bit of the mask is not looked at.
    let size = mask(code, 0) & 7;
    if !sizes.contains(&size) {
        return Err(exception(&name, format!("mask value: {}", mask(code, 0))));
    }
    Ok(Line::new(name + SIZES[usize::from(size)], order))
}

/// Loads and stores with a hint at the alignment.
fn aligned(code: &Code, name: String, order: &'static [usize]) -> Result<Line, String> {
    match mask(code, 0) {
        0 | 3 | 4 => Ok(Line::new(name, order)),
        other => Err(exception(&name, format!("mask value: {other}"))),
    }
}

/// String instructions: element size and flags.
fn string(code: &Code, name: &str) -> Result<Line, String> {
    let order = if code.name() == "vstrc" { ROTATED_4 } else { ROTATED };
    let (size, flags) = (mask(code, 0), mask(code, 1));
    let letter = SIZES[..3].get(usize::from(size & 3));
    let (Some(letter), 0..=3) = (letter, flags) else {
        return Err(exception(name, format!("mask values: {size}, {flags}")));
    };
    let zeros = if flags & 2 != 0 { "Z" } else { "" };
    let sets = if flags & 1 != 0 { "S" } else { "" };
    Ok(Line::new(format!("{name}{zeros}{letter}{sets}"), order))
}

/// Comparisons of integers: element size, and whether the condition code is set.
fn comparison(code: &Code, name: &str) -> Result<Line, String> {
    let (size, sets) = (mask(code, 0), mask(code, 1));
    let suffix = match sets {
        0 => "",
        1 => "S",
        _ => return Err(exception(name, format!("mask(m5) value: {sets}"))),
    };
    match SIZES[..4].get(usize::from(size & 7)) {
        Some(letter) => Ok(Line::new(format!("{name}{letter}{suffix}"), ROTATED)),
        None => Err(exception(name, format!("mask(m4) value: {size}"))),
    }
}

/// Floats: the format, and whether only the first element counts (`W` for `V`).
fn float(code: &Code, name: String) -> Result<Line, String> {
    let rest = &name[1..];
    let written = match code.name() {
        "vfma" | "vfms" => match (mask(code, 0), mask(code, 1)) {
            (0, 3) => Ok((format!("{name}DB"), ROTATED_4)),
            (8, 3) => Ok((format!("W{rest}DB"), ROTATED_4)),
            (m5, m6) => Err(format!("m5: {m5} m6: {m6}")),
        },
        "vftci" => match (mask(code, 0) & 7, mask(code, 1)) {
            (2, 0) => Ok((format!("{name}SB"), REVERSED)),
            (3, 0) => Ok((format!("{name}DB"), REVERSED)),
            (2, 8) => Ok((format!("W{rest}SB"), REVERSED)),
            (3, 8) => Ok((format!("W{rest}DB"), REVERSED)),
            (4, 8) => Ok((format!("W{rest}XB"), REVERSED)),
            (_, 0 | 8) => Err(format!("mask(m4) value: {}", mask(code, 0))),
            (_, m5) => Err(format!("mask(m5) value: {m5}")),
        },
        _ => match (mask(code, 0), mask(code, 1), mask(code, 2)) {
            (3, 0, 0) => Ok((format!("{name}DB"), ROTATED)),
            (3, 0, 1) => Ok((format!("{name}DBS"), ROTATED)),
            (3, 8, 0) => Ok((format!("W{rest}DB"), ROTATED)),
            (3, 8, 1) => Ok((format!("W{rest}DBS"), ROTATED)),
            (m4, 0 | 8, m6) => Err(format!("m4: {m4}, m6: {m6}")),
            (_, m5, _) => Err(format!("m5: {m5}")),
        },
    };
    match written {
        Ok((name, order)) => Ok(Line::new(name, order)),
        Err(what) => Err(exception(&name, what)),
    }
}

fn exception(name: &str, what: String) -> String {
    format!("specification exception is recognized for \"{name}\" with {what}")
}

/// The mask operand that is number `nth` of them.
fn mask(code: &Code, nth: usize) -> u8 {
    let mut masks = code.operands.iter().filter_map(|operand| match operand {
        Operand::Mask(mask) => Some(*mask),
        _ => None,
    });
    masks.nth(nth).unwrap_or(0)
}
