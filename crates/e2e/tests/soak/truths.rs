//! What must be true whenever the debugger waits for a command.

use std::time::Duration;

use adit_e2e::{Task, changed_code, tasks, wait_until};

/// How long a thread that dies may take to be gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// Words that no reply has, whatever was asked.
const NEVER: [&str; 12] = [
    "panicked at",
    "Internal debugger error",
    "has overflowed its stack",
    "No such process",
    "Operation not permitted",
    "Input/output error",
    "Bad address",
    "is running",
    "could not step over",
    "could not take the breakpoints out",
    "could not read the registers",
    "could not write",
];

/// Checks a reply for what would be a failure of the debugger.
pub(crate) fn check_reply(command: &str, reply: &str) -> Result<(), String> {
    match NEVER.iter().find(|word| reply.contains(**word)) {
        Some(word) => Err(format!("the reply to {command:?} says {word:?}")),
        None => Ok(()),
    }
}

/// The threads that a reply to `threads` lists.
fn listed(reply: &str) -> Vec<i32> {
    let ids = reply.lines().filter_map(|line| {
        let (_, rest) = line.split_at_checked(2)?;
        rest.strip_prefix("Thread ")?.split(' ').next()?.parse().ok()
    });
    ids.collect()
}

/// Checks that the debugger knows every thread of the stopped program, and holds every one.
pub(crate) fn check_threads(pid: i32, reply: &str) -> Result<(), String> {
    let listed = listed(reply);
    let mut living: Vec<Task> = Vec::new();
    let same = wait_until(PATIENCE, || {
        living = tasks(pid).into_iter().filter(|task| !task.is_dead()).collect();
        living.iter().map(|task| task.tid).eq(listed.iter().copied())
    });
    if !same {
        return Err(format!("the debugger lists the threads {listed:?}, there are {living:?}"));
    }
    match living.iter().find(|task| task.state != 't' || task.tracer == 0) {
        Some(task) => Err(format!("while the user looks: {task:?}")),
        None => Ok(()),
    }
}

/// Checks that nothing of the debugger's is in the code of a program that it attached to, while the user looks.
pub(crate) fn check_code(pid: i32) -> Result<(), String> {
    match changed_code(pid) {
        changed if changed.is_empty() => Ok(()),
        changed => Err(format!("code that was changed (address, now, before): {changed:x?}")),
    }
}
