//! Watching without the CPU's help: one thread at a time executes one instruction, and the memory is compared.
//!
//! Only one thread executes the program's own instructions at any time, so it is known which one wrote. Threads in
//! system calls are left there meanwhile, as they may wait for others; what the kernel writes for one of them is found,
//! too.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use adit_process::{Resume, ThreadId};

use super::Means;
use crate::breakpoint::BreakpointId;
use crate::run::StopCause;
use crate::{Debugger, EngineError};

impl Debugger {
    /// The watchpoints that are watched so.
    pub(crate) fn watches_by_stepping(&self) -> Vec<BreakpointId> {
        let all = self.breakpoints.watches();
        all.filter(|(_, watched)| matches!(watched.means, Means::Stepping)).map(|(id, _)| id).collect()
    }

    /// Takes what is in a watchpoint's memory now for what was there before: the debugger itself changed it.
    pub(super) fn refresh_watched_bytes(&mut self, id: BreakpointId) {
        self.look_at_watched(id);
    }

    /// The same for all watchpoints.
    pub(crate) fn refresh_all_watched(&mut self) {
        let all: Vec<BreakpointId> = self.breakpoints.watches().map(|(id, _)| id).collect();
        for id in all {
            self.look_at_watched(id);
        }
    }

    /// Lets all threads run, one instruction of one thread at a time, until something is to be shown.
    pub(crate) fn run_by_steps(&mut self) -> Result<StopCause, EngineError> {
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
