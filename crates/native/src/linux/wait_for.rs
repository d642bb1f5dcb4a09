//! Waiting for a process that is not there yet.

use std::thread;
use std::time::{Duration, Instant};

use adit_process::Pid;

use super::proc;
use super::ptrace::Tid;

/// Waits until there is a process whose command line, or the last part of its program's path, begins with `prefix`:
/// looks once every `interval`, at most for `patience` (`None`: for ever) and as long as `go_on` says so. `None`: there
/// was none.
pub fn wait_for(
    prefix: &str,
    interval: Duration,
    patience: Option<Duration>,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Pid> {
    let own = std::process::id().cast_signed();
    let begin = Instant::now();
    loop {
        let next = Instant::now() + interval;
        // Its newest process is the one that somebody has just started.
        let found = proc::processes().into_iter().rev().find(|pid| *pid != own && is_named(*pid, prefix));
        if let Some(pid) = found {
            return Some(Pid(pid.into()));
        }
        if !go_on() || patience.is_some_and(|patience| begin.elapsed() >= patience) {
            return None;
        }
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

fn is_named(pid: Tid, prefix: &str) -> bool {
    let command_line = proc::command_line(pid);
    let Some(program) = command_line.first() else { return false };
    let name = program.rsplit('/').next().unwrap_or(program);
    name.starts_with(prefix) || command_line.join(" ").starts_with(prefix)
}
