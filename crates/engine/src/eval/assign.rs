//! `set lhs = rhs`.

use adit_expr::Node;
use adit_process::{Addr, Memory};
use adit_symbols::Shape;

use adit_expr::constant::{Constant, Number, NumberType};

use super::operand::Scalar;
use super::operators::convert_constant;
use super::{EvalError, Evaluator, Operand, fail};
use crate::scope::Scope;
use crate::value::{Place, Value, kind_of};
use crate::{Debugger, EngineError};

/// What an assignment comes down to.
pub(crate) enum Change {
    /// These bytes, there.
    Memory(Addr, Vec<u8>),
    /// These bytes, in the register of this name.
    Register(String, Vec<u8>),
}

impl Debugger {
    /// Assigns the value of one expression to another.
    pub fn set(&mut self, scope: &Scope, left: &str, right: &str) -> Result<(), EngineError> {
        let parse = |text| adit_expr::parse(text).map_err(|error| EvalError(error.to_string()));
        let (left, right) = (parse(left)?, parse(right)?);
        self.check_started()?;
        let (target, source) = (Evaluator::new(self, scope, &left), Evaluator::new(self, scope, &right));
        match self.plan_assignment(&target, &source)? {
            Some(change) => self.apply(scope, change),
            None => Ok(()),
        }
    }

    /// Carries an assignment out.
    pub(crate) fn apply(&mut self, scope: &Scope, change: Change) -> Result<(), EngineError> {
        match change {
            Change::Memory(addr, bytes) => Ok(self.target.write(addr, &bytes)?),
            Change::Register(name, bytes) => self.set_register(scope, &name, &bytes),
        }
    }

    /// What an assignment comes down to: `target` evaluates what is assigned to, `source` the new value.
    pub(crate) fn plan_assignment(
        &self,
        target: &Evaluator<'_>,
        source: &Evaluator<'_>,
    ) -> Result<Option<Change>, EvalError> {
        let (left, right) = (target.tree, source.tree);
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
                    Place::Memory(addr) => Ok(Some(Change::Memory(addr, bytes))),
                    Place::Bytes(_) => fail(format!("can not assign to {text}: it is kept in registers")),
                    Place::Missing(error) => fail(format!("Expression {text:?} is unreadable: {error}")),
                }
            }
            Operand::Register(name, old) => {
                let refused = || EvalError(format!("can not assign to {text}"));
                let ty = NumberType::Int { bits: 64, signed: false };
                let bits = match &from {
                    Operand::Constant(constant) => constant.to_number_wrapping(ty)?,
                    other => match source.scalar(other)? {
                        Some(Scalar::Number(number)) => number.convert(ty)?,
                        _ => return Err(refused()),
                    },
                };
                let Number::Int { value, .. } = bits else { return Err(refused()) };
                Ok(Some(Change::Register(name, self.arch().byte_order.bytes(value as u64, old.len().min(8)))))
            }
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
    pub(super) fn bytes_for(&self, target: &Value, from: &Operand) -> Result<Vec<u8>, EvalError> {
        let loader = self.debugger.loader();
        let real = loader.underlying(&target.ty)?;
        let order = self.debugger.target().arch().byte_order;
        let size = real.size as usize;
        if let Some(given) = self.type_of(from) {
            if given.name != target.ty.name {
                return match self.boxed(&real.shape, &given, from)? {
                    Some(bytes) => Ok(bytes),
                    None => {
                        fail(format!("can not convert value of type {} to {}", given.name, target.ty.name))
                    }
                };
            }
            return match from {
                Operand::Value(value) | Operand::Variable { value, .. } => Ok(loader.bytes(value, 0, size)?),
                Operand::Pointer(addr, _) => Ok(order.bytes(addr.0, size)),
                Operand::Typed(scalar, _) => match scalar.bytes(order) {
                    Some(bytes) => Ok(bytes),
                    None => match scalar {
                        Scalar::String(text) => self.string_header(text),
                        _ => Ok(vec![0; size]),
                    },
                },
                _ => {
                    fail(format!("can not set variables of type {} (not implemented)", kind_of(&real).name()))
                }
            };
        }
        let number = self.number_type(&target.ty)?;
        match (from, number) {
            (Operand::Nil, _) => self.nil_bytes(&real.shape, size, &target.ty.name),
            (Operand::Constant(constant), Some(number)) if constant.kind().is_numeric() => {
                let number = convert_constant(constant, number, &target.ty)?;
                Ok(Scalar::Number(number).bytes(order).unwrap_or_default())
            }
            (Operand::Constant(Constant::Int(n)), None) if matches!(real.shape, Shape::Pointer(_)) => {
                Ok(order.bytes(u64::try_from(n).unwrap_or(0), size))
            }
            (Operand::Constant(Constant::Bool(value)), _) if matches!(real.shape, Shape::Bool) => {
                Ok(vec![u8::from(*value)])
            }
            (Operand::Constant(Constant::String(text)), _) if matches!(real.shape, Shape::String) => {
                self.string_header(text)
            }
            (Operand::Constant(constant), _) => {
                fail(format!("can not convert {constant} constant to {}", target.ty.name))
            }
            (Operand::Register(_, bytes), Some(NumberType::Int { .. })) => {
                Ok(order.bytes(order.uint(&bytes[..bytes.len().min(8)]), size))
            }
            _ => {
                let kind = kind_of(&real).name();
                fail(format!("can not set variables of type {kind} (not implemented)"))
            }
        }
    }

    /// A pointer as an `interface {}`: its type's descriptor, and itself.
    fn boxed(
        &self,
        shape: &Shape,
        given: &std::sync::Arc<adit_symbols::Type>,
        from: &Operand,
    ) -> Result<Option<Vec<u8>>, EvalError> {
        if !matches!(shape, Shape::Interface { empty: true }) {
            return Ok(None);
        }
        let (Some(addr), Some(runtime)) = (self.pointer(from)?, self.debugger.runtime.as_ref()) else {
            return Ok(None);
        };
        let target = self.debugger.target();
        let Some(descriptor) = given.runtime_type.and_then(|offset| {
            let modules = runtime.go.modules(target).ok()?;
            modules.0.iter().find_map(|module| module.type_address(offset))
        }) else {
            return Ok(None);
        };
        let word = self.debugger.loader().word_size();
        let order = target.arch().byte_order;
        Ok(Some([order.bytes(descriptor.0, word), order.bytes(addr, word)].concat()))
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
