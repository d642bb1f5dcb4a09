//! Unary and binary operators, with Go's rules for mixing typed values and untyped constants.

use std::cmp::Ordering;
use std::sync::Arc;

use adit_expr::{NodeId, Token};
use adit_symbols::{Shape, Type};

use super::{Constant, EvalError, Evaluator, Operand, fail};
use crate::value::Kind;

impl Evaluator<'_> {
    pub(super) fn unary(&self, op: Token, id: NodeId) -> Result<Operand, EvalError> {
        if op == Token::And {
            return self.address_of(id);
        }
        let operand = self.eval(id)?;
        let Some(constant) = self.constant(&operand)? else {
            return fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(id)));
        };
        let ty = self.type_of(&operand);
        let result = match (op, constant) {
            (
                Token::Add,
                c @ (Constant::Int(_) | Constant::Rune(_) | Constant::Float(_) | Constant::Complex(..)),
            ) => c,
            (Token::Sub, Constant::Int(n)) => Constant::Int(n.wrapping_neg()),
            (Token::Sub, Constant::Rune(n)) => Constant::Rune(n.wrapping_neg()),
            (Token::Sub, Constant::Float(f)) => Constant::Float(-f),
            (Token::Sub, Constant::Complex(re, im)) => Constant::Complex(-re, -im),
            (Token::Not, Constant::Bool(b)) => Constant::Bool(!b),
            (Token::Xor, Constant::Int(n)) => Constant::Int(!n),
            (Token::Xor, Constant::Rune(n)) => Constant::Rune(!n),
            (Token::Arrow, _) => return fail("operator <- not supported"),
            _ => return fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(id))),
        };
        Ok(with_type(result, ty))
    }

    pub(super) fn binary(&self, op: Token, x: NodeId, y: NodeId) -> Result<Operand, EvalError> {
        if matches!(op, Token::LogicalAnd | Token::LogicalOr) {
            return self.logical(op, x, y);
        }
        let (left, right) = (self.eval(x)?, self.eval(y)?);
        if let Some(result) = self.compare_special(op, &left, &right)? {
            return Ok(Operand::Constant(Constant::Bool(result)));
        }
        let (Some(a), Some(b)) = (self.constant(&left)?, self.constant(&right)?) else {
            let bad = if self.constant(&left)?.is_none() { x } else { y };
            return fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(bad)));
        };
        if matches!(op, Token::Shl | Token::Shr) {
            return shift(op, a, &b, self.type_of(&left));
        }
        let ty = self.common_type(&left, &right)?;
        let (a, b) = unify(a, b, ty.as_deref())?;
        if let Some(ordering) = comparison(op) {
            return Ok(Operand::Constant(Constant::Bool(compare(op, ordering, &a, &b)?)));
        }
        Ok(with_type(arithmetic(op, a, b)?, ty))
    }

    fn logical(&self, op: Token, x: NodeId, y: NodeId) -> Result<Operand, EvalError> {
        let side = |id| {
            let operand = self.eval(id)?;
            self.truth(&operand)?.ok_or_else(|| {
                let kind = self.kind_name(&operand);
                EvalError(format!("expression {:?} should be boolean not {kind}", self.text(id)))
            })
        };
        let left = side(x)?;
        let decided = left == (op == Token::LogicalOr);
        Ok(Operand::Constant(Constant::Bool(if decided { left } else { side(y)? })))
    }

    fn kind_name(&self, operand: &Operand) -> String {
        match self.type_of(operand) {
            Some(ty) => ty.name.to_string(),
            None => match operand {
                Operand::Constant(constant) => constant.kind_name().to_owned(),
                Operand::Nil => "nil".to_owned(),
                _ => "value".to_owned(),
            },
        }
    }

    /// The type of an operation's result: both operands', if both have one.
    fn common_type(&self, left: &Operand, right: &Operand) -> Result<Option<Arc<Type>>, EvalError> {
        match (self.type_of(left), self.type_of(right)) {
            (Some(a), Some(b)) if a.name != b.name => {
                fail(format!("mismatched types {:?} and {:?}", &*a.name, &*b.name))
            }
            (Some(ty), _) | (None, Some(ty)) => Ok(Some(ty)),
            (None, None) => Ok(None),
        }
    }

    /// Comparisons with nil, and of pointers.
    fn compare_special(&self, op: Token, left: &Operand, right: &Operand) -> Result<Option<bool>, EvalError> {
        let equality = matches!(op, Token::Equal | Token::NotEqual);
        let negate = |equal: bool| equal == (op == Token::Equal);
        match (left, right) {
            (Operand::Nil, Operand::Nil) => {
                fail(format!("operator {} can not be applied to \"nil\"", op.text()))
            }
            (Operand::Nil, other) | (other, Operand::Nil) => {
                if !equality {
                    return fail(format!("operator {} can not be applied to \"nil\"", op.text()));
                }
                Ok(Some(negate(self.is_nil(other)?)))
            }
            _ => match (self.pointer(left)?, self.pointer(right)?) {
                (Some(a), Some(b)) if equality => Ok(Some(negate(a == b))),
                (Some(_), Some(_)) => fail(format!("operator {} not defined on ptr", op.text())),
                _ => Ok(None),
            },
        }
    }

    fn is_nil(&self, operand: &Operand) -> Result<bool, EvalError> {
        let kind = |name: &str| EvalError(format!("can not compare {name} to nil"));
        let (Operand::Value(value) | Operand::Variable { value, .. }) = operand else {
            return match operand {
                Operand::Function(..) | Operand::Pointer(..) => Ok(false),
                other => Err(kind(&self.kind_name(other))),
            };
        };
        let loader = self.debugger.loader();
        match loader.underlying(&value.ty)?.shape {
            Shape::Pointer(_)
            | Shape::Map { .. }
            | Shape::Chan { .. }
            | Shape::Interface { .. }
            | Shape::Slice { .. }
            | Shape::Func => Ok(loader.word(value, 0)? == 0),
            _ => Err(kind(&value.ty.name)),
        }
    }

    /// The address in a pointer operand.
    pub(super) fn pointer(&self, operand: &Operand) -> Result<Option<u64>, EvalError> {
        match operand {
            Operand::Pointer(addr, _) => Ok(Some(addr.0)),
            Operand::Value(value) | Operand::Variable { value, .. } => {
                let loader = self.debugger.loader();
                match loader.underlying(&value.ty)?.shape {
                    Shape::Pointer(_) => Ok(Some(loader.word(value, 0)?)),
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }
}

/// A result, wrapped to the size of its type as Go's arithmetic wraps it.
fn with_type(result: Constant, ty: Option<Arc<Type>>) -> Operand {
    match ty {
        Some(ty) => Operand::Typed(wrap(result, &ty), ty),
        None => Operand::Constant(result),
    }
}

pub(super) fn wrap(constant: Constant, ty: &Type) -> Constant {
    match constant {
        Constant::Int(n) | Constant::Rune(n) => {
            let bits = 8 * u32::try_from(ty.size.clamp(1, 8)).unwrap_or(8);
            let signed = crate::value::kind_of(ty) <= Kind::INT64;
            let shift = 128 - bits;
            let low = if signed {
                (n << shift) >> shift
            } else {
                ((n.cast_unsigned() << shift) >> shift).cast_signed()
            };
            Constant::Int(low)
        }
        Constant::Float(f) if ty.size == 4 => Constant::Float(f64::from(f as f32)),
        other => other,
    }
}

/// Brings two constants to one kind: integers become floats beside floats, and so on. With a type, that decides.
fn unify(a: Constant, b: Constant, ty: Option<&Type>) -> Result<(Constant, Constant), EvalError> {
    use Constant::{Complex, Float, Int, Rune};
    if let Some(ty) = ty {
        return Ok((to_kind(a, ty)?, to_kind(b, ty)?));
    }
    Ok(match (a, b) {
        (Complex(re, im), Int(n) | Rune(n)) => (Complex(re, im), Complex(n as f64, 0.0)),
        (Complex(re, im), Float(f)) => (Complex(re, im), Complex(f, 0.0)),
        (Int(n) | Rune(n), Complex(re, im)) => (Complex(n as f64, 0.0), Complex(re, im)),
        (Float(f), Complex(re, im)) => (Complex(f, 0.0), Complex(re, im)),
        (Float(f), Int(n) | Rune(n)) => (Float(f), Float(n as f64)),
        (Int(n) | Rune(n), Float(f)) => (Float(n as f64), Float(f)),
        (Rune(a), Int(b)) => (Rune(a), Rune(b)),
        (Int(a), Rune(b)) => (Rune(a), Rune(b)),
        same => same,
    })
}

/// An untyped constant beside a typed value takes the value's type.
fn to_kind(constant: Constant, ty: &Type) -> Result<Constant, EvalError> {
    use Constant::{Bool, Complex, Float, Int, Rune, String};
    let kind = crate::value::kind_of(ty);
    let number = match &constant {
        Int(n) | Rune(n) => Some(*n as f64),
        Float(f) => Some(*f),
        _ => None,
    };
    let converted = match (kind, &constant) {
        (Kind::BOOL, Bool(_)) | (Kind::STRING, String(_)) => Some(constant.clone()),
        (Kind::FLOAT32 | Kind::FLOAT64, _) => number.map(Float),
        (Kind::COMPLEX64 | Kind::COMPLEX128, Complex(..)) => Some(constant.clone()),
        (Kind::COMPLEX64 | Kind::COMPLEX128, _) => number.map(|re| Complex(re, 0.0)),
        (kind, Int(n) | Rune(n)) if Kind::INT <= kind && kind <= Kind::UINTPTR => Some(Int(*n)),
        (kind, Float(f)) if Kind::INT <= kind && kind <= Kind::UINTPTR && f.fract() == 0.0 => {
            Some(Int(*f as i128))
        }
        _ => None,
    };
    converted
        .ok_or_else(|| EvalError(format!("can not convert {} constant to {}", constant.kind_name(), ty.name)))
}

fn comparison(op: Token) -> Option<fn(Ordering) -> bool> {
    Some(match op {
        Token::Equal => Ordering::is_eq,
        Token::NotEqual => Ordering::is_ne,
        Token::Less => Ordering::is_lt,
        Token::LessEqual => Ordering::is_le,
        Token::Greater => Ordering::is_gt,
        Token::GreaterEqual => Ordering::is_ge,
        _ => return None,
    })
}

fn compare(op: Token, holds: fn(Ordering) -> bool, a: &Constant, b: &Constant) -> Result<bool, EvalError> {
    use Constant::{Bool, Complex, Float, Int, Rune, String};
    let equality = matches!(op, Token::Equal | Token::NotEqual);
    match (a, b) {
        (Int(a) | Rune(a), Int(b) | Rune(b)) => Ok(holds(a.cmp(b))),
        (String(a), String(b)) => Ok(holds(a.cmp(b))),
        (Float(a), Float(b)) => match a.partial_cmp(b) {
            Some(ordering) => Ok(holds(ordering)),
            // NaN equals nothing.
            None => Ok(op == Token::NotEqual),
        },
        (Bool(a), Bool(b)) if equality => Ok(holds(a.cmp(b))),
        (Complex(re, im), Complex(re2, im2)) if equality => {
            Ok((re == re2 && im == im2) == (op == Token::Equal))
        }
        _ if a.kind_name() == b.kind_name() => {
            fail(format!("operator {} not defined on {}", op.text(), a.kind_name()))
        }
        _ => fail(format!("mismatched types {:?} and {:?}", a.kind_name(), b.kind_name())),
    }
}

fn arithmetic(op: Token, a: Constant, b: Constant) -> Result<Constant, EvalError> {
    use Constant::{Complex, Float, Int, Rune, String};
    let undefined = || fail(format!("operator {} not defined on {}", op.text(), a.kind_name()));
    match (&a, &b) {
        (Int(x), Int(y)) => integers(op, *x, *y).map(Int),
        (Rune(x), Rune(y)) => integers(op, *x, *y).map(Rune),
        (Float(x), Float(y)) => Ok(Float(match op {
            Token::Add => x + y,
            Token::Sub => x - y,
            Token::Mul => x * y,
            Token::Quo if *y == 0.0 => return fail("division by zero"),
            Token::Quo => x / y,
            _ => return undefined(),
        })),
        (Complex(a_re, a_im), Complex(b_re, b_im)) => Ok(match op {
            Token::Add => Complex(a_re + b_re, a_im + b_im),
            Token::Sub => Complex(a_re - b_re, a_im - b_im),
            Token::Mul => Complex(a_re * b_re - a_im * b_im, a_re * b_im + a_im * b_re),
            Token::Quo => {
                let scale = b_re * b_re + b_im * b_im;
                Complex((a_re * b_re + a_im * b_im) / scale, (a_im * b_re - a_re * b_im) / scale)
            }
            _ => return undefined(),
        }),
        (String(x), String(y)) if op == Token::Add => Ok(String([x.as_slice(), y.as_slice()].concat())),
        _ if a.kind_name() == b.kind_name() => undefined(),
        _ => fail(format!("mismatched types {:?} and {:?}", a.kind_name(), b.kind_name())),
    }
}

fn integers(op: Token, x: i128, y: i128) -> Result<i128, EvalError> {
    Ok(match op {
        Token::Add => x.wrapping_add(y),
        Token::Sub => x.wrapping_sub(y),
        Token::Mul => x.wrapping_mul(y),
        Token::Quo | Token::Rem if y == 0 => return fail("division by zero"),
        Token::Quo => x.wrapping_div(y),
        Token::Rem => x.wrapping_rem(y),
        Token::And => x & y,
        Token::Or => x | y,
        Token::Xor => x ^ y,
        Token::AndNot => x & !y,
        _ => return fail(format!("operator {} not supported", op.text())),
    })
}

fn shift(op: Token, a: Constant, b: &Constant, ty: Option<Arc<Type>>) -> Result<Operand, EvalError> {
    let (Constant::Int(n) | Constant::Rune(n)) = a else {
        return fail(format!("shift of type {}", a.kind_name()));
    };
    let (Constant::Int(count) | Constant::Rune(count)) = b else {
        return fail(format!("shift count type {}, must be unsigned integer", b.kind_name()));
    };
    let Ok(count) = u32::try_from(*count) else { return fail("shift count must not be negative") };
    let result = match op {
        Token::Shl => n.checked_shl(count).unwrap_or(0),
        _ => n >> count.min(127),
    };
    Ok(with_type(Constant::Int(result), ty))
}

#[cfg(test)]
mod tests {
    use super::{Constant, arithmetic, compare, comparison, unify};
    use adit_expr::Token;

    #[test]
    fn untyped_integers_divide_as_integers_and_beside_floats_as_floats() {
        let seven = || Constant::Int(7);
        assert_eq!(arithmetic(Token::Quo, seven(), Constant::Int(2)), Ok(Constant::Int(3)));
        let (a, b) = unify(seven(), Constant::Float(2.0), None).unwrap();
        assert_eq!(arithmetic(Token::Quo, a, b), Ok(Constant::Float(3.5)));
        assert_eq!(
            arithmetic(Token::Quo, seven(), Constant::Int(0)).unwrap_err().to_string(),
            "division by zero"
        );
    }

    #[test]
    fn strings_compare_and_concatenate() {
        let text = |s: &str| Constant::String(s.as_bytes().to_vec());
        assert_eq!(arithmetic(Token::Add, text("a"), text("b")), Ok(text("ab")));
        assert_eq!(compare(Token::Less, comparison(Token::Less).unwrap(), &text("a"), &text("b")), Ok(true));
        assert!(
            compare(Token::Equal, comparison(Token::Equal).unwrap(), &text("a"), &Constant::Int(1)).is_err()
        );
    }
}
