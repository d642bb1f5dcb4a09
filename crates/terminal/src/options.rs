//! What a prompt is given by whoever starts it.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crate::config::Config;
use crate::input::Input;
use crate::script::ScriptEngine;
use crate::sources::{EscapeModule, LocalSources};

/// Where a prompt reads from, writes to, and keeps its files.
pub struct Options {
    /// The text of the prompt unless the configuration sets one, e.g. `(adit) `.
    pub prompt: String,
    /// Where commands come from. [`crate::LineEditor`] at a terminal, [`crate::PlainInput`] elsewhere.
    pub input: Box<dyn Input>,
    /// Standard output.
    pub out: Box<dyn Write + Send>,
    /// Standard error.
    pub err: Box<dyn Write + Send>,
    /// Whether to colour source listings and stacks.
    pub color: bool,
    /// The terminal, to tell there of commands that take long; none tells nothing.
    pub progress: Option<Box<dyn Write + Send>>,
    /// The command that shows long output page by page; none prints it as it comes.
    pub pager: Option<String>,
    /// Rows of the screen, where the input does not know them; output of more lines goes through the pager.
    pub screen_rows: Option<usize>,
    /// The folder of `config.yml` and `.dbg_history`; none reads and keeps neither.
    pub config_dir: Option<PathBuf>,
    /// A `config.yml` that is read while there is none in [`Options::config_dir`].
    pub fallback_config: Option<PathBuf>,
    /// Commands to run before the first prompt.
    pub init_file: Option<PathBuf>,
    /// The folder that printed paths are shown relative to.
    pub current_dir: Option<PathBuf>,
    /// Yields a message for every Ctrl-C.
    pub interrupts: Option<Receiver<()>>,
    /// The text of a wait reason: version of Go as reported by the target, and index into that version's table.
    pub wait_reason: fn(&str, i64) -> Option<&'static str>,
    /// Where this machine has Go's sources, from the point of view of a folder. Asked when a source file is not where
    /// the program says.
    pub local_sources: Box<dyn Fn(&Path) -> LocalSources + Send>,
    /// The module cache's name for a module's path or version.
    pub escape_module: EscapeModule,
    /// Whether the session was started for an existing process, so that leaving asks whether to kill it.
    pub ask_before_kill: bool,
    /// What runs scripts; none has `source` read files of commands alone.
    pub scripts: Option<Arc<dyn ScriptEngine>>,
}

impl Options {
    /// The folders for separate debug information that the configuration names, where the session looks before there
    /// is a prompt. A configuration that cannot be read is complained of by the prompt.
    pub fn debug_info_directories(&self) -> Vec<PathBuf> {
        let config = self.config_file().and_then(|path| Config::load(&path).ok()).unwrap_or_default();
        config.debug_info_directories.into_iter().map(PathBuf::from).collect()
    }

    /// The configuration that is read: the user's own, or the fallback.
    pub(crate) fn config_file(&self) -> Option<PathBuf> {
        let own = self.config_dir.as_ref().map(|folder| folder.join("config.yml"));
        [own, self.fallback_config.clone()].into_iter().flatten().find(|path| path.is_file())
    }

    /// The usual options: colours, pager and folders as the environment variables `TERM`, `NO_COLOR`,
    /// `DELVE_PAGER`, `PAGER`, `XDG_CONFIG_HOME` and `HOME` have it.
    pub fn from_environment(prompt: &str, input: Box<dyn Input>) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
        let dumb = variable("TERM").is_some_and(|t| t == "dumb");
        let tty = std::io::stdout().is_terminal();
        let forced_pager = variable("DELVE_PAGER");
        let pager = match (&forced_pager, tty) {
            _ if dumb => None,
            (Some(_), _) => forced_pager,
            (None, true) => Some(variable("PAGER").unwrap_or_else(|| "more".to_owned())),
            (None, false) => None,
        };
        let config_root = variable("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::home_dir().map(|home| home.join(".config")));
        Self {
            prompt: prompt.to_owned(),
            input,
            out: Box::new(std::io::stdout()),
            err: Box::new(std::io::stderr()),
            color: tty && !dumb && variable("NO_COLOR").is_none(),
            progress: if std::io::stderr().is_terminal() && !dumb {
                Some(Box::new(std::io::stderr()))
            } else {
                None
            },
            pager,
            screen_rows: variable("LINES").and_then(|l| l.parse().ok()),
            config_dir: config_root.as_ref().map(|root| root.join("adit")),
            fallback_config: config_root.map(|root| root.join("dlv").join("config.yml")),
            init_file: None,
            current_dir: std::env::current_dir().ok(),
            interrupts: None,
            wait_reason: |_, _| None,
            local_sources: Box::new(|_| LocalSources::default()),
            escape_module: str::to_owned,
            ask_before_kill: true,
            scripts: None,
        }
    }
}
