//! Breakpoints as they are listed.

use adit_api::{Breakpoint, LoadConfig};

use crate::terminal::Terminal;

/// The word for what kind of breakpoint it is.
pub(crate) fn kind(breakpoint: &Breakpoint) -> &'static str {
    if breakpoint.tracepoint || breakpoint.trace_return {
        "Tracepoint"
    } else if !breakpoint.watch_expr.is_empty() {
        "Watchpoint"
    } else {
        "Breakpoint"
    }
}

/// The name, or the id of a breakpoint without one.
pub(crate) fn label(breakpoint: &Breakpoint) -> String {
    if breakpoint.name.is_empty() { breakpoint.id.to_string() } else { breakpoint.name.clone() }
}

impl Terminal {
    /// `Breakpoint 1`, `Watchpoint w on [x]`.
    pub(crate) fn breakpoint_title(&self, breakpoint: &Breakpoint) -> String {
        let label = label(breakpoint);
        if !breakpoint.watch_expr.is_empty() && breakpoint.watch_expr != breakpoint.name {
            return format!("{} {label} on [{}]", kind(breakpoint), breakpoint.watch_expr);
        }
        format!("{} {label}", kind(breakpoint))
    }

    /// `0x4de164 for main.add() ./main.go:52`.
    pub(crate) fn breakpoint_place(&self, breakpoint: &Breakpoint) -> String {
        let addresses = addresses(breakpoint);
        if !breakpoint.watch_expr.is_empty() {
            return addresses;
        }
        let function = match breakpoint.function_name.as_str() {
            "" => String::new(),
            name => format!("{name}() "),
        };
        format!("{addresses} for {function}{}:{}", self.path(&breakpoint.file), breakpoint.line)
    }

    /// The line of a breakpoint in a listing, and its attributes below it.
    pub(crate) fn breakpoint_entry(&self, breakpoint: &Breakpoint) -> String {
        let state = if breakpoint.disabled {
            "disabled"
        } else if breakpoint.addrs.is_empty() && !breakpoint.expr_string.is_empty() {
            "suspended"
        } else {
            "enabled"
        };
        let title = self.breakpoint_title(breakpoint);
        let place = match breakpoint.expr_string.as_str() {
            "" => self.breakpoint_place(breakpoint),
            expr => expr.to_owned(),
        };
        let mut text = format!("{title} ({state}) at {place} ({})\n", breakpoint.total_hit_count);
        for attribute in attributes(breakpoint) {
            text.push_str(&format!("\t{attribute}\n"));
        }
        for detail in &breakpoint.verbose_descr {
            text.push_str(&format!("\t{detail}\n"));
        }
        text
    }
}

fn addresses(breakpoint: &Breakpoint) -> String {
    if breakpoint.addrs.is_empty() {
        return format!("{:#x}", breakpoint.addr);
    }
    breakpoint.addrs.iter().map(|a| format!("{a:#x}")).collect::<Vec<_>>().join(",")
}

/// What a breakpoint does when hit, as the commands that `on` takes.
pub(crate) fn attributes(breakpoint: &Breakpoint) -> Vec<String> {
    let mut lines = Vec::new();
    if !breakpoint.cond.is_empty() {
        lines.push(format!("cond {}", breakpoint.cond));
    }
    if !breakpoint.hit_cond.is_empty() {
        let option = if breakpoint.hit_cond_per_g { "-per-g-hitcount" } else { "-hitcount" };
        lines.push(format!("cond {option} {}", breakpoint.hit_cond));
    }
    if breakpoint.stacktrace > 0 {
        lines.push(format!("stack {}", breakpoint.stacktrace));
    }
    if breakpoint.goroutine {
        lines.push("goroutine".to_owned());
    }
    for (name, config) in [("args", breakpoint.load_args), ("locals", breakpoint.load_locals)] {
        if let Some(config) = config {
            lines.push(if config == LoadConfig::SHORT { name.to_owned() } else { format!("{name} -v") });
        }
    }
    lines.extend(breakpoint.variables.iter().map(|expr| format!("print {expr}")));
    lines.extend(breakpoint.custom_commands.iter().cloned());
    lines
}
