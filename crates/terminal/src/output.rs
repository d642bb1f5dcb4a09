//! Where the prompt's text goes: the screen, a transcript, a pager.

use std::fs::File;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::progress::Progress;

/// So much text is written at once when a command prints a lot, in bytes.
const CHUNK: usize = 1 << 16;
/// Text waits no longer than this for more of it.
const SOON: Duration = Duration::from_millis(50);

/// The two output streams of a prompt, and what copies or holds back their text.
pub(crate) struct Output {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    transcript: Option<Transcript>,
    page: Page,
    pager: Option<String>,
    screen_rows: usize,
    /// Set by Ctrl-C, which ends a long text, and by the end of a pager, which ends the command that fills it.
    cancelled: Arc<AtomicBool>,
    progress: Option<Arc<Progress>>,
}

struct Transcript {
    file: File,
    /// Only the transcript gets the text.
    silent: bool,
}

/// What happens to the text of a command that may print a lot.
enum Page {
    /// No such command is carried out.
    No,
    /// It may still fit on the screen, so that no pager is needed: so many lines of it.
    Held(String, usize),
    /// There is no pager. Text is collected for a moment.
    Collected(String, Instant),
    /// The pager reads it.
    Piped(Child),
    /// The user has left the pager.
    Left,
}

impl Output {
    pub(crate) fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        pager: Option<String>,
        screen_rows: Option<usize>,
        cancelled: Arc<AtomicBool>,
    ) -> Self {
        let screen_rows = screen_rows.unwrap_or(24);
        let (transcript, page, progress) = (None, Page::No, None);
        Self { out, err, transcript, page, pager, screen_rows, cancelled, progress }
    }

    /// Loses everything.
    pub(crate) fn nowhere() -> Self {
        Self::new(Box::new(std::io::sink()), Box::new(std::io::sink()), None, None, Arc::default())
    }

    /// Says how much fits on the screen.
    pub(crate) fn set_screen_rows(&mut self, rows: usize) {
        self.screen_rows = rows;
    }

    /// Has what tells of the command's progress go away before text is written.
    pub(crate) fn set_progress(&mut self, progress: Arc<Progress>) {
        self.progress = Some(progress);
    }

    /// Writes text as it is. A reader that has gone away is no reason to stop debugging.
    pub(crate) fn print(&mut self, text: &str) {
        if !self.copy_to_transcript(text.as_bytes()) {
            return;
        }
        match &mut self.page {
            Page::No => self.write(text.as_bytes()),
            Page::Held(held, lines) => {
                held.push_str(text);
                *lines += text.bytes().filter(|b| *b == b'\n').count();
                if *lines >= self.screen_rows {
                    self.start_pager();
                }
            }
            Page::Collected(collected, since) => {
                if collected.is_empty() && text.len() >= CHUNK {
                    self.write(text.as_bytes());
                    return;
                }
                collected.push_str(text);
                if collected.len() >= CHUNK || since.elapsed() >= SOON {
                    *since = Instant::now();
                    let text = std::mem::take(collected);
                    self.write(text.as_bytes());
                }
            }
            Page::Piped(child) => {
                let sent = child.stdin.as_mut().is_some_and(|pipe| pipe.write_all(text.as_bytes()).is_ok());
                if !sent {
                    self.leave_pager();
                }
            }
            Page::Left => {}
        }
    }

    /// Writes bytes as they are, for output that is not text.
    pub(crate) fn print_bytes(&mut self, bytes: &[u8]) {
        self.flush();
        if self.copy_to_transcript(bytes) {
            self.write(bytes);
        }
    }

    /// Says whether the screen gets the bytes too.
    fn copy_to_transcript(&mut self, bytes: &[u8]) -> bool {
        let Some(transcript) = &mut self.transcript else { return true };
        let _ = transcript.file.write_all(bytes);
        !transcript.silent
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(progress) = &self.progress {
            progress.make_way();
        }
        for (index, chunk) in bytes.chunks(CHUNK).enumerate() {
            // A slow terminal takes long for what the user may not want to see to the end.
            if index > 0 && self.cancelled.load(Ordering::SeqCst) {
                break;
            }
            let _ = self.out.write_all(chunk);
        }
        let _ = self.out.flush();
    }

    /// Writes what was held back or collected.
    fn flush(&mut self) {
        if let Page::Held(text, _) | Page::Collected(text, _) = &mut self.page {
            let text = std::mem::take(text);
            self.write(text.as_bytes());
        }
    }

    /// Writes a line to the error stream.
    pub(crate) fn error(&mut self, line: &str) {
        self.flush();
        if let Some(transcript) = &mut self.transcript {
            let _ = writeln!(transcript.file, "{line}");
        }
        if let Some(progress) = &self.progress {
            progress.make_way();
        }
        let _ = writeln!(self.err, "{line}");
        let _ = self.err.flush();
    }

    /// Copies a command line, which the screen shows already, to the transcript.
    pub(crate) fn echo(&mut self, line: &str) {
        if let Some(transcript) = &mut self.transcript {
            let _ = writeln!(transcript.file, "{line}");
        }
    }

    pub(crate) fn start_transcript(
        &mut self,
        path: &str,
        truncate: bool,
        silent: bool,
    ) -> std::io::Result<()> {
        let file = if truncate {
            File::create(path)?
        } else {
            File::options().append(true).create(true).open(path)?
        };
        self.transcript = Some(Transcript { file, silent });
        Ok(())
    }

    pub(crate) fn stop_transcript(&mut self) {
        self.transcript = None;
    }

    /// A command that may print a lot begins: as soon as its text does not fit on the screen, the pager gets it.
    pub(crate) fn begin_page(&mut self) {
        self.page = match self.pager {
            Some(_) => Page::Held(String::new(), 0),
            // The first lines are shown at once.
            None => Page::Collected(String::new(), Instant::now()),
        };
    }

    /// The command is over: what is left is shown, and the user reads the pager to its end.
    pub(crate) fn end_page(&mut self) {
        self.flush();
        if let Page::Piped(mut child) = std::mem::replace(&mut self.page, Page::No) {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }

    fn start_pager(&mut self) {
        let Page::Held(text, _) = std::mem::replace(&mut self.page, Page::No) else { return };
        self.write(b"Sending output to pager...\n");
        if let Some(progress) = &self.progress {
            progress.end();
        }
        let mut words = self.pager.as_deref().unwrap_or_default().split_whitespace();
        let pager = Command::new(words.next().unwrap_or("more")).args(words).stdin(Stdio::piped()).spawn();
        let Ok(mut child) = pager else {
            // Without it the text is shown all the same.
            self.write(text.as_bytes());
            self.page = Page::Collected(String::new(), Instant::now());
            return;
        };
        let sent = child.stdin.as_mut().is_some_and(|pipe| pipe.write_all(text.as_bytes()).is_ok());
        self.page = Page::Piped(child);
        if !sent {
            self.leave_pager();
        }
    }

    /// The pager does not read on: nobody wants the rest of the command.
    fn leave_pager(&mut self) {
        if let Page::Piped(mut child) = std::mem::replace(&mut self.page, Page::Left) {
            let _ = child.wait();
        }
        self.cancelled.store(true, Ordering::SeqCst);
    }
}
