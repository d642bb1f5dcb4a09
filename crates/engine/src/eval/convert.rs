//! Conversions `T(x)`, and the lanes of registers.

use std::sync::Arc;

use adit_expr::NodeId;
use adit_expr::constant::{BigInt, Constant, Number};
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::operand::{MOST_STRING, Scalar};
use super::operators::convert_constant;
use super::{EvalError, Evaluator, Operand, fail};
use crate::value::{Kind, Value, Variable, kind_of};

impl Evaluator<'_> {
    pub(super) fn convert(&self, ty: &Arc<Type>, argument: NodeId) -> Result<Operand, EvalError> {
        let operand = self.eval(argument)?;
        let real = self.debugger.loader().underlying(ty)?;
        if matches!(operand, Operand::Nil) && has_nil(&real.shape) {
            let zeros = vec![0; usize::try_from(real.size).unwrap_or(0)];
            return Ok(Operand::Value(Value::of_bytes(ty.clone(), &zeros)));
        }
        let converted = match &real.shape {
            Shape::Pointer(target) => self.to_pointer(ty, *target, &operand)?,
            Shape::Int | Shape::Uint | Shape::Enum(_) | Shape::Float | Shape::Complex => {
                self.to_number(ty, &real, &operand)?
            }
            Shape::String => {
                self.to_text(&operand)?.map(|bytes| Operand::Typed(Scalar::String(bytes), ty.clone()))
            }
            Shape::Slice { elem } => {
                self.to_elements(ty, &self.debugger.loader().type_of(*elem)?, &operand)?
            }
            Shape::Interface { empty } => Some(self.to_interface(ty, *empty, &operand)?),
            Shape::Bool => match self.constant(&operand)? {
                Some(Constant::Bool(value)) => Some(Operand::Typed(Scalar::Bool(value), ty.clone())),
                _ => None,
            },
            _ => None,
        };
        if let Some(converted) = converted {
            return Ok(converted);
        }
        if let Operand::Value(value) | Operand::Variable { value, .. } = &operand {
            let given = self.debugger.loader().underlying(&value.ty)?;
            // The same bytes under another name.
            if given.name == real.name && kind_of(&real) != Kind::INVALID {
                return Ok(Operand::Value(Value { ty: ty.clone(), place: value.place.clone() }));
            }
        }
        fail(format!("can not convert {:?} to {}", self.text(argument), ty.name))
    }

    fn to_number(
        &self,
        ty: &Arc<Type>,
        real: &Arc<Type>,
        operand: &Operand,
    ) -> Result<Option<Operand>, EvalError> {
        let Some(number) = self.number_type(ty)? else { return Ok(None) };
        if let Operand::Constant(constant) = operand {
            if !constant.kind().is_numeric() {
                return Ok(None);
            }
            // Fractions are cut off.
            let whole = match constant {
                Constant::Float(value) if number.is_int() => Constant::Int(value.truncated()),
                other => other.clone(),
            };
            let converted = convert_constant(&whole, number, ty)?;
            return Ok(Some(Operand::Typed(Scalar::Number(converted), ty.clone())));
        }
        let converted = match self.scalar(operand)? {
            Some(Scalar::Number(value)) => value.convert(number).ok(),
            None if matches!(real.shape, Shape::Uint) => {
                let addr = self.pointer(operand)?.map(BigInt::from);
                addr.map(|addr| Constant::Int(addr).to_number_wrapping(number)).transpose()?
            }
            _ => None,
        };
        Ok(converted.map(|number| Operand::Typed(Scalar::Number(number), ty.clone())))
    }

    fn to_pointer(
        &self,
        ty: &Arc<Type>,
        target: Option<adit_symbols::TypeId>,
        operand: &Operand,
    ) -> Result<Option<Operand>, EvalError> {
        let loader = self.debugger.loader();
        if let Operand::Constant(Constant::Int(n)) = operand {
            let addr = u64::try_from(n).or_else(|_| i64::try_from(n).map(i64::cast_unsigned));
            return addr.ok().map(|addr| self.pointer_value(ty, addr)).transpose();
        }
        if let (Some(Scalar::Number(Number::Int { value, .. })), Some(given)) =
            (self.scalar(operand)?, self.type_of(operand))
        {
            let uintptr = kind_of(&*loader.underlying(&given)?) == Kind::UINTPTR;
            return if uintptr { Ok(None) } else { self.pointer_value(ty, value as u64).map(Some) };
        }
        let (Some(addr), Some(given)) = (self.pointer(operand)?, self.type_of(operand)) else {
            return Ok(None);
        };
        let compatible = match (target, &loader.underlying(&given)?.shape) {
            (None, _) | (_, Shape::Pointer(None)) => true,
            (Some(target), Shape::Pointer(Some(other))) => {
                let beneath = |id| loader.underlying(&loader.type_of(id)?);
                beneath(target)?.name == beneath(*other)?.name
            }
            _ => false,
        };
        if compatible { self.pointer_value(ty, addr).map(Some) } else { Ok(None) }
    }

    /// `any(x)`, `error(x)`. An interface may hold a variable where it is, as it is only looked at; what is nowhere must be put
    /// somewhere by the program.
    fn to_interface(&self, ty: &Arc<Type>, empty: bool, operand: &Operand) -> Result<Operand, EvalError> {
        let in_place = match operand {
            Operand::Value(value) | Operand::Variable { value, .. } => {
                self.interface_in_place(ty, empty, value)?
            }
            _ => None,
        };
        let bytes = in_place.map_or_else(|| self.bytes_for(ty, operand), Ok)?;
        Ok(Operand::Value(Value::of_bytes(ty.clone(), &bytes)))
    }

    /// `string(x)`: of a string, of a rune's number, of bytes or runes.
    fn to_text(&self, operand: &Operand) -> Result<Option<Vec<u8>>, EvalError> {
        let rune = |n: Option<u32>| {
            let rune = n.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            Some(rune.to_string().into_bytes())
        };
        if let Operand::Elements(elem, bytes, _) = operand {
            let all = Value::of_bytes(elem.clone(), bytes);
            return self.text_of(elem, &all, bytes.len() as u64 / elem.size.max(1));
        }
        Ok(match operand {
            Operand::Constant(Constant::String(bytes)) => Some(bytes.clone()),
            Operand::Constant(Constant::Int(n) | Constant::Rune(n)) => rune(u32::try_from(n).ok()),
            Operand::Constant(_) => None,
            other => match self.scalar(other)? {
                Some(Scalar::String(bytes)) => Some(bytes),
                Some(Scalar::Number(Number::Int { value, .. })) => rune(u32::try_from(value).ok()),
                Some(_) => None,
                None => self.text_of_elements(other)?,
            },
        })
    }

    /// `[]byte(s)` and `[]rune(s)`.
    fn to_elements(
        &self,
        ty: &Arc<Type>,
        elem: &Arc<Type>,
        operand: &Operand,
    ) -> Result<Option<Operand>, EvalError> {
        let Some(Constant::String(text)) = self.constant(operand)? else { return Ok(None) };
        let order = self.debugger.arch().byte_order;
        let bytes = match kind_of(&*self.debugger.loader().underlying(elem)?) {
            Kind::UINT8 => text,
            Kind::INT32 => {
                runes(&text).into_iter().flat_map(|rune| order.bytes(u64::from(u32::from(rune)), 4)).collect()
            }
            _ => return Ok(None),
        };
        Ok(Some(Operand::Elements(elem.clone(), bytes, ty.clone())))
    }

    fn pointer_value(&self, ty: &Arc<Type>, addr: u64) -> Result<Operand, EvalError> {
        let bytes = self.debugger.arch().byte_order.bytes(addr, self.debugger.loader().word_size());
        Ok(Operand::Value(Value::of_bytes(ty.clone(), &bytes)))
    }

    /// The text of a slice or array of bytes or runes.
    fn text_of_elements(&self, operand: &Operand) -> Result<Option<Vec<u8>>, EvalError> {
        let (Operand::Value(value) | Operand::Variable { value, .. }) = operand else { return Ok(None) };
        let loader = self.debugger.loader();
        match loader.underlying(&value.ty)?.shape {
            Shape::Slice { elem } => {
                let (base, len, _) = loader.slice_header(value)?;
                let elem = loader.type_of(elem)?;
                self.text_of(&elem, &Value::at(elem.clone(), base), len as u64)
            }
            Shape::Array { elem, count } => self.text_of(&loader.type_of(elem)?, value, count),
            _ => Ok(None),
        }
    }

    fn text_of(&self, elem: &Arc<Type>, start: &Value, count: u64) -> Result<Option<Vec<u8>>, EvalError> {
        let loader = self.debugger.loader();
        let count = count.min(MOST_STRING as u64) as usize;
        match kind_of(&*loader.underlying(elem)?) {
            Kind::UINT8 => Ok(Some(loader.bytes(start, 0, count)?)),
            Kind::INT32 => {
                let bytes = loader.bytes(start, 0, 4 * count)?;
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

/// The runes of a string; each byte that is not part of one is a replacement character.
fn runes(text: &[u8]) -> Vec<char> {
    let mut runes = Vec::new();
    for chunk in text.utf8_chunks() {
        runes.extend(chunk.valid().chars());
        runes.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    runes
}

/// Is `nil` a value of types of this shape?
fn has_nil(shape: &Shape) -> bool {
    use Shape::{Chan, Func, Interface, Map, Pointer, Slice};
    matches!(shape, Pointer(_) | Slice { .. } | Map { .. } | Chan { .. } | Func | Interface { .. })
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
    let class = &lanes[..digits];
    let fits = bits >= 8 && bits.is_power_of_two() && bytes.len().is_multiple_of(bits / 8);
    if !fits || !matches!(class, "int" | "uint" | "float") {
        return Err(unknown());
    }
    let Some(elem) = evaluator.basic_type(lanes) else {
        // Go has no type so wide: one number, as it is written.
        if class == "float" {
            return Err(unknown());
        }
        let lanes = bytes
            .chunks(bits / 8)
            .map(|lane| lane.iter().rev().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}")));
        let text = lanes.collect::<Vec<_>>().join(", ");
        return Ok(Operand::Constant(Constant::String(text.into_bytes())));
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
        Kind::POINTER | Kind::UNSAFE_POINTER => variable.children.first().map(|child| Addr(child.addr)),
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
