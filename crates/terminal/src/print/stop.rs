//! What is shown when the target stops.

use adit_api::requests::DisassembleIn;
use adit_api::{
    Breakpoint, BreakpointInfo, DebuggerState, EvalScope, Function, LoadConfig, Location, Thread, TraceHit,
    Variable, VariableFlags, format,
};

use crate::command::{Failure, Outcome};
use crate::print::disassembly::disassembly;
use crate::print::listing::DEFAULT_LINES;
use crate::print::stack::StackStyle;
use crate::print::view::View;
use crate::terminal::Terminal;

/// Why the stop is shown, which decides whether source or instructions follow.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Position {
    /// After a source-level command.
    Source,
    /// After an instruction-level command.
    Instruction,
}

impl Terminal {
    /// Prints where the target is, with everything collected there, its source, and the displayed expressions, and
    /// carries out the commands that scripts have given the breakpoints.
    pub(crate) fn print_stop(&mut self, state: &DebuggerState, position: Position) -> Outcome {
        self.print_context(state);
        let listed = self.print_position(state, position);
        self.print_displays();
        self.run_custom_commands(state)?;
        Ok(listed?)
    }

    /// Carries out the commands of scripts that stand at the breakpoints where the target is. One that resumes the
    /// target leaves the stop behind, and is the last of it.
    pub(crate) fn run_custom_commands(&mut self, state: &DebuggerState) -> Outcome {
        let before = self.resumptions;
        let hit = state.threads.iter().filter_map(|thread| thread.breakpoint.as_ref());
        let current = state.current_thread.as_ref().and_then(|thread| thread.breakpoint.as_ref());
        let mut seen = Vec::new();
        for breakpoint in current.into_iter().chain(hit) {
            if seen.contains(&breakpoint.id) {
                continue;
            }
            seen.push(breakpoint.id);
            for command in &breakpoint.custom_commands {
                match self.execute(command, &self.plain_context()) {
                    Err(Failure::Message(error)) => {
                        self.println(&format!("Error executing custom command {command}: {error}"));
                    }
                    Err(exit @ Failure::Exit(_)) => return Err(exit),
                    Ok(()) => {}
                }
                if self.resumptions != before {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Prints the header lines of a stop: the threads at breakpoints, the selected one last.
    pub(crate) fn print_context(&mut self, state: &DebuggerState) {
        if self.built.0 != state.pid {
            self.built = (state.pid, None);
        }
        for watchpoint in &state.watch_out_of_scope {
            self.println(&format!("Watchpoint {} went out of scope and was cleared", watchpoint.watch_expr));
        }
        let current = state.current_thread.as_ref();
        for thread in &state.threads {
            let shown_last = current.is_some_and(|c| c.id == thread.id);
            if thread.breakpoint.is_some() && !shown_last {
                self.print_thread(thread, "");
            }
        }
        let Some(thread) = current else {
            self.println("No current thread available");
            return;
        };
        match state.current_goroutine.as_ref().filter(|g| thread.goroutine_id != g.id && g.id != 0) {
            Some(goroutine) => {
                let header = self.plain_header(&goroutine.current_loc);
                self.println(&header);
                self.print_when(&state.when);
            }
            None => self.print_thread(thread, &state.when),
        }
    }

    /// `> main.main() ./x.go:10 (PC: 0x4de164)`.
    pub(crate) fn plain_header(&self, location: &Location) -> String {
        let function = location.function.as_ref().map_or(String::new(), |f| format!("{}() ", f.name));
        format!("> {function}{}:{} (PC: {:#x})", self.path(&location.file), location.line, location.pc)
    }

    fn print_when(&mut self, when: &str) {
        if !when.is_empty() {
            self.println(when);
        }
    }

    /// Prints what a thread hit, each breakpoint with what it collected.
    fn print_thread(&mut self, thread: &Thread, when: &str) {
        self.print_first_hit(thread, when);
        for hit in &thread.other_hits {
            let hit = hit.clone();
            self.print_first_hit(
                &Thread {
                    breakpoint: Some(hit.breakpoint),
                    breakpoint_info: hit.breakpoint_info,
                    return_values: Vec::new(),
                    other_hits: Vec::new(),
                    ..thread.clone()
                },
                "",
            );
        }
    }

    fn print_first_hit(&mut self, thread: &Thread, when: &str) {
        if let Some(signal) = signal_of(thread) {
            self.print_signal(thread, signal);
        } else if thread.file.is_empty() {
            self.println(&format!("Stopped at: {:#x}", thread.pc));
            self.println("=>   1:\tno source available");
            self.print_when(when);
        } else if let Some(hit) = TraceHit::of_thread(thread) {
            self.print_hit(&hit);
            return;
        } else {
            let header = self.thread_header(thread);
            self.println(&header);
            self.print_when(when);
        }
        if thread.function.as_ref().is_some_and(|f| f.optimized) {
            self.println("Warning: debugging optimized function");
        }
        self.print_return_values(thread);
        if let Some(info) = &thread.breakpoint_info {
            let text = self.view().breakpoint_info(thread.breakpoint.as_ref(), info, false);
            self.out.print(&text);
        }
    }

    /// A signal that will end the target: its name, the address at fault if the signal has one, and the instruction.
    fn print_signal(&mut self, thread: &Thread, signal: &Breakpoint) {
        let function = thread.function.as_ref().map_or(String::new(), |f| format!("{}() ", f.name));
        let place = match thread.file.as_str() {
            "" => String::new(),
            file => format!("{}:{} ", self.path(file), thread.line),
        };
        self.println(&format!("> [{}] {function}{place}(PC: {:#x})", signal.name, thread.pc));
        for detail in &signal.verbose_descr {
            self.println(&format!("\t{detail}"));
        }
        // What cannot be read there is said by the listing that follows.
        let _ = self.print_instructions(thread.pc, thread.function.as_ref(), 0);
    }

    fn thread_header(&self, thread: &Thread) -> String {
        let mut title = String::new();
        let mut hits = String::new();
        let mut arguments = String::new();
        if let Some(breakpoint) = &thread.breakpoint {
            title = breakpoint_title(breakpoint);
            hits = hit_counts(breakpoint, thread.goroutine_id);
            if breakpoint.load_args == Some(LoadConfig::SHORT)
                && let Some(info) = &thread.breakpoint_info
            {
                // Results are listed among the arguments, and say nothing yet.
                let is_input = |v: &&Variable| !v.flags.contains(VariableFlags::RETURN_ARGUMENT);
                let inputs = info.arguments.iter().filter(is_input);
                let values: Vec<_> = inputs.map(|v| self.short_value(v)).collect();
                arguments = values.join(", ");
            }
        }
        let function =
            thread.function.as_ref().map_or(String::new(), |f| format!("{}({arguments}) ", f.name));
        let path = self.path(&thread.file);
        format!("> {title}{function}{path}:{} {hits}(PC: {:#x})", thread.line, thread.pc)
    }

    fn print_return_values(&mut self, thread: &Thread) {
        if thread.return_values.is_empty() {
            return;
        }
        self.println("Values returned:");
        for value in &thread.return_values {
            let text = self.long_value(value);
            self.println(&format!("\t{}: {text}", value.name));
        }
        self.println("");
    }

    /// Prints the source or the instructions where the target is.
    pub(crate) fn print_position(&mut self, state: &DebuggerState, position: Position) -> Result<(), String> {
        let Some(thread) = &state.current_thread else { return Ok(()) };
        let goroutine = state.current_goroutine.as_ref().filter(|g| thread.goroutine_id != g.id && g.id != 0);
        let (file, line, pc) = match goroutine {
            Some(goroutine) => {
                let location = &goroutine.current_loc;
                (location.file.clone(), location.line, location.pc)
            }
            None => (thread.file.clone(), thread.line, thread.pc),
        };
        let instructions = match self.config.position.as_str() {
            "source" => false,
            "disassembly" => true,
            _ => position == Position::Instruction,
        };
        if signal_of(thread).is_some() && file.is_empty() {
            return Ok(());
        }
        if !instructions {
            return self.list_source(&file, line, true);
        }
        let function = goroutine.map_or(&thread.function, |goroutine| &goroutine.current_loc.function);
        let lines = self.config.source_list_line_count.unwrap_or(DEFAULT_LINES);
        self.print_instructions(pc, function.as_ref(), usize::try_from(lines).unwrap_or(0))
    }

    /// Prints the instruction at `pc` and so many on each side of it, as far as they belong to the same function.
    fn print_instructions(
        &mut self,
        pc: u64,
        function: Option<&Function>,
        around: usize,
    ) -> Result<(), String> {
        /// Longest instruction of any architecture, in bytes.
        const LONGEST: u64 = 16;
        let entry = function.map_or(pc, |function| function.value);
        let reach = LONGEST * (around as u64 + 1);
        let request = DisassembleIn {
            scope: EvalScope::CURRENT,
            start_pc: pc.saturating_sub(reach).max(entry.min(pc)),
            end_pc: pc.saturating_add(reach),
            flavour: self.config.flavour(),
        };
        let mut instructions = self.client.disassemble(&request).map_err(|e| e.0)?;
        // Between functions there is padding, which belongs to no line.
        instructions.retain(|i| {
            let own = i.loc.function.as_ref().map(|f| &f.name) == function.map(|f| &f.name);
            own && (i.loc.line != 0 || i.loc.file.is_empty() && function.is_none()) || i.loc.pc == pc
        });
        if let Some(at) = instructions.iter().position(|i| i.loc.pc == pc) {
            instructions.truncate(at + around + 1);
            instructions.drain(..at.saturating_sub(around));
        }
        self.out.print(&disassembly(&instructions));
        Ok(())
    }

    /// Prints the expressions shown after every stop.
    pub(crate) fn print_displays(&mut self) {
        for index in 0..self.displays.len() {
            self.print_display(index);
        }
    }

    pub(crate) fn print_display(&mut self, index: usize) {
        let Some(Some(display)) = self.displays.get(index) else { return };
        let scope = EvalScope { goroutine_id: -1, frame: self.frame, deferred_call: 0 };
        let text = match self.client.eval(scope, &display.expr, Some(LoadConfig::SHORT)) {
            Ok(value) => {
                let value = format::Format { verb: &display.verb, ..self.value_format() }.text(&value);
                format!("{index}: {} = {value}", display.expr)
            }
            Err(error) => format!("{index}: {} = error {error}", display.expr),
        };
        self.println(&text);
    }
}

impl View<'_> {
    /// What a breakpoint collected, indented; the arguments are left out if they stand in the line above.
    pub(crate) fn breakpoint_info(
        &self,
        breakpoint: Option<&Breakpoint>,
        info: &BreakpointInfo,
        arguments_shown: bool,
    ) -> String {
        let mut text = String::new();
        if let Some(goroutine) = &info.goroutine {
            text.push_str(&self.goroutine_block(goroutine, "\t"));
        }
        for variable in &info.variables {
            text.push_str(&format!("\t{}: {}\n", variable.name, self.long_value(variable)));
        }
        let verbose = |config: Option<LoadConfig>| config.is_some_and(|c| c != LoadConfig::SHORT);
        let lists = [
            (&info.locals, breakpoint.is_some_and(|b| verbose(b.load_locals)), true),
            (&info.arguments, breakpoint.is_some_and(|b| verbose(b.load_args)), false),
        ];
        for (variables, verbose, always) in lists {
            for variable in variables {
                if verbose && (always || !arguments_shown) {
                    text.push_str(&format!("\t{}: {}\n", variable.name, self.long_value(variable)));
                } else if always {
                    text.push_str(&format!("\t{}: {}\n", variable.name, self.short_value(variable)));
                }
            }
        }
        if !info.stacktrace.is_empty() && breakpoint.is_none_or(|b| b.trace_follow_calls == 0) {
            text.push_str("\tStack:\n");
            text.push_str(&self.stack_text(&info.stacktrace, "\t\t", StackStyle::default()));
        }
        text
    }
}

/// The signal that stopped a thread. The API has no place of its own for it: the session shows it as a breakpoint
/// without a number, under the signal's name.
fn signal_of(thread: &Thread) -> Option<&Breakpoint> {
    thread.breakpoint.as_ref().filter(|breakpoint| breakpoint.id == 0 && breakpoint.name.starts_with("SIG"))
}

fn breakpoint_title(breakpoint: &Breakpoint) -> String {
    if !breakpoint.watch_expr.is_empty() {
        return format!("watchpoint on [{}] ", breakpoint.watch_expr);
    }
    match breakpoint.name.as_str() {
        "" => format!("[Breakpoint {}] ", breakpoint.id),
        name => format!("[{name}] "),
    }
}

fn hit_counts(breakpoint: &Breakpoint, goroutine: i64) -> String {
    match breakpoint.hit_counts.get(&goroutine.to_string()) {
        Some(count) => format!("(hits goroutine({goroutine}):{count} total:{}) ", breakpoint.total_hit_count),
        None => format!("(hits total:{}) ", breakpoint.total_hit_count),
    }
}
