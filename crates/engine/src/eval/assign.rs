//! `set lhs = rhs`.

use adit_expr::{Node, Tree};
use adit_process::{Addr, Memory};
use adit_symbols::Shape;

use super::{Constant, EvalError, Evaluator, Operand, fail};
use crate::scope::Scope;
use crate::value::{Kind, Place, Value, kind_of};
use crate::{Debugger, EngineError};

/// What an assignment comes down to.
enum Change {
    Memory(Addr, Vec<u8>),
    Register(String, Vec<u8>),
}

impl Debugger {
    /// Assigns the value of one expression to another.
    pub fn set(&mut self, scope: &Scope, left: &str, right: &str) -> Result<(), EngineError> {
        let parse = |text| adit_expr::parse(text).map_err(|error| EvalError(error.to_string()));
        let (left, right) = (parse(left)?, parse(right)?);
        match self.plan_assignment(scope, &left, &right)? {
            Change::Memory(addr, bytes) => self.target.write(addr, &bytes)?,
            Change::Register(name, bytes) => self.set_register(scope, &name, &bytes)?,
        }
        Ok(())
    }

    fn plan_assignment(&self, scope: &Scope, left: &Tree, right: &Tree) -> Result<Change, EvalError> {
        let target = Evaluator { debugger: self, scope, tree: left };
        let source = Evaluator { debugger: self, scope, tree: right };
        let text = target.text(left.root());
        if let Node::Literal(_) = left.node(left.root()) {
            return fail(format!("can not assign to {text}"));
        }
        let operand = target.eval(left.root())?;
        let from = source.eval(right.root())?;
        match operand {
            Operand::Value(value) | Operand::Variable { value, .. } => {
                let bytes = source.bytes_for(&value, &from)?;
                match value.place {
                    Place::Memory(addr) => Ok(Change::Memory(addr, bytes)),
                    Place::Bytes(_) => fail(format!("can not assign to {text}: it is kept in registers")),
                    Place::Missing(error) => fail(format!("Expression {text:?} is unreadable: {error}")),
                }
            }
            Operand::Register(name, old) => match source.constant(&from)? {
                Some(Constant::Int(n) | Constant::Rune(n)) => {
                    Ok(Change::Register(name, self.arch().byte_order.bytes(n as u64, old.len())))
                }
                _ => fail(format!("can not assign to {text}")),
            },
            Operand::Function(..) => fail("can not assign to function expression"),
            _ => fail(format!("can not assign to {text}")),
        }
    }

    fn set_register(&mut self, scope: &Scope, name: &str, bytes: &[u8]) -> Result<(), EngineError> {
        let thread = scope.thread.ok_or(EngineError::NoThreadSelected)?;
        let mut registers = self.target.all_registers(thread)?;
        if let Some(id) = self.arch().by_name(name) {
            registers.set_bytes(id, bytes);
        }
        self.target.set_registers(thread, &registers)?;
        self.forget_stop_caches();
        Ok(())
    }
}

impl Evaluator<'_> {
    /// The bytes that make `target` equal to `from`.
    fn bytes_for(&self, target: &Value, from: &Operand) -> Result<Vec<u8>, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(&target.ty)?;
        let order = self.debugger.target().arch().byte_order;
        let size = real.size as usize;
        if let Some(given) = self.type_of(from) {
            if given.name != target.ty.name {
                return fail(format!("can not convert value of type {} to {}", given.name, target.ty.name));
            }
            if let Operand::Value(value) | Operand::Variable { value, .. } = from {
                return Ok(loader.bytes(value, 0, size)?);
            }
        }
        let constant = match from {
            Operand::Nil => return self.nil_bytes(&real.shape, size, &target.ty.name),
            Operand::Pointer(addr, pointee) if *target.ty.name == *format!("*{}", pointee.name) => {
                return Ok(order.bytes(addr.0, size));
            }
            other => self.constant(other)?,
        };
        let refused = |constant: &Constant| {
            fail(format!("can not convert {} constant to {}", constant.kind_name(), target.ty.name))
        };
        let kind = kind_of(&real);
        match constant {
            Some(Constant::Int(n) | Constant::Rune(n)) if Kind::INT <= kind && kind <= Kind::UINTPTR => {
                Ok(order.bytes(n as u64, size))
            }
            Some(Constant::Int(n)) if matches!(real.shape, Shape::Pointer(_)) => {
                Ok(order.bytes(n as u64, size))
            }
            Some(Constant::Int(n) | Constant::Rune(n)) if kind == Kind::FLOAT64 || kind == Kind::FLOAT32 => {
                Ok(float_bytes(n as f64, size, order))
            }
            Some(Constant::Float(f)) if kind == Kind::FLOAT64 || kind == Kind::FLOAT32 => {
                Ok(float_bytes(f, size, order))
            }
            Some(Constant::Bool(value)) if kind == Kind::BOOL => Ok(vec![u8::from(value)]),
            Some(Constant::Complex(re, im)) if matches!(real.shape, Shape::Complex) => {
                Ok([float_bytes(re, size / 2, order), float_bytes(im, size / 2, order)].concat())
            }
            Some(Constant::String(text)) if kind == Kind::STRING => {
                if text.is_empty() {
                    return Ok(vec![0; size]);
                }
                fail(
                    "literal string can not be allocated because function calls are not allowed without using 'call'",
                )
            }
            Some(constant) => refused(&constant),
            None => fail(format!("can not set variables of type {} (not implemented)", kind_name(kind))),
        }
    }

    fn nil_bytes(&self, shape: &Shape, size: usize, name: &str) -> Result<Vec<u8>, EvalError> {
        match shape {
            Shape::Pointer(_)
            | Shape::Map { .. }
            | Shape::Chan { .. }
            | Shape::Slice { .. }
            | Shape::Interface { .. }
            | Shape::Func => Ok(vec![0; size]),
            _ => fail(format!("can not convert nil to {name}")),
        }
    }
}

fn float_bytes(value: f64, size: usize, order: adit_process::ByteOrder) -> Vec<u8> {
    match size {
        4 => order.bytes(u64::from((value as f32).to_bits()), 4),
        _ => order.bytes(value.to_bits(), 8),
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::STRUCT => "struct",
        Kind::ARRAY => "array",
        Kind::MAP => "map",
        Kind::CHAN => "chan",
        Kind::FUNC => "func",
        Kind::INTERFACE => "interface",
        Kind::SLICE => "slice",
        _ => "this kind",
    }
}
