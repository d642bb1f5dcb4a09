//! Stepping into deferred calls: those that a panic makes, and those that a returning function makes.

use adit_arch::disasm::{Flow, decode};
use adit_goruntime::functions::{DEFERRETURN, PANIC_CALLERS};
use adit_process::{Addr, ThreadId};

use super::StepOutcome;
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

impl Debugger {
    /// A deferred function is reached: who called it?
    pub(super) fn step_into_deferred(&mut self, thread: ThreadId) -> Result<StepOutcome, EngineError> {
        /// The function, the wrapper that calls it with its arguments, who called that, and the function that returns.
        const FRAMES: usize = 8;
        let frames = self.stack_of_thread(thread, FRAMES)?;
        let mut callers = frames.iter().skip_while(|frame| frame.inlined()).skip(1);
        // `deferreturn` has the mark of wrappers too, to be left out of tracebacks (cmd/internal/objabi/funcid.go).
        let calls = |frame: &&Frame| frame.function() == DEFERRETURN || !self.is_wrapper(frame.lookup);
        let caller = callers.by_ref().find(calls);
        let counts = match caller.map_or("", Frame::function) {
            caller if PANIC_CALLERS.contains(&caller) => true,
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
