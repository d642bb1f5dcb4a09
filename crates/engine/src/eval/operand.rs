//! What an expression's parts evaluate to.

use std::sync::Arc;

use adit_expr::{FloatLiteral, IntLiteral, Literal, LiteralValue};
use adit_process::Addr;
use adit_symbols::{Shape, Type};

use super::{EvalError, Evaluator, fail};
use crate::value::{Kind, Value, Variable, flags, kind_of};

/// A constant, or the contents of a scalar value.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A boolean.
    Bool(bool),
    /// An integer; every Go integer fits.
    Int(i128),
    /// A rune constant: an integer that is shown as one.
    Rune(i128),
    /// A floating-point number.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// A string.
    String(Vec<u8>),
}

/// What a node evaluates to.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A value of the program.
    Value(Value),
    /// The same, with the marks of the variable that it is.
    Variable {
        /// Its name.
        name: String,
        /// Its value.
        value: Value,
        /// See [`flags`].
        flags: u16,
    },
    /// An untyped constant.
    Constant(Constant),
    /// The result of an operation on values of a type.
    Typed(Constant, Arc<Type>),
    /// `nil`.
    Nil,
    /// A function.
    Function(String, Addr),
    /// A register, with its bytes.
    Register(String, Vec<u8>),
    /// A pointer made by `&` to a type for which the program has no pointer type.
    Pointer(Addr, Arc<Type>),
    /// A type, as an operand of a conversion.
    Type(Arc<Type>),
}

/// The constant that a literal stands for.
pub(super) fn literal(literal: &Literal) -> Result<Operand, EvalError> {
    let too_large = || EvalError(format!("the constant {} is too large", literal.text()));
    let int =
        |number: &IntLiteral| i128::from_str_radix(&number.digits, number.radix).map_err(|_| too_large());
    let constant = match literal.value() {
        LiteralValue::Int(number) => Constant::Int(int(&number)?),
        LiteralValue::Float(number) => Constant::Float(float(&number).ok_or_else(too_large)?),
        LiteralValue::ImaginaryInt(number) => Constant::Complex(0.0, int(&number)? as f64),
        LiteralValue::ImaginaryFloat(number) => Constant::Complex(0.0, float(&number).ok_or_else(too_large)?),
        LiteralValue::Rune(rune) => Constant::Rune(i128::from(rune)),
        LiteralValue::String(bytes) => Constant::String(bytes),
    };
    Ok(Operand::Constant(constant))
}

fn float(number: &FloatLiteral) -> Option<f64> {
    if number.radix == 10 {
        return format!("{}e{}", number.digits, number.exponent).parse().ok();
    }
    // Hexadecimal digits beyond an f64's 53 bits are cut off.
    let digits = number.digits.trim_start_matches('0');
    let kept = digits.get(..15.min(digits.len()))?;
    let mantissa = if kept.is_empty() { 0 } else { u64::from_str_radix(kept, 16).ok()? };
    let dropped = 4 * (digits.len() - kept.len()) as i64;
    let exponent = i32::try_from(number.exponent.saturating_add(dropped)).ok()?;
    Some(mantissa as f64 * 2f64.powi(exponent))
}

impl Operand {
    /// What is shown of an operand that is not a value of the program.
    pub(super) fn to_variable(&self) -> Result<Variable, EvalError> {
        let plain = |kind, name: &str, value| Variable {
            kind,
            type_name: name.to_owned(),
            real_type: name.to_owned(),
            value,
            ..Variable::default()
        };
        Ok(match self {
            Operand::Constant(constant) => constant.variable(None),
            Operand::Typed(constant, ty) => constant.variable(Some(ty)),
            Operand::Nil => plain(Kind::INVALID, "", "nil".to_owned()),
            Operand::Function(name, entry) => {
                Variable { base: entry.0, ..plain(Kind::FUNC, "func()", name.clone()) }
            }
            Operand::Register(_, bytes) => register_variable(bytes),
            Operand::Pointer(addr, pointee) => pointer_variable(*addr, pointee),
            Operand::Type(ty) => return fail(format!("expression {} is a type, not a value", ty.name)),
            Operand::Value(_) | Operand::Variable { .. } => return fail("the value was not loaded"),
        })
    }
}

