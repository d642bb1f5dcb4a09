//! Names that the debugger gives meaning to: `runtime.curg`, `runtime.frameoff`, `delve.bphitcount` and the like.

use std::sync::Arc;

use adit_expr::{Node, NodeId};
use adit_symbols::Type;

use adit_expr::constant::Constant;

use super::{EvalError, Evaluator, Operand, fail};
use crate::scope::Scope;
use crate::value::Value;

impl Evaluator<'_> {
    /// The value of `x.name` if it is special.
    pub(super) fn special(&self, x: NodeId, name: &str) -> Result<Option<Operand>, EvalError> {
        let number = |value: i64| Ok(Some(Operand::Constant(Constant::Int(value.into()))));
        match (self.tree.source(x), name) {
            ("runtime", "curg") => self.current_g(),
            ("runtime", "frameoff") => number(self.scope.frame.offset),
            ("runtime", "threadid") => number(self.scope.thread.map_or(0, |thread| thread.0)),
            ("runtime", "rangeParentOffset") => match self.range_parent() {
                Some(parent) => number(parent.frame.offset),
                None => fail("not in the body of a range over a function"),
            },
            // Without a goroutine there is no g, but its id is 0.
            ("runtime.curg", "goid") if self.scope.goroutine.is_none() => number(0),
            _ => self.in_other_frame(x, name),
        }
    }

    fn current_g(&self) -> Result<Option<Operand>, EvalError> {
        let Some(goroutine) = self.scope.goroutine else {
            return Err(EvalError("no goroutine is selected".to_owned()));
        };
        let g = self.debugger.goroutine(goroutine)?;
        let ty = self.g_type()?;
        Ok(Some(Operand::Value(Value::at(ty, g.raw.addr))))
    }

    /// The frame of the function that this one's code is a loop body of.
    fn range_parent(&self) -> Option<Scope> {
        self.debugger.range_scopes(self.scope).pop()
    }

    fn g_type(&self) -> Result<Arc<Type>, EvalError> {
        self.type_by_text("runtime.g")
    }

    /// `runtime.frame(n).name`: a local variable of another frame.
    fn in_other_frame(&self, x: NodeId, name: &str) -> Result<Option<Operand>, EvalError> {
        let Node::Call { fun, args, .. } = self.tree.node(x) else { return Ok(None) };
        if self.tree.source(*fun) != "runtime.frame" {
            return Ok(None);
        }
        let [argument] = args[..] else {
            return Err(EvalError("wrong number of arguments for runtime.frame".to_owned()));
        };
        let operand = self.eval(argument)?;
        let number = match operand {
            Operand::Constant(Constant::Int(n)) => usize::try_from(n).ok(),
            _ => None,
        };
        let Some(frame) = number else {
            return fail(format!("expected integer value for frame, got {}", self.text(argument)));
        };
        let scope = self.debugger.scope(self.scope.goroutine.unwrap_or(-1), frame)?;
        let other = Evaluator { scope: &scope, ..*self };
        other.ident(name).map(Some)
    }

    /// `delve.bphitcount[id]`.
    pub(super) fn hit_count(&self, title: &Operand) -> Result<Operand, EvalError> {
        let breakpoints = self.debugger.breakpoints();
        let found = match self.constant(title)? {
            Some(Constant::Int(id)) => i64::try_from(&id)
                .ok()
                .and_then(|id| breakpoints.get(crate::breakpoint::BreakpointId(id)))
                .ok_or_else(|| EvalError(format!("could not find breakpoint with ID = {id}")))?,
            Some(Constant::String(name)) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                breakpoints
                    .by_name(&name)
                    .ok_or_else(|| EvalError(format!("could not find breakpoint named {name:?}")))?
            }
            _ => return fail(format!("can not index delve.bphitcount with {}", self.type_name(title))),
        };
        Ok(Operand::Constant(Constant::Int(found.total_hits.into())))
    }
}
