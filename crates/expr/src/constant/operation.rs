//! Operators on untyped constants.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};

use super::real::{OutOfRange, Real};
use super::{ArithmeticError, Constant, Kind};
use crate::token::Token;

/// Most bits an integer may have that a shift or product makes. Go's compilers stop at 512.
const MAX_BITS: u64 = 1 << 16;

impl Constant {
    /// `self op other` for the arithmetic, bitwise and boolean operators. Integers divide as integers.
    pub fn binary(&self, op: Token, other: &Constant) -> Result<Constant, ArithmeticError> {
        use Constant::{Bool, Float, Int, Rune, String};
        let invalid = || ArithmeticError::InvalidBinary(self.to_string(), op, other.to_string());
        let kind = self.common_kind(other)?;
        match kind {
            Kind::Bool => match (self, op, other) {
                (Bool(x), Token::LogicalAnd, Bool(y)) => Ok(Bool(*x && *y)),
                (Bool(x), Token::LogicalOr, Bool(y)) => Ok(Bool(*x || *y)),
                _ => Err(invalid()),
            },
            Kind::String => match (self, op, other) {
                (String(x), Token::Add, String(y)) => Ok(String([x.as_slice(), y].concat())),
                _ => Err(invalid()),
            },
            Kind::Int | Kind::Rune => {
                let (Some(x), Some(y)) = (self.to_int(), other.to_int()) else { return Err(invalid()) };
                let value = int_binary(&x, op, &y).ok_or_else(invalid)??;
                Ok(if kind == Kind::Rune { Rune(value) } else { Int(value) })
            }
            Kind::Float => {
                let (Some(x), Some(y)) = (self.to_real(), other.to_real()) else { return Err(invalid()) };
                real_binary(&x, op, &y).ok_or_else(invalid)?.map(Float)
            }
            Kind::Complex => {
                let (Some(x), Some(y)) = (self.to_complex(), other.to_complex()) else {
                    return Err(invalid());
                };
                complex_binary(&x, op, &y).ok_or_else(invalid)?
            }
        }
    }

    /// `op self`.
    pub fn unary(&self, op: Token) -> Result<Constant, ArithmeticError> {
        Ok(match (op, self) {
            (Token::Not, Constant::Bool(value)) => Constant::Bool(!value),
            (Token::Add, value) if value.kind().is_numeric() => value.clone(),
            (Token::Sub, Constant::Int(value)) => Constant::Int(-value),
            (Token::Sub, Constant::Rune(value)) => Constant::Rune(-value),
            (Token::Sub, Constant::Float(value)) => Constant::Float(value.negated()),
            (Token::Sub, Constant::Complex(real, imaginary)) => {
                Constant::Complex(real.negated(), imaginary.negated())
            }
            (Token::Xor, Constant::Int(value)) => Constant::Int(!value),
            (Token::Xor, Constant::Rune(value)) => Constant::Rune(!value),
            _ => return Err(ArithmeticError::InvalidUnary(op, self.to_string())),
        })
    }

    /// `self << count` or, with [`Token::Shr`], `self >> count`.
    pub fn shift(&self, op: Token, count: &Constant) -> Result<Constant, ArithmeticError> {
        let type_name = |constant: &Constant| constant.kind().default_type().to_string();
        // Whole numbers are integers, however they are written.
        let Some(value) = self.to_int() else { return Err(ArithmeticError::ShiftOf(type_name(self))) };
        let Some(count) = count.to_int() else {
            return Err(ArithmeticError::ShiftCountType(type_name(count)));
        };
        if count.sign() == Sign::Minus {
            return Err(ArithmeticError::NegativeShift);
        }
        let count = u64::try_from(&count).unwrap_or(u64::MAX);
        let shifted = match op {
            // Beyond its length, all that is left of a number is its sign.
            Token::Shr => &value >> count.min(value.bits() + 1),
            _ if value.sign() == Sign::NoSign => BigInt::ZERO,
            _ if value.bits().saturating_add(count) > MAX_BITS => {
                return Err(ArithmeticError::TooLarge("shift"));
            }
            _ => value << count,
        };
        Ok(if self.kind() == Kind::Rune { Constant::Rune(shifted) } else { Constant::Int(shifted) })
    }

