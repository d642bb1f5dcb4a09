//! From waitpid(2) to `StopEvent`s.
//!
//! Every stop of every tracee goes through [`LinuxProcess::absorb`]: it brings the thread's state up to date, and
//! either queues an event or lets the thread go on. While `holding` is set it lets nothing go on.

use std::io;

use adit_process::{ExitStatus, ProcessError, Resume, Signal, StopEvent, StopReason, ThreadId};

use super::breakpoints::INT3;
use super::memory::AddressSpace;
use super::ptrace::{self, SYSCALL_STOP, SigInfo, Tid, WaitStatus};
use super::thread::{Held, Kernel, Stop};
use super::{LinuxProcess, cached_regs, id, os};

/// `si_code` of a SIGTRAP: from int3; from `int1` and from a step over a system call; from single-stepping, which may
/// come with a hit of a debug register; from a debug register alone (asm-generic/siginfo.h).
pub(super) const SI_KERNEL: i32 = 0x80;
const TRAP_BRKPT: i32 = 1;
pub(super) const TRAP_TRACE: i32 = 2;
pub(super) const TRAP_HWBKPT: i32 = 4;

impl LinuxProcess {
    /// The next event, of any thread or of one.
    pub(super) fn next_event(&mut self, only: Option<ThreadId>) -> Result<StopEvent, ProcessError> {
        loop {
            if let Some(event) = self.pop_event(only)? {
                return Ok(event);
            }
            self.alive()?;
            if let Some(only) = only {
                self.thread(only)?;
            }
            self.interrupting |= self.requests.take();
            if self.interrupting
                && let Some(event) = self.interrupt_one(only)
            {
                return Ok(event);
            }
            if only.is_none()
                && let Some(event) = self.news_for_others()
            {
                return Ok(event);
            }
            let found = if self.requests.begin_wait() { Some(self.next_report()) } else { None };
            self.requests.end_wait();
            match found {
                Some(Ok((tid, status))) => self.absorb(tid, status)?,
                Some(Err(cause)) if cause.kind() != io::ErrorKind::Interrupted => self.lost(cause)?,
                Some(Err(_)) | None => {}
            }
        }
    }

    /// Takes the oldest event from the queue that is still true.
    fn pop_event(&mut self, only: Option<ThreadId>) -> Result<Option<StopEvent>, ProcessError> {
        let wanted = |event: &StopEvent| {
            only.is_none_or(|only| event.thread == only || matches!(event.reason, StopReason::Exited(_)))
        };
        while let Some(at) = self.events.iter().position(wanted) {
            let Some(event) = self.events.remove(at) else { break };
            let tid = event.thread.0 as Tid;
            let Some(thread) = self.threads.get_mut(&tid) else { return Ok(Some(event)) };
            thread.has_event = false;
            let here = thread.arrived.unwrap_or(0);
            if event.reason == StopReason::Breakpoint && !self.breakpoints.contains(here) {
                // Removed before it could be reported.
                self.go_on(tid, 0);
                continue;
            }
            if event.reason == StopReason::Watch(0) {
                // Taken away before it could be reported; but a step is a step.
                if !thread.steps() {
                    self.go_on(tid, 0);
                    continue;
                }
                thread.want = None;
                return Ok(Some(StopEvent { reason: StopReason::Stepped, ..event }));
            }
            thread.want = None;
            return Ok(Some(event));
        }
        Ok(None)
    }

    /// Stops one thread because it was asked for. If none runs, one that is stopped is reported at once.
    fn interrupt_one(&mut self, only: Option<ThreadId>) -> Option<StopEvent> {
        let wanted = |tid: Tid| only.is_none_or(|only| only == id(tid));
        if self.threads.iter().any(|(&tid, thread)| wanted(tid) && thread.is_running() && thread.interrupted)
        {
            return None;
        }
        let running = self.threads.iter_mut().find(|(tid, thread)| wanted(**tid) && thread.is_running());
        if let Some((&tid, thread)) = running {
            thread.interrupted = true;
            if ptrace::interrupt(tid).is_err() {
                self.threads.remove(&tid);
            }
            return None;
        }
        let stopped =
            self.threads.iter_mut().find(|(tid, t)| wanted(**tid) && matches!(t.kernel, Kernel::Stopped(_)));
        let (&tid, thread) = stopped?;
        thread.want = None;
        self.interrupting = false;
        Some(StopEvent { thread: id(tid), reason: StopReason::Interrupted })
    }

