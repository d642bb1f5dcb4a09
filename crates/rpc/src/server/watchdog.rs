//! Sees which connections are busy with a request for so long that somebody else should read on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::{Duration, Instant};

use super::Server;

/// A request that takes longer is overtaken.
const PATIENCE: Duration = Duration::from_millis(2);
const TICK: Duration = Duration::from_millis(1);
/// How many ticks without a busy connection pass before it sleeps: waking it takes longer than a short request.
const LINGER: u32 = 50;

/// The sleeping and waking of the thread that looks after busy connections.
#[derive(Default)]
pub(super) struct Watchdog {
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
}

impl Watchdog {
    /// Wakes it: a connection is busy.
    pub(super) fn look(&self) {
        if self.asleep.load(Ordering::SeqCst)
            && self.asleep.swap(false, Ordering::SeqCst)
            && let Some(thread) = self.thread.get()
        {
            thread.unpark();
        }
    }
}

/// Looks after the connections of `server` until it ends.
pub(super) fn run(server: &Arc<Server>) {
    let watchdog = &server.watchdog;
    // It is set once, here.
    let _ = watchdog.thread.set(std::thread::current());
    let mut quiet = 0;
    while server.options.stopper.ended().is_none() {
        quiet = if look_at_all(server) { 0 } else { quiet + 1 };
        if quiet < LINGER {
            std::thread::park_timeout(TICK);
            continue;
        }
        quiet = 0;
        // Whoever becomes busy from now on wakes it; whoever became so before is seen.
        watchdog.asleep.store(true, Ordering::SeqCst);
        if !look_at_all(server) {
            std::thread::park();
        }
        watchdog.asleep.store(false, Ordering::SeqCst);
    }
}

/// Is any of them busy?
fn look_at_all(server: &Server) -> bool {
    let Some(deadline) = Instant::now().checked_sub(PATIENCE) else { return true };
    let connections = server.connections();
    connections.iter().fold(false, |busy, connection| connection.overtake(deadline) | busy)
}
