//! One client's connection.
//!
//! A thread reads requests and carries them out itself, which is the quickest way to an answer. One that takes long (a
//! command that lets the program run, a question that has to wait for it to stop) is [overtaken](Connection::overtake):
//! another thread takes the reading over, so that a `halt` is always read. Requests that have to be carried out in turn
//! then queue up for the thread that is busy with the one before them.

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use adit_api::requests::{CommandOut, SetApiVersionIn};
use adit_api::with_readable_texts;
use adit_api::{DebuggerState, command_name};
use serde_json::Value as Json;

use super::message::{MessageReader, NoMessage};
use super::methods::{self, Context, Method, Order};
use super::{Ended, Server, json, reply, shape};
use crate::Stream;

/// Longest message of a client that has not shown the token yet, in bytes, and how long it may take over it.
const UNKNOWN_MESSAGE_LIMIT: usize = 64 << 10;
const UNKNOWN_PATIENCE: Duration = Duration::from_secs(10);

/// Most requests of a connection that wait for those before them. Their length together is at most that of one message.
const MAX_QUEUED: usize = 10_000;
/// Most requests of a connection that are under way: each keeps a thread busy.
const MAX_AT_ONCE: usize = 256;

/// How long the requests before the end of a connection may take to be answered once it has been seen.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// A client's connection.
pub(super) struct Connection {
    server: Arc<Server>,
    myself: Weak<Connection>,
    stream: Stream,
    reader: Mutex<MessageReader>,
    writer: Mutex<Stream>,
    state: Mutex<State>,
    /// There is no request any more that had to be carried out in turn, or a command has ended.
    answered: Condvar,
    /// It has shown the token, or need not.
    admitted: AtomicBool,
    /// The client wants the readable texts of values.
    readable_texts: AtomicBool,
    closed: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Whose turn it is to read: the number of the reading thread, each of which has the next.
    reader: u64,
    /// Since when the reading thread has been busy with a request that may be overtaken.
    busy_since: Option<Instant>,
    /// Somebody is carrying out a request in turn.
    in_turn: bool,
    /// Those that come after it, and the length of their messages.
    queue: VecDeque<Request>,
    queued_bytes: usize,
    /// Requests being carried out.
    at_once: usize,
    /// Those of them that are commands, by number, and the next one's number.
    commands: BTreeSet<u64>,
    next_command: u64,
}

/// A request that can be carried out.
struct Request {
    id: String,
    method: &'static Method,
    params: Json,
    /// Length of its message in bytes.
    length: usize,
}

/// What came of a message.
enum Message {
    Request(Request),
    /// An error: the id and the text.
    Refused(String, String),
}

impl Connection {
    /// Takes a connection in.
    pub(super) fn start(server: &Arc<Server>, stream: Stream) -> io::Result<Arc<Connection>> {
        stream.set_write_timeout(Some(server.options.write_patience))?;
        let admitted = server.options.token.is_none();
        if !admitted {
            stream.set_read_timeout(Some(UNKNOWN_PATIENCE))?;
        }
        let connection = Arc::new_cyclic(|myself| Connection {
            server: server.clone(),
            myself: myself.clone(),
            reader: Mutex::new(MessageReader::new(stream.clone())),
            writer: Mutex::new(stream.clone()),
            stream,
            state: Mutex::default(),
            answered: Condvar::new(),
            admitted: AtomicBool::new(admitted),
            readable_texts: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        });
        connection.clone().spawn_reader(0)?;
        Ok(connection)
    }

