//! The contract of everything that can be inspected or stopped: a live process on this host, a core file, a
//! process behind a remote protocol.
//!
//! [`Memory`] reads and writes; [`Process`] adds threads, registers, breakpoints and execution. What is above
//! this crate (unwinding, Go's runtime, evaluation, stepping) knows only these two, so it works alike on all of
//! them. A process reports one [`StopEvent`] at a time, and only the thread named in it has stopped: holding the
//! others is a decision of the engine ([`Process::stop_all`]), taken when the user is about to see the stop.
//!
//! A `Process` belongs to the thread that made it (ptrace(2) demands it), so its implementors are not `Send`; the
//! one thing that other threads may hold is an [`Interrupter`].

mod core;
mod event;
mod ids;
mod memory;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

pub use self::core::{CoreRecord, Note, Segment};
pub use adit_arch::{Arch, ByteOrder, RegisterId, Registers};
pub use event::{ExitStatus, Resume, Signal, StopEvent, StopReason};
pub use ids::{Addr, Pid, ThreadId};
pub use memory::{Memory, MemoryError};
pub use watch::{Watch, WatchKind};

/// What can go wrong between the debugger and a process.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The process ended; nothing but its status is left.
    #[error("Process {pid} has exited with status {}", .status.as_delve())]
    Exited {
        /// The process that ended.
        pid: Pid,
        /// How it ended.
        status: ExitStatus,
    },
    /// No such thread (any more).
    #[error("thread {0} does not exist")]
    NoThread(ThreadId),
    /// The thread runs: its registers cannot be had.
    #[error("thread {0} is running")]
    Running(ThreadId),
    /// Memory could not be read or written.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The operating system refused. `doing` says what was tried, in the words of a person.
    #[error("{doing}: {cause}")]
    Os {
        /// What was tried.
        doing: String,
        /// What the operating system said.
        cause: std::io::Error,
    },
    /// This kind of target cannot do that (a core file cannot run).
    #[error("{0}")]
    Unsupported(&'static str),
}

/// One mapping of a process's address space.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// First address.
    pub start: Addr,
    /// First address after it.
    pub end: Addr,
    /// May code in it be executed?
    pub executable: bool,
    /// May it be written?
    pub writable: bool,
    /// Offset in the mapped file, in bytes.
    pub offset: u64,
    /// The mapped file, or the kernel's name for it (`[stack]`); empty when anonymous.
    pub path: String,
}

/// Asks, from any thread, that the debuggee be stopped: [`Process::wait`] then returns
/// [`StopReason::Interrupted`]. A request made while nothing waits is kept for the next `wait`.
pub trait Interrupter: Send + Sync {
    /// Requests the stop; does not wait for it.
    fn interrupt(&self);
}

/// Something with threads that can be looked at, and, if it is alive, stopped and resumed.
pub trait Process: Memory {
    /// The architecture of the code in it.
    fn arch(&self) -> &'static Arch;

    /// Its process id.
    fn pid(&self) -> Pid;

    /// All threads that exist, in ascending order of their ids.
    fn threads(&self) -> Vec<ThreadId>;

    /// The general registers of a stopped thread. The PC is never in the middle of the debugger's own doings: a
    /// thread that hit a breakpoint stands *at* it.
    fn registers(&self, thread: ThreadId) -> Result<Registers, ProcessError>;

    /// The general, vector and control registers of a stopped thread.
    fn all_registers(&self, thread: ThreadId) -> Result<Registers, ProcessError>;

    /// Writes back those registers that are known in `registers`.
    fn set_registers(&mut self, thread: ThreadId, registers: &Registers) -> Result<(), ProcessError>;

    /// The address on which the thread's thread-local storage hangs (FS base on amd64), where the target has one.
    fn tls_base(&self, thread: ThreadId) -> Result<Addr, ProcessError>;

    /// Puts a breakpoint instruction at `addr`. Idempotent. From now on [`Memory::read`] still shows the original
    /// bytes, and a thread that stands there executes the original instruction when resumed.
    fn insert_breakpoint(&mut self, addr: Addr) -> Result<(), ProcessError>;

    /// Takes the breakpoint at `addr` out. Idempotent.
    fn remove_breakpoint(&mut self, addr: Addr) -> Result<(), ProcessError>;

    /// How many places in memory the CPU can watch at once.
    fn watch_slots(&self) -> usize {
        0
    }

