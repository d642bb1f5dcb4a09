//! `disconnect`, `terminate`, `restart`: how a session ends, or begins again.

use std::sync::PoisonError;

use adit_api::requests::RestartIn;
use serde_json::Value;

use crate::attributes::{Launch, Mode};
use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{DisconnectArguments, TerminateArguments};

use super::running::halt_command;
use super::{Adapter, Answer, Ended, Then, arguments};

impl Adapter {
    pub(super) fn disconnect(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: DisconnectArguments = arguments(request)?;
        let terminate = wanted.terminate_debuggee.unwrap_or(false);
        if self.is_kept() && !terminate {
            let state =
                self.host.shared.as_ref().and_then(|client| client.state(true).ok()).unwrap_or_default();
            let doing = match state {
                state if state.running => "running",
                state if state.exited => "exited",
                _ => "halted",
            };
            let place = &self.host.address;
            self.out.output(
                "console",
                format!("Closing client session, but leaving multi-client DAP server at {place} with debuggee {doing}\n"),
            );
            return Ok(Answer::empty()?.then(Then::End(Ended::Client)));
        }
        if let Some(alone) = &self.alone {
            self.out.output("console", format!("Terminating process {}\n", alone.pid));
            self.kill_alone();
            return Ok(Answer::empty()?.then(Then::End(Ended::Session)));
        }
        self.end_session(Some(terminate), wanted.suspend_debuggee.unwrap_or(false));
        Ok(Answer::empty()?.then(Then::End(Ended::Session)))
    }

    pub(super) fn terminate(&mut self, request: &Request) -> Result<Answer, Failure> {
        let _: TerminateArguments = arguments(request)?;
        match &self.alone {
            Some(_) => self.kill_alone(),
            None => self.end_session(Some(true), false),
        }
        Ok(Answer::empty()?.then(Then::End(Ended::Session)))
    }

    /// Lets go of the target, and says so. What is launched is killed, what was attached to is so if `terminate` says it.
    fn end_session(&mut self, terminate: Option<bool>, _suspend: bool) {
        if self.is_running() {
            if let Ok(client) = self.client() {
                let _ = client.cancel_downloads();
            }
            // The end is told below, not as a stop.
            drop(self.halt_run(|client| client.command(&halt_command())));
        }
        let Some(session) = self.session.take() else { return };
        let client = session.client;
        let state = client.state(true).unwrap_or_default();
        let kill = !client.attached_to_existing_process() || terminate.unwrap_or(false);
        let text = match (state.exited || session.ended, kill) {
            (true, _) => {
                let (pid, status) = (state.pid, state.exit_status);
                format!("Process {pid} has exited with status {status}\nDetaching\n")
            }
            (false, true) => "Detaching and terminating target process\n".to_owned(),
            (false, false) => "Detaching without terminating target process\n".to_owned(),
        };
        self.out.output("console", text);
        if let Err(error) = client.detach(kill) {
            self.out.output("important", format!("Error while disconnecting: {error}\n"));
        }
        self.host.launcher.clean();
    }

    /// The editor is gone without a word.
    pub(super) fn leave_session(&mut self) {
        self.kill_alone();
        if self.is_kept() {
            return;
        }
        self.end_session(None, false);
    }

    fn kill_alone(&mut self) {
        let Some(alone) = self.alone.take() else { return };
        let mut child = alone.child.lock().unwrap_or_else(PoisonError::into_inner);
        // It may be at its end already.
        let _ = child.kill();
        let _ = child.wait();
        drop(child);
        self.host.launcher.clean();
    }

    pub(super) fn restart_request(&mut self, request: &Request) -> Result<Answer, Failure> {
        let cannot = |why: &str| Err(Kind::Launch.because(why).headed("Cannot restart").shown());
        let Some(session) = &self.session else { return cannot("no session") };
        let Some(_) = &session.launch else {
            return cannot("cannot restart process Delve did not create");
        };
        let given = &request.arguments["arguments"];
        let launch = match given {
            Value::Null => None,
            given => Some(
                Launch::read(given)
                    .map_err(|why| Kind::Launch.because(why).headed("Cannot restart").shown())?,
            ),
        };
        Ok(Answer::empty()?.then(Then::Restart(Box::new(launch))))
    }

    /// Starts the target anew, with the attributes that are given now, or those of before.
    pub(super) fn restart(&mut self, launch: Option<Launch>, request: &Request) {
        if let Err(error) = self.try_restart(launch, request) {
            let failure = Kind::Launch.because(error).headed("Failed to restart").shown();
            self.out.failure(request, &failure);
            let gone =
                self.client().is_ok_and(|client| client.state(true).map_or(true, |state| state.exited));
            if gone {
                self.out.event("exited", &serde_json::json!({"exitCode": 0}));
                self.out.bare_event("terminated");
            }
        }
    }

    fn try_restart(&mut self, launch: Option<Launch>, request: &Request) -> Result<(), String> {
        let client = self.client().map_err(|failure| failure.text())?;
        if self.is_running() {
            // The stop is not the user's.
            drop(self.halt_run(|client| client.command(&halt_command())).map_err(|failure| failure.text())?);
        }
        self.forget_stop();
        self.host.launcher.drain();
        let rebuilds = request.arguments["arguments"]["rebuild"].as_bool().unwrap_or(true);
        let before = self.session.as_ref().and_then(|session| session.launch.clone());
        let Some(launch) = launch.or(before) else { return Ok(()) };
        let redirects = self.redirects(&launch)?;
        let restart = RestartIn {
            rebuild: rebuilds && matches!(launch.mode, Mode::Debug | Mode::Test),
            reset_args: true,
            new_args: launch.args.clone(),
            new_redirects: redirects
                .map(|path| path.map(|path| path.display().to_string()).unwrap_or_default()),
            ..RestartIn::default()
        };
        self.settings = launch.common.clone();
        if let Some(session) = &mut self.session {
            session.running = false;
            session.ended = false;
            session.launch = Some(launch);
        }
        client.restart(&restart).map_err(|error| error.to_string())?;
        self.breakpoints.begin(&client, &self.settings);
        self.out.bare_event("initialized");
        Ok(())
    }
}
