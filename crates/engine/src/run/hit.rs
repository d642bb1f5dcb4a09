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
        let pc = Addr(registers.pc());
        self.begin_hit(pc, thread);
        let owners = self.breakpoints.owners(pc).to_vec();
        let mut steps = Vec::new();
        let mut told = false;
        for owner in owners {
            match owner {
                Owner::Breakpoint(id) => told |= self.count_hit(id, thread, registers)?,
                Owner::Step(step) => steps.push(step),
                Owner::PluginLoaded => self.set_suspended_breakpoints()?,
                Owner::Watch(point) => self.reach_watch_point(point, thread, registers)?,
            }
        }
        self.end_hit(pc, thread, told);
        for step in steps {
            if step.concerns(thread, self.goroutine_of_thread(thread))
                && self.in_frame(&step, thread, registers)
            {
                match self.advance_step(&step, thread)? {
                    StepOutcome::Finished => self.stops.entry(thread).or_default().step_finished = true,
                    StepOutcome::GoesOn => {}
                }
            }
        }
        let shown = self.stops.get(&thread).is_some_and(super::ThreadStop::matters);
        Ok(if shown { Verdict::Show } else { Verdict::GoOn(None) })
    }

    /// Counts a hit if the breakpoint's condition holds. `true`: it was a tracepoint's, and was told of.
    pub(crate) fn count_hit(
        &mut self,
        id: BreakpointId,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<bool, EngineError> {
        let Some(breakpoint) = self.breakpoints.get(id) else { return Ok(false) };
        let holds = match breakpoint.condition.clone() {
            None => Ok(true),
            Some(condition) => self.condition_holds(&condition, thread, registers),
        };
        // A condition that cannot be evaluated stops: better once too often than never.
        let error = holds.as_ref().err().cloned();
        if holds == Ok(false) {
            return Ok(false);
        }
        let goroutine = self.goroutine_of_thread(thread);
        let Some(breakpoint) = self.breakpoints.get_mut(id) else { return Ok(false) };
        let counts = breakpoint.count_hit(goroutine);
        let spent = breakpoint.is_spent();
        let traced = counts && error.is_none() && self.trace_hit(id, thread, registers);
        if (counts || error.is_some()) && !traced {
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
        Ok(traced)
    }
}
