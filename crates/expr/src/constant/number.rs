//! Values of Go's numeric types.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigInt;

use super::float::{complex_binary, extreme, float_binary};
use super::real::Real;
use super::{ArithmeticError, Constant};
use crate::float::{format_float32, format_float64};
use crate::token::Token;

/// One of Go's numeric types, as to how its values are computed with. `int`, `uint` and `uintptr` are those of the
/// target's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberType {
    /// An integer of 8, 16, 32 or 64 bits.
    Int {
        /// Size in bits.
        bits: u32,
        /// Whether it has values less than zero.
        signed: bool,
    },
    /// `float32`
    Float32,
    /// `float64`
    Float64,
    /// `complex64`
    Complex64,
    /// `complex128`
    Complex128,
}

/// A value of a numeric type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A value of an integer type, always in its range.
    Int {
        /// Size in bits.
        bits: u32,
        /// Whether the type has values less than zero.
        signed: bool,
        /// The value.
        value: i128,
    },
    /// A `float32`.
    Float32(f32),
    /// A `float64`.
    Float64(f64),
    /// A `complex64`: real and imaginary part.
    Complex64(f32, f32),
    /// A `complex128`: real and imaginary part.
    Complex128(f64, f64),
}

impl NumberType {
    /// Whether it is an integer type.
    pub fn is_int(self) -> bool {
        matches!(self, NumberType::Int { .. })
    }
}

impl fmt::Display for NumberType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NumberType::Int { bits, signed: true } => write!(f, "int{bits}"),
            NumberType::Int { bits, signed: false } => write!(f, "uint{bits}"),
            NumberType::Float32 => f.write_str("float32"),
            NumberType::Float64 => f.write_str("float64"),
            NumberType::Complex64 => f.write_str("complex64"),
            NumberType::Complex128 => f.write_str("complex128"),
        }
    }
}

/// The low `bits` (at most 64) of `value`, extended again as the type says.
fn wrapped(bits: u32, signed: bool, value: i128) -> i128 {
    let unused = 128 - bits.clamp(1, 64);
    // Bits pushed out at the left are what wrapping drops.
    if signed { (value << unused) >> unused } else { (((value as u128) << unused) >> unused) as i128 }
}

impl Number {
    /// A value of an integer type; `None` if it is out of the type's range or the type is none of integers.
    pub fn int(ty: NumberType, value: i128) -> Option<Number> {
        let NumberType::Int { bits, signed } = ty else { return None };
        (wrapped(bits, signed, value) == value).then_some(Number::Int { bits, signed, value })
    }

    /// The low bits of an integer of any size.
    pub(super) fn wrapping(bits: u32, signed: bool, value: &BigInt) -> Number {
        let low = value & BigInt::from(u64::MAX);
        Number::Int { bits, signed, value: wrapped(bits, signed, i128::try_from(low).unwrap_or(0)) }
    }

    /// The value's type.
    pub fn ty(&self) -> NumberType {
        match *self {
            Number::Int { bits, signed, .. } => NumberType::Int { bits, signed },
            Number::Float32(_) => NumberType::Float32,
            Number::Float64(_) => NumberType::Float64,
            Number::Complex64(..) => NumberType::Complex64,
            Number::Complex128(..) => NumberType::Complex128,
        }
    }

    /// Whether no part of it is infinite or not a number.
    pub fn is_finite(&self) -> bool {
        match self {
            Number::Int { .. } => true,
            Number::Float32(value) => value.is_finite(),
            Number::Float64(value) => value.is_finite(),
            Number::Complex64(real, imaginary) => real.is_finite() && imaginary.is_finite(),
            Number::Complex128(real, imaginary) => real.is_finite() && imaginary.is_finite(),
        }
    }

    /// The exact value as an untyped constant; infinities and NaN have none, and zeros lose their sign.
    pub fn to_constant(&self) -> Result<Constant, ArithmeticError> {
        let real = |value: f64| Real::from_f64(value).ok_or(ArithmeticError::NonFinite);
        Ok(match *self {
            Number::Int { value, .. } => Constant::Int(value.into()),
            Number::Float32(value) => Constant::Float(real(value.into())?),
            Number::Float64(value) => Constant::Float(real(value)?),
            Number::Complex64(re, im) => Constant::Complex(real(re.into())?, real(im.into())?),
            Number::Complex128(re, im) => Constant::Complex(real(re)?, real(im)?),
        })
    }

