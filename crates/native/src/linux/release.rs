//! Letting a process go, or ending it.

use adit_process::{ExitStatus, ProcessError, Signal};

use super::ptrace::{self, Tid};
use super::thread::{Held, Kernel, Stop, Thread};
use super::{LinuxProcess, os};

impl LinuxProcess {
    /// `Process::detach`.
    pub(super) fn let_go(&mut self) -> Result<(), ProcessError> {
        if self.ended.is_some() {
            return Ok(());
        }
        self.stop_all_threads()?;
        if self.ended.is_some() {
            return Ok(());
        }
        self.clear_all_watches();
        let restored = self.breakpoints.lift(&self.memory);
        self.release_hatched();
        self.leave_family();
        let threads = std::mem::take(&mut self.threads);
        let exiting: Vec<Tid> =
            threads.iter().filter(|(_, t)| t.kernel == Kernel::Exiting).map(|(&t, _)| t).collect();
        for (tid, thread) in threads {
            self.let_thread_go(tid, thread);
        }
        for (child, _) in std::mem::take(&mut self.unannounced) {
            let _ = ptrace::detach(child, 0);
        }
        // A traced thread stays a zombie until its tracer has waited for it. The main thread's end is reported only
        // when the process ends.
        for tid in exiting.into_iter().filter(|&tid| tid != self.pid) {
            let _ = ptrace::wait_for(tid);
        }
        self.breakpoints.forget_all();
        self.ended = Some(ExitStatus::Detached);
        restored.map_err(|cause| os("take the breakpoints out", cause))
    }

    /// Detaches a stopped thread, with the signals it is owed.
    fn let_thread_go(&self, tid: Tid, mut thread: Thread) {
        if let (true, Some(regs)) = (thread.dirty, thread.regs.get()) {
            let _ = ptrace::set_registers(tid, &regs);
        }
        if let Held::Current(info) | Held::Earlier(info) = thread.held {
            thread.queue.push_front(info);
        }
        let mut signal = 0;
        if let Kernel::Stopped(Stop::Signal(_)) = thread.kernel
            && let Some(info) = thread.queue.pop_front()
        {
            signal = info.si_signo;
            let _ = ptrace::set_signal_info(tid, &info);
        }
        for info in thread.queue {
            let _ = ptrace::tgkill(self.pid, tid, info.si_signo);
        }
        // ESRCH: it was killed meanwhile.
        let _ = ptrace::detach(tid, signal);
    }

    /// `Process::kill`.
    pub(super) fn kill_all(&mut self) -> Result<(), ProcessError> {
        if self.ended.is_none() {
            let killed = ptrace::kill(self.pid, libc::SIGKILL);
            self.holding = false;
            // Its end may have been seen by another process that waited; then it is in the mail.
            if killed.is_err() && !self.has_mail() {
                killed.map_err(|cause| os("kill the process", cause))?;
            }
            while self.ended.is_none() {
                self.absorb_next()?;
                // What they still report was on its way when they were killed.
                self.events.retain(|event| matches!(event.reason, adit_process::StopReason::Exited(_)));
            }
        }
        self.events.clear();
        Ok(())
    }
}

impl Drop for LinuxProcess {
    fn drop(&mut self) {
        let result = if self.attached { self.let_go() } else { self.kill_all() };
        if let Err(error) = result {
            tracing::warn!("could not let process {} go: {error}", self.pid);
            if !self.attached {
                let _ = ptrace::kill(self.pid, Signal(libc::SIGKILL).0);
            }
        }
        if let Some(terminal) = &mut self.terminal {
            terminal.take_back();
        }
    }
}
