//! From a condition's tree to its [`Form`] at one address.
//!
//! Only what means the same at each hit is compiled: variables of unoptimised code, which have one place in the frame;
//! package variables; their fields; constants; comparisons and what joins them. What is left out, and all that is wrong
//! (types that do not match, names that nobody knows), is for the evaluator, which has the texts for it.

use std::cell::Cell;
use std::sync::Arc;

use adit_expr::constant::{Constant, Number, NumberType};
use adit_expr::{Node, NodeId, Token};
use adit_process::Addr;
use adit_symbols::{FileAddr, LocationContext, Piece, PiecePlace, Shape, Type};

use super::form::{Comparison, Float, Form, Integer, Path};
use crate::eval::{Evaluator, Operand, Scalar};
use crate::range_body::is_body;
use crate::scope::FixedVariable;
use crate::value::Place;

/// Longer strings are compared by the evaluator, in bytes.
const LONGEST_TEXT: usize = 4096;

/// Pointers to pointers are followed so far.
const MOST_POINTERS: usize = 8;

/// One side of a comparison.
enum Side {
    /// What is in memory.
    Variable(Path, Arc<Type>),
    /// A constant without type.
    Constant(Constant),
    /// A constant of a type.
    Typed(Scalar, Arc<Type>),
    Nil,
}

/// Compiles in the scope of a hit.
pub(super) struct Compiler<'a> {
    pub(super) evaluator: Evaluator<'a>,
    /// The stack pointer at that hit.
    pub(super) sp: u64,
}

