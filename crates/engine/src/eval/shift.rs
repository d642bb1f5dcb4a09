//! Shifts, whose untyped left operands take their type from what is around the shift.
//!
//! "If the left operand of a non-constant shift expression is an untyped constant, it is first implicitly converted to
//! the type it would assume if the shift expression were replaced by its left operand alone" (The Go Programming Language
//! Specification, "Operators"). That type is handed down as the [`Context`].

use std::sync::Arc;

use adit_expr::constant::{ArithmeticError, Constant, Number};
use adit_expr::{Node, NodeId, Token};
use adit_symbols::Type;

use super::operand::Scalar;
use super::operators::{Side, convert_constant, is_comparison};
use super::{EvalError, Evaluator, Operand, fail};

/// The type that an untyped constant has for what is around it; `None` if nothing says.
pub(super) type Context<'a> = Option<&'a Arc<Type>>;

impl Evaluator<'_> {
    /// Evaluates a node whose untyped parts would become `context`.
    pub(super) fn eval_in(&self, id: NodeId, context: Context<'_>) -> Result<Operand, EvalError> {
        match self.tree.node(id) {
            Node::Paren(inner) => self.eval_in(*inner, context),
            Node::Unary { op, x } => self.unary(*op, *x, context),
            Node::Binary { op, x, y } => self.binary(*op, *x, *y, context),
            _ => self.eval(id),
        }
    }

    /// Both operands of an operator that wants them of one type.
    pub(super) fn both(
        &self,
        x: NodeId,
        y: NodeId,
        context: Context<'_>,
    ) -> Result<(Operand, Operand), EvalError> {
        let (left, right) = (self.eval_in(x, context)?, self.eval_in(y, context)?);
        match (self.type_of(&left), self.type_of(&right)) {
            (Some(a), Some(b)) if a.name == b.name => {}
            // A length can be compared and computed with whatever integer is beside it.
            (Some(_), Some(_)) if self.is_length(x) => return Ok((self.untyped(left)?, right)),
            (Some(_), Some(_)) if self.is_length(y) => return Ok((left, self.untyped(right)?)),
            (_, Some(b)) if self.takes_type(x) => return Ok((self.eval_in(x, Some(&b))?, right)),
            (Some(a), _) if self.takes_type(y) => return Ok((left, self.eval_in(y, Some(&a))?)),
            _ => {}
        }
        Ok((left, right))
    }

    fn is_length(&self, id: NodeId) -> bool {
        match self.tree.node(id) {
            Node::Paren(x) => self.is_length(*x),
            Node::Call { fun, .. } => matches!(self.tree.source(*fun), "len" | "cap"),
            _ => false,
        }
    }

    fn untyped(&self, operand: Operand) -> Result<Operand, EvalError> {
        Ok(self.constant(&operand)?.map_or(operand, Operand::Constant))
    }

    /// Does its type come from what is around it? So it is with shifts of untyped constants by what is none.
    fn takes_type(&self, id: NodeId) -> bool {
        match self.tree.node(id) {
            Node::Paren(x) | Node::Unary { x, .. } => self.takes_type(*x),
            Node::Binary { op: Token::Shl | Token::Shr, x, y } => {
                self.takes_type(*x) || self.is_untyped(*x) && !self.is_constant(*y)
            }
            Node::Binary { op, x, y } if !is_comparison(*op) => {
                match (self.takes_type(*x), self.takes_type(*y)) {
                    (true, right) => right || self.is_untyped(*y),
                    (false, right) => right && self.is_untyped(*x),
                }
            }
            _ => false,
        }
    }

    fn is_untyped(&self, id: NodeId) -> bool {
        self.is_constant(id) && matches!(self.eval(id), Ok(Operand::Constant(_)))
    }

    /// Is it a constant, typed or not, by Go's rules?
    pub(super) fn is_constant(&self, id: NodeId) -> bool {
        let all = |args: &[NodeId]| args.iter().all(|&arg| self.is_constant(arg));
        match self.tree.node(id) {
            Node::Literal(_) => true,
            Node::Paren(x) => self.is_constant(*x),
            Node::Unary { op, x } => *op != Token::And && self.is_constant(*x),
            Node::Binary { x, y, .. } => self.is_constant(*x) && self.is_constant(*y),
            Node::Ident(name) => self.local(name).is_none() && self.names_constant(name),
            Node::Call { fun, args, .. } => match self.tree.node(*fun) {
                Node::Ident(name)
                    if matches!(&**name, "min" | "max" | "complex" | "real" | "imag" | "len") =>
                {
                    all(args)
                }
                _ => args.len() == 1 && all(args) && self.named_type(*fun).is_ok(),
            },
            _ => false,
        }
    }

    pub(super) fn shift(
        &self,
        op: Token,
        x: NodeId,
        y: NodeId,
        context: Context<'_>,
    ) -> Result<Operand, EvalError> {
        let (left, right) = (self.eval_in(x, context)?, self.eval(y)?);
        let not_shifted = |bad: &Operand, id| {
            if self.type_of(bad).is_none() {
                return fail(format!("operator {} can not be applied to {:?}", op.text(), self.text(id)));
            }
            Err(EvalError(ArithmeticError::ShiftOf(self.type_name(bad)).to_string()))
        };
        let Some(a) = self.side(&left)? else { return not_shifted(&left, x) };
        let count = match self.side(&right)? {
            Some(Side::Untyped(constant)) => constant,
            Some(Side::Typed(Scalar::Number(number @ Number::Int { .. }), _)) => number.to_constant()?,
            _ => return Err(ArithmeticError::ShiftCountType(self.type_name(&right)).into()),
        };
        let (number, ty) = match a {
            Side::Untyped(constant) if self.type_of(&right).is_none() || self.is_constant(y) => {
                return Ok(Operand::Constant(constant.shift(op, &count)?));
            }
            Side::Untyped(constant) => match self.shifted_as(&constant, context)? {
                Some(typed) => typed,
                None => return Ok(Operand::Constant(constant.shift(op, &count)?)),
            },
            Side::Typed(Scalar::Number(number @ Number::Int { .. }), ty) => (number, ty),
            Side::Typed(_, ty) => return Err(ArithmeticError::ShiftOf(ty.name.to_string()).into()),
        };
        // Any count that is larger than this shifts everything out, too.
        let places = count
            .to_int()
            .ok_or_else(|| ArithmeticError::ShiftCountType(count.kind().default_type().to_owned()))?;
        let places = i128::try_from(places).unwrap_or(i128::MAX).clamp(-1, 1 << 20);
        let count = Number::Int { bits: 64, signed: true, value: places };
        Ok(Operand::Typed(Scalar::Number(number.shift(op, &count)?), ty))
    }

    /// What an untyped constant is that is shifted by something that is none.
    fn shifted_as(
        &self,
        constant: &Constant,
        context: Context<'_>,
    ) -> Result<Option<(Number, Arc<Type>)>, EvalError> {
        let default = || self.basic_type(if matches!(constant, Constant::Rune(_)) { "int32" } else { "int" });
        let Some(ty) = context.cloned().or_else(default) else { return Ok(None) };
        match self.number_type(&ty)? {
            Some(number) if number.is_int() => Ok(Some((convert_constant(constant, number, &ty)?, ty))),
            _ => Err(ArithmeticError::ShiftOf(ty.name.to_string()).into()),
        }
    }
}
