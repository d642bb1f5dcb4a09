//! A thread stands at a breakpoint: whose is it, and does it count?

use adit_process::{Addr, Registers, ThreadId};

use super::Verdict;
use crate::breakpoint::{BreakpointId, Owner};
use crate::step::StepOutcome;
use crate::{Debugger, EngineError};

impl Debugger {
    /// Asks every owner of the address at which `thread` stands.
    pub(super) fn judge_breakpoint(
        &mut self,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<Verdict, EngineError> {
        let owners = self.breakpoints.owners(Addr(registers.pc())).to_vec();
        let goroutine = self.goroutine_of_thread(thread);
        let mut steps = Vec::new();
        for owner in owners {
            match owner {
                Owner::Breakpoint(id) => self.count_hit(id, thread, goroutine)?,
                Owner::Step(step) => steps.push(step),
                Owner::Watch(point) => self.reach_watch_point(point, thread, registers)?,
            }
        }
        for step in steps {
            if step.concerns(thread, goroutine) && self.in_frame(&step, thread, registers) {
                match self.advance_step(&step, thread)? {
                    StepOutcome::Finished => self.stops.entry(thread).or_default().step_finished = true,
                    StepOutcome::GoesOn => {}
                }
            }
        }
        let shown = self.stops.get(&thread).is_some_and(super::ThreadStop::matters);
        Ok(if shown { Verdict::Show } else { Verdict::GoOn(None) })
    }

    pub(crate) fn count_hit(
        &mut self,
        id: BreakpointId,
        thread: ThreadId,
        goroutine: Option<i64>,
    ) -> Result<(), EngineError> {
        let Some(breakpoint) = self.breakpoints.get(id) else { return Ok(()) };
        let holds = match breakpoint.condition.clone() {
            None => Ok(true),
            Some(condition) => self.condition_holds(&condition, thread),
        };
        // A condition that cannot be evaluated stops: better once too often than never.
        let error = holds.as_ref().err().cloned();
        if holds == Ok(false) {
            return Ok(());
        }
        let Some(breakpoint) = self.breakpoints.get_mut(id) else { return Ok(()) };
        let counts = breakpoint.count_hit(goroutine);
        let spent = breakpoint.is_spent();
        if counts || error.is_some() {
            let stop = self.stops.entry(thread).or_default();
            stop.hits.push(id);
            if stop.condition_error.is_none() {
                stop.condition_error = error;
            }
        }
        if spent {
            self.breakpoints.retire(id);
            self.sync_breakpoints()?;
        }
        Ok(())
    }
}
