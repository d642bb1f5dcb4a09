//! Register values as users see them in `regs`: fixed-width hexadecimal, and what the bits mean behind a tab.

use crate::{RFLAGS, RegisterClass, RegisterId, Registers};

impl Registers {
    /// The value of `id` as Delve writes it: `0x0000000000000246<tab>[PF ZF IF IOPL=0]`. Vector registers show
    /// their lanes; parts of a vector register beyond 16 bytes follow on lines of their own. `None` if the value
    /// is not known.
    pub fn text(&self, id: RegisterId) -> Option<String> {
        let info = self.arch().info(id);
        let mut bytes = self.bytes(id)?;
        if self.arch().byte_order == crate::ByteOrder::Big {
            bytes.reverse();
        }
        let number = hexadecimal(&bytes);
        if info.class == RegisterClass::Vector && info.name.starts_with("XMM") {
            return Some(vector_text(info.name, &bytes));
        }
        if let (Some(meaning), Some(value)) = (flags_text(self, id), self.get(id)) {
            return Some(format!("{number}\t{}", meaning(value)));
        }
        match <[u8; 10]>::try_from(bytes.as_slice()) {
            Ok(x87) => Some(format!("{number}\t{}", shortest(format!("{:e}", extended(x87))))),
            Err(_) => Some(number),
        }
    }
}

/// What tells the bits of `id`, if it is a register of flags.
fn flags_text(registers: &Registers, id: RegisterId) -> Option<fn(u64) -> String> {
    match (registers.arch().name, registers.arch().info(id).name) {
        ("amd64", _) if id == RFLAGS => Some(rflags_text),
        ("386", "Eflags") => Some(rflags_text),
        ("amd64" | "386", "MXCSR") => Some(mxcsr_text),
        _ => None,
    }
}

/// The flags that are set in RFLAGS (Intel SDM volume 1, §3.4.3): `[PF ZF IF IOPL=0]`.
pub fn rflags_text(value: u64) -> String {
    const LOW: [(u32, &str); 9] =
        [(0, "CF"), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (9, "IF"), (10, "DF"), (11, "OF")];
    const HIGH: [(u32, &str); 7] =
        [(14, "NT"), (16, "RF"), (17, "VM"), (18, "AC"), (19, "VIF"), (20, "VIP"), (21, "ID")];
    let mut words = set_bits(value, &LOW);
    words.push(format!("IOPL={}", value >> 12 & 3));
    words.extend(set_bits(value, &HIGH));
    format!("[{}]", words.join(" "))
}

/// The bits of MXCSR (Intel SDM volume 1, §10.2.3): `[RZ/RN=0 PM UM OM ZM DM IM]`.
pub fn mxcsr_text(value: u64) -> String {
    const HIGH: [(u32, &str); 1] = [(15, "FZ")];
    const LOW: [(u32, &str); 13] = [
        (12, "PM"),
        (11, "UM"),
        (10, "OM"),
        (9, "ZM"),
        (8, "DM"),
        (7, "IM"),
        (6, "DAZ"),
        (5, "PE"),
        (4, "UE"),
        (3, "OE"),
        (2, "ZE"),
        (1, "DE"),
        (0, "IE"),
    ];
    let mut words = set_bits(value, &HIGH);
    words.push(format!("RZ/RN={}", value >> 13 & 3));
    words.extend(set_bits(value, &LOW));
    format!("[{}]", words.join(" "))
}

fn set_bits(value: u64, names: &[(u32, &str)]) -> Vec<String> {
    names.iter().filter(|(bit, _)| value >> bit & 1 != 0).map(|(_, name)| (*name).to_string()).collect()
}

/// `bytes`, least significant first, as one number.
fn hexadecimal(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect();
    format!("0x{digits}")
}

/// A vector register in parts of 16 bytes: the XMM part, then the upper halves of YMM and ZMM.
fn vector_text(name: &str, bytes: &[u8]) -> String {
    let number = name.trim_start_matches("XMM");
    let mut text = String::new();
    for (part, chunk) in bytes.chunks(16).enumerate() {
        match part {
            0 => {}
            1 => text.push_str(&format!("\n\t[YMM{number}h] ")),
            2 => text.push_str(&format!("\n\t[ZMM{number}hl] ")),
            _ => text.push_str(&format!("\n\t[ZMM{number}hh] ")),
        }
        text.push_str(&hexadecimal(chunk));
        for (count, size) in [(2, 8), (4, 4), (8, 2), (16, 1)] {
            text.push_str(&format!(
                "\tv{count}_int={{ {} }}",
                lanes(chunk, size, |lane| { lane.iter().rev().map(|byte| format!("{byte:02x}")).collect() })
            ));
        }
        let double = |lane: &[u8]| shortest(format!("{:e}", f64::from_bits(little(lane))));
        let single = |lane: &[u8]| shortest(format!("{:e}", f32::from_bits(little(lane) as u32)));
        text.push_str(&format!("\tv2_float={{ {} }}", lanes(chunk, 8, double)));
        text.push_str(&format!("\tv4_float={{ {} }}", lanes(chunk, 4, single)));
    }
    text
}

fn lanes(chunk: &[u8], size: usize, write: impl Fn(&[u8]) -> String) -> String {
    chunk.chunks(size).map(write).collect::<Vec<_>>().join(" ")
}

