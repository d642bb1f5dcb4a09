//! Getting a thread past a breakpoint that stays inserted for the others.
//!
//! [`adit_arch::displaced`] says how: by emulation; by single-stepping a copy in the scratch area; or in place, with
//! all other threads held. All of it is over when [`LinuxProcess::pass_breakpoint`] returns, so nobody ever sees a
//! thread in the scratch area. A system call, which may take for ever, is only entered.

use std::cell::Cell;
use std::io;

use adit_arch::Registers;
use adit_arch::displaced::{self, Fixup, Plan, Words};
use adit_process::{ProcessError, Signal, StopReason};

use super::breakpoints::{Breakpoints, SCRATCH_LEN};
use super::debug_registers::Watches;
use super::memory::AddressSpace;
use super::ptrace::{self, SYSCALL_STOP, SigInfo, Tid, WaitStatus};
use super::thread::{Held, Kernel, Stop, TrapFlagLeak};
use super::wait::{TRAP_HWBKPT, is_fault};
use super::{LinuxProcess, cached_regs, os};

/// What became of a thread that was to pass a breakpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// It executed the instruction, and stands behind it (or in the system call that it entered).
    Executed,
    /// An event tells what happened instead.
    Reported,
    /// It is gone.
    Gone,
}

/// How a synchronous run of one thread ended.
enum End {
    /// The trap that was waited for.
    Done,
    /// The instruction raised a signal.
    Raised(SigInfo),
    Gone,
}

/// How a thread is made to execute one instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drive {
    /// By a single-step.
    Step,
    /// By running into the `int3` behind it (string instructions with a repeat prefix).
    ToTrap,
    /// By running to the entry of the system call that it is.
    ToSyscall,
}

/// The target's memory as emulation sees it, without breakpoints.
struct View<'a> {
    memory: &'a AddressSpace,
    breakpoints: &'a mut Breakpoints,
    watches: Watches,
    /// The slots whose memory was accessed.
    touched: Cell<u32>,
}

impl Words for View<'_> {
    fn load(&self, addr: u64, buf: &mut [u8]) -> bool {
        self.touched.set(self.touched.get() | self.watches.touched(addr, buf.len(), false));
        let read = self.memory.read(addr, buf).is_ok();
        self.breakpoints.hide(addr, buf);
        read
    }

    fn store(&mut self, addr: u64, bytes: &[u8]) -> bool {
        self.touched.set(self.touched.get() | self.watches.touched(addr, bytes.len(), true));
        self.breakpoints.write(addr, bytes, self.memory).is_ok()
    }
}

impl LinuxProcess {
    /// Makes a thread that stands at a breakpoint execute the instruction under it.
    pub(super) fn pass_breakpoint(&mut self, tid: Tid) -> Result<Passed, ProcessError> {
        let Some(thread) = self.threads.get(&tid) else { return Ok(Passed::Gone) };
        let Ok(regs) = cached_regs(tid, thread) else {
            self.dying(tid);
            return Ok(Passed::Gone);
        };
        let addr = regs.rip;
        let fail = |cause| os("step over a breakpoint", cause);
        let (plan, code) = self.plan(addr).map_err(fail)?;
        let passed = match &plan {
            Plan::Emulate if self.emulate(tid, &code).map_err(fail)? => Ok(Passed::Executed),
            Plan::Displace { code, fixup } => self.displaced(tid, addr, code, fixup),
            Plan::Emulate | Plan::Lift => self.in_place(tid, addr, &code),
        };
        if let Some(breakpoint) = self.breakpoints.get_mut(addr) {
            breakpoint.plan = Some((plan, code));
        }
        passed
    }

    /// Takes the plan out of the breakpoint's cache, or makes it.
    fn plan(&mut self, addr: u64) -> io::Result<(Plan, Vec<u8>)> {
        let scratch = self.breakpoints.scratch().filter(|_| {
            let inside = |pc| self.breakpoints.in_scratch(pc);
            !self.threads.values().any(|thread| thread.regs.get().is_some_and(|regs| inside(regs.rip)))
        });
        match self.breakpoints.get_mut(addr).and_then(|breakpoint| breakpoint.plan.take()) {
            // A plan that was made without a scratch area is made again when there is one.
            Some((Plan::Displace { .. }, code)) if scratch.is_none() => return Ok((Plan::Lift, code)),
            Some((Plan::Lift, code)) if scratch.is_none() => return Ok((Plan::Lift, code)),
            Some((plan @ (Plan::Emulate | Plan::Displace { .. }), code)) => return Ok((plan, code)),
            Some((Plan::Lift, _)) | None => {}
        }
        let code = self.code_at(addr)?;
        let plan = match scratch {
            Some(scratch) => displaced::plan(&adit_arch::AMD64, addr, &code, scratch),
            None => Plan::Lift,
        };
        Ok((plan, code))
    }

