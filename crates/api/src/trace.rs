//! Hits of tracepoints that do not end the command that lets the target run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::breakpoint::{Breakpoint, BreakpointInfo};
use crate::state::Thread;
use crate::variable::{Variable, VariableFlags};

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
        let frames = info.stacktrace.iter();
        let is_root = |name: &str| name == breakpoint.root_func_name;
        let roots = frames.map(|frame| frame.location.function.as_ref().is_some_and(|f| is_root(&f.name)));
        let depth = roots.enumerate().filter(|(_, root)| *root).map(|(index, _)| index + 1).last();
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

/// Hits on their way from the session, which must not wait, to a front end, which may be slow.
///
/// The session asks [`TraceBuffer::is_read`], and [puts](TraceBuffer::put) hits in; the front end
/// [opens](TraceBuffer::open) it, lets another thread resume the target and [close](TraceBuffer::close) it when the
/// target has stopped, and [takes](TraceBuffer::take) hits until there are no more.
#[derive(Debug, Default)]
pub struct TraceBuffer {
    /// Is there somebody who takes hits out?
    read: AtomicBool,
    queue: Mutex<Queue>,
    /// There are hits to be taken, or there will be no more.
    filled: Condvar,
    /// There is room again.
    emptied: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    hits: Vec<TraceHit>,
    /// The reader sleeps until there is a hit.
    idle: bool,
    closed: bool,
}

/// Should the reader be so far behind, the target waits for it.
const MOST_HITS: usize = 1 << 14;
/// So many hits are worth waking the reader for before [`GATHERING`] is over.
const BATCH: usize = 512;
/// How long hits are gathered: waking the reader for each one would cost more than the hit itself.
const GATHERING: Duration = Duration::from_millis(1);

impl TraceBuffer {
    /// Is there somebody who takes hits out? Otherwise they are better shown in another way.
    pub fn is_read(&self) -> bool {
        self.read.load(Ordering::Acquire)
    }

    /// Begins to take hits.
    pub fn open(&self) {
        *self.lock() = Queue::default();
        self.read.store(true, Ordering::Release);
    }

    /// There are no more hits than those in the buffer.
    pub fn close(&self) {
        self.read.store(false, Ordering::Release);
        self.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// Adds a hit. Waits if the reader is far behind.
    pub fn put(&self, hit: TraceHit) {
        let mut queue = self.lock();
        while queue.hits.len() >= MOST_HITS && !queue.closed {
            queue = self.emptied.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.hits.push(hit);
        if queue.idle || queue.hits.len() == BATCH {
            queue.idle = false;
            self.filled.notify_all();
        }
    }

    /// Waits for hits, and takes them all, oldest first. `None`: there are none and will be none.
    pub fn take(&self) -> Option<Vec<TraceHit>> {
        let mut queue = self.lock();
        while queue.hits.is_empty() && !queue.closed {
            queue.idle = true;
            queue = self.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.idle = false;
        if !queue.closed && queue.hits.len() < BATCH {
            let is_short = |queue: &mut Queue| !queue.closed && queue.hits.len() < BATCH;
            let gathered = self.filled.wait_timeout_while(queue, GATHERING, is_short);
            queue = gathered.unwrap_or_else(PoisonError::into_inner).0;
        }
        let hits = std::mem::take(&mut queue.hits);
        self.emptied.notify_all();
        (!hits.is_empty()).then_some(hits)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(goroutine: i64) -> TraceHit {
        let breakpoint = Breakpoint { tracepoint: true, ..Breakpoint::default() };
        let thread = Thread { goroutine_id: goroutine, breakpoint: Some(breakpoint), ..Thread::default() };
        TraceHit::of_thread(&thread).unwrap()
    }

    #[test]
    fn a_slow_reader_gets_every_hit_in_order() {
        let buffer = TraceBuffer::default();
        assert!(!buffer.is_read());
        buffer.open();
        let count = 3 * MOST_HITS as i64;
        let mut taken = Vec::new();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                assert!(buffer.is_read());
                (0..count).for_each(|number| buffer.put(hit(number)));
                buffer.close();
            });
            while let Some(hits) = buffer.take() {
                assert!(hits.len() <= MOST_HITS);
                taken.extend(hits.into_iter().map(|hit| hit.goroutine_id));
            }
        });
        assert_eq!(taken, (0..count).collect::<Vec<_>>());
    }

    #[test]
    fn threads_elsewhere_are_no_hits() {
        assert!(TraceHit::of_thread(&Thread::default()).is_none());
        let thread = Thread { breakpoint: Some(Breakpoint::default()), ..Thread::default() };
        assert!(TraceHit::of_thread(&thread).is_none());
    }
}
