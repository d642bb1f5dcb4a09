//! Clients of all kinds, polite and hostile, on a session that is a fake.

mod fake;
mod fitting;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use adit_api::{Breakpoint, DebuggerState, Thread};
use fake::{Fake, LIMIT};

use super::{Ended, Listener, Options, Stopper, Token, serve};

/// A server under test.
struct Server {
    fake: Arc<Fake>,
    address: String,
    stopper: Stopper,
    ended: Receiver<Ended>,
    notices: Arc<Mutex<Vec<String>>>,
    /// One message for each notice.
    noticed: Receiver<()>,
}

impl Server {
    fn start(options: Options) -> Server {
        Self::with(Fake::default(), options)
    }

    fn many() -> Server {
        Self::start(Options { accept_multiclient: true, ..Options::default() })
    }

    fn with(fake: Fake, options: Options) -> Server {
        let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
        assert!(!listener.is_remote());
        let (fake, address) = (Arc::new(fake), listener.address_text());
        let notices: Arc<Mutex<Vec<String>>> = Arc::default();
        let (notice, noticed) = channel();
        let (stopper, sink) = (options.stopper.clone(), notices.clone());
        let notice = Box::new(move |text: &str| {
            sink.lock().unwrap().push(text.to_owned());
            let _ = notice.send(());
        });
        let (sender, ended) = channel();
        let session = fake.clone();
        std::thread::spawn(move || sender.send(serve(listener, session, Options { notice, ..options })));
        Server { fake, address, stopper, ended, notices, noticed }
    }

