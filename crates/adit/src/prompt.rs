//! Joins a session to a prompt.

use std::io::{BufReader, IsTerminal, stdin, stdout};
use std::path::PathBuf;
use std::sync::Arc;

use adit_api::Client;
use adit_session::{Config, Target};
use adit_terminal::{Input, LineEditor, Options, PlainInput, Terminal};

use crate::cli::Globals;
use crate::signals::Watch;

/// Scripts wait for this text.
const PROMPT: &str = "(dlv) ";

/// Debugs until the user leaves the prompt; returns the exit status.
pub(crate) fn run(globals: &Globals, watch: Watch, config: Config) -> Result<u8, String> {
    let attached = matches!(config.target, Target::Attach { .. });
    let client: Arc<dyn Client> = Arc::new(adit_session::start(config).map_err(|error| error.to_string())?);
    let mut options = Options::from_environment(PROMPT, input()?);
    options.init_file = (!globals.init.is_empty()).then(|| PathBuf::from(&globals.init));
    options.interrupts = Some(watch.guard_session(&client));
    options.ask_before_kill = attached;
    options.wait_reason = adit_goruntime::wait_reason_text;
    Ok(Terminal::new(client, options).run())
}

/// Lines edited on a terminal, plain ones from anything else.
fn input() -> Result<Box<dyn Input>, String> {
    if stdin().is_terminal() && stdout().is_terminal() {
        let editor = LineEditor::new().map_err(|error| format!("could not use the terminal: {error}"))?;
        return Ok(Box::new(editor));
    }
    Ok(Box::new(PlainInput::new(BufReader::new(stdin()), stdout())))
}
