//! Asking, from any thread, that the debuggee be stopped.
//!
//! The thread that owns ptrace sleeps in waitpid(2). A request sets a flag and sends that thread a signal whose
//! handler does nothing but end the sleep (no `SA_RESTART`). A signal that arrives between the owner's look at the
//! flag and its falling asleep would be lost: so the request is repeated, a millisecond apart, until it was taken up.
#![allow(unsafe_code)]

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adit_process::Interrupter;

use super::ptrace::{self, Tid};

/// How often a request is repeated before it is left to the owner's next look at the flag.
const TRIES: u32 = 200;

/// What requesters and the owner share.
pub(crate) struct Requests {
    process: Tid,
    owner: Tid,
    /// A stop was asked for and not yet taken up.
    requested: AtomicBool,
    /// The owner sleeps, or is about to.
    waiting: AtomicBool,
}

/// The signal that wakes the owner: a late real-time one, which nothing else uses.
fn signal() -> i32 {
    libc::SIGRTMAX() - 2
}

extern "C" fn wake(_: libc::c_int) {}

impl Requests {
    /// To be called on the thread that owns ptrace.
    pub(crate) fn new() -> Requests {
        static HANDLER: Once = Once::new();
        HANDLER.call_once(|| {
            // SAFETY: an all-zero sigaction is valid; the handler does nothing, so it is safe in any context.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = wake as extern "C" fn(libc::c_int) as usize;
                libc::sigaction(signal(), &raw const action, std::ptr::null_mut());
            }
        });
        // SAFETY: the set lives on this stack; only this thread's mask changes.
        unsafe {
            let mut set: libc::sigset_t = std::mem::zeroed();
            libc::sigemptyset(&raw mut set);
            libc::sigaddset(&raw mut set, signal());
            libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
        }
        Requests {
            process: std::process::id().cast_signed(),
            owner: ptrace::own_tid(),
            requested: AtomicBool::new(false),
            waiting: AtomicBool::new(false),
        }
    }

    /// Takes a request up, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.requested.swap(false, Ordering::SeqCst)
    }

    /// Gives a request back that was taken up by a process that has ended since.
    pub(crate) fn give_back(&self) {
        self.requested.store(true, Ordering::SeqCst);
    }

    /// Declares that the owner goes to sleep; `false` if a request is already there.
    pub(crate) fn begin_wait(&self) -> bool {
        self.waiting.store(true, Ordering::SeqCst);
        !self.requested.load(Ordering::SeqCst)
    }

    /// Declares that the owner is awake.
    pub(crate) fn end_wait(&self) {
        self.waiting.store(false, Ordering::SeqCst);
    }
}

impl Interrupter for Requests {
    fn interrupt(&self) {
        self.requested.store(true, Ordering::SeqCst);
        for _ in 0..TRIES {
            if !self.waiting.load(Ordering::SeqCst) || !self.requested.load(Ordering::SeqCst) {
                return;
            }
            if ptrace::tgkill(self.process, self.owner, signal()).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
