//! Real numbers: exact fractions, rounded only where they grow out of all use.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};

use crate::literal::FloatLiteral;

/// Fractions with a numerator or denominator of more bits are rounded, as Go's compilers do
/// (go/constant `maxExp`, go1.26).
const EXACT_BITS: u64 = 4096;
/// Bits of the mantissa such a fraction keeps (go/constant `prec`).
const PRECISION: u64 = 512;
/// Largest exponent of two of a rounded fraction, either way.
const MAX_EXPONENT: u64 = 1 << 19;
/// Largest exponent of ten read, either way. Its power has fewer than [`MAX_EXPONENT`] bits.
const MAX_DECIMAL_EXPONENT: u64 = 100_000;
/// Most digits a literal may have.
pub(super) const MAX_DIGITS: usize = 10_000;

/// A rational number, in lowest terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Real {
    numerator: BigInt,
    /// Greater than zero.
    denominator: BigUint,
}

/// A result too far from one, or written with too many digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutOfRange;

impl Real {
    /// A whole number.
    pub fn from_int(value: BigInt) -> Real {
        Real { numerator: value, denominator: BigUint::from(1u8) }
    }

    /// The exact value of a finite float; `None` for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Real> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let biased = (bits >> 52) & 0x7ff;
        let (mantissa, exponent) =
            if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased as i64 - 1075) };
        let signed = if value.is_sign_negative() { -BigInt::from(mantissa) } else { mantissa.into() };
        Some(Real::scaled(signed, exponent))
    }

    /// `mantissa` times two to the power `exponent`.
    fn scaled(mantissa: BigInt, exponent: i64) -> Real {
        let shift = exponent.unsigned_abs();
        if exponent >= 0 {
            Real::from_int(mantissa << shift)
        } else {
            Real::reduced(mantissa, BigUint::from(1u8) << shift)
        }
    }

    pub(super) fn from_literal(literal: &FloatLiteral) -> Result<Real, OutOfRange> {
        if literal.digits.len() > MAX_DIGITS {
            return Err(OutOfRange);
        }
        let digits = BigUint::parse_bytes(literal.digits.as_bytes(), literal.radix).unwrap_or_default();
        if digits == BigUint::ZERO {
            return Ok(Real::from_int(BigInt::ZERO));
        }
        let magnitude = literal.exponent.unsigned_abs();
        let limit = if literal.exponent_base == 2 { MAX_EXPONENT } else { MAX_DECIMAL_EXPONENT };
        let power = match u32::try_from(magnitude) {
            Ok(exponent) if magnitude <= limit => BigUint::from(literal.exponent_base).pow(exponent),
            _ => return Err(OutOfRange),
        };
        let digits = BigInt::from(digits);
        if literal.exponent >= 0 {
            Real::from_int(digits * BigInt::from(power)).bounded()
        } else {
            Real::reduced(digits, power).bounded()
        }
    }

    fn reduced(numerator: BigInt, denominator: BigUint) -> Real {
        if numerator.sign() == Sign::NoSign {
            return Real::from_int(numerator);
        }
        let common = gcd(numerator.magnitude().clone(), denominator.clone());
        if common == BigUint::from(1u8) {
            return Real { numerator, denominator };
        }
        Real { numerator: numerator / BigInt::from(common.clone()), denominator: denominator / common }
    }

    /// Rounds to [`PRECISION`] bits what has become too long to go on with exactly.
    fn bounded(self) -> Result<Real, OutOfRange> {
        if self.numerator.bits().max(self.denominator.bits()) <= EXACT_BITS {
            return Ok(self);
        }
        let (mantissa, exponent) = self.rounded_magnitude(PRECISION, i64::MIN);
        let mantissa = BigInt::from_biguint(self.numerator.sign(), mantissa);
        if exponent.unsigned_abs() > MAX_EXPONENT {
            return Err(OutOfRange);
        }
        Ok(Real::scaled(mantissa, exponent))
    }

    /// The nearest `m * 2^e` to the absolute value, ties to even, with `m` of at most `precision` bits (or the power
    /// of two behind the last of these) and `e` at least `least`.
    fn rounded_magnitude(&self, precision: u64, least: i64) -> (BigUint, i64) {
        let numerator = self.numerator.magnitude();
        let shift = precision as i64 + 1 + self.denominator.bits() as i64 - numerator.bits() as i64;
        let (scaled, divisor) = if shift >= 0 {
            (numerator << shift.unsigned_abs(), self.denominator.clone())
        } else {
            (numerator.clone(), &self.denominator << shift.unsigned_abs())
        };
        let quotient = &scaled / &divisor;
        let inexact = &quotient * &divisor != scaled;
        // The quotient has precision + 1 or + 2 bits, so at least one is dropped.
        let exponent = (quotient.bits() as i64 - precision as i64 - shift).max(least);
        let dropped = (exponent + shift).max(0).unsigned_abs();
        let mut mantissa = &quotient >> dropped;
        let rest = &quotient - (&mantissa << dropped);
        let half = if dropped == 0 { BigUint::ZERO } else { BigUint::from(1u8) << (dropped - 1) };
        let up = match rest.cmp(&half) {
            Ordering::Less => false,
            Ordering::Equal => dropped > 0 && (inexact || mantissa.bit(0)),
            Ordering::Greater => true,
        };
        if up {
            mantissa += 1u8;
        }
        (mantissa, exponent)
    }

    /// The bits of the nearest IEEE 754 number: `precision` bits of mantissa with the hidden one, the last of them
    /// worth `2^least` in the smallest numbers, exponents up to `top` excluded.
    fn ieee(&self, precision: u32, least: i64, top: u64) -> u64 {
        if self.numerator == BigInt::ZERO {
            return 0;
        }
        let (mantissa, exponent) = self.rounded_magnitude(u64::from(precision), least);
        let mantissa = mantissa.iter_u64_digits().next().unwrap_or(0);
        let hidden = 1u64 << (precision - 1);
        let infinity = top << (precision - 1);
        if mantissa < hidden {
            return mantissa;
        }
        match u64::try_from(exponent - least + 1) {
            // A mantissa rounded up to the next power of two carries into the exponent.
            Ok(biased) if biased < top => ((biased << (precision - 1)) + (mantissa - hidden)).min(infinity),
            _ => infinity,
        }
    }

    /// The nearest `float64`; infinite beyond its range, and never -0, which no constant is.
    pub fn to_f64(&self) -> f64 {
        let magnitude = f64::from_bits(self.ieee(53, -1074, 0x7ff));
        if self.is_negative() && magnitude != 0.0 { -magnitude } else { magnitude }
    }

    /// The nearest `float32`, rounded once; infinite beyond its range, and never -0.
    pub fn to_f32(&self) -> f32 {
        // The format has 32 bits.
        let magnitude = f32::from_bits(self.ieee(24, -149, 0xff) as u32);
        if self.is_negative() && magnitude != 0.0 { -magnitude } else { magnitude }
    }

    /// The number if it is whole.
    pub fn to_int(&self) -> Option<BigInt> {
        (self.denominator == BigUint::from(1u8)).then(|| self.numerator.clone())
    }

    /// The number without its fraction, rounded toward zero.
    pub fn truncated(&self) -> BigInt {
        &self.numerator / BigInt::from(self.denominator.clone())
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.numerator.sign() == Sign::Minus
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.numerator.sign() == Sign::NoSign
    }

    pub(super) fn negated(&self) -> Real {
        Real { numerator: -&self.numerator, denominator: self.denominator.clone() }
    }

    pub(super) fn add(&self, other: &Real) -> Result<Real, OutOfRange> {
        let numerator = &self.numerator * BigInt::from(other.denominator.clone())
            + &other.numerator * BigInt::from(self.denominator.clone());
        Real::reduced(numerator, &self.denominator * &other.denominator).bounded()
    }

    pub(super) fn sub(&self, other: &Real) -> Result<Real, OutOfRange> {
        self.add(&other.negated())
    }

    pub(super) fn mul(&self, other: &Real) -> Result<Real, OutOfRange> {
        Real::reduced(&self.numerator * &other.numerator, &self.denominator * &other.denominator).bounded()
    }

    /// `None` if `other` is zero.
    pub(super) fn div(&self, other: &Real) -> Option<Result<Real, OutOfRange>> {
        if other.is_zero() {
            return None;
        }
        let numerator = &self.numerator * BigInt::from(other.denominator.clone());
        let denominator = &self.denominator * other.numerator.magnitude();
        let numerator = if other.is_negative() { -numerator } else { numerator };
        Some(Real::reduced(numerator, denominator).bounded())
    }
}

impl Ord for Real {
    fn cmp(&self, other: &Real) -> Ordering {
        let left = &self.numerator * BigInt::from(other.denominator.clone());
        left.cmp(&(&other.numerator * BigInt::from(self.denominator.clone())))
    }
}

impl PartialOrd for Real {
    fn partial_cmp(&self, other: &Real) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `n` or `n/d`, exactly.
impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_int() {
            Some(whole) => write!(f, "{whole}"),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

/// The greatest common divisor of two numbers above zero. What is long here is so for its trailing zeros, as it was
/// rounded, so these go first.
fn gcd(a: BigUint, b: BigUint) -> BigUint {
    let (twos_a, twos_b) = (a.trailing_zeros().unwrap_or(0), b.trailing_zeros().unwrap_or(0));
    let (mut a, mut b) = (a >> twos_a, b >> twos_b);
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a << twos_a.min(twos_b)
}
