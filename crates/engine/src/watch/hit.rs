//! A thread accessed watched memory.

use adit_process::ThreadId;

use super::Means;
use super::stack::Whereabouts;
use crate::breakpoint::BreakpointId;
use crate::run::Verdict;
use crate::{Debugger, EngineError};

impl Debugger {
    /// Judges a thread that the CPU saw accessing watched memory. It stands behind the access, perhaps at a breakpoint
    /// that it has thereby reached.
    pub(crate) fn judge_watch(&mut self, thread: ThreadId, slots: u32) -> Result<Verdict, EngineError> {
        self.judge_step_of_watches(thread)?;
        let hit = |slot: usize| slots >> slot & 1 == 1;
        let watches = self.breakpoints.watches();
        let hits: Vec<BreakpointId> = watches
            .filter(|(_, watched)| watched.parts().iter().any(|(slot, _)| hit(*slot)))
            .map(|(id, _)| id)
            .collect();
        for id in hits {
            self.count_watch_hit(id, thread)?;
        }
        self.judge_place(thread)
    }

    /// After one instruction of a thread: was anything written that is watched by comparing? A thread that comes back
    /// from a system call meanwhile has written nothing.
    pub(crate) fn judge_step_of_watches(&mut self, thread: ThreadId) -> Result<(), EngineError> {
        if self.traced.is_some_and(|traced| traced != thread) {
            return Ok(());
        }
        for id in self.watches_by_stepping() {
            if self.has_changed(id) {
                self.count_watch_hit(id, thread)?;
            }
        }
        Ok(())
    }

    /// Has the memory of a watchpoint that is watched by comparing another value than when this was last asked?
    fn has_changed(&mut self, id: BreakpointId) -> bool {
        use adit_process::Memory;
        let Some(watched) = self.breakpoints.watched(id) else { return false };
        let mut bytes = vec![0; watched.len as usize];
        if self.target.read(watched.addr, &mut bytes).is_err() {
            return false;
        }
        match self.breakpoints.watched_mut(id).map(|watched| &mut watched.means) {
            Some(Means::Stepping(before)) if *before != bytes => {
                *before = bytes;
                true
            }
            _ => false,
        }
    }

    fn count_watch_hit(&mut self, id: BreakpointId, thread: ThreadId) -> Result<(), EngineError> {
        // Of a stack that has just been moved the old place is anybody's.
        if self.follow_stack(id) != Whereabouts::InPlace {
            return self.sync_breakpoints();
        }
        let Ok(registers) = self.target.registers(thread) else { return Ok(()) };
        self.count_hit(id, thread, &registers).map(drop)
    }
}
