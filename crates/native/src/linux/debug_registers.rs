//! Watching memory with the CPU's debug registers.
//!
//! Each thread has its own (Intel SDM volume 3, 19.2). They are loaded when a thread is next resumed, if what it has
//! is not what is wanted: so setting a watch costs threads that do not run nothing, and new threads, which the kernel
//! gives empty registers (`copy_thread` of Linux's arch/x86/kernel/process.c), get theirs at their first stop.
//!
//! The trap comes after the access, and its status (DR6) tells which slots. A hit of a slot that has been changed since
//! the thread got its registers is no hit.

use std::io;

use adit_process::{Addr, ProcessError, StopReason, Watch, WatchKind};

use super::ptrace::{self, SigInfo, Tid};
use super::thread::{Kernel, Thread};
use super::wait::{TRAP_HWBKPT, TRAP_TRACE};
use super::{LinuxProcess, os};

/// How many addresses can be watched.
pub(crate) const SLOTS: usize = 4;
/// The status register, and the control register.
const DR6: usize = 6;
const DR7: usize = 7;

/// What the debug registers hold, or are to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Watches([Option<Watch>; SLOTS]);

impl Watches {
    pub(crate) fn any(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    /// The control register: two enabling bits a slot, then four bits each that say for what and how long.
    fn control(&self) -> u64 {
        let slots = (0..).zip(&self.0).filter_map(|(slot, watch)| Some((slot, watch.as_ref()?)));
        slots.fold(0, |control, (slot, watch)| {
            let accesses = match watch.kind {
                WatchKind::Write => 0b01,
                WatchKind::ReadWrite => 0b11,
            };
            let length = match watch.len {
                1 => 0b00,
                2 => 0b01,
                4 => 0b11,
                _ => 0b10,
            };
            control | 1 << (2 * slot) | (accesses | length << 2) << (16 + 4 * slot)
        })
    }

    /// The slots that an access touches.
    pub(crate) fn touched(&self, addr: u64, len: usize, writes: bool) -> u32 {
        let touches =
            |watch: &Watch| (writes || watch.kind == WatchKind::ReadWrite) && watch.overlaps(Addr(addr), len);
        self.mask(|_, watch| touches(watch))
    }

    /// Of these slots, those that hold the same in `other`.
    fn unchanged(&self, slots: u32, other: &Watches) -> u32 {
        slots & self.mask(|slot, watch| other.0[slot].as_ref() == Some(watch))
    }

    fn mask(&self, test: impl Fn(usize, &Watch) -> bool) -> u32 {
        let slots = self.0.iter().enumerate();
        slots.fold(0, |mask, (slot, watch)| {
            mask | u32::from(watch.as_ref().is_some_and(|watch| test(slot, watch))) << slot
        })
    }
}

impl LinuxProcess {
    /// `Process::set_watch`. Threads that run are stopped for a moment to be given a new watch; they keep one that is
    /// taken away until they stop for another reason.
    pub(super) fn change_watch(&mut self, slot: usize, watch: Option<Watch>) -> Result<(), ProcessError> {
        self.alive()?;
        let before = self.watches;
        let Some(place) = self.watches.0.get_mut(slot) else {
            return Err(ProcessError::Unsupported("hardware breakpoints exhausted"));
        };
        if *place == watch {
            return Ok(());
        }
        *place = watch;
        for event in &mut self.events {
            if let StopReason::Watch(hits) = &mut event.reason {
                *hits &= !(1 << slot);
            }
        }
        if watch.is_none() {
            return Ok(());
        }
        self.start_guard()?;
        if let Err(cause) = self.try_watches() {
            self.watches = before;
            return Err(os("set a hardware watchpoint", cause));
        }
        if self.threads.values().any(Thread::is_running) {
            let held = self.hold();
            self.release_held();
            held?;
        }
        Ok(())
    }

    /// Asks the kernel, with one stopped thread, whether it accepts what is to be watched.
    fn try_watches(&mut self) -> io::Result<()> {
        let stopped = self.threads.iter().find(|(_, thread)| matches!(thread.kernel, Kernel::Stopped(_)));
        let Some((&tid, _)) = stopped else { return Ok(()) };
        let result = self.load_watches(tid);
        self.clear_watches(tid);
        match result {
            // Killed from outside: that is reported in its turn.
            Err(cause) if ptrace::is_gone(&cause) => Ok(()),
            other => other,
        }
    }

    /// Gives a stopped thread the debug registers that it should have.
    pub(super) fn load_watches(&mut self, tid: Tid) -> io::Result<()> {
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(()) };
        if thread.watches == self.watches {
            return Ok(());
        }
        if let Some(guard) = &self.breakpoints.guard {
            guard.watching(true);
        }
        let before = std::mem::replace(&mut thread.watches, self.watches);
        if before.any() {
            ptrace::set_debug_register(tid, DR7, 0)?;
        }
        for (slot, watch) in self.watches.0.iter().enumerate() {
            if let Some(watch) = watch.filter(|_| before.0[slot] != *watch) {
                ptrace::set_debug_register(tid, slot, watch.addr.0)?;
            }
        }
        if self.watches.any() {
            ptrace::set_debug_register(tid, DR7, self.watches.control())?;
        }
        Ok(())
    }

    /// Takes the watches from a stopped thread, until it is resumed.
    pub(super) fn clear_watches(&mut self, tid: Tid) {
        let Some(thread) = self.threads.get_mut(&tid) else { return };
        if std::mem::take(&mut thread.watches).any() {
            // Fails only if the thread was killed.
            let _ = clear(tid);
        }
    }

    /// Takes the watches from all threads, which are stopped.
    pub(super) fn clear_all_watches(&mut self) {
        let tids: Vec<Tid> = self.threads.keys().copied().collect();
        tids.into_iter().for_each(|tid| self.clear_watches(tid));
        if let Some(guard) = &self.breakpoints.guard {
            guard.watching(false);
        }
    }

    /// Which slots were hit by what the thread has just executed. The kernel clears the status at each such trap.
    pub(super) fn watch_hits(&self, tid: Tid, info: &SigInfo) -> u32 {
        let Some(thread) = self.threads.get(&tid).filter(|thread| thread.watches.any()) else { return 0 };
        if !matches!(info.si_code, TRAP_TRACE | TRAP_HWBKPT) {
            return 0;
        }
        let status = ptrace::debug_register(tid, DR6).unwrap_or(0);
        self.watches.unchanged(status as u32 & ((1 << SLOTS) - 1), &thread.watches)
    }
}

/// Has a stopped thread watch nothing any more.
pub(super) fn clear(tid: Tid) -> io::Result<()> {
    ptrace::set_debug_register(tid, DR7, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_register_is_laid_out_as_the_cpu_has_it() {
        let watch = |addr, len, kind| Some(Watch { addr: Addr(addr), len, kind });
        let watches = Watches([
            watch(0x1000, 8, WatchKind::Write),
            None,
            watch(0x2000, 4, WatchKind::ReadWrite),
            watch(0x3000, 1, WatchKind::Write),
        ]);
        assert_eq!(watches.control(), 0b0001_1111_0000_1001 << 16 | 0b0101_0001);
        assert_eq!(watches.touched(0x1007, 1, true), 0b0001);
        assert_eq!(watches.touched(0x1007, 1, false), 0);
        assert_eq!(watches.touched(0x2000, 2, false), 0b0100);
    }
}
