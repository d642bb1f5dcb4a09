//! Requests that change nothing can be broken off: whoever waits for one is told at once, and the thread that owns the
//! process gives it up at its next read of memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adit_api::{ClientError, Result};

/// What who waits for a request is told when it is broken off.
const TEXT: &str = "interrupted";

/// The requests under way that may be broken off.
#[derive(Default)]
pub(crate) struct BreakingOff {
    waiting: Mutex<BTreeMap<u64, Box<dyn Fn() + Send>>>,
}

/// A request under way.
pub(crate) struct Request<'a> {
    all: &'a BreakingOff,
    number: u64,
    /// Set once it is broken off.
    pub(crate) flag: Arc<AtomicBool>,
}

impl BreakingOff {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Box<dyn Fn() + Send>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request whose answer is awaited from `answer`, until what is returned is dropped.
    pub(crate) fn begin<T: Send + 'static>(&self, answer: &Sender<Result<T>>) -> Request<'_> {
        let flag = Arc::new(AtomicBool::new(false));
        let (answer, set) = (answer.clone(), flag.clone());
        let mut waiting = self.lock();
        let number = waiting.last_key_value().map_or(0, |(last, _)| last + 1);
        let tell = Box::new(move || {
            set.store(true, Ordering::SeqCst);
            // It may have been answered just now.
            let _ = answer.send(Err(ClientError(TEXT.to_owned())));
        });
        waiting.insert(number, tell);
        Request { all: self, number, flag }
    }

    /// Breaks off all of them.
    pub(crate) fn break_off(&self) {
        self.lock().values().for_each(|tell| tell());
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        self.all.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::sync::mpsc::channel;

    use super::BreakingOff;

    #[test]
    fn who_waits_is_told_and_the_work_is_marked() {
        let all = BreakingOff::default();
        let (answer, outcome) = channel::<adit_api::Result<i32>>();
        let request = all.begin(&answer);
        assert!(!request.flag.load(Ordering::SeqCst));
        all.break_off();
        assert!(request.flag.load(Ordering::SeqCst));
        assert_eq!(outcome.recv().unwrap().unwrap_err().0, "interrupted");
        drop(request);
        all.break_off();
        assert!(outcome.try_recv().is_err());
    }

    #[test]
    fn requests_are_broken_off_together_and_end_apart() {
        let all = BreakingOff::default();
        let (first_answer, first_outcome) = channel::<adit_api::Result<()>>();
        let (second_answer, second_outcome) = channel::<adit_api::Result<()>>();
        let first = all.begin(&first_answer);
        let second = all.begin(&second_answer);
        drop(first);
        all.break_off();
        assert!(first_outcome.try_recv().is_err());
        assert!(second_outcome.try_recv().is_ok());
        drop(second);
    }
}
