//! Child processes that are followed.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use adit_process::{
    Addr, ExitStatus, Pid, Process, ProcessError, Resume, Signal, StopEvent, StopReason, ThreadId,
};
use support::program;

/// A process and all that it brings forth, with a breakpoint in each.
struct Family {
    breakpoint: Addr,
    live: Vec<Box<dyn Process>>,
    hits: BTreeMap<Pid, u32>,
    ends: BTreeMap<Pid, ExitStatus>,
    command_lines: BTreeMap<Pid, String>,
}

fn go_on(process: &mut dyn Process, thread: ThreadId, signal: Option<Signal>) {
    match process.resume(thread, Resume::Run, signal) {
        Ok(()) | Err(ProcessError::NoThread(_) | ProcessError::Exited { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}

impl Family {
    fn new(process: Box<dyn Process>, breakpoint: Addr) -> Family {
        let mut family = Family {
            breakpoint,
            live: Vec::new(),
            hits: BTreeMap::new(),
            ends: BTreeMap::new(),
            command_lines: BTreeMap::new(),
        };
        family.add(process);
        family
    }

    fn add(&mut self, mut process: Box<dyn Process>) {
        process.follow_children(true).unwrap();
        process.insert_breakpoint(self.breakpoint).unwrap();
        self.command_lines.insert(process.pid(), process.command_line()[1..].join(" "));
        self.hits.insert(process.pid(), 0);
        let threads = process.threads();
        assert_eq!(threads, [ThreadId(process.pid().0)]);
        go_on(&mut *process, threads[0], None);
        self.live.push(process);
    }

    fn add_new(&mut self, index: usize) {
        for child in self.live[index].take_followed() {
            self.add(child.unwrap());
        }
    }

    /// Takes note of an event, and returns the signal that the thread is to get.
    fn see(&mut self, pid: Pid, event: StopEvent) -> Option<Signal> {
        match event.reason {
            StopReason::Exited(status) => _ = self.ends.insert(pid, status),
            StopReason::Breakpoint => *self.hits.entry(pid).or_default() += 1,
            StopReason::Signal(signal) => return Some(signal),
            _ => {}
        }
        None
    }

    /// Stops all, and lets all go on.
    fn stop_all(&mut self) {
        let mut owed = Vec::new();
        for index in 0..self.live.len() {
            let pid = self.live[index].pid();
            match self.live[index].stop_all() {
                Ok(events) => owed.extend(events.into_iter().map(|e| (pid, e.thread, self.see(pid, e)))),
                Err(ProcessError::Exited { status, .. }) => _ = self.ends.insert(pid, status),
                Err(error) => panic!("{error}"),
            }
        }
        for process in &mut self.live {
            for thread in process.threads() {
                assert!(process.is_stopped(thread));
                let signal = owed.iter().find(|(pid, tid, _)| (*pid, *tid) == (process.pid(), thread));
                go_on(&mut **process, thread, signal.and_then(|owed| owed.2));
            }
        }
    }

    /// Runs all to their ends.
    fn run(&mut self, stop_at_hits: bool) {
        let mut last = 0;
        loop {
            self.live.retain(|process| !self.ends.contains_key(&process.pid()));
            if self.live.is_empty() {
                return;
            }
            let count = self.live.len();
            let next = (1..=count).map(|step| (last + step) % count);
            last = next.into_iter().find(|&index| self.live[index].has_event()).unwrap_or(last % count);
            let (pid, event) = (self.live[last].pid(), self.live[last].wait().unwrap());
            let signal = self.see(pid, event);
            match event.reason {
                StopReason::Exited(_) => {}
                StopReason::Breakpoint if stop_at_hits => self.stop_all(),
                _ => go_on(&mut *self.live[last], event.thread, signal),
            }
            self.add_new(last);
        }
    }
}

#[test]
fn children_that_execute_a_program_are_followed() {
    let Some(program) = program("family") else { return };
    let tick = program.address("tick");
    for stop_at_hits in [false, true] {
        let process = program.launch(&["spawn"]);
        let root = process.pid();
        let mut family = Family::new(Box::new(process), tick);
        family.run(stop_at_hits);
        // The parent's own call; that of its child in the same memory is not one of its own.
        assert_eq!(family.hits.remove(&root), Some(1));
        let hits: BTreeMap<&str, u32> =
            family.hits.iter().map(|(pid, hits)| (family.command_lines[pid].as_str(), *hits)).collect();
        assert_eq!(hits, BTreeMap::from([("ticks 10", 10), ("ticks 20", 20), ("ticks 30", 30)]));
        assert!(family.ends.values().all(|status| *status == ExitStatus::Code(7)), "{:?}", family.ends);
    }
}

#[test]
fn a_child_in_the_same_memory_passes_the_breakpoints() {
    let Some(program) = program("family") else { return };
    for case in ["spawn", "shared"] {
        let mut process = program.launch(&[case]);
        process.insert_breakpoint(program.address("tick")).unwrap();
        let mut hits = 0;
        let status =
            support::run(&mut process, |_, event| hits += u32::from(event.reason == StopReason::Breakpoint));
        assert_eq!((case, hits, status), (case, 1, ExitStatus::Code(7)));
    }
}
