//! Commands that let the program run, and those that select what is looked at.

use adit_api::requests::RestartIn;
use adit_api::{
    ClientError, DebuggerCommand, DebuggerState, DiscardedBreakpoint, Event, EventKind, Result, StepTarget,
    command_name, parse_address,
};
use adit_engine::EngineError;
use adit_engine::breakpoint::BreakpointId;
use adit_engine::run::StopCause;
use adit_engine::step::StepKind;
use adit_process::{Addr, ThreadId};

use crate::convert::load_config;
use crate::owner::{Owner, client_error};
use crate::{Target, launch};

impl Owner {
    pub(crate) fn command(&mut self, command: &DebuggerCommand) -> Result<DebuggerState> {
        match command.name.as_str() {
            command_name::CONTINUE | command_name::DIRECTION_CONGRUENT_CONTINUE => {
                self.run(command.with_events, adit_engine::Debugger::continue_)
            }
            command_name::NEXT => self.run(command.with_events, |debugger| debugger.step(StepKind::Next)),
            command_name::STEP => self.run(command.with_events, |debugger| debugger.step(StepKind::Into)),
            command_name::STEP_OUT => self.run(command.with_events, |debugger| debugger.step(StepKind::Out)),
            command_name::STEP_INSTRUCTION => {
                self.run(command.with_events, |debugger| debugger.step_instruction(false))
            }
            command_name::NEXT_INSTRUCTION => {
                self.run(command.with_events, |debugger| debugger.step_instruction(true))
            }
            command_name::STEP_INTO_CALL => {
                let addr = parse_address(&command.expr)
                    .ok_or_else(|| ClientError(format!("{:?} is not an address", command.expr)))?;
                self.run(command.with_events, |debugger| debugger.step(StepKind::IntoCall(Addr(addr))))
            }
            command_name::SWITCH_THREAD => {
                self.debugger.select_thread(ThreadId(command.thread_id)).map_err(client_error)?;
                self.state()
            }
            command_name::SWITCH_GOROUTINE => {
                self.debugger.select_goroutine(command.goroutine_id).map_err(client_error)?;
                self.state()
            }
            command_name::REWIND
            | command_name::REVERSE_NEXT
            | command_name::REVERSE_STEP
            | command_name::REVERSE_STEP_OUT
            | command_name::REVERSE_STEP_INSTRUCTION
            | command_name::REVERSE_NEXT_INSTRUCTION => Err(ClientError("not a recording".to_owned())),
            command_name::CALL => self.call(command),
            _ => self.state(),
        }
    }

    pub(crate) fn step_targets(&self) -> Result<Vec<StepTarget>> {
        let targets = self.debugger.step_targets().map_err(client_error)?;
        let api = |target: adit_engine::step::StepTarget| StepTarget {
            addr: target.addr.0,
            function: target.function.unwrap_or_default(),
        };
        Ok(targets.into_iter().map(api).collect())
    }

    fn call(&mut self, command: &DebuggerCommand) -> Result<DebuggerState> {
        let Some(config) = &command.return_info_load_config else {
            return Err(ClientError("can not call function with nil ReturnInfoLoadConfig".to_owned()));
        };
        let (config, goroutine) = (load_config(config), Some(command.goroutine_id).filter(|id| *id > 0));
        let state = self.run(command.with_events, |debugger| {
            debugger.call(goroutine, &command.expr, &config, command.unsafe_call)
        })?;
        let failed =
            self.debugger.stops().values().find_map(|stop| stop.call_return.as_ref()?.as_ref().err());
        match failed {
            Some(reason) => Err(ClientError(reason.clone())),
            None => Ok(state),
        }
    }