    /// Has the CPU watch a place for all threads, those that are yet to be made too, from when they next run on; or
    /// no longer. Each access is reported as [`StopReason::Watch`] when it has been made. Accesses by the kernel, in
    /// system calls, are not seen.
    fn set_watch(&mut self, slot: usize, watch: Option<Watch>) -> Result<(), ProcessError> {
        let _ = (slot, watch);
        Err(ProcessError::Unsupported("hardware breakpoints not supported"))
    }

    /// Lets a stopped thread run, or execute exactly one instruction. A thread that stands at an inserted
    /// breakpoint first executes the instruction under it, without lifting it for the other threads. `signal` is
    /// delivered on the way. Resuming a thread that runs already does nothing.
    fn resume(&mut self, thread: ThreadId, how: Resume, signal: Option<Signal>) -> Result<(), ProcessError>;

    /// May the next instruction of this stopped thread take any time: is it a system call, or was the thread stopped in
    /// one into which it goes back?
    fn may_wait(&self, thread: ThreadId) -> bool {
        let _ = thread;
        false
    }

    /// Waits for the next event of any thread. Only that thread is stopped by it.
    fn wait(&mut self) -> Result<StopEvent, ProcessError>;

    /// Waits for the next event of `thread`; events of other threads stay for [`Process::wait`].
    fn wait_thread(&mut self, thread: ThreadId) -> Result<StopEvent, ProcessError>;

    /// Stops every thread that runs. Returns the events that happened to them meanwhile: breakpoints hit at the
    /// same moment, signals. When it returns, all threads in [`Process::threads`] are stopped.
    fn stop_all(&mut self) -> Result<Vec<StopEvent>, ProcessError>;

    /// Is this thread stopped?
    fn is_stopped(&self, thread: ThreadId) -> bool;

    /// Drops a stop request that was not taken up: what it was meant to stop has stopped by itself.
    fn clear_interrupt(&mut self);

    /// A handle with which other threads can request a stop.
    fn interrupter(&self) -> Arc<dyn Interrupter>;

    /// From now on, child processes that execute a program come under the debugger, or do not. That holds for the
    /// children of children that were followed, too.
    fn follow_children(&mut self, _on: bool) -> Result<(), ProcessError> {
        Err(ProcessError::Unsupported("following child processes is not supported by this backend"))
    }

    /// The child processes that have executed a program since this was last asked; they are stopped in front of its
    /// first instruction. A child that could not be taken hold of is an error, and runs on by itself.
    fn take_followed(&mut self) -> Vec<Result<Box<dyn Process>, ProcessError>> {
        Vec::new()
    }

    /// Lets a child process that was taken over run on by itself, unseen; but its own children, and the programs that
    /// it executes in its place, still come under the debugger, as far as it follows children.
    fn pass_over(&mut self) -> Result<(), ProcessError> {
        self.detach()
    }

    /// Would [`Process::wait`] return at once? Of several processes that are followed, any one that waits is told
    /// ([`StopReason::Elsewhere`]) when this becomes true of another.
    fn has_event(&self) -> bool {
        false
    }

    /// Takes out all breakpoints and lets the process run on without a debugger. Later calls say `Exited`.
    fn detach(&mut self) -> Result<(), ProcessError>;

    /// Ends the process and waits until it is gone.
    fn kill(&mut self) -> Result<(), ProcessError>;

    /// The executable file, as this process can open it.
    fn executable(&self) -> PathBuf;

    /// Why the process does not have the rights that its executable file gives to whoever runs it, a clause for people;
    /// `None` if it has them, or its file gives none.
    fn withheld_rights(&self) -> Option<String> {
        None
    }

    /// The command line, as the process was started with it.
    fn command_line(&self) -> Vec<String>;

    /// The auxiliary vector: pairs of type and value (getauxval(3)).
    fn auxv(&self) -> Result<Vec<(u64, u64)>, ProcessError>;

    /// The address space's mappings, in ascending order.
    fn mappings(&self) -> Result<Vec<Mapping>, ProcessError>;

    /// What a core file would record of it now, with all its threads stopped.
    fn core_record(&self) -> Result<CoreRecord, ProcessError> {
        Err(ProcessError::Unsupported("core dumping not supported"))
    }

    /// Would this signal, delivered now, end the process: a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS)
    /// that the program has no handler for?
    fn is_fatal(&self, signal: Signal) -> bool;

    /// The details of the signal that last stopped `thread`: the faulting address for SIGSEGV and SIGBUS.
    fn fault_address(&self, thread: ThreadId) -> Option<Addr>;
}
