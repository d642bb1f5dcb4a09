//! One editor's session: requests in, responses and events out.
//!
//! One thread reads ([`read_requests`]), one lets the target run ([`Runner`]), and the one that called [`serve`] does all
//! else, a message at a time; so nothing here is shared but what the editor is sent, and requests are answered while
//! the target runs.

mod breakpoints;
mod calls;
mod completions;
mod console;
mod disassembly;
mod ending;
mod evaluate;
mod exception;
mod handles;
mod memory;
mod requests;
mod running;
mod sources;
mod stack;
mod starting;
mod stopped;
mod threads;
mod variables;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use adit_api::{Client, DebuggerCommand, DebuggerState};
use serde_json::Value;

use crate::attributes::{Common, Launch};
use crate::failure::{Failure, Kind};
use crate::framing::{self, Connection, ReadError};
use crate::launcher::Launcher;
use crate::outgoing::Outgoing;
use crate::protocol::Request;
use crate::protocol::arguments::InitializeRequestArguments;
use crate::runner::Runner;

use breakpoints::Breakpoints;
use handles::Handles;
use running::halt_command;
use stack::FrameKey;
use stopped::Exception;
use variables::Held;

/// What an adapter works for.
pub struct Host {
    /// Begins sessions.
    pub launcher: Box<dyn Launcher>,
    /// The session that the server has already: the editor may attach to it, and to nothing else.
    pub shared: Option<Arc<dyn Client>>,
    /// Other clients may come to the session after this one.
    pub accepts_more: bool,
    /// Where the server listens, for texts.
    pub address: String,
    /// What the editor has to show in `attach`, as its attribute `token`, if anything.
    pub token: Option<TokenCheck>,
}

/// Is this the token?
pub type TokenCheck = Box<dyn Fn(&str) -> bool>;

/// How a session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There is no session any more.
    Session,
    /// The editor is gone, the server's session is still there.
    Client,
}

/// What an adapter hears of.
pub(crate) enum Message {
    Request(Request),
    /// The answer to a request of the adapter's.
    Answer,
    /// A message that is none.
    Malformed(String),
    /// The target ran, and this came of it.
    Ran(Box<adit_api::Result<DebuggerState>>),
    /// A program that is not debugged ended, with this status.
    RanAlone(i64),
    /// The connection is at its end.
    Closed,
}

/// Serves one editor until it or the session is gone.
pub fn serve(connection: Connection, host: Host) -> Ended {
    let Connection { reader, writer, close } = connection;
    let (sender, queue) = channel();
    let calling = Arc::new(Calling::default());
    let (requests, halts) = (sender.clone(), Arc::clone(&calling));
    let reading = std::thread::Builder::new()
        .name("requests".to_owned())
        .spawn(move || read_requests(reader, &requests, &halts));
    let mut adapter = Adapter::new(host, Outgoing::new(writer), sender, queue, calling);
    if let Err(error) = reading {
        adapter.out.output("important", format!("could not start a thread: {error}\n"));
        adapter.leave_session();
        return Ended::Session;
    }
    let ended = adapter.serve();
    close();
    ended
}

/// While a request lets the target run on the thread that answers requests (a call in an expression), the requests that
/// are to end that must not wait for it.
#[derive(Default)]
pub(crate) struct Calling {
    client: Mutex<Option<Arc<dyn Client>>>,
    changed: Condvar,
    /// Requests that need not be answered any more, by number.
    cancelled: Mutex<BTreeSet<i64>>,
}

impl Calling {
    /// Does a request ask for another one to be given up?
    fn note_cancel(&self, request: &Request) {
        let wanted = request.arguments["requestId"].as_i64();
        if let Some(seq) = wanted.filter(|_| request.command == "cancel") {
            self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).insert(seq);
        }
    }

    fn is_cancelled(&self, request: &Request) -> bool {
        self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).remove(&request.seq)
    }

    fn set(&self, client: Option<Arc<dyn Client>>) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
        self.changed.notify_all();
    }

    /// Stops the target until the call is over.
    fn halt(&self) {
        loop {
            let client = self.client.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let Some(client) = client else { return };
            // The one who called hears what came of it. A halt that comes before the target was resumed is over before.
            let _ = client.command(&halt_command());
            let current = self.client.lock().unwrap_or_else(PoisonError::into_inner);
            let pause = std::time::Duration::from_millis(50);
            drop(self.changed.wait_timeout_while(current, pause, |client| client.is_some()));
        }
    }
}

