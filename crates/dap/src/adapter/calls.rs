//! `stepInTargets`: which of a line's calls a step goes into.

use adit_api::{DebuggerCommand, StepTarget, command_name};

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::responses::StepInTargetsResponseBody;
use crate::protocol::types::StepInTarget;

use super::threads::without_folders;
use super::{Adapter, Answer};

impl Adapter {
    pub(super) fn step_in_targets(&mut self, _: &Request) -> Result<Answer, Failure> {
        let client = self.client()?;
        let calls = client.step_targets().map_err(|error| Kind::StackTrace.because(error.to_string()))?;
        let targets = calls.iter().enumerate().map(|(index, call)| StepInTarget {
            id: self.calls.add(call.addr),
            label: label(index, call),
            ..StepInTarget::default()
        });
        let targets = targets.collect();
        Answer::of(&StepInTargetsResponseBody { targets })
    }

    /// Steps into a chosen call, and over all others.
    pub(super) fn step_into_call(&mut self, goroutine: i64, call: u64) -> Result<Answer, Failure> {
        let command = DebuggerCommand {
            name: command_name::STEP_INTO_CALL.to_owned(),
            expr: format!("{call:#x}"),
            ..DebuggerCommand::default()
        };
        self.step_by(goroutine, command)
    }
}

fn label(index: usize, call: &StepTarget) -> String {
    match call.function.as_str() {
        "" => format!("call {} of the line, of a function value or method", index + 1),
        function => without_folders(function).to_owned(),
    }
}
