//! Breakpoints as an editor sets them: all of a kind at once, each request in place of the one before.
//!
//! The session is asked which there are: a breakpoint's name says which editor's wish it fulfils, as Delve names them
//! too, so that several editors of one session, or a prompt beside them, see the same.

mod data;
mod exceptions;
mod functions;
mod instructions;
mod log;
mod sources;

use std::collections::HashSet;
use std::sync::Arc;

use adit_api::requests::{AmendBreakpointIn, CreateBreakpointIn};
use adit_api::{Breakpoint, Client, DebuggerState, Result, TraceHit, TraceSink};

use crate::attributes::Common;
use crate::failure::{Failure, Kind};
use crate::outgoing::Outgoing;
use crate::protocol::types;

use super::Adapter;
use log::{LogPoint, LogPoints};

/// What a breakpoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Source,
    Function,
    Instruction,
    Data,
    /// It is not an editor's.
    Other,
}

/// What is kept of breakpoints beside what the session has.
pub(crate) struct Breakpoints {
    logs: Arc<LogPoints>,
    /// Those that wait for their place to be loaded, and of which the editor will hear then.
    waiting: Vec<i64>,
}

impl Breakpoints {
    pub(super) fn new(out: Outgoing) -> Breakpoints {
        Breakpoints { logs: Arc::new(LogPoints::new(out)), waiting: Vec::new() }
    }

    /// A session begins, or the target starts anew.
    pub(super) fn begin(&mut self, client: &Arc<dyn Client>, settings: &Common) {
        self.set_rules(settings);
        let sink: Arc<dyn TraceSink> = self.logs.clone();
        // Otherwise each hit ends the command that lets the target run, and is logged then.
        let _ = client.trace_into(&sink);
        self.waiting.clear();
    }

    /// The paths that the editor knows are others now.
    pub(super) fn set_rules(&self, settings: &Common) {
        self.logs.set_rules(&settings.substitute_path);
    }

    /// Logs the hits of log points at which threads stand.
    pub(super) fn log_hits(&self, state: &DebuggerState) {
        for thread in &state.threads {
            if let Some(hit) = TraceHit::of_thread(thread) {
                self.logs.hit(hit);
            }
        }
    }

    pub(super) fn purpose_of(&self, breakpoint: &Breakpoint) -> Purpose {
        let begins = |prefix: &str| breakpoint.name.starts_with(prefix);
        match breakpoint.watch_type.0 {
            0 if begins(sources::NAME) => Purpose::Source,
            0 if begins(functions::NAME) => Purpose::Function,
            0 if begins(instructions::NAME) => Purpose::Instruction,
            0 => Purpose::Other,
            _ => Purpose::Data,
        }
    }
}

/// One breakpoint that an editor wants.
struct Wanted {
    /// Says what it is for; no two of a kind have the same.
    name: String,
    condition: String,
    hit_condition: String,
    log: Option<LogPoint>,
    /// How it is made, or why it cannot be.
    place: std::result::Result<Place, String>,
}

/// How a breakpoint is made.
enum Place {
    Breakpoint(Box<CreateBreakpointIn>),
    Watch(Box<adit_api::requests::CreateWatchpointIn>),
}

impl Wanted {
    /// Writes what it asks for into a breakpoint.
    fn apply(&self, breakpoint: &mut Breakpoint) {
        breakpoint.name.clone_from(&self.name);
        breakpoint.cond.clone_from(&self.condition);
        breakpoint.hit_cond.clone_from(&self.hit_condition);
        breakpoint.tracepoint = self.log.is_some();
        breakpoint.variables = self.log.as_ref().map(|log| log.expressions.clone()).unwrap_or_default();
    }
}

