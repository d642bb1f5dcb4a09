//! Where the prompt's text goes: the screen, a transcript, a pager.

use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

/// The two output streams of a prompt, and what copies or holds back their text.
pub(crate) struct Output {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    transcript: Option<Transcript>,
    /// Text of a command whose output may have to be paged.
    held: Option<String>,
    pager: Option<String>,
    screen_rows: usize,
}

struct Transcript {
    file: File,
    /// Only the transcript gets the text.
    silent: bool,
}

impl Output {
    pub(crate) fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        pager: Option<String>,
        screen_rows: Option<usize>,
    ) -> Self {
        Self { out, err, transcript: None, held: None, pager, screen_rows: screen_rows.unwrap_or(24) }
    }

    /// Loses everything.
    pub(crate) fn nowhere() -> Self {
        Self::new(Box::new(std::io::sink()), Box::new(std::io::sink()), None, None)
    }

    /// Says how much fits on the screen.
    pub(crate) fn set_screen_rows(&mut self, rows: usize) {
        self.screen_rows = rows;
    }

    /// Writes text as it is. A reader that has gone away is no reason to stop debugging.
    pub(crate) fn print(&mut self, text: &str) {
        match &mut self.held {
            Some(held) => held.push_str(text),
            None => self.write(text.as_bytes()),
        }
    }

    /// Writes bytes as they are, for output that is not text.
    pub(crate) fn print_bytes(&mut self, bytes: &[u8]) {
        self.write(bytes);
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut silent = false;
        if let Some(transcript) = &mut self.transcript {
            silent = transcript.silent;
            let _ = transcript.file.write_all(bytes);
        }
        if !silent {
            let _ = self.out.write_all(bytes);
        }
        let _ = self.out.flush();
    }

    /// Writes a line to the error stream.
    pub(crate) fn error(&mut self, line: &str) {
        if let Some(transcript) = &mut self.transcript {
            let _ = writeln!(transcript.file, "{line}");
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

    /// Holds text back until [`Output::end_page`], if there is a pager.
    pub(crate) fn begin_page(&mut self) {
        if self.pager.is_some() {
            self.held = Some(String::new());
        }
    }

    /// Sends the text held back to the screen, through the pager if it is longer than the screen.
    pub(crate) fn end_page(&mut self) {
        let Some(text) = self.held.take() else { return };
        let long = text.lines().count() >= self.screen_rows;
        match self.pager.clone().filter(|_| long) {
            Some(pager) => {
                self.write(b"Sending output to pager...\n");
                if page(&pager, &text).is_err() {
                    self.write(text.as_bytes());
                }
            }
            None => self.write(text.as_bytes()),
        }
    }
}

fn page(pager: &str, text: &str) -> std::io::Result<()> {
    let mut words = pager.split_whitespace();
    let program = words.next().unwrap_or("more");
    let mut child = Command::new(program).args(words).stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // The user may leave the pager before it has read everything.
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait().map(|_| ())
}
