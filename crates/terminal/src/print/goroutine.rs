//! Goroutines as they are listed.

use adit_api::{Goroutine, GoroutineStatus, Location, Thread};

use crate::print::view::View;
use crate::terminal::Terminal;

/// Which of a goroutine's places its line shows.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Place {
    Runtime,
    #[default]
    User,
    Go,
    Start,
}

impl Terminal {
    /// `./main.go:52 main.add (0x4de164)`.
    pub(crate) fn location(&self, location: &Location) -> String {
        self.view().location(location)
    }

    /// A goroutine's line of a listing, after the mark of the selected one.
    pub(crate) fn goroutine_line(&mut self, goroutine: &Goroutine, place: Place) -> String {
        if !goroutine.unreadable.is_empty() {
            return format!("Goroutine (unreadable {})", goroutine.unreadable);
        }
        let (name, location) = match place {
            Place::Runtime => ("Runtime", &goroutine.current_loc),
            Place::User => ("User", &goroutine.user_current_loc),
            Place::Go => ("Go", &goroutine.go_statement_loc),
            Place::Start => ("Start", &goroutine.start_loc),
        };
        let mut text = format!("Goroutine {} - {name}: {}", goroutine.id, self.location(location));
        if goroutine.thread_id != 0 {
            text.push_str(&format!(" (thread {})", goroutine.thread_id));
        }
        text.push_str(&self.waiting(goroutine));
        text
    }

    fn waiting(&mut self, goroutine: &Goroutine) -> String {
        let waits = matches!(goroutine.status, GoroutineStatus::WAITING | GoroutineStatus::SYSCALL);
        if !waits || goroutine.wait_reason == 0 {
            return String::new();
        }
        let reason = match self.wait_reason(goroutine.wait_reason) {
            Some(reason) => reason.to_owned(),
            None => format!("unknown wait reason {}", goroutine.wait_reason),
        };
        match goroutine.wait_since {
            0 => format!(" [{reason}]"),
            since => format!(" [{reason} {since}]"),
        }
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