    /// The conversion `ty(self)`: integers wrap, floats lose their fraction or are rounded. A float beyond an integer
    /// type's range wraps, too, where Go leaves the result to the processor. Other numbers become complex ones with
    /// an imaginary part of zero, which Go does not allow but debuggers do; complex numbers stay complex.
    pub fn convert(&self, ty: NumberType) -> Result<Number, ArithmeticError> {
        let not_convertible = || ArithmeticError::NotConvertible(self.to_string(), ty.to_string());
        Ok(match (*self, ty) {
            (Number::Int { value, .. }, NumberType::Int { bits, signed }) => {
                Number::Int { bits, signed, value: wrapped(bits, signed, value) }
            }
            (Number::Int { value, .. }, NumberType::Float32) => Number::Float32(value as f32),
            (Number::Int { value, .. }, NumberType::Float64) => Number::Float64(value as f64),
            (Number::Float32(value), _) if ty.is_int() => truncated(value.into(), ty)?,
            (Number::Float64(value), _) if ty.is_int() => truncated(value, ty)?,
            (Number::Float32(value), NumberType::Float32) => Number::Float32(value),
            (Number::Float32(value), NumberType::Float64) => Number::Float64(value.into()),
            (Number::Float64(value), NumberType::Float32) => Number::Float32(value as f32),
            (Number::Float64(value), NumberType::Float64) => Number::Float64(value),
            (Number::Complex64(re, im), NumberType::Complex64) => Number::Complex64(re, im),
            (Number::Complex64(re, im), NumberType::Complex128) => Number::Complex128(re.into(), im.into()),
            (Number::Complex128(re, im), NumberType::Complex64) => Number::Complex64(re as f32, im as f32),
            (Number::Complex128(re, im), NumberType::Complex128) => Number::Complex128(re, im),
            (Number::Int { value, .. }, NumberType::Complex64) => Number::Complex64(value as f32, 0.0),
            (Number::Int { value, .. }, NumberType::Complex128) => Number::Complex128(value as f64, 0.0),
            (Number::Float32(value), NumberType::Complex64) => Number::Complex64(value, 0.0),
            (Number::Float32(value), NumberType::Complex128) => Number::Complex128(value.into(), 0.0),
            (Number::Float64(value), NumberType::Complex64) => Number::Complex64(value as f32, 0.0),
            (Number::Float64(value), NumberType::Complex128) => Number::Complex128(value, 0.0),
            _ => return Err(not_convertible()),
        })
    }

    /// `self op other` for the arithmetic and bitwise operators on two values of one type.
    pub fn binary(&self, op: Token, other: &Number) -> Result<Number, ArithmeticError> {
        self.check_same_type(other)?;
        let invalid = || ArithmeticError::InvalidBinary(self.to_string(), op, other.to_string());
        if let (Number::Int { bits, signed, value: x }, Number::Int { value: y, .. }) = (*self, *other) {
            let value = int_binary(x, op, y).ok_or_else(invalid)??;
            return Ok(Number::Int { bits, signed, value: wrapped(bits, signed, value) });
        }
        let parts = (self.parts(), other.parts());
        match self.ty() {
            ty @ (NumberType::Float32 | NumberType::Float64) => {
                let value = float_binary(parts.0.0, op, parts.1.0).ok_or_else(invalid)?;
                Ok(Number::of_parts(ty, (value, 0.0)))
            }
            ty => Ok(Number::of_parts(ty, complex_binary(parts.0, op, parts.1).ok_or_else(invalid)?)),
        }
    }

    /// Real and imaginary part of a float or complex number, widened.
    fn parts(&self) -> (f64, f64) {
        match *self {
            Number::Int { value, .. } => (value as f64, 0.0),
            Number::Float32(value) => (value.into(), 0.0),
            Number::Float64(value) => (value, 0.0),
            Number::Complex64(real, imaginary) => (real.into(), imaginary.into()),
            Number::Complex128(real, imaginary) => (real, imaginary),
        }
    }

    /// The float or complex number of these parts, rounded as the type needs.
    fn of_parts(ty: NumberType, (real, imaginary): (f64, f64)) -> Number {
        match ty {
            NumberType::Float32 => Number::Float32(real as f32),
            NumberType::Complex64 => Number::Complex64(real as f32, imaginary as f32),
            NumberType::Complex128 => Number::Complex128(real, imaginary),
            NumberType::Float64 | NumberType::Int { .. } => Number::Float64(real),
        }
    }

    /// The builtin `max`, or `min`, of two integers or floats of one type.
    pub fn extreme(&self, other: &Number, largest: bool) -> Result<Number, ArithmeticError> {
        self.check_same_type(other)?;
        let op = if largest { Token::Greater } else { Token::Less };
        match self.ty() {
            ty @ (NumberType::Float32 | NumberType::Float64) => {
                Ok(Number::of_parts(ty, (extreme(self.parts().0, other.parts().0, largest), 0.0)))
            }
            _ => Ok(if other.compare(op, self)? { *other } else { *self }),
        }
    }

