//! Taking hold of a running process.

use std::io;

use adit_process::{Pid, ProcessError};

use crate::NativeError;

use super::LinuxProcess;
use super::proc;
use super::ptrace::{self, OPTIONS, Tid};
use super::thread::{Held, Thread};

/// Attaches to all threads of a process and stops them. A process that job control has stopped stays so until
/// somebody continues it, and can be looked at meanwhile.
pub fn attach(pid: Pid) -> Result<LinuxProcess, NativeError> {
    let tid = Tid::try_from(pid.0).ok().filter(|&tid| tid > 0).ok_or(NativeError::NoSuchProcess(pid))?;
    check(pid, tid)?;
    let failed = |cause: io::Error| match cause.raw_os_error() {
        Some(libc::ENOENT | libc::ESRCH) => NativeError::NoSuchProcess(pid),
        Some(libc::EACCES | libc::EPERM) => refused(pid, tid),
        _ => ProcessError::Os { doing: format!("could not open the memory of process {pid}"), cause }.into(),
    };
    let mut process = LinuxProcess::new(tid, true, None).map_err(failed)?;
    process.seize_threads(pid)?;
    let events = process.stop_all_threads()?;
    if process.threads.is_empty() {
        return Err(NativeError::NoSuchProcess(pid));
    }
    drop(events);
    process.requeue_signals();
    Ok(process)
}

/// Explains beforehand what ptrace(2) would refuse with one and the same EPERM.
fn check(pid: Pid, tid: Tid) -> Result<(), NativeError> {
    if tid == std::process::id().cast_signed() {
        return Err(NativeError::Ourselves(pid));
    }
    let status = proc::status(tid).ok_or(NativeError::NoSuchProcess(pid))?;
    if status.process != tid {
        return Err(NativeError::IsThread { thread: pid, process: Pid(status.process.into()) });
    }
    if status.tracer != 0 {
        let name = proc::name(status.tracer);
        return Err(NativeError::AlreadyTraced { pid, tracer: Pid(status.tracer.into()), name });
    }
    // A main thread may have exited while others live on.
    let live = |&tid: &Tid| proc::status(tid).is_some_and(|status| !matches!(status.state, 'Z' | 'X'));
    if !proc::threads(tid).iter().any(live) {
        return Err(NativeError::Zombie(pid));
    }
    Ok(())
}

/// Why the operating system may have refused.
fn refused(pid: Pid, tid: Tid) -> NativeError {
    let own = proc::status(std::process::id().cast_signed()).map(|status| status.user);
    let other = proc::status(tid).map(|status| status.user);
    let scope = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    let remedy = match (own, other, scope.trim()) {
        (Some(own), Some(other), _) if own != other && own != 0 => {
            format!("it belongs to another user (uid {other}); run as that user or as root")
        }
        (_, _, "3") => "the kernel forbids attaching until the next boot (kernel.yama.ptrace_scope is 3)".to_owned(),
        (Some(own), _, "1" | "2") if own != 0 => {
            "a kernel security setting forbids it; run as root, or as root: echo 0 > /proc/sys/kernel/yama/ptrace_scope"
                .to_owned()
        }
        (Some(0), ..) => "the debugger lacks the capability CAP_SYS_PTRACE (in a container: --cap-add=SYS_PTRACE)".to_owned(),
        _ => "the process is protected (setuid or not dumpable); run as root".to_owned(),
    };
    NativeError::NotPermitted { pid, remedy }
}

impl LinuxProcess {
    /// Seizes every thread, again and again until there is no new one: threads make threads meanwhile. Those made
    /// by a seized thread are traced already, and are announced by an event.
    fn seize_threads(&mut self, pid: Pid) -> Result<(), NativeError> {
        loop {
            let mut found = false;
            for tid in proc::threads(self.pid) {
                if self.threads.contains_key(&tid) {
                    continue;
                }
                match ptrace::seize(tid, OPTIONS) {
                    Ok(()) => {
                        self.threads.insert(tid, Thread::running());
                        found = true;
                    }
                    Err(cause) if ptrace::is_gone(&cause) => {}
                    Err(_)
                        if proc::status(tid)
                            .is_none_or(|s| s.tracer == ptrace::own_tid() || s.state == 'Z') => {}
                    Err(_) => return Err(refused(pid, self.pid)),
                }
            }
            if !found {
                return Ok(());
            }
        }
    }

    /// Signals that arrived while attaching are reported when their threads are first resumed.
    fn requeue_signals(&mut self) {
        for thread in self.threads.values_mut() {
            if let Held::Current(info) = std::mem::replace(&mut thread.held, Held::No) {
                thread.queue.push_front(info);
            }
        }
    }
}
