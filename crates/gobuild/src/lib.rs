//! Builds the program to debug: the user's `go build` or `go test -c`, without optimisations and inlining.
//!
//! [`Build`] says what to build; [`Build::run`] runs the Go command, whose own output goes straight to the
//! user, and may be called again to rebuild. [`Output`] is where the program goes, a file of its own name in
//! the current directory unless the user named one, and is removed by [`Output::remove`] when the session
//! ends. [`package_directory`] tells where a package's sources lie, which is where its tests run; [`GoSources`] where
//! the sources of the standard library and of modules are.

mod flags;
mod output;
mod sources;

use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use thiserror::Error;

pub use flags::{Flags, split_quoted};
pub use output::{Output, RemoveError};
pub use sources::{GoSources, escape_module_path, only_main_package};

/// The default for `CGO_CFLAGS`: C code is debugged unoptimised as Go code is.
const CGO_CFLAGS: &str = "-O0 -g";

/// What kind of program is made of the packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The program itself, `go build`.
    Program,
    /// The binary that runs the package's tests, `go test -c`.
    Test,
}

/// A build that can be run, and run again.
#[derive(Clone, Debug)]
pub struct Build {
    /// What to make.
    pub kind: Kind,
    /// The packages, as the Go command takes them; none is the package of the current directory.
    pub packages: Vec<String>,
    /// The user's own flags.
    pub flags: Flags,
    /// Variables set or unset for the Go command on top of our own environment.
    pub environment: Vec<(OsString, Option<OsString>)>,
}

/// Why there is no program to debug.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The Go command could not be started.
    #[error("could not run go: {0}; install Go and put its bin directory on PATH")]
    NoGo(#[source] std::io::Error),
    /// The Go command failed; what was wrong it has said itself.
    #[error("{}", shown_status(*.0))]
    Failed(ExitStatus),
    /// The Go command made something that could not be looked at.
    #[error("could not read {path}: {error}")]
    Unreadable {
        /// The output.
        path: PathBuf,
        /// What stood in the way.
        error: std::io::Error,
    },
    /// The package is a library.
    #[error("Can not debug non-main package")]
    NotMain,
    /// The package has no tests: `go test -c` then succeeds and makes nothing.
    #[error("there is nothing to debug: the package has no test files")]
    NoTests,
}

impl Build {
    /// Whether the user's own `CGO_CFLAGS` is in force, so that C code may turn out optimised.
    pub fn cgo_flags_are_the_users(&self) -> bool {
        let own = self.environment.iter().rev().find(|(name, _)| name == "CGO_CFLAGS");
        let value = own.map_or_else(|| std::env::var_os("CGO_CFLAGS"), |(_, value)| value.clone());
        value.is_some_and(|value| !value.is_empty())
    }

    /// The arguments of the Go command: what the user's flags say about the directory comes first, because the
    /// Go command insists on `-C` being its first flag; flags given one by one come before ours, a string of
    /// them after ours.
    fn arguments(&self, output: &Path) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        arguments.push(if self.kind == Kind::Test { "test" } else { "build" }.into());
        let (directory, rest) = self.flags.split_directory();
        arguments.extend(directory.iter().map(OsString::from));
        let rest = rest.iter().map(OsString::from);
        let (before, after): (Vec<_>, Vec<_>) = match self.flags {
            Flags::List(_) => (rest.collect(), Vec::new()),
            Flags::Words(_) => (Vec::new(), rest.collect()),
        };
        arguments.extend(before);
        if self.kind == Kind::Test {
            arguments.push("-c".into());
        }
        arguments.extend(["-o".into(), output.into(), "-gcflags".into(), "all=-N -l".into()]);
        arguments.extend(after);
        arguments.extend(self.packages.iter().map(OsString::from));
        arguments
    }

    /// Runs the Go command; what it prints goes to our own standard output and error. On success the program is
    /// at the output's path.
    pub fn run(&self, output: &Output) -> Result<(), BuildError> {
        let status = self.command(output).status().map_err(BuildError::NoGo)?;
        self.check(status, output)
    }

    /// As [`Build::run`], but what the Go command prints is returned with the error.
    pub fn run_silently(&self, output: &Output) -> Result<(), (String, BuildError)> {
        let ended =
            self.command(output).output().map_err(|error| (String::new(), BuildError::NoGo(error)))?;
        let mut printed = String::from_utf8_lossy(&ended.stdout).into_owned();
        printed.push_str(&String::from_utf8_lossy(&ended.stderr));
        self.check(ended.status, output).map_err(|error| (printed, error))
    }

    /// The command line, as people write it.
    pub fn command_line(&self, output: &Output) -> String {
        let quoted = |argument: OsString| match argument.to_string_lossy() {
            text if text.contains(' ') || text.is_empty() => format!("{text:?}"),
            text => text.into_owned(),
        };
        let arguments: Vec<String> = self.arguments(output.path()).into_iter().map(quoted).collect();
        format!("go {}", arguments.join(" "))
    }

    fn command(&self, output: &Output) -> Command {
        let mut command = Command::new("go");
        command.args(self.arguments(output.path())).stdin(Stdio::null());
        change_environment(&mut command, &self.environment);
        if !self.cgo_flags_are_the_users() {
            command.env("CGO_CFLAGS", CGO_CFLAGS);
        }
        command
    }

    /// What the Go command has made, once it has ended.
    fn check(&self, status: ExitStatus, output: &Output) -> Result<(), BuildError> {
        if !status.success() {
            return Err(BuildError::Failed(status));
        }
        let path = output.path();
        match first_bytes(path) {
            Ok(start) if start == ARCHIVE => Err(BuildError::NotMain),
            Ok(start) if !start.is_empty() => Ok(()),
            Err(error) if error.kind() != ErrorKind::NotFound || self.kind == Kind::Program => {
                Err(BuildError::Unreadable { path: path.to_owned(), error })
            }
            // Missing, or as empty as it was created.
            _ => Err(BuildError::NoTests),
        }
    }
}

fn change_environment(command: &mut Command, changes: &[(OsString, Option<OsString>)]) {
    for (name, value) in changes {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// How the archive begins that the Go command makes of a package that is no program (`ar` format, as of
/// `cmd/internal/archive/archive.go` of go1.26).
const ARCHIVE: &[u8] = b"!<arch>\n";

fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(ARCHIVE.len() as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// The words that Go programs, and so people, know for how a process ended.
fn shown_status(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit status {code}"),
        None => status.to_string(),
    }
}

/// The directory of a build's first package, where the Go command would run its tests; `None` if the Go
/// command does not know it.
pub fn package_directory(build: &Build) -> Option<PathBuf> {
    let (directory, _) = build.flags.split_directory();
    let mut command = Command::new("go");
    // -e, -find: only where it is, not whether it and its imports would build.
    command.arg("list").args(directory).args(["-e", "-find", "-f", "{{.Dir}}"]);
    command.args(build.packages.first()).stdin(Stdio::null());
    change_environment(&mut command, &build.environment);
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next().filter(|line| !line.is_empty())?;
    Some(PathBuf::from(line))
}
