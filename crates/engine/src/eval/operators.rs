//! Unary and binary operators, with Go's rules for mixing typed values and untyped constants.

use std::sync::Arc;

use adit_expr::constant::{ArithmeticError, Constant, Number, NumberType};
use adit_expr::{NodeId, Token};
use adit_symbols::Type;

use super::operand::{Scalar, number_type};
use super::{EvalError, Evaluator, Operand, fail};

/// An operand as operators see it.
enum Side {
    Untyped(Constant),
    Typed(Scalar, Arc<Type>),
}

impl Evaluator<'_> {
    pub(super) fn unary(&self, op: Token, id: NodeId) -> Result<Operand, EvalError> {
        if op == Token::And {
            return self.address_of(id);
        }
        if op == Token::Arrow {
            return fail("operator <- not supported");
        }
        let operand = self.eval(id)?;
        match self.side(&operand)? {
            Some(Side::Untyped(constant)) => Ok(Operand::Constant(constant.unary(op)?)),
            Some(Side::Typed(Scalar::Number(number), ty)) => {
                Ok(Operand::Typed(Scalar::Number(number.unary(op)?), ty))
            }
            Some(Side::Typed(scalar, ty)) => match (scalar.constant()?.unary(op)?, ty) {
                (Constant::Bool(value), ty) => Ok(Operand::Typed(Scalar::Bool(value), ty)),
                (other, _) => Ok(Operand::Constant(other)),
            },
            None => fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(id))),
        }
    }

    fn side(&self, operand: &Operand) -> Result<Option<Side>, EvalError> {
        if let Operand::Constant(constant) = operand {
            return Ok(Some(Side::Untyped(constant.clone())));
        }
        let Some(scalar) = self.scalar(operand)? else { return Ok(None) };
        Ok(Some(match self.type_of(operand) {
            Some(ty) => Side::Typed(scalar, ty),
            // A register has no type: beside a value, it takes that of the value.
            None => Side::Untyped(scalar.constant()?),
        }))
    }

    pub(super) fn binary(&self, op: Token, x: NodeId, y: NodeId) -> Result<Operand, EvalError> {
        if matches!(op, Token::LogicalAnd | Token::LogicalOr) {
            return self.logical(op, x, y);
        }
        if op == Token::Arrow {
            return fail("operator <- not supported");
        }
        let (left, right) = (self.eval(x)?, self.eval(y)?);
        if is_comparison(op)
            && let Some(result) = self.compare_special(op, &left, &right)?
        {
            return Ok(Operand::Constant(Constant::Bool(result)));
        }
        let (a, b) = match (self.side(&left)?, self.side(&right)?) {
            (Some(a), Some(b)) => (a, b),
            (a, b) => {
                return self.not_applicable(
                    op,
                    (&left, a),
                    (&right, b),
                    if left_is_bad(&left) { x } else { y },
                );
            }
        };
        if matches!(op, Token::Shl | Token::Shr) {
            return shift(op, a, b);
        }
        self.combine(op, a, b)
    }

    /// Why an operator has no result for operands of which at least one is no boolean, number or string.
    fn not_applicable(
        &self,
        op: Token,
        (left, a): (&Operand, Option<Side>),
        (right, b): (&Operand, Option<Side>),
        bad: NodeId,
    ) -> Result<Operand, EvalError> {
        match (a, b) {
            (None, Some(Side::Untyped(constant))) if self.type_of(left).is_some() => {
                fail(format!("can not convert {constant} constant to {}", self.type_name(left)))
            }
            (Some(Side::Untyped(constant)), None) if self.type_of(right).is_some() => {
                fail(format!("can not convert {constant} constant to {}", self.type_name(right)))
            }
            _ => match (self.type_of(left), self.type_of(right)) {
                (Some(l), Some(r)) if l.name != r.name => {
                    fail(format!("mismatched types {:?} and {:?}", &*l.name, &*r.name))
                }
                (Some(l), Some(_)) => {
                    fail(format!("operator {} not defined on {}", op.text(), self.kind_text(&l)?))
                }
                _ => fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(bad))),
            },
        }
    }

    fn combine(&self, op: Token, a: Side, b: Side) -> Result<Operand, EvalError> {
        let compares = is_comparison(op);
        let truth = |result| Ok(Operand::Constant(Constant::Bool(result)));
        match (a, b) {
            (Side::Untyped(a), Side::Untyped(b)) if compares => truth(a.compare(op, &b)?),
            (Side::Untyped(a), Side::Untyped(b)) => Ok(Operand::Constant(a.binary(op, &b)?)),
            (Side::Typed(a, ty), Side::Typed(b, other)) => {
                if ty.name != other.name {
                    return fail(format!("mismatched types {:?} and {:?}", &*ty.name, &*other.name));
                }
                match (a, b) {
                    (Scalar::Number(a), Scalar::Number(b)) if compares => truth(a.compare(op, &b)?),
                    (Scalar::Number(a), Scalar::Number(b)) => {
                        Ok(Operand::Typed(Scalar::Number(a.binary(op, &b)?), ty))
                    }
                    (a, b) => typed(op, &a.constant()?, &b.constant()?, ty),
                }
            }
            (Side::Typed(Scalar::Number(a), ty), Side::Untyped(b)) => {
                let number = self.beside(&b, a.ty(), &ty)?;
                match compares {
                    true => truth(a.to_constant()?.compare(op, &b)?),
                    false => Ok(Operand::Typed(Scalar::Number(a.binary(op, &number)?), ty)),
                }
            }
            (Side::Untyped(a), Side::Typed(Scalar::Number(b), ty)) => {
                let number = self.beside(&a, b.ty(), &ty)?;
                match compares {
                    true => truth(a.compare(op, &b.to_constant()?)?),
                    false => Ok(Operand::Typed(Scalar::Number(number.binary(op, &b)?), ty)),
                }
            }
            (Side::Typed(a, ty), Side::Untyped(b)) => {
                let a = a.constant()?;
                if a.kind() != b.kind() {
                    return fail(format!("can not convert {b} constant to {}", ty.name));
                }
                typed(op, &a, &b, ty)
            }
            (Side::Untyped(a), Side::Typed(b, ty)) => {
                let b = b.constant()?;
                if a.kind() != b.kind() {
                    return fail(format!("can not convert {a} constant to {}", ty.name));
                }
                typed(op, &a, &b, ty)
            }
        }
    }

    /// An untyped constant beside a typed number takes the number's type.
    fn beside(&self, constant: &Constant, number: NumberType, ty: &Type) -> Result<Number, EvalError> {
        convert_constant(constant, number, ty)
    }

    fn logical(&self, op: Token, x: NodeId, y: NodeId) -> Result<Operand, EvalError> {
        let side = |id| {
            let operand = self.eval(id)?;
            self.truth(&operand)?.ok_or_else(|| {
                let kind = self.type_name(&operand);
                EvalError(format!("expression {:?} should be boolean not {kind}", self.text(id)))
            })
        };
        let left = side(x)?;
        let decided = left == (op == Token::LogicalOr);
        Ok(Operand::Constant(Constant::Bool(if decided { left } else { side(y)? })))
    }
}

