//! One debugging session as every front end sees it.
//!
//! [`start`] launches or attaches on a thread of its own, which owns the process and the debugger from then on: ptrace(2)
//! takes orders from the thread that took hold of a process, and no other. [`LocalClient`] is the session's
//! [`Client`](adit_api::Client): it hands each request to that thread as a piece of work and waits for the answer. Only
//! two things do not go that way, because they must not wait: asking whether the program runs, and stopping it.

mod breaking_off;
mod breakpoints;
mod client;
mod convert;
mod data;
mod debug_info;
mod debuginfod;
mod dump;
mod events;
mod goroutines;
mod guess;
mod inspect;
mod launch;
mod owner;
mod running;
mod signals;
mod state;
mod targets;
mod trace;

use std::path::PathBuf;
use std::time::Duration;

pub use client::LocalClient;
pub use debuginfod::{Download, Progress};

/// What is to be debugged, and how.
pub struct Config {
    /// The process.
    pub target: Target,
    /// Refuse Go versions that are not known to be supported.
    pub check_go_version: bool,
    /// Where separate debug information is looked for.
    pub debug_info_directories: Vec<PathBuf>,
    /// Is told how far downloads of debug information are.
    pub progress: Option<Progress>,
    /// The debugger's own version, as `GetVersion` answers it: lines `Version: ...` and `Build: ...`.
    pub version: String,
    /// Builds the program anew, and says where it is.
    pub rebuild: Option<Rebuild>,
}

/// Builds the program anew; the error is a text for the user.
pub type Rebuild = Box<dyn Fn() -> Result<PathBuf, String> + Send>;

/// What is debugged.
#[derive(Clone, Debug)]
pub enum Target {
    /// A new process. Of a program that cannot be run here, none is made: it is opened for looking.
    Launch {
        /// The executable.
        path: PathBuf,
        /// Its arguments, without the program's name.
        args: Vec<String>,
        /// Where it runs; the debugger's own directory if `None`.
        working_dir: Option<PathBuf>,
        /// Variables of the environment that are set, or unset, on top of the debugger's own.
        environment: Vec<(String, Option<String>)>,
        /// Load it at the same address each time.
        disable_aslr: bool,
        /// Files for standard input, output and error.
        redirects: [Option<PathBuf>; 3],
        /// A terminal for all three.
        tty: Option<PathBuf>,
        /// Give it the debugger's terminal while it runs.
        foreground: bool,
    },
    /// None: a program that is looked at without being run.
    Look {
        /// Its file.
        path: PathBuf,
        /// Why it is not run, a clause for people.
        reason: String,
    },
    /// One that runs already.
    Attach {
        /// Its process id.
        pid: i64,
        /// Its executable, if the debugger cannot find it by itself.
        executable: Option<PathBuf>,
    },
}

/// Why a session could not begin. The text is the whole message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SessionError(pub String);

/// Waits for a process whose name begins with `prefix`, looking every `interval`, for at most `patience` (`None`: for
/// ever) and while `go_on` says so. `None`: there was none.
pub fn wait_for_process(
    prefix: &str,
    interval: Duration,
    patience: Option<Duration>,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<i64> {
    adit_native::wait_for(prefix, interval, patience, go_on).map(|pid| pid.0)
}

/// Begins a session.
pub fn start(config: Config) -> Result<LocalClient, SessionError> {
    client::start(config)
}
