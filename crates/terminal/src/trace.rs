//! Tracing: the target runs, and hits of tracepoints are printed meanwhile.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use adit_api::{DebuggerCommand, DebuggerState, Result, TraceHit, command_name};

use crate::commands::running::{exit_text, simple};
use crate::print::tracepoint::TraceVerbosity;
use crate::terminal::Terminal;

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
        self.trace_timestamps = timestamps;
        let command = simple(command_name::CONTINUE);
        while !cancelled.load(Ordering::SeqCst) {
            let state = self.run_target(&command)?;
            if state.exited {
                self.println(&exit_text(&state));
                break;
            }
            // A program that stopped to die of a panic or a signal does so, and says why, when it runs on.
            let hits: Vec<_> = state.threads.iter().filter_map(TraceHit::of_thread).collect();
            self.print_hits(&hits);
        }
        Ok(())
    }

    /// Carries out a command that lets the target run, and prints hits of tracepoints as they come.
    pub(crate) fn run_target(&mut self, command: &DebuggerCommand) -> Result<DebuggerState> {
        let Some(buffer) = self.trace_buffer.clone() else { return self.client.command(command) };
        let client = Arc::clone(&self.client);
        buffer.open();
        std::thread::scope(|scope| {
            let running = scope.spawn(|| {
                let _closed = Closing(&buffer);
                client.command(command)
            });
            while let Some(hits) = buffer.take() {
                self.print_hits(&hits);
            }
            running.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

/// Closes the buffer however the command ends.
struct Closing<'a>(&'a adit_api::TraceBuffer);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
