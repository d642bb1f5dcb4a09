//! The same breakpoints in all processes, each where its program has them.

use std::collections::BTreeMap;

use adit_process::{Addr, Pid};

use crate::Debugger;
use crate::breakpoint::{Breakpoint, BreakpointId, BreakpointPlace, Breakpoints};

impl Debugger {
    /// Gives the other processes the breakpoints of the selected one, after these were changed.
    pub(crate) fn share_breakpoints(&mut self) {
        for other in self.group.others.iter_mut().filter(|other| other.ended.is_none()) {
            other.take_over_breakpoints(&self.breakpoints);
            // They are inserted at the latest when it is to run, and a failure is told then.
            let _ = other.sync_breakpoints();
        }
    }

    /// Makes the breakpoints those of another process. One for which there is no place in this program has no addresses
    /// here.
    pub(super) fn take_over_breakpoints(&mut self, wanted: &Breakpoints) {
        let is_gone =
            |own: &&Breakpoint| own.id.0 > 0 && own.watched.is_none() && wanted.get(own.id).is_none();
        let gone: Vec<BreakpointId> = self.breakpoints.iter().filter(is_gone).map(|own| own.id).collect();
        for id in gone {
            // Cannot fail: it was just found.
            let _ = self.breakpoints.remove(id);
        }
        for breakpoint in wanted.iter() {
            let known = self.breakpoints.get(breakpoint.id).is_some();
            // A watch is of memory that only that process has.
            if !known && (breakpoint.is_internal() || breakpoint.watched.is_some()) {
                continue;
            }
            if !known {
                self.take_over(breakpoint);
            }
            // The options are those of a breakpoint that exists: they are right.
            let _ = self.breakpoints.amend(breakpoint.id, breakpoint.options.clone());
            let _ = self.breakpoints.enable(breakpoint.id, breakpoint.enabled);
        }
    }

    fn take_over(&mut self, breakpoint: &Breakpoint) {
        let nowhere = || (breakpoint.place.clone(), Vec::new());
        let (place, addrs) = self.find_anew(breakpoint).unwrap_or_else(|_| nowhere());
        let Ok(id) = self.breakpoints.take_id(Some(breakpoint.id)) else { return };
        if self.breakpoints.add(id, breakpoint.options.clone(), place, addrs).is_err() {
            let (place, addrs) = nowhere();
            let _ = self.breakpoints.add(id, breakpoint.options.clone(), place, addrs);
        }
    }

    /// A breakpoint's addresses in the other processes.
    pub fn addresses_elsewhere(&self, id: BreakpointId) -> Vec<(Pid, Addr)> {
        let others = self.live_others().filter_map(|other| Some((other.pid(), other.breakpoints.get(id)?)));
        others.flat_map(|(pid, known)| known.addrs.iter().map(move |addr| (pid, *addr))).collect()
    }

    /// Where another process has a breakpoint that the selected one has not.
    pub fn place_elsewhere(&self, id: BreakpointId) -> Option<&BreakpointPlace> {
        let mut others = self.live_others().filter_map(|other| other.breakpoints.get(id));
        others.find(|known| !known.addrs.is_empty()).map(|known| &known.place)
    }

    /// How often a breakpoint was hit in the other processes, with those that have ended.
    pub fn hits_elsewhere(&self, id: BreakpointId) -> BreakpointHits {
        let mut hits = self.group.past_hits.0.get(&id).cloned().unwrap_or_default();
        for known in self.group.others.iter().filter_map(|other| other.breakpoints.get(id)) {
            hits.add(known);
        }
        hits
    }
}

/// How often a breakpoint was hit.
#[derive(Clone, Debug, Default)]
pub struct BreakpointHits {
    /// In all.
    pub total: u64,
    /// By goroutine.
    pub by_goroutine: BTreeMap<i64, u64>,
}

impl BreakpointHits {
    fn add(&mut self, breakpoint: &Breakpoint) {
        self.total += breakpoint.total_hits;
        for (goroutine, hits) in &breakpoint.goroutine_hits {
            *self.by_goroutine.entry(*goroutine).or_default() += hits;
        }
    }
}

/// How often each breakpoint was hit.
#[derive(Default)]
pub(super) struct Hits(BTreeMap<BreakpointId, BreakpointHits>);

impl Hits {
    /// Adds the hits in one process.
    pub(super) fn add(&mut self, breakpoints: &Breakpoints) {
        for breakpoint in breakpoints.iter() {
            self.0.entry(breakpoint.id).or_default().add(breakpoint);
        }
    }
}
