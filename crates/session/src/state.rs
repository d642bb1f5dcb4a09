//! What the program is doing, and what it is.

use adit_api::requests::GetVersionOut;
use adit_api::{BreakpointInfo, ClientError, DebuggerState, Result, Thread, stop_reason};
use adit_engine::ThreadPlace;
use adit_engine::run::{StopCause, ThreadStop};
use adit_engine::value::LoadConfig;
use adit_process::ThreadId;
use adit_symbols::Binary;

use crate::convert::{api_location, api_variable};
use crate::owner::{Owner, client_error};
use crate::trace::{collect, scope_variables};

/// The oldest and newest minor version of Go 1 whose runtime is known.
const GO_VERSIONS: std::ops::RangeInclusive<u32> = 18..=27;

impl Owner {
    pub(crate) fn pid(&self) -> i64 {
        self.debugger.pid().0
    }

    /// The state at this stop, without what breakpoints ask to be collected.
    pub(crate) fn state(&mut self) -> Result<DebuggerState> {
        self.build_state(false)
    }

    /// The state after the program ran: with all that the breakpoints that were hit ask for.
    pub(crate) fn stopped_state(&mut self) -> Result<DebuggerState> {
        self.build_state(true)
    }

    fn build_state(&mut self, collect: bool) -> Result<DebuggerState> {
        if let Some(status) = self.debugger.exit_status() {
            return Ok(DebuggerState {
                pid: self.pid(),
                exited: true,
                exit_status: i64::from(status.as_delve()),
                stop_reason: stop_reason::EXITED.to_owned(),
                ..DebuggerState::default()
            });
        }
        self.debugger.check_alive().map_err(client_error)?;
        if self.debugger.not_started().is_some() {
            return Ok(DebuggerState {
                target_command_line: self.debugger.command_line().join(" "),
                ..DebuggerState::default()
            });
        }
        let mut threads = self.own_threads(collect)?;
        threads.extend(self.threads_elsewhere(collect)?);
        let selection = self.debugger.selection();
        Ok(DebuggerState {
            pid: self.pid(),
            target_command_line: self.debugger.command_line().join(" "),
            current_thread: threads.iter().find(|thread| thread.id == selection.thread.0).cloned(),
            current_goroutine: selection.goroutine.and_then(|id| self.api_goroutine_by_id(id).ok()),
            threads,
            next_in_progress: self.debugger.step_in_progress(),
            stop_reason: self.stop_reason().to_owned(),
            watch_out_of_scope: self
                .debugger
                .ended_watches()
                .iter()
                .map(|b| self.api_breakpoint(b))
                .collect(),
            ..DebuggerState::default()
        })
    }

    /// The threads of the selected process.
    pub(crate) fn own_threads(&mut self, collect: bool) -> Result<Vec<Thread>> {
        let places = self.debugger.threads().map_err(client_error)?;
        let mut threads: Vec<Thread> = places.iter().map(|place| self.api_thread(place)).collect();
        if collect {
            for thread in &mut threads {
                self.collect_info(thread);
            }
            self.add_return_values(&mut threads);
        }
        Ok(threads)
    }

