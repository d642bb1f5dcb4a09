//! `set lhs = rhs`.

use adit_expr::{Node, NodeId};
use adit_process::{Addr, Memory as _};
use adit_symbols::{PiecePlace, Shape};

use adit_expr::constant::{Constant, Number, NumberType};

use super::operand::Scalar;
use super::{EvalError, Evaluator, Operand, fail};
use crate::scope::Scope;
use crate::value::{Place, Value};
use crate::{Debugger, EngineError};

/// What an assignment comes down to.
pub(crate) enum Change {
    /// These bytes, there.
    Memory(Addr, Vec<u8>),
    /// These bytes, in the register of this name.
    Register(String, Vec<u8>),
    /// Several, of a value that is kept in pieces.
    Pieces(Vec<Change>),
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
            Change::Pieces(changes) => changes.into_iter().try_for_each(|change| self.apply(scope, change)),
        }
    }

    /// What an assignment comes down to: `target` evaluates what is assigned to, `source` the new value. `None`: the calls
    /// that it took have done it.
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
        if let Some(change) = target.map_element_assigned(left.root(), source)? {
            return Ok(change);
        }
        if let Some(change) = target.lane_assigned(left.root(), source)? {
            return Ok(Some(change));
        }
        let operand = target.eval(left.root())?;
        let from = source.eval(right.root())?;
        match operand {
            Operand::Value(value) | Operand::Variable { value, .. } => {
                let bytes = source.bytes_for(&value.ty, &from)?;
                match value.place {
                    Place::Memory(addr) => Ok(Some(Change::Memory(addr, bytes))),
                    Place::Bytes(_) => target.in_pieces(left.root(), &bytes).map(Some),
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
    /// What assigning `bytes`, made of `from`, to an element of a map comes down to, if `id` is one.
    fn map_element_assigned(
        &self,
        id: NodeId,
        source: &Evaluator<'_>,
    ) -> Result<Option<Option<Change>>, EvalError> {
        let Node::Index { x, indices } = self.tree.node(self.tree.unparen(id)) else { return Ok(None) };
        let [index] = indices[..] else { return Ok(None) };
        let Ok(Operand::Value(map) | Operand::Variable { value: map, .. }) = self.eval(*x) else {
            return Ok(None);
        };
        let loader = self.debugger.loader();
        let Shape::Map { key, elem, .. } = loader.underlying(&map.ty)?.shape else { return Ok(None) };
        let (key, elem) = (loader.type_of(key)?, loader.type_of(elem)?);
        let header = Addr(loader.word(&map, 0)?);
        if header.0 == 0 {
            return fail("assignment to entry in nil map");
        }
        let stored = source.bytes_for(&elem, &source.eval(source.tree.root())?)?;
        // An element that is there already needs no call.
        match self.eval(id) {
            Ok(Operand::Value(Value { place: Place::Memory(addr), .. })) => {
                return Ok(Some(Some(Change::Memory(addr, stored))));
            }
            Err(error) if self.answers.is_none() => return Err(error),
            _ => {}
        }
        let name = self.bytes_for(&key, &self.eval(index)?)?;
        self.store_in_map(&map.ty, header, (&key, &name), (&elem, &stored))?;
        Ok(Some(None))
    }

    /// What assigning `bytes` to a variable, or a field of one, comes down to that optimised code keeps in registers.
    fn in_pieces(&self, id: NodeId, bytes: &[u8]) -> Result<Change, EvalError> {
        let text = self.text(id);
        let missing = |why: &str| EvalError(format!("can not assign to {text}: {why}"));
        let kept = || missing("it is kept in registers");
        let (variable, offset) = self.variable_of(id).ok_or_else(kept)?;
        let Place::Bytes(whole) = &self.local(variable).ok_or_else(kept)?.value.place else {
            return Err(kept());
        };
        let mut whole = whole.to_vec();
        let end = offset.saturating_add(bytes.len());
        for (to, byte) in whole.get_mut(offset..end).ok_or_else(kept)?.iter_mut().zip(bytes) {
            *to = Some(*byte);
        }
        let pieces = self.debugger.pieces_named(self.scope, variable);
        let mut at = 0_usize;
        let mut changes = Vec::new();
        for piece in pieces.ok_or_else(kept)? {
            let size = piece.size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX);
            let (from, to) = (at, whole.len().min(at.saturating_add(size)));
            at = to;
            if to <= offset || from >= end {
                continue;
            }
            let part: Option<Vec<u8>> = whole[from..to].iter().copied().collect();
            let part = part.ok_or_else(|| missing("a part of it was optimized out"))?;
            changes.push(match piece.place {
                PiecePlace::Memory(addr) => Change::Memory(Addr(addr), part),
                PiecePlace::Register(number) => self
                    .in_register(number, &part)?
                    .ok_or_else(|| missing("its register is not available in this frame"))?,
                PiecePlace::Missing => return Err(missing("a part of it was optimized out")),
                PiecePlace::Value(_) | PiecePlace::Bytes(_) => {
                    return Err(missing("the compiler has replaced it by its value"));
                }
            });
        }
        Ok(Change::Pieces(changes))
    }

    /// The local variable that `x` or `x.field.field` names a part of, and where in it that part begins, in bytes.
    fn variable_of(&self, id: NodeId) -> Option<(&str, usize)> {
        match self.tree.node(self.tree.unparen(id)) {
            Node::Ident(name) => Some((name, 0)),
            Node::Selector { x, name } => {
                let (variable, offset) = self.variable_of(*x)?;
                let ty = self.type_of(&self.eval(*x).ok()?)?;
                let real = self.debugger.loader().underlying(&ty).ok()?;
                let Shape::Struct(fields) = &real.shape else { return None };
                let field = fields.iter().find(|field| *field.name == *name.text)?;
                Some((variable, offset.checked_add(usize::try_from(field.offset).ok()?)?))
            }
            _ => None,
        }
    }

    /// These bytes in the register with this DWARF number; `None` if the frame does not have it any more.
    fn in_register(&self, number: u16, part: &[u8]) -> Result<Option<Change>, EvalError> {
        let arch = self.debugger.arch();
        let Some(id) = arch.by_dwarf(number) else { return Ok(None) };
        // Calls are made from the topmost frame only, but while they are the thread is elsewhere.
        let is_there = self.answers.is_some() || self.is_top_frame();
        let old = self.register(&arch.info(id).name.to_ascii_uppercase())?;
        let Some(Operand::Register(name, mut whole)) = old.filter(|_| is_there) else { return Ok(None) };
        // What is above a narrow integer in its register is never looked at.
        let from = match arch.byte_order {
            adit_arch::ByteOrder::Little => 0,
            adit_arch::ByteOrder::Big => whole.len().saturating_sub(part.len()),
        };
        for (to, byte) in whole[from..].iter_mut().zip(part) {
            *to = *byte;
        }
        Ok(Some(Change::Register(name, whole)))
    }

    /// What is assigned to one of a register's lanes (`XMM0.uint32[1]`) comes down to, if `id` is one.
    fn lane_assigned(&self, id: NodeId, source: &Evaluator<'_>) -> Result<Option<Change>, EvalError> {
        let Node::Index { x, indices } = self.tree.node(self.tree.unparen(id)) else { return Ok(None) };
        let Node::Selector { x: register, .. } = self.tree.node(*x) else { return Ok(None) };
        let ([index], Ok(Operand::Register(name, mut bytes))) = (&indices[..], self.eval(*register)) else {
            return Ok(None);
        };
        let (Operand::Value(lane), Operand::Constant(Constant::Int(at))) =
            (self.eval(id)?, self.eval(*index)?)
        else {
            return Ok(None);
        };
        let part = source.bytes_for(&lane.ty, &source.eval(source.tree.root())?)?;
        let from = usize::try_from(&at).unwrap_or(usize::MAX).saturating_mul(part.len());
        for (to, byte) in bytes.iter_mut().skip(from).zip(part) {
            *to = byte;
        }
        Ok(Some(Change::Register(name, bytes)))
    }
}
