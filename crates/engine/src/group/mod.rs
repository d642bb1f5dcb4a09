//! Several processes in one session: the one that was launched or attached to, and those of its children that are
//! followed.
//!
//! Each process has a [`Debugger`] of its own. The selected one owns the others, and is what the session talks to;
//! selecting another exchanges the two. All run together and stop together ([`Debugger::run`] goes over to
//! `run_group`), and all have the same breakpoints, each at the addresses where its program has them.

mod breakpoints;
mod run;

use std::rc::Rc;
use std::sync::Arc;

use adit_process::{ExitStatus, Pid, Process, ThreadId};
use adit_symbols::Binary;
pub use breakpoints::BreakpointHits;
use breakpoints::Hits;
use regex::Regex;

use crate::notices::Notice;
use crate::{Debugger, EngineError};

/// What belongs to a session of several processes.
#[derive(Default)]
pub(crate) struct Group {
    /// The processes that are not selected. One that has ended is not among them, unless it was the first.
    others: Vec<Debugger>,
    /// Which children become targets.
    follow: Option<Follow>,
    /// How many children have become targets.
    followed: usize,
    /// How often processes that have ended hit each breakpoint.
    past_hits: Hits,
}

/// Which children become targets: those whose command line matches.
struct Follow(Option<Regex>);

impl Follow {
    fn wants(&self, command_line: &str) -> bool {
        self.0.as_ref().is_none_or(|regex| regex.is_match(command_line))
    }
}

impl Debugger {
    /// From now on, children that execute a program whose command line matches `regex` (empty: all) become targets;
    /// or none does.
    pub fn follow_exec(&mut self, on: bool, regex: &str) -> Result<(), EngineError> {
        let regex = match regex {
            "" => None,
            text => Some(Regex::new(text).map_err(|error| EngineError::BadRegex(error.to_string()))?),
        };
        if let Some(reason) = self.not_started().filter(|_| on) {
            return Err(EngineError::NotStarted(reason.to_owned()));
        }
        if on || self.group.follow.is_some() {
            self.target.follow_children(on)?;
        }
        self.group.follow = on.then_some(Follow(regex));
        Ok(())
    }

    /// Do children become targets?
    pub fn follows_exec(&self) -> bool {
        self.group.follow.is_some()
    }

    /// The processes that are debugged, in the order in which they came.
    pub fn targets(&self) -> Vec<&Debugger> {
        let mut targets: Vec<&Debugger> = self.live_others().chain([self]).collect();
        targets.sort_by_key(|target| target.nth);
        targets
    }

    /// The processes that are debugged and not selected.
    pub fn live_others(&self) -> impl Iterator<Item = &Debugger> {
        self.group.others.iter().filter(|other| other.ended.is_none())
    }

    /// Selects another process.
    pub fn select_target(&mut self, pid: Pid) -> Result<(), EngineError> {
        if self.pid() == pid {
            return Ok(());
        }
        let found = self.group.others.iter().position(|other| other.pid() == pid && other.ended.is_none());
        self.exchange(found.ok_or(EngineError::UnknownTarget(pid))?);
        Ok(())
    }

    /// Which other process has this thread?
    pub(crate) fn other_with_thread(&self, id: ThreadId) -> Option<Pid> {
        self.live_others().find(|other| other.target.threads().contains(&id)).map(Debugger::pid)
    }

    /// Forgets what happened at the last stop.
    pub(crate) fn forget_stops(&mut self) {
        self.stops.clear();
        self.group.others.iter_mut().for_each(|other| other.stops.clear());
    }

    pub(crate) fn cancel_other_steps(&mut self) {
        self.group.others.iter_mut().for_each(Debugger::cancel_step);
    }

    /// Do the parts of [`Debugger::run`] for several processes apply?
    pub(crate) fn is_group(&self) -> bool {
        self.group.follow.is_some() || !self.group.others.is_empty()
    }

    /// Puts one of the others in the place of the selected process.
    fn exchange(&mut self, index: usize) {
        let mut group = std::mem::take(&mut self.group);
        std::mem::swap(self, &mut group.others[index]);
        self.group = group;
    }