    /// waitpid(2) failed: without tracees left, the process is gone although its end was not seen.
    fn lost(&mut self, cause: io::Error) -> Result<(), ProcessError> {
        if cause.raw_os_error() != Some(libc::ECHILD) {
            return Err(os("wait for the process", cause));
        }
        self.end(ExitStatus::Killed(Signal(libc::SIGKILL)));
        Ok(())
    }

    /// Waits for one more stop, of whatever tracee, and deals with it. Requests to stop stay for later.
    pub(super) fn absorb_next(&mut self) -> Result<(), ProcessError> {
        match self.next_report() {
            Ok((tid, status)) => self.absorb(tid, status),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(cause) => self.lost(cause),
        }
    }

    /// Deals with one report of waitpid(2).
    pub(super) fn absorb(&mut self, tid: Tid, status: WaitStatus) -> Result<(), ProcessError> {
        if status.is_end() {
            if self.threads.contains_key(&tid) || tid == self.pid || !self.forward(tid, status) {
                self.thread_ended(tid, status);
            }
            return Ok(());
        }
        let WaitStatus::Stopped { signal, event } = status else { return Ok(()) };
        if event == libc::PTRACE_EVENT_EXEC {
            return if tid != self.pid && self.forward(tid, status) { Ok(()) } else { self.executed(tid) };
        }
        let ever = self.breakpoints.ever();
        let Some(thread) = self.threads.get_mut(&tid) else {
            if self.forward(tid, status) {
                return Ok(());
            }
            if event == libc::PTRACE_EVENT_EXIT {
                // Killed before it was announced: nothing keeps it from ending.
                let _ = ptrace::cont(tid, 0);
            } else {
                self.unannounced.push((tid, status));
            }
            return Ok(());
        };
        let was_interrupted = std::mem::take(&mut thread.interrupted);
        thread.regs.set(None);
        thread.dirty = false;
        thread.stopped_at = ever;
        thread.arrived = None;
        thread.held = Held::No;
        match event {
            0 if signal == SYSCALL_STOP => {
                thread.kernel = Kernel::Stopped(Stop::SyscallEntry);
                self.go_on_unless_holding(tid);
            }
            0 => {
                thread.kernel = Kernel::Stopped(Stop::Signal(signal));
                return self.signal_stop(tid, signal);
            }
            libc::PTRACE_EVENT_EXIT => self.thread_exits(tid),
            libc::PTRACE_EVENT_STOP => self.event_stop(tid, signal, was_interrupted),
            libc::PTRACE_EVENT_CLONE | libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK => {
                thread.kernel = Kernel::Stopped(Stop::Event);
                return self.born(tid, event);
            }
            _ => {
                thread.kernel = Kernel::Stopped(Stop::Event);
                self.go_on_unless_holding(tid);
            }
        }
        Ok(())
    }

    /// `PTRACE_EVENT_STOP`: an interruption, a group-stop, a new thread's first stop, or a stray one.
    fn event_stop(&mut self, tid: Tid, signal: i32, was_interrupted: bool) {
        let group = matches!(signal, libc::SIGSTOP | libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU);
        let asked = was_interrupted && self.interrupting && !self.holding;
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        thread.kernel = Kernel::Stopped(if group { Stop::Group } else { Stop::Event });
        if !self.holding && !asked {
            self.go_on(tid, 0);
            return;
        }
        if self.has_unseen_trap(tid) {
            // The trap of an int3 or of the step is the next thing to be reported; no instruction is executed
            // on the way to it.
            if ptrace::cont(tid, 0).is_ok()
                && let Some(thread) = self.threads.get_mut(&tid)
            {
                thread.kernel = Kernel::Running;
                thread.regs.set(None);
                // Another interruption now would be reported before that trap, over and over.
                thread.interrupted = true;
            }
            return;
        }
        if asked {
            self.interrupting = false;
            self.report(tid, StopReason::Interrupted);
        }
    }

    /// Was this thread stopped between the execution of an int3 (or of the instruction it was to be stepped by) and
    /// the report of it? Then its PC is not one to be shown.
    fn has_unseen_trap(&self, tid: Tid) -> bool {
        let Some(thread) = self.threads.get(&tid) else { return false };
        if thread.steps() || thread.watches.any() {
            return ptrace::trap_is_pending(tid);
        }
        let Ok(regs) = cached_regs(tid, thread) else { return false };
        self.breakpoints.contains(regs.rip.wrapping_sub(1)) && ptrace::trap_is_pending(tid)
    }

