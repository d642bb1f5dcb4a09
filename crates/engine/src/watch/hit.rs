//! A thread accessed watched memory.

use adit_process::ThreadId;

use super::WatchedChange;
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
            let change = self.look_at_watched(id);
            self.count_watch_hit(id, thread, change)?;
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
            if let Some(change) = self.look_at_watched(id).filter(|change| change.before != change.after) {
                self.count_watch_hit(id, thread, Some(change))?;
            }
        }
        Ok(())
    }

    /// Looks at the memory of a watchpoint, and says what has become of it since that was done last.
    pub(super) fn look_at_watched(&mut self, id: BreakpointId) -> Option<WatchedChange> {
        let watched = self.breakpoints.watched(id)?;
        let bytes = self.watched_bytes(watched.addr, watched.len).ok()?;
        let watched = self.breakpoints.watched_mut(id)?;
        let before = std::mem::replace(&mut watched.bytes, bytes.clone());
        Some(WatchedChange { watchpoint: id, before, after: bytes })
    }

    fn count_watch_hit(
        &mut self,
        id: BreakpointId,
        thread: ThreadId,
        change: Option<WatchedChange>,
    ) -> Result<(), EngineError> {
        // Of a stack that has just been moved the old place is anybody's.
        if self.follow_stack(id) != Whereabouts::InPlace {
            return self.sync_breakpoints();
        }
        let Ok(registers) = self.target.registers(thread) else { return Ok(()) };
        self.count_hit(id, thread, &registers)?;
        if let (Some(change), Some(stop)) = (change, self.stops.get_mut(&thread))
            && stop.hits.contains(&id)
        {
            stop.changes.push(change);
        }
        Ok(())
    }
}