impl Compiler<'_> {
    /// `None`: this is for the evaluator.
    pub(super) fn form(&self, id: NodeId) -> Option<Form> {
        let both = |x, y| Some((Box::new(self.form(x)?), Box::new(self.form(y)?)));
        match *self.evaluator.tree.node(id) {
            Node::Paren(x) => self.form(x),
            Node::Unary { op: Token::Not, x } => Some(Form::Not(Box::new(self.form(x)?))),
            Node::Binary { op: Token::LogicalAnd, x, y } => both(x, y).map(|(x, y)| Form::And(x, y)),
            Node::Binary { op: Token::LogicalOr, x, y } => both(x, y).map(|(x, y)| Form::Or(x, y)),
            Node::Binary { op, x, y } => self.comparison(comparison(op)?, x, y),
            _ => match self.side(id)? {
                Side::Variable(path, ty) => self.is_bool(&ty)?.then_some(Form::Is(path)),
                Side::Constant(Constant::Bool(value)) => Some(Form::Constant(value)),
                _ => None,
            },
        }
    }

    fn comparison(&self, comparison: Comparison, x: NodeId, y: NodeId) -> Option<Form> {
        match (self.side(x)?, self.side(y)?) {
            (Side::Variable(path, ty), other) => self.compare_variable(path, &ty, comparison, other),
            (other, Side::Variable(path, ty)) => {
                self.compare_variable(path, &ty, mirrored(comparison), other)
            }
            _ => None,
        }
    }

    fn compare_variable(
        &self,
        path: Path,
        ty: &Arc<Type>,
        comparison: Comparison,
        other: Side,
    ) -> Option<Form> {
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let maybe_not = |form: Form| match comparison {
            Comparison::NotEqual => Form::Not(Box::new(form)),
            _ => form,
        };
        let same_type = match &other {
            Side::Variable(_, other) | Side::Typed(_, other) => other.name == ty.name,
            Side::Constant(_) | Side::Nil => true,
        };
        if !same_type {
            return None;
        }
        let real = self.evaluator.debugger.loader().underlying(ty).ok()?;
        let size = real.size as u8;
        match (&real.shape, real.size) {
            (Shape::Int | Shape::Uint, 1 | 2 | 4 | 8) => {
                let signed = matches!(real.shape, Shape::Int);
                let other = integer(other, size, signed)?;
                Some(Form::Integers(Integer::Read { path, size, signed }, comparison, other))
            }
            (Shape::Float, 4 | 8) => {
                Some(Form::Floats(Float::Read { path, size }, comparison, float(other, size)?))
            }
            (Shape::Bool, 1) if equality => match other {
                Side::Constant(Constant::Bool(true)) => Some(maybe_not(Form::Is(path))),
                Side::Constant(Constant::Bool(false)) => Some(maybe_not(Form::Not(Box::new(Form::Is(path))))),
                _ => None,
            },
            (Shape::String, _) if equality => match other {
                Side::Constant(Constant::String(text)) if text.len() <= LONGEST_TEXT => {
                    Some(maybe_not(Form::Text(path, text)))
                }
                _ => None,
            },
            (
                Shape::Pointer(_)
                | Shape::Map { .. }
                | Shape::Chan { .. }
                | Shape::Interface { .. }
                | Shape::Slice { .. }
                | Shape::Func,
                _,
            ) if equality && matches!(other, Side::Nil) => {
                let size = self.evaluator.debugger.arch().pointer_size;
                let word = Integer::Read { path, size, signed: false };
                Some(Form::Integers(word, comparison, Integer::Constant(0)))
            }
            _ => None,
        }
    }

    fn is_bool(&self, ty: &Arc<Type>) -> Option<bool> {
        let real = self.evaluator.debugger.loader().underlying(ty).ok()?;
        Some(matches!(real.shape, Shape::Bool) && real.size == 1)
    }

    fn side(&self, id: NodeId) -> Option<Side> {
        match self.evaluator.tree.node(id) {
            Node::Paren(x) => self.side(*x),
            Node::Literal(literal) => Constant::from_literal(literal).ok().map(Side::Constant),
            Node::Unary { op: op @ (Token::Sub | Token::Add), x } => match self.side(*x)? {
                Side::Constant(constant) => constant.unary(*op).ok().map(Side::Constant),
                _ => None,
            },
            Node::Ident(name) => self.name(name, id),
            Node::Star(x) => {
                let Side::Variable(path, ty) = self.side(*x)? else { return None };
                let (path, ty) = self.pointee(path, &ty)?;
                Some(Side::Variable(path, ty))
            }
            Node::Selector { x, name } => self.selected(*x, &name.text, id),
            _ => None,
        }
    }

    /// What a name means: a variable of the function, or else something of its package.
    fn name(&self, name: &str, id: NodeId) -> Option<Side> {
        let Evaluator { debugger, scope, .. } = self.evaluator;
        if self.evaluator.local(name).is_none() {
            return self.of_package(id);
        }
        let FixedVariable { expression, base, ty, is_pointer } = debugger.fixed_variable(scope, name)?;
        let path = self.place(&expression, &base)?;
        Some(Side::Variable(if is_pointer { path.pointee() } else { path }, ty))
    }

    /// Where a variable of the frame is: the same distance from the stack pointer at each hit, or at a fixed address.
    fn place(&self, expression: &[u8], base: &[u8]) -> Option<Path> {
        let dwarf = self.evaluator.debugger.image().binary.dwarf().ok()?;
        let cfa = self.evaluator.scope.frame.cfa.0;
        let evaluated = |cfa| -> Option<(u64, bool)> {
            let frame =
                AnyFrame { compiler: self, cfa, by_cfa: Cell::new(false), by_other: Cell::new(false) };
            let pieces = dwarf.evaluate(expression, base, &frame).ok()?;
            let [Piece { size: None, place: PiecePlace::Memory(addr) }] = pieces[..] else { return None };
            (!frame.by_other.get()).then(|| (addr, frame.by_cfa.get()))
        };
        let (addr, by_cfa) = evaluated(cfa)?;
        if !by_cfa {
            return Some(Path::at(addr));
        }
        // Of another frame the same distance away: nothing else than an offset is computed with it.
        const FURTHER: u64 = 0x12340;
        let (other, _) = evaluated(cfa.wrapping_add(FURTHER))?;
        (other.wrapping_sub(addr) == FURTHER).then(|| Path::from_stack_pointer(addr.wrapping_sub(self.sp)))
    }

    /// A variable or constant of a package. Bodies of loops over functions see variables of the function around them
    /// first.
    fn of_package(&self, id: NodeId) -> Option<Side> {
        if is_body(self.evaluator.scope.frame.function()) {
            return None;
        }
        match self.evaluator.eval(id).ok()? {
            Operand::Variable { value, .. } => match value.place {
                Place::Memory(addr) => Some(Side::Variable(Path::at(addr.0), value.ty)),
                Place::Bytes(_) | Place::Missing(_) => None,
            },
            Operand::Constant(constant) => Some(Side::Constant(constant)),
            Operand::Typed(scalar, ty) => Some(Side::Typed(scalar, ty)),
            Operand::Nil => Some(Side::Nil),
            _ => None,
        }
    }

    fn selected(&self, x: NodeId, name: &str, whole: NodeId) -> Option<Side> {
        if let Node::Ident(first) = self.evaluator.tree.node(x)
            && self.evaluator.local(first).is_none()
        {
            // These have names that mean something else at each hit.
            if matches!(&**first, "runtime" | "delve") {
                return None;
            }
            if self.evaluator.package_member(first, name).ok()?.is_some() {
                return self.of_package(whole);
            }
        }
        let Side::Variable(mut path, mut ty) = self.side(x)? else { return None };
        let loader = self.evaluator.debugger.loader();
        for _ in 0..MOST_POINTERS {
            let real = loader.underlying(&ty).ok()?;
            if let Shape::Struct(fields) = &real.shape {
                let field = fields.iter().find(|field| *field.name == *name && field.bits.is_none())?;
                return Some(Side::Variable(path.offset(field.offset), loader.type_of(field.type_id).ok()?));
            }
            (path, ty) = self.pointee(path, &ty)?;
        }
        None
    }

    fn pointee(&self, path: Path, ty: &Arc<Type>) -> Option<(Path, Arc<Type>)> {
        let loader = self.evaluator.debugger.loader();
        match loader.underlying(ty).ok()?.shape {
            Shape::Pointer(Some(target)) => Some((path.pointee(), loader.type_of(target).ok()?)),
            _ => None,
        }
    }
}

