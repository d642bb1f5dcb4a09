//! One thread of the debuggee: what the kernel does with it, and what the debugger wants of it.

use std::cell::Cell;
use std::collections::VecDeque;

use adit_process::Resume;

use super::debug_registers::Watches;
use super::ptrace::{SigInfo, UserRegs};

/// What the kernel does with a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// It runs, or (`PTRACE_LISTEN`) job control keeps it stopped without our doing.
    Running,
    /// It is stopped for us.
    Stopped(Stop),
    /// It is about to be gone: its exit was announced, and nothing but its end will be reported.
    Exiting,
}

/// In which kind of ptrace-stop a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Signal-delivery-stop: the signal given on resuming is delivered, with the details now set.
    Signal(i32),
    /// Any stop at which a signal given on resuming is dropped.
    Event,
    /// Job control stopped it.
    Group,
    /// At the entry of a system call: a given signal is delivered, but without details.
    SyscallEntry,
}

/// The signal that a thread was reported to be stopped by.
pub(crate) enum Held {
    /// None.
    No,
    /// The one of its [`Stop::Signal`].
    Current(SigInfo),
    /// One that arrived earlier, while the thread was being stepped.
    Earlier(SigInfo),
}

impl Held {
    pub(crate) fn info(&self) -> Option<&SigInfo> {
        match self {
            Held::No => None,
            Held::Current(info) | Held::Earlier(info) => Some(info),
        }
    }
}

/// A system call that the kernel will restart when the thread goes on from where it was stopped, unless its
/// registers are changed in between (a call injected by the debugger).
#[derive(Clone, Copy)]
pub(crate) struct Restart {
    pub(crate) rip: u64,
    pub(crate) rax: u64,
    pub(crate) orig_rax: u64,
}

/// One thread.
pub(crate) struct Thread {
    pub(crate) kernel: Kernel,
    /// How it was resumed; `None`: the debugger was told that it is stopped, and has not resumed it.
    pub(crate) want: Option<Resume>,
    /// An event of it is queued: it stays stopped until that has been reported.
    pub(crate) has_event: bool,
    /// `PTRACE_INTERRUPT` was sent and no stop seen since.
    pub(crate) interrupted: bool,
    /// Job control stopped the process while this thread was stepped over a breakpoint: it must join.
    pub(crate) join_group_stop: bool,
    /// The registers at this stop, once read.
    pub(crate) regs: Cell<Option<UserRegs>>,
    /// The cached registers differ from the kernel's.
    pub(crate) dirty: bool,
    /// How many breakpoints had ever been inserted when it stopped.
    pub(crate) stopped_at: u64,
    /// Its PC is known to the debugger as being here: a breakpoint at this address was reported already.
    pub(crate) arrived: Option<u64>,
    /// Which signal it was reported to be stopped by.
    pub(crate) held: Held,
    /// Signals that arrived while it was being stepped, oldest first.
    pub(crate) queue: VecDeque<SigInfo>,
    /// The oldest of `queue` was sent to it again, to make it stop for its delivery.
    pub(crate) resent: bool,
    /// A signal that the debugger itself makes up and sent: passed on without a report.
    pub(crate) own_signal: Option<i32>,
    /// The details of the last signal, for the faulting address.
    pub(crate) last_signal: Option<SigInfo>,
    /// The system call that its change of registers has suspended.
    pub(crate) restart: Option<Restart>,
    /// What the instruction being single-stepped leaks of the trap flag.
    pub(crate) leak: TrapFlagLeak,
    /// What its debug registers hold.
    pub(crate) watches: Watches,
    /// The slots that were hit while it was made to pass a breakpoint.
    pub(crate) watch_hits: u32,
}

/// An instruction that copies the flags shows the trap flag of single-stepping in the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TrapFlagLeak {
    No,
    /// `syscall` saves the flags in R11.
    Syscall,
    /// `pushf` saves them on the stack.
    Pushf,
}

impl Thread {
    /// A thread that runs.
    pub(crate) fn running() -> Thread {
        Thread {
            kernel: Kernel::Running,
            want: Some(Resume::Run),
            has_event: false,
            interrupted: false,
            join_group_stop: false,
            regs: Cell::new(None),
            dirty: false,
            stopped_at: 0,
            arrived: None,
            held: Held::No,
            queue: VecDeque::new(),
            resent: false,
            own_signal: None,
            last_signal: None,
            restart: None,
            leak: TrapFlagLeak::No,
            watches: Watches::default(),
            watch_hits: 0,
        }
    }

    /// Was it resumed for one instruction?
    pub(crate) fn steps(&self) -> bool {
        matches!(self.want, Some(Resume::Step | Resume::Trace))
    }

    /// Has the debugger been told that it is stopped?
    pub(crate) fn is_stopped(&self) -> bool {
        self.want.is_none()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.kernel == Kernel::Running
    }
}
