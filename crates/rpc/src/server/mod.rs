//! Offers a session to clients.
//!
//! [`Listener::bind`] listens, and knows its address before there is a session. [`serve`] takes in clients, one or many
//! as [`Options`] say, until the session has [ended](Ended).

mod connection;
mod farewell;
mod json;
mod listener;
mod message;
mod methods;
mod peer;
mod reply;
mod request_shapes;
mod shape;
#[cfg(test)]
mod tests;
mod token;
mod watchdog;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use adit_api::{Client, DebuggerCommand, DebuggerState, Stackframe, command_name};

pub use listener::{BindError, Listener};
pub use token::{Token, TokenError};

use crate::Stream;
use connection::Connection;
use watchdog::Watchdog;

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
/// hook asks for it, and the end of such a connection does not end the session of an only client.
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

/// What the threads of a server share.
struct Server {
    session: Arc<dyn Client>,
    options: Options,
    connections: Mutex<Vec<Arc<Connection>>>,
    /// The only client there may be is there.
    claimed: AtomicBool,
    watchdog: Watchdog,
    listener: Listener,
}

/// Lets clients drive `session` until it ends, and lets go of the program then.
pub fn serve(listener: Listener, session: Arc<dyn Client>, options: Options) -> Ended {
    let server = Arc::new(Server {
        session,
        options,
        connections: Mutex::default(),
        claimed: AtomicBool::new(false),
        watchdog: Watchdog::default(),
        listener,
    });
    let started = server.start_thread("watchdog", watchdog::run).and_then(|()| {
        if server.options.continue_at_start {
            server.start_thread("continue", |server| server.continue_at_start())?;
        }
        server.start_thread("listener", Server::accept)
    });
    if let Err(error) = started {
        server.log(&format!("could not serve clients: {error}"));
        server.options.stopper.end_with(Ended::ListenerFailed);
    }
    let ended = server.options.stopper.wait();
    server.end(ended);
    ended
}

impl Server {
    fn start_thread(
        self: &Arc<Self>,
        name: &str,
        work: impl FnOnce(&Arc<Self>) + Send + 'static,
    ) -> io::Result<()> {
        let server = self.clone();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&server)).map(drop)
    }

    fn log(&self, text: &str) {
        (self.options.notice)(text);
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a client in. If it may be the only one, no other is taken in from now on. `false`: there is one.
    fn claim(&self) -> bool {
        if self.options.accept_multiclient {
            return true;
        }
        let is_first = !self.claimed.swap(true, Ordering::SeqCst);
        self.listener.close();
        is_first
    }

    /// Takes clients in, until there may be no more.
    fn accept(self: &Arc<Self>) {
        let mut failures = 0;
        while !self.listener.is_closed() {
            let stream = match self.listener.accept() {
                Ok(stream) => stream,
                Err(error) if failures < MAX_ACCEPT_FAILURES && !self.listener.is_closed() => {
                    // Too many open files, or a client that went at once: there is a pause for others to go.
                    self.log(&format!("could not take a client in: {error}"));
                    failures += 1;
                    std::thread::sleep(ACCEPT_PAUSE);
                    continue;
                }
                Err(_) => break,
            };
            failures = 0;
            self.take_in(stream);
        }
        self.listener.close();
        let is_served = self.claimed.load(Ordering::SeqCst) || !self.connections().is_empty();
        if !is_served {
            self.options.stopper.end_with(Ended::ListenerFailed);
        }
    }

    fn take_in(self: &Arc<Self>, stream: Stream) {
        if self.options.only_same_user
            && let Err(client) = peer::check_same_user(&stream)
        {
            self.log(&peer::refusal(&client));
            return;
        }
        // Those that have not gone yet count; each of them leaves the list when it goes.
        let mut connections = self.connections();
        if connections.len() >= self.options.max_connections {
            drop(connections);
            return self.log("closing a connection: there are too many");
        }
        if self.options.token.is_none() && !self.claim() {
            return;
        }
        match Connection::start(self, stream) {
            Ok(connection) => {
                if !connection.is_closed() {
                    connections.push(connection);
                }
            }
            Err(error) => {
                drop(connections);
                self.log(&format!("could not serve a client: {error}"));
                if !self.options.accept_multiclient && self.options.token.is_none() {
                    self.options.stopper.end_with(Ended::Disconnected);
                }
            }
        }
    }

    /// A client has closed its connection, or was dropped. Without the others' right to come, that is the end.
    fn has_gone(&self, gone: &Connection, was_admitted: bool) {
        let mut connections = self.connections();
        connections.retain(|connection| !std::ptr::eq(&**connection, gone));
        let nobody = connections.is_empty();
        drop(connections);
        if was_admitted && !self.options.accept_multiclient {
            self.options.stopper.end_with(Ended::Disconnected);
        } else if nobody && self.listener.is_closed() && !self.claimed.load(Ordering::SeqCst) {
            self.options.stopper.end_with(Ended::ListenerFailed);
        }
    }

    fn continue_at_start(&self) {
        let command =
            DebuggerCommand { name: command_name::CONTINUE.to_owned(), ..DebuggerCommand::default() };
        match self.session.command(&command) {
            Ok(state) => self.tell_of_stop(&state),
            Err(error) => self.log(&format!("Command failed: {error}")),
        }
    }

    fn tell_of_stop(&self, state: &DebuggerState) {
        // Whoever ends the server knows why the program stops.
        if self.options.stopper.ended().is_none() {
            self.log(&farewell::text(&*self.session, state, self.options.stack_text.as_ref()));
        }
    }

    /// Lets go of the program and of all clients.
    fn end(&self, reason: Ended) {
        self.listener.close();
        self.watchdog.look();
        if reason != Ended::Detached
            && let Err(error) = self.session.detach(!self.session.attached_to_existing_process())
            && reason != Ended::Disconnected
        {
            self.log(&format!("could not let go of the program: {error}"));
        }
        let connections = std::mem::take(&mut *self.connections());
        // Commands that were under way have ended with the program; their answers are on the way.
        let deadline = Instant::now() + LAST_ANSWERS;
        for connection in &connections {
            connection.wait_for_commands(deadline);
            connection.close();
        }
    }
}

/// How many clients in a row cannot be taken in before it is given up, and the pause after each.
const MAX_ACCEPT_FAILURES: u32 = 1000;
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const LAST_ANSWERS: Duration = Duration::from_millis(500);
