//! Letting the program run until something happens that the user wants to see.
//!
//! A thread that stops is judged alone, while all others run: only when the verdict is that the user should see it
//! are they stopped too ([`Debugger::hold`]), and what happened to them in that moment is judged likewise, so that hits
//! at the same time are all counted and all shown.

mod hit;
mod reload;

use std::ops::ControlFlow;

use adit_process::{ExitStatus, ProcessError, Resume, Signal, StopEvent, StopReason, ThreadId};

use crate::breakpoint::BreakpointId;
use crate::value::Variable;
use crate::{Debugger, EngineError};

/// Why the program stopped, or that it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopCause {
    /// It was started, and has not run yet.
    Launched,
    /// The debugger was attached to it.
    Attached,
    /// One or more threads reached a breakpoint.
    Breakpoint,
    /// A thread accessed watched memory, or left the frame of a watched variable.
    Watchpoint,
    /// A thread executed a trap instruction of the program's own.
    Hardcoded,
    /// The user asked for it.
    Manual,
    /// The step is done.
    StepFinished,
    /// A call that the user asked for is over.
    CallReturned,
    /// A signal that will end the program, or that is to stop it, is about to be delivered to a thread.
    Signal(Signal),
    /// It ended.
    Exited(ExitStatus),
}

/// What happened to one thread at the last stop.
#[derive(Clone, Debug, Default)]
pub struct ThreadStop {
    /// Breakpoints that it hit, whose conditions hold.
    pub hits: Vec<BreakpointId>,
    /// It left the frame of a watched variable.
    pub watch_ended: bool,
    /// The step ended here.
    pub step_finished: bool,
    /// It executed a trap instruction of the program's own.
    pub hardcoded: bool,
    /// A signal is about to be delivered that will end the program, or that is to stop it.
    pub signal: Option<Signal>,
    /// A call that the user asked for is over: what it returned, or why it was not made.
    pub call_return: Option<Result<Vec<Variable>, String>>,
    /// A condition could not be evaluated.
    pub condition_error: Option<String>,
}

impl ThreadStop {
    fn matters(&self) -> bool {
        !self.hits.is_empty()
            || self.watch_ended
            || self.step_finished
            || self.hardcoded
            || self.signal.is_some()
            || self.call_return.is_some()
    }
}

/// What is done with a thread that stopped.
pub(crate) enum Verdict {
    /// It runs on; with this signal, if any.
    GoOn(Option<Signal>),
    /// The user should see this.
    Show,
}

impl Debugger {
    /// Lets all threads run until something is to be shown.
    pub fn continue_(&mut self) -> Result<StopCause, EngineError> {
        self.check_started()?;
        self.run()
    }

    /// Resumes all threads, and waits for a stop that the user should see. All threads are stopped when it returns.
    pub(crate) fn run(&mut self) -> Result<StopCause, EngineError> {
        // A watch by single-stepping lets the one process run, and none of the others.
        if self.is_group() && self.watches_by_stepping().is_empty() {
            return self.run_group();
        }
        let cause = if self.watches_by_stepping().is_empty() {
            self.start()?;
            self.wait_until_shown()?
        } else {
            self.sync_breakpoints()?;
            self.begin_run();
            self.run_by_steps()?
        };
        self.end_run(cause)
    }

    fn wait_until_shown(&mut self) -> Result<StopCause, EngineError> {
        loop {
            match self.wait_and_judge()? {
                ControlFlow::Break(cause) => return Ok(cause),
                ControlFlow::Continue(thread) => self.let_go(thread)?,
            }
        }
    }

    /// Waits for what happens next: the cause of a stop, or else the thread that is to go on.
    pub(crate) fn wait_and_judge(&mut self) -> Result<ControlFlow<StopCause, ThreadId>, EngineError> {
        let event = match self.target.wait() {
            Ok(event) => event,
            Err(ProcessError::Exited { status, .. }) => {
                return Ok(ControlFlow::Break(StopCause::Exited(status)));
            }
            Err(error) => return Err(error.into()),
        };
        match event.reason {
            StopReason::Exited(status) => return Ok(ControlFlow::Break(StopCause::Exited(status))),
            StopReason::Interrupted => return Ok(ControlFlow::Break(StopCause::Manual)),
            _ => {}
        }
        Ok(match self.judge(event)? {
            Verdict::Show => ControlFlow::Break(self.cause_of(event)),
            Verdict::GoOn(signal) => {
                self.keep_signal(event.thread, signal);
                ControlFlow::Continue(event.thread)
            }
        })
    }

    /// Lets all threads go.
    pub(crate) fn start(&mut self) -> Result<(), EngineError> {
        self.sync_breakpoints()?;
        self.begin_run();
        for thread in self.target.threads() {
            self.let_go(thread)?;
        }
        Ok(())
    }

    fn begin_run(&mut self) {
        self.stops.clear();
        self.traced = None;
        self.ended_watches.clear();
        self.forget_stop_caches();
        self.begin_tracing();
    }

    /// Stops all other threads, and settles who is selected.
    fn end_run(&mut self, mut cause: StopCause) -> Result<StopCause, EngineError> {
        if !matches!(cause, StopCause::Exited(_))
            && let Some(status) = self.hold()?
        {
            cause = StopCause::Exited(status);
        }
        self.forget_stop_caches();
        if let StopCause::Exited(status) = cause {
            self.has_exited(status);
        } else {
            self.settle_step();
            self.select_after_stop();
            if self.stops.get(&self.selection.thread).is_some_and(|stop| stop.hardcoded) {
                self.leave_breakpoint_function(self.selection.thread)?;
            }
        }
        Ok(cause)
    }

