//! Joins scripts to the prompt.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use adit_api::{Client, DebuggerCommand, DebuggerState, EvalScope, LoadConfig};
use adit_script::{Engine, Host};
use adit_terminal::{HostError, ScriptCommand, ScriptEngine, ScriptHost};

/// The scripts of a session at the prompt.
pub(crate) struct Scripts(Engine);

impl Scripts {
    /// Scripts that drive the session of `client`.
    pub(crate) fn new(client: &Arc<dyn Client>) -> Arc<Scripts> {
        Arc::new(Scripts(Engine::new(Arc::clone(client))))
    }
}

impl ScriptEngine for Scripts {
    fn run_file(&self, path: &Path, host: &mut dyn ScriptHost) -> Result<(), String> {
        self.0.run_file(path, &mut Prompt(host))
    }

    fn read_interactive(&self, host: &mut dyn ScriptHost) -> Result<(), String> {
        self.0.read_interactive(&mut Prompt(host))
    }

    fn commands(&self) -> Vec<ScriptCommand> {
        let command =
            |command: adit_script::Command| ScriptCommand { name: command.name, help: command.help };
        self.0.commands().into_iter().map(command).collect()
    }

    fn call(&self, name: &str, arguments: &str, host: &mut dyn ScriptHost) -> Result<(), String> {
        self.0.call(name, arguments, &mut Prompt(host))
    }
}

/// The prompt as scripts know it.
struct Prompt<'a>(&'a mut dyn ScriptHost);

impl Host for Prompt<'_> {
    fn print(&mut self, text: &str) {
        self.0.print(text);
    }

    fn error(&mut self, line: &str) {
        self.0.error(line);
    }

    fn command(&mut self, line: &str) -> Result<(), adit_script::HostError> {
        self.0.command(line).map_err(|error| match error {
            HostError::Failed(text) => adit_script::HostError::Failed(text),
            HostError::Exit => adit_script::HostError::Exit,
        })
    }

    fn resume(&mut self, command: &DebuggerCommand) -> adit_api::Result<DebuggerState> {
        self.0.resume(command)
    }

    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>> {
        self.0.read_line(prompt)
    }

    fn scope(&self) -> EvalScope {
        self.0.scope()
    }

    fn load_config(&self) -> LoadConfig {
        self.0.load_config()
    }

    fn interrupted(&self) -> Arc<AtomicBool> {
        self.0.interrupted()
    }
}
