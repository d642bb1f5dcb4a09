//! An editor, so far as the Debug Adapter Protocol goes. It shares no code with the debugger, and holds every message
//! to the protocol's schema.

mod schema;

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Debugger, Marker, Program, binary};
use schema::Schema;

/// No answer takes longer, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// An editor's session with the debugger.
pub struct Editor {
    server: Option<Server>,
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    seq: i64,
    /// The commands that are not answered yet, by number.
    asked: HashMap<i64, String>,
    /// Events that nobody has looked at yet.
    events: VecDeque<Value>,
    /// All that was said, for failures.
    said: Vec<String>,
}

/// A debugger that was started for the editor.
struct Server {
    process: Child,
    /// What it prints itself.
    printed: BufReader<ChildStdout>,
    marker: Marker,
    _home: TempDir,
}

impl Editor {
    /// Starts `adit dap`, and connects to it.
    pub fn start() -> Editor {
        Self::of(Debugger::new(["dap"]))
    }

    /// Starts this debugger, which says where it listens, and connects to it.
    pub fn of(debugger: Debugger) -> Editor {
        let (home, marker) = (tempfile::tempdir().unwrap(), Marker::new());
        let mut command = debugger.command(&binary(), home.path());
        Debugger::mark(&mut command, &marker);
        let mut server =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut printed = BufReader::new(server.stdout.take().unwrap());
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        let (_, address) =
            line.trim().split_once(" server listening at: ").unwrap_or_else(|| panic!("{line:?}"));
        let mut editor = Self::over(TcpStream::connect(address).unwrap());
        editor.server = Some(Server { process: server, printed, marker, _home: home });
        editor
    }

    /// A session over a connection to a server that was started elsewhere.
    pub fn connect(address: &str) -> Editor {
        Self::over(TcpStream::connect(address).unwrap())
    }

    fn over(stream: TcpStream) -> Editor {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let writer = stream.try_clone().unwrap();
        Editor {
            server: None,
            reader: BufReader::new(stream),
            writer,
            seq: 0,
            asked: HashMap::new(),
            events: VecDeque::new(),
            said: Vec::new(),
        }
    }

    /// Sends a request, and returns its number.
    pub fn send(&mut self, command: &str, arguments: Value) -> i64 {
        self.seq += 1;
        let mut message = json!({"seq": self.seq, "type": "request", "command": command});
        if !arguments.is_null() {
            message["arguments"] = arguments;
        }
        self.asked.insert(self.seq, command.to_owned());
        self.send_raw(&message.to_string());
        self.seq
    }

    /// Sends a message as it is.
    pub fn send_raw(&mut self, content: &str) {
        self.said.push(format!(">> {content}"));
        write!(self.writer, "Content-Length: {}\r\n\r\n{content}", content.len()).unwrap();
    }

