//! A program that was never started, as a process without threads.
//!
//! Its memory is what the loader would make of its file: the segments at the addresses that the file states, with
//! relocations applied. So package variables have their initial values, and types and code are where the program's
//! own tables say. Whatever needs a thread, or would change something, is refused.

use std::path::PathBuf;
use std::sync::Arc;

use adit_process::{
    Addr, Arch, Interrupter, Mapping, Memory, MemoryError, Pid, Process, ProcessError, Registers, Resume,
    Signal, StopEvent, ThreadId,
};
use adit_symbols::{Binary, FileAddr};

/// What is said of whatever needs a running program.
const NOT_RUNNING: ProcessError = ProcessError::Unsupported("the program does not run");

/// See the module's text.
pub(crate) struct Unstarted {
    binary: Arc<Binary>,
}

impl Unstarted {
    pub(crate) fn new(binary: Arc<Binary>) -> Unstarted {
        Unstarted { binary }
    }
}

impl Memory for Unstarted {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        if !self.binary.read(FileAddr(addr.0), buf) {
            let cause = "the program's file has nothing there".to_owned();
            return Err(MemoryError { addr, len: buf.len(), writing: false, cause });
        }
        Ok(())
    }

    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError> {
        let cause = "the program does not run".to_owned();
        Err(MemoryError { addr, len: bytes.len(), writing: true, cause })
    }
}

/// There is nothing to interrupt.
struct Idle;

impl Interrupter for Idle {
    fn interrupt(&self) {}
}

impl Process for Unstarted {
    fn arch(&self) -> &'static Arch {
        self.binary.arch()
    }

    fn pid(&self) -> Pid {
        Pid(0)
    }

    fn threads(&self) -> Vec<ThreadId> {
        Vec::new()
    }

    fn registers(&self, _: ThreadId) -> Result<Registers, ProcessError> {
        Err(NOT_RUNNING)
    }

    fn all_registers(&self, _: ThreadId) -> Result<Registers, ProcessError> {
        Err(NOT_RUNNING)
    }

    fn set_registers(&mut self, _: ThreadId, _: &Registers) -> Result<(), ProcessError> {
        Err(NOT_RUNNING)
    }

    fn tls_base(&self, _: ThreadId) -> Result<Addr, ProcessError> {
        Err(NOT_RUNNING)
    }

    fn insert_breakpoint(&mut self, _: Addr) -> Result<(), ProcessError> {
        Err(NOT_RUNNING)
    }

    fn remove_breakpoint(&mut self, _: Addr) -> Result<(), ProcessError> {
        Ok(())
    }

    fn resume(&mut self, _: ThreadId, _: Resume, _: Option<Signal>) -> Result<(), ProcessError> {
        Err(NOT_RUNNING)
    }

    fn wait(&mut self) -> Result<StopEvent, ProcessError> {
        Err(NOT_RUNNING)
    }

    fn wait_thread(&mut self, _: ThreadId) -> Result<StopEvent, ProcessError> {
        Err(NOT_RUNNING)
    }

    fn stop_all(&mut self) -> Result<Vec<StopEvent>, ProcessError> {
        Ok(Vec::new())
    }

    fn is_stopped(&self, _: ThreadId) -> bool {
        true
    }

    fn clear_interrupt(&mut self) {}

    fn interrupter(&self) -> Arc<dyn Interrupter> {
        Arc::new(Idle)
    }

    fn detach(&mut self) -> Result<(), ProcessError> {
        Ok(())
    }

    fn kill(&mut self) -> Result<(), ProcessError> {
        Ok(())
    }

    fn executable(&self) -> PathBuf {
        self.binary.path().to_owned()
    }

    fn command_line(&self) -> Vec<String> {
        vec![self.binary.path().display().to_string()]
    }

    fn auxv(&self) -> Result<Vec<(u64, u64)>, ProcessError> {
        Err(NOT_RUNNING)
    }

    fn mappings(&self) -> Result<Vec<Mapping>, ProcessError> {
        Ok(Vec::new())
    }

    fn is_fatal(&self, _: Signal) -> bool {
        false
    }

    fn fault_address(&self, _: ThreadId) -> Option<Addr> {
        None
    }
}
