//! The process's threads: where they are, and which goroutine each of them runs.

use adit_process::{Addr, Registers, ThreadId};

use crate::unwind::{Cursor, Frame, StackContext};
use crate::{Debugger, EngineError};

/// Which goroutine a thread runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThreadGoroutine {
    /// The goroutine's id.
    pub(crate) id: i64,
    /// Address of its `g`.
    pub(crate) g: Addr,
    /// Is the thread on its system or signal stack at the moment?
    pub(crate) on_system_stack: bool,
}

/// Where a thread is.
#[derive(Clone, Debug)]
pub struct ThreadPlace {
    /// Its id.
    pub id: ThreadId,
    /// Its program counter.
    pub pc: Addr,
    /// The goroutine that it runs.
    pub goroutine: Option<i64>,
}

impl Debugger {
    /// All threads, by id.
    pub fn threads(&self) -> Result<Vec<ThreadPlace>, EngineError> {
        self.check_started()?;
        Ok(self.target.threads().into_iter().map(|id| self.place_of_thread(id)).collect())
    }

    /// Where one thread is.
    pub fn place_of_thread(&self, id: ThreadId) -> ThreadPlace {
        let pc = self.target.registers(id).map_or(Addr(0), |registers| Addr(registers.pc()));
        ThreadPlace { id, pc, goroutine: self.goroutine_of_thread(id) }
    }

    /// The registers of a thread, with the floating-point and vector registers if `all`.
    pub fn thread_registers(&self, id: ThreadId, all: bool) -> Result<Registers, EngineError> {
        self.check_started()?;
        Ok(if all { self.target.all_registers(id)? } else { self.target.registers(id)? })
    }

    /// Selects a thread, and the goroutine that it runs.
    pub fn select_thread(&mut self, id: ThreadId) -> Result<(), EngineError> {
        self.check_started()?;
        if let Some(pid) = self.other_with_thread(id) {
            self.select_target(pid)?;
        }
        if !self.target.threads().contains(&id) {
            return Err(EngineError::UnknownThread(id));
        }
        self.select_thread_unchecked(id);
        Ok(())
    }

    pub(crate) fn select_thread_unchecked(&mut self, id: ThreadId) {
        self.selection.thread = id;
        self.selection.goroutine = self.goroutine_of_thread(id);
    }

    /// The goroutine that a thread runs; on its system stack, the one for which it is there.
    pub(crate) fn goroutine_of_thread(&self, thread: ThreadId) -> Option<i64> {
        self.thread_goroutine(thread).map(|found| found.id)
    }

    pub(crate) fn thread_goroutine(&self, thread: ThreadId) -> Option<ThreadGoroutine> {
        if let Some(known) = self.thread_goroutines.borrow().get(&thread) {
            return *known;
        }
        // A thread that runs has none that could be told; when it stops it has one.
        if !self.target.is_stopped(thread) {
            return None;
        }
        let found = self.find_thread_goroutine(thread);
        self.thread_goroutines.borrow_mut().insert(thread, found);
        found
    }

    /// The thread that runs a goroutine.
    pub(crate) fn thread_of_goroutine(&self, goroutine: i64) -> Option<ThreadId> {
        let selected = self.selection.thread;
        if self.goroutine_of_thread(selected) == Some(goroutine) {
            return Some(selected);
        }
        self.target.threads().into_iter().find(|thread| self.goroutine_of_thread(*thread) == Some(goroutine))
    }

    /// What the unwinder must know of the goroutine that `thread` runs.
    pub(crate) fn stack_context_of_thread(&self, thread: ThreadId) -> StackContext {
        match self.thread_goroutine(thread) {
            Some(found) => self.stack_context(found.g, found.on_system_stack),
            // A thread without a goroutine is on its own stack.
            None => StackContext { on_system_stack: self.runtime.is_some(), ..StackContext::default() },
        }
    }

    /// The stack of a thread, from where it is.
    pub(crate) fn stack_of_thread(&self, thread: ThreadId, most: usize) -> Result<Vec<Frame>, EngineError> {
        let registers = self.target.registers(thread)?;
        let context = self.stack_context_of_thread(thread);
        Ok(self.unwinder().frames(Cursor::top(registers), &context, most))
    }
}

impl Debugger {
    /// The stack of a thread.
    pub fn stack_of(&self, thread: ThreadId, most: usize) -> Result<Vec<Frame>, EngineError> {
        self.check_started()?;
        self.stack_of_thread(thread, most)
    }
}
