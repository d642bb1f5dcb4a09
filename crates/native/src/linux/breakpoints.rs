//! Inserted breakpoints, the scratch area, and the bytes under them.

use std::collections::BTreeMap;
use std::io;

use adit_arch::displaced::Plan;

use super::guard::Guard;
use super::memory::AddressSpace;

/// amd64's breakpoint instruction, `int3`.
pub(crate) const INT3: u8 = 0xcc;
/// The longest amd64 instruction is 15 bytes.
pub(crate) const SCRATCH_LEN: usize = 16;

/// One inserted breakpoint.
pub(crate) struct Breakpoint {
    original: u8,
    /// How many breakpoints had ever been inserted, this one included.
    pub(crate) nth: u64,
    /// How its instruction is executed, and its bytes, once that was asked for.
    pub(crate) plan: Option<(Plan, Vec<u8>)>,
}

/// Where copies of instructions are executed: the code at the program's entry point, which runs once, before
/// anything else.
struct Scratch {
    addr: u64,
    /// What stands there when no copy does.
    original: [u8; SCRATCH_LEN],
    /// The breakpoint whose instruction's copy is there now.
    holds: Option<u64>,
}

/// All bytes that the debugger has put into the target's code.
#[derive(Default)]
pub(crate) struct Breakpoints {
    table: BTreeMap<u64, Breakpoint>,
    ever: u64,
    scratch: Option<Scratch>,
    /// The bytes are out of memory for now, the table stays.
    lifted: bool,
    /// Restores the bytes if the debugger is killed (attached processes).
    pub(crate) guard: Option<Guard>,
}

impl Breakpoints {
    pub(crate) fn get(&self, addr: u64) -> Option<&Breakpoint> {
        self.table.get(&addr)
    }

    pub(crate) fn get_mut(&mut self, addr: u64) -> Option<&mut Breakpoint> {
        self.table.get_mut(&addr)
    }

    pub(crate) fn contains(&self, addr: u64) -> bool {
        self.table.contains_key(&addr)
    }