    fn stop_reason(&self) -> &'static str {
        match self.cause {
            StopCause::Launched => stop_reason::LAUNCHED,
            StopCause::Attached => stop_reason::ATTACHED,
            StopCause::Breakpoint => stop_reason::BREAKPOINT,
            StopCause::Watchpoint => stop_reason::WATCHPOINT,
            StopCause::Hardcoded => stop_reason::HARDCODED_BREAKPOINT,
            StopCause::Manual => stop_reason::MANUAL,
            StopCause::StepFinished => stop_reason::NEXT_FINISHED,
            StopCause::CallReturned => stop_reason::CALL_RETURNED,
            StopCause::Exited(_) => stop_reason::EXITED,
            StopCause::Signal(_) => "",
        }
    }

    /// A thread, where it is, and the breakpoint that it hit.
    pub(crate) fn api_thread(&self, place: &ThreadPlace) -> Thread {
        let location = api_location(&self.debugger, place.pc);
        Thread {
            id: place.id.0,
            pc: place.pc.0,
            file: location.file,
            line: location.line,
            function: location.function,
            goroutine_id: place.goroutine.unwrap_or(0),
            breakpoint: self
                .debugger
                .stops()
                .get(&place.id)
                .and_then(|stop| self.hit_breakpoint(place, stop)),
            ..Thread::default()
        }
    }

    fn hit_breakpoint(&self, place: &ThreadPlace, stop: &ThreadStop) -> Option<adit_api::Breakpoint> {
        if let Some(breakpoint) = stop.hits.first().and_then(|id| self.debugger.breakpoints().get(*id)) {
            return Some(self.api_breakpoint(breakpoint));
        }
        let name = match stop.signal {
            // Shown like a breakpoint of the debugger's own: the stop's line then says which signal it is.
            Some(signal) => signal.name(),
            None if stop.hardcoded => "hardcoded-breakpoint".to_owned(),
            None => return None,
        };
        let thread = place.id;
        let on = stop.signal.map(|_| match place.goroutine {
            Some(goroutine) => format!("on goroutine {goroutine}, thread {thread}"),
            None => format!("on thread {thread}"),
        });
        let fault = stop.signal.and_then(|_| self.debugger.target().fault_address(thread));
        let fault = fault.map(|addr| format!("fault at address {addr}"));
        let verbose_descr = on.into_iter().chain(fault).collect();
        Some(adit_api::Breakpoint { name, verbose_descr, ..adit_api::Breakpoint::default() })
    }

    /// What the breakpoint that a thread hit asks to be collected.
    fn collect_info(&self, thread: &mut Thread) {
        if thread.breakpoint.is_none() {
            return;
        }
        let mut info = BreakpointInfo::default();
        let id = ThreadId(thread.id);
        let hit = self.debugger.stops().get(&id).and_then(|stop| stop.hits.first());
        if let Some(breakpoint) = hit.and_then(|id| self.debugger.breakpoints().get(*id))
            && let Ok(scope) = self.debugger.scope_of_thread(id)
        {
            let asked = &breakpoint.options;
            collect(&self.debugger, asked, id, &scope, &mut info);
            // main.main has no arguments, and is where most sessions stop first: debug information can wait.
            let config = asked.load_args.filter(|_| scope.frame.function() != "main.main");
            if let Some(config) = config.filter(|_| !asked.trace_return) {
                info.arguments = scope_variables(&self.debugger, &scope, &config, true).unwrap_or_default();
            }
            if asked.trace_return
                && let Ok((site, scope)) = self.debugger.traced_scope(breakpoint, id)
            {
                let config = asked.load_args.unwrap_or(LoadConfig::SHORT);
                let results = self.debugger.traced_results(&site, &scope, &config);
                thread.return_values = results.into_iter().map(api_variable).collect();
            }
        }
        thread.breakpoint_info = Some(info);
    }

    /// A step that left its function shows what that returned.
    fn add_return_values(&self, threads: &mut [Thread]) {
        for thread in &mut *threads {
            let stop = self.debugger.stops().get(&ThreadId(thread.id));
            if let Some(Ok(values)) = stop.and_then(|stop| stop.call_return.clone()) {
                thread.return_values = values.into_iter().map(api_variable).collect();
                thread.call_return = true;
            }
        }
        if self.cause != StopCause::StepFinished {
            return;
        }
        let Some((values, thread)) = self.debugger.return_values(&LoadConfig::FULL) else { return };
        if let Some(thread) = threads.iter_mut().find(|other| other.id == thread.0) {
            thread.return_values = values.into_iter().map(api_variable).collect();
        }
    }

    pub(crate) fn threads(&mut self) -> Result<Vec<Thread>> {
        let mut threads = self.own_threads(false)?;
        threads.extend(self.threads_elsewhere(false)?);
        Ok(threads)
    }

    pub(crate) fn thread(&mut self, id: i64) -> Result<Thread> {
        let thread = self.threads()?.into_iter().find(|thread| thread.id == id);
        thread.ok_or_else(|| ClientError(format!("no thread with id {id}")))
    }

    pub(crate) fn version(&self) -> GetVersionOut {
        // As the compiler signs its debug information, which a stripped program does not have.
        let info = self.debugger.image().binary.build_info();
        let target = info.map(|info| format!("Go cmd/compile {}", info.go_version)).unwrap_or_default();
        version(&self.version, &target)
    }

    pub(crate) fn build_id(&self) -> String {
        self.debugger.image().binary.build_id().unwrap_or_default()
    }
}

/// The answer to `GetVersion`: the debugger's own version, and the target's.
pub(crate) fn version(own: &str, target: &str) -> GetVersionOut {
    GetVersionOut {
        delve_version: own.to_owned(),
        api_version: 2,
        backend: "native".to_owned(),
        target_go_version: target.to_owned(),
        min_supported_version_of_go: format!("1.{}.0", GO_VERSIONS.start()),
        max_supported_version_of_go: format!("1.{}.0", GO_VERSIONS.end()),
    }
}

/// A program of an unknown version of Go is debugged as the nearest known one, after a warning: its runtime may have
/// changed.
pub(crate) fn check_go_version(binary: &Binary, check: bool) -> std::result::Result<(), String> {
    let Some(version) = binary.go_version().filter(|version| version.major == 1) else { return Ok(()) };
    let (oldest, newest) = (GO_VERSIONS.start(), GO_VERSIONS.end());
    if version.minor < *oldest {
        let what = format!(
            "Go version {version} is too old for this version of Delve (minimum supported version 1.{oldest}"
        );
        if check {
            return Err(format!("{what}, suppress this error with --check-go-version=false)"));
        }
        tracing::warn!(target: "debugger", "undefined behavior - {what})");
    } else if version.minor > *newest {
        tracing::warn!(
            target: "debugger",
            "undefined behavior - version of Delve is too old for Go version {version} (maximum supported version 1.{newest})"
        );
        eprintln!(
            "WARNING: undefined behavior - version of Delve is too old for Go version {version} (maximum supported version 1.{newest})"
        );
    }
    Ok(())
}