/// A frame of which only the CFA is known: what a location needs besides is found out by asking for it.
struct AnyFrame<'a> {
    compiler: &'a Compiler<'a>,
    cfa: u64,
    by_cfa: Cell<bool>,
    by_other: Cell<bool>,
}

impl AnyFrame<'_> {
    fn refuse<T>(&self) -> Option<T> {
        self.by_other.set(true);
        None
    }
}

impl LocationContext for AnyFrame<'_> {
    fn register(&self, _: u16) -> Option<u64> {
        self.refuse()
    }

    fn cfa(&self) -> Option<u64> {
        self.by_cfa.set(true);
        Some(self.cfa)
    }

    fn read(&self, _: u64, _: u8) -> Option<u64> {
        self.refuse()
    }

    fn relocate(&self, addr: FileAddr) -> u64 {
        let Addr(addr) = self.compiler.evaluator.debugger.image().to_target(addr);
        addr
    }
}

fn comparison(op: Token) -> Option<Comparison> {
    Some(match op {
        Token::Equal => Comparison::Equal,
        Token::NotEqual => Comparison::NotEqual,
        Token::Less => Comparison::Less,
        Token::LessEqual => Comparison::LessOrEqual,
        Token::Greater => Comparison::Greater,
        Token::GreaterEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The same comparison with the sides exchanged.
fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        other => other,
    }
}

/// What a whole number of this size is compared with, which has the same type or none.
fn integer(side: Side, size: u8, signed: bool) -> Option<Integer> {
    match side {
        Side::Variable(path, _) => Some(Integer::Read { path, size, signed }),
        Side::Constant(constant) => Some(Integer::Constant(i128::try_from(constant.to_int()?).ok()?)),
        Side::Typed(Scalar::Number(Number::Int { value, .. }), _) => Some(Integer::Constant(value)),
        Side::Typed(..) | Side::Nil => None,
    }
}

/// What a floating-point number of this size is compared with, which has the same type or none.
fn float(side: Side, size: u8) -> Option<Float> {
    let constant = match side {
        Side::Variable(path, _) => return Some(Float::Read { path, size }),
        Side::Constant(constant) => constant,
        Side::Typed(..) | Side::Nil => return None,
    };
    let ty = if size == 4 { NumberType::Float32 } else { NumberType::Float64 };
    match constant.to_number(ty).ok()? {
        Number::Float32(value) => Some(Float::Constant(f64::from(value))),
        Number::Float64(value) => Some(Float::Constant(value)),
        _ => None,
    }
}
