//! Where scripts meet the prompt.
//!
//! The prompt does not know the language of scripts. Whoever starts it may give it a [`ScriptEngine`]
//! ([`Options::scripts`](crate::Options::scripts)), which `source file.star` and `source -` hand over to, and which
//! may add commands. What the engine needs of the prompt in turn is a [`ScriptHost`].

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use adit_api::{Client, DebuggerCommand, DebuggerState, EvalScope, LoadConfig, command_name};

use crate::command::{Context, Failure, Outcome};
use crate::interrupt::Busy;
use crate::terminal::Terminal;

/// A command that a script has defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptCommand {
    /// Its name, without the `command_` of the function.
    pub name: String,
    /// What `help` shows: the function's documentation, or `user defined`.
    pub help: String,
}

/// The language of scripts.
///
/// Methods take `&self` since scripts run commands of the prompt, which may run scripts in turn. Errors are what is
/// shown after `Command failed: `.
pub trait ScriptEngine: Send + Sync {
    /// Runs a script, with its `main` if it has one.
    fn run_file(&self, path: &Path, host: &mut dyn ScriptHost) -> Result<(), String>;

    /// Reads and runs statements until the input ends or the user types `exit`.
    fn read_interactive(&self, host: &mut dyn ScriptHost) -> Result<(), String>;

    /// The commands that scripts have defined so far. One with the name of a command of the prompt replaces it.
    fn commands(&self) -> Vec<ScriptCommand>;

    /// Carries out one of [`ScriptEngine::commands`] with the text that follows its name.
    fn call(&self, name: &str, arguments: &str, host: &mut dyn ScriptHost) -> Result<(), String>;
}

/// What the prompt does for scripts.
pub trait ScriptHost {
    /// The session.
    fn client(&self) -> Arc<dyn Client>;

    /// Writes text to where commands print.
    fn print(&mut self, text: &str);

    /// Writes a line to where errors are printed.
    fn error(&mut self, line: &str);

    /// Carries out a command line. After [`HostError::Exit`] the script must end: the session is over.
    fn command(&mut self, line: &str) -> Result<(), HostError>;

    /// Resumes, steps or calls, so that Ctrl-C stops the target, and returns the state after its stop. Nothing is
    /// printed.
    fn resume(&mut self, command: &DebuggerCommand) -> adit_api::Result<DebuggerState>;

    /// Reads a line of `source -`; `None` at the end of input.
    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>>;

    /// The goroutine and frame that commands apply to now.
    fn scope(&self) -> EvalScope;

    /// How much of values `print` loads.
    fn load_config(&self) -> LoadConfig;

    /// Set by Ctrl-C; the script must then end soon, with the error `user interrupt`.
    fn interrupted(&self) -> Arc<AtomicBool>;
}

/// Why a command line of a script did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// The command failed, for this reason.
    Failed(String),
    /// The command ended the session.
    Exit,
}

impl ScriptHost for Terminal {
    fn client(&self) -> Arc<dyn Client> {
        Arc::clone(&self.client)
    }

    fn print(&mut self, text: &str) {
        self.out.print(text);
    }

    fn error(&mut self, line: &str) {
        self.out.error(line);
    }

    fn command(&mut self, line: &str) -> Result<(), HostError> {
        self.execute(line, &self.plain_context()).map_err(|failure| match failure {
            Failure::Message(text) => HostError::Failed(text),
            Failure::Exit(status) => {
                self.script_exit = Some(status);
                HostError::Exit
            }
        })
    }

    fn resume(&mut self, command: &DebuggerCommand) -> adit_api::Result<DebuggerState> {
        // What the frame was counted from is no more.
        self.frame = 0;
        match command.name.as_str() {
            command_name::SWITCH_GOROUTINE | command_name::SWITCH_THREAD | command_name::HALT => {
                self.client.command(command)
            }
            _ => self.while_busy(Busy::Running, |t| t.run_target(command)),
        }
    }

    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>> {
        // What is typed at one prompt is not to be stopped by a Ctrl-C at another.
        self.interrupts.reset();
        Terminal::read_line(self, prompt)
    }

    fn scope(&self) -> EvalScope {
        self.plain_context().scope
    }

    fn load_config(&self) -> LoadConfig {
        self.config.load_config()
    }

    fn interrupted(&self) -> Arc<AtomicBool> {
        self.interrupts.flag()
    }
}

impl Terminal {
    /// The command of that name that a script has defined.
    pub(crate) fn script_command(&self, name: &str) -> Option<ScriptCommand> {
        self.script_commands().into_iter().find(|command| command.name == name)
    }

    /// The commands that scripts have defined.
    pub(crate) fn script_commands(&self) -> Vec<ScriptCommand> {
        self.scripts.as_ref().map(|engine| engine.commands()).unwrap_or_default()
    }

    /// Has the engine do something.
    fn with_scripts(
        &mut self,
        work: impl FnOnce(&dyn ScriptEngine, &mut dyn ScriptHost) -> Result<(), String>,
    ) -> Outcome {
        let Some(engine) = self.scripts.clone() else { return Err("scripts are not available".into()) };
        self.script_depth += 1;
        let outcome = match self.script_depth > MAX_DEPTH {
            true => Err("scripts run each other without end".to_owned()),
            false => work(engine.as_ref(), self),
        };
        self.script_depth -= 1;
        match self.script_exit.take() {
            Some(status) => Err(Failure::Exit(status)),
            None => Ok(outcome?),
        }
    }

    /// `source` of a script.
    pub(crate) fn run_script(&mut self, path: &Path) -> Outcome {
        self.with_scripts(|engine, host| engine.run_file(path, host))
    }

    /// `source -`.
    pub(crate) fn read_script(&mut self) -> Outcome {
        self.with_scripts(|engine, host| engine.read_interactive(host))
    }

    /// Carries out a command that a script has defined, where `context` says.
    pub(crate) fn call_script(&mut self, name: &str, arguments: &str, context: &Context) -> Outcome {
        let outer = self.script_scope.replace(context.scope);
        let outcome = self.with_scripts(|engine, host| engine.call(name, arguments, host));
        self.script_scope = outer;
        outcome
    }
}

/// Each is a level of the machine's own stack.
const MAX_DEPTH: usize = 32;
