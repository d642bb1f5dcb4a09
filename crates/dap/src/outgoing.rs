//! What goes to the editor.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::framing;
use crate::protocol::Request;
use crate::protocol::events::OutputEventBody;

/// Sends messages; shared by all threads of a session. A message that cannot be sent is lost: that the editor is gone
/// shows where its requests are read.
#[derive(Clone)]
pub(crate) struct Outgoing(Arc<Mutex<Sender>>);

struct Sender {
    writer: Box<dyn Write + Send>,
    /// The number of the last message.
    seq: i64,
}

impl Outgoing {
    pub(crate) fn new(writer: Box<dyn Write + Send>) -> Outgoing {
        Outgoing(Arc::new(Mutex::new(Sender { writer, seq: 0 })))
    }

    /// Sends the message with its number, which is returned.
    fn send(&self, mut message: Value) -> i64 {
        let mut sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sender.seq += 1;
        message["seq"] = sender.seq.into();
        tracing::debug!(target: "dap", "[-> to client]{message}");
        if let Err(error) = framing::write(&mut *sender.writer, &message) {
            tracing::debug!(target: "dap", "could not send: {error}");
        }
        sender.seq
    }

    /// Sends an event without a body.
    pub(crate) fn bare_event(&self, event: &str) {
        self.send(json!({"type": "event", "event": event}));
    }

    pub(crate) fn event(&self, event: &str, body: &impl Serialize) {
        // The bodies are plain structs, which can be written as JSON.
        let body = serde_json::to_value(body).unwrap_or_default();
        self.send(json!({"type": "event", "event": event, "body": body}));
    }

    /// Shows the user a text.
    pub(crate) fn output(&self, category: &str, text: impl Into<String>) {
        let category = Some(category.to_owned());
        self.event(
            "output",
            &OutputEventBody { category, output: text.into(), ..OutputEventBody::default() },
        );
    }

    pub(crate) fn response(&self, request: &Request, body: Option<Value>) {
        let mut message = json!({
            "type": "response", "request_seq": request.seq, "success": true, "command": request.command,
        });
        if let Some(body) = body {
            message["body"] = body;
        }
        self.send(message);
    }

    pub(crate) fn failure(&self, request: &Request, failure: &Failure) {
        let error = json!({
            "id": failure.kind.id(), "format": failure.text(), "showUser": failure.show_user,
        });
        let (message, command) = match failure.is_internal() {
            true => ("Internal Error", ""),
            false => (failure.summary.as_str(), request.command.as_str()),
        };
        self.send(json!({
            "type": "response", "request_seq": request.seq, "success": false, "command": command,
            "message": message, "body": {"error": error},
        }));
    }
}
