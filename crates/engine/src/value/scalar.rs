//! Booleans, numbers, strings and functions.

use std::io::Write;
use std::sync::Arc;

use adit_process::{Addr, ByteOrder, Memory};
use adit_symbols::{PackageConstant, Shape, Type};

use super::foreign::{extended_float, wide_int};
use super::{Kind, LoadConfig, Loader, Value, ValueError, Variable};

/// Memory exists page by page, of this size or a multiple.
const PAGE: u64 = 4096;

impl Loader<'_> {
    pub(super) fn fill_scalar(
        &self,
        variable: &mut Variable,
        value: &Value,
        real: &Arc<Type>,
    ) -> Result<(), ValueError> {
        if real.size == 16 && self.fill_wide(variable, value, real)? {
            return Ok(());
        }
        let scalar = self.scalar_text(&value.ty, real)?;
        let mut text = Vec::new();
        scalar.write(&self.bytes(value, 0, scalar.size)?, &mut text);
        variable.value = String::from_utf8_lossy(&text).into_owned();
        Ok(())
    }

    /// How scalars of a type are written.
    pub(super) fn scalar_text<'t>(&self, ty: &Type, real: &'t Type) -> Result<ScalarText<'t>, ValueError> {
        let size = usize::try_from(real.size).unwrap_or(0);
        if !matches!(size, 1 | 2 | 4 | 8) {
            return Err(ValueError::Other(format!("{} has a size of {size} bytes", real.name)));
        }
        // Constants belong to named types, and looking for them reads the index of all names.
        let named = ty.name.contains('.') && matches!(real.shape, Shape::Int | Shape::Uint);
        let constants = match self.dwarf() {
            Ok(dwarf) if named => match self.c_enumerators(ty) {
                enumerators if enumerators.is_empty() => dwarf.constants_of_type(ty.id).unwrap_or_default(),
                enumerators => enumerators,
            },
            _ => Vec::new(),
        };
        Ok(ScalarText { shape: &real.shape, size, order: self.target.arch().byte_order, constants })
    }

    /// A number of 16 bytes, as only C has: true if it is one that is known.
    fn fill_wide(&self, variable: &mut Variable, value: &Value, real: &Type) -> Result<bool, ValueError> {
        let arch = self.target.arch();
        let bytes = self.bytes(value, 0, 16)?;
        let little = arch.byte_order == ByteOrder::Little;
        let (kind, text) = match real.shape {
            Shape::Int => (Kind::INT64, wide_int(&bytes, true, little)),
            Shape::Uint => (Kind::UINT64, wide_int(&bytes, false, little)),
            Shape::Float if arch.name == "amd64" => (Kind::FLOAT64, extended_float(&bytes)),
            _ => return Ok(false),
        };
        let Some(text) = text else { return Ok(false) };
        (variable.kind, variable.value) = (kind, text);
        Ok(true)
    }

    pub(super) fn fill_complex(
        &self,
        variable: &mut Variable,
        value: &Value,
        real: &Arc<Type>,
    ) -> Result<(), ValueError> {
        let half = (real.size / 2) as usize;
        if !matches!(half, 4 | 8) {
            return Err(ValueError::Other(format!("{} has a size of {} bytes", real.name, real.size)));
        }
        let part = |offset| Ok::<_, ValueError>(float_text(self.uint(value, offset, half)?, half));
        let (re, im) = (part(0)?, part(half as u64)?);
        variable.value = format!("({re} + {im}i)");
        variable.len = 2;
        let kind = if half == 4 { Kind::FLOAT32 } else { Kind::FLOAT64 };
        let name = if half == 4 { "float32" } else { "float64" };
        for (i, (field, text)) in [("real", re), ("imaginary", im)].into_iter().enumerate() {
            variable.children.push(Variable {
                name: field.to_owned(),
                addr: variable.addr.wrapping_add((i * half) as u64),
                type_name: name.to_owned(),
                real_type: name.to_owned(),
                kind,
                value: text,
                flags: variable.flags,
                ..Variable::default()
            });
        }
        Ok(())
    }

    pub(super) fn fill_string(
        &self,
        variable: &mut Variable,
        value: &Value,
        config: &LoadConfig,
    ) -> Result<(), ValueError> {
        let (data, len) = self.string_header(value)?;
        variable.base = data.0;
        variable.len = len;
        let most = self.budget.part(config.max_string_len);
        let bytes = self.string_bytes(data, len, most).map_err(|error| self.after_prefix(data, error))?;
        self.budget.take(bytes.len());
        variable.set_text(bytes);
        Ok(())
    }

    /// What can be read of a string before the place where reading it failed is told with the error.
    fn after_prefix(&self, data: Addr, error: ValueError) -> ValueError {
        const MOST: u64 = 64;
        let ValueError::Memory(cause) = &error else { return error };
        // Memory ends where a page does: the error may name the whole read.
        let end = (0..1 << 20)
            .step_by(PAGE as usize)
            .map(|pages| (data.0 & !(PAGE - 1)).saturating_add(PAGE + pages))
            .find(|page| self.target.read_uint(Addr(*page), 1).is_err());
        let readable = end.and_then(|end| end.checked_sub(data.0)).unwrap_or(0).min(MOST);
        let mut prefix = vec![0; readable as usize];
        if prefix.is_empty() || self.target.read(data, &mut prefix).is_err() {
            return error;
        }
        ValueError::Other(format!("{cause}, after {:?}", String::from_utf8_lossy(&prefix)))
    }

    /// Where a string's bytes are, and how many.
    pub fn string_header(&self, value: &Value) -> Result<(Addr, i64), ValueError> {
        let data = self.word(value, 0)?;
        let size = self.word_size();
        let len = self.target.arch().byte_order.int(&self.bytes(value, size as u64, size)?);
        if len < 0 {
            return Err(ValueError::Other(format!("invalid length: {len}")));
        }
        Ok((Addr(data), len))
    }

    pub(crate) fn string_bytes(&self, data: Addr, len: i64, most: usize) -> Result<Vec<u8>, ValueError> {
        let wanted = usize::try_from(len).unwrap_or(usize::MAX).min(most);
        // The length may be garbage: what is asked for must exist before room is made for it.
        let mut bytes = Vec::new();
        while bytes.len() < wanted {
            let from = bytes.len();
            bytes.resize((from + (1 << 20)).min(wanted), 0);
            self.target.read(data.offset(from as i64), &mut bytes[from..])?;
        }
        Ok(bytes)
    }
}

