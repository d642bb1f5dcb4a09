//! What happens while a command runs, for whoever asks for events.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use adit_api::{ClientError, Event, EventKind, Result};
use adit_engine::Notice;

use crate::debuginfod::Download;

/// Most that are kept; what comes then is lost, except that a command has ended.
const MOST: usize = 100;

/// The queue of events, between the thread of the debugger and those that ask.
#[derive(Default)]
pub(crate) struct Events {
    queue: Mutex<Queue>,
    news: Condvar,
}

#[derive(Default)]
struct Queue {
    events: VecDeque<Event>,
    /// A command runs that wants them.
    wanted: bool,
    /// No more will come.
    closed: bool,
}

impl Events {
    /// A command that lets the target run begins; are its events wanted?
    pub(crate) fn resumed(&self, wanted: bool) {
        self.lock().wanted = wanted;
        self.add(Event { kind: EventKind::RESUMED, ..Event::default() });
    }

    /// The command is over.
    pub(crate) fn stopped(&self) {
        self.add(Event { kind: EventKind::STOPPED, ..Event::default() });
        self.lock().wanted = false;
    }

    /// Takes an event, if a command runs that wants them.
    pub(crate) fn add(&self, event: Event) {
        let mut queue = self.lock();
        if !queue.wanted {
            return;
        }
        if queue.events.len() == MOST {
            if event.kind != EventKind::STOPPED {
                return;
            }
            queue.events.pop_back();
        }
        queue.events.push_back(event);
        self.news.notify_all();
    }

    /// Waits until there are events, and takes all.
    pub(crate) fn take(&self) -> Result<Vec<Event>> {
        let mut queue = self.lock();
        while queue.events.is_empty() {
            if queue.closed {
                return Err(ClientError("detached from the process".to_owned()));
            }
            queue = self.news.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(queue.events.drain(..).collect())
    }

    /// The session is over: nobody is to wait any more.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a download is, as an event.
pub(crate) fn download(download: Download<'_>) -> Event {
    Event {
        kind: EventKind::BINARY_INFO_DOWNLOAD,
        image_path: Some(download.path.display().to_string()),
        progress: Some(download.progress.to_owned()),
        ..Event::default()
    }
}

/// What the engine tells, as an event; `None` for what the API has no event for.
pub(crate) fn notice(notice: &Notice) -> Option<Event> {
    match notice {
        Notice::Spawned { pid, command_line, followed } => Some(Event {
            kind: EventKind::PROCESS_SPAWNED,
            pid: Some(pid.0),
            // It has one thread, whose id is the process's.
            thread_id: Some(pid.0),
            cmdline: Some(command_line.clone()),
            will_follow: Some(*followed),
            ..Event::default()
        }),
        Notice::Signal { pid, thread, goroutine, signal } => Some(Event {
            kind: EventKind::SIGNAL,
            pid: Some(pid.0),
            thread_id: Some(thread.0),
            goroutine_id: *goroutine,
            signal: Some(signal.name()),
            ..Event::default()
        }),
        Notice::NotFollowed(_) | Notice::WithoutRights(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spawned(pid: i64) -> Event {
        Event { kind: EventKind::PROCESS_SPAWNED, pid: Some(pid), ..Event::default() }
    }

    #[test]
    fn a_full_queue_still_tells_that_the_command_ended() {
        let events = Events::default();
        events.add(spawned(0));
        events.resumed(true);
        (1..=150).for_each(|pid| events.add(spawned(pid)));
        events.stopped();
        events.add(spawned(0));
        let taken = events.take().unwrap();
        assert_eq!(taken.len(), MOST);
        assert_eq!(taken[0].kind, EventKind::RESUMED);
        assert_eq!(taken[MOST - 2].pid, Some(98));
        assert_eq!(taken[MOST - 1].kind, EventKind::STOPPED);
        events.resumed(false);
        events.stopped();
        events.close();
        assert_eq!(events.take().unwrap_err().0, "detached from the process");
    }

    #[test]
    fn who_waits_is_woken() {
        let events = Events::default();
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| events.take().unwrap());
            events.resumed(true);
            assert_eq!(waiter.join().unwrap(), [Event::default()]);
        });
    }
}
