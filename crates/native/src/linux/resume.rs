//! Letting threads run, with the signals they are owed.

use adit_process::{ProcessError, Resume, Signal, StopReason, ThreadId};

use super::ptrace::{self, SigInfo, Tid};
use super::step_over::Passed;
use super::thread::{Held, Kernel, Stop, Thread, TrapFlagLeak};
use super::wait::is_fault;
use super::{LinuxProcess, cached_regs, is_restarted, os};

impl LinuxProcess {
    /// `Process::resume`.
    ///
    /// A stop at a breakpoint and the resumption cost six system calls where the instruction is emulated
    /// (`push rbp`, the usual first one of a function: wait4, PTRACE_GETSIGINFO, PTRACE_GETREGSET,
    /// process_vm_writev for the push, PTRACE_SETREGSET, PTRACE_CONT; five without a push), and ten where a copy is
    /// stepped (wait4, GETSIGINFO, GETREGSET, SETREGSET, SINGLESTEP, and wait4, GETSIGINFO, GETREGSET, SETREGSET,
    /// CONT).
    pub(super) fn resume_thread(
        &mut self,
        thread: ThreadId,
        how: Resume,
        signal: Option<Signal>,
    ) -> Result<(), ProcessError> {
        let (tid, state) = self.thread(thread)?;
        if !state.is_stopped() {
            return Ok(());
        }
        self.breakpoints.reinsert(&self.memory);
        if let Some(terminal) = &mut self.terminal {
            terminal.give();
        }
        let pass = self.must_pass(tid, how, signal);
        let Some(state) = self.threads.get_mut(&tid) else { return Ok(()) };
        state.want = Some(how);
        if pass {
            let passed = self.pass_breakpoint(tid)?;
            let Some(state) = self.threads.get_mut(&tid) else { return Ok(()) };
            if passed != Passed::Executed || state.has_event {
                return Ok(());
            }
            let hits = std::mem::take(&mut state.watch_hits);
            let at_entry = state.kernel == Kernel::Stopped(Stop::SyscallEntry);
            if hits != 0 {
                self.postpone(tid, signal);
                return self.stepped(tid, StopReason::Watch(hits));
            }
            if how != Resume::Run && !at_entry {
                self.postpone(tid, signal);
                return self.stepped(tid, StopReason::Stepped);
            }
        }
        self.start(tid, how, signal)
    }

    /// Does the thread stand at a breakpoint that it must not hit now? It must hit one that was inserted before
    /// it came there and that it has not been reported for: it was stopped, by a signal or to be held, just before it
    /// would have executed the `int3`.
    fn must_pass(&self, tid: Tid, how: Resume, signal: Option<Signal>) -> bool {
        let Some(thread) = self.threads.get(&tid).filter(|_| !self.breakpoints.is_empty()) else {
            return false;
        };
        let Ok(regs) = cached_regs(tid, thread) else { return false };
        let Some(breakpoint) = self.breakpoints.get(regs.rip) else { return false };
        // It is still in the system call in front of the breakpoint: the kernel sends it back there, or it has yet to
        // begin, and need not come back (rt_sigreturn).
        if is_restarted(&regs) || thread.kernel == Kernel::Stopped(Stop::SyscallEntry) {
            return false;
        }
        // A handler runs first; if it returns here, that is another visit.
        let to_handler = signal.is_some() && thread.held.info().is_some_and(is_fault);
        let known = thread.arrived == Some(regs.rip) || breakpoint.nth > thread.stopped_at;
        !to_handler && (known || (how == Resume::Step && signal.is_none()))
    }

    /// Reports what came of the one instruction that was executed while passing a breakpoint.
    fn stepped(&mut self, tid: Tid, reason: StopReason) -> Result<(), ProcessError> {
        if let Some(thread) = self.threads.get_mut(&tid) {
            let regs = cached_regs(tid, thread).map_err(|cause| os("read the registers", cause))?;
            // Running by single steps, it comes to a breakpoint when it executes it.
            let steps_on = thread.want == Some(Resume::Trace) && reason == StopReason::Stepped;
            thread.arrived = (!steps_on).then_some(regs.rip);
            thread.stopped_at = self.breakpoints.ever();
        }
        self.report(tid, reason);
        Ok(())
    }

