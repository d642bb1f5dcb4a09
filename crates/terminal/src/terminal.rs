//! The session at the prompt.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use adit_api::{Client, DebuggerState, EvalScope, TraceSink};

use crate::command::{Context, Failure, Outcome, Prefix};
use crate::completion::Vocabulary;
use crate::config::Config;
use crate::input::Input;
use crate::interrupt::{self, Busy, Interrupts};
use crate::options::Options;
use crate::output::Output;
use crate::print::tracepoint::{TraceStyle, TraceVerbosity};
use crate::print::view::View;
use crate::progress::Progress;
use crate::prompt::{PromptValues, expand};
use crate::script::ScriptEngine;
use crate::sources::{EscapeModule, LocalSources};
use crate::trace::HitPrinter;

/// An expression shown after every stop.
pub(crate) struct Display {
    pub(crate) verb: String,
    pub(crate) expr: String,
}

/// One session at the prompt.
pub struct Terminal {
    pub(crate) client: Arc<dyn Client>,
    pub(crate) input: Arc<Mutex<Box<dyn Input>>>,
    pub(crate) out: Output,
    pub(crate) config: Config,
    pub(crate) config_path: Option<PathBuf>,
    pub(crate) color: bool,
    /// The frame selected with `frame`, `up` and `down`.
    pub(crate) frame: i64,
    /// Expressions shown after every stop, by number; those removed leave a gap.
    pub(crate) displays: Vec<Option<Display>>,
    /// Prints hits of tracepoints while the target runs, if the session can tell of them then.
    pub(crate) hit_printer: Option<Arc<HitPrinter>>,
    pub(crate) trace_verbosity: TraceVerbosity,
    pub(crate) interrupts: Arc<Interrupts>,
    /// Tells of commands that take long.
    pub(crate) progress: Option<Arc<Progress>>,
    /// How deep files of commands read each other.
    pub(crate) source_depth: usize,
    pub(crate) scripts: Option<Arc<dyn ScriptEngine>>,
    /// How deep scripts run each other.
    pub(crate) script_depth: usize,
    /// The exit status, once a command of a script has ended the session.
    pub(crate) script_exit: Option<i32>,
    /// Where a command of a script was told to apply.
    pub(crate) script_scope: Option<EvalScope>,
    /// How often the target has been let run.
    pub(crate) resumptions: u64,
    pub(crate) ask_before_kill: bool,
    /// Where this machine has Go's sources.
    pub(crate) local_sources: Box<dyn Fn(&Path) -> LocalSources + Send>,
    pub(crate) escape_module: EscapeModule,
    /// Rules for source files that the configured ones do not lead to; made when one is missing.
    pub(crate) guessed_rules: Option<Vec<[String; 2]>>,
    /// The process that was shown last, and when its executable was built, if that was asked for.
    pub(crate) built: (i64, Option<SystemTime>),
    current_dir: Option<String>,
    history_path: Option<PathBuf>,
    /// There is no configuration, the user's own or another, yet.
    first_time: bool,
    init_file: Option<PathBuf>,
    prompt: String,
    last_line: String,
    wait_reason: fn(&str, i64) -> Option<&'static str>,
    go_version: Option<String>,
}

impl Terminal {
    /// A session that controls `client`. Nothing is read or printed before [`Terminal::run`].
    pub fn new(client: Arc<dyn Client>, options: Options) -> Self {
        let config_path = options.config_dir.as_ref().map(|dir| dir.join("config.yml"));
        let config_file = options.config_file();
        let interrupts = Arc::new(Interrupts::default());
        let mut out =
            Output::new(options.out, options.err, options.pager, options.screen_rows, interrupts.flag());
        let progress = options.progress.map(Progress::start);
        if let Some(progress) = &progress {
            out.set_progress(Arc::clone(progress));
        }
        let first_time = config_file.is_none();
        let config = match config_file.map(|path| Config::load(&path)) {
            Some(Ok(config)) => config,
            Some(Err(error)) => {
                out.error(&error);
                Config::default()
            }
            None => Config::default(),
        };
        let input = Arc::new(Mutex::new(options.input));
        if let Some(events) = options.interrupts {
            interrupt::watch(events, Arc::clone(&interrupts), Arc::clone(&client), Arc::clone(&input));
        }
        let hit_printer = Arc::new(HitPrinter::default());
        let sink: Arc<dyn TraceSink> = hit_printer.clone();
        let can_trace = client.trace_into(&sink);
        Self {
            client,
            input,
            out,
            config,
            config_path,
            color: options.color,
            frame: 0,
            displays: Vec::new(),
            hit_printer: can_trace.then_some(hit_printer),
            trace_verbosity: TraceVerbosity::default(),
            interrupts,
            progress,
            source_depth: 0,
            scripts: options.scripts,
            script_depth: 0,
            script_exit: None,
            script_scope: None,
            resumptions: 0,
            ask_before_kill: options.ask_before_kill,
            local_sources: options.local_sources,
            escape_module: options.escape_module,
            guessed_rules: None,
            built: (0, None),
            current_dir: options.current_dir.map(|dir| dir.to_string_lossy().into_owned()),
            first_time,
            history_path: options.config_dir.map(|dir| dir.join(".dbg_history")),
            init_file: options.init_file,
            prompt: options.prompt,
            last_line: String::new(),
            wait_reason: options.wait_reason,
            go_version: None,
        }
    }

