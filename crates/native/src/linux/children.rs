//! Births and deaths: threads, forked processes, a replaced program, the end.

use adit_process::{ExitStatus, Pid, ProcessError, Resume, Signal, StopReason};

use super::debug_registers::Watches;
use super::memory::AddressSpace;
use super::ptrace::{self, Tid, WaitStatus};
use super::thread::{Kernel, Stop, Thread};
use super::{LinuxProcess, os};

impl LinuxProcess {
    /// A clone, fork or vfork event of `parent`.
    pub(super) fn born(&mut self, parent: Tid, event: i32) -> Result<(), ProcessError> {
        let Ok(child) = ptrace::event_message(parent) else {
            self.dying(parent);
            return Ok(());
        };
        // A thread, or (clone with neither SIGCHLD nor CLONE_THREAD) a process of its own?
        let is_thread = event == libc::PTRACE_EVENT_CLONE && ptrace::tgkill(self.pid, child, 0).is_ok();
        if is_thread {
            self.thread_born(parent, child);
            self.go_on_unless_holding(parent);
            return Ok(());
        }
        let shares_memory = event == libc::PTRACE_EVENT_VFORK || self.shares_memory(parent);
        self.child_born(child, shares_memory);
        self.report(parent, StopReason::Forked(Pid(child.into())));
        Ok(())
    }

    fn thread_born(&mut self, parent: Tid, tid: Tid) {
        let mut thread = Thread::running();
        if self.threads.get(&parent).is_some_and(|parent| parent.want == Some(Resume::Trace)) {
            thread.want = Some(Resume::Trace);
        }
        thread.stopped_at = self.breakpoints.ever();
        let first_stop = self.unannounced.iter().position(|(child, _)| *child == tid);
        if let Some(at) = first_stop {
            self.unannounced.swap_remove(at);
            thread.kernel = Kernel::Stopped(Stop::Event);
        }
        self.threads.insert(tid, thread);
        if first_stop.is_some() {
            self.go_on_unless_holding(tid);
        }
    }

    /// Did the thread make its child with `CLONE_VM`? Told from the system call in which it still is.
    fn shares_memory(&self, parent: Tid) -> bool {
        const CLONE_VM: u64 = libc::CLONE_VM as u64;
        let Ok(regs) = ptrace::registers(parent) else { return false };
        match regs.orig_rax.cast_signed() {
            libc::SYS_clone => regs.rdi & CLONE_VM != 0,
            libc::SYS_clone3 => {
                // The first member of struct clone_args (linux/sched.h): the flags.
                let mut flags = [0; 8];
                self.memory.read(regs.rdi, &mut flags).is_ok() && u64::from_le_bytes(flags) & CLONE_VM != 0
            }
            number => number == libc::SYS_vfork,
        }
    }

    /// A child process runs without breakpoints: its own copy of the memory is cleaned of them. It is let go at once,
    /// unless it shares the memory, or may be followed.
    fn child_born(&mut self, child: Tid, shares_memory: bool) {
        let seen = self.unannounced.iter().position(|(tid, _)| *tid == child);
        let in_family = self.family.borrow_mut().take_unannounced(child);
        match seen {
            Some(at) => _ = self.unannounced.swap_remove(at),
            None if in_family => {}
            // Its first stop is due before it executes anything.
            None if ptrace::wait_for(child).is_ok_and(|status| !status.is_end()) => {}
            None => return,
        }
        if !shares_memory && !self.breakpoints.is_empty() {
            let cleaned = AddressSpace::open(child).and_then(|memory| self.breakpoints.clean_copy(&memory));
            if let Err(cause) = cleaned {
                tracing::warn!("could not take the breakpoints out of child process {child}: {cause}");
            }
        }
        if shares_memory || self.is_following() {
            self.keep_child(child, shares_memory);
        } else {
            let _ = ptrace::detach(child, 0);
        }
    }

    /// `PTRACE_EVENT_EXEC`: whichever thread called execve has the process's id now, and the others are gone.
    pub(super) fn executed(&mut self, tid: Tid) -> Result<(), ProcessError> {
        if tid != self.pid {
            // A child that was not let go in time; it cannot be ours.
            let _ = ptrace::detach(tid, 0);
            return Ok(());
        }
        self.threads.clear();
        self.events.clear();
        let mut thread = Thread::running();
        thread.kernel = Kernel::Stopped(Stop::Event);
        thread.want = Some(Resume::Run);
        self.threads.insert(tid, thread);
        self.breakpoints.forget_all();
        // The kernel clears the debug registers (`flush_thread`).
        self.watches = Watches::default();
        self.memory =
            AddressSpace::open(tid).map_err(|cause| os("open the memory of the new program", cause))?;
        self.learn_program();
        self.report(tid, StopReason::Exec);
        Ok(())
    }

    /// `PTRACE_EVENT_EXIT`: a thread is about to be gone. A main thread's end is reported only when all others
    /// have ended, so this is the last that is heard of it till then.
    pub(super) fn thread_exits(&mut self, tid: Tid) {
        self.events.retain(|event| event.thread.0 != i64::from(tid));
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.kernel = Kernel::Exiting;
            thread.has_event = false;
        }
        let _ = ptrace::cont(tid, 0);
        if self.memory.tid == tid
            && let Some((&other, _)) =
                self.threads.iter().find(|(_, thread)| thread.kernel != Kernel::Exiting)
        {
            self.memory.tid = other;
        }
    }

    /// A tracee is gone.
    pub(super) fn thread_ended(&mut self, tid: Tid, status: WaitStatus) {
        self.unannounced.retain(|(child, _)| *child != tid);
        if tid == self.pid {
            return self.end(match status {
                WaitStatus::Exited(code) => ExitStatus::Code(code),
                WaitStatus::Killed(signal) | WaitStatus::Stopped { signal, .. } => {
                    ExitStatus::Killed(Signal(signal))
                }
            });
        }
        if self.threads.remove(&tid).is_some() {
            self.events.retain(|event| event.thread.0 != i64::from(tid));
        }
    }

    /// The whole process is gone.
    pub(super) fn end(&mut self, status: ExitStatus) {
        self.threads.clear();
        self.events.clear();
        // A child whose parent was killed before it could announce it.
        for (child, _) in std::mem::take(&mut self.unannounced) {
            self.let_orphan_go(child);
        }
        self.hatch_embryos();
        self.leave_family();
        if self.has_kin() && std::mem::take(&mut self.interrupting) {
            self.requests.give_back();
        }
        self.breakpoints.forget_all();
        if let Some(terminal) = &mut self.terminal {
            terminal.take_back();
        }
        self.ended = Some(status);
        self.report(self.pid, StopReason::Exited(status));
    }
}
