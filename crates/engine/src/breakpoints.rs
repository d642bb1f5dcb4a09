//! Setting, changing and clearing breakpoints, and keeping the process in step with the table.

use adit_arch::disasm::{Flow, decode};
use adit_goruntime::functions::FATAL_BREAKPOINTS;
use adit_process::{Addr, ThreadId};

use crate::breakpoint::{
    Breakpoint, BreakpointId, BreakpointOptions, BreakpointPlace, Breakpoints, RUNTIME_FATAL_THROW,
    UNRECOVERED_PANIC,
};
use crate::watch::WatchError;
use crate::{Debugger, EngineError};

impl Debugger {
    /// All breakpoints.
    pub fn breakpoints(&self) -> &Breakpoints {
        &self.breakpoints
    }

    /// Makes a breakpoint at the addresses given, with the number wanted, if any.
    pub fn create_breakpoint(
        &mut self,
        wanted: Option<BreakpointId>,
        options: BreakpointOptions,
        place: BreakpointPlace,
        addrs: Vec<Addr>,
    ) -> Result<Breakpoint, EngineError> {
        self.check_started()?;
        let id = self.breakpoints.take_id(wanted)?;
        let breakpoint = self.breakpoints.add(id, options, place, addrs)?.clone();
        if let Err(error) = self.sync_breakpoints() {
            // Cannot fail: it was just added.
            let _ = self.breakpoints.remove(id);
            self.sync_breakpoints()?;
            return Err(error);
        }
        self.share_breakpoints();
        Ok(breakpoint)
    }

    /// Makes a breakpoint at a place that does not exist yet: it gets its addresses when a plugin that has it is loaded,
    /// or the program is started anew.
    pub fn suspend_breakpoint(
        &mut self,
        wanted: Option<BreakpointId>,
        options: BreakpointOptions,
        expression: String,
    ) -> Result<Breakpoint, EngineError> {
        let id = self.breakpoints.take_id(wanted)?;
        let place = BreakpointPlace { expression, ..BreakpointPlace::default() };
        let breakpoint = self.breakpoints.add(id, options, place, Vec::new())?.clone();
        self.watch_plugins();
        Ok(breakpoint)
    }

    /// Changes what the user wants of a breakpoint.
    pub fn amend_breakpoint(
        &mut self,
        id: BreakpointId,
        options: BreakpointOptions,
    ) -> Result<(), EngineError> {
        self.breakpoints.amend(id, options)?;
        self.share_breakpoints();
        self.sync_breakpoints()
    }

    /// Puts a breakpoint in or out of force.
    pub fn enable_breakpoint(&mut self, id: BreakpointId, enabled: bool) -> Result<(), EngineError> {
        if !enabled && self.breakpoints.watched(id).is_some() {
            return Err(WatchError::Disable.into());
        }
        self.breakpoints.enable(id, enabled)?;
        self.share_breakpoints();
        self.sync_breakpoints()
    }

    /// Takes a breakpoint away, and returns it.
    pub fn clear_breakpoint(&mut self, id: BreakpointId) -> Result<Breakpoint, EngineError> {
        let breakpoint = self.breakpoints.remove(id)?;
        self.share_breakpoints();
        if breakpoint.watched.is_some() {
            self.bind_watches_to_stacks();
        }
        self.sync_breakpoints()?;
        Ok(breakpoint)
    }

    /// Makes the process's breakpoint instructions those of the table. That is due before it runs, and not before:
    /// what one step sets, the next one mostly sets again.
    pub(crate) fn sync_breakpoints(&mut self) -> Result<(), EngineError> {
        if self.ended.is_some() || self.not_started.is_some() {
            return Ok(());
        }
        self.sync_watches()?;
        let wanted = self.breakpoints.addresses();
        let gone: Vec<Addr> = self.inserted.difference(&wanted).copied().collect();
        for addr in gone {
            self.target.remove_breakpoint(addr)?;
            self.inserted.remove(&addr);
        }
        for addr in wanted {
            if !self.inserted.contains(&addr) {
                self.target.insert_breakpoint(addr)?;
                self.inserted.insert(addr);
            }
        }
        Ok(())
    }

    /// Stops where a Go program is about to die: of a panic that nobody recovers, or of a fatal error of the runtime.
    pub(crate) fn set_internal_breakpoints(&mut self) {
        for (name, id, functions) in FATAL_BREAKPOINTS {
            let mut addrs = self.entries_of(functions);
            if id == RUNTIME_FATAL_THROW.0 {
                addrs.extend(self.fatal_signals());
            }
            self.add_internal(BreakpointId(id), name, addrs);
        }
        if let Some(breakpoint) = self.breakpoints.get_mut(UNRECOVERED_PANIC) {
            breakpoint.options.variables = vec!["runtime.curg._panic.arg".to_owned()];
        }
    }

    fn entries_of(&self, functions: &[&str]) -> Vec<Addr> {
        let Ok(table) = self.image.binary.pclntab() else { return Vec::new() };
        let entries = functions.iter().filter_map(|name| table.by_name(name));
        entries.filter_map(|function| self.after_prologue(self.image.to_target(function.entry()))).collect()
    }

