//! Deferred calls that have not run yet: whose frame they belong to, and what they will be called with.

use adit_process::Addr;

use crate::scope::Scope;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// A deferred call that has not run yet.
#[derive(Clone, Copy, Debug)]
pub struct DeferredCall {
    /// The function that will be called.
    pub function: Addr,
    /// The closure that will be called, which holds the variables that it has captured.
    pub closure: Addr,
    /// Return address of the `defer` statement.
    pub pc: Addr,
    /// The stack pointer of the frame that deferred it.
    pub sp: Addr,
}

impl Debugger {
    /// The calls that a goroutine has deferred, latest first.
    fn deferred_calls(&self, goroutine: i64) -> Result<Vec<DeferredCall>, EngineError> {
        let id = if goroutine == -1 { self.selection.goroutine } else { Some(goroutine) };
        let raw = self.raw_goroutine(id.ok_or(EngineError::NoGoroutineSelected)?)?;
        let runtime = self.runtime()?;
        let defers =
            runtime.go.defers(&self.target, &raw).map_err(|error| EngineError::Runtime(error.to_string()))?;
        Ok(defers
            .into_iter()
            .map(|defer| DeferredCall {
                function: defer.code,
                closure: defer.closure,
                pc: defer.pc,
                sp: defer.sp,
            })
            .collect())
    }

    /// The deferred calls of one frame: those that were deferred with a stack pointer inside it.
    pub fn defers_of_frame(
        &self,
        goroutine: i64,
        frames: &[Frame],
        index: usize,
    ) -> Vec<Result<DeferredCall, String>> {
        let frame = &frames[index];
        let below = frames[..index]
            .iter()
            .rev()
            .find(|inner| inner.cfa < frame.cfa)
            .map_or(Addr(0), |inner| inner.cfa);
        match self.deferred_calls(goroutine) {
            Ok(all) => {
                all.into_iter().filter(|call| below <= call.sp && call.sp < frame.cfa).map(Ok).collect()
            }
            Err(EngineError::NoGoroutineSelected) => Vec::new(),
            Err(error) => vec![Err(error.to_string())],
        }
    }

    /// The function that would be called first if the selected goroutine panicked.
    pub(crate) fn latest_deferred_function(&self) -> Option<Addr> {
        let calls = self.deferred_calls(-1).ok()?;
        calls.first().map(|call| call.function).filter(|function| function.0 != 0)
    }

    /// A deferred call as a scope: it has no frame of its own yet, so its arguments are looked at from the function's
    /// entry.
    pub fn deferred_scope(
        &self,
        goroutine: i64,
        frame: usize,
        deferred: usize,
    ) -> Result<Scope, EngineError> {
        let frames = self.stack(goroutine, frame.saturating_add(2))?;
        let id = if goroutine == -1 { self.selection.goroutine.unwrap_or(0) } else { goroutine };
        if frame >= frames.len() {
            return Err(EngineError::NoFrame { frame, goroutine: id });
        }
        let calls = self.defers_of_frame(goroutine, &frames, frame);
        let Some(call) = deferred.checked_sub(1).and_then(|at| calls.get(at)) else {
            return Err(EngineError::Runtime(format!(
                "Frame {frame} only has {} deferred calls",
                calls.len()
            )));
        };
        let call = call.clone().map_err(EngineError::Runtime)?;
        let mut scope = self.scope_of_frame(&frames, frame, Some(id));
        let source = self.image.source_frames(call.function).last().cloned();
        scope.frame.pc = call.function;
        scope.frame.lookup = call.function;
        scope.frame.file_pc = self.image.to_file(call.function);
        scope.frame.source = source;
        scope.frame.cfa = call.sp;
        scope.closure = Some(call.closure).filter(|closure| closure.0 != 0);
        Ok(scope)
    }
}