impl Adapter {
    /// Makes the breakpoints whose names begin with `prefix` be those that are wanted. What becomes of each is answered
    /// in the same order.
    fn replace_breakpoints(
        &mut self,
        prefix: &str,
        wanted: Vec<Wanted>,
    ) -> std::result::Result<Vec<types::Breakpoint>, Failure> {
        let client = self.client()?;
        let there = client.list_breakpoints(false);
        let there = there.map_err(|error| Kind::SetBreakpoints.because(error.to_string()))?;
        let mut there: Vec<Breakpoint> =
            there.into_iter().filter(|breakpoint| breakpoint.name.starts_with(prefix)).collect();
        let names: HashSet<&str> = wanted.iter().map(|wanted| wanted.name.as_str()).collect();
        for breakpoint in there.extract_if(.., |breakpoint| !names.contains(breakpoint.name.as_str())) {
            // One that went out of scope meanwhile is gone already.
            let _ = client.clear_breakpoint(breakpoint.id, "");
            self.breakpoints.logs.remove(breakpoint.id);
        }
        let mut done = HashSet::new();
        let mut answers = Vec::new();
        for wanted in &wanted {
            let set = match done.insert(wanted.name.as_str()) {
                false => Err("breakpoint already exists".into()),
                true => {
                    let there = there.iter().find(|breakpoint| breakpoint.name == wanted.name);
                    self.set_breakpoint(&*client, wanted, there)
                }
            };
            answers.push(self.breakpoint_answer(set));
        }
        Ok(answers)
    }

    fn set_breakpoint(
        &mut self,
        client: &dyn Client,
        wanted: &Wanted,
        there: Option<&Breakpoint>,
    ) -> Result<Breakpoint> {
        let breakpoint = match there {
            Some(there) => {
                let mut amended = there.clone();
                amended.disabled = false;
                wanted.apply(&mut amended);
                client.amend_breakpoint(&AmendBreakpointIn { breakpoint: amended })?;
                client.get_breakpoint(there.id, "")?
            }
            None => self.make_breakpoint(client, wanted)?,
        };
        match &wanted.log {
            Some(log) => self.breakpoints.logs.add(breakpoint.id, log.clone()),
            None => self.breakpoints.logs.remove(breakpoint.id),
        }
        Ok(breakpoint)
    }

    fn make_breakpoint(&mut self, client: &dyn Client, wanted: &Wanted) -> Result<Breakpoint> {
        match wanted.place.as_ref().map_err(|why| adit_api::ClientError(why.clone()))? {
            Place::Breakpoint(request) => {
                let mut request = (**request).clone();
                wanted.apply(&mut request.breakpoint);
                let made = client.create_breakpoint(&request);
                if made.is_ok() || !self.may_load_code(client) {
                    return made;
                }
                request.suspended = true;
                let made = client.create_breakpoint(&request)?;
                if made.addrs.is_empty() {
                    self.breakpoints.waiting.push(made.id);
                }
                Ok(made)
            }
            Place::Watch(request) => {
                let mut made = client.create_watchpoint(request)?;
                wanted.apply(&mut made);
                client.amend_breakpoint(&AmendBreakpointIn { breakpoint: made.clone() })?;
                Ok(made)
            }
        }
    }

    /// May there be code later that is not there yet: of children, or of plugins?
    fn may_load_code(&self, client: &dyn Client) -> bool {
        self.settings.follow_exec
            || client.list_functions("^plugin[.]open$", 0).is_ok_and(|functions| !functions.is_empty())
    }

    fn breakpoint_answer(&self, set: Result<Breakpoint>) -> types::Breakpoint {
        match set {
            Ok(set) if set.addrs.is_empty() && set.watch_type.0 == 0 => types::Breakpoint {
                id: Some(set.id),
                message: Some("unable to set breakpoint".to_owned()),
                ..types::Breakpoint::default()
            },
            Ok(set) => types::Breakpoint {
                id: Some(set.id),
                verified: true,
                line: Some(set.line).filter(|&line| line > 0),
                source: self.source(&set.file),
                ..types::Breakpoint::default()
            },
            Err(error) => {
                types::Breakpoint { message: Some(error.to_string()), ..types::Breakpoint::default() }
            }
        }
    }

    /// Breakpoints that waited for their place may have found it while the target ran.
    pub(super) fn tell_found_breakpoints(&mut self) {
        let Ok(client) = self.client() else { return };
        let waiting = std::mem::take(&mut self.breakpoints.waiting);
        for id in waiting {
            match client.get_breakpoint(id, "") {
                Ok(found) if !found.addrs.is_empty() => {
                    let breakpoint = self.breakpoint_answer(Ok(found));
                    let body = serde_json::json!({"reason": "changed", "breakpoint": breakpoint});
                    self.out.event("breakpoint", &body);
                }
                Ok(_) => self.breakpoints.waiting.push(id),
                // It was removed.
                Err(_) => {}
            }
        }
    }
}