impl Variable {
    /// Sets a string's contents.
    pub(super) fn set_text(&mut self, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(text) => self.value = text,
            Err(error) => {
                self.value = String::from_utf8_lossy(error.as_bytes()).into_owned();
                self.string_bytes = Some(error.into_bytes());
            }
        }
    }
}

/// How scalars of one type are written.
pub(super) struct ScalarText<'t> {
    shape: &'t Shape,
    /// Bytes of each.
    pub(super) size: usize,
    order: ByteOrder,
    /// The named constants of the type: its numbers are shown with their names, `Blue (2)`, `A|B (3)`.
    constants: Vec<PackageConstant>,
}

impl ScalarText<'_> {
    /// Appends the text of the scalar that these bytes are.
    pub(super) fn write(&self, bytes: &[u8], text: &mut Vec<u8>) {
        let number = self.order.int(bytes);
        let names = match self.shape {
            Shape::Enum(names) => {
                names.iter().find(|(_, value)| *value == number).map(|(name, _)| name.to_string())
            }
            _ => constant_names(&self.constants, number),
        };
        // Writing to a `Vec` does not fail.
        let _ = match (self.shape, names) {
            (Shape::Bool, _) => write!(text, "{}", self.order.uint(bytes) != 0),
            (Shape::Float, _) => write!(text, "{}", float_text(self.order.uint(bytes), self.size)),
            (Shape::Uint, Some(names)) => write!(text, "{names} ({})", self.order.uint(bytes)),
            (Shape::Uint, None) => write!(text, "{}", self.order.uint(bytes)),
            (_, Some(names)) => write!(text, "{names} ({number})"),
            (_, None) => write!(text, "{number}"),
        };
    }
}

/// The constant, or the set of single-bit constants joined by `|`, that makes up `number`.
fn constant_names(constants: &[PackageConstant], number: i64) -> Option<String> {
    let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    if let Some(constant) = constants.iter().find(|constant| constant.value == number) {
        return Some(short(&constant.name));
    }
    if constants.is_empty() || number == 0 {
        return None;
    }
    let mut left = number;
    let mut names = Vec::new();
    for constant in constants {
        if constant.value.count_ones() == 1 && left & constant.value != 0 {
            left &= !constant.value;
            names.push(short(&constant.name));
        }
    }
    (left == 0).then(|| names.join("|"))
}

/// The text of a `float32` or `float64` with these bits.
fn float_text(bits: u64, size: usize) -> String {
    match size {
        4 => adit_expr::format_float32(f32::from_bits(bits as u32)),
        _ => adit_expr::format_float64(f64::from_bits(bits)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use adit_symbols::PackageConstant;

    use super::constant_names;

    #[test]
    fn numbers_are_named_by_constants_and_by_sets_of_single_bits() {
        let constants: Vec<PackageConstant> = [("main.read", 1), ("main.write", 2), ("main.both", 3)]
            .map(|(name, value)| PackageConstant { name: Arc::from(name), type_id: None, value })
            .into();
        let names = |number| constant_names(&constants, number);
        assert_eq!(names(1).as_deref(), Some("read"));
        assert_eq!(names(3).as_deref(), Some("both"));
        assert_eq!(constant_names(&constants[..2], 3).as_deref(), Some("read|write"));
        assert_eq!((names(0), names(4), names(5)), (None, None, None));
    }
}
