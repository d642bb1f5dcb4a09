//! Man pages, from the description of the command line that `--help` prints.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::cli;
use crate::identity::Identity;

/// Writes a page for the program, and one for each subcommand: `adit.1`, `adit-exec.1`.
pub(crate) fn write(identity: Identity, folder: &Path) -> ExitCode {
    match std::fs::create_dir_all(folder).and_then(|()| pages(identity, folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("could not write the man pages to {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn pages(identity: Identity, folder: &Path) -> io::Result<()> {
    clap_mangen::generate_to(cli::command(identity).disable_help_subcommand(true), folder)
}
