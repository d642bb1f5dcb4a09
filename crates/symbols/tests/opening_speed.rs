//! What it costs to be ready for a breakpoint in a large program: the Go compiler.

#![allow(clippy::unwrap_used)] // In a test, a panic is the report.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use adit_symbols::Binary;

/// Notes that a test could not run, where the test run's summary finds it.
fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

#[test]
fn the_compiler_opens_at_once() {
    let go = std::env::var_os("ADIT_GO").unwrap_or_else(|| "go".into());
    let output = Command::new(go).args(["tool", "-n", "compile"]).output();
    let Ok(output) = output else {
        skip("no Go toolchain: set ADIT_GO or put go on PATH");
        return;
    };
    let path = String::from_utf8(output.stdout).unwrap();
    let measure = || {
        let start = Instant::now();
        let binary = Binary::open(Path::new(path.trim())).unwrap();
        let opened = start.elapsed();
        let table = binary.pclntab().unwrap();
        let read = start.elapsed();
        let main = table.by_name("main.main").unwrap();
        let named = start.elapsed();
        let (file, line) = main.file_line(main.entry()).unwrap();
        assert!(table.pcs_for_line(file, line).contains(&main.entry()));
        let lined = start.elapsed();
        assert!(!binary.source_frames(main.entry()).is_empty());
        [opened, read, named, lined, start.elapsed()]
    };
    let best = (0..10).map(|_| measure()).min_by_key(|times| times[4]).unwrap();
    println!("open, pclntab, by_name, pcs_for_line, source_frames, in sum: {best:?}");
    // Generous: the machine may be busy, and tests are built without optimisation.
    assert!(best[4] < Duration::from_millis(500), "{best:?}");
}