    pub(crate) fn cause_of(&self, event: StopEvent) -> StopCause {
        let Some(stop) = self.stops.get(&event.thread) else {
            return StopCause::Manual;
        };
        match stop.signal {
            Some(signal) => StopCause::Signal(signal),
            None if stop.call_return.is_some() => StopCause::CallReturned,
            None if stop.hardcoded => StopCause::Hardcoded,
            None if stop.hits.first().is_some_and(|id| self.breakpoints.watched(*id).is_some()) => {
                StopCause::Watchpoint
            }
            None if !stop.hits.is_empty() => StopCause::Breakpoint,
            None if stop.step_finished => StopCause::StepFinished,
            None if stop.watch_ended => StopCause::Watchpoint,
            None => StopCause::Manual,
        }
    }

    /// Resumes one thread, with the signals that were kept for it.
    pub(crate) fn let_go(&mut self, thread: ThreadId) -> Result<(), EngineError> {
        self.resume_with_kept_signal(thread, Resume::Run)
    }

    pub(crate) fn resume_with_kept_signal(
        &mut self,
        thread: ThreadId,
        how: Resume,
    ) -> Result<(), EngineError> {
        let signal = self.kept_signals.get_mut(&thread).and_then(std::collections::VecDeque::pop_front);
        // It may run another goroutine when it stops next.
        self.thread_goroutines.get_mut().remove(&thread);
        match self.target.resume(thread, how, signal) {
            // It died on the way: its end is reported by `wait`.
            Ok(()) | Err(ProcessError::NoThread(_) | ProcessError::Exited { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn keep_signal(&mut self, thread: ThreadId, signal: Option<Signal>) {
        if let Some(signal) = signal {
            self.kept_signals.entry(thread).or_default().push_back(signal);
        }
    }

    /// Stops all threads, and judges what happened to them meanwhile. Returns how the process ended, if it did.
    pub(crate) fn hold(&mut self) -> Result<Option<ExitStatus>, EngineError> {
        let events = match self.target.stop_all() {
            Ok(events) => events,
            Err(ProcessError::Exited { status, .. }) => return Ok(Some(status)),
            Err(error) => return Err(error.into()),
        };
        self.forget_stop_caches();
        for event in events {
            if let StopReason::Exited(status) = event.reason {
                return Ok(Some(status));
            }
            if let Verdict::GoOn(signal) = self.judge(event)? {
                self.keep_signal(event.thread, signal);
            }
        }
        if self.target.threads().is_empty() { self.wait_for_end().map(Some) } else { Ok(None) }
    }

    /// The last threads died while they were being stopped: nothing is left to look at but the end.
    fn wait_for_end(&mut self) -> Result<ExitStatus, EngineError> {
        loop {
            match self.target.wait() {
                Ok(StopEvent { reason: StopReason::Exited(status), .. })
                | Err(ProcessError::Exited { status, .. }) => return Ok(status),
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(crate) fn judge(&mut self, event: StopEvent) -> Result<Verdict, EngineError> {
        let thread = event.thread;
        match event.reason {
            StopReason::Breakpoint => self.judge_place(thread),
            StopReason::Trap => match self.judge_call_trap(thread)? {
                Some(verdict) => Ok(verdict),
                None => Ok(self.judge_trap(thread)),
            },
            StopReason::Signal(signal) => Ok(self.judge_signal(thread, signal)),
            StopReason::Exec => {
                self.reload_after_exec()?;
                Ok(Verdict::GoOn(None))
            }
            StopReason::Watch(slots) => self.judge_watch(thread, slots),
            StopReason::Stepped => self.judge_step(thread),
            StopReason::Interrupted
            | StopReason::Forked(_)
            | StopReason::Elsewhere(_)
            | StopReason::Exited(_) => Ok(Verdict::GoOn(None)),
        }
    }

    /// Judges a thread that reached a breakpoint. (One that was merely stopped right before a breakpoint has not reached
    /// it yet: it will when it is resumed.)
    pub(crate) fn judge_place(&mut self, thread: ThreadId) -> Result<Verdict, EngineError> {
        let Ok(registers) = self.target.registers(thread) else { return Ok(Verdict::GoOn(None)) };
        self.judge_breakpoint(thread, &registers)
    }

    /// Judges a thread that executed one instruction, as it does while memory is watched by comparing.
    fn judge_step(&mut self, thread: ThreadId) -> Result<Verdict, EngineError> {
        self.judge_step_of_watches(thread)?;
        let shown = self.stops.get(&thread).is_some_and(ThreadStop::matters);
        Ok(if shown { Verdict::Show } else { Verdict::GoOn(None) })
    }

    fn judge_trap(&mut self, thread: ThreadId) -> Verdict {
        self.stops.entry(thread).or_default().hardcoded = true;
        Verdict::Show
    }

    /// The thread of interest is the one at which something happened: one that finished the step before one that hit a
    /// breakpoint, and otherwise the one selected before, if it is still there.
    pub(crate) fn select_after_stop(&mut self) {
        let find = |test: &dyn Fn(&ThreadStop) -> bool| {
            self.stops.iter().find(|(_, stop)| test(stop)).map(|(id, _)| *id)
        };
        let thread = find(&|stop| stop.signal.is_some() || stop.hardcoded)
            .or_else(|| find(&|stop| stop.call_return.is_some()))
            .or_else(|| find(&|stop| stop.step_finished))
            .or_else(|| find(&|stop| !stop.hits.is_empty()))
            .or_else(|| find(&|stop| stop.watch_ended));
        let threads = self.target.threads();
        let thread = thread
            .or_else(|| Some(self.selection.thread).filter(|thread| threads.contains(thread)))
            .or_else(|| threads.first().copied());
        if let Some(thread) = thread {
            self.select_thread_unchecked(thread);
        }
    }
}
