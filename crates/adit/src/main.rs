//! `adit`, the program: reads the command line, builds what is to be debugged, and joins a session to a
//! prompt. Everything else is in the crates below it.

mod cli;
mod identity;
mod launch;
mod logging;
mod redirect;
mod topics;

use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::cli::Action;
use crate::identity::Identity;

fn main() -> ExitCode {
    let identity = Identity::from_argument(std::env::args_os().next().as_deref());
    let cli = match cli::parse(identity, std::env::args_os()) {
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
    match cli.command {
        Action::Version { verbose } => {
            print!("{}", identity.version_text(verbose));
            ExitCode::SUCCESS
        }
        Action::Completion { shell } => {
            let mut command = cli::command(identity);
            clap_complete::generate(shell, &mut command, identity.command(), &mut std::io::stdout());
            ExitCode::SUCCESS
        }
        Action::Backend => topic(topics::BACKEND),
        Action::Log => topic(topics::LOG),
        Action::Redirect => topic(topics::REDIRECT),
        Action::Attach(attach) => launch::attach(identity, &cli.globals, &attach),
        Action::Debug(debug) => launch::debug(&cli.globals, debug),
        Action::Exec(exec) => launch::exec(identity, &cli.globals, &exec),
        Action::Test(test) => launch::test(&cli.globals, test),
    }
}

fn topic(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}
