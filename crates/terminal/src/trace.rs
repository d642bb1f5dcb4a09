//! Tracing: the target runs, and hits of tracepoints are printed meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use adit_api::{DebuggerCommand, DebuggerState, Result, TraceHit, TraceSink, command_name};

use crate::commands::running::{exit_text, simple};
use crate::output::Output;
use crate::print::tracepoint::{TraceStyle, TraceVerbosity};
use crate::terminal::Terminal;

/// Prints hits in the terminal's place while that waits for the target.
#[derive(Default)]
pub(crate) struct HitPrinter {
    is_open: AtomicBool,
    borrowed: Mutex<Option<(Output, TraceStyle)>>,
}

impl HitPrinter {
    fn lock(&self) -> MutexGuard<'_, Option<(Output, TraceStyle)>> {
        self.borrowed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TraceSink for HitPrinter {
    fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Acquire)
    }

    fn hit(&self, hit: TraceHit) {
        if let Some((output, style)) = &mut *self.lock() {
            output.print(&style.text(&hit));
        }
    }
}

impl Terminal {
    /// Lets the target run to its end, and prints nothing but hits of tracepoints and how it ended. Stops early, after
    /// a halt, if `cancelled`. The error is the client's.
    pub fn trace(
        mut self,
        verbosity: TraceVerbosity,
        timestamps: bool,
        cancelled: &AtomicBool,
    ) -> Result<()> {
        self.trace_verbosity = verbosity;
        self.config.trace_show_timestamp |= timestamps;
        // Programs read these lines: they are the same whatever a value's summary would say.
        self.config.formatters = false;
        let command = simple(command_name::CONTINUE);
        while !cancelled.load(Ordering::SeqCst) {
            let state = self.run_target(&command)?;
            if state.exited {
                self.println(&exit_text(&state));
                break;
            }
            // A program that stopped to die of a panic or a signal does so, and says why, when it runs on.
            for hit in state.threads.iter().filter_map(TraceHit::of_thread) {
                self.print_hit(&hit);
            }
        }
        Ok(())
    }

    /// Carries out a command that lets the target run, and prints hits of tracepoints as they come.
    pub(crate) fn run_target(&mut self, command: &DebuggerCommand) -> Result<DebuggerState> {
        // Where several clients wait for events, another may take those that say that the command is over.
        let with_events = !self.client.is_multiclient();
        let state = self.run_and_print_hits(&DebuggerCommand { with_events, ..command.clone() })?;
        if with_events {
            self.print_events();
        }
        Ok(state)
    }

    fn run_and_print_hits(&mut self, command: &DebuggerCommand) -> Result<DebuggerState> {
        let Some(printer) = self.hit_printer.clone() else { return self.client.command(command) };
        let output = std::mem::replace(&mut self.out, Output::nowhere());
        *printer.lock() = Some((output, self.trace_style()));
        printer.is_open.store(true, Ordering::Release);
        let outcome = self.client.command(command);
        printer.is_open.store(false, Ordering::Release);
        if let Some((output, _)) = printer.lock().take() {
            self.out = output;
        }
        outcome
    }
}