    /// How many were ever inserted.
    pub(crate) fn ever(&self) -> u64 {
        self.ever
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Uses the code at `addr` (the program's entry) as the scratch area.
    pub(crate) fn set_scratch(&mut self, addr: u64, memory: &AddressSpace) {
        let mut original = [0; SCRATCH_LEN];
        let readable = addr != 0 && memory.read(addr, &mut original).is_ok();
        self.scratch = readable.then_some(Scratch { addr, original, holds: None });
    }

    /// The scratch area's address, unless a breakpoint stands in it.
    pub(crate) fn scratch(&self) -> Option<u64> {
        let addr = self.scratch.as_ref()?.addr;
        let taken = self.table.range(addr..addr.saturating_add(SCRATCH_LEN as u64)).next().is_some();
        (!taken).then_some(addr)
    }

    /// Is this address in the scratch area?
    pub(crate) fn in_scratch(&self, pc: u64) -> bool {
        self.scratch.as_ref().is_some_and(|s| pc.wrapping_sub(s.addr) < SCRATCH_LEN as u64)
    }

    /// Puts the copy for breakpoint `addr` into the scratch area, if it is not there already.
    pub(crate) fn fill_scratch(&mut self, addr: u64, code: &[u8], memory: &AddressSpace) -> io::Result<()> {
        let Some(scratch) = self.scratch.as_mut() else { return Err(io::ErrorKind::NotFound.into()) };
        if scratch.holds == Some(addr) {
            return Ok(());
        }
        if let Some(guard) = &mut self.guard {
            for (at, &byte) in (scratch.addr..).zip(&scratch.original) {
                guard.record(at, byte)?;
            }
        }
        let code = code.get(..code.len().min(SCRATCH_LEN)).unwrap_or(code);
        // Set first: even a write that failed half-way is undone later.
        scratch.holds = Some(addr);
        memory.write(scratch.addr, code)
    }

    /// Puts the entry point's own code back.
    pub(crate) fn clear_scratch(&mut self, memory: &AddressSpace) -> io::Result<()> {
        let Some(scratch) = self.scratch.as_mut() else { return Ok(()) };
        if scratch.holds.is_none() {
            return Ok(());
        }
        memory.write(scratch.addr, &scratch.original)?;
        scratch.holds = None;
        if let Some(guard) = &mut self.guard {
            (0..SCRATCH_LEN as u64).for_each(|i| guard.forget(scratch.addr + i));
        }
        Ok(())
    }

    /// Inserts one.
    pub(crate) fn insert(&mut self, addr: u64, memory: &AddressSpace) -> io::Result<()> {
        if self.table.contains_key(&addr) {
            return Ok(());
        }
        if self.in_scratch(addr) {
            self.clear_scratch(memory)?;
        }
        let mut original = [0];
        memory.read(addr, &mut original)?;
        if !self.lifted {
            self.put(addr, original[0], memory)?;
        }
        self.ever += 1;
        self.table.insert(addr, Breakpoint { original: original[0], nth: self.ever, plan: None });
        Ok(())
    }

    fn put(&mut self, addr: u64, original: u8, memory: &AddressSpace) -> io::Result<()> {
        if let Some(guard) = &mut self.guard {
            guard.record(addr, original)?;
        }
        memory.write(addr, &[INT3]).inspect_err(|_| {
            if let Some(guard) = &mut self.guard {
                guard.forget(addr);
            }
        })
    }

    /// Takes one out. Code that the program has unmapped or rewritten in the meantime is left alone.
    pub(crate) fn remove(&mut self, addr: u64, memory: &AddressSpace) -> io::Result<()> {
        let Some(original) = self.table.get(&addr).map(|breakpoint| breakpoint.original) else {
            return Ok(());
        };
        if !self.lifted {
            self.take_out(addr, original, memory)?;
        }
        self.table.remove(&addr);
        if let Some(scratch) = self.scratch.as_ref().filter(|scratch| scratch.holds == Some(addr)) {
            let _ = scratch;
            self.clear_scratch(memory)?;
        }
        Ok(())
    }

    fn take_out(&mut self, addr: u64, original: u8, memory: &AddressSpace) -> io::Result<()> {
        let mut now = [0];
        if memory.read(addr, &mut now).is_ok() && now[0] == INT3 {
            memory.write(addr, &[original])?;
        }
        if let Some(guard) = &mut self.guard {
            guard.forget(addr);
        }
        Ok(())
    }

    /// Takes the byte of one out of memory for a moment, while no other thread runs.
    pub(crate) fn lift_one(&mut self, addr: u64, memory: &AddressSpace) -> io::Result<()> {
        match self.table.get(&addr) {
            Some(breakpoint) if !self.lifted => memory.write(addr, &[breakpoint.original]),
            _ => Ok(()),
        }
    }

    /// The opposite of [`Breakpoints::lift_one`].
    pub(crate) fn put_back_one(&self, addr: u64, memory: &AddressSpace) -> io::Result<()> {
        if self.lifted || !self.table.contains_key(&addr) { Ok(()) } else { memory.write(addr, &[INT3]) }
    }

    /// Takes all bytes out of memory; the table stays. Every one is tried; the first failure is returned.
    pub(crate) fn lift(&mut self, memory: &AddressSpace) -> io::Result<()> {
        if self.lifted {
            return Ok(());
        }
        let places: Vec<(u64, u8)> = self.table.iter().map(|(&addr, b)| (addr, b.original)).collect();
        let mut result = Ok(());
        for (addr, original) in places {
            result = result.and(self.take_out(addr, original, memory));
        }
        self.lifted = true;
        result.and(self.clear_scratch(memory))
    }

    /// Puts all bytes back that [`Breakpoints::lift`] took out. A place that is not mapped any more loses its
    /// breakpoint.
    pub(crate) fn reinsert(&mut self, memory: &AddressSpace) {
        if !self.lifted {
            return;
        }
        self.lifted = false;
        let places: Vec<(u64, u8)> = self.table.iter().map(|(&addr, b)| (addr, b.original)).collect();
        for (addr, original) in places {
            if self.put(addr, original, memory).is_err() {
                self.table.remove(&addr);
            }
        }
    }

    /// Forgets all: the program was replaced.
    pub(crate) fn forget_all(&mut self) {
        *self = Breakpoints { ever: self.ever, ..Breakpoints::default() };
    }

    /// Shows the original bytes in what was read at `addr`.
    pub(crate) fn hide(&self, addr: u64, buf: &mut [u8]) {
        if let Some(scratch) = self.scratch.as_ref().filter(|scratch| scratch.holds.is_some()) {
            for (at, &byte) in (scratch.addr..).zip(&scratch.original) {
                if let Some(place) = usize::try_from(at.wrapping_sub(addr)).ok().and_then(|i| buf.get_mut(i))
                {
                    *place = byte;
                }
            }
        }
        if self.table.is_empty() || buf.is_empty() {
            return;
        }
        let last = addr.saturating_add(buf.len() as u64 - 1);
        for (&at, breakpoint) in self.table.range(addr..=last) {
            buf[(at - addr) as usize] = breakpoint.original;
        }
    }

    /// Writes what the user wants at `addr`; bytes under breakpoints go to the remembered originals.
    pub(crate) fn write(&mut self, addr: u64, bytes: &[u8], memory: &AddressSpace) -> io::Result<()> {
        let Some(len) = (bytes.len() as u64).checked_sub(1) else { return Ok(()) };
        let last = addr.saturating_add(len);
        let touches_scratch = |s: &Scratch| addr < s.addr + SCRATCH_LEN as u64 && s.addr <= last;
        let scratch = self.scratch.as_ref().filter(|s| touches_scratch(s)).map(|s| s.addr);
        if scratch.is_some() {
            self.clear_scratch(memory)?;
        }
        if self.table.range(addr..=last).next().is_none() || self.lifted {
            memory.write_data(addr, bytes)?;
        } else {
            let mut patched = bytes.to_vec();
            self.table.range(addr..=last).for_each(|(&at, _)| patched[(at - addr) as usize] = INT3);
            memory.write(addr, &patched)?;
        }
        for (&at, breakpoint) in self.table.range_mut(addr..=last) {
            breakpoint.original = bytes[(at - addr) as usize];
            if let Some(guard) = self.guard.as_mut().filter(|_| !self.lifted) {
                guard.record(at, breakpoint.original)?;
            }
        }
        // Instructions that begin before the change may reach into it.
        for (_, breakpoint) in self.table.range_mut(addr.saturating_sub(SCRATCH_LEN as u64)..=last) {
            breakpoint.plan = None;
        }
        if let Some(scratch) = scratch {
            let mut original = [0; SCRATCH_LEN];
            memory.read(scratch, &mut original)?;
            self.hide(scratch, &mut original);
            self.scratch = Some(Scratch { addr: scratch, original, holds: None });
        }
        Ok(())
    }

    /// Writes the original bytes into the memory of a fork's child, which has a copy of all that is inserted.
    pub(crate) fn clean_copy(&self, memory: &AddressSpace) -> io::Result<()> {
        if let Some(scratch) = self.scratch.as_ref().filter(|scratch| scratch.holds.is_some()) {
            memory.write(scratch.addr, &scratch.original)?;
        }
        let mut result = Ok(());
        for (&addr, breakpoint) in self.table.iter().filter(|_| !self.lifted) {
            // MADV_DONTFORK can have left a page out: nothing to clean there.
            result = result.and(memory.write(addr, &[breakpoint.original]));
        }
        result
    }
}
