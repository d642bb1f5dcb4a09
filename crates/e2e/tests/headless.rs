//! Servers: their first line, their end, what they refuse, and what they leave behind.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use adit_e2e::{Debugger, Go, Program, Server, Signal, Waiting, skip, wait_until};

const PATIENCE: Duration = Duration::from_secs(60);

fn run(arguments: &[&str]) -> (i32, String, String) {
    let run = Debugger::new(arguments).run();
    (run.status, run.stdout, run.stderr)
}

#[test]
fn the_first_line_comes_before_the_program() {
    let Some(go) = Go::any() else { return };
    // There is a server before there is anything to serve.
    let (status, stdout, stderr) = run(&["exec", "--headless", "/nonexistent/program"]);
    assert_eq!(status, 1, "{stderr}");
    let port = stdout.strip_prefix("API server listening at: 127.0.0.1:").unwrap();
    assert!(port.strip_suffix('\n').unwrap().parse::<u16>().unwrap() > 0, "{stdout}");
    assert!(stderr.starts_with("could not launch process: "), "{stderr}");

    let program = Program::build("hello", &go);
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let server = Server::exec(&program, &[&format!("--listen=unix:{}", socket.display())], &[]);
    assert_eq!(server.address(), format!("unix:{}", socket.display()));
    server.signal(Signal::SIGTERM);
    server.finish(0);
    assert_eq!(server.stdout(), "");
    assert!(!socket.exists());
}

#[test]
fn the_first_line_goes_where_the_log_goes() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("hello", &go);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    fs::write(&log, "of an earlier run\n").unwrap();
    let arguments = ["exec", "--headless", "--log", "--log-output=rpc", "--log-dest"];
    let debugger = Debugger::new(
        arguments
            .iter()
            .map(|a| (*a).to_owned())
            .chain([log.to_str().unwrap().to_owned(), program.path().to_str().unwrap().to_owned()]),
    );
    let ended = std::thread::spawn(move || debugger.run());
    let text = || fs::read_to_string(&log).unwrap();
    assert!(wait_until(PATIENCE, || text().contains("API server pid =  ")), "{}", text());
    assert!(text().contains("API server listening at: 127.0.0.1:"), "{}", text());
    let (_, pid) =
        text().rsplit_once("API server pid =  ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(!text().contains("of an earlier run"));
    let pid = pid.lines().next().unwrap().parse().unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), Signal::SIGINT).unwrap();
    let run = ended.join().unwrap();
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
}

#[test]
fn the_first_line_goes_to_an_open_file_of_any_kind() {
    // Editors hand over one end of a socket, by its number, and wait for the line there.
    let (ours, theirs) = UnixStream::pair().unwrap();
    let script = "exec \"$0\" exec --headless --log-dest=3 /nonexistent/program 3<&0 </dev/null";
    let mut command = Command::new("sh");
    command
        .args(["-c", script])
        .arg(adit_e2e::binary())
        .stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs)));
    let output = command.output().unwrap();
    drop(command);
    let mut said = String::new();
    (&ours).read_to_string(&mut said).unwrap();
    assert!(said.starts_with("API server listening at: 127.0.0.1:"), "{said:?}, {output:?}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn what_is_refused_is_refused_word_for_word() {
    let missing = "/nonexistent/program";
    for (arguments, stdout, stderr) in [
        (&["exec", "--headless", "--api-version=1", missing] as &[&str], "", "unknown API version\n"),
        (&["exec", "--headless", "--api-version=3", missing], "Unknown API version: 3\n", ""),
        (
            &["exec", "--headless", "--continue", missing],
            "",
            "Error: --continue requires --accept-multiclient\n",
        ),
        (
            &["exec", "--headless", "--listen=unix:/nonexistent/socket", missing],
            "couldn't start listener: listen unix /nonexistent/socket: bind: no such file or directory\n",
            "",
        ),
    ] {
        assert_eq!(run(arguments), (1, stdout.to_owned(), stderr.to_owned()), "{arguments:?}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let expected = format!("couldn't start listener: listen tcp {address}: bind: address already in use\n");
    assert_eq!(run(&["exec", "--headless", "--listen", &address, missing]), (1, expected, String::new()));

    let (status, stdout, stderr) = run(&["exec", "--headless", "--init=commands", missing]);
    assert_eq!(status, 1);
    assert!(stdout.starts_with("API server listening at: "), "{stdout}");
    assert!(stderr.starts_with("Warning: init file ignored with --headless\n"), "{stderr}");
    let (_, _, stderr) = run(&["exec", "--allow-non-terminal-interactive", "--accept-multiclient", missing]);
    assert!(stderr.starts_with("Warning accept-multi: ignored\n"), "{stderr}");
}

#[test]
fn signals_end_a_server_and_its_program() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        // Before it ran, and while it runs.
        let server = Server::exec(&program, &[], &["forever"]);
        server.signal(signal);
        server.finish(0);
        let server = Server::exec(&program, &["--accept-multiclient", "--continue"], &["forever"]);
        server.expect("ready\n");
        server.signal(signal);
        server.finish(0);
    }
}

#[test]
fn a_killed_server_leaves_nothing_behind() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    let server = Server::exec(&program, &["--accept-multiclient", "--continue"], &["forever"]);
    server.expect("ready\n");
    assert_eq!(server.debuggees().len(), 1);
    server.signal(Signal::SIGKILL);
    server.finish(128 + 9);

    let Some(waiting) = Waiting::start(&program) else { return };
    let server = Server::attach(waiting.id(), &program, &["--accept-multiclient"]);
    let mut client = server.connect();
    client.send(&format!("break {}", program.at("tick")));
    client.send("continue");
    server.signal(Signal::SIGKILL);
    server.finish(128 + 9);
    client.type_line("print ticks");
    client.expect("is lost: ");
    client.type_line("exit");
    client.expect("Would you like to kill the headless instance? [Y/n] ");
    client.type_line("y");
    client.finish(1);
    waiting.end();
}

