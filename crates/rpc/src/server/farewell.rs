//! What is said of a stop when the client that let the program run has gone.

use adit_api::requests::StacktraceIn;
use adit_api::{Client, DebuggerState, internal_breakpoint};

use super::StackText;

/// Most frames that are shown.
const MAX_FRAMES: i64 = 50;

/// The lines, without the last one's end.
pub(super) fn text(session: &dyn Client, state: &DebuggerState, stack_text: Option<&StackText>) -> String {
    let breakpoint = state.current_thread.as_ref().and_then(|thread| thread.breakpoint.as_ref());
    let Some(breakpoint) = breakpoint.filter(|_| !state.exited) else {
        let reason = if state.stop_reason.is_empty() { "unknown" } else { &state.stop_reason };
        return format!("Stop reason: {reason}");
    };
    let panicking = [internal_breakpoint::UNRECOVERED_PANIC.0, internal_breakpoint::FATAL_THROW.0];
    let because = match panicking.contains(&&*breakpoint.name) {
        true => "your program is panicking",
        false => "a breakpoint is hit",
    };
    let mut text = format!(
        "\n** execution is paused because {because} **\nTo continue the execution please connect your client to the \
         debugger.\nStack trace:"
    );
    let goroutine = state.current_goroutine.as_ref().map_or(-1, |goroutine| goroutine.id);
    let request = StacktraceIn { id: goroutine, depth: MAX_FRAMES - 1, ..StacktraceIn::default() };
    match session.stacktrace(&request) {
        Ok(frames) => {
            let frames = stack_text.map(|stack_text| stack_text(&frames)).unwrap_or_default();
            text.push('\n');
            text.push_str(frames.trim_end_matches('\n'));
        }
        Err(error) => text.push_str(&format!("\n{error}")),
    }
    text
}
