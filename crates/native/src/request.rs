//! What to launch, and how.

use std::ffi::OsString;
use std::path::PathBuf;

/// A program to be launched.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The executable file; a relative path counts from the debugger's own working directory.
    pub path: PathBuf,
    /// The arguments, the program's name as the zeroth.
    pub argv: Vec<OsString>,
    /// The environment; `None`: the debugger's own.
    pub env: Option<Vec<(OsString, OsString)>>,
    /// Where it runs; `None`: where the debugger does.
    pub working_dir: Option<PathBuf>,
    /// Maps the program at the same addresses each time (personality(2), `ADDR_NO_RANDOMIZE`).
    pub disable_aslr: bool,
    /// A file to read standard input from.
    pub stdin: Option<PathBuf>,
    /// A file to write standard output to; it is created or emptied.
    pub stdout: Option<PathBuf>,
    /// A file to write standard error to; it is created or emptied. May be the same as `stdout`.
    pub stderr: Option<PathBuf>,
    /// A terminal for all three; it becomes the program's controlling terminal if it is nobody's yet.
    pub tty: Option<PathBuf>,
    /// If the debugger's standard input is a terminal: the program is its foreground process group while it runs,
    /// so it may read from it, and Ctrl-C reaches the program. Otherwise Ctrl-C reaches only the debugger: the
    /// program always has a process group of its own.
    pub foreground: bool,
}

impl Launch {
    /// `path` without arguments, with the debugger's own environment, directory and standard streams.
    pub fn new(path: impl Into<PathBuf>) -> Launch {
        let path = path.into();
        Launch {
            argv: vec![path.clone().into_os_string()],
            path,
            env: None,
            working_dir: None,
            disable_aslr: false,
            stdin: None,
            stdout: None,
            stderr: None,
            tty: None,
            foreground: false,
        }
    }
}