/// Registers of up to eight bytes are numbers, wider ones are shown as they are.
fn register_variable(bytes: &[u8]) -> Variable {
    let mut variable = Variable { flags: flags::CPU_REGISTER, ..Variable::default() };
    if bytes.len() <= 8 {
        let number = bytes.iter().rev().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        variable.kind = Kind::UINT64;
        "uint64".clone_into(&mut variable.type_name);
        variable.value = number.to_string();
    } else {
        variable.kind = Kind::STRING;
        "string".clone_into(&mut variable.type_name);
        variable.value = bytes.iter().rev().fold("0x".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        variable.len = variable.value.len() as i64;
    }
    variable.real_type.clone_from(&variable.type_name);
    variable
}

fn pointer_variable(addr: Addr, pointee: &Type) -> Variable {
    let name = format!("*{}", pointee.name);
    let child = Variable {
        addr: addr.0,
        only_addr: true,
        type_name: pointee.name.to_string(),
        real_type: pointee.name.to_string(),
        kind: kind_of(pointee),
        ..Variable::default()
    };
    Variable {
        kind: Kind::PTR,
        type_name: name.clone(),
        real_type: name,
        len: 1,
        children: vec![child],
        ..Variable::default()
    }
}

impl Constant {
    /// Go's name for the kind of an untyped constant.
    pub(super) fn kind_name(&self) -> &'static str {
        match self {
            Constant::Bool(_) => "bool",
            Constant::Int(_) => "int",
            Constant::Rune(_) => "rune",
            Constant::Float(_) => "float",
            Constant::Complex(..) => "complex",
            Constant::String(_) => "string",
        }
    }

    fn variable(&self, ty: Option<&Type>) -> Variable {
        let (kind, name) = match self {
            Constant::Bool(_) => (Kind::BOOL, "bool"),
            Constant::Int(_) => (Kind::INT, "int"),
            Constant::Rune(_) => (Kind::INT32, "int32"),
            Constant::Float(_) => (Kind::FLOAT64, "float64"),
            Constant::Complex(..) => (Kind::COMPLEX128, "complex128"),
            Constant::String(_) => (Kind::STRING, "string"),
        };
        let (kind, name) = match ty {
            Some(ty) => (kind_of(ty), ty.name.to_string()),
            None => (kind, name.to_owned()),
        };
        let small = ty.is_some_and(|ty| ty.size == 4 || ty.size == 8 && matches!(ty.shape, Shape::Complex));
        let float = |value: f64| {
            if small {
                crate::value::format_float(u64::from((value as f32).to_bits()), 4)
            } else {
                crate::value::format_float(value.to_bits(), 8)
            }
        };
        let mut variable = Variable {
            kind,
            real_type: name.clone(),
            type_name: name,
            flags: flags::CONSTANT,
            ..Variable::default()
        };
        match self {
            Constant::Bool(value) => variable.value = value.to_string(),
            Constant::Int(value) | Constant::Rune(value) => variable.value = value.to_string(),
            Constant::Float(value) => variable.value = float(*value),
            Constant::Complex(re, im) => {
                variable.value = format!("({} + {}i)", float(*re), float(*im));
                variable.len = 2;
                for (name, part) in [("real", re), ("imaginary", im)] {
                    variable
                        .children
                        .push(Variable { name: name.to_owned(), ..Constant::Float(*part).variable(None) });
                }
            }
            Constant::String(bytes) => {
                variable.len = bytes.len() as i64;
                variable.value = String::from_utf8_lossy(bytes).into_owned();
            }
        }
        variable
    }
}

impl Evaluator<'_> {
    /// The contents of an operand, if it is a boolean, a number or a string.
    pub(super) fn constant(&self, operand: &Operand) -> Result<Option<Constant>, EvalError> {
        match operand {
            Operand::Constant(constant) | Operand::Typed(constant, _) => Ok(Some(constant.clone())),
            Operand::Value(value) | Operand::Variable { value, .. } => self.scalar(value),
            Operand::Register(_, bytes) if bytes.len() <= 8 => {
                Ok(Some(Constant::Int(i128::from(self.debugger.arch().byte_order.uint(bytes)))))
            }
            _ => Ok(None),
        }
    }

    fn scalar(&self, value: &Value) -> Result<Option<Constant>, EvalError> {
        /// Longest string that is compared.
        const MOST_STRING: usize = 1 << 20;
        let loader = self.debugger.loader();
        let real = loader.underlying(&value.ty)?;
        let size = real.size as usize;
        let order = self.debugger.target().arch().byte_order;
        let float = |bytes: &[u8]| match bytes.len() {
            4 => f64::from(f32::from_bits(order.uint(bytes) as u32)),
            _ => f64::from_bits(order.uint(bytes)),
        };
        Ok(Some(match real.shape {
            Shape::Bool => Constant::Bool(loader.uint(value, 0, 1)? != 0),
            Shape::Int | Shape::Enum(_) => {
                Constant::Int(i128::from(order.int(&loader.bytes(value, 0, size)?)))
            }
            Shape::Uint => Constant::Int(i128::from(loader.uint(value, 0, size)?)),
            Shape::Float => Constant::Float(float(&loader.bytes(value, 0, size)?)),
            Shape::Complex => {
                let bytes = loader.bytes(value, 0, size)?;
                let (re, im) = bytes.split_at(size / 2);
                Constant::Complex(float(re), float(im))
            }
            Shape::String => {
                let (data, len) = loader.string_header(value)?;
                if len > MOST_STRING as i64 {
                    return fail("string too long for comparison");
                }
                Constant::String(loader.string_bytes(data, len, MOST_STRING)?)
            }
            _ => return Ok(None),
        }))
    }

    /// The type of an operand; `None` for untyped ones.
    pub(super) fn type_of(&self, operand: &Operand) -> Option<Arc<Type>> {
        match operand {
            Operand::Value(value) | Operand::Variable { value, .. } => Some(value.ty.clone()),
            Operand::Typed(_, ty) => Some(ty.clone()),
            _ => None,
        }
    }
}
