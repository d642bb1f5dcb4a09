//! Hits of tracepoints.

use adit_api::{Thread, VariableFlags};

use crate::prompt::timestamp;
use crate::terminal::Terminal;

impl Terminal {
    /// Prints the line of a thread that hit a tracepoint, and what the tracepoint collected.
    pub(crate) fn print_tracepoint(&mut self, thread: &Thread) {
        let Some(breakpoint) = &thread.breakpoint else { return };
        let time = if self.config.trace_show_timestamp { format!("{} ", timestamp()) } else { String::new() };
        let function = thread.function.as_ref().map_or("", |f| f.name.as_str());
        let goroutine = thread.goroutine_id;
        let (depth, indent) = self.trace_depth(thread);
        if breakpoint.trace_return {
            let results: Vec<_> = thread.return_values.iter().map(|v| self.short_value(v)).collect();
            let results = results.join(",");
            let colon = if depth.is_empty() { ":" } else { depth.as_str() };
            self.println(&format!(
                "{time}{indent}>> goroutine({goroutine}){colon} {function} => ({results})"
            ));
        } else {
            let name = match breakpoint.name.as_str() {
                "" => String::new(),
                name => format!("[{name}] "),
            };
            let arguments = thread.breakpoint_info.as_ref().map(|info| {
                let inputs =
                    info.arguments.iter().filter(|v| !v.flags.contains(VariableFlags::RETURN_ARGUMENT));
                inputs.map(|v| self.short_value(v)).collect::<Vec<_>>().join(", ")
            });
            let colon = if depth.is_empty() { ":" } else { depth.as_str() };
            self.println(&format!(
                "{time}{indent}> goroutine({goroutine}){colon} {name}{function}({})",
                arguments.unwrap_or_default()
            ));
        }
        if breakpoint.trace_follow_calls > 0 {
            return;
        }
        let has_results = thread.breakpoint_info.as_ref().is_some_and(|info| {
            info.arguments.iter().any(|v| v.flags.contains(VariableFlags::RETURN_ARGUMENT))
        });
        let details = self.breakpoint_info(thread, true);
        if !details.is_empty() && !has_results && !breakpoint.trace_return {
            self.println("");
        }
        self.out.print(&details);
    }

    /// `:frame(D)` and the indentation of a call traced with those it makes; D counts from the root function.
    fn trace_depth(&self, thread: &Thread) -> (String, String) {
        let following = thread.breakpoint.as_ref().filter(|b| b.trace_follow_calls > 0);
        let (Some(breakpoint), Some(info)) = (following, &thread.breakpoint_info) else {
            return (String::new(), String::new());
        };
        let root = |name: &str| name == breakpoint.root_func_name;
        let frames = &info.stacktrace;
        let position =
            frames.iter().position(|f| f.location.function.as_ref().is_some_and(|f| root(&f.name)));
        let depth = position.map_or(1, |p| p + 1);
        (format!(":frame({depth})"), " ".repeat(depth - 1))
    }
}
