//! Stacks as they are listed.

use adit_api::requests::AncestorsIn;
use adit_api::{Location, Stackframe, Variable, format};

use crate::config::Config;
use crate::print::view::View;
use crate::terminal::Terminal;

/// What of a stack is shown beside its frames.
#[derive(Clone, Copy, Default)]
pub(crate) struct StackStyle {
    pub(crate) offsets: bool,
}

/// The frames of a stack as `stack` lists them where nothing is configured.
pub fn stack_text(frames: &[Stackframe]) -> String {
    let view = View { config: &Config::default(), color: false, current_dir: None };
    view.stack_text(frames, "", StackStyle::default())
}

impl Terminal {
    /// The frames of a stack, every line after `prefix`.
    pub(crate) fn stack_text(&self, frames: &[Stackframe], prefix: &str, style: StackStyle) -> String {
        self.view().stack_text(frames, prefix, style)
    }

    /// A value on one line, as values among others are shown.
    pub(crate) fn short_value(&self, variable: &Variable) -> String {
        self.view().short_value(variable)
    }

    /// A value on several lines; those after the first start with a tab.
    pub(crate) fn long_value(&self, variable: &Variable) -> String {
        self.view().long_value(variable)
    }

    /// How values are written, as it is configured.
    pub(crate) fn value_format(&self) -> format::Format<'static> {
        self.view().value_format()
    }

    /// The stacks of the goroutines that created `goroutine`.
    pub(crate) fn ancestors_text(&self, goroutine: i64, count: i64, depth: i64) -> adit_api::Result<String> {
        let request = AncestorsIn { goroutine_id: goroutine, num_ancestors: count, depth };
        let mut text = String::new();
        for ancestor in self.client.ancestors(&request)? {
            text.push_str(&format!("Created by Goroutine {}:\n", ancestor.id));
            if ancestor.unreadable.is_empty() {
                text.push_str(&self.stack_text(&ancestor.stack, "\t", StackStyle::default()));
            } else {
                text.push_str(&format!("\t{}\n", ancestor.unreadable));
            }
        }
        Ok(text)
    }
}

impl View<'_> {
    /// The frames of a stack, every line after `prefix`.
    pub(crate) fn stack_text(&self, frames: &[Stackframe], prefix: &str, style: StackStyle) -> String {
        let width = frames.len().saturating_sub(1).to_string().len();
        let indent = format!("{prefix}{}", " ".repeat(width + 2 + prefix.len()));
        let extra = style.offsets || frames.iter().any(has_extras);
        let mut text = String::new();
        for (index, frame) in frames.iter().enumerate() {
            if !frame.err.is_empty() {
                text.push_str(&format!("{indent}error: {}\n", frame.err));
                continue;
            }
            let location = &frame.location;
            text.push_str(&format!(
                "{prefix}{index:width$}  {:#018x} in {}\n{indent}at {}\n",
                location.pc,
                self.function_name(location),
                self.frame_place(location),
            ));
            if style.offsets {
                text.push_str(&format!(
                    "{indent}frame: {} frame pointer {}\n",
                    signed_hex(frame.frame_offset),
                    signed_hex(frame.frame_pointer_offset)
                ));
            }
            text.push_str(&self.frame_extras(frame, &indent));
            if extra {
                text.push('\n');
            }
        }
        if frames.last().is_some_and(|last| !last.bottom && last.err.is_empty()) {
            text.push_str(&format!("{prefix}(truncated)\n"));
        }
        text
    }

    fn frame_extras(&self, frame: &Stackframe, indent: &str) -> String {
        let mut text = String::new();
        for (index, deferred) in frame.defers.iter().enumerate() {
            if !deferred.unreadable.is_empty() {
                text.push_str(&format!("{indent}    (unreadable defer: {})\n", deferred.unreadable));
                continue;
            }
            let head = format!("defer {}: ", index + 1);
            let pad = " ".repeat(head.len());
            let (called, at) = (&deferred.deferred_loc, &deferred.defer_loc);
            text.push_str(&format!(
                "{indent}    {head}{:#018x} in {}\n{indent}    {pad}at {}:{}\n{indent}    {pad}deferred by {} at {}:{}\n",
                called.pc,
                name_of(called),
                self.path(&called.file),
                called.line,
                name_of(at),
                self.path(&at.file),
                at.line,
            ));
        }
        for variable in frame.arguments.iter().chain(&frame.locals) {
            text.push_str(&format!("{indent}    {} = {}\n", variable.name, self.short_value(variable)));
        }
        text
    }

    fn function_name(&self, location: &Location) -> String {
        self.emphasis(name_of(location), &self.config.stacktrace_function_color)
    }

    fn frame_place(&self, location: &Location) -> String {
        let path = self.path(&location.file);
        let split = path.rfind('/').map_or(0, |slash| slash + 1);
        let base = self.emphasis(&path[split..], &self.config.stacktrace_basename_color);
        format!("{}{base}:{}", &path[..split], location.line)
    }

    fn emphasis(&self, text: &str, color: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        format!("{}{text}\x1b[0m", if color.is_empty() { "\x1b[1m" } else { color })
    }

    /// A value on one line, as values among others are shown.
    pub(crate) fn short_value(&self, variable: &Variable) -> String {
        self.value_format().text(variable)
    }

    /// A value on several lines; those after the first start with a tab.
    pub(crate) fn long_value(&self, variable: &Variable) -> String {
        format::Format { multi_line: true, indent: "\t", ..self.value_format() }.text(variable)
    }

    /// How values are written, as it is configured.
    pub(crate) fn value_format(&self) -> format::Format<'static> {
        format::Format {
            summaries: self.config.formatters,
            raw_strings: self.config.show_raw_strings,
            ..format::Format::default()
        }
    }
}

fn has_extras(frame: &Stackframe) -> bool {
    !frame.defers.is_empty() || !frame.arguments.is_empty() || !frame.locals.is_empty()
}

fn name_of(location: &Location) -> &str {
    location.function.as_ref().map_or("(nil)", |f| f.name.as_str())
}

fn signed_hex(value: i64) -> String {
    format!("{}{:#x}", if value < 0 { '-' } else { '+' }, value.unsigned_abs())
}