    /// `self op other` for `== != < <= > >=`.
    pub fn compare(&self, op: Token, other: &Constant) -> Result<bool, ArithmeticError> {
        let ordering = match (self, other) {
            (Constant::Bool(x), Constant::Bool(y)) => unordered(x == y),
            (Constant::String(x), Constant::String(y)) => Some(x.cmp(y)),
            _ => match self.common_kind(other)? {
                Kind::Complex => unordered(self.to_complex() == other.to_complex()),
                _ => self.to_real().partial_cmp(&other.to_real()),
            },
        };
        let ordered = |test: fn(Ordering) -> bool| {
            ordering
                .map(test)
                .ok_or_else(|| ArithmeticError::InvalidComparison(self.to_string(), op, other.to_string()))
        };
        let only_equality = matches!(self.kind().max(other.kind()), Kind::Bool | Kind::Complex);
        match op {
            Token::Equal => Ok(ordering == Some(Ordering::Equal)),
            Token::NotEqual => Ok(ordering != Some(Ordering::Equal)),
            Token::Less if !only_equality => ordered(Ordering::is_lt),
            Token::LessEqual if !only_equality => ordered(Ordering::is_le),
            Token::Greater if !only_equality => ordered(Ordering::is_gt),
            Token::GreaterEqual if !only_equality => ordered(Ordering::is_ge),
            _ => Err(ArithmeticError::InvalidComparison(self.to_string(), op, other.to_string())),
        }
    }

    /// The kind both are taken as; strings and booleans are never anything else.
    fn common_kind(&self, other: &Constant) -> Result<Kind, ArithmeticError> {
        let (a, b) = (self.kind(), other.kind());
        if a == b || a.is_numeric() && b.is_numeric() {
            return Ok(a.max(b));
        }
        Err(ArithmeticError::Mismatched(a.default_type().into(), b.default_type().into()))
    }
}

/// For values that are equal or not, but neither less than the other.
fn unordered(equal: bool) -> Option<Ordering> {
    equal.then_some(Ordering::Equal)
}

type Outcome<T> = Option<Result<T, ArithmeticError>>;

fn too_large(op: Token) -> ArithmeticError {
    ArithmeticError::TooLarge(match op {
        Token::Add => "addition",
        Token::Sub => "subtraction",
        Token::Mul => "multiplication",
        _ => "division",
    })
}

/// `None` if integers have no such operator.
fn int_binary(x: &BigInt, op: Token, y: &BigInt) -> Outcome<BigInt> {
    if op == Token::Mul && x.bits() + y.bits() > MAX_BITS {
        return Some(Err(too_large(op)));
    }
    let zero = y.sign() == Sign::NoSign;
    Some(Ok(match op {
        Token::Add => x + y,
        Token::Sub => x - y,
        Token::Mul => x * y,
        Token::Quo | Token::Rem if zero => return Some(Err(ArithmeticError::DivisionByZero)),
        Token::Quo => x / y,
        Token::Rem => x % y,
        Token::And => x & y,
        Token::Or => x | y,
        Token::Xor => x ^ y,
        Token::AndNot => x & !y,
        _ => return None,
    }))
}

/// `None` if reals have no such operator.
fn real_binary(x: &Real, op: Token, y: &Real) -> Outcome<Real> {
    let result = match op {
        Token::Add => x.add(y),
        Token::Sub => x.sub(y),
        Token::Mul => x.mul(y),
        Token::Quo => match x.div(y) {
            Some(result) => result,
            None => return Some(Err(ArithmeticError::DivisionByZero)),
        },
        _ => return None,
    };
    Some(result.map_err(|OutOfRange| too_large(op)))
}

/// `None` if complex numbers have no such operator.
fn complex_binary(x: &(Real, Real), op: Token, y: &(Real, Real)) -> Outcome<Constant> {
    let ((a, b), (c, d)) = (x, y);
    let result = || -> Result<Option<(Real, Real)>, OutOfRange> {
        Ok(Some(match op {
            Token::Add => (a.add(c)?, b.add(d)?),
            Token::Sub => (a.sub(c)?, b.sub(d)?),
            Token::Mul => (a.mul(c)?.sub(&b.mul(d)?)?, b.mul(c)?.add(&a.mul(d)?)?),
            _ => {
                let norm = c.mul(c)?.add(&d.mul(d)?)?;
                let real = a.mul(c)?.add(&b.mul(d)?)?.div(&norm);
                let imaginary = b.mul(c)?.sub(&a.mul(d)?)?.div(&norm);
                let (Some(real), Some(imaginary)) = (real, imaginary) else { return Ok(None) };
                (real?, imaginary?)
            }
        }))
    };
    if !matches!(op, Token::Add | Token::Sub | Token::Mul | Token::Quo) {
        return None;
    }
    Some(match result() {
        Ok(Some((real, imaginary))) => Ok(Constant::Complex(real, imaginary)),
        Ok(None) => Err(ArithmeticError::DivisionByZero),
        Err(OutOfRange) => Err(too_large(op)),
    })
}
