//! Unary and binary operators, with Go's rules for mixing typed values and untyped constants.

use std::sync::Arc;

use adit_expr::constant::{ArithmeticError, Constant, Number, NumberType};
use adit_expr::{NodeId, Token};
use adit_symbols::Type;

use super::operand::{Scalar, number_type};
use super::shift::Context;
use super::{EvalError, Evaluator, Operand, fail};

/// An operand as operators see it.
pub(super) enum Side {
    Untyped(Constant),
    Typed(Scalar, Arc<Type>),
}

impl Evaluator<'_> {
    pub(super) fn unary(&self, op: Token, id: NodeId, context: Context<'_>) -> Result<Operand, EvalError> {
        match op {
            Token::And => return self.address_of(id),
            Token::Arrow => return fail("operator <- not supported"),
            _ => {}
        }
        let operand = self.eval_in(id, context)?;
        match self.side(&operand)? {
            Some(Side::Untyped(constant)) => Ok(Operand::Constant(constant.unary(op)?)),
            Some(Side::Typed(Scalar::Number(number), ty)) => {
                let exact = !number.ty().is_int() && self.is_constant(id);
                let result = if exact {
                    rounded(&number.to_constant()?.unary(op)?, number)?
                } else {
                    number.unary(op)?
                };
                Ok(Operand::Typed(Scalar::Number(result), ty))
            }
            Some(Side::Typed(scalar, ty)) => match (scalar.constant()?.unary(op)?, ty) {
                (Constant::Bool(value), ty) => Ok(Operand::Typed(Scalar::Bool(value), ty)),
                (other, _) => Ok(Operand::Constant(other)),
            },
            None => fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(id))),
        }
    }

    pub(super) fn side(&self, operand: &Operand) -> Result<Option<Side>, EvalError> {
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

    pub(super) fn binary(
        &self,
        op: Token,
        x: NodeId,
        y: NodeId,
        context: Context<'_>,
    ) -> Result<Operand, EvalError> {
        match op {
            Token::LogicalAnd | Token::LogicalOr => return self.logical(op, x, y),
            Token::Arrow => return fail("operator <- not supported"),
            Token::Shl | Token::Shr => return self.shift(op, x, y, context),
            _ => {}
        }
        let context = if is_comparison(op) { None } else { context };
        let (left, right) = self.both(x, y, context)?;
        if is_comparison(op)
            && let Some(result) = self.compare_special(op, &left, &right)?
        {
            return Ok(Operand::Constant(Constant::Bool(result)));
        }
        match (self.side(&left)?, self.side(&right)?) {
            (Some(a), Some(b)) => {
                let exact = !is_comparison(op) && (a.is_rounded() || b.is_rounded());
                self.combine(op, a, b, exact && self.is_constant(x) && self.is_constant(y))
            }
            (a, b) => {
                let bad = if a.is_none() && !(b.is_none() && matches!(right, Operand::Nil)) { x } else { y };
                self.not_applicable(op, (&left, a), (&right, b), bad)
            }
        }
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
                (Some(l), Some(_)) if is_comparison(op) => {
                    fail(format!("operator {} not defined on {}", op.text(), self.kind_text(&l)?))
                }
                _ => fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(bad))),
            },
        }
    }

    /// `a op b`; `exact` if both are constants, which are computed with before they are rounded.
    fn combine(&self, op: Token, a: Side, b: Side, exact: bool) -> Result<Operand, EvalError> {
        let truth = |result| Ok(Operand::Constant(Constant::Bool(result)));
        let compares = is_comparison(op);
        // No uint8 is 300, but all can be compared with it.
        match (&a, &b) {
            (Side::Untyped(a), Side::Untyped(b)) if compares => return truth(a.compare(op, b)?),
            (Side::Untyped(a), Side::Untyped(b)) => return Ok(Operand::Constant(a.binary(op, b)?)),
            (Side::Typed(Scalar::Number(a), ty), Side::Untyped(b)) if compares && a.ty().is_int() => {
                return truth(a.to_constant()?.compare(op, &whole(b, ty)?)?);
            }
            (Side::Untyped(a), Side::Typed(Scalar::Number(b), ty)) if compares && b.ty().is_int() => {
                return truth(whole(a, ty)?.compare(op, &b.to_constant()?)?);
            }
            _ => {}
        }
        let (a, b, ty) = self.of_one_type(a, b)?;
        match (a, b) {
            (Scalar::Number(a), Scalar::Number(b)) if compares => truth(a.compare(op, &b)?),
            (Scalar::Number(a), Scalar::Number(b)) => {
                let result = match exact {
                    true => rounded(&a.to_constant()?.binary(op, &b.to_constant()?)?, a)?,
                    false => a.binary(op, &b)?,
                };
                Ok(Operand::Typed(Scalar::Number(result), ty))
            }
            (a, b) => typed(op, &a.constant()?, &b.constant()?, ty),
        }
    }

    /// Two operands, of which at least one has a type, as values of that type.
    pub(super) fn of_one_type(&self, a: Side, b: Side) -> Result<(Scalar, Scalar, Arc<Type>), EvalError> {
        match (a, b) {
            (Side::Typed(a, ty), Side::Typed(b, other)) => {
                if ty.name != other.name {
                    return fail(format!("mismatched types {:?} and {:?}", &*ty.name, &*other.name));
                }
                Ok((a, b, ty))
            }
            (Side::Typed(a, ty), Side::Untyped(b)) => Ok((a.clone(), self.as_scalar(&b, &a, &ty)?, ty)),
            (Side::Untyped(a), Side::Typed(b, ty)) => Ok((self.as_scalar(&a, &b, &ty)?, b, ty)),
            (Side::Untyped(_), Side::Untyped(_)) => fail("no operand has a type"),
        }
    }

    /// An untyped constant as a value of the type of what stands beside it.
    fn as_scalar(&self, constant: &Constant, beside: &Scalar, ty: &Type) -> Result<Scalar, EvalError> {
        match (beside, constant) {
            (Scalar::Number(number), constant) => {
                Ok(Scalar::Number(self.beside(constant, number.ty(), ty)?))
            }
            (Scalar::Bool(_), Constant::Bool(value)) => Ok(Scalar::Bool(*value)),
            (Scalar::String(_), Constant::String(bytes)) => Ok(Scalar::String(bytes.clone())),
            _ => fail(format!("can not convert {constant} constant to {}", ty.name)),
        }
    }

    /// An untyped constant beside a typed number takes the number's type.
    fn beside(&self, constant: &Constant, number: NumberType, ty: &Type) -> Result<Number, EvalError> {
        convert_constant(constant, number, ty)
    }

    fn logical(&self, op: Token, x: NodeId, y: NodeId) -> Result<Operand, EvalError> {
        let side = |id| {
            let operand = self.eval(id)?;
            let Some(value) = self.truth(&operand)? else {
                let kind = self.type_name(&operand);
                return fail(format!("expression {:?} should be boolean not {kind}", self.text(id)));
            };
            Ok((value, self.type_of(&operand)))
        };
        let (mut value, mut ty) = side(x)?;
        if value != (op == Token::LogicalOr) {
            let (second, of) = side(y)?;
            (value, ty) = (second, ty.or(of));
        }
        Ok(match ty {
            Some(ty) => Operand::Typed(Scalar::Bool(value), ty),
            None => Operand::Constant(Constant::Bool(value)),
        })
    }
}

/// A constant as an integer, to be compared with one of type `ty`.
fn whole(constant: &Constant, ty: &Type) -> Result<Constant, EvalError> {
    match constant.to_int() {
        Some(value) => Ok(Constant::Int(value)),
        None => fail(format!("can not convert {constant} constant to {}", ty.name)),
    }
}

/// A constant in the type of `like`.
fn rounded(exact: &Constant, like: Number) -> Result<Number, EvalError> {
    Ok(exact.to_number_wrapping(like.ty())?)
}

impl Side {
    /// Is it a number that is rounded to become one of its type?
    fn is_rounded(&self) -> bool {
        matches!(self, Side::Typed(Scalar::Number(number), _) if !number.ty().is_int())
    }
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

impl Evaluator<'_> {
    /// How values of a type are computed with.
    pub(super) fn number_type(&self, ty: &Arc<Type>) -> Result<Option<NumberType>, EvalError> {
        Ok(number_type(&*self.debugger.loader().underlying(ty)?))
    }
}
