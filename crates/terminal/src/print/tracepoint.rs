//! Hits of tracepoints.

use adit_api::{LoadConfig, TraceHit, Variable, VariableFlags, format};

use crate::config::Config;
use crate::print::view::View;
use crate::prompt::rfc3339;
use crate::terminal::Terminal;

/// How much is printed of the arguments and results of traced calls: `-v` of `trace`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceVerbosity(pub i64);

impl TraceVerbosity {
    /// How much is loaded to be printed so.
    pub fn load_config(self) -> LoadConfig {
        let (follow_pointers, recurse, string, array, fields) = match self.0 {
            0 => return LoadConfig::SHORT,
            1 => (false, 0, 32, 0, 0),
            2 => (false, 1, 64, 5, 3),
            3 => (false, 2, 128, 10, 10),
            4 => (true, 3, 256, 100, -1),
            _ => (false, 0, 0, 0, 0),
        };
        LoadConfig {
            follow_pointers,
            max_variable_recurse: recurse,
            max_string_len: string,
            max_array_values: array,
            max_struct_fields: fields,
        }
    }

    fn argument(self, variable: &Variable, plain: impl Fn(&Variable) -> String) -> String {
        let name = &variable.name;
        match self.0 {
            1..=2 => format!("{name}: {}", self.value(variable, plain)),
            3..=4 => format!("  {name}: {}", self.value(variable, plain)),
            _ => self.value(variable, plain),
        }
    }

    fn value(self, variable: &Variable, plain: impl Fn(&Variable) -> String) -> String {
        let short_types = format::Format { short_types: true, ..format::Format::default() };
        match self.0 {
            0 => plain(variable),
            1 => variable.type_name.clone(),
            2 => short_types.text(variable),
            3..=4 => format::Format { multi_line: true, indent: "  ", ..short_types }.text(variable),
            _ => variable.value.clone(),
        }
    }

    fn arguments(self, arguments: &[Variable], plain: impl Fn(&Variable) -> String) -> String {
        let is_input = |variable: &&Variable| !variable.flags.contains(VariableFlags::RETURN_ARGUMENT);
        let texts: Vec<String> =
            arguments.iter().filter(is_input).map(|variable| self.argument(variable, &plain)).collect();
        match self.0 {
            3..=4 if !texts.is_empty() => format!("\n{}", texts.join("\n")),
            _ => texts.join(", "),
        }
    }
}

/// How hits are shown while the terminal itself waits for the target.
pub(crate) struct TraceStyle {
    pub(crate) verbosity: TraceVerbosity,
    pub(crate) config: Config,
    pub(crate) color: bool,
    pub(crate) current_dir: Option<String>,
}

impl Terminal {
    /// Prints the hit of a thread that stopped at a tracepoint.
    pub(crate) fn print_hit(&mut self, hit: &TraceHit) {
        let text = self.trace_style().text(hit);
        self.out.print(&text);
    }
}

impl TraceStyle {
    /// The line of a hit, and what the tracepoint collected.
    pub(crate) fn text(&self, hit: &TraceHit) -> String {
        let breakpoint = &*hit.breakpoint;
        let verbosity = self.verbosity;
        let current_dir = self.current_dir.as_deref();
        let view = View { config: &self.config, color: self.color, current_dir };
        let plain = |variable: &Variable| view.short_value(variable);
        let mut text = String::new();
        if self.config.trace_show_timestamp {
            text.push_str(&rfc3339(hit.time));
            text.push(' ');
        }
        let (indent, frame) = match hit.depth {
            Some(depth) => (" ".repeat(depth.saturating_sub(1)), format!("frame({depth})")),
            None => (String::new(), String::new()),
        };
        let goroutine = format!("goroutine({}):{frame}", hit.goroutine_id);
        let function = &hit.function;
        if breakpoint.trace_return {
            let results: Vec<_> = hit.return_values.iter().map(|v| verbosity.value(v, plain)).collect();
            text.push_str(&format!("{indent}>> {goroutine} {function} => ({})\n", results.join(",")));
        } else {
            let name = match breakpoint.name.as_str() {
                "" => String::new(),
                name => format!("[{name}] "),
            };
            let arguments = verbosity.arguments(&hit.info.arguments, plain);
            text.push_str(&format!("{indent}> {goroutine} {name}{function}({arguments})\n"));
        }
        if breakpoint.trace_follow_calls > 0 {
            return text;
        }
        let details = view.breakpoint_info(Some(breakpoint), &hit.info, true);
        if !details.is_empty() && hit.has_results && !breakpoint.trace_return {
            text.push('\n');
        }
        text.push_str(&details);
        text
    }
}
