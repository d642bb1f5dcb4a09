//! Comparisons of what is no boolean, number or string: pointers, structs, arrays, interfaces, and nil.

use std::cell::Cell;
use std::sync::Arc;

use adit_expr::Token;
use adit_expr::constant::Constant;
use adit_symbols::{Shape, Type};

use super::operand::Scalar;
use super::{EvalError, Evaluator, Operand, fail};
use crate::value::{Kind, Value, kind_of};

/// Structs, arrays and interfaces within each other are compared this deep.
const DEEPEST: usize = 16;
/// Longest array that is compared, in elements.
const LONGEST: u64 = 1 << 16;
/// Most parts of structs, arrays and interfaces that are compared for one answer.
const MOST_PARTS: usize = 1 << 20;

impl Evaluator<'_> {
    /// The result of a comparison that is not one of scalars; `None` if it is.
    pub(super) fn compare_special(
        &self,
        op: Token,
        left: &Operand,
        right: &Operand,
    ) -> Result<Option<bool>, EvalError> {
        let equality = matches!(op, Token::Equal | Token::NotEqual);
        let wanted = op == Token::Equal;
        match (left, right) {
            (Operand::Nil, _) | (_, Operand::Nil) if !equality => {
                fail(format!("operator {} can not be applied to \"nil\"", op.text()))
            }
            (Operand::Nil, Operand::Nil) => Ok(Some(wanted)),
            (Operand::Nil, other) | (other, Operand::Nil) => Ok(Some(self.is_nil(other)? == wanted)),
            _ => {
                if equality && let Some(equal) = self.held(left, right)? {
                    return Ok(Some(equal == wanted));
                }
                if equality && self.differ_in_length(left, right)? {
                    return Ok(Some(!wanted));
                }
                let (Some(a), Some(b)) = (self.compared(left), self.compared(right)) else { return Ok(None) };
                let loader = self.debugger.loader();
                let kind = kind_of(&*loader.underlying(&a.ty)?);
                let other = kind_of(&*loader.underlying(&b.ty)?);
                if is_scalar(kind) && kind != Kind::STRING || is_scalar(other) && other != Kind::STRING {
                    return Ok(None);
                }
                if a.ty.name != b.ty.name {
                    return fail(format!("mismatched types {:?} and {:?}", &*a.ty.name, &*b.ty.name));
                }
                match (kind, equality) {
                    (Kind::STRING, _) => Ok(None),
                    (_, true) => Ok(Some(self.equal(&a, &b)? == wanted)),
                    (_, false) => {
                        fail(format!("operator {} not defined on {}", op.text(), self.kind_text(&a.ty)?))
                    }
                }
            }
        }
    }

    /// Are these strings of different lengths? Then they need not be read.
    fn differ_in_length(&self, left: &Operand, right: &Operand) -> Result<bool, EvalError> {
        let len = |operand: &Operand| -> Result<Option<i64>, EvalError> {
            let loader = self.debugger.loader();
            Ok(match operand {
                Operand::Constant(Constant::String(bytes)) => i64::try_from(bytes.len()).ok(),
                Operand::Value(value) | Operand::Variable { value, .. }
                    if matches!(loader.underlying(&value.ty)?.shape, Shape::String) =>
                {
                    Some(loader.string_header(value)?.1)
                }
                _ => None,
            })
        };
        // Of two types, they cannot be compared at all.
        let names = [left, right].map(|operand| self.type_of(operand).map(|ty| ty.name.clone()));
        let alike = names.iter().any(Option::is_none) || names[0] == names[1];
        Ok(alike && len(left)?.zip(len(right)?).is_some_and(|(left, right)| left != right))
    }

    /// An interface beside what is none: does it hold that? `None` if they are something else. The debug information
    /// does not say whether a type has an interface's methods; one that has is held by it now and then, a constant never.
    fn held(&self, left: &Operand, right: &Operand) -> Result<Option<bool>, EvalError> {
        let loader = self.debugger.loader();
        let interface = |operand: &Operand| -> Result<Option<(Value, bool)>, EvalError> {
            let (Operand::Value(value) | Operand::Variable { value, .. }) = operand else { return Ok(None) };
            Ok(match loader.underlying(&value.ty)?.shape {
                Shape::Interface { empty } => Some((value.clone(), empty)),
                _ => None,
            })
        };
        let (value, empty, other) = match (interface(left)?, interface(right)?) {
            (Some((value, empty)), None) => (value, empty, right),
            (None, Some((value, empty))) => (value, empty, left),
            _ => return Ok(None),
        };
        let named = match other {
            Operand::Constant(constant) => self.basic_type(constant.kind().default_type()),
            other => self.type_of(other),
        };
        let Some(ty) = named.filter(|ty| empty || ty.name.contains('.')) else { return Ok(None) };
        let Some(inner) = loader.dynamic_value(&value, empty)?.filter(|inner| inner.ty.name == ty.name)
        else {
            return Ok(Some(false));
        };
        match other {
            Operand::Constant(constant) => {
                let number = self.number_type(&ty)?.map(|number| constant.to_number(number)).transpose()?;
                let wanted = match (number, constant) {
                    (Some(number), _) => Scalar::Number(number),
                    (None, Constant::Bool(value)) => Scalar::Bool(*value),
                    (None, Constant::String(bytes)) => Scalar::String(bytes.clone()),
                    _ => return Ok(None),
                };
                Ok(Some(self.scalar(&Operand::Value(inner))? == Some(wanted)))
            }
            other => match self.scalar(other)? {
                Some(wanted) => Ok(Some(self.scalar(&Operand::Value(inner))? == Some(wanted))),
                None => Ok(Some(self.equal(&inner, &self.value(other, "")?)?)),
            },
        }
    }

    fn compared(&self, operand: &Operand) -> Option<Value> {
        match operand {
            Operand::Value(value) | Operand::Variable { value, .. } => Some(value.clone()),
            Operand::Pointer(..) => self.value(operand, "").ok(),
            _ => None,
        }
    }

    /// Are two values of one type equal?
    pub(super) fn equal(&self, a: &Value, b: &Value) -> Result<bool, EvalError> {
        self.equal_parts(a, b, 0, &Cell::new(MOST_PARTS))
    }

    /// `left` counts the parts that may still be compared: damaged interfaces may hold each other.
    fn equal_parts(&self, a: &Value, b: &Value, depth: usize, left: &Cell<usize>) -> Result<bool, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(&a.ty)?;
        match left.get().checked_sub(1) {
            Some(fewer) if depth <= DEEPEST => left.set(fewer),
            _ => return fail("structure too deep for comparison"),
        }
        let equal = |a: &Value, b: &Value| self.equal_parts(a, b, depth + 1, left);
        match &real.shape {
            Shape::Pointer(_) | Shape::Chan { .. } => Ok(loader.word(a, 0)? == loader.word(b, 0)?),
            Shape::Struct(fields) => {
                for field in fields.iter().filter(|field| &*field.name != "_") {
                    if !equal(&loader.field(a, field)?, &loader.field(b, field)?)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Shape::Array { count, .. } if *count > LONGEST => fail("array too long for comparison"),
            Shape::Array { elem, count } => {
                let elem = loader.type_of(*elem)?;
                for i in 0..*count {
                    let at = i * elem.size;
                    if !equal(&a.part(at, elem.clone()), &b.part(at, elem.clone()))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Shape::Interface { empty } => {
                match (loader.dynamic_value(a, *empty)?, loader.dynamic_value(b, *empty)?) {
                    (Some(a), Some(b)) => Ok(a.ty.name == b.ty.name && equal(&a, &b)?),
                    (a, b) => Ok(a.is_none() && b.is_none()),
                }
            }
            Shape::Slice { .. } | Shape::Map { .. } | Shape::Func => {
                fail(format!("can not compare {} variables", self.kind_text(&a.ty)?))
            }
            _ => match (self.scalar(&Operand::Value(a.clone()))?, self.scalar(&Operand::Value(b.clone()))?) {
                (Some(a), Some(b)) => Ok(a == b),
                _ => fail(format!("operator == not defined on {}", self.kind_text(&a.ty)?)),
            },
        }
    }

    fn is_nil(&self, operand: &Operand) -> Result<bool, EvalError> {
        let refused = |name: &str| EvalError(format!("can not compare {name} to nil"));
        let (Operand::Value(value) | Operand::Variable { value, .. }) = operand else {
            return match operand {
                Operand::Function(..) | Operand::Pointer(..) | Operand::Elements(..) => Ok(false),
                other => Err(refused(&self.type_name(other))),
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
            _ => Err(refused(self.kind_text(&value.ty)?)),
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

    /// What `reflect.Kind` calls the kind of a type.
    pub(super) fn kind_text(&self, ty: &Arc<Type>) -> Result<&'static str, EvalError> {
        Ok(kind_of(&*self.debugger.loader().underlying(ty)?).name())
    }
}

fn is_scalar(kind: Kind) -> bool {
    Kind::BOOL <= kind && kind <= Kind::COMPLEX128 || kind == Kind::STRING
}
