//! Offers a session to clients.
//!
//! [`Listener::bind`] listens, and knows its address before there is a session. [`serve`] takes in clients, one or many
//! as [`Options`] say, until the session has [ended](Ended).

mod listener;
mod token;

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use adit_api::{Client, Stackframe};

pub use listener::{BindError, Listener};
pub use token::{Token, TokenError};

use crate::Stream;

/// How a session is served. `Options { accept_multiclient: true, ..Options::default() }`.
pub struct Options {
    /// Clients may come and go, several at once; `false`: the session ends with its only client.
    pub accept_multiclient: bool,
    /// Connections over loopback are refused unless they come from the user that this process belongs to.
    pub only_same_user: bool,
    /// What clients have to show in their first message.
    pub token: Option<Token>,
    /// Longest message taken, in bytes.
    pub message_limit: usize,
    /// Let the program run as soon as clients can come.
    pub continue_at_start: bool,
    /// How long a client may leave a reply untaken before it is dropped.
    pub write_patience: Duration,
    /// Most connections at a time; others are closed at once.
    pub max_connections: usize,
    /// Serves a connection that speaks the Debug Adapter Protocol: its first byte is `C`. It returns when that
    /// connection has ended. Without it such connections are closed.
    pub dap: Option<DapHook>,
    /// Writes the frames of a stack as the prompt does, each line with its end.
    pub stack_text: Option<StackText>,
    /// Takes lines for whoever looks after the server, each without its end. Standard error by default.
    pub notice: Notice,
    /// Ends the server from outside.
    pub stopper: Stopper,
}

/// Serves one connection of the Debug Adapter Protocol. The token is what the client has to show, if it has to: the
/// hook asks for it.
pub type DapHook = Box<dyn Fn(Stream, Option<&Token>) + Send + Sync>;

/// Writes frames of a stack as text.
pub type StackText = Box<dyn Fn(&[Stackframe]) -> String + Send + Sync>;

/// Takes a text for whoever looks after the server.
pub type Notice = Box<dyn Fn(&str) + Send + Sync>;

impl Default for Options {
    fn default() -> Options {
        Options {
            accept_multiclient: false,
            only_same_user: true,
            token: None,
            message_limit: 64 << 20,
            continue_at_start: false,
            write_patience: Duration::from_secs(30),
            max_connections: 512,
            dap: None,
            stack_text: None,
            notice: Box::new(|text| eprintln!("{text}")),
            stopper: Stopper::default(),
        }
    }
}

/// How serving came to its end. In each case the session was detached from: the program was killed, or runs on if it was
/// attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A client said so.
    Detached,
    /// The only client has gone.
    Disconnected,
    /// [`Stopper::stop`] was called.
    Stopped,
    /// No client can come any more, and none is there.
    ListenerFailed,
}

/// Ends a server from another thread, such as one that waits for signals.
#[derive(Clone, Debug, Default)]
pub struct Stopper {
    end: Arc<End>,
}

#[derive(Debug, Default)]
struct End {
    reason: Mutex<Option<Ended>>,
    changed: Condvar,
}

impl Stopper {
    /// Ends the server: the program is halted and let go of, and [`serve`] returns. May be called before it.
    pub fn stop(&self) {
        self.end_with(Ended::Stopped);
    }

    fn end_with(&self, reason: Ended) {
        self.end.reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        self.end.changed.notify_all();
    }

    fn ended(&self) -> Option<Ended> {
        *self.end.reason.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) -> Ended {
        let mut reason = self.end.reason.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(reason) = *reason {
                return reason;
            }
            reason = self.end.changed.wait(reason).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Lets clients drive `session` until it ends, and lets go of the program then.
pub fn serve(listener: Listener, session: Arc<dyn Client>, options: Options) -> Ended {
    let _ = (&listener, options.stopper.ended());
    let ended = options.stopper.wait();
    let _ = session.detach(!session.attached_to_existing_process());
    ended
}
