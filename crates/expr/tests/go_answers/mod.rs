//! Asking Go: a program of this folder's neighbours, run with `go run`, answers each line with one.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The newest toolchain known here.
fn toolchain() -> String {
    ["ADIT_GO_NEWEST", "ADIT_GO"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .unwrap_or_else(|| "go".into())
}

/// Counts the test as skipped.
fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG") {
        let mut log = std::fs::OpenOptions::new().append(true).create(true).open(log).unwrap();
        writeln!(log, "{reason}").unwrap();
    }
}

/// The `26` of `go version go1.26.1 linux/amd64`.
fn minor_version(go: &str) -> Option<u32> {
    let output = Command::new(go).arg("version").env("GOTOOLCHAIN", "local").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split("go1.").nth(1)?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The answers of `tests/<program>/main.go` to all lines; `None`, counted as a skip, without a Go of at least
/// version 1.`oldest`.
pub(crate) fn ask(program: &str, oldest: u32, lines: &[String]) -> Option<Vec<String>> {
    let go = toolchain();
    match minor_version(&go) {
        None => {
            skip("no Go toolchain to compare with: set ADIT_GO or put go on PATH");
            return None;
        }
        Some(minor) if minor < oldest => {
            skip(&format!("{go} is older than go1.{oldest}, whose answers differ"));
            return None;
        }
        Some(_) => {}
    }
    let mut child = Command::new(go)
        .arg("run")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(program).join("main.go"))
        .env("GOTOOLCHAIN", "local")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = lines.join("\n") + "\n";
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "go run failed");
    writer.join().unwrap().unwrap();
    let answers: Vec<String> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect();
    assert_eq!(answers.len(), lines.len());
    Some(answers)
}