    /// Where the signal handler is about to end the program, in runtimes that have no function for that
    /// (`runtime.fatalsignal`): where it calls what begins every message of a panic (`sighandler` in
    /// `runtime/signal_unix.go`, go1.19).
    fn fatal_signals(&self) -> Vec<Addr> {
        let Ok(table) = self.image.binary.pclntab() else { return Vec::new() };
        let Some(handler) = table.by_name("runtime.sighandler") else { return Vec::new() };
        if table.by_name("runtime.fatalsignal").is_some() {
            return Vec::new();
        }
        let Some(target) = table.by_name("runtime.startpanic_m") else { return Vec::new() };
        let target = self.image.to_target(target.entry()).0;
        let (start, end) = (self.image.to_target(handler.entry()), self.image.to_target(handler.end()));
        let calls = self.instructions(start, end);
        calls
            .into_iter()
            .filter(|(_, flow)| *flow == Flow::Call(Some(target)))
            .map(|(addr, _)| addr)
            .collect()
    }

    /// The instructions from `start` to `end`: where they are and where they lead.
    pub(crate) fn instructions(&self, start: Addr, end: Addr) -> Vec<(Addr, Flow)> {
        let code = self.code(start, end);
        let mut found = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let addr = start.offset(at as i64);
            let Some(instruction) = decode(self.arch(), addr.0, &code[at..]) else { break };
            found.push((addr, instruction.flow));
            at += instruction.len.max(1);
        }
        found
    }

    fn add_internal(&mut self, id: BreakpointId, name: &str, addrs: Vec<Addr>) {
        if addrs.is_empty() {
            return;
        }
        let place = match addrs[..] {
            [addr] => self.place_of(addr),
            _ => BreakpointPlace {
                file: "<multiple locations>".to_owned(),
                line: 0,
                function: "(multiple functions)".to_owned(),
                expression: String::new(),
            },
        };
        let options = BreakpointOptions { name: name.to_owned(), ..BreakpointOptions::default() };
        // Its names and conditions are the debugger's own: they are right.
        let _ = self.breakpoints.add(id, options, place, addrs);
    }

    /// Where `addr` is in the source.
    pub fn place_of(&self, addr: Addr) -> BreakpointPlace {
        match self.image.source_frames_anywhere(&self.target, addr).first().cloned() {
            Some(source) => BreakpointPlace {
                file: source.file,
                line: source.line,
                function: source.function,
                expression: String::new(),
            },
            None => BreakpointPlace::default(),
        }
    }

    /// Takes over the breakpoints of the program before, by their locations. Returns those that are not found.
    pub(crate) fn adopt_breakpoints(&mut self, before: &Breakpoints) -> Vec<(Breakpoint, String)> {
        let mut discarded = Vec::new();
        for breakpoint in before.iter().filter(|breakpoint| !breakpoint.is_internal()) {
            if let Some(watched) = &breakpoint.watched {
                if let Err(error) = self.adopt_watchpoint(breakpoint, watched) {
                    discarded.push((breakpoint.clone(), error.to_string()));
                }
                continue;
            }
            let found = match self.find_anew(breakpoint) {
                // It waits, perhaps again, for a plugin.
                Err(_) if self.loads_plugins() => Ok((breakpoint.place.clone(), Vec::new())),
                found => found,
            };
            let result = found.and_then(|(place, addrs)| {
                let id = self.breakpoints.take_id(Some(breakpoint.id))?;
                self.breakpoints.add(id, breakpoint.options.clone(), place, addrs)?;
                if !breakpoint.enabled {
                    self.breakpoints.enable(id, false)?;
                }
                Ok(())
            });
            if let Err(error) = result {
                discarded.push((breakpoint.clone(), error.to_string()));
            }
        }
        self.watch_for_suspended();
        discarded
    }

    /// After the program was replaced under the debugger: moves every breakpoint to where it is now. One that the new
    /// program does not have is disabled.
    pub(crate) fn rebind_breakpoints(&mut self) {
        self.inserted.clear();
        self.watch_slots.clear();
        let all: Vec<Breakpoint> = self.breakpoints.iter().cloned().collect();
        for breakpoint in all {
            if breakpoint.is_internal() || breakpoint.watched.is_some() {
                // Cannot fail: it is in the table.
                let _ = self.breakpoints.remove(breakpoint.id);
            } else if let Ok((place, addrs)) = self.find_anew(&breakpoint) {
                self.breakpoints.relocate(breakpoint.id, place, addrs);
            } else {
                self.breakpoints.relocate(breakpoint.id, breakpoint.place, Vec::new());
            }
        }
        self.set_internal_breakpoints();
        self.watch_for_suspended();
    }

    fn watch_for_suspended(&mut self) {
        if self.breakpoints.iter().any(Breakpoint::is_suspended) {
            self.watch_plugins();
        }
    }

    pub(crate) fn find_anew(
        &self,
        breakpoint: &Breakpoint,
    ) -> Result<(BreakpointPlace, Vec<Addr>), EngineError> {
        let place = &breakpoint.place;
        let by_line = || self.pcs_of_line(&place.file, place.line);
        let addrs = match place.expression.as_str() {
            "" => by_line()?,
            // An address means nothing in another build.
            text if text.starts_with('*') || text.starts_with('+') || text.starts_with('-') => by_line()?,
            text => match self.find_location(None, text) {
                Ok(found) => found.into_iter().flat_map(|location| location.addrs).collect(),
                // One that was never set is nowhere but in its expression.
                Err(error) if place.file.is_empty() => return Err(error.into()),
                Err(_) => by_line()?,
            },
        };
        let first = *addrs.first().ok_or_else(|| crate::location::LocationSpecError::NoStatement {
            file: place.file.clone(),
            line: place.line,
        })?;
        let expression = place.expression.clone();
        Ok((BreakpointPlace { expression, ..self.place_of(first) }, addrs))
    }

    /// A single step ended at a breakpoint.
    pub(crate) fn land_on_breakpoint(&mut self, thread: ThreadId) {
        // Errors leave the step where it is, without a hit.
        let _ = self.judge_place(thread);
    }
}
