//! What the user should know of what happens while the program runs, besides why it stops.

use std::cell::RefCell;

use adit_process::{Pid, Signal, ThreadId};

use crate::Debugger;

/// Something that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A child process has executed a program, while children are followed.
    Spawned {
        /// Its process id.
        pid: Pid,
        /// Its command line.
        command_line: String,
        /// It has become a target.
        followed: bool,
    },
    /// A child that matches could not become a target, and runs on without the debugger. With the reason.
    NotFollowed(String),
    /// A process does not have the rights that its file gives: a sentence for people.
    WithoutRights(String),
    /// A signal arrived that is to be told of, and did not stop the program.
    Signal {
        /// The process.
        pid: Pid,
        /// The thread that gets it.
        thread: ThreadId,
        /// The goroutine that runs there.
        goroutine: Option<i64>,
        /// The signal.
        signal: Signal,
    },
}

/// Takes notices on the thread of the debugger, while the program runs.
pub type NoticeSink = Box<dyn FnMut(Notice)>;

/// Where the processes of a session leave what they have to tell.
#[derive(Default)]
pub(crate) struct Notices(RefCell<Option<NoticeSink>>);

impl Notices {
    pub(crate) fn tell(&self, notice: Notice) {
        if let Some(sink) = &mut *self.0.borrow_mut() {
            sink(notice);
        }
    }
}

impl Debugger {
    /// From now on `sink` is told what the user should know.
    pub fn tell_notices(&mut self, sink: NoticeSink) {
        *self.notices.0.borrow_mut() = Some(sink);
    }
}
