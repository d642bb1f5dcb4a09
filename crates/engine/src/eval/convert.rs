//! Conversions `T(x)`, and the lanes of registers.

use std::sync::Arc;

use adit_expr::NodeId;
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::{Constant, EvalError, Evaluator, Operand, fail};
use crate::value::{Kind, Value, Variable, kind_of};

impl Evaluator<'_> {
    pub(super) fn convert(&self, ty: &Arc<Type>, argument: NodeId) -> Result<Operand, EvalError> {
        let operand = self.eval(argument)?;
        let loader = self.debugger.loader();
        let real = loader.underlying(ty)?;
        let constant = self.constant(&operand)?;
        let pointer = self.pointer(&operand)?;
        let refused = || fail(format!("can not convert {:?} to {}", self.text(argument), ty.name));
        let kind = kind_of(&real);
        match (&real.shape, constant, pointer) {
            (Shape::Pointer(_), Some(Constant::Int(n)), _) => self.pointer_value(ty, n as u64),
            (Shape::Pointer(_), _, Some(addr)) => self.pointer_value(ty, addr),
            (Shape::Int | Shape::Uint, Some(Constant::Int(n) | Constant::Rune(n)), _) => {
                Ok(Operand::Typed(super::operators::wrap(Constant::Int(n), &real), ty.clone()))
            }
            (Shape::Int | Shape::Uint, Some(Constant::Float(f)), _) => {
                Ok(Operand::Typed(super::operators::wrap(Constant::Int(f as i128), &real), ty.clone()))
            }
            (Shape::Uint, _, Some(addr)) => Ok(Operand::Typed(Constant::Int(i128::from(addr)), ty.clone())),
            (Shape::Float, Some(Constant::Int(n) | Constant::Rune(n)), _) => {
                Ok(Operand::Typed(super::operators::wrap(Constant::Float(n as f64), &real), ty.clone()))
            }
            (Shape::Float, Some(Constant::Float(f)), _) => {
                Ok(Operand::Typed(super::operators::wrap(Constant::Float(f), &real), ty.clone()))
            }
            (Shape::Bool, Some(constant @ Constant::Bool(_)), _) => Ok(Operand::Typed(constant, ty.clone())),
            (Shape::Complex, Some(Constant::Complex(re, im)), _) => {
                Ok(Operand::Typed(Constant::Complex(re, im), ty.clone()))
            }
            (Shape::Complex, Some(Constant::Int(n) | Constant::Rune(n)), _) => {
                Ok(Operand::Typed(Constant::Complex(n as f64, 0.0), ty.clone()))
            }
            (Shape::Complex, Some(Constant::Float(f)), _) => {
                Ok(Operand::Typed(Constant::Complex(f, 0.0), ty.clone()))
            }
            (Shape::String, Some(constant @ Constant::String(_)), _) => {
                Ok(Operand::Typed(constant, ty.clone()))
            }
            (Shape::String, Some(Constant::Int(n) | Constant::Rune(n)), _) => {
                let rune =
                    u32::try_from(n).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
                Ok(Operand::Typed(Constant::String(rune.to_string().into_bytes()), ty.clone()))
            }
            (Shape::String, None, _) => match self.text_of_elements(&operand)? {
                Some(bytes) => Ok(Operand::Typed(Constant::String(bytes), ty.clone())),
                None => refused(),
            },
            _ => match &operand {
                // The same bytes under another name.
                Operand::Value(value) | Operand::Variable { value, .. }
                    if loader.underlying(&value.ty)?.name == real.name && kind != Kind::INVALID =>
                {
                    Ok(Operand::Value(Value { ty: ty.clone(), place: value.place.clone() }))
                }
                _ => refused(),
            },
        }
    }

    fn pointer_value(&self, ty: &Arc<Type>, addr: u64) -> Result<Operand, EvalError> {
        let bytes = self.debugger.arch().byte_order.bytes(addr, self.debugger.loader().word_size());
        Ok(Operand::Value(Value::of_bytes(ty.clone(), &bytes)))
    }

    /// `string(b)` of a slice or array of bytes or runes.
    fn text_of_elements(&self, operand: &Operand) -> Result<Option<Vec<u8>>, EvalError> {
        /// Longest text that is made, in elements.
        const MOST: u64 = 1 << 20;
        let (Operand::Value(value) | Operand::Variable { value, .. }) = operand else { return Ok(None) };
        let loader = self.debugger.loader();
        let (elem, start, count) = match loader.underlying(&value.ty)?.shape {
            Shape::Slice { elem } => {
                let (base, len, _) = loader.slice_header(value)?;
                let elem = loader.type_of(elem)?;
                (elem.clone(), Value::at(elem, base), len as u64)
            }
            Shape::Array { elem, count } => (loader.type_of(elem)?, value.clone(), count),
            _ => return Ok(None),
        };
        let count = count.min(MOST);
        match kind_of(&*loader.underlying(&elem)?) {
            Kind::UINT8 => Ok(Some(loader.bytes(&start, 0, count as usize)?)),
            Kind::INT32 => {
                let bytes = loader.bytes(&start, 0, 4 * count as usize)?;
                let order = self.debugger.arch().byte_order;
                let runes = bytes.chunks_exact(4).map(|rune| order.uint(rune) as u32);
                let text: String =
                    runes.map(|rune| char::from_u32(rune).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                Ok(Some(text.into_bytes()))
            }
            _ => Ok(None),
        }
    }
}