    /// Signal-delivery-stop.
    fn signal_stop(&mut self, tid: Tid, signal: i32) -> Result<(), ProcessError> {
        let info = match ptrace::signal_info(tid) {
            Ok(info) => info,
            // Killed in the meantime: its end follows.
            Err(_) => {
                self.dying(tid);
                return Ok(());
            }
        };
        if signal == libc::SIGTRAP && info.si_code > 0 {
            self.trap(tid, &info);
            return Ok(());
        }
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(()) };
        let ours =
            info.si_code == libc::SI_TKILL && ptrace::sender(&info) == std::process::id().cast_signed();
        if ours && thread.own_signal == Some(signal) {
            thread.own_signal = None;
            self.go_on(tid, signal);
            return Ok(());
        }
        if thread.want == Some(Resume::Step) && !is_fault(&info) {
            if ours && thread.resent {
                thread.resent = false;
            } else {
                thread.queue.push_back(info);
            }
            self.go_on_unless_holding(tid);
            return Ok(());
        }
        let info = self.in_order(tid, info, ours);
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.held = Held::Current(info);
            thread.last_signal = Some(info);
        }
        self.report(tid, StopReason::Signal(Signal(signal)));
        Ok(())
    }

    /// Which signal this arrival stands for: if the thread's oldest queued signal was sent again and this is the
    /// same number, then that one, whoever arrived.
    fn in_order(&mut self, tid: Tid, info: SigInfo, ours: bool) -> SigInfo {
        let Some(thread) = self.threads.get_mut(&tid).filter(|thread| thread.resent) else { return info };
        if thread.queue.front().is_none_or(|front| front.si_signo != info.si_signo) {
            return info;
        }
        thread.resent = false;
        if !ours {
            thread.queue.push_back(info);
        }
        let Some(oldest) = thread.queue.pop_front() else { return info };
        if ptrace::set_signal_info(tid, &oldest).is_err() { info } else { oldest }
    }

    /// A SIGTRAP of the thread's own execution.
    fn trap(&mut self, tid: Tid, info: &SigInfo) {
        let hits = self.watch_hits(tid, info);
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        thread.last_signal = Some(*info);
        let Ok(mut regs) = cached_regs(tid, thread) else { return self.dying(tid) };
        let stepping = thread.steps();
        let before = regs.rip.wrapping_sub(1);
        let reason = match info.si_code {
            SI_KERNEL if self.breakpoints.contains(before) => {
                regs.rip = before;
                thread.regs.set(Some(regs));
                thread.dirty = true;
                thread.arrived = Some(before);
                StopReason::Breakpoint
            }
            // It ran into a breakpoint that was removed before this was heard of: it executes what stands there.
            SI_KERNEL if trap_is_gone(&self.memory, regs.rip) => {
                regs.rip = before;
                thread.regs.set(Some(regs));
                thread.dirty = true;
                return self.go_on_unless_holding(tid);
            }
            SI_KERNEL => StopReason::Trap,
            // A signal was delivered on the way: it stands at the first instruction of the handler, and this is not
            // a signal-delivery-stop (signal_setup_done of Linux's kernel/signal.c).
            libc::SIGTRAP if stepping => {
                thread.kernel = Kernel::Stopped(Stop::Event);
                thread.arrived = Some(regs.rip);
                StopReason::Stepped
            }
            // What the step copied of the trap flag is hidden in any case.
            TRAP_TRACE if hits != 0 => {
                thread.arrived = Some(regs.rip);
                self.hide_trap_flag(tid);
                StopReason::Watch(hits)
            }
            TRAP_HWBKPT if hits != 0 => {
                thread.arrived = Some(regs.rip);
                StopReason::Watch(hits)
            }
            // Of a watch that was taken away since.
            TRAP_HWBKPT => return self.go_on_unless_holding(tid),
            TRAP_TRACE | TRAP_BRKPT if stepping => {
                let steps_on = thread.want == Some(Resume::Trace);
                thread.arrived = (!steps_on).then_some(regs.rip);
                self.hide_trap_flag(tid);
                StopReason::Stepped
            }
            TRAP_BRKPT => StopReason::Trap,
            _ => {
                thread.held = Held::Current(*info);
                StopReason::Signal(Signal(libc::SIGTRAP))
            }
        };
        self.report(tid, reason);
    }

    /// Queues an event.
    pub(super) fn report(&mut self, tid: Tid, reason: StopReason) {
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.has_event = true;
        }
        self.events.push_back(StopEvent { thread: id(tid), reason });
    }

    /// The kernel says that a stopped thread is not there: it was killed, and its end will be reported.
    pub(super) fn dying(&mut self, tid: Tid) {
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.kernel = Kernel::Running;
            thread.regs.set(None);
            thread.dirty = false;
        }
    }

    /// Stops every thread, without telling the debugger. Afterwards none runs, and what happened is queued.
    pub(super) fn hold(&mut self) -> Result<(), ProcessError> {
        self.holding = true;
        loop {
            let mut running = false;
            let mut vanished = None;
            for (&tid, thread) in &mut self.threads {
                if !thread.is_running() {
                    continue;
                }
                running = true;
                if !thread.interrupted {
                    match ptrace::interrupt(tid) {
                        Ok(()) => thread.interrupted = true,
                        Err(_) => vanished = Some(tid),
                    }
                }
            }
            if let Some(tid) = vanished {
                // Not a tracee any more: even its end has been seen, or it never was one.
                self.threads.remove(&tid);
                continue;
            }
            if !running && !self.has_mail() || self.ended.is_some() {
                return Ok(());
            }
            self.absorb_next()?;
        }
    }

    /// Lets those go on that only [`LinuxProcess::hold`] stopped.
    pub(super) fn release_held(&mut self) {
        self.holding = false;
        let held: Vec<Tid> = self
            .threads
            .iter()
            .filter(|(_, thread)| {
                matches!(thread.kernel, Kernel::Stopped(_)) && thread.want.is_some() && !thread.has_event
            })
            .map(|(&tid, _)| tid)
            .collect();
        held.into_iter().for_each(|tid| self.go_on(tid, 0));
    }

    /// `Process::stop_all`.
    pub(super) fn stop_all_threads(&mut self) -> Result<Vec<StopEvent>, ProcessError> {
        if self.events.is_empty() {
            self.alive()?;
        }
        let held = self.hold();
        self.holding = false;
        held?;
        let mut events = Vec::new();
        while let Some(event) = self.events.pop_front() {
            let thread = self.threads.get_mut(&(event.thread.0 as Tid));
            let here = thread.as_ref().and_then(|thread| thread.arrived).unwrap_or(0);
            match (event.reason, thread) {
                (StopReason::Breakpoint, _) if !self.breakpoints.contains(here) => {}
                // Nobody will have heard that it came to the breakpoint where it stands, if there is one.
                (StopReason::Watch(0), Some(thread)) => thread.arrived = None,
                _ => events.push(event),
            }
        }
        if std::mem::take(&mut self.interrupting)
            && let Some((&tid, _)) = self.threads.iter().find(|(_, thread)| thread.want.is_some())
        {
            events.push(StopEvent { thread: id(tid), reason: StopReason::Interrupted });
        }
        for thread in self.threads.values_mut() {
            thread.want = None;
            thread.has_event = false;
        }
        if self.attached && self.ended.is_none() {
            self.leave_no_trace()?;
        }
        if let Some(terminal) = &mut self.terminal {
            terminal.take_back();
        }
        Ok(events)
    }

    /// While the user looks, nothing of the debugger is in an attached process: if the debugger is killed then, the
    /// process goes on as if it had never been there.
    fn leave_no_trace(&mut self) -> Result<(), ProcessError> {
        let tids: Vec<Tid> = self.threads.keys().copied().collect();
        for tid in tids {
            // A thread that was killed has nothing to restore.
            let _ = self.flush(tid);
        }
        self.clear_all_watches();
        self.breakpoints.lift(&self.memory).map_err(|cause| os("take the breakpoints out", cause))
    }
}

/// Was this signal raised by the very instruction at which the thread stands?
pub(super) fn is_fault(info: &SigInfo) -> bool {
    let faults = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGSYS, libc::SIGTRAP];
    info.si_code > 0 && faults.contains(&info.si_signo)
}

/// Does no trap instruction stand before `pc` any more?
fn trap_is_gone(memory: &AddressSpace, pc: u64) -> bool {
    let mut code = [0; 2];
    let known = memory.read(pc.wrapping_sub(2), &mut code).is_ok();
    // `int3`, and the long form of it.
    known && !matches!(code, [_, INT3] | [0xcd, 3])
}
