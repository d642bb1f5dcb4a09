//! Go programs under the debugger: built, started, stopped where a test wants them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use adit_engine::Debugger;
use adit_engine::breakpoint::{BreakpointOptions, BreakpointPlace};
use adit_engine::run::StopCause;
use adit_engine::unwind::Frame;
use adit_native::{Launch, launch};
use adit_process::ThreadId;
use adit_symbols::Binary;

/// Arguments of `go build` for a program to be debugged.
pub(crate) const DEBUG: &[&str] = &["-gcflags=all=-N -l"];
/// As a user builds it for others.
pub(crate) const OPTIMISED: &[&str] = &[];

/// A Go toolchain.
#[derive(Clone, Debug)]
pub(crate) struct Go {
    program: PathBuf,
    /// The minor version: 26 of 1.26.6.
    pub(crate) minor: u32,
}

impl Go {
    fn named(program: PathBuf) -> Option<Go> {
        let mut go = Go { program, minor: 0 };
        let output = go.command().arg("version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let minor = said.split("go1.").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?;
        go.minor = minor.parse().ok()?;
        Some(go)
    }

    /// The toolchain of tests for which the version makes no difference, `ADIT_GO` or the one on PATH.
    pub(crate) fn any() -> Option<Go> {
        let program = std::env::var_os("ADIT_GO").map_or_else(|| PathBuf::from("go"), PathBuf::from);
        let found = Go::named(program);
        if found.is_none() {
            println!("SKIPPED: no Go toolchain: set ADIT_GO or put go on PATH");
        }
        found
    }

    /// Those of `ADIT_GO_OLDEST`, `ADIT_GO_NEWEST` and `ADIT_GOS` (a list like PATH); without any, as [`Go::any`].
    pub(crate) fn all() -> Vec<Go> {
        let single = ["ADIT_GO_OLDEST", "ADIT_GO_NEWEST"].into_iter().filter_map(std::env::var_os);
        let listed = std::env::var_os("ADIT_GOS").unwrap_or_default();
        let programs = single.map(PathBuf::from).chain(std::env::split_paths(&listed));
        let mut gos: Vec<Go> = programs.filter_map(Go::named).collect();
        if gos.is_empty() {
            gos.extend(Go::any());
        }
        gos
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false").env_remove("GOROOT");
        command
    }

    /// Builds `testdata/stacks/<name>.go`; with cgo only where `CGO_ENABLED=1` is among the arguments.
    pub(crate) fn build(&self, name: &str, arguments: &[&str]) -> Built {
        let source =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/stacks").join(format!("{name}.go"));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        let (variables, flags): (Vec<&str>, Vec<&str>) =
            arguments.iter().partition(|argument| argument.starts_with("CGO_"));
        let mut command = self.command();
        command.env("CGO_ENABLED", if variables.is_empty() { "0" } else { "1" });
        command.arg("build").arg("-o").arg(&path).args(flags).arg(&source);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        Built { path, source, _directory: directory }
    }
}

/// A program that was built; it is deleted when this is dropped.
pub(crate) struct Built {
    /// The executable.
    pub(crate) path: PathBuf,
    source: PathBuf,
    _directory: tempfile::TempDir,
}

impl Built {
    /// The number of the line that carries the comment `// stop: <mark>`.
    pub(crate) fn line(&self, mark: &str) -> u32 {
        let text = std::fs::read_to_string(&self.source).unwrap();
        let comment = format!("// stop: {mark}");
        let found = text.lines().position(|line| line.ends_with(&comment));
        u32::try_from(found.unwrap_or_else(|| panic!("no {comment:?}")) + 1).unwrap()
    }

    /// Starts it under the debugger.
    pub(crate) fn start(&self, arguments: &[&str]) -> Session {
        self.start_with(arguments, &[])
    }

    /// Starts it under the debugger, with variables in its environment.
    pub(crate) fn start_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Session {
        let mut request = Launch::new(&self.path);
        let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        request.env = Some(std::env::vars_os().chain(variables).collect());
        request.argv.extend(arguments.iter().map(OsString::from));
        request.stdout = Some("/dev/null".into());
        request.stderr = Some("/dev/null".into());
        let binary = Arc::new(Binary::open(&self.path).unwrap());
        Session(Debugger::new(Box::new(launch(&request).unwrap()), binary).unwrap())
    }
}

/// A program under the debugger.
pub(crate) struct Session(pub(crate) Debugger);

impl Session {
    /// Sets a breakpoint.
    pub(crate) fn break_at(&mut self, location: &str) {
        let found =
            self.0.find_location(None, location).unwrap_or_else(|error| panic!("{location}: {error}"));
        let addrs: Vec<_> = found.iter().flat_map(|place| place.addrs.clone()).collect();
        self.0
            .create_breakpoint(None, BreakpointOptions::default(), BreakpointPlace::default(), addrs)
            .unwrap();
    }

    /// Runs to a breakpoint, which stays.
    pub(crate) fn run_to(&mut self, location: &str) {
        self.break_at(location);
        self.go();
    }

    /// Runs until a breakpoint is hit.
    pub(crate) fn go(&mut self) {
        let cause = self.0.continue_().unwrap();
        assert!(matches!(cause, StopCause::Breakpoint | StopCause::Hardcoded), "{cause:?}");
    }

    /// The selected thread.
    pub(crate) fn thread(&self) -> ThreadId {
        self.0.selection().thread
    }

    /// The stack of what is selected.
    pub(crate) fn stack(&self) -> Vec<Frame> {
        self.0.stack(-1, 10_000).unwrap()
    }
}

/// Functions of a stack, innermost first.
pub(crate) fn names(frames: &[Frame]) -> Vec<&str> {
    frames.iter().map(Frame::function).collect()
}

/// A stack as a text, for messages.
pub(crate) fn text(frames: &[Frame]) -> String {
    let line = |frame: &Frame| {
        let place = frame.source.as_ref().map(|source| format!("{}:{}", source.file, source.line));
        let error = frame.error.as_deref().unwrap_or_default();
        let end = if frame.bottom { " (bottom)" } else { "" };
        format!(
            "{} cfa {} {} {}{end} {error}\n",
            frame.pc,
            frame.cfa,
            frame.function(),
            place.unwrap_or_default()
        )
    };
    frames.iter().map(line).collect()
}