    fn spawn_reader(self: Arc<Self>, number: u64) -> io::Result<()> {
        let builder = std::thread::Builder::new().name("client".to_owned());
        builder.spawn(move || self.read(number)).map(drop)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Ends the connection; its threads notice by themselves.
    pub(super) fn close(&self) {
        self.stream.shut_down();
    }

    /// Has another thread read on if the one that does has been busy since before `deadline`. Is it busy at all?
    pub(super) fn overtake(&self, deadline: Instant) -> bool {
        let mut state = self.lock();
        let Some(since) = state.busy_since else { return false };
        if since <= deadline
            && let Some(myself) = self.myself.upgrade()
        {
            let next = state.reader + 1;
            // Without a thread it stays as it is until there is one.
            if myself.spawn_reader(next).is_ok() {
                state.reader = next;
                state.busy_since = None;
            }
        }
        true
    }

    /// Reads and answers requests for as long as it is this thread's turn.
    fn read(&self, number: u64) {
        if number == 0 && self.is_debug_adapter() {
            return self.finish();
        }
        loop {
            let limit = if self.admitted.load(Ordering::SeqCst) {
                self.server.options.message_limit
            } else {
                UNKNOWN_MESSAGE_LIMIT
            };
            let message = self.reader.lock().unwrap_or_else(PoisonError::into_inner).next(limit);
            let understood = match message {
                Ok(text) => self.understand(&text),
                Err(NoMessage::Closed) => None,
                Err(NoMessage::Malformed) => {
                    self.server.log("closing a connection that sent something other than JSON-RPC");
                    None
                }
                Err(NoMessage::TooLong) => {
                    let text = format!("message longer than {limit} bytes");
                    self.send(&reply::envelope("null", |_| Err(text)));
                    None
                }
            };
            let Some(message) = understood else { return self.finish() };
            match message {
                Message::Refused(id, text) => self.send(&reply::envelope(&id, |_| Err(text))),
                Message::Request(request) => {
                    if !self.admitted.load(Ordering::SeqCst) {
                        if self.admit(&request) {
                            continue;
                        }
                        return self.finish();
                    }
                    if !self.carry_out(request, number) {
                        return;
                    }
                }
            }
        }
    }

    /// Hands a connection that speaks the Debug Adapter Protocol to what serves it, and waits for its end.
    fn is_debug_adapter(&self) -> bool {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.first_byte() != Some(b'C') {
            return false;
        }
        let options = &self.server.options;
        match &options.dap {
            Some(serve) => {
                let stream = reader.take_stream();
                drop(reader);
                // Its own time limits are its own affair.
                let _ = stream.set_read_timeout(None).and_then(|()| stream.set_write_timeout(None));
                if catch_unwind(AssertUnwindSafe(|| serve(stream, options.token.as_ref()))).is_err() {
                    self.server
                        .log("a connection of the Debug Adapter Protocol ended with an internal error");
                }
            }
            None => self
                .server
                .log("closing a connection of the Debug Adapter Protocol, which is not served here"),
        }
        true
    }

    /// `None`: what the message is about cannot be told, and neither who should be answered.
    fn understand(&self, text: &str) -> Option<Message> {
        let (mut id, mut name, mut params) = ("null", String::new(), "null");
        for (key, value) in json::members(text).ok()? {
            if key.eq_ignore_ascii_case("id") {
                id = value;
            } else if key.eq_ignore_ascii_case("params") {
                params = value;
            } else if key.eq_ignore_ascii_case("method") {
                match json::parse(value).ok()? {
                    json::Value::String(text) => name = text.into_owned(),
                    json::Value::Null => {}
                    _ => return None,
                }
            }
        }
        let id = id.to_owned();
        let authentication = "RPCServer.Authenticate";
        let known = if name == authentication { "RPCServer.SetApiVersion" } else { &name };
        let Some(method) = methods::find(known) else {
            return Some(Message::Refused(id, format!("unknown method: {name}")));
        };
        Some(match shape::fit(method.shape, &json::parse(params).ok()?) {
            Ok(mut params) => {
                if name == authentication {
                    params["APIVersion"] = Json::from(2);
                }
                Message::Request(Request { id, method, params, length: text.len() })
            }
            Err(error) => Message::Refused(id, format!("malformed request body: {error}")),
        })
    }

    /// Takes the first message of a client that has to show the token. Is it let in?
    fn admit(&self, request: &Request) -> bool {
        let shown = match request.method.name {
            "SetApiVersion" => serde_json::from_value::<SetApiVersionIn>(request.params.clone()).ok(),
            _ => None,
        };
        let token = self.server.options.token.as_ref();
        let refusal = match shown {
            Some(shown) if shown.token.is_empty() => Some(ASKS_FOR_TOKEN),
            None => Some(ASKS_FOR_TOKEN),
            Some(shown) if !token.is_some_and(|token| token.is(&shown.token)) => {
                Some("authentication failed: wrong token")
            }
            Some(_) if !self.server.claim() => Some("another client is connected already"),
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            self.send(&reply::envelope(&request.id, |_| Err(refusal.to_owned())));
            return false;
        }
        self.admitted.store(true, Ordering::SeqCst);
        // A connection whose time limit cannot be lifted is broken, which the next read will say.
        let _ = self.stream.set_read_timeout(None);
        self.answer(request, &|| {});
        true
    }

    /// Carries a request out, or has it wait its turn. `false`: another thread reads now.
    fn carry_out(&self, request: Request, number: u64) -> bool {
        let is_command = request.method.name == "Command";
        let mut number_of_command = 0;
        {
            let mut state = self.lock();
            let waits = request.method.order == Order::InTurn && state.in_turn;
            let bytes = state.queued_bytes + request.length;
            let is_full = match waits {
                true => state.queue.len() >= MAX_QUEUED || bytes > self.server.options.message_limit,
                false => state.at_once >= MAX_AT_ONCE,
            };
            if is_full {
                drop(state);
                let text = "too many requests of this connection wait for the program to stop";
                self.send(&reply::envelope(&request.id, |_| Err(text.to_owned())));
                return true;
            }
            if waits {
                state.queued_bytes = bytes;
                state.queue.push_back(request);
                return true;
            }
            state.in_turn |= request.method.order == Order::InTurn;
            state.at_once += 1;
            if is_command {
                number_of_command = state.next_command;
                state.next_command += 1;
                state.commands.insert(number_of_command);
            }
            // The next request may come after a command only once that has been handed to the session.
            state.busy_since = (!is_command).then(Instant::now);
        }
        self.server.watchdog.look();
        let begun = || {
            self.lock().busy_since = Some(Instant::now());
            self.server.watchdog.look();
        };
        let answer = self.call(&request, &begun);
        if is_command && request.params["name"] == command_name::HALT {
            self.wait_for_commands_before(number_of_command);
        }
        self.deliver(&request, answer);
        if request.method.order == Order::InTurn {
            self.answer_queue();
        }
        let mut state = self.lock();
        state.at_once -= 1;
        if is_command && state.commands.remove(&number_of_command) {
            self.answered.notify_all();
        }
        let reads_on = state.reader == number;
        if reads_on {
            state.busy_since = None;
        }
        reads_on
    }

    /// Answers the requests that have had to wait for this thread.
    fn answer_queue(&self) {
        loop {
            let next = {
                let mut state = self.lock();
                let next = state.queue.pop_front();
                state.queued_bytes -= next.as_ref().map_or(0, |request| request.length);
                state.in_turn = next.is_some();
                next
            };
            match next {
                Some(request) => self.answer(&request, &|| {}),
                None => return self.answered.notify_all(),
            }
        }
    }

    fn answer(&self, request: &Request, begun: &dyn Fn()) {
        if request.method.name == "SetApiVersion" {
            let wants = request.params["ReadableTexts"].as_bool().unwrap_or(false);
            self.readable_texts.store(wants, Ordering::SeqCst);
        }
        let answer = match self.readable_texts.load(Ordering::SeqCst) {
            true => with_readable_texts(|| self.call(request, begun)),
            false => self.call(request, begun),
        };
        self.deliver(request, answer);
    }

    /// The reply to a request, and whether it tells of success.
    fn call(&self, request: &Request, begun: &dyn Fn()) -> (Vec<u8>, bool) {
        let server = &*self.server;
        let context =
            Context { session: &*server.session, multiclient: server.options.accept_multiclient, begun };
        let mut succeeded = false;
        let reply = reply::envelope(&request.id, |out| {
            let call = AssertUnwindSafe(|| (request.method.call)(&context, request.params.clone(), out));
            let outcome = catch_unwind(call).unwrap_or_else(|panic| Err(internal_error(&*panic)));
            succeeded = outcome.is_ok();
            outcome
        });
        (reply, succeeded)
    }

    fn deliver(&self, request: &Request, (reply, succeeded): (Vec<u8>, bool)) {
        self.send(&reply);
        match request.method.name {
            "Command" if self.is_closed() => self.tell_of_stop(request, &reply),
            "Detach" if succeeded => self.server.options.stopper.end_with(Ended::Detached),
            _ => {}
        }
    }

    /// The commands that a halt has ended are answered before it.
    fn wait_for_commands_before(&self, number: u64) {
        let state = self.lock();
        let waited = self
            .answered
            .wait_timeout_while(state, LAST_ANSWERS, |state| state.commands.range(..number).next().is_some());
        drop(waited.unwrap_or_else(PoisonError::into_inner).0);
    }

    /// The client does not see any more how the program stopped that it let run.
    fn tell_of_stop(&self, request: &Request, answer: &[u8]) {
        let command = request.params["name"].as_str().unwrap_or_default();
        if matches!(command, "halt" | "switchThread" | "switchGoroutine") {
            return;
        }
        #[derive(serde::Deserialize)]
        struct Answer {
            result: Option<CommandOut>,
        }
        let state: Option<DebuggerState> = serde_json::from_slice::<Answer>(answer)
            .ok()
            .and_then(|answer| answer.result)
            .map(|out| out.state);
        if let Some(state) = state {
            self.server.tell_of_stop(&state);
        }
    }

    /// Sends a reply. A client that does not take it is dropped: its connection ends.
    fn send(&self, reply: &[u8]) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = writer.write_all(reply) {
            if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
                self.server.log("closing a connection whose client does not read its replies");
            }
            self.close();
        }
    }

    /// Waits, at most until `deadline`, for the answers to what could have been answered.
    pub(super) fn wait_for_commands(&self, deadline: Instant) {
        let state = self.lock();
        let left = deadline.saturating_duration_since(Instant::now());
        let waited = self
            .answered
            .wait_timeout_while(state, left, |state| !state.commands.is_empty() || state.in_turn);
        drop(waited.unwrap_or_else(PoisonError::into_inner).0);
    }

    /// The client is gone, or has to go. What it asked for before is answered first, should it still listen.
    fn finish(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let state = self.lock();
        let waited = self.answered.wait_timeout_while(state, LAST_ANSWERS, |state| state.in_turn);
        drop(waited.unwrap_or_else(PoisonError::into_inner).0);
        self.close();
        self.server.has_gone(self, self.admitted.load(Ordering::SeqCst));
    }
}

const ASKS_FOR_TOKEN: &str = "authentication required: the first message to this server must show its token, as the \
                              field Token of RPCServer.SetApiVersion or RPCServer.Authenticate";

fn internal_error(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("Internal debugger error: {}\n", text.unwrap_or("unknown"))
}
