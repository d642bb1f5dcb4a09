//! `adit`, the program: reads the command line, builds what is to be debugged, and joins a session to a
//! prompt. Everything else is in the crates below it.

mod cli;
mod connect;
mod dap;
mod headless;
mod identity;
mod keeper;
mod launch;
mod logging;
mod man;
mod prompt;
mod redirect;
mod scripts;
mod signals;
mod topics;
mod trace;

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::cli::Action;
use crate::identity::Identity;

fn main() -> ExitCode {
    let identity = Identity::from_argument(std::env::args_os().next().as_deref());
    let mut cli = match cli::parse(identity, std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed standard output or error leaves nobody to tell.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                    ExitCode::SUCCESS
                }
                _ => ExitCode::FAILURE,
            };
        }
    };
    cli.globals.identity = identity;
    match cli.command {
        Action::Version { verbose } => say(identity.version_text(verbose).as_bytes()),
        Action::Completion { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut cli::command(identity), identity.command(), &mut script);
            say(&script)
        }
        Action::Man { folder } => man::write(identity, &folder),
        Action::Run { .. } => say(b"This command is deprecated, please use 'debug' instead.\n"),
        Action::SubstitutePathGuessHelper => say(prompt::guess_input().as_bytes()),
        Action::Backend => say(topics::BACKEND.as_bytes()),
        Action::Log => say(topics::LOG.as_bytes()),
        Action::Redirect => say(topics::REDIRECT.as_bytes()),
        Action::Attach(attach) => launch::attach(&cli.globals, &attach),
        Action::Connect(connect) => connect::connect(&cli.globals, &connect),
        Action::Dap(dap) => dap::dap(&cli.globals, &dap),
        Action::Debug(debug) => launch::debug(&cli.globals, debug),
        Action::Exec(exec) => launch::exec(&cli.globals, &exec),
        Action::Inspect(inspect) => launch::inspect(&cli.globals, &inspect),
        Action::Test(test) => launch::test(&cli.globals, test),
        Action::Trace(trace) => trace::trace(&cli.globals, &trace),
    }
}

/// Prints what is the command's whole outcome. A reader that has gone away, such as a pager, wants no more.
fn say(text: &[u8]) -> ExitCode {
    match std::io::stdout().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("could not write to standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
