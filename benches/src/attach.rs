//! Attaching to a running program of the compiler's size: how long until the prompt, and for how much of that the
//! program stands still.
//!
//! The program is the compiler itself, with one more file (`clock_gaps.go`): it looks at the clock all the time, and
//! says when it could not. So what is measured is what the program went through, not what a debugger says of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use adit_e2e::{Go, Transcript};
use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::debugger::{Conversation, Tool};
use crate::measure::{Outcome, Unit, each, milliseconds, percentile};
use crate::report::{Bar, Report};

/// Runs whose median counts; one more goes before them, for the machine's caches.
const RUNS: usize = 9;

/// Other debuggers take so long that fewer will do.
const RUNS_OF_OTHERS: usize = 3;

const PATIENCE: Duration = Duration::from_secs(60);

const VARIABLE: &str = "ADIT_CLOCK_GAPS";

pub(crate) fn measure(
    report: &mut Report,
    tools: &[Tool],
    go: &Go,
    source: &Path,
    target: &Path,
) -> Result<()> {
    let subject = "attaching to cmd/compile";
    let program = build(go, source, &target.join("bench"))?;
    report.add(subject, each(tools, |tool| attach(tool, &program)));
    report.hold(subject, "to the prompt", Bar::AtMost(20.0));
    report.hold(subject, "stands still", Bar::AtMost(5.0));
    Ok(())
}

/// The compiler, with one more file.
fn build(go: &Go, source: &Path, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let (added, overlay) = (folder.join("clock_gaps.go"), folder.join("overlay.json"));
    fs::write(&added, include_str!("clock_gaps.go"))?;
    let replaced = json!({ "Replace": { source.join("clock_gaps.go").to_string_lossy(): added } });
    fs::write(&overlay, replaced.to_string())?;
    let program = folder.join(format!("compile-go{}", go.version()));
    let mut command = go.command();
    // Go goes by the name of the folder, which may be reached by a symbolic link.
    command
        .current_dir(source)
        .env("PWD", source)
        .args(["build", "-gcflags=all=-N -l", "-overlay"])
        .arg(&overlay);
    let status = command.arg("-o").arg(&program).arg(".").status().context("go build does not run")?;
    ensure!(status.success(), "the compiler could not be built");
    Ok(program)
}

fn attach(tool: &Tool, program: &Path) -> Outcome {
    let watcher = Watcher::start(program)?;
    let (mut ready, mut still) = (Vec::new(), Vec::new());
    let runs = if tool.name == "adit" { RUNS } else { RUNS_OF_OTHERS };
    for run in 0..=runs {
        let from = watcher.said.len();
        let debugger = Conversation::attach(tool, watcher.child.id())?;
        let (age, now) = (debugger.age(), SystemTime::now().duration_since(UNIX_EPOCH)?);
        debugger.leave()?;
        let stood = watcher.last_look_before(from, now)?;
        if run > 0 {
            ready.push(age);
            still.push(now.saturating_sub(stood));
        }
    }
    Ok(vec![
        ("to the prompt", Unit::Milliseconds, percentile(&mut ready, 50)),
        ("stands still", Unit::Milliseconds, percentile(&mut still, 50)),
        (
            "stands still at best",
            Unit::Milliseconds,
            still.first().map_or(f64::NAN, |time| milliseconds(*time)),
        ),
    ])
}

/// The program that looks at the clock. Dropped, it is ended.
struct Watcher {
    child: Child,
    said: Transcript,
}

impl Watcher {
    fn start(program: &Path) -> Result<Self> {
        let (output, writer) = std::io::pipe()?;
        let mut command = Command::new(program);
        command.env(VARIABLE, "1").stdin(Stdio::null()).stdout(writer);
        let watcher = Watcher { child: command.spawn()?, said: Transcript::of(output) };
        drop(command);
        let ready = watcher.said.wait(0, PATIENCE, |said| said.contains("ready"));
        ensure!(ready.is_ok(), "the program does not start");
        Ok(watcher)
    }

    /// When it had last looked at the clock at a moment at which it stood still. What it said before byte `from` is old.
    fn last_look_before(&self, from: usize, moment: Duration) -> Result<Duration> {
        let find = |said: &str| gaps(said).find(|(last, gap)| (*last..*last + *gap).contains(&moment));
        let said = self.said.wait(from, PATIENCE, |said| find(said).is_some());
        let found = said.ok().and_then(|said| find(&said));
        Ok(found.context("the program did not stand still when the debugger was ready")?.0)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// When the program last looked at the clock, and for how long it did not look again.
fn gaps(said: &str) -> impl Iterator<Item = (Duration, Duration)> {
    said.lines().filter_map(|line| {
        let mut words = line.strip_prefix("gap ")?.strip_suffix(" .")?.split(' ');
        let mut time = || words.next()?.parse().ok().map(Duration::from_nanos);
        Some((time()?, time()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_line_is_no_gap() {
        let nanos = Duration::from_nanos;
        let said = "ready\ngap 1000 20 .\ngap 3000 4";
        assert_eq!(gaps(said).collect::<Vec<_>>(), [(nanos(1000), nanos(20))]);
    }
}
