//! All processes run, until something happens in any of them that the user wants to see.

use adit_process::{ExitStatus, ProcessError, StopEvent, StopReason};

use crate::run::{StopCause, Verdict};
use crate::{Debugger, EngineError};

/// What ended a run of all processes.
enum Shown {
    /// The process that came as the nth stopped for this cause.
    Stop(usize, StopCause),
    /// The user asked for it.
    Manual,
    /// All have ended, the first in this way.
    AllEnded(ExitStatus),
}

impl Debugger {
    /// [`Debugger::run`] for several processes. The one in which something happened is selected afterwards.
    pub(crate) fn run_group(&mut self) -> Result<StopCause, EngineError> {
        loop {
            self.adopt_children(false)?;
            for index in 0..self.member_count() {
                if let Some(member) = self.live_member(index) {
                    member.start()?;
                }
            }
            let cause = match self.run_until_shown()? {
                Shown::AllEnded(status) => return Ok(StopCause::Exited(status)),
                Shown::Stop(nth, cause) => self.end_group_run(Some((nth, cause)))?,
                Shown::Manual => self.end_group_run(None)?,
            };
            if let Some(cause) = cause {
                return Ok(cause);
            }
        }
    }

    /// How many processes there are, with one that may have ended: the first.
    fn member_count(&self) -> usize {
        self.group.others.len() + 1
    }

    /// The selected process (0), or one of the others.
    fn member(&mut self, index: usize) -> Option<&mut Debugger> {
        match index.checked_sub(1) {
            None => Some(self),
            Some(index) => self.group.others.get_mut(index),
        }
    }

    fn live_member(&mut self, index: usize) -> Option<&mut Debugger> {
        self.member(index).filter(|member| member.ended.is_none())
    }

    /// Which process is to be waited for: one that has something to report, each in its turn, or the one that was
    /// asked last. While it waits it is told what happens to any of them.
    fn next_to_ask(&mut self, last: usize) -> usize {
        let count = self.member_count();
        let in_turn = || (1..=count).map(|step| (last + step) % count);
        let ready =
            in_turn().find(|&index| self.live_member(index).is_some_and(|member| member.target.has_event()));
        let last = Some(last).filter(|&last| self.live_member(last).is_some());
        ready.or(last).or_else(|| in_turn().find(|&index| self.live_member(index).is_some())).unwrap_or(0)
    }

    fn run_until_shown(&mut self) -> Result<Shown, EngineError> {
        let mut last = 0;
        loop {
            last = self.next_to_ask(last);
            let Some(member) = self.member(last) else { continue };
            let event = match member.target.wait() {
                Ok(event) => event,
                Err(ProcessError::Exited { status, .. }) => {
                    StopEvent { thread: member.selection.thread, reason: StopReason::Exited(status) }
                }
                Err(error) => return Err(error.into()),
            };
            match event.reason {
                StopReason::Exited(status) => {
                    member.has_exited(status);
                    // Its last children may be there only now.
                    self.adopt_children(true)?;
                    if let Some(status) = self.leave_ended_target() {
                        return Ok(Shown::AllEnded(status));
                    }
                    last = 0;
                }
                StopReason::Interrupted => return Ok(Shown::Manual),
                StopReason::Elsewhere(_) => self.adopt_children(true)?,
                _ => match member.judge(event)? {
                    Verdict::Show => return Ok(Shown::Stop(member.nth, member.cause_of(event))),
                    Verdict::GoOn(signal) => {
                        member.keep_signal(event.thread, signal);
                        member.let_go(event.thread)?;
                    }
                },
            }
        }
    }

    /// Stops all processes, and selects the one at which something happened. `None`: that one has ended while the
    /// others were being stopped, and nothing happened to these.
    fn end_group_run(&mut self, shown: Option<(usize, StopCause)>) -> Result<Option<StopCause>, EngineError> {
        for index in 0..self.member_count() {
            let Some(member) = self.live_member(index) else { continue };
            if let Some(status) = member.hold()? {
                member.has_exited(status);
            }
            member.forget_stop_caches();
        }
        self.adopt_children(false)?;
        if let Some(status) = self.leave_ended_target() {
            return Ok(Some(StopCause::Exited(status)));
        }
        for index in 0..self.member_count() {
            let Some(member) = self.live_member(index) else { continue };
            // A step goes on waiting when it was something in another process that stopped this one.
            if shown.is_none() || !member.stops.is_empty() {
                member.settle_step();
            }
            member.select_after_stop();
            let thread = member.selection.thread;
            if member.stops.get(&thread).is_some_and(|stop| stop.hardcoded) {
                member.leave_breakpoint_function(thread)?;
            }
        }
        Ok(self.select_shown(shown))
    }

    fn select_shown(&mut self, shown: Option<(usize, StopCause)>) -> Option<StopCause> {
        let count = self.member_count();
        if let Some((nth, cause)) = shown
            && let Some(index) =
                (0..count).find(|&index| self.live_member(index).is_some_and(|member| member.nth == nth))
        {
            self.select_member(index);
            return Some(cause);
        }
        let stopped =
            (0..count).find(|&index| self.live_member(index).is_some_and(|member| !member.stops.is_empty()));
        if let Some(index) = stopped {
            self.select_member(index);
        }
        match (shown, stopped) {
            (None, _) => Some(StopCause::Manual),
            (Some(_), Some(_)) => {
                let thread = self.selection.thread;
                Some(self.cause_of(StopEvent { thread, reason: StopReason::Interrupted }))
            }
            (Some(_), None) => None,
        }
    }

    fn select_member(&mut self, index: usize) {
        if let Some(index) = index.checked_sub(1) {
            self.exchange(index);
        }
    }
}