#[test]
fn an_attached_program_outlives_its_server() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    let Some(waiting) = Waiting::start(&program) else { return };
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let server = Server::attach(waiting.id(), &program, &["--accept-multiclient", "--continue"]);
        server.signal(signal);
        server.finish(0);
    }
    // The only client goes without a word.
    let server = Server::attach(waiting.id(), &program, &[]);
    let mut client = server.connect();
    client.send(&format!("break {}", program.at("tick")));
    client.send("continue");
    client.signal(Signal::SIGKILL);
    client.finish_unasked(128 + 9);
    server.finish(0);
    waiting.end();
}

#[test]
fn a_program_that_was_built_is_removed_with_its_server() {
    let Some(go) = Go::any() else { return };
    let source = Program::build("hello", &go).source().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("built");
    let output_flag = format!("--output={}", output.display());
    let line = ["debug", "--headless", "--check-go-version=false", &output_flag];
    let server = Server::start(Debugger::new(line).in_directory(&source).with_go(&go));
    assert!(output.exists());
    let mut client = server.connect();
    client.send("break main.greet");
    assert!(client.send("continue").contains("main.greet"));
    client.quit();
    server.finish(0);
    assert!(!output.exists());
}

#[test]
fn streams_of_the_program_go_where_they_are_sent() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("input"), folder.path().join("output"));
    fs::write(&input, "\n").unwrap();
    let redirects = [format!("stdin:{}", input.display()), format!("stdout:{}", output.display())];
    let server = Server::exec(&program, &["-r", &redirects[0], "-r", &redirects[1]], &[]);
    let mut client = server.connect();
    let end = client.send("continue");
    assert!(end.contains("has exited with status 0"), "{end}");
    client.quit();
    server.finish(0);
    assert_eq!(fs::read_to_string(&output).unwrap(), "ready\nalive\nend of input\n");
    assert_eq!(server.stdout(), "");
}

#[test]
fn other_machines_need_a_flag_and_a_token() {
    let Some(go) = Go::any() else { return };
    let (status, stdout, stderr) = run(&["exec", "--headless", "--listen=0.0.0.0:0", "/nonexistent/program"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with("--listen=0.0.0.0:0 would let other machines connect"), "{stderr}");

    let program = Program::build("hello", &go);
    let flags = ["--listen=0.0.0.0:0", "--allow-remote", "--accept-multiclient"];
    let server = Server::exec(&program, &flags, &[]);
    server.expect_error("(--token-file of 'adit connect')\n");
    let stderr = server.stderr();
    assert!(stderr.contains("warn layer=rpc Listening for remote connections"), "{stderr}");
    let token = stderr.split("the token ").nth(1).unwrap().split(' ').next().unwrap();

    let (_, port) = server.address().rsplit_once(':').unwrap();
    let address = format!("127.0.0.1:{port}");
    let connect = ["connect", "--allow-non-terminal-interactive", &address];
    let refused = Debugger::new(connect).run();
    assert_eq!(refused.status, 1, "{refused:?}");
    assert!(refused.stderr.contains("token"), "{refused:?}");

    let folder = tempfile::tempdir().unwrap();
    let wrong = token_file(folder.path(), "wrong", "0123456789abcdef0123456789abcdef");
    let refused = Debugger::new(connect.into_iter().chain(["--token-file", &wrong])).run();
    assert_eq!(refused.status, 1, "{refused:?}");
    let right = token_file(folder.path(), "right", token);
    let mut client = Debugger::new(connect.into_iter().chain(["--token-file", &right])).start();
    assert!(client.send("break main.greet").starts_with("Breakpoint 1 set at "));
    client.type_line("exit");
    client.expect("[Y/n] ");
    client.type_line("y");
    client.finish(0);
    server.finish(0);
}

fn token_file(folder: &Path, name: &str, token: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, format!("{token}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_program_has_the_servers_terminal_for_itself() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    if Command::new("setsid").arg("--version").output().is_err() {
        skip("setsid(1) is not there");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut ours = fs::File::from(terminal.master);
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait"]).arg(adit_e2e::binary());
    command.args(["exec", "--headless", "--accept-multiclient", "--continue", "--check-go-version=false"]);
    command.arg(format!("--listen=unix:{}", socket.display())).arg(program.path());
    command.stdin(Stdio::from(terminal.slave.try_clone().unwrap()));
    command.stdout(Stdio::from(terminal.slave.try_clone().unwrap())).stderr(Stdio::from(terminal.slave));
    let mut server = command.spawn().unwrap();
    drop(command);
    let said = adit_e2e::Transcript::of(ours.try_clone().unwrap());
    said.wait(0, PATIENCE, |said| said.contains("ready")).unwrap();
    // It reads from the terminal, ...
    ours.write_all(b"\n").unwrap();
    said.wait(0, PATIENCE, |said| said.contains("alive")).unwrap();
    // ... and Ctrl-C is for it: the server lives on, and has seen how its program ended.
    ours.write_all(b"\x03").unwrap();
    let address = format!("unix:{}", socket.display());
    let connect = ["connect", "--allow-non-terminal-interactive", &address];
    let mut client = Debugger::new(connect).start();
    client.type_line("continue");
    client.reply();
    client.type_line("exit");
    client.expect("Would you like to kill the headless instance? [Y/n] ");
    client.type_line("y");
    client.finish(0);
    assert!(server.wait().unwrap().success(), "{}", said.text());
}
