//! Stepping into deferred calls: those that a panic makes, and those that a returning function makes.

use adit_arch::disasm::{Flow, decode};
use adit_goruntime::functions::{DEFERRETURN, PANIC_CALLERS};
use adit_process::{Addr, ThreadId};

use super::StepOutcome;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// Functions of the runtime that call deferred functions for those which a panic or a return made to call them (up to
/// go1.21, `runtime/panic.go`).
pub(super) const RUNNERS: [&str; 2] = ["runtime.deferCallSave", "runtime.runOpenDeferFrame"];

/// Does this function of the runtime call deferred functions of frames that will not go on?
pub(super) fn is_unwinder(function: &str) -> bool {
    PANIC_CALLERS.contains(&function) || function == "runtime.Goexit"
}

impl Debugger {
    /// A deferred function is reached: who called it?
    pub(super) fn step_into_deferred(&mut self, thread: ThreadId) -> Result<StepOutcome, EngineError> {
        /// The function, the wrapper that calls it with its arguments, who called that, and the function that returns.
        const FRAMES: usize = 8;
        let frames = self.stack_of_thread(thread, FRAMES)?;
        let mut callers = frames.iter().skip_while(|frame| frame.inlined()).skip(1);
        // `deferreturn` has the mark of wrappers too, to be left out of tracebacks (cmd/internal/objabi/funcid.go).
        let calls = |frame: &&Frame| {
            let name = frame.function();
            name == DEFERRETURN || !self.is_wrapper(frame.lookup) && !RUNNERS.contains(&name)
        };
        let caller = callers.by_ref().find(calls);
        let counts = match caller.map_or("", Frame::function) {
            caller if is_unwinder(caller) => true,
            DEFERRETURN => {
                let returning = self.step.as_ref().map(|step| &step.returning[..]).unwrap_or_default();
                callers.next().is_some_and(|frame| returning.contains(&frame.offset))
            }
            _ => false,
        };
        Ok(if counts { StepOutcome::Finished } else { StepOutcome::GoesOn })
    }

    /// The function that a `defer` statement with arguments calls, by the wrapper that the compiler made for it.
    pub(super) fn wrapped_function(&self, entry: Addr) -> Option<Addr> {
        if !self.is_wrapper(entry) {
            return None;
        }
        let (start, end) = self.function_range(entry)?;
        let code = self.code(start, end);
        let mut at = 0;
        while at < code.len() {
            let addr = start.offset(at as i64);
            let instruction = decode(self.arch(), addr.0, &code[at..])?;
            if let Flow::Call(Some(target)) = instruction.flow
                && self.steps_into(Addr(target))
            {
                return Some(Addr(target));
            }
            at += instruction.len.max(1);
        }
        None
    }
}