fn read_requests(mut reader: Box<dyn std::io::BufRead + Send>, queue: &Sender<Message>, calling: &Calling) {
    loop {
        let message = match framing::read(&mut *reader) {
            Ok(Some(message)) => message_of(message),
            Ok(None) | Err(ReadError::Io(_)) => Message::Closed,
            Err(error @ ReadError::Header(_)) => {
                tracing::error!(target: "dap", "the connection is given up: {error}");
                Message::Closed
            }
            Err(error @ ReadError::Json(_)) => Message::Malformed(error.to_string()),
        };
        let ends_calls = match &message {
            Message::Request(request) => {
                calling.note_cancel(request);
                matches!(
                    request.command.as_str(),
                    "pause" | "disconnect" | "terminate" | "cancel" | "restart"
                )
            }
            Message::Closed => true,
            _ => false,
        };
        let is_last = matches!(message, Message::Closed);
        if queue.send(message).is_err() || is_last {
            calling.halt();
            return;
        }
        if ends_calls {
            calling.halt();
        }
    }
}

fn message_of(message: Value) -> Message {
    tracing::debug!(target: "dap", "[<- from client]{message}");
    if message["type"] == "response" {
        return Message::Answer;
    }
    match serde_json::from_value(message) {
        Ok(request) => Message::Request(request),
        Err(error) => Message::Malformed(error.to_string()),
    }
}

/// What happens once a request was answered.
pub(crate) enum Then {
    Nothing,
    /// The target runs, by this command.
    Run(Box<DebuggerCommand>),
    /// The target starts anew.
    Restart(Box<Option<Launch>>),
    /// The connection ends.
    End(Ended),
}

/// What a request is answered with.
pub(crate) struct Answer {
    body: Option<Value>,
    then: Then,
}

impl Answer {
    /// Success, and no more.
    fn empty() -> Result<Answer, Failure> {
        Ok(Answer { body: None, then: Then::Nothing })
    }

    fn of(body: &impl serde::Serialize) -> Result<Answer, Failure> {
        let body = serde_json::to_value(body).map_err(|error| Kind::Internal.because(error.to_string()))?;
        Ok(Answer { body: Some(body), then: Then::Nothing })
    }

    fn then(mut self, then: Then) -> Answer {
        self.then = then;
        self
    }
}

/// The session that the editor controls.
pub(crate) struct Session {
    client: Arc<dyn Client>,
    runner: Runner,
    /// The command that lets the target run is not answered yet.
    running: bool,
    /// Somebody has asked to stop.
    halting: bool,
    /// How it was launched; `None` if it was attached to.
    launch: Option<Launch>,
    /// The process is at its end, and the editor was told.
    ended: bool,
}

/// One editor's session.
pub(crate) struct Adapter {
    out: Outgoing,
    queue: Receiver<Message>,
    sender: Sender<Message>,
    /// What came while something else was awaited.
    waiting: VecDeque<Message>,
    calling: Arc<Calling>,
    host: Host,
    /// What the editor can.
    editor: InitializeRequestArguments,
    settings: Common,
    session: Option<Session>,
    /// A program that runs without being debugged.
    alone: Option<starting::Alone>,
    frames: Handles<FrameKey>,
    variables: Handles<Held>,
    /// Calls of the current line, into which a step can be led.
    calls: Handles<u64>,
    /// Where functions are that values refer to.
    declarations: Handles<String>,
    /// Where values are whose memory the editor may show, and how many elements they have.
    memory: BTreeMap<u64, i64>,
    breakpoints: Breakpoints,
    /// Why the target stopped, where that is for `exceptionInfo`.
    exception: Option<Exception>,
    ended: Option<Ended>,
}

