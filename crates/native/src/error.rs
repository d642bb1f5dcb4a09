//! Why a process could not be launched or attached to.

use std::io;
use std::path::PathBuf;

use adit_process::{Pid, ProcessError};

/// One clear line for the user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NativeError {
    /// The file is not a program for this machine, or its mode forbids executing it.
    #[error("not an executable file")]
    NotExecutable(PathBuf),
    /// A step on the way to the program's first instruction failed; `doing` names it.
    #[error("could not {doing}: {cause}")]
    Launch {
        /// What was tried: `execute /bin/x`, `open /dev/pts/7`.
        doing: String,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The program ended, or was killed, before its first instruction.
    #[error("{} ended before its first instruction", .0.display())]
    DiedAtLaunch(PathBuf),
    /// There is no such process.
    #[error("no process with id {0}")]
    NoSuchProcess(Pid),
    /// The id is that of a thread.
    #[error("{thread} is a thread of process {process}: attach to {process}")]
    IsThread {
        /// The id that was given.
        thread: Pid,
        /// The process it belongs to.
        process: Pid,
    },
    /// Somebody debugs it already.
    #[error("process {pid} is already being traced by {name} (process {tracer})")]
    AlreadyTraced {
        /// The process.
        pid: Pid,
        /// Who traces it.
        tracer: Pid,
        /// The name of the tracer.
        name: String,
    },
    /// The operating system forbids it.
    #[error("not permitted to attach to process {pid}: {remedy}")]
    NotPermitted {
        /// The process.
        pid: Pid,
        /// Why, and what to do.
        remedy: String,
    },
    /// It has exited and waits to be reaped by its parent.
    #[error("process {0} has exited already (it is a zombie)")]
    Zombie(Pid),
    /// A debugger cannot debug itself.
    #[error("process {0} is the debugger itself")]
    Ourselves(Pid),
    /// Something failed after the process was under control.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// This build of the debugger knows no live processes.
    #[error("debugging live processes is not supported on this operating system and architecture")]
    UnsupportedHost,
}
