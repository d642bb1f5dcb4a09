//! The numeric half of evaluation: Go's untyped constants and its typed numbers. Pure arithmetic.
//!
//! A [`Constant`] is exact: a literal is made one by [`Constant::from_literal`], operators work on two of them
//! ([`Constant::binary`], [`Constant::unary`], [`Constant::shift`], [`Constant::compare`]). A [`Number`] is a value of
//! one of Go's numeric types, given by a [`NumberType`], and its operators wrap and round as that type does;
//! [`Constant::to_number`] makes one of a constant if the type can hold it.
//!
//! The wording of errors is that which clients know from `dlv`.

mod float;
mod number;
mod operation;
mod real;

use std::fmt;

pub use num_bigint::BigInt;

pub use number::{Number, NumberType};
pub use real::Real;

use crate::float::format_float64;
use crate::literal::{IntLiteral, Literal, LiteralValue};
use crate::quote::quote_bytes;
use crate::token::Token;

/// An untyped constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    /// `true`, `false`
    Bool(bool),
    /// A string's bytes.
    String(Vec<u8>),
    /// A whole number.
    Int(BigInt),
    /// A whole number that came from a rune literal.
    Rune(BigInt),
    /// A real number.
    Float(Real),
    /// A complex number: real and imaginary part.
    Complex(Real, Real),
}

/// What class a constant is of. Of two operands' numeric kinds, the later one is the result's (The Go Programming
/// Language Specification, "Constant expressions").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Booleans.
    Bool,
    /// Strings.
    String,
    /// Integers.
    Int,
    /// Runes.
    Rune,
    /// Floats.
    Float,
    /// Complex numbers.
    Complex,
}

impl Kind {
    /// The type a constant of this kind gets where none is asked for.
    pub fn default_type(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::String => "string",
            Kind::Int => "int",
            Kind::Rune => "int32",
            Kind::Float => "float64",
            Kind::Complex => "complex128",
        }
    }

    /// Whether constants of this kind are numbers.
    pub fn is_numeric(self) -> bool {
        self >= Kind::Int
    }
}

/// Why an operation has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArithmeticError {
    /// Division or remainder by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The operands have no such operator.
    #[error("invalid binary operation {0} {1} {2}")]
    InvalidBinary(String, Token, String),
    /// The operand has no such operator.
    #[error("invalid unary operation {0}{1}")]
    InvalidUnary(Token, String),
    /// The operands cannot be compared so.
    #[error("invalid comparison {0} {1} {2}")]
    InvalidComparison(String, Token, String),
    /// Operands of two classes, by the names of their types.
    #[error("mismatched types {} and {}", crate::quote(.0), crate::quote(.1))]
    Mismatched(String, String),
    /// What is shifted is no integer.
    #[error("shift of type {0}")]
    ShiftOf(String),
    /// The count of a shift is no integer.
    #[error("shift count type {0}, must be unsigned integer")]
    ShiftCountType(String),
    /// The count of a shift is less than zero.
    #[error("shift count must not be negative")]
    NegativeShift,
    /// The result is too large to compute with.
    #[error("constant {0} overflow")]
    TooLarge(&'static str),
    /// The type cannot hold constants of this kind, or not without a loss.
    #[error("can not convert {0} constant to {1}")]
    NotConvertible(String, String),
    /// The type's range ends before the constant.
    #[error("constant {0} overflows {1}")]
    Overflows(String, String),
    /// No constant is infinite or not a number.
    #[error("operations on non-finite floats not implemented")]
    NonFinite,
}

impl Constant {
    /// The constant a literal stands for. An error means that its length or exponent is beyond all use.
    pub fn from_literal(literal: &Literal) -> Result<Constant, ArithmeticError> {
        let real = |literal| Real::from_literal(literal).map_err(|_| ArithmeticError::TooLarge("literal"));
        let zero = || Real::from_int(BigInt::ZERO);
        Ok(match literal.value() {
            LiteralValue::Int(int) => Constant::Int(int_of(&int)?),
            LiteralValue::Rune(value) => Constant::Rune(value.into()),
            LiteralValue::Float(float) => Constant::Float(real(&float)?),
            LiteralValue::ImaginaryInt(int) => Constant::Complex(zero(), Real::from_int(int_of(&int)?)),
            LiteralValue::ImaginaryFloat(float) => Constant::Complex(zero(), real(&float)?),
            LiteralValue::String(bytes) => Constant::String(bytes),
        })
    }