    /// Reads and carries out commands until the user leaves. Returns the exit status: 0, or 1 after an error of
    /// the client, or 2 if input ended at the question whether to leave.
    pub fn run(mut self) -> i32 {
        self.send_debug_info_directories();
        if let Some(folder) = self.history_path.as_deref().and_then(Path::parent) {
            // Without the folder there is no history, and nothing else is amiss.
            let _ = crate::config::create_private_folder(folder);
        }
        if let Some(path) = self.config_path.as_deref().filter(|_| self.first_time) {
            // The defaults hold without it.
            let _ = Config::create(path);
        }
        self.lock_input(|input, terminal| input.prepare(&terminal.client, terminal.history_path.clone()));
        let reason = self.client.program_info().map(|info| info.not_running).unwrap_or_default();
        if !reason.is_empty() {
            self.println(&capitalised(&reason));
        }
        self.out.print("Type 'help' for list of commands.\n");
        if let Some(status) = self.run_init_file() {
            return status;
        }
        loop {
            let prompt = self.prompt_text();
            let vocabulary = self.vocabulary();
            self.lock_input(|input, _| input.learn(vocabulary));
            let line = match self.read_line(&prompt) {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.out.print("exit\n");
                    return self.leave();
                }
                Err(error) => {
                    self.out.error(&format!("Prompt for input failed: {error}"));
                    return 1;
                }
            };
            if let Some(rows) = self.lock_input(|input, _| input.screen_rows()) {
                self.out.set_screen_rows(rows);
            }
            self.out.echo(&format!("{prompt}{line}"));
            match self.line(&line) {
                Err(Failure::Exit(status)) => return status,
                Err(Failure::Message(text)) => self.report(&text),
                Ok(()) => {}
            }
            if self.interrupts.quit() {
                return 0;
            }
        }
    }

    fn vocabulary(&self) -> Vocabulary {
        let aliases = self.config.aliases.iter();
        Vocabulary {
            aliases: aliases
                .flat_map(|(command, aliases)| aliases.iter().map(|alias| (alias.clone(), command.clone())))
                .collect(),
            scripted: self.script_commands().into_iter().map(|command| command.name).collect(),
            frame: self.frame,
        }
    }

    fn leave(&mut self) -> i32 {
        match self.execute("exit", &self.plain_context()) {
            Err(Failure::Exit(status)) => status,
            Err(Failure::Message(text)) => {
                self.report(&text);
                1
            }
            Ok(()) => 0,
        }
    }

    fn run_init_file(&mut self) -> Option<i32> {
        let path = self.init_file.take()?;
        match self.execute_file(&path) {
            Err(Failure::Exit(status)) => Some(status),
            Err(Failure::Message(error)) => {
                self.out.error(&format!("Error executing init file: {error}"));
                None
            }
            Ok(()) => None,
        }
    }

    /// Carries out a line typed at the prompt; an empty one repeats the last.
    fn line(&mut self, line: &str) -> Outcome {
        let line = line.trim();
        if !line.is_empty() {
            self.last_line = line.to_owned();
        }
        self.interrupts.reset();
        let line = self.last_line.clone();
        self.work_begins(&line);
        let outcome = self.execute(&line, &self.plain_context());
        self.work_ends();
        outcome
    }

    fn work_begins(&self, line: &str) {
        if let Some(progress) = &self.progress {
            progress.begin(line.split_whitespace().next().unwrap_or_default());
        }
    }

    /// Nothing is told of the command any more: it is done, or the user knows what it waits for.
    pub(crate) fn work_ends(&self) {
        if let Some(progress) = &self.progress {
            progress.end();
        }
    }

    /// Shows why a command failed.
    pub(crate) fn report(&mut self, text: &str) {
        // What the end of the process prevents is no failure of the command.
        if text.contains("exited") {
            self.out.error(text);
        } else {
            self.out.error(&format!("Command failed: {text}"));
        }
    }

    /// Carries out the lines of a file; what fails is reported, and the rest goes on.
    pub(crate) fn execute_file(&mut self, path: &Path) -> Outcome {
        const MAX_DEPTH: usize = 16;
        if self.source_depth >= MAX_DEPTH {
            return Err(format!("{}: command files read each other without end", path.display()).into());
        }
        let bytes = std::fs::read(path).map_err(|e| format!("open {}: {}", path.display(), os_text(&e)))?;
        let text = String::from_utf8_lossy(&bytes);
        self.source_depth += 1;
        let mut outcome = Ok(());
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            self.interrupts.reset();
            self.work_begins(line);
            let done = self.execute(line, &self.plain_context());
            self.work_ends();
            match done {
                Err(Failure::Message(error)) => {
                    self.out.print(&format!("{}:{}: {error}\n", path.display(), number + 1));
                }
                Err(exit @ Failure::Exit(_)) => {
                    outcome = Err(exit);
                    break;
                }
                Ok(()) => {}
            }
        }
        self.source_depth -= 1;
        outcome
    }

    /// Where commands without a prefix apply: the selected frame of the selected goroutine.
    pub(crate) fn plain_context(&self) -> Context {
        Context {
            scope: self.script_scope.unwrap_or(EvalScope {
                goroutine_id: -1,
                frame: self.frame,
                deferred_call: 0,
            }),
            prefix: Prefix::None,
        }
    }

    fn prompt_text(&mut self) -> String {
        let text = if self.config.prompt.is_empty() {
            self.prompt.clone()
        } else {
            let state = self.client.state(true).unwrap_or_default();
            let values = PromptValues {
                frame: self.frame,
                goroutine: state.current_goroutine.map(|g| g.id),
                thread: state.current_thread.map(|t| t.id),
                pid: (state.pid != 0).then_some(state.pid),
            };
            expand(&self.config.prompt, &values)
        };
        if self.color && !self.config.prompt_color.is_empty() {
            return format!("{}{text}\x1b[0m", self.config.prompt_color);
        }
        text
    }

    fn lock_input<T>(&mut self, f: impl FnOnce(&mut dyn Input, &Self) -> T) -> T {
        let input = Arc::clone(&self.input);
        let mut input = input.lock().unwrap_or_else(PoisonError::into_inner);
        f(input.as_mut(), self)
    }

    /// Reads a line from the user.
    pub(crate) fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>> {
        self.work_ends();
        self.lock_input(|input, _| input.read_line(prompt))
    }

    /// Asks a question whose answer is yes unless it begins with n; `None` if input ends.
    pub(crate) fn ask(&mut self, question: &str) -> Option<bool> {
        loop {
            let answer = self.read_line(question).ok().flatten()?;
            match answer.trim().to_lowercase().as_str() {
                "" | "y" | "yes" => return Some(true),
                "n" | "no" => return Some(false),
                _ => {}
            }
        }
    }

    /// Prints a line.
    pub(crate) fn println(&mut self, line: &str) {
        self.out.print(line);
        self.out.print("\n");
    }

    /// A path of the target as it is shown: here instead of there, and relative to the current folder.
    pub(crate) fn path(&self, path: &str) -> String {
        self.view().path(path)
    }

    /// How places and values are shown.
    pub(crate) fn view(&self) -> View<'_> {
        View { config: &self.config, color: self.color, current_dir: self.current_dir.as_deref() }
    }

    /// How hits of tracepoints are shown, now that the terminal waits for the target.
    pub(crate) fn trace_style(&self) -> TraceStyle {
        TraceStyle {
            verbosity: self.trace_verbosity,
            config: self.config.clone(),
            color: self.color,
            current_dir: self.current_dir.clone(),
        }
    }

    /// The state of the stopped target.
    pub(crate) fn state(&self) -> Result<DebuggerState, Failure> {
        Ok(self.client.state(false)?)
    }

    /// The text of a wait reason of the target's version of Go.
    pub(crate) fn wait_reason(&mut self, index: i64) -> Option<&'static str> {
        if self.go_version.is_none() {
            self.go_version =
                self.client.get_version().ok().map(|v| v.target_go_version).filter(|v| !v.is_empty());
        }
        (self.wait_reason)(self.go_version.as_deref()?, index)
    }

    /// Does something that Ctrl-C stops.
    pub(crate) fn while_busy<T>(&mut self, busy: Busy, f: impl FnOnce(&mut Self) -> T) -> T {
        self.work_ends();
        self.interrupts.set_busy(busy);
        let result = f(self);
        self.interrupts.set_busy(Busy::No);
        result
    }

    pub(crate) fn send_debug_info_directories(&mut self) {
        let request = adit_api::requests::DebugInfoDirectoriesIn {
            set: true,
            list: self.config.debug_info_directories.clone(),
        };
        if let Err(error) = self.client.debug_info_directories(&request) {
            self.report(&error.0);
        }
    }

    /// Forgets what was known of the program before a restart.
    pub(crate) fn forget_program(&mut self) {
        self.frame = 0;
        self.go_version = None;
        self.guessed_rules = None;
        self.built = (0, None);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(progress) = &self.progress {
            progress.stop();
        }
    }
}

/// A clause as the beginning of a line.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The text of an operating system's error, as Go has it.
pub(crate) fn os_text(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
