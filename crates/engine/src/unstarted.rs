//! A program that was never started, as a process without threads.
//!
//! Its memory is what the loader would make of its file: the segments at the addresses that the file states, with
//! relocations applied. So package variables have their initial values, and types and code are where the program's
//! own tables say. Whatever needs a thread, or would change something, is refused.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;

use adit_process::{
    Addr, Arch, Interrupter, Mapping, Memory, MemoryError, Pid, Process, ProcessError, Registers, Resume,
    Signal, StopEvent, ThreadId,
};
use adit_symbols::{Binary, FileAddr, RelocatedWord};

/// What is said of whatever needs a running program.
const NOT_RUNNING: ProcessError = ProcessError::Unsupported("the program does not run");

/// See the module's text.
pub(crate) struct Unstarted {
    binary: Arc<Binary>,
    /// Read when memory is first looked at.
    relocated: OnceCell<Vec<RelocatedWord>>,
}

impl Unstarted {
    pub(crate) fn new(binary: Arc<Binary>) -> Unstarted {
        Unstarted { binary, relocated: OnceCell::new() }
    }

    /// Writes into `buf`, the file's bytes from `addr` on, what the loader puts there.
    fn relocate(&self, addr: u64, buf: &mut [u8]) {
        let words = self.relocated.get_or_init(|| self.binary.relocated_words());
        let size = usize::from(self.binary.arch().pointer_size);
        let end = addr.saturating_add(buf.len() as u64);
        let first = words.partition_point(|word| word.place.0.saturating_add(size as u64) <= addr);
        for word in words[first..].iter().take_while(|word| word.place.0 < end) {
            let bytes = self.binary.arch().byte_order.bytes(word.value, size);
            for (at, byte) in (word.place.0..).zip(bytes) {
                if let Some(place) = at.checked_sub(addr).and_then(|skip| buf.get_mut(skip as usize)) {
                    *place = byte;
                }
            }
        }
    }
}

impl Memory for Unstarted {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        if !self.binary.read(FileAddr(addr.0), buf) {
            let cause = "the program's file has nothing there".to_owned();
            return Err(MemoryError { addr, len: buf.len(), writing: false, cause });
        }
        self.relocate(addr.0, buf);
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
