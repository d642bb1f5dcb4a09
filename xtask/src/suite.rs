//! `cargo xtask test`: the whole suite on real Go programs, counted. The tidy and licence checks are tests
//! of this crate, and so part of it.
//!
//! libtest knows no test that decides at run time that it cannot run here. Such a test prints
//! `SKIPPED: <reason>` and appends a line with the reason to the file named by `ADIT_SKIP_LOG`; libtest
//! counts it as passed, this count as skipped.
//!
//! Programs under test run on as many threads as there are, on a machine that may do other things too. A test that
//! fails in this crowd gets one more attempt, alone; if it passes then, it is counted as unsteady and named at the end.
//! More than [`MOST_UNSTEADY`] of them are a failure: then it is not the crowd.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::toolchain::{self, Toolchains};

/// How much to test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything, on the oldest and the newest Go.
    Full,
    /// All but the end-to-end tests, on the Go at hand.
    Quick,
}

/// How many tests may need a second attempt.
const MOST_UNSTEADY: usize = 3;

/// What a run of tests came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
    /// Those that passed at the second attempt only.
    pub(crate) unsteady: usize,
    /// The names of those that failed.
    failures: Vec<String>,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)?;
        match self.unsteady {
            0 => Ok(()),
            unsteady => write!(f, ", {unsteady} of the passed at the second attempt only"),
        }
    }
}

pub(crate) fn run(extent: Extent) -> Result<()> {
    let toolchains = match extent {
        Extent::Full => toolchain::setup()?,
        Extent::Quick => Toolchains::only(toolchain::at_hand()?),
    };
    let selection: &[&str] = match extent {
        Extent::Full => &["--workspace"],
        Extent::Quick => &["--workspace", "--exclude", "adit-e2e"],
    };
    if extent == Extent::Full {
        build_debugger()?;
    }
    let count = cargo_test(selection, &toolchains)?;
    println!("{count}");
    if count.failed > 0 {
        bail!("{} tests failed", count.failed);
    }
    Ok(())
}

/// Builds the debugger that the end-to-end tests drive.
pub(crate) fn build_debugger() -> Result<()> {
    process::run(process::cargo().args(["build", "--package", "adit"]))
}

/// Runs `cargo test` with the given selection, its output on ours, and counts.
pub(crate) fn cargo_test(selection: &[&str], toolchains: &Toolchains) -> Result<Count> {
    let skip_log = process::target_directory().join(format!("skipped-{}.log", std::process::id()));
    fs::create_dir_all(process::target_directory())?;
    fs::write(&skip_log, "").with_context(|| format!("could not write {}", skip_log.display()))?;

    let mut command = process::cargo();
    command.args(["test", "--no-fail-fast"]).args(selection);
    toolchains.hand_to(&mut command);
    command.env("ADIT_BIN", process::target_directory().join("debug").join("adit"));
    command.env("ADIT_SKIP_LOG", &skip_log);
    let mut count = run_counting(&mut command)?;
    if (1..=MOST_UNSTEADY).contains(&count.failed) && count.failures.len() == count.failed {
        command.args(["--", "--exact", "--test-threads=1"]).args(&count.failures);
        println!("\n== once more, alone: {} ==", count.failures.join(", "));
        count = count.after_second_attempt(run_counting(&mut command)?);
    }

    let skips = fs::read_to_string(&skip_log).context("could not read the log of skipped tests")?;
    fs::remove_file(&skip_log).context("could not remove the log of skipped tests")?;
    report_skips(&skips);
    let skips = skips.lines().count();
    count.passed = count.passed.saturating_sub(skips);
    count.skipped += skips;
    Ok(count)
}

fn run_counting(command: &mut Command) -> Result<Count> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("could not start cargo test")?;
    let stdout = child.stdout.take().context("cargo test has no output")?;
    let mut count = Count::default();
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line.context("could not read the output of cargo test")?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(result) = parse_result(&line) {
            count.passed += result.passed;
            count.failed += result.failed;
            count.skipped += result.skipped;
        }
        count.failures.extend(parse_failure(&line).map(str::to_owned));
    }
    let status = child.wait().context("could not wait for cargo test")?;
    if !status.success() && count.failed == 0 {
        // A test that aborts its process, or a test that does not compile, has no line of its own.
        bail!("cargo test failed without a failed test: {status}");
    }
    Ok(count)
}

/// Reads libtest's `test result: ok. 3 passed; 1 failed; 2 ignored; ...`.
fn parse_result(line: &str) -> Option<Count> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        numbers.split("; ").find_map(|part| part.strip_suffix(word)?.trim().parse::<usize>().ok())
    };
    Some(Count {
        passed: number("passed")?,
        failed: number("failed")?,
        skipped: number("ignored")?,
        ..Count::default()
    })
}

/// Reads libtest's `test session::works ... FAILED`: the name of the test.
fn parse_failure(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

impl Count {
    /// What the whole run came to, after those that failed were run once more. Two tests of one name are both run
    /// again, so that more than the failed ones may pass.
    fn after_second_attempt(self, again: Count) -> Count {
        for name in self.failures.iter().filter(|name| !again.failures.contains(name)) {
            println!("UNSTEADY: {name}");
        }
        let unsteady = self.failed.saturating_sub(again.failed);
        Count {
            passed: self.passed + unsteady,
            unsteady,
            failed: again.failed,
            failures: again.failures,
            ..self
        }
    }
}

fn report_skips(log: &str) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for line in log.lines() {
        *reasons.entry(line).or_default() += 1;
    }
    for (reason, times) in reasons {
        println!("SKIPPED ({times}): {reason}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtest_results_are_read() {
        let line =
            "test result: ok. 13 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 1s";
        let read = Count { passed: 13, failed: 2, skipped: 1, ..Count::default() };
        assert_eq!(parse_result(line), Some(read));
        assert_eq!(parse_result("test session::works ... ok"), None);
        assert_eq!(parse_result("test result: who knows"), None);
        assert_eq!(parse_failure("test session::works ... FAILED"), Some("session::works"));
        assert_eq!(parse_failure("test session::works ... ok"), None);
    }

    #[test]
    fn a_second_attempt_says_which_are_unsteady() {
        let failures = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let first = Count { passed: 5, failed: 2, skipped: 1, failures: failures(&["a", "b"]), unsteady: 0 };
        let again = Count { passed: 1, failed: 1, failures: failures(&["b"]), ..Count::default() };
        let both = first.after_second_attempt(again);
        assert_eq!(
            both.to_string(),
            "6 passed, 1 failed, 1 skipped, 1 of the passed at the second attempt only"
        );
    }
}
