//! The Go toolchains that the programs are built with.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Go toolchain.
#[derive(Clone, Debug)]
pub struct Go {
    program: PathBuf,
    version: String,
}

impl Go {
    /// The oldest toolchain that is tested, `ADIT_GO_OLDEST`; without it the one on PATH. `None`, counted as a
    /// skip, where there is none at all.
    pub fn oldest() -> Option<Go> {
        Self::from_variable("ADIT_GO_OLDEST")
    }

    /// The newest toolchain that is tested, `ADIT_GO_NEWEST`; without it the one on PATH.
    pub fn newest() -> Option<Go> {
        Self::from_variable("ADIT_GO_NEWEST")
    }

    /// The toolchain of tests for which the version makes no difference, `ADIT_GO` or the one on PATH.
    pub fn any() -> Option<Go> {
        Self::from_variable("ADIT_GO")
    }

    fn from_variable(variable: &str) -> Option<Go> {
        let program = std::env::var_os(variable).map_or_else(|| PathBuf::from("go"), PathBuf::from);
        let mut go = Go { program, version: String::new() };
        let Ok(output) = go.command().arg("version").output() else {
            skip(&format!("no Go toolchain: set {variable} or put go on PATH"));
            return None;
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let version = said.split_whitespace().nth(2).and_then(|word| word.strip_prefix("go"));
        go.version = version.unwrap_or_else(|| panic!("{} said {said:?}", go.program.display())).to_owned();
        Some(go)
    }

    /// The version without the `go`, as `1.26.6`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The minor version: 26 of 1.26.6.
    pub fn minor(&self) -> u32 {
        let minor = self.version.split('.').nth(1).unwrap();
        minor.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
    }

    /// The `go` program's directory, for a PATH.
    pub fn directory(&self) -> Option<&Path> {
        self.program.parent().filter(|directory| !directory.as_os_str().is_empty())
    }

    /// A run of the Go command that is the same on every machine: no other toolchain, no version control.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false").env("CGO_ENABLED", "0");
        command.env_remove("GOROOT");
        command
    }
}

/// Says that a test cannot run here, and counts it where the whole suite is counted.
pub fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG") {
        let mut log = std::fs::OpenOptions::new().append(true).create(true).open(log).unwrap();
        writeln!(log, "{reason}").unwrap();
    }
}
