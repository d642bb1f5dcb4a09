//! What can go wrong, in the words that users and Delve's clients read.

use adit_process::{Addr, ExitStatus, MemoryError, Pid, ProcessError, Signal, ThreadId};

use crate::breakpoint::BreakpointError;
use crate::eval::EvalError;
use crate::location::LocationSpecError;
use crate::watch::WatchError;

/// An operation of the debugger that failed. The debugger goes on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The process ended.
    #[error("Process {0} has exited with status {status}", status = .1.as_delve())]
    Exited(Pid, ExitStatus),
    /// The process is no longer debugged.
    #[error("detached from the process")]
    Detached,
    /// The program was opened for looking: there is nothing that runs. With the reason.
    #[error("there is no process: {0}")]
    NotStarted(String),
    /// Nothing can be ordered for this signal. With the reason.
    #[error("can not change what is done with {0}: {1}")]
    Signal(Signal, &'static str),
    /// The process could not be controlled.
    #[error(transparent)]
    Process(ProcessError),
    /// Memory could not be read or written.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// A breakpoint could not be made or changed.
    #[error(transparent)]
    Breakpoint(#[from] BreakpointError),
    /// Something could not be watched.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// A location could not be found.
    #[error(transparent)]
    Location(#[from] LocationSpecError),
    /// An expression could not be evaluated.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// A step was asked for while another one waits.
    #[error("next while nexting")]
    NextWhileNexting,
    /// There is no caller.
    #[error("nothing to stepout to")]
    NothingToStepOutTo,
    /// Stepping by lines needs lines.
    #[error("no source for PC {addr:#x}", addr = .0.0)]
    NoSource(Addr),
    /// No goroutine has this id.
    #[error("unknown goroutine {0}")]
    UnknownGoroutine(i64),
    /// Nothing is selected.
    #[error("no selected goroutine")]
    NoGoroutineSelected,
    /// The process has no thread left to look at.
    #[error("no thread selected")]
    NoThreadSelected,
    /// No thread has this id.
    #[error("could not find thread {id}", id = .0.0)]
    UnknownThread(ThreadId),
    /// No process that is debugged has this id.
    #[error("could not find target {0}")]
    UnknownTarget(Pid),
    /// A regular expression is none.
    #[error("invalid regular expression: {0}")]
    BadRegex(String),
    /// The stack is not that deep.
    #[error("Frame {frame} does not exist in goroutine {goroutine}")]
    NoFrame {
        /// Which frame was wanted.
        frame: usize,
        /// Of which goroutine.
        goroutine: i64,
    },
    /// No function is at this address.
    #[error("address {addr:#x} does not belong to any function", addr = .0.0)]
    NoFunction(Addr),
    /// The program does not tell this.
    #[error("{0}")]
    Symbols(#[from] adit_symbols::SymbolError),
    /// The Go runtime's data could not be read.
    #[error("{0}")]
    Runtime(String),
    /// Something given by the user is not a regular expression.
    #[error("invalid filter argument: {0}")]
    Filter(String),
}

impl From<ProcessError> for EngineError {
    fn from(error: ProcessError) -> EngineError {
        match error {
            ProcessError::Exited { pid, status } => EngineError::Exited(pid, status),
            ProcessError::Memory(error) => EngineError::Memory(error),
            other => EngineError::Process(other),
        }
    }
}
