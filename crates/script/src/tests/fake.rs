//! A client that knows a few expressions, and a prompt that remembers what was printed.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use adit_api::requests::*;
use adit_api::*;

use crate::{Engine, Host, HostError};

/// Answers expressions it was told of.
#[derive(Default)]
pub(super) struct Fake {
    pub(super) values: BTreeMap<String, Variable>,
    /// The requests that arrived, as texts.
    pub(super) asked: Mutex<Vec<String>>,
}

impl Fake {
    fn ask(&self, request: String) {
        self.asked.lock().unwrap().push(request);
    }
}

/// Methods that no test asks.
macro_rules! unasked {
    ($($name:ident($($_:pat_param in $argument:ty),*) -> $result:ty;)*) => {
        $(fn $name(&self, $($_: $argument),*) -> Result<$result> {
            Err(ClientError(concat!(stringify!($name), " was not expected").to_owned()))
        })*
    };
}

impl Client for Fake {
    fn state(&self, _: bool) -> Result<DebuggerState> {
        let thread = Thread { id: 7, goroutine_id: 1, line: 12, ..Thread::default() };
        Ok(DebuggerState {
            current_thread: Some(thread.clone()),
            threads: vec![thread],
            ..DebuggerState::default()
        })
    }

    fn command(&self, command: &DebuggerCommand) -> Result<DebuggerState> {
        self.ask(format!(
            "{} {:?}",
            command.name,
            command.return_info_load_config.map(|c| c.max_array_values)
        ));
        Ok(DebuggerState { exited: true, exit_status: 3, ..DebuggerState::default() })
    }

    fn eval(&self, scope: EvalScope, expr: &str, cfg: Option<LoadConfig>) -> Result<Variable> {
        let most = cfg.map(|cfg| cfg.max_array_values);
        self.ask(format!("{} {} {expr} {most:?}", scope.goroutine_id, scope.frame));
        let found = self.values.get(expr).cloned();
        found.ok_or_else(|| ClientError(format!("could not find symbol value for {expr}")))
    }

    fn create_breakpoint(&self, request: &CreateBreakpointIn) -> Result<Breakpoint> {
        Ok(Breakpoint { id: 5, ..request.breakpoint.clone() })
    }

    fn amend_breakpoint(&self, request: &AmendBreakpointIn) -> Result<()> {
        let breakpoint = &request.breakpoint;
        self.ask(format!("{} {:?} {:?}", breakpoint.id, breakpoint.cond, breakpoint.addrs));
        Ok(())
    }

    fn list_goroutines(&self, request: &ListGoroutinesIn) -> Result<ListGoroutinesOut> {
        self.ask(format!("{} {} {:?}", request.count, request.group_by.0, request.filters));
        Ok(ListGoroutinesOut { nextg: -1, ..ListGoroutinesOut::default() })
    }

    fn examine_memory(&self, address: u64, length: i64) -> Result<(Vec<u8>, bool)> {
        self.ask(format!("{address:#x} {length}"));
        Ok((vec![1, 255], true))
    }

    fn list_functions(&self, filter: &str, _: i64) -> Result<Vec<String>> {
        Ok(vec![format!("main.{filter}")])
    }

    fn stacktrace(&self, request: &StacktraceIn) -> Result<Vec<Stackframe>> {
        self.ask(format!("{} {} {:?}", request.id, request.depth, request.cfg));
        Ok(Vec::new())
    }

    fn attached_to_existing_process(&self) -> bool {
        true
    }

    unasked! {
        restart(_ in &RestartIn) -> Vec<DiscardedBreakpoint>;
        detach(_ in bool) -> ();
        process_pid() -> i64;
        cancel_next() -> ();
        create_watchpoint(_ in &CreateWatchpointIn) -> Breakpoint;
        clear_breakpoint(_ in i64, _ in &str) -> Breakpoint;
        toggle_breakpoint(_ in i64, _ in &str) -> Breakpoint;
        get_breakpoint(_ in i64, _ in &str) -> Breakpoint;
        list_breakpoints(_ in bool) -> Vec<Breakpoint>;
        set(_ in EvalScope, _ in &str, _ in &str) -> ();
        list_local_vars(_ in EvalScope, _ in LoadConfig) -> Vec<Variable>;
        list_function_args(_ in EvalScope, _ in LoadConfig) -> Vec<Variable>;
        list_package_vars(_ in &str, _ in LoadConfig) -> Vec<Variable>;
        type_info(_ in &str) -> TypeInfo;
        list_registers(_ in &ListRegistersIn) -> ListRegistersOut;
        disassemble(_ in &DisassembleIn) -> Vec<AsmInstruction>;
        list_threads() -> Vec<Thread>;
        get_thread(_ in i64) -> Thread;
        find_location(_ in &FindLocationIn) -> FindLocationOut;
        function_return_locations(_ in &str) -> Vec<u64>;
        list_sources(_ in &str) -> Vec<String>;
        list_types(_ in &str) -> Vec<String>;
        list_packages_build_info(_ in &ListPackagesBuildInfoIn) -> Vec<PackageBuildInfo>;
        list_dynamic_libraries() -> ListDynamicLibrariesOut;
        debug_info_directories(_ in &DebugInfoDirectoriesIn) -> Vec<String>;
        build_id() -> String;
        last_modified() -> String;
        get_version() -> GetVersionOut;
        list_targets() -> Vec<Target>;
        follow_exec(_ in &FollowExecIn) -> ();
    }
}

