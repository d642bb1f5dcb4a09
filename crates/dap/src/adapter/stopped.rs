//! What the editor is told when the target stops.

use adit_api::format::Format;
use adit_api::{
    Breakpoint, DebuggerState, EvalScope, LoadConfig, Result, StacktraceOptions, Thread, command_name,
    internal_breakpoint, stop_reason,
};

use crate::protocol::events::{ExitedEventBody, StoppedEventBody};

use super::Adapter;
use super::breakpoints::Purpose;
use super::running::named;

/// Why the target stopped where no breakpoint was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exception {
    /// `panic`, `fatal error`, `runtime error`, …
    pub(super) id: String,
    pub(super) description: String,
}

impl Adapter {
    /// The target ran, and this came of it.
    pub(super) fn ran(&mut self, outcome: Result<DebuggerState>) {
        let Some(session) = &mut self.session else { return };
        session.running = false;
        let halting = std::mem::take(&mut session.halting);
        match outcome {
            Ok(state) if state.exited => self.tell_end(&state),
            Ok(state) if is_only_traced(&state) => {
                self.breakpoints.log_hits(&state);
                self.run(named(command_name::DIRECTION_CONGRUENT_CONTINUE));
            }
            Ok(state) => {
                self.breakpoints.log_hits(&state);
                self.tell_stop(&state, halting);
            }
            Err(error) => {
                let state = session.client.state(true).unwrap_or_default();
                match state.exited {
                    true => self.tell_end(&state),
                    false => self.tell_error(&state, &error.0),
                }
            }
        }
    }

    /// The process is at its end.
    fn tell_end(&mut self, state: &DebuggerState) {
        if let Some(session) = &mut self.session {
            session.ended = true;
        }
        // The last words come before the end.
        self.host.launcher.drain();
        self.out.event("exited", &ExitedEventBody { exit_code: state.exit_status });
        self.out.bare_event("terminated");
    }

    /// The target stands at its very beginning.
    pub(super) fn tell_entry(&mut self) {
        self.tell(StoppedEventBody {
            reason: "entry".to_owned(),
            thread_id: Some(1),
            ..StoppedEventBody::default()
        });
    }

    /// A command failed after the target had run, as where a condition could not be evaluated.
    fn tell_error(&mut self, state: &DebuggerState, error: &str) {
        let (id, text) = match error {
            "next while nexting" => {
                let text = "Unable to step while the previous step is interrupted by a breakpoint.\n\
                            Use 'Continue' to resume the original step command.";
                self.out.output("console", format!("{text}\n"));
                ("invalid command", text)
            }
            error => ("runtime error", error),
        };
        self.exception = Some(Exception { id: id.to_owned(), description: text.to_owned() });
        self.tell(StoppedEventBody {
            reason: "exception".to_owned(),
            description: Some(id.to_owned()),
            text: Some(text.to_owned()),
            thread_id: Some(selected_goroutine(state)),
            ..StoppedEventBody::default()
        });
    }

    /// A step cannot begin.
    pub(super) fn tell_error_stop(&mut self, goroutine: i64, error: &str) {
        self.tell(StoppedEventBody {
            reason: "error".to_owned(),
            text: Some(error.to_owned()),
            thread_id: Some(goroutine),
            ..StoppedEventBody::default()
        });
    }

    fn tell(&mut self, body: StoppedEventBody) {
        self.out.event("stopped", &StoppedEventBody { all_threads_stopped: Some(true), ..body });
    }

    fn tell_stop(&mut self, state: &DebuggerState, halting: bool) {
        self.tell_found_breakpoints();
        let thread = state.current_thread.as_ref();
        let hit = thread.and_then(|thread| thread.breakpoint.as_ref());
        let mut body =
            StoppedEventBody { thread_id: Some(selected_goroutine(state)), ..StoppedEventBody::default() };
        match hit {
            Some(breakpoint) if state.stop_reason != stop_reason::NEXT_FINISHED => {
                self.describe_hit(&mut body, breakpoint, state, thread);
            }
            _ => match state.stop_reason.as_str() {
                stop_reason::NEXT_FINISHED => body.reason = "step".to_owned(),
                stop_reason::MANUAL => body.reason = "pause".to_owned(),
                stop_reason::WATCHPOINT => body.reason = "data breakpoint".to_owned(),
                "" => body.reason = "unknown".to_owned(),
                other => body.reason = other.to_owned(),
            },
        }
        if halting && body.reason != "exception" {
            body.reason = "pause".to_owned();
            body.hit_breakpoint_ids = None;
        }
        self.tell(body);
        if state.next_in_progress {
            self.out.output(
                "console",
                "Step interrupted by a breakpoint. Use 'Continue' to resume the original step command.\n",
            );
        }
    }

