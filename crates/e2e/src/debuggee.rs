//! A process as the operating system shows it, whatever a debugger says: its threads, and what was left in it.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::ptrace;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::wait_until;

/// How long the kernel may take for what it does by itself: ending threads, letting go of them.
const PATIENCE: Duration = Duration::from_secs(30);

/// What /proc/PID/task/TID/status says of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub tid: i32,
    /// `R` running, `S` sleeping, `T` stopped by job control, `t` held by a tracer, `Z` and `X` dead.
    pub state: char,
    /// The thread that traces it, or 0.
    pub tracer: i32,
}

impl Task {
    /// Has it ended, though it may not have been waited for?
    pub fn is_dead(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }
}

/// The threads of a process, in ascending order.
pub fn tasks(pid: i32) -> Vec<Task> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut tasks: Vec<Task> = ids.filter_map(|tid| task(pid, tid)).collect();
    tasks.sort_by_key(|task| task.tid);
    tasks
}

fn task(pid: i32, tid: i32) -> Option<Task> {
    let status = fs::read_to_string(format!("/proc/{pid}/task/{tid}/status")).ok()?;
    let field = |name| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    Some(Task { tid, state: field("State:")?.chars().next()?, tracer: field("TracerPid:")?.parse().ok()? })
}

/// Where the code in a process's memory differs from the files that it was loaded from: address, byte in memory, byte in
/// the file. At most a few.
pub fn changed_code(pid: i32) -> Vec<(u64, u8, u8)> {
    const MOST: usize = 8;
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut changed = Vec::new();
    for line in maps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [range, rights, offset, _, _, path] = words[..] else { continue };
        if !rights.contains('x') || !path.starts_with('/') {
            continue;
        }
        let number = |text: &str| u64::from_str_radix(text, 16).unwrap();
        let (start, end) = range.split_once('-').map(|(start, end)| (number(start), number(end))).unwrap();
        let Ok(file) = File::open(path) else { continue };
        let (mut loaded, mut original) = (vec![0; (end - start) as usize], vec![0; (end - start) as usize]);
        memory.read_exact_at(&mut loaded, start).unwrap();
        // The last page reaches beyond the end of a file.
        let known = read_up_to(&file, &mut original, number(offset));
        let differing = (0..known).filter(|&i| loaded[i] != original[i]);
        changed.extend(differing.take(MOST).map(|i| (start + i as u64, loaded[i], original[i])));
    }
    changed
}

fn read_up_to(file: &File, buffer: &mut [u8], offset: u64) -> usize {
    let mut read = 0;
    while read < buffer.len() {
        match file.read_at(&mut buffer[read..], offset + read as u64).unwrap() {
            0 => break,
            count => read += count,
        }
    }
    read
}

/// Checks that a process is as if no debugger had ever been there: nobody traces its threads, none of them is stopped,
/// its code is that of its files, and the CPU watches no memory for it.
pub fn assert_untouched(pid: i32) {
    let mut seen = Vec::new();
    // The kernel lets go of a dead tracer's threads one after the other.
    let free = wait_until(PATIENCE, || {
        seen = tasks(pid);
        !seen.is_empty() && seen.iter().all(|task| task.tracer == 0 && !matches!(task.state, 't' | 'T'))
    });
    assert!(free, "threads that are traced or stopped: {seen:?}");
    // The guard of a debugger that was killed may still be at it.
    let mut changed = Vec::new();
    let restored = wait_until(PATIENCE, || {
        changed = changed_code(pid);
        changed.is_empty()
    });
    assert!(restored, "code that was changed (address, now, before): {changed:x?}");
    let mut watching = Vec::new();
    let quiet = wait_until(PATIENCE, || {
        watching = tasks(pid).iter().filter(|task| watches_memory(task.tid)).map(|task| task.tid).collect();
        watching.is_empty()
    });
    assert!(quiet, "threads whose debug registers are set: {watching:?}");
}

/// Does the CPU watch memory while this thread runs (debug register 7 is not zero)? It is stopped for a moment to ask.
fn watches_memory(tid: i32) -> bool {
    /// Offset of `u_debugreg[7]` in `struct user` (sys/user.h, x86-64).
    const DEBUG_REGISTER_7: usize = 848 + 7 * 8;
    /// Its bits that enable a slot; others can be set without any meaning.
    const ENABLED: i64 = 0xff;
    let tid = Pid::from_raw(tid);
    match ptrace::seize(tid, ptrace::Options::empty()) {
        Ok(()) => {}
        // It has ended in the meantime; what is dead cannot be traced.
        Err(Errno::ESRCH | Errno::EPERM) => return false,
        Err(error) => panic!("could not look at thread {tid}: {error}"),
    }
    let stopped = ptrace::interrupt(tid).and_then(|()| waitpid(tid, Some(WaitPidFlag::__WALL)));
    let value = stopped.and_then(|_| ptrace::read_user(tid, DEBUG_REGISTER_7 as ptrace::AddressType));
    let signal = match stopped {
        Ok(WaitStatus::Stopped(_, signal)) => Some(signal),
        _ => None,
    };
    // A thread that ended while it was looked at is gone already.
    let _ = ptrace::detach(tid, signal);
    value.is_ok_and(|value| value & ENABLED != 0)
}
