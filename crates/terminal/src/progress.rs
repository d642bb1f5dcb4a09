//! Saying that a command still works, when it has printed nothing for a while.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long a command may be silent, and so often what is said is renewed.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line on the terminal that tells of the command under way. A thread of its own writes it.
pub(crate) struct Progress {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    screen: Box<dyn Write + Send>,
    /// The command, and since when it works.
    working: Option<(String, Instant)>,
    /// When something was last printed.
    printed: Instant,
    /// How far the command is, in its own words.
    note: String,
    shown: bool,
    over: bool,
}

impl State {
    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = self.screen.write_all(b"\r\x1b[K");
            let _ = self.screen.flush();
        }
    }

    fn show(&mut self) {
        let Some((command, since)) = &self.working else { return };
        let note = if self.note.is_empty() { String::new() } else { format!("{}, ", self.note) };
        let seconds = since.elapsed().as_secs();
        // The line is one of the screen: a long command would leave its beginning behind.
        let command: String = command.chars().take(20).collect();
        let line = format!("\r\x1b[K{command}: {note}{seconds} s (press ^C to cancel)");
        let _ = self.screen.write_all(line.as_bytes());
        let _ = self.screen.flush();
        self.shown = true;
    }
}

impl Progress {
    /// Writes to `screen`, which must be a terminal.
    pub(crate) fn start(screen: Box<dyn Write + Send>) -> Arc<Self> {
        let state = State {
            screen,
            working: None,
            printed: Instant::now(),
            note: String::new(),
            shown: false,
            over: false,
        };
        let progress = Arc::new(Self { state: Mutex::new(state), changed: Condvar::new() });
        let writer = Arc::clone(&progress);
        // Without the thread commands are as silent as they were.
        let _ = std::thread::Builder::new().name("progress".to_owned()).spawn(move || writer.run());
        progress
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.lock();
        while !state.over {
            if state.working.is_none() {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let left = PATIENCE.saturating_sub(state.printed.elapsed());
            if left.is_zero() {
                state.show();
                state.printed = Instant::now();
            } else {
                state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// A command begins to work.
    pub(crate) fn begin(&self, command: &str) {
        let mut state = self.lock();
        state.note.clear();
        state.printed = Instant::now();
        state.working = Some((command.to_owned(), state.printed));
        self.changed.notify_all();
    }

    /// The command is done, or waits for something that the user knows of.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.clear();
        state.working = None;
    }

    /// How far the command is.
    pub(crate) fn note(&self, note: String) {
        self.lock().note = note;
    }

    /// Something is about to be printed.
    pub(crate) fn make_way(&self) {
        let mut state = self.lock();
        state.clear();
        state.printed = Instant::now();
    }

    /// The thread ends.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.clear();
        state.over = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::mpsc::{Sender, channel};

    use super::Progress;

    struct Told(Sender<String>);

    impl Write for Told {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_silent_command_is_told_of_until_it_prints() {
        let (sender, told) = channel();
        let progress = Progress::start(Box::new(Told(sender)));
        progress.begin("goroutines");
        progress.note("120000 read".to_owned());
        let mut line = String::new();
        while !line.contains("cancel)") {
            line.push_str(&told.recv().unwrap());
        }
        assert!(line.starts_with("\r\x1b[Kgoroutines: 120000 read, "), "{line:?}");
        progress.make_way();
        assert!(told.try_iter().any(|text| text == "\r\x1b[K"));
        progress.stop();
    }
}
