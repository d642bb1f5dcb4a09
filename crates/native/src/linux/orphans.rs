//! What the guard does with the threads of a process whose debugger was killed: nothing here allocates.
//!
//! When a tracer dies, the kernel lets its tracees run on at once, as they are: with debug registers that watch memory,
//! and with the signal at which they had stopped, if the tracer had not yet been told of that stop (`exit_ptrace`,
//! `ptrace_stop` of Linux's kernel/). A hit of a watch or of a breakpoint then is a SIGTRAP that nobody wants, and ends
//! the program. So the guard stops the whole process by SIGSTOP while its tracer still stands at its end, lets the
//! tracer go, takes hold of one thread after the other, takes back what the debugger did to it, and continues the
//! process. A SIGTRAP that was on its way has got no further by then than to the first instruction of the program's
//! handler (Go's runtime always has one): the thread is sent back to where it was, as by the handler's return.

use std::time::Duration;

use super::debug_registers;
use super::ptrace::{self, SigInfo, Tid, UserRegs, WaitStatus};
use super::wait::{SI_KERNEL, TRAP_HWBKPT, TRAP_TRACE};

/// Together the longest time for which a debugger with much memory has been seen to die, many times over.
const TRIES: u32 = 100_000;
const PAUSE: Duration = Duration::from_micros(50);
/// How long the threads are given to come to a stop. One that waits for its child to execute a program does not.
const TRIES_TO_STOP: u32 = 5_000;

/// What the guard knows of the process.
pub(super) trait Orphan {
    /// Calls `act` for every thread.
    fn for_each_thread(&self, act: &mut dyn FnMut(Tid));
    /// The state of a thread, as proc(5) has it.
    fn state(&self, tid: Tid) -> u8;
    /// Was there a breakpoint of the debugger's at this address?
    fn had_breakpoint(&self, addr: u64) -> bool;
    /// Fills `buf` from the process's memory.
    fn read(&self, addr: u64, buf: &mut [u8]) -> bool;
    /// Writes to the process's memory.
    fn write(&self, addr: u64, bytes: &[u8]) -> bool;
    /// Where a thread is to go on that the debugger has stopped at `regs`, if not there.
    fn resumption(&self, tid: Tid, regs: &UserRegs) -> Option<u64>;
}

/// Stops all threads, which are traced by somebody else.
pub(super) fn stop(pid: Tid, orphan: &impl Orphan) {
    for _ in 0..TRIES_TO_STOP {
        let mut moving = false;
        orphan.for_each_thread(&mut |tid| {
            // Also one that stands already: it is not to run when its tracer is gone.
            let _ = ptrace::tgkill(pid, tid, libc::SIGSTOP);
            moving |= !matches!(orphan.state(tid), b't' | b'T' | b'Z' | b'X' | b'x');
        });
        if !moving {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Takes back what the dead debugger has done to a thread, and leaves it in the stop in which it is.
pub(super) fn release(tid: Tid, orphan: &impl Orphan) {
    let mut tries = (0..TRIES).map(|_| ptrace::seize(tid, 0));
    let seized = tries.find(|result| {
        // EPERM: its tracer still lives.
        let refused = result.as_ref().is_err_and(|cause| cause.raw_os_error() == Some(libc::EPERM));
        if refused {
            std::thread::sleep(PAUSE);
        }
        !refused
    });
    if !matches!(seized, Some(Ok(()))) || ptrace::interrupt(tid).is_err() {
        return;
    }
    while let Ok(WaitStatus::Stopped { signal, event }) = ptrace::wait_for(tid) {
        let _ = debug_registers::clear(tid);
        if event != 0 {
            if !ptrace::trap_is_pending(tid) {
                mend(tid, orphan);
                let _ = ptrace::detach(tid, 0);
                return;
            }
            // It comes next; another interruption would be reported before it, over and over.
            let _ = ptrace::cont(tid, 0);
            continue;
        }
        let ours = signal == libc::SIGTRAP
            && ptrace::signal_info(tid).is_ok_and(|info| take_back(tid, &info, orphan));
        let _ = ptrace::interrupt(tid);
        let _ = ptrace::cont(tid, if ours { 0 } else { signal });
    }
}

/// A trap of the debugger's making that is about to be delivered. `false`: it is the program's own.
fn take_back(tid: Tid, info: &SigInfo, orphan: &impl Orphan) -> bool {
    match (info.si_code, ptrace::registers(tid)) {
        (TRAP_HWBKPT | TRAP_TRACE, _) => true,
        (SI_KERNEL, Ok(mut regs)) if orphan.had_breakpoint(regs.rip.wrapping_sub(1)) => {
            regs.rip = regs.rip.wrapping_sub(1);
            ptrace::set_registers(tid, &regs).is_ok()
        }
        _ => false,
    }
}

/// Puts a stopped thread back to where it would be without the debugger.
fn mend(tid: Tid, orphan: &impl Orphan) {
    let Ok(mut regs) = ptrace::registers(tid) else { return };
    if let Some(rip) = orphan.resumption(tid, &regs) {
        regs.rip = rip;
    } else if let Some(restorer) = unhandled(&regs, orphan) {
        regs.rip = restorer;
        regs.rsp = regs.rsp.wrapping_add(8);
    } else {
        return;
    }
    let _ = ptrace::set_registers(tid, &regs);
}

/// If a thread stands at the first instruction of a handler for a trap that is the debugger's: the address to which the
/// handler would return. The frame is as `setup_rt_frame` of Linux's arch/x86/kernel/signal_64.c lays it out: that
/// address, the struct ucontext, the siginfo_t.
fn unhandled(regs: &UserRegs, orphan: &impl Orphan) -> Option<u64> {
    /// Where struct ucontext has the PC (`gregs[REG_RIP]`).
    const PC_AT: u64 = 40 + 16 * 8;
    /// And the number of the last exception (`gregs[REG_TRAPNO]`).
    const EXCEPTION_AT: u64 = 40 + 20 * 8;
    let at_handler = regs.rdi == libc::SIGTRAP.cast_unsigned().into()
        && regs.rax == 0
        && regs.rdx == regs.rsp.wrapping_add(8)
        && regs.rsi > regs.rdx;
    if !at_handler {
        return None;
    }
    let word = |addr| {
        let mut bytes = [0; 8];
        orphan.read(addr, &mut bytes).then(|| u64::from_le_bytes(bytes))
    };
    let pc = word(regs.rdx.wrapping_add(PC_AT))?;
    let mut info = [0; 12];
    let known = orphan.read(regs.rsi, &mut info) && info[..4] == libc::SIGTRAP.to_ne_bytes();
    let by_int3 = if known {
        match i32::from_ne_bytes([info[8], info[9], info[10], info[11]]) {
            TRAP_HWBKPT | TRAP_TRACE => false,
            SI_KERNEL => true,
            _ => return None,
        }
    } else {
        // A handler without SA_SIGINFO. Exception 1 is the one of debug registers and single-steps, 3 that of int3.
        match word(regs.rdx.wrapping_add(EXCEPTION_AT))? {
            1 => false,
            3 => true,
            _ => return None,
        }
    };
    if by_int3 {
        let before = pc.wrapping_sub(1);
        let is_ours = orphan.had_breakpoint(before)
            && orphan.write(regs.rdx.wrapping_add(PC_AT), &before.to_le_bytes());
        is_ours.then_some(())?;
    }
    word(regs.rsp)
}