    /// `op self`.
    pub fn unary(&self, op: Token) -> Result<Number, ArithmeticError> {
        match (op, *self) {
            (Token::Add, number) => Ok(number),
            (Token::Sub, Number::Int { bits, signed, value }) => {
                Ok(Number::Int { bits, signed, value: wrapped(bits, signed, -value) })
            }
            (Token::Xor, Number::Int { bits, signed, value }) => {
                Ok(Number::Int { bits, signed, value: wrapped(bits, signed, !value) })
            }
            (Token::Sub, Number::Float32(value)) => Ok(Number::Float32(-value)),
            (Token::Sub, Number::Float64(value)) => Ok(Number::Float64(-value)),
            (Token::Sub, Number::Complex64(re, im)) => Ok(Number::Complex64(-re, -im)),
            (Token::Sub, Number::Complex128(re, im)) => Ok(Number::Complex128(-re, -im)),
            _ => Err(ArithmeticError::InvalidUnary(op, self.to_string())),
        }
    }

    /// `self << count` or, with [`Token::Shr`], `self >> count`. The count may be of any integer type.
    pub fn shift(&self, op: Token, count: &Number) -> Result<Number, ArithmeticError> {
        let Number::Int { bits, signed, value } = *self else {
            return Err(ArithmeticError::ShiftOf(self.ty().to_string()));
        };
        let Number::Int { value: count, .. } = *count else {
            return Err(ArithmeticError::ShiftCountType(count.ty().to_string()));
        };
        if count < 0 {
            return Err(ArithmeticError::NegativeShift);
        }
        // 64 places or more leave nothing but the sign.
        let count = count.min(64);
        let value = if op == Token::Shr { value >> count } else { wrapped(bits, signed, value << count) };
        Ok(Number::Int { bits, signed, value })
    }

    /// `self op other` for `== != < <= > >=` on two values of one type.
    pub fn compare(&self, op: Token, other: &Number) -> Result<bool, ArithmeticError> {
        self.check_same_type(other)?;
        let ordering = match (self, other) {
            (Number::Int { value: x, .. }, Number::Int { value: y, .. }) => Some(x.cmp(y)),
            (Number::Float32(_) | Number::Float64(_), _) => self.parts().0.partial_cmp(&other.parts().0),
            // Complex numbers have no order.
            _ if !matches!(op, Token::Equal | Token::NotEqual) => {
                return Err(ArithmeticError::InvalidComparison(self.to_string(), op, other.to_string()));
            }
            _ => (self.parts() == other.parts()).then_some(Ordering::Equal),
        };
        match op {
            Token::Equal => Ok(ordering == Some(Ordering::Equal)),
            Token::NotEqual => Ok(ordering != Some(Ordering::Equal)),
            Token::Less => Ok(ordering.is_some_and(Ordering::is_lt)),
            Token::LessEqual => Ok(ordering.is_some_and(Ordering::is_le)),
            Token::Greater => Ok(ordering.is_some_and(Ordering::is_gt)),
            Token::GreaterEqual => Ok(ordering.is_some_and(Ordering::is_ge)),
            _ => Err(ArithmeticError::InvalidComparison(self.to_string(), op, other.to_string())),
        }
    }

    fn check_same_type(&self, other: &Number) -> Result<(), ArithmeticError> {
        let (x, y) = (self.ty(), other.ty());
        if x == y { Ok(()) } else { Err(ArithmeticError::Mismatched(x.to_string(), y.to_string())) }
    }
}

fn truncated(value: f64, ty: NumberType) -> Result<Number, ArithmeticError> {
    if !value.is_finite() {
        return Err(ArithmeticError::NonFinite);
    }
    // Saturates far outside of every type, where there are no right bits any more.
    Number::Int { bits: 64, signed: true, value: value as i128 }.convert(ty)
}

/// `None` if integers have no such operator. Wraps at 128 bits, which the low 64 do not notice.
fn int_binary(x: i128, op: Token, y: i128) -> Option<Result<i128, ArithmeticError>> {
    Some(Ok(match op {
        Token::Add => x.wrapping_add(y),
        Token::Sub => x.wrapping_sub(y),
        Token::Mul => x.wrapping_mul(y),
        Token::Quo | Token::Rem if y == 0 => return Some(Err(ArithmeticError::DivisionByZero)),
        Token::Quo => x.wrapping_div(y),
        Token::Rem => x.wrapping_rem(y),
        Token::And => x & y,
        Token::Or => x | y,
        Token::Xor => x ^ y,
        Token::AndNot => x & !y,
        _ => return None,
    }))
}

/// As values are shown: `42`, `1.5`, `+Inf`, `(1 + -2i)`.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Number::Int { value, .. } => write!(f, "{value}"),
            Number::Float32(value) => f.write_str(&format_float32(value)),
            Number::Float64(value) => f.write_str(&format_float64(value)),
            Number::Complex64(re, im) => write!(f, "({} + {}i)", format_float32(re), format_float32(im)),
            Number::Complex128(re, im) => write!(f, "({} + {}i)", format_float64(re), format_float64(im)),
        }
    }
}
