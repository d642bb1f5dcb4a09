//! What an adapter needs of the program that it is a part of: to build, and to begin sessions.

use std::path::PathBuf;
use std::sync::Arc;

use adit_api::Client;

use crate::attributes::{Attach, Launch};

/// Builds programs and begins sessions.
pub trait Launcher: Send {
    /// Builds what `launch` asks for; an error was not told to anybody yet.
    fn build(&mut self, launch: &Launch) -> Result<PathBuf, BuildError>;

    /// Begins a session; the error is a text for people.
    fn start(&mut self, start: Start<'_>) -> Result<Arc<dyn Client>, String>;

    /// Files for a program's standard output and error; what is written to them goes to `output`.
    fn capture(&mut self, output: Output) -> Result<[PathBuf; 2], String>;

    /// Waits until all that the program has written to such files was handed over. Nothing more can be written then.
    fn drain(&mut self);

    /// Removes what was built.
    fn clean(&mut self);
}

/// Why there is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// The compiler refuses: the command, what it printed, and how it ended.
    Compiler {
        /// The command line.
        command: String,
        /// What it printed.
        output: String,
        /// How it ended.
        status: String,
    },
    /// Anything else, as a text for people.
    Other(String),
}

/// How a session begins.
pub enum Start<'a> {
    /// With a new process, from a program that was built, or was given.
    Launch {
        /// The executable.
        path: PathBuf,
        /// All else.
        launch: &'a Launch,
        /// Files for standard input, output and error.
        redirects: [Option<PathBuf>; 3],
    },
    /// With a process that runs.
    Attach(&'a Attach),
}

/// Takes pieces of output: of standard error, or else of standard output.
pub type Output = Arc<dyn Fn(bool, &str) + Send + Sync>;