/// `XMM0.uint32`: a register's bytes as an array of numbers.
pub(super) fn register_lanes(
    evaluator: &Evaluator<'_>,
    register: &str,
    bytes: &[u8],
    lanes: &str,
) -> Result<Operand, EvalError> {
    let unknown = || EvalError(format!("unknown CPU register type conversion to {lanes:?}"));
    let digits = lanes.find(|c: char| c.is_ascii_digit()).ok_or_else(unknown)?;
    let bits: usize = lanes[digits..].parse().map_err(|_| unknown())?;
    let elem = evaluator.basic_type(lanes).filter(|_| matches!(&lanes[..digits], "int" | "uint" | "float"));
    let (Some(elem), true) = (elem, bits >= 8 && bytes.len().is_multiple_of(bits / 8)) else {
        return Err(unknown());
    };
    let count = bytes.len() / (bits / 8);
    let ty = Type {
        name: format!("[{count}]{lanes}").into(),
        size: bytes.len() as u64,
        shape: Shape::Array { elem: elem.id, count: count as u64 },
        go_kind: Some(adit_symbols::GoKind(Kind::ARRAY.0)),
        ..(*elem).clone()
    };
    let value = Value::of_bytes(Arc::new(ty), bytes);
    Ok(Operand::Variable { name: register.to_owned(), value, flags: crate::value::flags::CPU_REGISTER })
}

/// Where an expression's result says it is: what `examinemem -x` and `*expr` locations use.
pub(crate) fn address_in(variable: &Variable) -> Option<Addr> {
    match variable.kind {
        Kind::PTR | Kind::UNSAFE_POINTER => variable.children.first().map(|child| Addr(child.addr)),
        Kind::FUNC => Some(Addr(variable.base)),
        kind if Kind::INT <= kind && kind <= Kind::UINTPTR => {
            let text = &variable.value;
            let number =
                text.split_once(" (").map_or(text.as_str(), |(_, number)| number.trim_end_matches(')'));
            number.parse::<i128>().ok().map(|number| Addr(number as u64))
        }
        _ => None,
    }
}

/// A number that stands for an address by itself: `0x46c320`, `4638496`.
pub(crate) fn parse_address(text: &str) -> Option<Addr> {
    let text = text.trim();
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    Some(Addr(number))
}
