//! Floats and complex numbers as a program computes with them: rounded after each operation, infinite, not a number.

use crate::token::Token;

/// `None` if floats have no such operator. A `float32` widened has the same results, rounded once more: twice the
/// digits and two are enough for that (Figueroa, "When is double rounding innocuous?").
pub(super) fn float_binary(x: f64, op: Token, y: f64) -> Option<f64> {
    Some(match op {
        Token::Add => x + y,
        Token::Sub => x - y,
        Token::Mul => x * y,
        Token::Quo => x / y,
        _ => return None,
    })
}

/// `None` if complex numbers have no such operator. Go multiplies and divides a `complex64` as `complex128`
/// (`cmd/compile/internal/ssagen/ssa.go` and `walk/expr.go` of go1.26), so parts widened have the same results.
pub(super) fn complex_binary(x: (f64, f64), op: Token, y: (f64, f64)) -> Option<(f64, f64)> {
    Some(match op {
        Token::Add => (x.0 + y.0, x.1 + y.1),
        Token::Sub => (x.0 - y.0, x.1 - y.1),
        Token::Mul => (x.0 * y.0 - x.1 * y.1, x.0 * y.1 + x.1 * y.0),
        Token::Quo => quotient(x, y),
        _ => return None,
    })
}

/// `complex128div` of `runtime/complex.go`, go1.26.
fn quotient((a, b): (f64, f64), (c, d): (f64, f64)) -> (f64, f64) {
    let (real, imaginary) = if c.abs() >= d.abs() {
        let ratio = d / c;
        let denominator = c + ratio * d;
        ((a + b * ratio) / denominator, (b - a * ratio) / denominator)
    } else {
        let ratio = c / d;
        let denominator = d + ratio * c;
        ((a * ratio + b) / denominator, (b * ratio - a) / denominator)
    };
    if !real.is_nan() || !imaginary.is_nan() {
        return (real, imaginary);
    }
    // What is infinite or zero for all that (C99, annex G.5.1).
    let unit = |part: f64| if part.is_infinite() { 1f64.copysign(part) } else { 0f64.copysign(part) };
    let both = |x: f64, y: f64, test: fn(f64) -> bool| test(x) && test(y);
    if c == 0.0 && d == 0.0 && !both(a, b, f64::is_nan) {
        let infinity = f64::INFINITY.copysign(c);
        (infinity * a, infinity * b)
    } else if (a.is_infinite() || b.is_infinite()) && both(c, d, f64::is_finite) {
        let (a, b) = (unit(a), unit(b));
        (f64::INFINITY * (a * c + b * d), f64::INFINITY * (b * c - a * d))
    } else if (c.is_infinite() || d.is_infinite()) && both(a, b, f64::is_finite) {
        let (c, d) = (unit(c), unit(d));
        (0.0 * (a * c + b * d), 0.0 * (b * c - a * d))
    } else {
        (real, imaginary)
    }
}

/// The builtins `min` and `max`: not a number if either is not, and -0 is less than 0.
pub(super) fn extreme(x: f64, y: f64, largest: bool) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    // Zeros are equal, but for their signs.
    let x_first = if x == y { x.is_sign_negative() } else { x < y };
    if x_first == largest { y } else { x }
}

#[cfg(test)]
mod tests {
    use super::{extreme, quotient};

    #[test]
    fn quotients_of_what_is_not_finite() {
        let (infinity, nan) = (f64::INFINITY, f64::NAN);
        assert_eq!(quotient((1.0, -1.0), (0.0, 0.0)), (infinity, -infinity));
        assert_eq!(quotient((infinity, nan), (1.0, 1.0)), (infinity, -infinity));
        assert_eq!(quotient((1.0, 2.0), (infinity, infinity)), (0.0, 0.0));
        let (real, imaginary) = quotient((nan, nan), (0.0, 0.0));
        assert!(real.is_nan() && imaginary.is_nan());
    }

    #[test]
    fn zeros_have_an_order() {
        assert!(extreme(0.0, -0.0, false).is_sign_negative() && extreme(-0.0, 0.0, false).is_sign_negative());
        assert!(extreme(0.0, -0.0, true).is_sign_positive() && extreme(-0.0, 0.0, true).is_sign_positive());
        assert!(extreme(1.0, f64::NAN, true).is_nan());
    }
}
