//! Watching without the CPU's help: one thread at a time executes one instruction, and the memory is compared.
//!
//! Only one thread executes the program's own instructions at any time, so it is known which one wrote. Threads in
//! system calls are left there meanwhile, as they may wait for others; what the kernel writes for one of them is found,
//! too.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use adit_process::{Memory, Resume, ThreadId};

use super::Means;
use crate::breakpoint::BreakpointId;
use crate::run::StopCause;
use crate::{Debugger, EngineError};

impl Debugger {
    /// The watchpoints that are watched so.
    pub(crate) fn watches_by_stepping(&self) -> Vec<BreakpointId> {
        let all = self.breakpoints.watches();
        all.filter(|(_, watched)| matches!(watched.means, Means::Stepping(_))).map(|(id, _)| id).collect()
    }

    /// Takes what is in a watchpoint's memory now for what was there before: the debugger itself changed it.
    pub(super) fn refresh_watched_bytes(&mut self, id: BreakpointId) {
        let Some(watched) = self.breakpoints.watched(id) else { return };
        let mut bytes = vec![0; watched.len as usize];
        if self.target.read(watched.addr, &mut bytes).is_ok()
            && let Some(Means::Stepping(before)) =
                self.breakpoints.watched_mut(id).map(|watched| &mut watched.means)
        {
            *before = bytes;
        }
    }

    /// Lets all threads run, one instruction of one thread at a time, until something is to be shown.
    pub(crate) fn run_by_steps(&mut self) -> Result<StopCause, EngineError> {
        for id in self.watches_by_stepping() {
            self.refresh_watched_bytes(id);
        }
        let mut ready = VecDeque::from(self.target.threads());
        loop {
            let current = match ready.pop_front() {
                Some(thread) => self.trace(thread)?.then_some(thread),
                None => None,
            };
            self.traced = current;
            // A thread in the kernel is heard of when it comes back; but somebody has to be waited for.
            if current.is_none() && !ready.is_empty() {
                continue;
            }
            loop {
                let thread = match self.wait_and_judge()? {
                    ControlFlow::Break(cause) => return Ok(cause),
                    ControlFlow::Continue(thread) => thread,
                };
                ready.push_back(thread);
                if current
                    .is_none_or(|current| current == thread || !self.target.threads().contains(&current))
                {
                    break;
                }
            }
        }
    }

    /// Lets a thread execute one instruction. `false`: it is a system call, which may take any time.
    fn trace(&mut self, thread: ThreadId) -> Result<bool, EngineError> {
        let waits = self.target.may_wait(thread);
        self.resume_with_kept_signal(thread, Resume::Trace)?;
        Ok(!waits)
    }
}