impl Adapter {
    fn new(
        host: Host,
        out: Outgoing,
        sender: Sender<Message>,
        queue: Receiver<Message>,
        calling: Arc<Calling>,
    ) -> Adapter {
        Adapter {
            breakpoints: Breakpoints::new(out.clone()),
            out,
            queue,
            sender,
            waiting: VecDeque::new(),
            calling,
            host,
            editor: InitializeRequestArguments::default(),
            settings: Common::default(),
            session: None,
            alone: None,
            frames: Handles::default(),
            variables: Handles::default(),
            calls: Handles::default(),
            declarations: Handles::default(),
            memory: BTreeMap::new(),
            exception: None,
            ended: None,
        }
    }

    fn serve(&mut self) -> Ended {
        loop {
            match self.next_message() {
                Message::Request(request) => self.answer(&request),
                Message::Answer => {}
                Message::Malformed(error) => {
                    let failure = Kind::Internal.because(format!("a message that is none: {error}"));
                    self.out.failure(&Request::default(), &failure);
                }
                Message::Ran(outcome) => self.ran(*outcome),
                Message::RanAlone(status) => self.ran_alone(status),
                Message::Closed => {
                    self.leave_session();
                    self.ended.get_or_insert(if self.is_kept() { Ended::Client } else { Ended::Session });
                }
            }
            if let Some(ended) = self.ended {
                return ended;
            }
        }
    }

    fn next_message(&mut self) -> Message {
        // The sender is kept by the adapter itself, so that the queue cannot end.
        self.waiting.pop_front().or_else(|| self.queue.recv().ok()).unwrap_or(Message::Closed)
    }

    /// Does the session outlive the editor's connection?
    fn is_kept(&self) -> bool {
        self.host.shared.is_some() && self.host.accepts_more
    }

    fn answer(&mut self, request: &Request) {
        if self.calling.is_cancelled(request) {
            self.out.failure(request, &Kind::Evaluate.because("").headed("cancelled"));
            return;
        }
        let answered = catch_unwind(AssertUnwindSafe(|| self.answer_to(request)));
        // What it was about was printed by the panic itself.
        let answer = answered.unwrap_or_else(|_| Err(Kind::Internal.because("the request was not finished")));
        match answer {
            Ok(Answer { body, then }) => {
                self.out.response(request, body);
                self.go_on(then, request);
            }
            Err(failure) => self.out.failure(request, &failure),
        }
    }

    fn go_on(&mut self, then: Then, request: &Request) {
        match then {
            Then::Nothing => {}
            Then::Run(command) => self.run(*command),
            Then::Restart(launch) => self.restart(*launch, request),
            Then::End(ended) => {
                self.out.bare_event("terminated");
                self.ended = Some(ended);
            }
        }
    }

    /// The client of the session; there is one for all requests that need one.
    fn client(&self) -> Result<Arc<dyn Client>, Failure> {
        let session = self.session.as_ref().map(|session| Arc::clone(&session.client));
        session.ok_or_else(no_session)
    }

    fn is_running(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.running)
    }

    /// What was handed out at the last stop means nothing any more.
    fn forget_stop(&mut self) {
        self.frames.clear();
        self.variables.clear();
        self.calls.clear();
        self.declarations.clear();
        self.memory.clear();
        self.exception = None;
    }
}

/// The failure of a request that comes too early.
fn no_session() -> Failure {
    Kind::Launch.because("Use launch or attach request first.").headed("No debug session started").shown()
}

/// An address as editors write it.
fn address(text: &str) -> Result<u64, String> {
    adit_api::parse_address(text).ok_or_else(|| format!("{text:?} is not an address"))
}

/// A request's arguments, as the protocol has them.
fn arguments<T: serde::de::DeserializeOwned + Default>(request: &Request) -> Result<T, Failure> {
    if request.arguments.is_null() {
        return Ok(T::default());
    }
    serde_json::from_value(request.arguments.clone())
        .map_err(|error| Kind::Internal.because(format!("the arguments of '{}': {error}", request.command)))
}
