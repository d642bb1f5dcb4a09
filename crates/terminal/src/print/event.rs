//! What happened while the target ran.

use adit_api::{Event, EventKind};

use crate::terminal::Terminal;

impl Terminal {
    /// Prints the events of the command that has just ended: the last of them is that it did.
    pub(crate) fn print_events(&mut self) {
        loop {
            // A server that has none to tell is none to wait for.
            let Ok(events) = self.client.get_events() else { return };
            for event in &events {
                if let Some(line) = self.event_line(event) {
                    self.println(&line);
                }
            }
            if events.last().is_none_or(|event| event.kind == EventKind::STOPPED) {
                return;
            }
        }
    }

    fn event_line(&self, event: &Event) -> Option<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let pid = event.pid.unwrap_or(0);
        match event.kind {
            EventKind::BREAKPOINT_MATERIALIZED => {
                let breakpoint = event.breakpoint.as_ref()?;
                Some(format!(
                    "Breakpoint {} materialized at {}:{} ({})",
                    breakpoint.id,
                    self.path(&breakpoint.file),
                    breakpoint.line,
                    breakpoint.function_name
                ))
            }
            EventKind::PROCESS_SPAWNED if event.will_follow != Some(false) => {
                Some(format!("Spawned new process '{}' ({pid})", text(&event.cmdline)))
            }
            EventKind::SIGNAL => {
                let thread = event.thread_id.unwrap_or(0);
                let place = match event.goroutine_id {
                    Some(goroutine) => format!("goroutine {goroutine}, thread {thread}"),
                    None => format!("thread {thread}"),
                };
                Some(format!("Received {} on {place}", text(&event.signal)))
            }
            _ => None,
        }
    }
}