    /// The selected process may have ended while others live: then one of these is selected, the oldest. When all have
    /// ended it is the first that the session speaks of. Returns how that ended.
    pub fn leave_ended_target(&mut self) -> Option<ExitStatus> {
        self.bury_others();
        self.ended?;
        let candidates = self.group.others.iter().enumerate();
        let live = candidates.filter(|(_, other)| other.ended.is_none()).min_by_key(|(_, other)| other.nth);
        if let Some((index, _)) = live {
            self.exchange(index);
            self.bury_others();
            return None;
        }
        if let Some(first) = self.group.others.iter().position(|other| other.nth == 0) {
            self.exchange(first);
            self.bury_others();
        }
        self.exit_status()
    }

    /// Forgets the others that have ended, but for how often they hit breakpoints, and the first.
    fn bury_others(&mut self) {
        let past = &mut self.group.past_hits;
        self.group.others.retain(|other| {
            let stays = other.ended.is_none() || other.nth == 0;
            if !stays {
                past.add(&other.breakpoints);
            }
            stays
        });
    }

    /// Ends the other processes, or lets them go, and makes the first process the selected one.
    pub(crate) fn end_others(
        &mut self,
        mut end: impl FnMut(&mut Debugger) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        if let Some(first) = self.group.others.iter().position(|other| other.nth == 0) {
            self.exchange(first);
        }
        let mut result = Ok(());
        for mut other in std::mem::take(&mut self.group.others) {
            result = result.and(end(&mut other));
        }
        result
    }

    /// What goes on in the next process of a restarted session.
    pub(crate) fn continue_group(&mut self, before: &mut Group) {
        if let Some(follow) = before.follow.take()
            && self.target.follow_children(true).is_ok()
        {
            self.group.follow = Some(follow);
        }
    }

    /// Takes over the children that have executed a program since this was last asked. They are stopped.
    fn adopt_children(&mut self, run: bool) -> Result<(), EngineError> {
        for child in self.target.take_followed() {
            let adopted = match child {
                Ok(process) => self.adopt(process),
                Err(error) => Err(format!("{error}; it runs on without the debugger")),
            };
            match adopted {
                Ok(Some(mut child)) => {
                    if run {
                        child.start()?;
                    }
                    self.group.others.push(child);
                }
                Ok(None) => {}
                Err(reason) => self.notices.tell(Notice::NotFollowed(reason)),
            }
        }
        Ok(())
    }

    /// Makes a child a target; `None` if it is not wanted, and runs on by itself.
    fn adopt(&mut self, mut process: Box<dyn Process>) -> Result<Option<Debugger>, String> {
        let (pid, command_line) = (process.pid(), process.command_line().join(" "));
        if let Some(reason) = process.withheld_rights() {
            self.notices
                .tell(Notice::WithoutRights(format!("child process {pid} ({command_line}): {reason}")));
        }
        if !self.group.follow.as_ref().is_some_and(|follow| follow.wants(&command_line)) {
            self.notices.tell(Notice::Spawned { pid, command_line, followed: false });
            return process.pass_over().map(|()| None).map_err(|error| error.to_string());
        }
        let refused = |reason: &dyn std::fmt::Display| {
            format!(
                "could not follow child process {pid} ({command_line}): {reason}; it runs on without the debugger"
            )
        };
        let binary = match Binary::open(&process.executable()) {
            Ok(binary) => binary,
            Err(error) => {
                let _ = process.detach();
                return Err(refused(&error));
            }
        };
        if binary.arch().name != process.arch().name {
            let _ = process.detach();
            return Err(refused(&format!("it is a {} program", binary.arch().name)));
        }
        let directories = self.image.libraries.directories();
        let binary = binary.with_cache(self.image.binary.cache().cloned()).with_separate(&directories).0;
        let mut child = Debugger::unselected(process, Arc::new(binary), None);
        child.keeps_step = std::sync::Arc::clone(&self.keeps_step);
        self.group.followed += 1;
        child.nth = self.group.followed;
        child.signal_policies = Rc::clone(&self.signal_policies);
        child.notices = Rc::clone(&self.notices);
        child.image.libraries.set_directories(directories);
        child.set_internal_breakpoints();
        child.take_over_breakpoints(&self.breakpoints);
        if let Err(error) = child.sync_breakpoints() {
            // What was inserted is taken out again.
            let _ = child.detach();
            return Err(refused(&error));
        }
        if let Some(thread) = child.target.threads().first() {
            child.select_thread_unchecked(*thread);
        }
        self.notices.tell(Notice::Spawned { pid, command_line, followed: true });
        Ok(Some(child))
    }
}
