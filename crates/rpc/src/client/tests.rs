//! The client against servers that are written down here.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::channel;

use adit_api::requests::DebugInfoDirectoriesIn;
use adit_api::{Client, DebuggerCommand};
use serde_json::{Value, json};

use super::RemoteClient;
use crate::Address;

/// The server's side of one connection.
struct Peer {
    reader: BufReader<TcpStream>,
}

impl Peer {
    /// The next request: its method, parameter and id.
    fn request(&mut self) -> Option<(String, Value, u64)> {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        let request: Value = serde_json::from_str(&line).ok()?;
        let method = request["method"].as_str().unwrap().strip_prefix("RPCServer.").unwrap().to_owned();
        Some((method, request["params"][0].clone(), request["id"].as_u64().unwrap()))
    }

    fn answer(&mut self, id: u64, result: Value) {
        self.say(&format!("{}\n", json!({ "id": id, "result": result, "error": null })));
    }

    fn refuse(&mut self, id: u64, error: &str) {
        self.say(&format!("{}\n", json!({ "id": id, "result": null, "error": error })));
    }

    fn say(&mut self, text: &str) {
        self.reader.get_mut().write_all(text.as_bytes()).unwrap();
    }
}

/// A client of a server that takes the first request as it should, and then does as `behave` says.
fn client_of(behave: impl FnOnce(Peer) + Send + 'static) -> RemoteClient {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: Address = listener.local_addr().unwrap().to_string().parse().unwrap();
    std::thread::spawn(move || {
        let mut peer = Peer { reader: BufReader::new(listener.accept().unwrap().0) };
        let (method, parameter, id) = peer.request().unwrap();
        assert_eq!(
            (method.as_str(), parameter),
            ("SetApiVersion", json!({ "APIVersion": 2, "ReadableTexts": true }))
        );
        peer.answer(id, json!({}));
        behave(peer);
    });
    RemoteClient::connect(&address, None).unwrap()
}

fn command(name: &str) -> DebuggerCommand {
    DebuggerCommand { name: name.to_owned(), ..DebuggerCommand::default() }
}

#[test]
fn a_halt_is_sent_while_a_command_waits_and_replies_come_in_any_order() {
    let (running, is_running) = channel();
    let client = Arc::new(client_of(move |mut peer| {
        let (_, continued, first) = peer.request().unwrap();
        assert_eq!(continued["name"], "continue");
        running.send(()).unwrap();
        let (_, halted, second) = peer.request().unwrap();
        assert_eq!(halted["name"], "halt");
        peer.answer(second, json!({ "State": { "Pid": 2 } }));
        peer.answer(first, json!({ "State": { "Pid": 1 } }));
    }));
    let waits = Arc::clone(&client);
    let waits = std::thread::spawn(move || waits.command(&command("continue")).unwrap().pid);
    is_running.recv().unwrap();
    assert_eq!(client.command(&command("halt")).unwrap().pid, 2);
    assert_eq!(waits.join().unwrap(), 1);
}

#[test]
fn who_waits_for_a_server_that_goes_is_told_so() {
    let client = client_of(|mut peer| {
        peer.request().unwrap();
    });
    let error = client.command(&command("continue")).unwrap_err().0;
    assert!(error.starts_with("the connection to the server at 127.0.0.1:"), "{error}");
    assert!(error.contains(" is lost: "), "{error}");
    // So is who comes later.
    assert_eq!(client.state(true).unwrap_err().0, error);
    assert!(!client.is_multiclient());
}

#[test]
fn what_is_no_reply_ends_the_connection() {
    for nonsense in ["HTTP/1.1 400 Bad Request\r\n\r\n", "{\"id\":\"x\"}\n", "[1]\n", "\u{0}\n"] {
        let client = client_of(move |mut peer| {
            peer.request().unwrap();
            peer.say(nonsense);
            // The client is the one that hangs up.
            assert!(peer.request().is_none());
        });
        let error = client.state(true).unwrap_err().0;
        assert!(error.contains("is no reply of a debugger"), "{nonsense:?}: {error}");
    }
}

#[test]
fn replies_that_nobody_waits_for_are_passed_over() {
    let client = client_of(|mut peer| {
        let (_, _, id) = peer.request().unwrap();
        peer.say("\n");
        peer.answer(id + 7, json!({ "State": { "Pid": 1 } }));
        peer.answer(id, json!({ "State": { "Pid": 2 } }));
        peer.answer(id, json!({ "State": { "Pid": 3 } }));
        let (_, _, id) = peer.request().unwrap();
        peer.answer(id, json!({ "State": null }));
    });
    assert_eq!(client.state(false).unwrap().pid, 2);
    assert_eq!(client.state(false).unwrap_err().0, "the server answered without a state");
}

#[test]
fn what_a_server_does_not_know_is_done_without() {
    let client = client_of(|mut peer| {
        while let Some((method, _, id)) = peer.request() {
            match method.as_str() {
                "State" => peer.answer(
                    id,
                    json!({ "State": { "Pid": 7, "TargetCommandLine": "./x", "Threads": null } }),
                ),
                method => peer.refuse(id, &format!("unknown method: RPCServer.{method}")),
            }
        }
    });
    let folders = DebugInfoDirectoriesIn { set: true, list: vec!["/a".to_owned()] };
    assert_eq!(client.debug_info_directories(&folders).unwrap(), ["/a"]);
    client.cancel_downloads().unwrap();
    assert!(client.guess_substitute_path(&Default::default()).unwrap().is_empty());
    let targets = client.list_targets().unwrap();
    assert_eq!((targets.len(), targets[0].pid, targets[0].cmd_line.as_str()), (1, 7, "./x"));
    assert_eq!(client.program_info().unwrap_err().0, "the server does not tell how the program was built");
    assert!(!client.follow_exec_enabled());
    // What is a part of every server is not excused.
    assert_eq!(client.build_id().unwrap_err().0, "unknown method: RPCServer.BuildID");
}

#[test]
fn who_leaves_does_not_wait_and_the_command_arrives() {
    let (sender, received) = channel();
    let client = client_of(move |mut peer| sender.send(peer.request().unwrap().1).unwrap());
    client.command_and_leave(&command("continue")).unwrap();
    drop(client);
    assert_eq!(received.recv().unwrap()["name"], "continue");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address: Address = format!("127.0.0.1:{port}").parse().unwrap();
    let Err(error) = RemoteClient::connect(&address, None) else { panic!("somebody listens there") };
    assert_eq!(error.0, format!("could not connect to 127.0.0.1:{port}: connection refused"));
    let address: Address = "unix:/nonexistent/socket".parse().unwrap();
    let Err(error) = RemoteClient::connect(&address, None) else { panic!("somebody listens there") };
    assert_eq!(error.0, "could not connect to unix:/nonexistent/socket: no such file or directory");
}