    fn connect(&self) -> Peer {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        Peer { lines: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    fn end(&self) -> Ended {
        self.ended.recv_timeout(LIMIT).unwrap()
    }

    fn next_notice(&self) -> String {
        self.noticed.recv_timeout(LIMIT).unwrap();
        self.notices.lock().unwrap().remove(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}

/// A client.
struct Peer {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Peer {
    fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    fn request(&mut self, id: u32, method: &str, params: &str) {
        self.send(&format!("{{\"method\":\"RPCServer.{method}\",\"params\":[{params}],\"id\":{id}}}\n"));
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    fn ask(&mut self, method: &str, params: &str) -> String {
        self.request(7, method, params);
        self.line()
    }

    fn is_closed(&mut self) -> bool {
        // Closed with something unread, it is a reset.
        matches!(self.lines.read(&mut [0]), Ok(0) | Err(_))
    }
}

const VERSION: &str = "{\"id\":7,\"result\":{\"DelveVersion\":\"\",\"APIVersion\":2,\"Backend\":\"\",\"TargetGoVersion\":\"\",\
                       \"MinSupportedVersionOfGo\":\"\",\"MaxSupportedVersionOfGo\":\"\"},\"error\":null}\n";

#[test]
fn requests_are_answered_by_their_ids() {
    let server = Server::start(Options::default());
    let mut peer = server.connect();
    assert_eq!(peer.ask("GetVersion", ""), VERSION);
    assert_eq!(peer.ask("ProcessPid", "{}"), "{\"id\":7,\"result\":{\"Pid\":99},\"error\":null}\n");
    assert_eq!(
        peer.ask("IsMulticlient", "{}"),
        "{\"id\":7,\"result\":{\"IsMulticlient\":false},\"error\":null}\n"
    );
    assert_eq!(peer.ask("SetApiVersion", "{\"apiversion\":2}"), "{\"id\":7,\"result\":{},\"error\":null}\n");
    for (text, reply) in [
        (
            r#"{"method":"RPCServer.SetApiVersion","params":[{"APIVersion":1}],"id":18446744073709551615}"#,
            r#"{"id":18446744073709551615,"result":null,"error":"unknown API version"}"#,
        ),
        (
            r#"{"id":1,"params":[{}],"method":"RPCServer.Foo"}"#,
            r#"{"id":1,"result":null,"error":"unknown method: RPCServer.Foo"}"#,
        ),
        (
            r#"{"id":2,"params":[{}],"method":"State"}"#,
            r#"{"id":2,"result":null,"error":"unknown method: State"}"#,
        ),
        (
            r#"{"id":3,"params":["x"],"method":"RPCServer.State"}"#,
            r#"{"id":3,"result":null,"error":"malformed request body: json: cannot unmarshal string into .0 of type rpc2.StateIn"}"#,
        ),
        (
            r#"{"id":4,"method":"RPCServer.State"}"#,
            r#"{"id":4,"result":null,"error":"malformed request body: jsonrpc: request body missing params"}"#,
        ),
        (
            r#"{"ID":5,"Method":"RPCServer.ListCheckpoints","PARAMS":[{}],"jsonrpc":"2.0"}"#,
            r#"{"id":5,"result":null,"error":"not a recording"}"#,
        ),
        (
            r#"{"id":6,"method":"RPCServer.Eval","params":[{"Expr":"panic"}]}"#,
            r#"{"id":6,"result":null,"error":"Internal debugger error: about panic\n"}"#,
        ),
        (
            r#"{"method":"RPCServer.ClearCheckpoint","params":[{}]}"#,
            r#"{"id":null,"result":null,"error":"not a recording"}"#,
        ),
    ] {
        peer.send(text);
        assert_eq!(peer.line().trim_end(), reply);
    }
    let reply = peer.ask("Eval", r#"{"Expr":"<&>","Cfg":{}}"#);
    assert!(reply.contains(r#""value":"\u003c\u0026\u003e true""#), "{reply}");
}

#[test]
fn many_requests_at_once_are_answered_in_turn() {
    let server = Server::start(Options::default());
    let mut peer = server.connect();
    let requests: String = (0..500)
        .map(|id| format!("{{\"method\":\"RPCServer.ProcessPid\",\"params\":[{{}}],\"id\":{id}}}"))
        .collect();
    // In pieces that end within requests.
    for piece in requests.as_bytes().chunks(997) {
        peer.stream.write_all(piece).unwrap();
    }
    for id in 0..500 {
        assert_eq!(peer.line(), format!("{{\"id\":{id},\"result\":{{\"Pid\":99}},\"error\":null}}\n"));
    }
}

#[test]
fn a_halt_is_read_whatever_waits_for_the_program_to_stop() {
    let server = Server::start(Options::default());
    let mut peer = server.connect();
    peer.request(1, "Command", "{\"name\":\"continue\"}");
    for id in 2..20 {
        peer.request(id, "Eval", "{\"Expr\":\"x\"}");
    }
    peer.request(20, "State", "{\"NonBlocking\":false}");
    peer.request(21, "State", "{\"NonBlocking\":true}");
    let running = peer.line();
    assert!(running.starts_with(
        "{\"id\":21,\"result\":{\"State\":{\"Pid\":0,\"TargetCommandLine\":\"\",\"Running\":true,"
    ));
    assert_eq!(peer.ask("GetVersion", "{}"), VERSION);
    peer.request(22, "Command", "{\"name\":\"halt\"}");
    let mut ids: Vec<u32> = (0..21)
        .map(|_| {
            let line = peer.line();
            assert!(line.ends_with("\"error\":null}\n"), "{line}");
            line["{\"id\":".len()..line.find(',').unwrap()].parse().unwrap()
        })
        .collect();
    let in_turn: Vec<u32> = ids.iter().copied().filter(|id| (2..20).contains(id)).collect();
    assert_eq!(in_turn, (2..20).collect::<Vec<_>>());
    // The command that the halt ended is answered before it.
    let of = |id| ids.iter().position(|other| *other == id);
    assert!(of(1) < of(22));
    ids.sort_unstable();
    assert_eq!(ids, [(1..21).collect::<Vec<_>>(), vec![22]].concat());
    assert_eq!(server.fake.running.lock().unwrap().commands, ["continue", "halt"]);
}

#[test]
fn requests_without_end_are_refused_and_halt_is_not() {
    let server = Server::start(Options { message_limit: 50_000, ..Options::default() });
    let mut peer = server.connect();
    peer.request(1, "Command", "{\"name\":\"continue\"}");
    server.fake.wait(|running| running.now);
    for id in 2..1002 {
        peer.request(id, "Eval", "{\"Expr\":\"x\"}");
    }
    let refused = peer.line();
    assert!(refused.contains("\"error\":\"too many requests of this connection wait"), "{refused}");
    peer.request(1002, "Command", "{\"name\":\"halt\"}");
    let mut answered = 0;
    for _ in 0..1001 {
        answered += usize::from(peer.line().contains("\"error\":null"));
    }
    assert!(answered > 500, "{answered}");
    assert_eq!(peer.ask("GetVersion", "{}"), VERSION);
}

#[test]
fn the_session_ends_with_its_only_client() {
    let server = Server::with(Fake { attached: false, ..Fake::default() }, Options::default());
    let mut peer = server.connect();
    peer.ask("GetVersion", "{}");
    // Nobody else is let in.
    assert!(TcpStream::connect(&server.address).is_err());
    drop(peer);
    assert_eq!(server.end(), Ended::Disconnected);
    assert_eq!(server.fake.running.lock().unwrap().detached, Some(true));
}

#[test]
fn what_was_asked_before_the_end_of_input_is_answered() {
    let server = Server::start(Options::default());
    let mut peer = server.connect();
    peer.request(1, "ProcessPid", "{}");
    peer.request(2, "Eval", "{\"Expr\":\"x\"}");
    peer.stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert!(peer.line().starts_with("{\"id\":1,"));
    assert!(peer.line().starts_with("{\"id\":2,"));
    assert_eq!(server.end(), Ended::Disconnected);
}

#[test]
fn many_clients_have_the_same_session_and_may_go() {
    let server = Server::many();
    let mut first = server.connect();
    let mut second = server.connect();
    assert_eq!(
        first.ask("IsMulticlient", "{}"),
        "{\"id\":7,\"result\":{\"IsMulticlient\":true},\"error\":null}\n"
    );
    first.request(1, "Command", "{\"name\":\"continue\"}");
    server.fake.wait(|running| running.now);
    assert!(second.ask("State", "{\"NonBlocking\":true}").contains("\"Running\":true"));
    drop(first);
    assert!(second.ask("Command", "{\"name\":\"halt\"}").contains("\"stopReason\":\"manual\""));
    let reply = second.ask("Detach", "{\"Kill\":false}");
    assert_eq!(reply, "{\"id\":7,\"result\":{},\"error\":null}\n");
    assert_eq!(server.end(), Ended::Detached);
    assert_eq!(server.fake.running.lock().unwrap().detached, Some(true));
    assert!(second.is_closed());
}

#[test]
fn an_attached_program_is_killed_only_if_a_client_says_so() {
    for (params, killed) in [("{}", false), ("{\"Kill\":true}", true)] {
        let server = Server::with(Fake { attached: true, ..Fake::default() }, Options::default());
        let mut peer = server.connect();
        peer.ask("Detach", params);
        assert_eq!(server.end(), Ended::Detached);
        assert_eq!(server.fake.running.lock().unwrap().detached, Some(killed));
    }
    let server = Server::with(Fake { attached: true, ..Fake::default() }, Options::default());
    drop(server.connect());
    assert_eq!(server.end(), Ended::Disconnected);
    assert_eq!(server.fake.running.lock().unwrap().detached, Some(false));
}

#[test]
fn a_server_may_be_stopped_while_the_program_runs() {
    let server = Server::many();
    let mut peer = server.connect();
    peer.request(1, "Command", "{\"name\":\"continue\"}");
    server.fake.wait(|running| running.now);
    server.stopper.stop();
    assert_eq!(server.end(), Ended::Stopped);
    assert_eq!(server.fake.running.lock().unwrap().detached, Some(true));
    // The command has ended, and says so before the connection does.
    assert!(peer.line().starts_with("{\"id\":1,"));
    assert!(peer.is_closed());
}

#[test]
fn a_stop_that_no_client_sees_is_told_of() {
    let stack_text: super::StackText = Box::new(|frames| format!("{} frames\n", frames.len()));
    let options = Options { accept_multiclient: true, stack_text: Some(stack_text), ..Options::default() };
    let server = Server::start(options);
    let panicking = Breakpoint { name: "unrecovered-panic".into(), id: -1, ..Breakpoint::default() };
    let at = |breakpoint| DebuggerState {
        current_thread: Some(Thread { breakpoint: Some(breakpoint), ..Thread::default() }),
        stop_reason: "breakpoint".into(),
        ..DebuggerState::default()
    };
    let rest =
        "To continue the execution please connect your client to the debugger.\nStack trace:\n50 frames";
    let exited = DebuggerState { exited: true, stop_reason: "exited".into(), ..DebuggerState::default() };
    for (stop, notice) in [
        (
            at(Breakpoint::default()),
            format!("\n** execution is paused because a breakpoint is hit **\n{rest}"),
        ),
        (at(panicking), format!("\n** execution is paused because your program is panicking **\n{rest}")),
        (exited, "Stop reason: exited".to_owned()),
    ] {
        let mut peer = server.connect();
        peer.request(1, "Command", "{\"name\":\"continue\"}");
        server.fake.wait(|running| running.now);
        peer.stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(peer.is_closed());
        server.fake.stop(stop);
        assert_eq!(server.next_notice(), notice);
    }
}

#[test]
fn a_program_may_be_let_run_at_the_start() {
    let options = Options { accept_multiclient: true, continue_at_start: true, ..Options::default() };
    let server = Server::start(options);
    server.fake.wait(|running| running.now);
    let mut peer = server.connect();
    assert!(peer.ask("Command", "{\"name\":\"halt\"}").contains("\"stopReason\":\"manual\""));
    assert_eq!(server.next_notice(), "Stop reason: manual");
}

#[test]
fn hostile_clients_disturb_nobody() {
    let server =
        Server::start(Options { accept_multiclient: true, message_limit: 100_000, ..Options::default() });
    let mut good = server.connect();
    good.request(1, "Command", "{\"name\":\"continue\"}");
    server.fake.wait(|running| running.now);
    let long = format!("{{\"method\":\"{}", "x".repeat(200_000));
    let deep = format!("{{\"method\":\"RPCServer.State\",\"id\":1,\"params\":{}", "[".repeat(50_000));
    let deep_closed = format!("{{\"params\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    for bytes in [
        b"GET / HTTP/1.1\r\n\r\n".as_slice(),
        b"Content-Length: 10\r\n\r\n",
        b"[]",
        b"\x16\x03\x01\x00\xff\xfe\x00\x00",
        b"{]",
        b"{\"method\":3,\"params\":[{}],\"id\":1}",
        b"{\"method\":\"RPCServer.State\",\"params\":[{}],\"id\":1",
        b"{\"method\":\"RPCServer.State\" \"params\"}",
        b"",
        b"{}{}{}",
        long.as_bytes(),
        deep.as_bytes(),
        deep_closed.as_bytes(),
    ] {
        let mut bad = server.connect();
        // It may be refused before all of it is taken.
        let _ = bad.stream.write_all(bytes);
        let _ = bad.stream.shutdown(std::net::Shutdown::Write);
        let _ = bad.lines.read_to_end(&mut Vec::new());
        assert!(good.ask("State", "{\"NonBlocking\":true}").contains("\"Running\":true"));
    }
    let mut bad = server.connect();
    let _ = bad.stream.write_all(long.as_bytes());
    assert_eq!(bad.line(), "{\"id\":null,\"result\":null,\"error\":\"message longer than 100000 bytes\"}\n");
    assert!(bad.is_closed());
    good.request(2, "Command", "{\"name\":\"halt\"}");
    good.line();
    good.line();
    assert_eq!(good.ask("ProcessPid", "{}"), "{\"id\":7,\"result\":{\"Pid\":99},\"error\":null}\n");
}

#[test]
fn a_client_that_takes_no_replies_is_dropped() {
    let server = Server::start(Options {
        accept_multiclient: true,
        write_patience: std::time::Duration::from_millis(100),
        ..Options::default()
    });
    let mut slow = server.connect();
    for id in 0..20 {
        let text = r#""method":"RPCServer.Eval","params":[{"Expr":"long"}]"#;
        // It may be dropped before all of this is sent.
        let _ = write!(slow.stream, "{{{text},\"id\":{id}}}");
    }
    assert_eq!(server.next_notice(), "closing a connection whose client does not read its replies");
    assert_eq!(server.connect().ask("GetVersion", "{}"), VERSION);
    // What was sent comes, cut off; then nothing.
    let mut taken = Vec::new();
    let _ = slow.lines.read_to_end(&mut taken);
    assert!(taken.len() < 20 * (8 << 20));
}

#[test]
fn too_many_connections_are_closed() {
    let options = Options { accept_multiclient: true, max_connections: 3, ..Options::default() };
    let server = Server::start(options);
    let mut peers: Vec<Peer> = (0..3).map(|_| server.connect()).collect();
    for peer in &mut peers {
        assert_eq!(peer.ask("GetVersion", "{}"), VERSION);
    }
    assert!(server.connect().is_closed());
    assert_eq!(server.next_notice(), "closing a connection: there are too many");
    assert_eq!(peers[2].ask("GetVersion", "{}"), VERSION);
}

#[test]
fn a_token_is_asked_for_in_the_first_message() {
    let token = Token::generate().unwrap();
    assert_eq!(token.text().len(), 32);
    assert!(token.is(token.text()) && !token.is("") && !token.is(&"0".repeat(32)));
    let server = Server::start(Options { token: Some(token.clone()), ..Options::default() });
    let long = format!("\"APIVersion\":2,\"Other\":\"{}\"", "x".repeat(100_000));
    for (method, params, error) in [
        ("GetVersion", String::new(), "authentication required: "),
        ("SetApiVersion", "\"APIVersion\":2".to_owned(), "authentication required: "),
        ("Authenticate", String::new(), "authentication required: "),
        (
            "SetApiVersion",
            "\"APIVersion\":2,\"Token\":\"0123456789abcdef\"".to_owned(),
            "authentication failed: wrong token",
        ),
        ("Authenticate", "\"Token\":\"0123456789abcdef\"".to_owned(), "authentication failed: wrong token"),
        ("Detach", String::new(), "authentication required: "),
        ("SetApiVersion", long, "message longer than 65536 bytes"),
    ] {
        let mut peer = server.connect();
        let reply = peer.ask(method, &format!("{{{params}}}"));
        assert!(reply.contains(&format!("\"result\":null,\"error\":\"{error}")), "{method}: {reply}");
        assert!(peer.is_closed());
    }
    assert_eq!(server.fake.running.lock().unwrap().detached, None);
    let mut waiting = server.connect();
    let mut peer = server.connect();
    let reply = peer.ask("Authenticate", &format!("{{\"Token\":{:?}}}", token.text()));
    assert_eq!(reply, "{\"id\":7,\"result\":{},\"error\":null}\n");
    assert_eq!(peer.ask("GetVersion", "{}"), VERSION);
    // There is one client now, and may be no other.
    let reply = waiting.ask("SetApiVersion", &format!("{{\"APIVersion\":2,\"Token\":{:?}}}", token.text()));
    assert!(reply.contains("another client is connected already"), "{reply}");
    assert!(waiting.is_closed());
    drop(peer);
    assert_eq!(server.end(), Ended::Disconnected);
}

#[test]
fn debug_adapter_clients_are_handed_on() {
    let dap: super::DapHook = Box::new(|mut stream, token| {
        let mut bytes = [0; 17];
        stream.read_exact(&mut bytes).unwrap();
        assert!(token.is_none());
        stream.write_all(&bytes).unwrap();
    });
    let server = Server::start(Options { dap: Some(dap), ..Options::default() });
    let mut peer = server.connect();
    peer.send("Content-Length: 0\n");
    assert_eq!(peer.line(), "Content-Length: 0\r\n".replace("\r\n", "")[..17].to_owned());
    assert_eq!(server.end(), Ended::Disconnected);
}

#[test]
fn a_unix_socket_is_served_and_removed() {
    let folder = std::env::temp_dir().join(format!("adit-rpc-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("socket");
    let address = format!("unix:{}", path.display()).parse().unwrap();
    let listener = Listener::bind(&address).unwrap();
    assert_eq!(listener.address_text(), path.display().to_string());
    assert!(Listener::bind(&address).unwrap_err().to_string().starts_with("could not start listener: unix:"));
    let fake = Arc::new(Fake::default());
    let serving = std::thread::spawn(move || serve(listener, fake, Options::default()));
    let mut stream = crate::Stream::connect(&address).unwrap();
    stream.write_all(b"{\"method\":\"RPCServer.GetVersion\",\"params\":[{}],\"id\":7}").unwrap();
    let mut line = String::new();
    BufReader::new(stream.clone()).read_line(&mut line).unwrap();
    assert_eq!(line, VERSION);
    stream.shut_down();
    assert_eq!(serving.join().unwrap(), Ended::Disconnected);
    assert!(!path.exists());
    std::fs::remove_dir(&folder).unwrap();
}
