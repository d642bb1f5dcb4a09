//! Starting the real binary.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::program::target_directory;
use crate::{Go, Marker, Session};

/// A run of the debugger that is being put together.
#[derive(Debug)]
pub struct Debugger {
    arguments: Vec<OsString>,
    directory: PathBuf,
    path: Option<OsString>,
    called: Option<PathBuf>,
    variables: Vec<(String, OsString)>,
}

/// A run that was started without a conversation, and is over.
#[derive(Debug)]
pub struct Finished {
    /// The exit status; 128 and the signal's number where a signal ended it, as shells have it.
    pub status: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Debugger {
    /// With these arguments.
    pub fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        Debugger {
            arguments,
            directory: std::env::temp_dir(),
            path: None,
            called: None,
            variables: Vec::new(),
        }
    }

    /// In this current directory.
    pub fn in_directory(mut self, directory: &Path) -> Self {
        self.directory = directory.to_owned();
        self
    }

    /// With this toolchain's `go` first on PATH.
    pub fn with_go(mut self, go: &Go) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = go.directory().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path));
        self.path = Some(std::env::join_paths(folders).unwrap());
        self
    }

    /// Under another name: a link to the binary.
    pub fn called(mut self, link: &Path) -> Self {
        self.called = Some(link.to_owned());
        self
    }

    /// With a variable in its environment.
    pub fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Runs to the end with nothing on standard input.
    pub fn run(self) -> Finished {
        let home = tempfile::tempdir().unwrap();
        let program = self.called.clone().unwrap_or_else(binary);
        let output = self.command(&program, home.path()).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let status = output.status.code().or_else(|| Some(128 + output.status.signal()?)).unwrap();
        Finished { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Starts a conversation over pipes.
    pub fn start(self) -> Session {
        Session::over_pipes(|program, home| self.command(program, home))
    }

    /// Starts a conversation on a terminal of its own.
    pub fn start_on_terminal(self) -> Session {
        Session::on_terminal(|program, home| self.command(program, home))
    }

    pub(crate) fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        command.args(&self.arguments).current_dir(&self.directory);
        // Nobody's configuration, pager, colours or stamps.
        command.env("XDG_CONFIG_HOME", home).env("HOME", home).env("TERM", "dumb");
        command.env_remove("DELVE_PAGER").env_remove("DELVE_EDITOR").env_remove("CGO_CFLAGS");
        command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false").env_remove("GOROOT");
        command.env("GOCACHE", go_cache()).env("GOPATH", go_cache().join("path"));
        // Nor anybody's servers.
        command.env_remove("DEBUGINFOD_URLS");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command
    }

    /// Marks the environment of a command; see [`Marker`].
    pub(crate) fn mark(command: &mut Command, marker: &Marker) {
        let (name, value) = marker.variable();
        command.env(name, value);
    }
}

/// The Go command's own cache, which it would otherwise look for in the home folder that sessions do not have.
fn go_cache() -> PathBuf {
    target_directory().join("e2e").join("go-cache")
}

/// The debugger under test: `ADIT_BIN`, or built now with the cargo that runs the tests.
pub fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let built = || {
        if let Some(binary) = std::env::var_os("ADIT_BIN") {
            return PathBuf::from(binary);
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--quiet", "--package", "adit"]);
        command.arg("--target-dir").arg(target_directory());
        assert!(command.status().unwrap().success(), "adit does not build");
        target_directory().join("debug").join("adit")
    };
    BINARY.get_or_init(built).clone()
}
