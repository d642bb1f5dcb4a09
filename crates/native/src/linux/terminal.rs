//! Who may read from the debugger's terminal: the debuggee while it runs, the debugger while it is stopped.
#![allow(unsafe_code)]

use super::ptrace::Tid;

/// The terminal on standard input, shared with a debuggee that has its own process group.
pub(crate) struct Foreground {
    /// The debuggee's process group, if it is given the terminal at all.
    group: Option<Tid>,
    /// The debugger's own group, to which the terminal goes back.
    own: Tid,
    /// The debuggee has it now.
    given: bool,
}

impl Foreground {
    /// `wanted` without a terminal on standard input has no effect.
    pub(crate) fn new(group: Tid, wanted: bool) -> Foreground {
        // SAFETY: system calls on numbers.
        let (is_tty, own) = unsafe { (libc::isatty(0) == 1, libc::getpgrp()) };
        Foreground { group: (wanted && is_tty).then_some(group), own, given: false }
    }

    /// Gives the terminal to the debuggee.
    pub(crate) fn give(&mut self) {
        if let Some(group) = self.group.filter(|_| !self.given) {
            self.given = true;
            set_foreground(group);
        }
    }

    /// Takes the terminal back.
    pub(crate) fn take_back(&mut self) {
        if self.given {
            self.given = false;
            set_foreground(self.own);
        }
    }
}

/// tcsetpgrp(3); a caller in the background would be stopped by SIGTTOU, so that is blocked meanwhile.
fn set_foreground(group: Tid) {
    // SAFETY: the sets live on this stack; only this thread's mask changes, and is restored.
    unsafe {
        let mut ttou: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut ttou);
        libc::sigaddset(&raw mut ttou, libc::SIGTTOU);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const ttou, &raw mut before);
        libc::tcsetpgrp(0, group);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut());
    }
}
