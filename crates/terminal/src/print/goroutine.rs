//! Goroutines as they are listed.

use std::collections::HashMap;
use std::fmt::Write;

use adit_api::{Goroutine, GoroutinePlace, GoroutineStatus, Location, Thread};

use crate::print::view::View;
use crate::terminal::Terminal;

impl Terminal {
    /// A goroutine's line of a listing, after the mark of the selected one.
    pub(crate) fn goroutine_line(&mut self, goroutine: &Goroutine, place: GoroutinePlace) -> String {
        let mut text = String::new();
        self.push_goroutine_line(&mut text, goroutine, place, &mut HashMap::new());
        text
    }

    /// The same at the end of `text`. Places that were shown before stand in `places`, by address and line.
    pub(crate) fn push_goroutine_line(
        &mut self,
        text: &mut String,
        goroutine: &Goroutine,
        place: GoroutinePlace,
        places: &mut HashMap<(u64, i64), String>,
    ) {
        if !goroutine.unreadable.is_empty() {
            text.push_str(&format!("Goroutine (unreadable {})", goroutine.unreadable));
            return;
        }
        let (name, location) = match place {
            GoroutinePlace::Runtime => ("Runtime", &goroutine.current_loc),
            GoroutinePlace::User => ("User", &goroutine.user_current_loc),
            GoroutinePlace::Go => ("Go", &goroutine.go_statement_loc),
            GoroutinePlace::Start => ("Start", &goroutine.start_loc),
        };
        let (id, pc) = (goroutine.id, location.pc);
        let place = places.entry((pc, location.line)).or_insert_with(|| self.view().location(location));
        // Writing to a string cannot fail.
        let _ = write!(text, "Goroutine {id} - {name}: {place}");
        if goroutine.thread_id != 0 {
            let _ = write!(text, " (thread {})", goroutine.thread_id);
        }
        self.push_waiting(text, goroutine);
    }

    fn push_waiting(&mut self, text: &mut String, goroutine: &Goroutine) {
        let waits = matches!(goroutine.status, GoroutineStatus::WAITING | GoroutineStatus::SYSCALL);
        if !waits || goroutine.wait_reason == 0 {
            return;
        }
        let _ = match self.wait_reason(goroutine.wait_reason) {
            Some(reason) => write!(text, " [{reason}"),
            None => write!(text, " [unknown wait reason {}", goroutine.wait_reason),
        };
        if goroutine.wait_since != 0 {
            let _ = write!(text, " {}", goroutine.wait_since);
        }
        text.push(']');
    }

    /// A thread's line of a listing, after the mark of the selected one.
    pub(crate) fn thread_line(&self, thread: &Thread) -> String {
        let path = self.path(&thread.file);
        match &thread.function {
            Some(function) => {
                format!("Thread {} at {:#x} {path}:{} {}", thread.id, thread.pc, thread.line, function.name)
            }
            None => format!("Thread {} at {path}:{}", thread.id, thread.line),
        }
    }
}

impl View<'_> {
    /// `./main.go:52 main.add (0x4de164)`.
    pub(crate) fn location(&self, location: &Location) -> String {
        let function = location.function.as_ref().map_or("", |f| f.name.as_str());
        format!("{}:{} {function} ({:#x})", self.path(&location.file), location.line, location.pc)
    }

    /// The block that shows all places of a goroutine.
    pub(crate) fn goroutine_block(&self, goroutine: &Goroutine, indent: &str) -> String {
        let mut text = format!("{indent}Goroutine {}:\n", goroutine.id);
        for (name, location) in [
            ("Runtime", &goroutine.current_loc),
            ("User", &goroutine.user_current_loc),
            ("Go", &goroutine.go_statement_loc),
            ("Start", &goroutine.start_loc),
        ] {
            text.push_str(&format!("{indent}\t{name}: {}\n", self.location(location)));
        }
        if !goroutine.labels.is_empty() {
            text.push_str(&labels(goroutine, usize::MAX, &format!("{indent}\t")));
        }
        text
    }
}

/// The line of a goroutine's labels, at most `max` of them.
pub(crate) fn labels(goroutine: &Goroutine, max: usize, indent: &str) -> String {
    if goroutine.labels.is_empty() {
        return String::new();
    }
    let shown = goroutine.labels.iter().take(max).map(|(key, value)| {
        format!("{}:{}", adit_api::format::quote(key.as_bytes()), adit_api::format::quote(value.as_bytes()))
    });
    let mut text = format!("{indent}Labels: {}", shown.collect::<Vec<_>>().join(", "));
    if goroutine.labels.len() > max {
        text.push_str(&format!("... ({} more)", goroutine.labels.len() - max));
    }
    text.push('\n');
    text
}