fn left_is_bad(left: &Operand) -> bool {
    !matches!(left, Operand::Constant(_) | Operand::Typed(..) | Operand::Register(..))
}

/// A constant as a number of type `ty`; integers wrap.
pub(super) fn convert_constant(
    constant: &Constant,
    number: NumberType,
    ty: &Type,
) -> Result<Number, EvalError> {
    constant.to_number_wrapping(number).map_err(|error| match error {
        ArithmeticError::NotConvertible(..) => {
            EvalError(format!("can not convert {constant} constant to {}", ty.name))
        }
        ArithmeticError::Overflows(..) => EvalError(format!("constant {constant} overflows {}", ty.name)),
        other => other.into(),
    })
}

/// An operation on booleans or strings of a type.
fn typed(op: Token, a: &Constant, b: &Constant, ty: Arc<Type>) -> Result<Operand, EvalError> {
    if is_comparison(op) {
        return Ok(Operand::Constant(Constant::Bool(a.compare(op, b)?)));
    }
    Ok(match a.binary(op, b)? {
        Constant::Bool(value) => Operand::Typed(Scalar::Bool(value), ty),
        Constant::String(bytes) => Operand::Typed(Scalar::String(bytes), ty),
        other => Operand::Constant(other),
    })
}

pub(super) fn is_comparison(op: Token) -> bool {
    use Token::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
}

fn shift(op: Token, a: Side, b: Side) -> Result<Operand, EvalError> {
    let count = match b {
        Side::Untyped(constant) => constant,
        Side::Typed(Scalar::Number(number @ Number::Int { .. }), _) => number.to_constant()?,
        Side::Typed(_, ty) => return Err(ArithmeticError::ShiftCountType(ty.name.to_string()).into()),
    };
    let (number, ty) = match a {
        Side::Untyped(constant) => return Ok(Operand::Constant(constant.shift(op, &count)?)),
        Side::Typed(Scalar::Number(number @ Number::Int { .. }), ty) => (number, ty),
        Side::Typed(_, ty) => return Err(ArithmeticError::ShiftOf(ty.name.to_string()).into()),
    };
    // Any count that is larger than this shifts everything out, too; a fraction is refused by its type.
    let (Constant::Int(places) | Constant::Rune(places)) = &count else {
        return Err(ArithmeticError::ShiftCountType(count.kind().default_type().to_owned()).into());
    };
    let places = i128::try_from(places.clone()).unwrap_or(i128::MAX).clamp(-1, 1 << 20);
    let count = Number::Int { bits: 64, signed: true, value: places };
    Ok(Operand::Typed(Scalar::Number(number.shift(op, &count)?), ty))
}

impl Evaluator<'_> {
    /// How values of a type are computed with.
    pub(super) fn number_type(&self, ty: &Arc<Type>) -> Result<Option<NumberType>, EvalError> {
        Ok(number_type(&*self.debugger.loader().underlying(ty)?))
    }
}
