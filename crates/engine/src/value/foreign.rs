//! Values of C: pointers that are arrays or strings, functions, numbers that Go does not have.

use std::sync::Arc;

use adit_process::{Addr, Memory};
use adit_symbols::{PackageConstant, Shape, Type};

use super::{Kind, LoadConfig, Loader, ValueError, Variable, flags};

/// What cgo puts in front of the names of C types (`cmd/cgo/out.go`).
const CGO_PREFIX: &str = "_Ctype_";
/// Strings of C are read in parts that do not cross what may be the end of readable memory, in bytes.
const PART: u64 = 256;

impl Loader<'_> {
    /// Is this a pointer of C, which may point to the first of many? In Go's code those are pointers to what cgo has
    /// named.
    pub(crate) fn is_c_pointer(&self, real: &Type) -> bool {
        let Shape::Pointer(Some(target)) = real.shape else { return false };
        real.go_kind.is_none() || self.type_of(target).is_ok_and(|target| cgo_name(&target.name).is_some())
    }

    /// Is this a pointer to characters?
    fn is_c_string(&self, real: &Type) -> bool {
        let Shape::Pointer(Some(target)) = real.shape else { return false };
        let Ok(target) = self.type_of(target) else { return false };
        cgo_name(&target.name) == Some("char") && !target.name.starts_with('*')
            || real.go_kind.is_none()
                && self.underlying(&target).is_ok_and(|real| &*real.name == "char" && real.size == 1)
    }

    /// Fills in what is different in pointers of C: true if that was all.
    pub(super) fn fill_c_pointer(
        &self,
        variable: &mut Variable,
        real: &Arc<Type>,
        addr: Addr,
        config: &LoadConfig,
    ) -> Result<bool, ValueError> {
        variable.flags |= flags::C_POINTER;
        if addr.0 == 0 || !self.is_c_string(real) {
            return Ok(false);
        }
        let (bytes, ended) = self.c_string(addr, config.max_string_len)?;
        variable.kind = Kind::STRING;
        variable.base = addr.0;
        // How much is left of one that was cut, nobody has counted.
        variable.len = bytes.len() as i64 + i64::from(!ended);
        variable.set_text(bytes);
        Ok(true)
    }

    /// The bytes of a string of C, at most `most`, and whether its end was found.
    fn c_string(&self, addr: Addr, most: usize) -> Result<(Vec<u8>, bool), ValueError> {
        let mut text = Vec::new();
        while text.len() <= most {
            let at = addr.offset(text.len() as i64);
            let mut part = vec![0; (PART - at.0 % PART) as usize];
            self.target.read(at, &mut part)?;
            if let Some(end) = part.iter().position(|byte| *byte == 0) {
                text.extend_from_slice(&part[..end]);
                let ended = text.len() <= most;
                text.truncate(most);
                return Ok((text, ended));
            }
            text.extend(part);
        }
        text.truncate(most);
        Ok((text, false))
    }

    /// A function of C is its code: it is shown by its name.
    pub(super) fn fill_c_function(&self, variable: &mut Variable, entry: Addr) -> Result<(), ValueError> {
        variable.base = entry.0;
        let at = self.image.to_file(entry);
        let named = self.dwarf().ok().and_then(|dwarf| dwarf.function_at(at).ok().flatten());
        let name = match named {
            Some(function) => Some(format!("C.{}", function.name)),
            None => {
                self.image.binary.symbol_at(at).filter(|symbol| symbol.is_function).map(|symbol| symbol.name)
            }
        };
        variable.value =
            name.ok_or_else(|| ValueError::Other(format!("could not find function for {:#x}", entry.0)))?;
        Ok(())
    }

    /// The values of the enumeration that cgo made a type of numbers of.
    pub(super) fn c_enumerators(&self, ty: &Type) -> Vec<PackageConstant> {
        let Some(name) = cgo_name(&ty.name) else { return Vec::new() };
        let found = self.dwarf().ok().and_then(|dwarf| dwarf.type_by_name(name).ok().flatten());
        let Some(Ok(real)) = found.map(|found| self.underlying(&found)) else { return Vec::new() };
        let Shape::Enum(names) = &real.shape else { return Vec::new() };
        let constant = |(name, value): &(Arc<str>, i64)| PackageConstant {
            name: name.clone(),
            type_id: None,
            value: *value,
        };
        names.iter().map(constant).collect()
    }
}

