//! What a script needs of the prompt it runs at.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use adit_api::{DebuggerCommand, DebuggerState, EvalScope, LoadConfig};
use starlark::eval::Evaluator;

use crate::declared::AtPrompt;
use crate::objects::failure;

/// The prompt, as scripts use it.
pub trait Host {
    /// Writes text to where commands print.
    fn print(&mut self, text: &str);

    /// Writes a line to where errors are printed.
    fn error(&mut self, line: &str);

    /// Carries out a command line.
    fn command(&mut self, line: &str) -> Result<(), HostError>;

    /// Resumes the target, so that Ctrl-C stops it, and returns the state after its stop.
    fn resume(&mut self, command: &DebuggerCommand) -> adit_api::Result<DebuggerState>;

    /// Reads a line typed to [`Engine::read_interactive`](crate::Engine::read_interactive); `None` at the end of input.
    fn read_line(&mut self, prompt: &str) -> std::io::Result<Option<String>>;

    /// The goroutine and frame that commands apply to now.
    fn scope(&self) -> EvalScope;

    /// How much of values `print` loads.
    fn load_config(&self) -> LoadConfig;

    /// Set by Ctrl-C; the script ends soon after.
    fn interrupted(&self) -> Arc<AtomicBool>;
}

/// Why a command line of a script did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// The command failed, for this reason.
    Failed(String),
    /// The session is over, and so is the script.
    Exit,
}

/// Has the prompt do something for a builtin.
pub(crate) fn with_host<'v, 'a, 'e, T>(
    eval: &Evaluator<'v, 'a, 'e>,
    work: impl FnOnce(&mut dyn Host) -> T,
) -> starlark::Result<T> {
    let at_prompt = eval.extra.and_then(|extra| extra.downcast_ref::<AtPrompt<'e>>());
    let at_prompt = at_prompt.ok_or_else(|| failure("no prompt"))?;
    let mut host = at_prompt.host.try_borrow_mut().map_err(|_| failure("the prompt is busy"))?;
    Ok(work(&mut **host))
}
