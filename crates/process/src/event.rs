//! What happens to a process.

use std::fmt;

use crate::{Pid, ThreadId};

/// A signal's number, in the target's numbering; real-time signals too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(pub i32);

impl Signal {
    /// Linux's name for it, `SIGSEGV`; `SIG35` for one without a name.
    pub fn name(self) -> String {
        const NAMES: [&str; 31] = [
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
            "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
            "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
        ];
        match usize::try_from(self.0 - 1).ok().and_then(|i| NAMES.get(i)) {
            Some(name) => format!("SIG{name}"),
            None => format!("SIG{}", self.0),
        }
    }
}

impl std::str::FromStr for Signal {
    type Err = String;

    /// By Linux's name, with or without `SIG` and in any case, or by number.
    fn from_str(text: &str) -> Result<Self, String> {
        /// The last of Linux's signals.
        const LAST: i32 = 64;
        let name = text.to_ascii_uppercase();
        let name = name.strip_prefix("SIG").unwrap_or(&name);
        if let Some(number) = text.parse().ok().filter(|number| (1..=LAST).contains(number)) {
            return Ok(Signal(number));
        }
        let named = (1..=LAST).map(Signal).find(|signal| signal.name().strip_prefix("SIG") == Some(name));
        named.ok_or_else(|| {
            format!("no signal {text:?}; signals are named SIGUSR1 or USR1, or 10, up to {LAST}")
        })
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It exited with this code.
    Code(i32),
    /// This signal killed it.
    Killed(Signal),
    /// It is alive, but no longer debugged.
    Detached,
}

impl ExitStatus {
    /// The number that Delve's clients see: the exit code, or the signal's number made negative.
    pub fn as_delve(&self) -> i32 {
        match self {
            ExitStatus::Code(code) => *code,
            ExitStatus::Killed(signal) => -signal.0,
            ExitStatus::Detached => 0,
        }
    }
}

/// How a thread is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Until something happens.
    Run,
    /// For one instruction.
    Step,
    /// For one instruction, as a slow way of running: breakpoints and signals are reported as by [`Resume::Run`], and
    /// the threads that it makes are traced likewise.
    Trace,
}

/// One thing that happened, and the thread to which it happened, which is now stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopEvent {
    /// The thread that stopped.
    pub thread: ThreadId,
    /// Why.
    pub reason: StopReason,
}

/// Why a thread stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// It reached a breakpoint that the debugger inserted; the PC stands at it.
    Breakpoint,
    /// It executed a trap instruction of the program's own; the PC stands behind it.
    Trap,
    /// It accessed watched memory, by the instruction before the PC; bit `n` stands for slot `n`
    /// ([`crate::Process::set_watch`]). If it was resumed for one instruction, that is executed too.
    Watch(u32),
    /// It executed the one instruction it was resumed for.
    Stepped,
    /// A signal is about to be delivered to it; [`crate::Process::resume`] decides whether it is.
    Signal(Signal),
    /// The process replaced its program; all other threads are gone and no breakpoint is inserted any more.
    Exec,
    /// The process made a child process, which runs on its own, free of the debugger's breakpoints.
    Forked(Pid),
    /// Nothing happened here, but another process of those that are followed ([`crate::Process::take_followed`]) has
    /// something to report, or is new. The event's thread is not stopped by it.
    Elsewhere(Pid),
    /// A stop was asked for ([`crate::Interrupter`]), or the thread was held by [`crate::Process::stop_all`].
    Interrupted,
    /// The whole process ended. No thread is left.
    Exited(ExitStatus),
}