    /// Sends bytes that need not be a message.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
    }

    /// The next message; `None` at the end of the connection.
    pub fn receive(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            match self.reader.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => self.fail(&format!("nothing came: {error}")),
            }
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None => break,
            }
        }
        let mut content = vec![0; length];
        self.reader.read_exact(&mut content).unwrap();
        let message: Value = serde_json::from_slice(&content).unwrap();
        self.said.push(format!("<< {message}"));
        self.check(&message);
        Some(message)
    }

    /// Holds a message to the schema.
    fn check(&mut self, message: &Value) {
        let command = match message["type"].as_str() {
            Some("request") => message["command"].as_str().unwrap_or_default().to_owned(),
            _ => {
                let asked = message["request_seq"].as_i64();
                asked.and_then(|seq| self.asked.remove(&seq)).unwrap_or_default()
            }
        };
        let faults = Schema::get().faults(message, &command);
        if !faults.is_empty() {
            self.fail(&faults.join("\n"));
        }
    }

    /// The response to a request, whatever it says. Events that come before are kept.
    pub fn response(&mut self, request: i64) -> Value {
        loop {
            let Some(message) = self.receive() else { self.fail("the connection is closed") };
            match message["type"].as_str() {
                Some("response") if message["request_seq"] == request => return message,
                Some("event") => self.events.push_back(message),
                _ => {}
            }
        }
    }

    /// Asks for something that succeeds, and returns the body.
    pub fn ask(&mut self, command: &str, arguments: Value) -> Value {
        let request = self.send(command, arguments);
        let response = self.response(request);
        if response["success"] != true {
            self.fail(&format!("{command} failed"));
        }
        response["body"].clone()
    }

    /// Asks for something that fails: the text, which begins with the summary.
    pub fn refused(&mut self, command: &str, arguments: Value) -> String {
        let request = self.send(command, arguments);
        let response = self.response(request);
        if response["success"] != false {
            self.fail(&format!("{command} did not fail"));
        }
        response["body"]["error"]["format"].as_str().unwrap_or_default().to_owned()
    }

    /// The next event of a kind, its body; those before it are dropped.
    pub fn event(&mut self, kind: &str) -> Value {
        loop {
            let event = match self.events.pop_front() {
                Some(event) => event,
                None => match self.receive() {
                    Some(message) if message["type"] == "event" => message,
                    Some(_) => continue,
                    None => self.fail(&format!("the connection is closed before '{kind}'")),
                },
            };
            if event["event"] == kind {
                return event["body"].clone();
            }
        }
    }

    /// The events that came and were not looked at.
    pub fn take_events(&mut self) -> Vec<Value> {
        self.events.drain(..).collect()
    }

    /// Introduces itself as an editor that can all.
    pub fn initialize(&mut self) -> Value {
        self.ask(
            "initialize",
            json!({
                "clientID": "test", "adapterID": "go", "pathFormat": "path",
                "linesStartAt1": true, "columnsStartAt1": true, "supportsVariableType": true,
                "supportsVariablePaging": true, "supportsInvalidatedEvent": true,
            }),
        )
    }

    /// Launches a program up to where breakpoints are set.
    pub fn launch(&mut self, program: &Program, attributes: Value) {
        self.initialize();
        let mut arguments = json!({"mode": "exec", "program": program.path()});
        for (name, value) in attributes.as_object().into_iter().flatten() {
            arguments[name] = value.clone();
        }
        self.ask("launch", arguments);
        self.event("initialized");
    }

    /// Sets breakpoints at marked lines of the program's file; returns what became of them.
    pub fn break_at(&mut self, program: &Program, marks: &[&str]) -> Value {
        let wanted: Vec<Value> = marks.iter().map(|mark| json!({"line": program.line(mark)})).collect();
        self.break_with(program, &wanted)
    }

    /// Sets these breakpoints in the program's file; returns what became of them.
    pub fn break_with(&mut self, program: &Program, wanted: &[Value]) -> Value {
        let source = json!({"path": program.source().join("main.go")});
        self.ask("setBreakpoints", json!({"source": source, "breakpoints": wanted}))["breakpoints"].clone()
    }

    /// Goes on until the next stop, which is returned.
    pub fn go_on(&mut self) -> Value {
        self.ask("continue", json!({"threadId": 1}));
        self.event("stopped")
    }

    /// The frames of a goroutine.
    pub fn frames(&mut self, thread: &Value) -> Vec<Value> {
        let body = self.ask("stackTrace", json!({"threadId": thread, "levels": 50}));
        body["stackFrames"].as_array().cloned().unwrap_or_default()
    }

    /// The variables of a scope of a frame, by the beginning of the scope's name.
    pub fn scope(&mut self, frame: &Value, name: &str) -> Vec<Value> {
        let scopes = self.ask("scopes", json!({"frameId": frame["id"]}));
        let scope = scopes["scopes"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|scope| scope["name"].as_str().is_some_and(|shown| shown.starts_with(name)));
        let Some(scope) = scope else { self.fail(&format!("no scope {name}: {scopes}")) };
        let reference = scope["variablesReference"].clone();
        self.variables(&reference)
    }

    /// What a number stands for.
    pub fn variables(&mut self, reference: &Value) -> Vec<Value> {
        let body = self.ask("variables", json!({"variablesReference": reference}));
        body["variables"].as_array().cloned().unwrap_or_default()
    }

    /// Evaluates an expression in a frame, and returns its text.
    pub fn evaluate(&mut self, frame: &Value, expression: &str) -> String {
        let arguments = json!({"expression": expression, "frameId": frame["id"], "context": "repl"});
        self.ask("evaluate", arguments)["result"].as_str().unwrap_or_default().to_owned()
    }

    /// Ends the session; nothing stays behind.
    pub fn finish(mut self) -> i32 {
        self.send("disconnect", json!({"terminateDebuggee": true}));
        while self.receive().is_some() {}
        self.end()
    }

    /// Waits for the debugger, after the connection has ended.
    pub fn end(&mut self) -> i32 {
        let Some(mut server) = self.server.take() else { return 0 };
        // Whoever prints must not wait for us.
        let mut rest = String::new();
        server.printed.read_to_string(&mut rest).unwrap();
        let status = server.process.wait().unwrap().code().unwrap_or(-1);
        let gone = crate::wait_until(Duration::from_secs(20), || server.marker.processes().is_empty());
        assert!(gone, "left behind: {:?}", server.marker.processes());
        status
    }

    /// Breaks the connection off without a word.
    pub fn vanish(mut self) -> i32 {
        self.writer.shutdown(std::net::Shutdown::Both).unwrap();
        self.end()
    }

    fn fail(&self, why: &str) -> ! {
        let from = self.said.len().saturating_sub(40);
        panic!("{why}\n{}", self.said[from..].join("\n"));
    }
}

impl Drop for Editor {
    /// A test that fails leaves no debugger behind, either.
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // It may be gone already.
            let _ = server.process.kill();
            let _ = server.process.wait();
        }
    }
}
