//! Where command lines come from: a line editor at a terminal, plain lines elsewhere.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use adit_api::Client;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::{FileHistory, History};
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use crate::completion::{self, Vocabulary};

/// A source of command lines.
pub trait Input: Send {
    /// Shows `prompt` and reads a line, without its end; `None` at the end of input.
    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>>;

    /// How many rows the screen has, if there is one.
    fn screen_rows(&mut self) -> Option<usize> {
        None
    }

    /// Says what else can be completed from now on.
    fn learn(&mut self, _vocabulary: Vocabulary) {}

    /// Says what completes the lines, and where those that were entered are kept.
    fn prepare(&mut self, _client: &Arc<dyn Client>, _history: Option<PathBuf>) {}
}

/// Lines of a file or pipe. The prompt is written all the same, so that a program that drives the debugger can
/// tell when it is ready.
pub struct PlainInput<R, W> {
    reader: R,
    writer: W,
}

impl<R: BufRead + Send, W: Write + Send> PlainInput<R, W> {
    /// Reads lines from `reader` and writes prompts to `writer`.
    pub fn new(reader: R, writer: W) -> Self {
        Self { reader, writer }
    }
}

impl<R: BufRead + Send, W: Write + Send> Input for PlainInput<R, W> {
    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>> {
        self.writer.write_all(prompt.as_bytes())?;
        self.writer.flush()?;
        let mut line = Vec::new();
        if self.reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

/// Lines edited at a terminal, with history and completion.
pub struct LineEditor {
    editor: Editor<PromptHelper, FileHistory>,
    history: Option<PathBuf>,
}

impl LineEditor {
    /// Takes over the terminal on standard input for reading lines.
    pub fn new() -> std::io::Result<Self> {
        let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).build();
        let mut editor = Editor::with_config(config).map_err(std::io::Error::other)?;
        editor.set_helper(Some(PromptHelper::default()));
        Ok(Self { editor, history: None })
    }
}

impl Input for LineEditor {
    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>> {
        loop {
            match self.editor.readline(prompt) {
                Ok(line) => {
                    // A history that cannot be written is no reason to refuse the command.
                    if let Some(path) = &self.history {
                        let _ = self.editor.history_mut().append(path);
                    }
                    return Ok(Some(line));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(ReadlineError::Io(error)) => return Err(error),
                Err(error) => return Err(std::io::Error::other(error)),
            }
        }
    }

    fn screen_rows(&mut self) -> Option<usize> {
        self.editor.dimensions().map(|(_, rows)| usize::from(rows))
    }

    fn learn(&mut self, vocabulary: Vocabulary) {
        if let Some(helper) = self.editor.helper_mut() {
            helper.vocabulary = vocabulary;
        }
    }

    fn prepare(&mut self, client: &Arc<dyn Client>, history: Option<PathBuf>) {
        if let Some(helper) = self.editor.helper_mut() {
            helper.client = Some(Arc::clone(client));
        }
        if let Some(path) = &history {
            let _ = self.editor.load_history(path);
        }
        self.history = history;
    }
}

#[derive(Default)]
struct PromptHelper {
    client: Option<Arc<dyn Client>>,
    vocabulary: Vocabulary,
}

impl Completer for PromptHelper {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, candidates) =
            completion::complete(self.client.as_deref(), &self.vocabulary, &line[..pos]);
        let pairs = candidates.into_iter().map(|c| Pair { display: c.clone(), replacement: c }).collect();
        Ok((start, pairs))
    }
}

impl Hinter for PromptHelper {
    type Hint = String;
}

impl Highlighter for PromptHelper {}
impl Validator for PromptHelper {}
impl Helper for PromptHelper {}
