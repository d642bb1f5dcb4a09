//! What is done with signals that arrive for the program's threads.
//!
//! Without other orders a signal is passed on to the program at once and unseen, except one that is about to end it by a
//! crash: that is a stop. All processes of a session have the same orders.

use std::collections::BTreeMap;
use std::rc::Rc;

use adit_process::{Signal, ThreadId};

use crate::notices::Notice;
use crate::run::Verdict;
use crate::{Debugger, EngineError};

/// What is done with a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalPolicy {
    /// Its arrival is a stop.
    pub stop: bool,
    /// Its arrival is told of.
    pub print: bool,
    /// The program gets it; at a stop, when it goes on.
    pub pass: bool,
}

impl SignalPolicy {
    /// What is done with a signal for which there are no orders, unless it is about to crash the program.
    pub const DEFAULT: SignalPolicy = SignalPolicy { stop: false, print: false, pass: true };
}

/// The orders, by signals.
pub(crate) type SignalPolicies = BTreeMap<Signal, SignalPolicy>;

impl Debugger {
    /// Says what is to be done with a signal; `None`: as without orders.
    pub fn handle_signal(&mut self, signal: Signal, policy: Option<SignalPolicy>) -> Result<(), EngineError> {
        const SIGKILL: i32 = 9;
        const SIGSTOP: i32 = 19;
        const SIGTRAP: i32 = 5;
        match signal.0 {
            SIGKILL => return Err(EngineError::Signal(signal, "no program, and no debugger, ever sees it")),
            SIGSTOP => {
                return Err(EngineError::Signal(signal, "it stops the program as it does without a debugger"));
            }
            SIGTRAP => return Err(EngineError::Signal(signal, "the debugger itself works by it")),
            _ => {}
        }
        let mut policies = self.signal_policies.borrow_mut();
        match policy {
            Some(policy) => _ = policies.insert(signal, policy),
            None => _ = policies.remove(&signal),
        }
        Ok(())
    }

    /// The signals for which there are orders.
    pub fn signal_policies(&self) -> Vec<(Signal, SignalPolicy)> {
        self.signal_policies.borrow().iter().map(|(signal, policy)| (*signal, *policy)).collect()
    }

    /// Judges a thread to which a signal is about to be delivered.
    pub(crate) fn judge_signal(&mut self, thread: ThreadId, signal: Signal) -> Verdict {
        let policy = self.signal_policies.borrow().get(&signal).copied();
        let policy = policy
            .unwrap_or_else(|| SignalPolicy { stop: self.target.is_fatal(signal), ..SignalPolicy::DEFAULT });
        let passed = Some(signal).filter(|_| policy.pass);
        if policy.print && !policy.stop {
            let goroutine = self.goroutine_of_thread(thread);
            let notices = Rc::clone(&self.notices);
            notices.tell(Notice::Signal { pid: self.pid(), thread, goroutine, signal });
        }
        if !policy.stop {
            return Verdict::GoOn(passed);
        }
        self.keep_signal(thread, passed);
        self.stops.entry(thread).or_default().signal = Some(signal);
        Verdict::Show
    }
}