    /// What class it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Constant::Bool(_) => Kind::Bool,
            Constant::String(_) => Kind::String,
            Constant::Int(_) => Kind::Int,
            Constant::Rune(_) => Kind::Rune,
            Constant::Float(_) => Kind::Float,
            Constant::Complex(..) => Kind::Complex,
        }
    }

    /// The same number as one of a wider kind; what cannot be stays as it is.
    pub fn as_kind(&self, kind: Kind) -> Constant {
        let wider = match kind {
            Kind::Rune => self.to_int().map(Constant::Rune),
            Kind::Float => self.to_real().map(Constant::Float),
            Kind::Complex => self.to_complex().map(|(real, imaginary)| Constant::Complex(real, imaginary)),
            _ => None,
        };
        wider.unwrap_or_else(|| self.clone())
    }

    /// The number if it is a whole one, of whatever kind.
    pub fn to_int(&self) -> Option<BigInt> {
        match self {
            Constant::Int(value) | Constant::Rune(value) => Some(value.clone()),
            Constant::Float(value) => value.to_int(),
            Constant::Complex(real, imaginary) if imaginary.is_zero() => real.to_int(),
            _ => None,
        }
    }

    /// The number if it is a real one, of whatever kind.
    pub fn to_real(&self) -> Option<Real> {
        match self {
            Constant::Int(value) | Constant::Rune(value) => Some(Real::from_int(value.clone())),
            Constant::Float(value) => Some(value.clone()),
            Constant::Complex(real, imaginary) if imaginary.is_zero() => Some(real.clone()),
            _ => None,
        }
    }

    /// Real and imaginary part of a number.
    pub fn to_complex(&self) -> Option<(Real, Real)> {
        match self {
            Constant::Complex(real, imaginary) => Some((real.clone(), imaginary.clone())),
            _ => self.to_real().map(|real| (real, Real::from_int(BigInt::ZERO))),
        }
    }

    /// The value in `ty` as [`Constant::to_number`] gives it, but that integers wrap to the type's size: what `uint8(300)`
    /// and `x + 300` are to a debugger. Comparisons are better made with [`Number::to_constant`], as no `uint8` equals
    /// 300.
    pub fn to_number_wrapping(&self, ty: NumberType) -> Result<Number, ArithmeticError> {
        match (ty, self.to_int()) {
            (NumberType::Int { bits, signed }, Some(value)) => Ok(Number::wrapping(bits, signed, &value)),
            _ => self.to_number(ty),
        }
    }

    /// As values are shown: `42`, `0.1`, `"text"`, `(1 + -2i)`; floats as the nearest `float64`. [`Display`](fmt::Display) is
    /// the form of error texts.
    pub fn shown(&self) -> String {
        match self {
            Constant::String(bytes) => quote_bytes(bytes),
            Constant::Float(value) => format_float64(value.to_f64()),
            Constant::Complex(real, imaginary) => {
                Number::Complex128(real.to_f64(), imaginary.to_f64()).to_string()
            }
            other => other.to_string(),
        }
    }

    /// The value in `ty`, if that can hold it: floats must be whole to become integers, and are rounded to become
    /// shorter ones.
    pub fn to_number(&self, ty: NumberType) -> Result<Number, ArithmeticError> {
        let not_convertible = || ArithmeticError::NotConvertible(self.to_string(), ty.to_string());
        let overflows = || ArithmeticError::Overflows(self.to_string(), ty.to_string());
        let finite = |number: Number| if number.is_finite() { Ok(number) } else { Err(overflows()) };
        if ty.is_int() {
            let value = self.to_int().ok_or_else(not_convertible)?;
            return i128::try_from(value).ok().and_then(|v| Number::int(ty, v)).ok_or_else(overflows);
        }
        let (real, imaginary) = self.to_complex().ok_or_else(not_convertible)?;
        match ty {
            NumberType::Float32 | NumberType::Float64 if !imaginary.is_zero() => Err(not_convertible()),
            NumberType::Float32 => finite(Number::Float32(real.to_f32())),
            NumberType::Complex64 => finite(Number::Complex64(real.to_f32(), imaginary.to_f32())),
            NumberType::Complex128 => finite(Number::Complex128(real.to_f64(), imaginary.to_f64())),
            _ => finite(Number::Float64(real.to_f64())),
        }
    }
}

fn int_of(literal: &IntLiteral) -> Result<BigInt, ArithmeticError> {
    if literal.digits.len() > real::MAX_DIGITS {
        return Err(ArithmeticError::TooLarge("literal"));
    }
    Ok(BigInt::parse_bytes(literal.digits.as_bytes(), literal.radix).unwrap_or_default())
}

/// Longest string that error texts show whole, in characters (go/constant `stringVal.String`).
const MAX_SHOWN: usize = 72;

/// As error texts show constants: floats to six digits, long strings cut (go/constant `Value.String`).
impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constant::Bool(value) => write!(f, "{value}"),
            Constant::String(bytes) => {
                let quoted = quote_bytes(bytes);
                if quoted.chars().count() <= MAX_SHOWN {
                    return f.write_str(&quoted);
                }
                let kept: String = quoted.chars().take(MAX_SHOWN - 3).collect();
                write!(f, "{kept}...")
            }
            Constant::Int(value) | Constant::Rune(value) => write!(f, "{value}"),
            Constant::Float(value) => f.write_str(&six_digits(value.to_f64())),
            Constant::Complex(real, imaginary) => {
                write!(f, "({} + {}i)", six_digits(real.to_f64()), six_digits(imaginary.to_f64()))
            }
        }
    }
}

/// Go's `%.6g`.
fn six_digits(value: f64) -> String {
    if !value.is_finite() {
        return format_float64(value);
    }
    let scientific = format!("{value:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    };
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
    }
    let places = usize::try_from(5 - exponent).unwrap_or(0);
    trimmed(&format!("{value:.places$}"))
}
