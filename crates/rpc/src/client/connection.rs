//! Requests and replies on one connection.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adit_api::ClientError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::reply;
use crate::{Address, Stream};

/// The longest reply that is read, in bytes: a hundred thousand goroutines with their stacks fit well.
const MAX_REPLY: u64 = 2 << 30;

/// A request on the wire.
#[derive(Serialize)]
struct Request<'a, T> {
    method: String,
    params: [&'a T; 1],
    id: u64,
}

/// One connection. Any number of threads may wait for replies at once; a thread of its own reads them.
pub(super) struct Connection {
    address: Address,
    /// Held while a request is written.
    writer: Mutex<Stream>,
    waiting: Arc<Mutex<Waiting>>,
}

/// Who waits for what.
#[derive(Default)]
struct Waiting {
    last_id: u64,
    replies: HashMap<u64, Sender<Vec<u8>>>,
    /// Why no more replies will come.
    lost: Option<String>,
}

impl Connection {
    pub(super) fn open(address: &Address) -> Result<Connection, ClientError> {
        let failed = |error| ClientError(format!("could not connect to {address}: {}", text(&error)));
        let writer = Stream::connect(address).map_err(failed)?;
        let reader = BufReader::with_capacity(64 << 10, writer.clone());
        let waiting: Arc<Mutex<Waiting>> = Arc::default();
        let shared = Arc::clone(&waiting);
        std::thread::Builder::new()
            .name("replies".to_owned())
            .spawn(move || read_replies(reader, &shared))
            .map_err(failed)?;
        Ok(Connection { address: address.clone(), writer: Mutex::new(writer), waiting })
    }

    /// Sends a request, and waits for what comes of it.
    pub(super) fn call<Out: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<Out, ClientError> {
        let (sender, receiver) = channel();
        self.send(method, params, Some(sender))?;
        let message = receiver.recv().map_err(|_| self.loss())?;
        reply::result(&message)
    }

    /// Sends a request, whose reply goes to `sender`; without one, nobody wants it.
    pub(super) fn send(
        &self,
        method: &str,
        params: &impl Serialize,
        sender: Option<Sender<Vec<u8>>>,
    ) -> Result<(), ClientError> {
        let mut waiting = lock(&self.waiting);
        if waiting.lost.is_some() {
            drop(waiting);
            return Err(self.loss());
        }
        waiting.last_id += 1;
        let id = waiting.last_id;
        if let Some(sender) = sender {
            waiting.replies.insert(id, sender);
        }
        drop(waiting);
        let request = Request { method: format!("RPCServer.{method}"), params: [params], id };
        let sent = serde_json::to_vec(&request).map_err(std::io::Error::from).and_then(|mut message| {
            message.push(b'\n');
            self.writer.lock().unwrap_or_else(PoisonError::into_inner).write_all(&message)
        });
        sent.map_err(|error| {
            let mut waiting = lock(&self.waiting);
            waiting.replies.remove(&id);
            waiting.lost.get_or_insert_with(|| text(&error));
            drop(waiting);
            self.loss()
        })
    }

    /// Why there is no reply.
    fn loss(&self) -> ClientError {
        let waiting = lock(&self.waiting);
        let reason = waiting.lost.as_deref().unwrap_or("it did not answer");
        ClientError(format!("the connection to the server at {} is lost: {reason}", self.address))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.writer.get_mut().unwrap_or_else(PoisonError::into_inner).shut_down();
    }
}

/// Gives each reply to who waits for it, until there are no more. Then nobody waits any more.
fn read_replies(mut reader: BufReader<Stream>, waiting: &Mutex<Waiting>) {
    let reason = loop {
        match read_reply(&mut reader) {
            Ok((id, message)) => {
                if let Some(sender) = lock(waiting).replies.remove(&id) {
                    // Who does not wait any more does not want it.
                    let _ = sender.send(message);
                }
            }
            Err(reason) => break reason,
        }
    };
    reader.get_ref().shut_down();
    let mut waiting = lock(waiting);
    waiting.lost.get_or_insert(reason);
    waiting.replies.clear();
}

/// Reads one line; the error is why there is none.
fn read_reply(reader: &mut BufReader<Stream>) -> Result<(u64, Vec<u8>), String> {
    loop {
        let mut message = Vec::new();
        let length = reader.take(MAX_REPLY).read_until(b'\n', &mut message).map_err(|error| text(&error))?;
        if length == 0 {
            return Err("the server closed it".to_owned());
        }
        if length as u64 == MAX_REPLY {
            return Err(format!("a reply is longer than {MAX_REPLY} bytes"));
        }
        if message.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let id = reply::id(&message)
            .map_err(|error| format!("what it sent is no reply of a debugger ({error}); is it one?"))?;
        return Ok((id, message));
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The text of an operating system's error without its number.
fn text(error: &std::io::Error) -> String {
    let text = error.to_string();
    let clause = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = clause.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
