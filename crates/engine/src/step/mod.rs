//! Steps in source lines: of a goroutine and a frame, not of a thread.
//!
//! A step is a set of temporary breakpoints, each with the goroutine and the frame for which it counts: on every other
//! line of the function, on the return address, on what is called if the step goes into calls. Frames are told apart by
//! their offset from the top of the goroutine's stack, which survives the stack being moved. Other goroutines that come
//! by run on; another breakpoint that stops them in between leaves the step waiting, to be continued or cancelled.

mod instruction;
mod into;
mod lines;
mod plan;

use adit_process::{Addr, Registers, ThreadId};

use crate::run::StopCause;
use crate::unwind::{Cursor, Frame};
use crate::{Debugger, EngineError};

/// What kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// To the next line of this function, or of its caller when it returns.
    Next,
    /// To the next line, wherever it is.
    Into,
    /// Until this function returns.
    Out,
}

/// What a temporary breakpoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepPoint {
    /// The step ends here.
    Stop,
    /// The step ends here, by the return of the function in which it began.
    Return,
    /// A call that the step may go into; its target is known when it is reached.
    Call {
        /// Through how many wrappers the step came here.
        wrappers: u8,
    },
    /// A `go` statement that the step goes into: the call of `runtime.newproc`.
    Go,
}

/// In which frame a temporary breakpoint counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameIs {
    /// Any.
    Any,
    /// The one whose CFA is this far from the top of the stack.
    At(i64),
}

/// A temporary breakpoint of a step.
#[derive(Clone, Copy, Debug)]
pub struct StepBreakpoint {
    pub(crate) point: StepPoint,
    /// Counts for this goroutine; before there are goroutines, for `thread`. `None`: for a goroutine that is yet to
    /// start.
    pub(crate) who: Who,
    pub(crate) frame: FrameIs,
}

/// For whom a temporary breakpoint counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Goroutine(i64),
    Thread(ThreadId),
    Anyone,
}

impl StepBreakpoint {
    /// Does it count for this thread, which runs this goroutine?
    pub(crate) fn concerns(&self, thread: ThreadId, goroutine: Option<i64>) -> bool {
        match self.who {
            Who::Goroutine(id) => goroutine == Some(id),
            Who::Thread(id) => id == thread,
            Who::Anyone => true,
        }
    }
}

/// What came of reaching a step's temporary breakpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepOutcome {
    /// The step is done.
    Finished,
    /// It is not.
    GoesOn,
}

/// The step under way.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) who: Who,
    /// The frame in which it began; its results are shown when it returns.
    pub(crate) from: Box<Frame>,
    /// The thread on which that frame returned, once it has.
    pub(crate) returned: Option<ThreadId>,
    pub(crate) kind: StepKind,
}

impl Debugger {
    /// Steps the selected goroutine, or, before there are goroutines, the selected thread.
    pub fn step(&mut self, kind: StepKind) -> Result<StopCause, EngineError> {
        self.check_alive()?;
        if self.step.is_some() {
            return Err(EngineError::NextWhileNexting);
        }
        let (who, frames) = self.step_start()?;
        if let Some(cause) = self.plan_step(kind, who, &frames)? {
            return Ok(cause);
        }
        self.step_until_done()
    }

    /// Is a step waiting that another breakpoint interrupted?
    pub fn step_in_progress(&self) -> bool {
        self.step.is_some()
    }

    /// Gives up the step that was interrupted.
    pub fn cancel_step(&mut self) -> Result<(), EngineError> {
        self.step = None;
        self.breakpoints.clear_steps();
        self.sync_breakpoints()
    }

    fn step_until_done(&mut self) -> Result<StopCause, EngineError> {
        self.sync_breakpoints()?;
        self.run()
    }

    /// Who steps, and the frames from which the step is planned: the topmost, its inlined callers, and the caller.
    fn step_start(&self) -> Result<(Who, Vec<Frame>), EngineError> {
        let who = match self.selection.goroutine {
            Some(id) => Who::Goroutine(id),
            None => Who::Thread(self.selection.thread),
        };
        let frames = self.stack_of_selection(64)?;
        Ok((who, frames))
    }

    /// The CFA offset of the innermost frame of a stopped thread.
    pub(crate) fn in_frame(&self, step: &StepBreakpoint, thread: ThreadId, registers: &Registers) -> bool {
        match step.frame {
            FrameIs::Any => true,
            FrameIs::At(offset) => {
                let Some(cfa) = self.unwinder().cfa(&Cursor::top(registers.clone())) else { return false };
                let top = self.stack_context_of_thread(thread).bounds.map_or(0, |(_, hi)| hi.0);
                cfa.0.wrapping_sub(top).cast_signed() == offset
            }
        }
    }

    /// A thread for which it counts reached a step's temporary breakpoint.
    pub(crate) fn advance_step(
        &mut self,
        at: &StepBreakpoint,
        thread: ThreadId,
    ) -> Result<StepOutcome, EngineError> {
        match at.point {
            StepPoint::Stop => Ok(StepOutcome::Finished),
            StepPoint::Return => {
                if let Some(step) = &mut self.step {
                    step.returned = Some(thread);
                }
                Ok(StepOutcome::Finished)
            }
            StepPoint::Call { wrappers } => self.step_into_call(thread, wrappers),
            StepPoint::Go => self.step_into_go(thread),
        }
    }

    /// After a stop: a step is over when it finished, and when its own goroutine hit a breakpoint on the way.
    pub(crate) fn settle_step(&mut self) {
        let Some(step) = &self.step else { return };
        let who = step.who;
        let over = self.stops.iter().any(|(thread, stop)| {
            let own = match who {
                Who::Goroutine(id) => self.goroutine_of_thread(*thread) == Some(id),
                Who::Thread(id) => id == *thread,
                Who::Anyone => true,
            };
            stop.step_finished || own && (!stop.hits.is_empty() || stop.hardcoded || stop.signal.is_some())
        });
        let interrupted_by_user = self.stops.is_empty();
        if over || interrupted_by_user {
            self.finished_step = self.step.take();
            self.breakpoints.clear_steps();
            // What cannot be removed now is ignored when it is hit.
            let _ = self.sync_breakpoints();
        }
    }

    /// The frame that returned in the last step, and the thread on which it did: its results can be shown.
    pub fn returned_frame(&self) -> Option<(&Frame, ThreadId)> {
        let step = self.finished_step.as_ref()?;
        Some((&step.from, step.returned?))
    }

    /// What kind of step ended last.
    pub fn finished_step_kind(&self) -> Option<StepKind> {
        self.finished_step.as_ref().map(|step| step.kind)
    }

    pub(crate) fn add_step_breakpoint(&mut self, addr: Addr, point: StepPoint, who: Who, frame: FrameIs) {
        self.breakpoints.add_step(addr, StepBreakpoint { point, who, frame });
    }

    /// Machine code from `start` to `end`, at most 64 KiB of it.
    pub(crate) fn code(&self, start: Addr, end: Addr) -> Vec<u8> {
        use adit_process::Memory;
        let len = end.0.saturating_sub(start.0).min(64 * 1024) as usize;
        let mut code = vec![0; len];
        match self.target.read(start, &mut code) {
            Ok(()) => code,
            Err(_) => Vec::new(),
        }
    }

    /// Architecture of the program.
    pub fn arch(&self) -> &'static adit_process::Arch {
        self.target.arch()
    }
}