    /// Lets the program run as `go` says. Its end is not an error, but a state.
    fn run(
        &mut self,
        with_events: bool,
        go: impl FnOnce(&mut adit_engine::Debugger) -> std::result::Result<StopCause, EngineError>,
    ) -> Result<DebuggerState> {
        let suspended = if with_events { self.suspended() } else { Vec::new() };
        self.events.resumed(with_events);
        self.run_state.set(Some(self.debugger.interrupter()));
        let outcome = go(&mut self.debugger);
        self.run_state.set(None);
        self.tell_materialized(&suspended);
        self.events.stopped();
        match outcome {
            Ok(cause) => self.cause = cause,
            Err(EngineError::Exited(_, status)) => self.cause = StopCause::Exited(status),
            Err(error) => return Err(client_error(error)),
        }
        self.debugger.leave_ended_target();
        self.debugger.clear_interrupt();
        if let Some(error) = self.condition_error() {
            return Err(ClientError(error));
        }
        self.stopped_state()
    }

    /// The breakpoints whose place does not exist yet.
    fn suspended(&self) -> Vec<BreakpointId> {
        let all = self.debugger.breakpoints().iter();
        all.filter(|b| b.id.0 > 0 && b.addrs.is_empty()).map(|b| b.id).collect()
    }

    /// Tells which of these have a place now.
    fn tell_materialized(&self, suspended: &[BreakpointId]) {
        let found = suspended.iter().filter_map(|id| self.debugger.breakpoints().get(*id));
        for breakpoint in found.filter(|breakpoint| !breakpoint.addrs.is_empty()) {
            let breakpoint = Some(self.api_breakpoint(breakpoint));
            self.events.add(Event {
                kind: EventKind::BREAKPOINT_MATERIALIZED,
                breakpoint,
                ..Event::default()
            });
        }
    }

    /// Why a breakpoint's condition could not be evaluated: the command that hit it fails with that.
    fn condition_error(&self) -> Option<String> {
        let targets = self.debugger.targets();
        let stops = targets.iter().flat_map(|target| target.stops().values());
        let mut errors = stops.filter_map(|stop| stop.condition_error.clone());
        let first = errors.next()?;
        Some(if errors.next().is_some() { "multiple errors evaluating conditions".to_owned() } else { first })
    }

    pub(crate) fn cancel_next(&mut self) -> Result<()> {
        self.debugger.cancel_step();
        Ok(())
    }

    pub(crate) fn restart(&mut self, request: &RestartIn) -> Result<Vec<DiscardedBreakpoint>> {
        if self.debugger.not_started().is_some() {
            self.debugger.check_started().map_err(client_error)?;
        }
        let Target::Launch { path, args, redirects, .. } = &mut self.target else {
            return Err(ClientError("cannot restart process Delve did not create".to_owned()));
        };
        if !request.position.is_empty() || request.rerecord {
            return Err(ClientError("not a recording".to_owned()));
        }
        if request.reset_args {
            args.clone_from(&request.new_args);
            for (redirect, new) in redirects.iter_mut().zip(&request.new_redirects) {
                *redirect = Some(new.as_str()).filter(|new| !new.is_empty()).map(Into::into);
            }
        }
        if request.rebuild {
            let Some(rebuild) = &self.rebuild else {
                return Err(ClientError("cannot rebuild a binary".to_owned()));
            };
            *path = rebuild().map_err(|error| ClientError(format!("could not rebuild process: {error}")))?;
        }
        let path = path.clone();
        self.debugger.kill().map_err(client_error)?;
        let (process, binary) =
            launch::start_process(&self.target, &path, self.check_go_version, &self.wanted_directories())
                .map_err(|error| ClientError(error.to_string()))?;
        let discarded = self.debugger.restart(process, binary).map_err(client_error)?;
        self.cause = StopCause::Launched;
        self.download_executable_debug_info();
        Ok(discarded
            .into_iter()
            .map(|(breakpoint, reason)| DiscardedBreakpoint {
                breakpoint: Some(self.api_breakpoint(&breakpoint)),
                reason,
            })
            .collect())
    }

    pub(crate) fn detach(&mut self, kill: bool) -> Result<()> {
        let launched = !matches!(self.target, Target::Attach { .. });
        self.over = true;
        let done = if kill || launched { self.debugger.kill() } else { self.debugger.detach() };
        match done {
            Ok(()) | Err(EngineError::Exited(..) | EngineError::Detached) => Ok(()),
            Err(error) => Err(client_error(error)),
        }
    }
}