    /// A signal that was to be delivered waits, since the thread stops again before it could be.
    fn postpone(&mut self, tid: Tid, signal: Option<Signal>) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let held = std::mem::replace(&mut thread.held, Held::No);
        let Some(Signal(number)) = signal else { return };
        match held.info().filter(|info| info.si_signo == number) {
            Some(info) => thread.queue.push_front(*info),
            None => {
                thread.own_signal = Some(number);
                let _ = ptrace::tgkill(self.pid, tid, number);
            }
        }
    }

    /// Resumes a thread with the signal it is to get.
    fn start(&mut self, tid: Tid, how: Resume, signal: Option<Signal>) -> Result<(), ProcessError> {
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(()) };
        let held = std::mem::replace(&mut thread.held, Held::No);
        let at_signal = matches!(thread.kernel, Kernel::Stopped(Stop::Signal(_)));
        let Some(Signal(number)) = signal else {
            if how != Resume::Step && !thread.queue.is_empty() {
                return self.next_queued(tid, at_signal);
            }
            self.go_on(tid, 0);
            return Ok(());
        };
        if !at_signal {
            // Only a signal-delivery-stop can deliver one: so it is made to arrive.
            if let Some(info) = held.info().filter(|info| info.si_signo == number) {
                thread.queue.push_front(*info);
                self.resend(tid);
            } else {
                thread.own_signal = Some(number);
                let _ = ptrace::tgkill(self.pid, tid, number);
            }
            self.go_on(tid, 0);
            return Ok(());
        }
        // If this stop is not the signal's own any more, its details are lost to the kernel.
        let passed = thread.kernel != Kernel::Stopped(Stop::Signal(number));
        match &held {
            Held::Earlier(info) => self.restore_details(tid, number, info),
            Held::Current(info) if passed => self.restore_details(tid, number, info),
            _ => {}
        }
        if how != Resume::Step {
            self.resend(tid);
        }
        self.go_on(tid, number);
        Ok(())
    }

    fn restore_details(&self, tid: Tid, number: i32, info: &SigInfo) {
        if info.si_signo == number {
            // Fails only if the thread was killed.
            let _ = ptrace::set_signal_info(tid, info);
        }
    }

    /// A thread that is to run is owed signals that arrived while it was stepped: the oldest is reported now, if it
    /// can be delivered from this stop, or else when it has been made to arrive again.
    fn next_queued(&mut self, tid: Tid, at_signal: bool) -> Result<(), ProcessError> {
        if !at_signal {
            self.resend(tid);
            self.go_on(tid, 0);
            return Ok(());
        }
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(()) };
        let Some(info) = thread.queue.pop_front() else { return Ok(()) };
        // An unreported hit of the breakpoint at the PC stays one.
        thread.stopped_at = self.breakpoints.ever();
        thread.arrived = None;
        thread.resent = false;
        thread.held = Held::Earlier(info);
        thread.last_signal = Some(info);
        self.report(tid, StopReason::Signal(Signal(info.si_signo)));
        Ok(())
    }

    /// Makes the oldest queued signal arrive again. Its details are put right when it does.
    fn resend(&mut self, tid: Tid) {
        let Some(thread) = self.threads.get_mut(&tid).filter(|thread| !thread.resent) else { return };
        if let Some(oldest) = thread.queue.front() {
            thread.resent = true;
            let _ = ptrace::tgkill(self.pid, tid, oldest.si_signo);
        }
    }

    /// Lets a thread go on as it was last told to, unless all are being stopped.
    pub(super) fn go_on_unless_holding(&mut self, tid: Tid) {
        if !self.holding {
            self.go_on(tid, 0);
        }
    }

    /// Lets a thread go on as it was last told to. One that job control has stopped stays so.
    pub(super) fn go_on(&mut self, tid: Tid, signal: i32) {
        // Fails only if the thread was killed.
        let _ = self.prepare(tid);
        let stepping = self.threads.get(&tid).is_some_and(Thread::steps);
        if stepping {
            self.look_for_leak(tid);
        }
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let Kernel::Stopped(stop) = thread.kernel else { return };
        if std::mem::take(&mut thread.join_group_stop) {
            let _ = ptrace::interrupt(tid);
        }
        let stays = stop == Stop::Group && !stepping && signal == 0;
        if let Some(guard) = &self.breakpoints.guard {
            guard.job_stopped(stays);
        }
        let result = match stop {
            _ if stays => ptrace::listen(tid),
            _ if stepping => ptrace::step(tid, signal),
            _ => ptrace::cont(tid, signal),
        };
        if let Err(cause) = result
            && !ptrace::is_gone(&cause)
        {
            tracing::debug!("could not resume thread {tid}: {cause}");
        }
        thread.kernel = Kernel::Running;
        thread.held = Held::No;
        thread.arrived = None;
        thread.regs.set(None);
        thread.dirty = false;
    }

    /// Remembers whether the instruction about to be stepped copies the trap flag of single-stepping.
    fn look_for_leak(&mut self, tid: Tid) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let Ok(regs) = cached_regs(tid, thread) else { return };
        let mut code = [0; 2];
        let known = self.memory.read(regs.rip, &mut code).is_ok();
        thread.leak = match code {
            [0x0f, 0x05] if known => TrapFlagLeak::Syscall,
            [0x9c, _] if known => TrapFlagLeak::Pushf,
            _ => TrapFlagLeak::No,
        };
    }

    /// Takes the trap flag out of the copy that the stepped instruction made, if the program has not set it itself.
    pub(super) fn hide_trap_flag(&mut self, tid: Tid) {
        const TRAP_FLAG: u64 = 1 << 8;
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        let leak = std::mem::replace(&mut thread.leak, TrapFlagLeak::No);
        let Ok(mut regs) = cached_regs(tid, thread) else { return };
        if leak == TrapFlagLeak::No || regs.eflags & TRAP_FLAG != 0 {
            return;
        }
        if leak == TrapFlagLeak::Syscall {
            // Only if R11 holds flags: a signal's handler or sigreturn leaves another value there.
            if regs.r11 & TRAP_FLAG != 0 && regs.r11 & !TRAP_FLAG == regs.eflags {
                regs.r11 &= !TRAP_FLAG;
                thread.regs.set(Some(regs));
                thread.dirty = true;
            }
            return;
        }
        let mut flags = [0; 8];
        if self.memory.read(regs.rsp, &mut flags).is_ok() {
            flags[1] &= !1;
            let _ = self.memory.write_data(regs.rsp, &flags);
        }
    }
}
