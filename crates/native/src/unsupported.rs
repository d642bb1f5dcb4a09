//! What stands in for live processes where there are none.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use adit_process::{
    Addr, Arch, Interrupter, Mapping, Memory, MemoryError, Pid, Process, ProcessError, Registers, Resume,
    Signal, StopEvent, ThreadId,
};

use crate::{Launch, NativeError};

/// A live process; there can be none on this host.
pub enum LinuxProcess {}

/// Says that this host cannot.
pub fn launch(_: &Launch) -> Result<LinuxProcess, NativeError> {
    Err(NativeError::UnsupportedHost)
}

/// Says that this host cannot.
pub fn attach(_: Pid) -> Result<LinuxProcess, NativeError> {
    Err(NativeError::UnsupportedHost)
}

/// Says that this host cannot.
pub fn end_with_parent(_: u32) -> bool {
    false
}

/// Does nothing on this host.
pub fn send_signal(_: u32, _: i32) {}

/// Finds none on this host.
pub fn wait_for(_: &str, _: Duration, _: Option<Duration>, _: &mut dyn FnMut() -> bool) -> Option<Pid> {
    None
}

impl Memory for LinuxProcess {
    fn read(&self, _: Addr, _: &mut [u8]) -> Result<(), MemoryError> {
        match *self {}
    }

    fn write(&mut self, _: Addr, _: &[u8]) -> Result<(), MemoryError> {
        match *self {}
    }
}

impl Process for LinuxProcess {
    fn arch(&self) -> &'static Arch {
        match *self {}
    }

    fn pid(&self) -> Pid {
        match *self {}
    }

    fn threads(&self) -> Vec<ThreadId> {
        match *self {}
    }

    fn registers(&self, _: ThreadId) -> Result<Registers, ProcessError> {
        match *self {}
    }

    fn all_registers(&self, _: ThreadId) -> Result<Registers, ProcessError> {
        match *self {}
    }

    fn set_registers(&mut self, _: ThreadId, _: &Registers) -> Result<(), ProcessError> {
        match *self {}
    }

    fn tls_base(&self, _: ThreadId) -> Result<Addr, ProcessError> {
        match *self {}
    }

    fn insert_breakpoint(&mut self, _: Addr) -> Result<(), ProcessError> {
        match *self {}
    }

    fn remove_breakpoint(&mut self, _: Addr) -> Result<(), ProcessError> {
        match *self {}
    }

    fn resume(&mut self, _: ThreadId, _: Resume, _: Option<Signal>) -> Result<(), ProcessError> {
        match *self {}
    }

    fn wait(&mut self) -> Result<StopEvent, ProcessError> {
        match *self {}
    }

    fn wait_thread(&mut self, _: ThreadId) -> Result<StopEvent, ProcessError> {
        match *self {}
    }

    fn stop_all(&mut self) -> Result<Vec<StopEvent>, ProcessError> {
        match *self {}
    }

    fn is_stopped(&self, _: ThreadId) -> bool {
        match *self {}
    }

    fn clear_interrupt(&mut self) {
        match *self {}
    }

    fn is_fatal(&self, _: Signal) -> bool {
        match *self {}
    }

    fn interrupter(&self) -> Arc<dyn Interrupter> {
        match *self {}
    }

    fn detach(&mut self) -> Result<(), ProcessError> {
        match *self {}
    }

    fn kill(&mut self) -> Result<(), ProcessError> {
        match *self {}
    }

    fn executable(&self) -> PathBuf {
        match *self {}
    }

    fn command_line(&self) -> Vec<String> {
        match *self {}
    }

    fn auxv(&self) -> Result<Vec<(u64, u64)>, ProcessError> {
        match *self {}
    }

    fn mappings(&self) -> Result<Vec<Mapping>, ProcessError> {
        match *self {}
    }

    fn fault_address(&self, _: ThreadId) -> Option<Addr> {
        match *self {}
    }
}