fn little(bytes: &[u8]) -> u64 {
    crate::ByteOrder::Little.uint(bytes)
}

/// An x87 value (Intel SDM volume 1, §4.2.2) as the nearest double.
fn extended(bytes: [u8; 10]) -> f64 {
    let significand = little(&bytes[..8]);
    let top = little(&bytes[8..]);
    let sign = if top & 0x8000 != 0 { -1.0 } else { 1.0 };
    let exponent = (top & 0x7fff) as i32;
    match (exponent, significand << 1) {
        (0x7fff, 0) => sign * f64::INFINITY,
        (0x7fff, _) => f64::NAN,
        // In two steps, so that neither factor leaves the range of doubles before the product does.
        _ => {
            let power = (exponent - 16383 - 63).clamp(-2000, 2000);
            let half = power / 2;
            sign * significand as f64 * 2_f64.powi(half) * 2_f64.powi(power - half)
        }
    }
}

/// Turns Rust's shortest exponent form (`1.5e-7`) into what Go's `%g` writes (`1.5e-07`, `0.0015`, `1e+06`).
fn shortest(scientific: String) -> String {
    match scientific.as_str() {
        "inf" => return "+Inf".to_string(),
        "-inf" => return "-Inf".to_string(),
        _ => {}
    }
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = digits.chars().filter(|c| *c != '.').collect();
    // strconv/ftoa.go, formatting 'g' with the shortest precision: as if six digits had been asked for.
    if !(-4..6).contains(&exponent) {
        let sign_of = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign_of}{:02}", exponent.abs());
    }
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    let whole = (exponent + 1) as usize;
    if digits.len() <= whole {
        format!("{sign}{digits}{}", "0".repeat(whole - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AMD64, FS_BASE};

    fn set(name: &str, bytes: &[u8]) -> String {
        let mut registers = Registers::new(&AMD64);
        let id = AMD64.by_name(name).unwrap();
        registers.set_bytes(id, bytes);
        registers.text(id).unwrap()
    }

    #[test]
    fn flags_are_spelled_out() {
        assert_eq!(set("rflags", &0x246_u64.to_le_bytes()), "0x0000000000000246\t[PF ZF IF IOPL=0]");
        assert_eq!(set("Rflags", &0x247_u64.to_le_bytes()), "0x0000000000000247\t[CF PF ZF IF IOPL=0]");
        assert_eq!(set("mxcsr", &0x1f80_u32.to_le_bytes()), "0x00001f80\t[RZ/RN=0 PM UM OM ZM DM IM]");
        assert_eq!(set("cw", &0x37f_u16.to_le_bytes()), "0x037f");
        let mut registers = Registers::new(&AMD64);
        assert_eq!(registers.text(FS_BASE), None);
        registers.set(FS_BASE, 0x53_2b70);
        assert_eq!(registers.text(FS_BASE).unwrap(), "0x0000000000532b70");
    }

    #[test]
    fn x87_values_are_numbers() {
        let pi = [0x35, 0xc2, 0x68, 0x21, 0xa2, 0xda, 0x0f, 0xc9, 0x00, 0x40];
        assert_eq!(set("ST(0)", &pi), "0x4000c90fdaa22168c235\t3.141592653589793");
        let one = [0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x3f];
        assert_eq!(set("ST(1)", &one), "0x3fff8000000000000000\t1");
        assert_eq!(set("ST(7)", &[0; 10]), "0x00000000000000000000\t0");
    }

    #[test]
    fn vectors_show_their_lanes() {
        let bytes: Vec<u8> = (0x20..0x40).collect();
        let expected = "0x2f2e2d2c2b2a29282726252423222120\
            \tv2_int={ 2726252423222120 2f2e2d2c2b2a2928 }\
            \tv4_int={ 23222120 27262524 2b2a2928 2f2e2d2c }\
            \tv8_int={ 2120 2322 2524 2726 2928 2b2a 2d2c 2f2e }\
            \tv16_int={ 20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f }\
            \tv2_float={ 4.287943403239047e-120 1.9882885252746607e-81 }\
            \tv4_float={ 8.789052e-18 2.3057262e-15 6.045325e-13 1.5841256e-10 }";
        assert_eq!(set("xmm1", &bytes[..16]), expected);
        let text = set("XMM1", &bytes);
        let (first, upper) = text.split_once("\n\t[YMM1h] ").unwrap();
        assert_eq!(first, expected);
        assert!(upper.starts_with("0x3f3e3d3c3b3a39383736353433323130\tv2_int={ 3736353433323130"));
        assert!(upper.ends_with("v4_float={ 4.148859e-08 1.0860433e-05 0.0028415453 0.74312186 }"));
    }

    #[test]
    fn numbers_are_as_go_writes_them() {
        for (value, text) in [
            (1e20, "1e+20"),
            (123_456_789.0, "1.23456789e+08"),
            (1e-5, "1e-05"),
            (0.001, "0.001"),
            (1e5, "100000"),
            (1e6, "1e+06"),
        ] {
            assert_eq!(shortest(format!("{value:e}")), text);
        }
        assert_eq!(shortest(format!("{:e}", f64::NEG_INFINITY)), "-Inf");
        assert_eq!(shortest(format!("{:e}", -250.5)), "-250.5");
    }
}
