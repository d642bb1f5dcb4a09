//! Stepping into deferred calls: those that a panic makes, and those that a returning function makes.

use adit_arch::disasm::Flow;
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
    /// Is this a frame that nobody wrote, between a function and the one that called it?
    pub(super) fn is_passed_on_return(&self, frame: &Frame) -> bool {
        let name = frame.function();
        // The runtime's loops have the mark of wrappers, to be left out of tracebacks (cmd/internal/objabi/funcid.go).
        let is_loop = name == DEFERRETURN || is_unwinder(name);
        RUNNERS.contains(&name) || !is_loop && !frame.inlined() && self.is_wrapper(frame.lookup)
    }

    /// A deferred function is reached: who called it?
    pub(super) fn step_into_deferred(&mut self, thread: ThreadId) -> Result<StepOutcome, EngineError> {
        /// The function, the wrapper that calls it with its arguments, who called that, and the function that returns.
        const FRAMES: usize = 8;
        let frames = self.stack_of_thread(thread, FRAMES)?;
        let mut callers = frames.iter().skip_while(|frame| frame.inlined()).skip(1);
        let caller = callers.by_ref().find(|frame| !self.is_passed_on_return(frame));
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
        self.instructions(start, end).into_iter().find_map(|(_, flow)| match flow {
            Flow::Call(Some(target)) if self.steps_into(Addr(target)) => Some(Addr(target)),
            _ => None,
        })
    }
}