/// The C name of a type that cgo has named.
fn cgo_name(name: &str) -> Option<&str> {
    let plain = name.trim_start_matches('*');
    plain.split_once(CGO_PREFIX).filter(|(package, _)| package.ends_with('.')).map(|(_, name)| name)
}

/// The text of an integer of 16 bytes.
pub(super) fn wide_int(bytes: &[u8], signed: bool, little: bool) -> Option<String> {
    let mut number: [u8; 16] = bytes.try_into().ok()?;
    if !little {
        number.reverse();
    }
    let number = u128::from_le_bytes(number);
    Some(if signed { number.cast_signed().to_string() } else { number.to_string() })
}

/// The text of an x87 number of 80 bits, of which `bytes` are the first 10 or more: exact if a `float64` can hold it, else
/// marked as rounded ("Intel 64 and IA-32 Architectures Software Developer's Manual", volume 1, §4.2.2).
pub(super) fn extended_float(bytes: &[u8]) -> Option<String> {
    let mantissa = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
    let head = u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?);
    let sign = if head & 0x8000 == 0 { "" } else { "-" };
    let exponent = i32::from(head & 0x7fff);
    if exponent == 0x7fff {
        let infinite = mantissa << 1 == 0;
        let infinity = if sign.is_empty() { "+Inf" } else { "-Inf" };
        return Some(if infinite { infinity.to_owned() } else { "NaN".to_owned() });
    }
    // The value is the mantissa, as an integer, times two to this power.
    let power = exponent.max(1) - 16383 - 63;
    let rounded = mantissa as f64;
    let value = rounded * 2f64.powi(power.clamp(-1000, 1000)) * 2f64.powi(power - power.clamp(-1000, 1000));
    let fits = value.is_normal() || mantissa == 0;
    let exact = fits && rounded < 2f64.powi(64) && rounded as u64 == mantissa;
    Some(match (exact, fits) {
        (true, _) => format!("{sign}{}", adit_expr::format_float64(value)),
        (false, true) => format!("{sign}{} (rounded)", adit_expr::format_float64(value)),
        (false, false) => format!("{sign}{mantissa:#x}p{power:+}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cgo_are_those_with_its_mark() {
        assert_eq!(cgo_name("main._Ctype_char"), Some("char"));
        assert_eq!(cgo_name("*example.com/x._Ctype_struct_point"), Some("struct_point"));
        assert_eq!(cgo_name("main.char"), None);
        assert_eq!(cgo_name("my_Ctype_char"), None);
    }

    #[test]
    fn numbers_of_16_bytes() {
        let bytes = ((1u128 << 100) + 7).to_le_bytes();
        assert_eq!(wide_int(&bytes, true, true).unwrap(), "1267650600228229401496703205383");
        assert_eq!(wide_int(&[0xff; 16], true, true).unwrap(), "-1");
        assert_eq!(wide_int(&[0xff; 16], false, false).unwrap(), u128::MAX.to_string());
    }

    #[test]
    fn extended_numbers() {
        let text = |mantissa: u64, head: u16| {
            let bytes: Vec<u8> = mantissa.to_le_bytes().into_iter().chain(head.to_le_bytes()).collect();
            extended_float(&bytes).unwrap()
        };
        assert_eq!(text(0xe000_0000_0000_0000, 0x4000), "3.5");
        assert_eq!(text(0x8000_0000_0000_0000, 0xbfff), "-1");
        assert_eq!(text(0, 0), "0");
        assert_eq!(text(0x8000_0000_0000_0000, 0x7fff), "+Inf");
        assert_eq!(text(0xc000_0000_0000_0000, 0xffff), "NaN");
        assert_eq!(text(0xcccc_cccc_cccc_cccd, 0x3ffb), "0.1 (rounded)");
        assert_eq!(text(0x8000_0000_0000_0000, 0x7ffe), "0x8000000000000000p+16320");
    }
}
