//! Stepping into the coroutines of `iter.Pull`, and out of them: a call of `next`, `stop` or `yield` goes on in another
//! goroutine, in the function that somebody wrote there, and not in the machinery between them (`iter/iter.go`,
//! `runtime/coro.go`, go1.23).

use adit_arch::disasm::Flow;
use adit_goruntime::functions;
use adit_process::{Addr, ThreadId};

use super::{FrameIs, StepOutcome, StepPoint, Who};
use crate::unwind::Frame;
use crate::{Debugger, EngineError};

/// Frames of a waiting coroutine that are looked at for one that is not machinery.
const MOST_FRAMES: usize = 32;

impl Debugger {
    /// Is this function a part of `iter.Pull` that switches between goroutines?
    pub(super) fn is_coroutine_machinery(&self, addr: Addr) -> bool {
        self.with_function(addr, |function| functions::is_pull_closure(function.name())).unwrap_or(false)
    }

    /// The step goes along where `who` switches to another coroutine.
    pub(super) fn follow_switch(&mut self, who: Who) {
        self.follow_coroutine(functions::COROSWITCH, who);
    }

    /// The step goes along where `who` ends as a coroutine.
    pub(super) fn follow_end_of_coroutine(&mut self, who: Who) {
        self.follow_coroutine(functions::COROEXIT, who);
    }

    fn follow_coroutine(&mut self, by: &'static str, who: Who) {
        if let Some(entry) = self.image.runtime_function(by) {
            self.add_step_breakpoint(entry, StepPoint::Coroutine, who, FrameIs::Any);
        }
    }

    /// The thread is about to switch: the step ends where the other coroutine goes on. The `coro` is the only argument,
    /// and its first field the goroutine that waits.
    pub(super) fn step_into_coroutine(&mut self, thread: ThreadId) -> Result<StepOutcome, EngineError> {
        if let Some(coro) = self.first_argument(thread)
            && let Ok(g) = self.target.read_pointer(coro)
            && let Ok(waiting) = self.runtime()?.go.goroutine(&self.target, g)
        {
            let who = Who::Goroutine(waiting.id);
            let (start, context) = self.stack_start(&waiting, None);
            let frames = self.unwinder().frames(start, &context, MOST_FRAMES);
            let is_own = |frame: &&Frame| {
                let name = frame.function();
                !frame.inlined() && !functions::is_unexported_runtime(name) && !name.starts_with("iter.")
            };
            match frames.iter().find(is_own) {
                Some(frame) => {
                    self.add_step_breakpoint(frame.pc, StepPoint::Stop, who, FrameIs::At(frame.offset));
                }
                None => self.follow_new_coroutine(coro, who),
            }
            self.sync_breakpoints()?;
        }
        Ok(StepOutcome::GoesOn)
    }

    /// A coroutine that has not run yet calls the function that somebody wrote by its value.
    fn follow_new_coroutine(&mut self, coro: Addr, who: Who) {
        let word = i64::from(self.arch().pointer_size);
        let closure = self.target.read_pointer(coro.offset(word));
        let entry = closure.and_then(|closure| self.target.read_pointer(closure));
        let Some((start, end)) = entry.ok().and_then(|entry| self.function_range(entry)) else { return };
        for (addr, _) in self.instructions(start, end).iter().filter(|(_, flow)| *flow == Flow::Call(None)) {
            self.add_step_breakpoint(*addr, StepPoint::Call { wrappers: 0 }, who, FrameIs::Any);
        }
    }
}
