//! `continue`, steps, `pause`: letting the target run, and stopping it.

use std::time::{Duration, Instant};

use adit_api::{Client, DebuggerCommand, DebuggerState, command_name, stop_reason};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{NextArguments, StepBackArguments, StepInArguments, StepOutArguments};
use crate::protocol::events::ContinuedEventBody;
use crate::protocol::responses::ContinueResponseBody;
use crate::protocol::types::SteppingGranularity;

use super::{Adapter, Answer, Message, Then, arguments};

impl Adapter {
    pub(super) fn continue_(&mut self, _: &Request) -> Result<Answer, Failure> {
        let body = ContinueResponseBody { all_threads_continued: Some(true) };
        Ok(Answer::of(&body)?.then(Then::Run(Box::new(named(command_name::CONTINUE)))))
    }

    pub(super) fn next(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: NextArguments = arguments(request)?;
        let by = granular(wanted.granularity, command_name::NEXT, command_name::NEXT_INSTRUCTION);
        self.step(wanted.thread_id, by)
    }

    pub(super) fn step_in(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: StepInArguments = arguments(request)?;
        if let Some(call) = wanted.target_id.and_then(|id| self.calls.get(id)).copied() {
            return self.step_into_call(wanted.thread_id, call);
        }
        let by = granular(wanted.granularity, command_name::STEP, command_name::STEP_INSTRUCTION);
        self.step(wanted.thread_id, by)
    }

    pub(super) fn step_out(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: StepOutArguments = arguments(request)?;
        let by = granular(wanted.granularity, command_name::STEP_OUT, command_name::STEP_OUT);
        self.step(wanted.thread_id, by)
    }

    pub(super) fn step_back(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: StepBackArguments = arguments(request)?;
        let by =
            granular(wanted.granularity, command_name::REVERSE_NEXT, command_name::REVERSE_STEP_INSTRUCTION);
        self.step(wanted.thread_id, by)
    }

    pub(super) fn reverse_continue(&mut self, _: &Request) -> Result<Answer, Failure> {
        Ok(Answer::empty()?.then(Then::Run(Box::new(named(command_name::REWIND)))))
    }

    /// Steps the goroutine. That it goes on is said before the answer, as Delve does.
    fn step(&mut self, goroutine: i64, command: &'static str) -> Result<Answer, Failure> {
        self.step_by(goroutine, named(command))
    }

    pub(super) fn step_by(&mut self, goroutine: i64, command: DebuggerCommand) -> Result<Answer, Failure> {
        let client = self.client()?;
        let body = ContinuedEventBody { thread_id: goroutine, all_threads_continued: Some(true) };
        let state = client.state(false).unwrap_or_default();
        let selected = state.current_goroutine.as_ref().map_or(0, |goroutine| goroutine.id);
        // Goroutine 1 stands for the thread of a program that has no goroutines yet.
        if goroutine != selected && !(selected == 0 && goroutine == 1) {
            let switch = DebuggerCommand {
                name: command_name::SWITCH_GOROUTINE.to_owned(),
                goroutine_id: goroutine,
                ..DebuggerCommand::default()
            };
            if let Err(error) = client.command(&switch) {
                self.out.event("continued", &body);
                self.tell_error_stop(goroutine, &error.0);
                return Answer::empty();
            }
        }
        self.out.event("continued", &body);
        Ok(Answer::empty()?.then(Then::Run(Box::new(command))))
    }

    /// Lets the target run; what comes of it is a message.
    pub(super) fn run(&mut self, command: DebuggerCommand) {
        self.forget_stop();
        let Some(session) = &mut self.session else { return };
        session.running = true;
        session.halting = false;
        session.runner.run(command);
    }

    pub(super) fn pause(&mut self, _: &Request) -> Result<Answer, Failure> {
        let client = self.client()?;
        let Some(session) = self.session.as_mut().filter(|session| session.running) else {
            return Answer::empty();
        };
        session.halting = true;
        // Downloads of debug information would delay the stop.
        let _ = client.cancel_downloads();
        let outcome = self.halt_run(|client| client.command(&halt_command()))?;
        // The editor hears of the stop after the answer.
        self.waiting.push_front(Message::Ran(Box::new(outcome)));
        Answer::empty()
    }

    /// Does `work` while the target stands still. If it ran, it is stopped for that, and goes on as before: the editor
    /// does not hear of it, unless something happened in that very moment.
    pub(super) fn while_stopped<T>(&mut self, work: impl FnOnce(&mut Adapter) -> T) -> Result<T, Failure> {
        if !self.is_running() {
            return Ok(work(self));
        }
        let outcome = self.halt_run(|client| client.halt_and_keep_step())?;
        let goes_on = outcome.as_ref().is_ok_and(is_only_halted);
        if let Some(session) = &mut self.session {
            session.running = false;
        }
        let result = work(self);
        match goes_on {
            true => self.run(named(command_name::DIRECTION_CONGRUENT_CONTINUE)),
            false => self.ran(outcome),
        }
        Ok(result)
    }

    /// Stops the target, which runs, by `halt`; returns what came of the command that let it run. What else comes
    /// meanwhile is kept.
    pub(super) fn halt_run(
        &mut self,
        halt: impl Fn(&dyn Client) -> adit_api::Result<DebuggerState>,
    ) -> Result<adit_api::Result<DebuggerState>, Failure> {
        let client = self.client()?;
        loop {
            // One that comes before the target was resumed is over before that.
            halt(&*client).map_err(|error| Kind::Halt.because(error.to_string()))?;
            if let Some(outcome) = self.await_stop(Duration::from_millis(50)) {
                return Ok(outcome);
            }
        }
    }

    /// What came of the command that lets the target run, if it comes in time.
    fn await_stop(&mut self, patience: Duration) -> Option<adit_api::Result<DebuggerState>> {
        let kept = self.waiting.iter().position(|message| matches!(message, Message::Ran(_)));
        if let Some(Message::Ran(outcome)) = kept.and_then(|index| self.waiting.remove(index)) {
            return Some(*outcome);
        }
        let until = Instant::now() + patience;
        while let Ok(message) = self.queue.recv_timeout(until.saturating_duration_since(Instant::now())) {
            match message {
                Message::Ran(outcome) => return Some(*outcome),
                other => self.waiting.push_back(other),
            }
        }
        None
    }
}

/// A command that has nothing but a name.
pub(super) fn named(name: &str) -> DebuggerCommand {
    DebuggerCommand { name: name.to_owned(), ..DebuggerCommand::default() }
}

pub(super) fn halt_command() -> DebuggerCommand {
    named(command_name::HALT)
}

fn granular(
    granularity: Option<SteppingGranularity>,
    by_line: &'static str,
    by_instruction: &'static str,
) -> &'static str {
    match granularity {
        Some(SteppingGranularity::Instruction) => by_instruction,
        _ => by_line,
    }
}

/// Has nothing happened but that the target was stopped?
fn is_only_halted(state: &DebuggerState) -> bool {
    state.stop_reason == stop_reason::MANUAL
        && !state.exited
        && state.watch_out_of_scope.is_empty()
        && state.threads.iter().all(|thread| thread.breakpoint.is_none())
}
