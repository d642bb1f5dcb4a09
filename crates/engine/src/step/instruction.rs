//! Steps of one machine instruction.

use adit_arch::disasm::{Flow, decode};
use adit_goruntime::functions;
use adit_process::{Addr, ProcessError, Resume, StopReason, ThreadId};

use super::{FrameIs, StepPoint};
use crate::run::StopCause;
use crate::unwind::Cursor;
use crate::{Debugger, EngineError};

impl Debugger {
    /// Executes one instruction of the selected thread; with `over_calls`, a call with all that it does. The other
    /// threads stay where they are unless the instruction may have to wait for them.
    pub fn step_instruction(&mut self, over_calls: bool) -> Result<StopCause, EngineError> {
        self.check_started()?;
        let thread = self.selection.thread;
        let registers = self.target.registers(thread)?;
        let pc = Addr(registers.pc());
        let code = self.code(pc, pc.offset(16));
        let instruction = decode(self.arch(), pc.0, &code);
        match instruction {
            // A system call may wait for another thread: let all run until it is done.
            Some(instruction)
                if instruction.flow == Flow::Syscall || over_calls && is_call(instruction.flow) =>
            {
                self.run_to(pc.offset(instruction.len as i64), thread)
            }
            // It was stopped in a system call, which goes on when the thread does; the PC is that behind the call.
            _ if self.target.may_wait(thread) => self.run_to(pc, thread),
            _ => self.single_step(thread),
        }
    }

    /// Runs everything until the selected goroutine comes to `addr` in the frame where it is now.
    fn run_to(&mut self, addr: Addr, thread: ThreadId) -> Result<StopCause, EngineError> {
        if self.step.is_some() {
            return Err(EngineError::NextWhileNexting);
        }
        let (who, frames) = self.step_start()?;
        let from = frames.into_iter().next().ok_or(EngineError::NoThreadSelected)?;
        let registers = self.target.registers(thread)?;
        let frame = match self.unwinder().cfa(&Cursor::top(registers)) {
            Some(_) => FrameIs::At(from.offset),
            None => FrameIs::Any,
        };
        self.step = Some(super::Step { who, from: Box::new(from), returned: None, returning: Vec::new() });
        self.add_step_breakpoint(addr, StepPoint::Stop, who, frame);
        self.run()
    }

    fn single_step(&mut self, thread: ThreadId) -> Result<StopCause, EngineError> {
        self.begin_instruction();
        let signal = self.kept_signals.get_mut(&thread).and_then(std::collections::VecDeque::pop_front);
        let stepped =
            self.target.resume(thread, Resume::Step, signal).and_then(|()| self.target.wait_thread(thread));
        let event = match stepped {
            Ok(event) => event,
            Err(ProcessError::Exited { status, .. }) => return Ok(self.exit_with(status)),
            Err(ProcessError::NoThread(_)) => return self.run(),
            Err(error) => return Err(error.into()),
        };
        if let StopReason::Exited(status) = event.reason {
            return Ok(self.exit_with(status));
        }
        // No other thread runs, but the breakpoints are back in the program: they are to be out at a stop, if it was
        // attached to.
        if let Some(status) = self.hold()? {
            return Ok(self.exit_with(status));
        }
        match event.reason {
            StopReason::Signal(signal) => {
                self.keep_signal(thread, Some(signal));
                if self.target.is_fatal(signal) {
                    self.stops.entry(thread).or_default().signal = Some(signal);
                    self.select_thread_unchecked(thread);
                    return Ok(StopCause::Signal(signal));
                }
            }
            StopReason::Trap => self.stops.entry(thread).or_default().hardcoded = true,
            StopReason::Exec => self.reload_after_exec()?,
            StopReason::Watch(slots) => _ = self.judge_watch(thread, slots)?,
            StopReason::Stepped => self.judge_step_of_watches(thread)?,
            // It waits in a system call, and the user would not wait for it.
            StopReason::Interrupted => {
                self.select_thread_unchecked(thread);
                return Ok(StopCause::Manual);
            }
            _ => {}
        }
        // A watched access has been judged together with the place to which it led.
        if !matches!(event.reason, StopReason::Watch(_)) {
            self.land(thread);
        }
        self.select_thread_unchecked(thread);
        Ok(StopCause::StepFinished)
    }

    /// `runtime.Breakpoint()` traps in a function of the runtime's: what the user means is the line that calls it.
    pub(crate) fn leave_breakpoint_function(&mut self, thread: ThreadId) -> Result<(), EngineError> {
        /// The functions hold a trap, a return, and perhaps a frame.
        const MOST_STEPS: usize = 32;
        for _ in 0..MOST_STEPS {
            let pc = Addr(self.target.registers(thread)?.pc());
            let inside = self
                .function_at(pc)
                .is_some_and(|function| functions::BREAKPOINT_FUNCTIONS.contains(&function.name()));
            if !inside {
                break;
            }
            self.target.resume(thread, Resume::Step, None)?;
            if let StopReason::Signal(signal) = self.target.wait_thread(thread)?.reason {
                self.keep_signal(thread, Some(signal));
            }
        }
        // As at every stop; an end is found by whoever asks for more.
        self.hold()?;
        self.forget_stop_caches();
        self.select_thread_unchecked(thread);
        Ok(())
    }

    /// Stepping onto a breakpoint counts as reaching it.
    fn land(&mut self, thread: ThreadId) {
        let Ok(registers) = self.target.registers(thread) else { return };
        if self.breakpoints.at(Addr(registers.pc())).is_some() {
            self.land_on_breakpoint(thread);
        }
    }

    pub(super) fn exit_with(&mut self, status: adit_process::ExitStatus) -> StopCause {
        self.has_exited(status);
        StopCause::Exited(status)
    }
}

fn is_call(flow: Flow) -> bool {
    matches!(flow, Flow::Call(_))
}

#[cfg(test)]
mod tests {
    use crate::step::{FrameIs, StepBreakpoint, StepPoint, Who};
    use adit_process::ThreadId;

    #[test]
    fn a_temporary_breakpoint_counts_for_its_own_goroutine_only() {
        let step = |who| StepBreakpoint { point: StepPoint::Stop, who, frame: FrameIs::Any };
        assert!(step(Who::Goroutine(7)).concerns(ThreadId(1), Some(7)));
        assert!(!step(Who::Goroutine(7)).concerns(ThreadId(1), Some(8)));
        assert!(!step(Who::Goroutine(7)).concerns(ThreadId(1), None));
        assert!(step(Who::Thread(ThreadId(1))).concerns(ThreadId(1), None));
        assert!(!step(Who::Thread(ThreadId(1))).concerns(ThreadId(2), None));
        assert!(step(Who::Anyone).concerns(ThreadId(2), Some(9)));
    }
}
