//! Hits of tracepoints that do not end the command that lets the target run.

use std::sync::Arc;
use std::time::SystemTime;

use crate::breakpoint::{Breakpoint, BreakpointInfo};
use crate::state::Thread;
use crate::variable::{Variable, VariableFlags};

/// Takes hits of tracepoints while the target runs.
///
/// It is called by the session, on a thread of the session's, while the goroutine that made the hit stands still: what
/// is printed at once stands before whatever the goroutine prints next.
pub trait TraceSink: Send + Sync {
    /// Are hits wanted at present? Otherwise they end the command that lets the target run.
    fn is_open(&self) -> bool;

    /// Takes a hit.
    fn hit(&self, hit: TraceHit);
}

/// One hit of a tracepoint, with all that the tracepoint asks for.
#[derive(Clone, Debug)]
pub struct TraceHit {
    /// When it was.
    pub time: SystemTime,
    /// The tracepoint, as it was when the target was resumed: its counts of hits are older.
    pub breakpoint: Arc<Breakpoint>,
    /// The goroutine; 0 for a thread without one.
    pub goroutine_id: i64,
    /// The function's full name; empty if unknown.
    pub function: Arc<str>,
    /// Does the function have results?
    pub has_results: bool,
    /// Where calls are followed: how far below the root function this one was called, which itself is at 1. `None`:
    /// calls are not followed, or it was not called by the root.
    pub depth: Option<usize>,
    /// The arguments, and what else the tracepoint asks for.
    pub info: BreakpointInfo,
    /// At a return: the results.
    pub return_values: Vec<Variable>,
}

impl TraceHit {
    /// The hit of a thread that stopped at a tracepoint; `None` if it did not.
    pub fn of_thread(thread: &Thread) -> Option<TraceHit> {
        let breakpoint = thread.breakpoint.clone().filter(|b| b.tracepoint || b.trace_return)?;
        let info = thread.breakpoint_info.clone().unwrap_or_default();
        let is_root = |name: &str| name == breakpoint.root_func_name;
        let mut frames = info.stacktrace.iter();
        let root =
            frames.rposition(|frame| frame.location.function.as_ref().is_some_and(|f| is_root(&f.name)));
        let depth = root.map(|index| index + 1);
        Some(TraceHit {
            time: SystemTime::now(),
            goroutine_id: thread.goroutine_id,
            function: thread.function.as_ref().map_or("", |function| &function.name).into(),
            has_results: info.arguments.iter().any(|v| v.flags.contains(VariableFlags::RETURN_ARGUMENT)),
            depth: depth.filter(|_| breakpoint.trace_follow_calls > 0),
            info,
            return_values: thread.return_values.clone(),
            breakpoint: Arc::new(breakpoint),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Function, Location, Stackframe};

    fn frame(name: &str) -> Stackframe {
        let function = Function { name: name.to_owned(), ..Function::default() };
        let location = Location { function: Some(function), ..Location::default() };
        Stackframe { location, ..Stackframe::default() }
    }

    #[test]
    fn threads_elsewhere_are_no_hits() {
        assert!(TraceHit::of_thread(&Thread::default()).is_none());
        let thread = Thread { breakpoint: Some(Breakpoint::default()), ..Thread::default() };
        assert!(TraceHit::of_thread(&thread).is_none());
    }

    #[test]
    fn depth_counts_from_the_outermost_root() {
        let breakpoint = Breakpoint {
            tracepoint: true,
            trace_follow_calls: 3,
            root_func_name: "main.root".to_owned(),
            ..Breakpoint::default()
        };
        let info = |names: &[&str]| BreakpointInfo {
            stacktrace: names.iter().map(|name| frame(name)).collect(),
            ..BreakpointInfo::default()
        };
        let hit = |names: &[&str]| {
            let breakpoint = Some(breakpoint.clone());
            TraceHit::of_thread(&Thread {
                breakpoint,
                breakpoint_info: Some(info(names)),
                ..Thread::default()
            })
        };
        let depth = |names: &[&str]| hit(names).unwrap().depth;
        assert_eq!(depth(&["main.root", "main.main"]), Some(1));
        assert_eq!(depth(&["main.leaf", "main.root", "main.root", "main.main"]), Some(3));
        assert_eq!(depth(&["main.leaf", "main.main"]), None);
    }
}