    /// The instruction bytes at `addr`, fewer at the end of a mapping.
    fn code_at(&self, addr: u64) -> io::Result<Vec<u8>> {
        const PAGE: u64 = 4096;
        let mut code = vec![0; SCRATCH_LEN];
        if self.memory.read(addr, &mut code).is_err() {
            code.truncate(((PAGE - addr % PAGE) as usize).min(SCRATCH_LEN));
            self.memory.read(addr, &mut code)?;
        }
        self.breakpoints.hide(addr, &mut code);
        Ok(code)
    }

    /// Computes the instruction's effect. `false`: nothing was changed.
    fn emulate(&mut self, tid: Tid, code: &[u8]) -> io::Result<bool> {
        let mut touched = 0;
        let done = self.with_registers(tid, |registers, view| {
            let done = displaced::emulate(code, registers, view);
            touched = view.touched.get();
            done
        })?;
        if let Some(thread) = self.threads.get_mut(&tid).filter(|_| done) {
            thread.watch_hits = touched;
        }
        Ok(done)
    }

    /// Changes a stopped thread's registers by `change`; they are written back when it is resumed, if `change` says
    /// that it changed them.
    fn with_registers(
        &mut self,
        tid: Tid,
        change: impl FnOnce(&mut Registers, &mut View<'_>) -> bool,
    ) -> io::Result<bool> {
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(false) };
        let mut regs = cached_regs(tid, thread)?;
        let registers = &mut *self.work.borrow_mut();
        self.map.load(&regs, registers);
        let mut view = View {
            memory: &self.memory,
            breakpoints: &mut self.breakpoints,
            watches: self.watches,
            touched: Cell::new(0),
        };
        let changed = change(registers, &mut view);
        if changed {
            self.map.store(registers, &mut regs);
            thread.regs.set(Some(regs));
            thread.dirty = true;
        }
        Ok(changed)
    }

    /// Single-steps the copy.
    fn displaced(&mut self, tid: Tid, addr: u64, code: &[u8], fixup: &Fixup) -> Result<Passed, ProcessError> {
        let fail = |cause| os("step over a breakpoint", cause);
        self.breakpoints.fill_scratch(addr, code, &self.memory).map_err(fail)?;
        self.set_pc(tid, fixup.scratch).map_err(fail)?;
        // A copy that is longer than its instruction has an `int3` behind it.
        let repeats = code.len() > usize::from(fixup.len);
        let end = self.drive(tid, if repeats { Drive::ToTrap } else { Drive::Step }, code)?;
        if !matches!(end, End::Gone) {
            let mended = self.with_registers(tid, |registers, view| {
                displaced::mend(fixup, registers, view);
                true
            });
            if mended.is_err() {
                self.dying(tid);
                return Ok(Passed::Gone);
            }
        }
        Ok(self.passed(tid, addr, end))
    }

    /// Steps the instruction in its place, with the breakpoint lifted and all other threads held.
    fn in_place(&mut self, tid: Tid, addr: u64, code: &[u8]) -> Result<Passed, ProcessError> {
        let fail = |cause| os("step over a breakpoint", cause);
        self.hold()?;
        if !self.threads.contains_key(&tid) {
            self.release_held();
            return Ok(Passed::Gone);
        }
        let is_syscall = matches!(code, [0x0f, 0x05 | 0x34, ..] | [0xcd, 0x80, ..]);
        self.breakpoints.lift_one(addr, &self.memory).map_err(fail)?;
        let end = self.drive(tid, if is_syscall { Drive::ToSyscall } else { Drive::Step }, code);
        let back = self.breakpoints.put_back_one(addr, &self.memory);
        let passed = end.map(|end| self.passed(tid, addr, end));
        self.release_others(tid);
        if self.ended.is_none() && passed.as_ref().is_ok_and(|passed| *passed != Passed::Gone) {
            back.map_err(fail)?;
        }
        passed
    }