/// A prompt without commands, but for one that succeeds and some that fail.
#[derive(Default)]
pub(super) struct Prompt {
    pub(super) client: Option<Arc<dyn Client>>,
    pub(super) printed: String,
    pub(super) errors: String,
    pub(super) frame: i64,
    pub(super) typed: Vec<String>,
    pub(super) interrupted: Arc<AtomicBool>,
}

impl Host for Prompt {
    fn print(&mut self, text: &str) {
        self.printed.push_str(text);
    }

    fn error(&mut self, line: &str) {
        self.errors.push_str(line);
        self.errors.push('\n');
    }

    fn command(&mut self, line: &str) -> std::result::Result<(), HostError> {
        match line {
            "up" => self.frame += 1,
            "interrupt" => self.interrupted.store(true, std::sync::atomic::Ordering::SeqCst),
            "exit" => return Err(HostError::Exit),
            "continue" => return Err(HostError::Failed("Process 9 has exited with status 0".to_owned())),
            _ => return Err(HostError::Failed("command not available".to_owned())),
        }
        Ok(())
    }

    fn resume(&mut self, command: &DebuggerCommand) -> Result<DebuggerState> {
        self.client.as_ref().unwrap().command(command)
    }

    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>> {
        if self.typed.is_empty() {
            return Ok(None);
        }
        let line = self.typed.remove(0);
        self.printed.push_str(&format!("{prompt}{line}\n"));
        Ok(Some(line))
    }

    fn scope(&self) -> EvalScope {
        EvalScope { frame: self.frame, ..EvalScope::CURRENT }
    }

    fn load_config(&self) -> LoadConfig {
        LoadConfig::FULL
    }

    fn interrupted(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupted)
    }
}

/// A session with scripts.
pub(super) struct Bench {
    pub(super) fake: Arc<Fake>,
    pub(super) engine: Engine,
    pub(super) prompt: Prompt,
    folder: tempfile::TempDir,
}

impl Bench {
    pub(super) fn new(values: impl IntoIterator<Item = (&'static str, Variable)>) -> Bench {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let fake = Arc::new(Fake { values, ..Fake::default() });
        let client: Arc<dyn Client> = fake.clone();
        let prompt = Prompt { client: Some(client.clone()), ..Prompt::default() };
        Bench { fake, engine: Engine::new(client), prompt, folder: tempfile::tempdir().unwrap() }
    }

    /// Runs a script, and returns what it printed and why it failed.
    pub(super) fn run(&mut self, script: &str) -> String {
        let path = self.folder.path().join("t.star");
        std::fs::write(&path, script).unwrap();
        let outcome = self.engine.run_file(&path, &mut self.prompt);
        self.shown(outcome)
    }

    pub(super) fn call(&mut self, name: &str, arguments: &str) -> String {
        let outcome = self.engine.call(name, arguments, &mut self.prompt);
        self.shown(outcome)
    }

    pub(super) fn typed(&mut self, lines: &[&str]) -> String {
        self.prompt.typed = lines.iter().map(|line| (*line).to_owned()).collect();
        let outcome = self.engine.read_interactive(&mut self.prompt);
        self.shown(outcome)
    }

    fn shown(&mut self, outcome: std::result::Result<(), String>) -> String {
        let mut text = std::mem::take(&mut self.prompt.printed);
        if let Err(error) = outcome {
            text.push_str(&format!("failed: {error}\n"));
        }
        let folder = format!("{}/", self.folder.path().display());
        text.replace(&folder, "")
    }

    /// What was written to the prompt's errors.
    pub(super) fn errors(&mut self) -> String {
        let folder = format!("{}/", self.folder.path().display());
        std::mem::take(&mut self.prompt.errors).replace(&folder, "")
    }

    /// What the client was asked since.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.fake.asked.lock().unwrap())
    }
}