    /// What a breakpoint, a panic, a throw or a signal is to the editor.
    fn describe_hit(
        &mut self,
        body: &mut StoppedEventBody,
        breakpoint: &Breakpoint,
        state: &DebuggerState,
        thread: Option<&Thread>,
    ) {
        body.hit_breakpoint_ids = Some(vec![breakpoint.id]);
        let exception = match breakpoint.id {
            id if id == internal_breakpoint::UNRECOVERED_PANIC.1 => Some(("panic", self.panic_value())),
            id if id == internal_breakpoint::FATAL_THROW.1 => Some(("fatal error", self.throw_reason())),
            // A signal that ends the program is shown like a breakpoint.
            0 if breakpoint.name.starts_with("SIG") => {
                body.hit_breakpoint_ids = None;
                let place = breakpoint.verbose_descr.first().map(|text| format!(": {text}"));
                Some(("signal", format!("{}{}", breakpoint.name, place.unwrap_or_default())))
            }
            _ => None,
        };
        if let Some((id, description)) = exception {
            body.reason = "exception".to_owned();
            body.description = Some(id.to_owned());
            body.text = Some(description.clone());
            self.exception = Some(Exception { id: id.to_owned(), description });
            return;
        }
        body.reason = match self.breakpoints.purpose_of(breakpoint) {
            Purpose::Function => "function breakpoint",
            Purpose::Instruction => "instruction breakpoint",
            Purpose::Data => "data breakpoint",
            Purpose::Source | Purpose::Other => "breakpoint",
        }
        .to_owned();
        tracing::debug!(target: "dap", "stopped at {:?} in {:?}", breakpoint.name, thread.map(|thread| thread.id));
        if state.stop_reason == stop_reason::WATCHPOINT {
            body.reason = "data breakpoint".to_owned();
        }
    }

    fn panic_value(&self) -> String {
        self.value_in_frame(0, "(*msgs).arg.(data)")
            .unwrap_or_else(|error| format!("Error getting panic message: {error}"))
    }

    fn throw_reason(&self) -> String {
        self.value_in_frame(0, "s").unwrap_or_else(|error| format!("Error getting throw reason: {error}"))
    }

    fn value_in_frame(&self, frame: i64, expression: &str) -> Result<String> {
        let Ok(client) = self.client() else { return Err("no session".into()) };
        let limits = LoadConfig { max_string_len: 4096, ..LoadConfig::FULL };
        let value = client.eval(EvalScope { frame, ..EvalScope::CURRENT }, expression, Some(limits))?;
        match value.unreadable.is_empty() {
            true => Ok(Format { omit_type: true, ..Format::default() }.text(&value)),
            false => Err(value.unreadable.into()),
        }
    }

    /// The stack of the selected goroutine as text, for `exceptionInfo`: without the runtime's own frames.
    pub(super) fn stack_text(&self, goroutine: i64) -> Result<String> {
        let Ok(client) = self.client() else { return Err("no session".into()) };
        let request = adit_api::requests::StacktraceIn {
            id: goroutine,
            depth: self.settings.stack_trace_depth,
            opts: StacktraceOptions::default(),
            ..Default::default()
        };
        let frames = client.stacktrace(&request)?;
        let mut text = "Stack:\n".to_owned();
        let name = |frame: &adit_api::Stackframe| {
            frame.location.function.as_ref().map_or("???".to_owned(), |function| function.name.clone())
        };
        let hides = frames.iter().any(|frame| !name(frame).starts_with("runtime."));
        for (index, frame) in frames.iter().enumerate() {
            let name = name(frame);
            if hides && name.starts_with("runtime.") {
                continue;
            }
            let at = &frame.location;
            text.push_str(&format!(
                "\t{index}  {:#018x} in {name}\n\t    at {}:{}\n",
                at.pc, at.file, at.line
            ));
        }
        Ok(text)
    }
}

/// The goroutine of which the editor hears; 0 if there is none.
pub(super) fn selected_goroutine(state: &DebuggerState) -> i64 {
    state.current_goroutine.as_ref().map_or(0, |goroutine| goroutine.id)
}

/// Did nothing but tracepoints end the command?
fn is_only_traced(state: &DebuggerState) -> bool {
    let hits: Vec<&Breakpoint> =
        state.threads.iter().filter_map(|thread| thread.breakpoint.as_ref()).collect();
    state.stop_reason == stop_reason::BREAKPOINT
        && !hits.is_empty()
        && hits.iter().all(|hit| hit.tracepoint || hit.trace_return)
}