    /// As [`LinuxProcess::release_held`], but for the thread that is being dealt with.
    fn release_others(&mut self, tid: Tid) {
        let want = self.threads.get_mut(&tid).and_then(|thread| thread.want.take());
        self.release_held();
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.want = want;
        }
    }

    fn set_pc(&mut self, tid: Tid, pc: u64) -> io::Result<()> {
        if let Some(thread) = self.threads.get_mut(&tid) {
            let mut regs = cached_regs(tid, thread)?;
            regs.rip = pc;
            thread.regs.set(Some(regs));
            thread.dirty = true;
        }
        Ok(())
    }

    /// Brings the thread's state up to date after its run, and reports what was raised.
    fn passed(&mut self, tid: Tid, addr: u64, end: End) -> Passed {
        let ever = self.breakpoints.ever();
        let Some(thread) = self.threads.get_mut(&tid) else { return Passed::Gone };
        thread.stopped_at = ever;
        match end {
            End::Gone => Passed::Gone,
            End::Done => Passed::Executed,
            End::Raised(info) => {
                thread.last_signal = Some(info);
                thread.arrived = Some(addr);
                if info.si_signo == libc::SIGTRAP {
                    // The program's own trap instruction.
                    self.report(tid, StopReason::Trap);
                } else {
                    thread.held = Held::Current(info);
                    self.report(tid, StopReason::Signal(Signal(info.si_signo)));
                }
                Passed::Reported
            }
        }
    }

    /// Runs one thread until its instruction, `code`, is executed. Signals that arrive are queued; what happens to other
    /// threads is dealt with as ever.
    fn drive(&mut self, tid: Tid, drive: Drive, code: &[u8]) -> Result<End, ProcessError> {
        if self.prepare(tid).is_err() {
            self.dying(tid);
            return Ok(End::Gone);
        }
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.watch_hits = 0;
            let pushf = drive == Drive::Step && code.first() == Some(&0x9c);
            thread.leak = if pushf { TrapFlagLeak::Pushf } else { TrapFlagLeak::No };
        }
        loop {
            let started = match drive {
                Drive::Step => ptrace::step(tid, 0),
                Drive::ToTrap => ptrace::cont(tid, 0),
                Drive::ToSyscall => ptrace::to_syscall(tid),
            };
            self.dying(tid);
            if started.is_err() {
                return Ok(End::Gone);
            }
            let Some((signal, event)) = self.stop_of(tid)? else { return Ok(End::Gone) };
            if let Some(end) = self.end_of(tid, drive, signal, event)? {
                return Ok(end);
            }
        }
    }

    /// Waits for the next stop of one thread; `None` if it is gone.
    fn stop_of(&mut self, tid: Tid) -> Result<Option<(i32, i32)>, ProcessError> {
        loop {
            let (other, status) = match self.next_report() {
                Ok(found) => found,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => return Err(os("wait for the process", cause)),
            };
            match status {
                WaitStatus::Stopped { signal, event }
                    if other == tid
                        && !matches!(event, libc::PTRACE_EVENT_EXIT | libc::PTRACE_EVENT_EXEC) =>
                {
                    return Ok(Some((signal, event)));
                }
                _ => self.absorb(other, status)?,
            }
            let gone = self.threads.get(&tid).is_none_or(|thread| thread.kernel == Kernel::Exiting);
            if gone || self.threads.get(&tid).is_some_and(|thread| thread.has_event) {
                return Ok(None);
            }
        }
    }

    /// What a stop means for the run; `None`: it must go on.
    fn end_of(
        &mut self,
        tid: Tid,
        drive: Drive,
        signal: i32,
        event: i32,
    ) -> Result<Option<End>, ProcessError> {
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(Some(End::Gone)) };
        thread.regs.set(None);
        thread.interrupted = false;
        if event != 0 {
            // An interruption that came too late, or job control: the instruction is finished first.
            thread.kernel = Kernel::Stopped(Stop::Event);
            thread.join_group_stop |= event == libc::PTRACE_EVENT_STOP && signal != libc::SIGTRAP;
            return Ok(None);
        }
        if signal == SYSCALL_STOP {
            thread.kernel = Kernel::Stopped(Stop::SyscallEntry);
            return Ok(Some(End::Done));
        }
        thread.kernel = Kernel::Stopped(Stop::Signal(signal));
        let Ok(info) = ptrace::signal_info(tid) else {
            self.dying(tid);
            return Ok(Some(End::Gone));
        };
        if !is_fault(&info) {
            let again = info.si_code == libc::SI_TKILL
                && ptrace::sender(&info) == std::process::id().cast_signed()
                && std::mem::take(&mut thread.resent);
            if !again {
                thread.queue.push_back(info);
            }
            return Ok(None);
        }
        let hits = self.watch_hits(tid, &info);
        if let Some(thread) = self.threads.get_mut(&tid) {
            thread.watch_hits |= hits;
        }
        // One of the repetitions of a string instruction.
        if info.si_code == TRAP_HWBKPT && signal == libc::SIGTRAP {
            return Ok(None);
        }
        // Of int3 (asm-generic/siginfo.h).
        const SI_KERNEL: i32 = 0x80;
        let by_int3 = info.si_code == SI_KERNEL;
        let done = signal == libc::SIGTRAP && (by_int3 == (drive == Drive::ToTrap));
        if done {
            self.hide_trap_flag(tid);
        }
        Ok(Some(if done { End::Done } else { End::Raised(info) }))
    }
}
