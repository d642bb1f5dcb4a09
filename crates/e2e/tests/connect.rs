//! Prompts as clients of servers, adit's and Delve's, and what they see of each other.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

use adit_e2e::{
    Debugger, Go, Program, Server, Session, Signal, on_oldest_and_newest, skip, without_addresses,
};

const MULTI: &[&str] = &["--accept-multiclient"];

/// What a session says to the commands, each after its own line, without the ids of processes and threads.
fn talk(session: &mut Session, commands: &[String]) -> String {
    let said: String =
        commands.iter().map(|command| format!("> {command}\n{}", session.send(command))).collect();
    let said = without_addresses(&said);
    let without_ids = |line: &str| {
        let words = line.split(' ').map(|word| {
            let number = word.trim_end_matches(')');
            let is_id = number.len() > 2 && number.bytes().all(|byte| byte.is_ascii_digit());
            if is_id { word.replace(number, "ID") } else { word.to_owned() }
        });
        words.collect::<Vec<_>>().join(" ") + "\n"
    };
    said.lines().map(without_ids).collect()
}

on_oldest_and_newest! {
    fn a_transcript_is_the_same_locally_and_remotely(go) {
        for (name, mark, commands) in [
            ("scopes", "", &["break main.main", "continue", "next", "step", "locals", "args", "stack", "up", "list"] as &[&str]),
            ("maps", "", &["break main.main", "continue", "next", "next", "next", "locals -v", "whatis main.main"]),
            ("hello", "greet", &[
                "bp", "continue", "args", "print name", "print nothing", "next", "print greeting", "set greeting = \"x\"",
                "call greeting", "stepout", "trace main.greet", "goroutines -with user", "disassemble -a 0 1",
                "whatis main.greet", "funcs ^main\\.", "types ^main\\.", "packages ^main$", "layout string",
                "condition 1 name == \"z\"", "on 1 print name", "bp", "toggle 1", "clear 1", "clear 9", "x 0", "libraries",
                "goroutine 99", "frame 99", "target nonsense", "display -a 1 + 1", "next", "continue", "print name", "restart",
                "continue", "nonsense", "config max-string-len 3",
            ]),
        ] {
            let program = Program::build(name, go);
            let mut lines: Vec<String> = Vec::new();
            if !mark.is_empty() {
                lines.push(format!("break {}", program.at(mark)));
            }
            lines.extend(commands.iter().map(|&command| command.to_owned()));
            let mut local = Session::exec_locally(&program);
            let mut remote = Session::exec_remotely(&program, &[], &[]);
            let (here, there) = (talk(&mut local, &lines), talk(&mut remote, &lines));
            for (there, here) in there.lines().zip(here.lines()) {
                assert_eq!(there, here, "{name}");
            }
            assert_eq!(there.len(), here.len(), "{name}");
            local.quit();
            remote.quit();
        }
    }

    fn clients_come_and_go_and_see_the_same_session(go) {
        let program = Program::build("hello", go);
        let server = Server::exec(&program, MULTI, &[]);
        let mut first = server.connect();
        let mut second = server.connect();
        first.send(&format!("break here {}", program.at("greet")));
        assert!(second.send("bp").contains("Breakpoint here (enabled) at "), "{}", second.transcript());
        let stop = second.send("continue");
        assert!(stop.contains("> [here] main.greet("), "{stop}");
        assert_eq!(first.send("print name"), "\"world\"\n");
        leave(first);
        second.send("call name = \"all\"");
        leave(second);

        let mut third = server.connect();
        assert_eq!(third.send("print name"), "\"all\"\n");
        assert!(third.send("bp").contains("Breakpoint here (enabled)"), "{}", third.transcript());
        third.type_line("exit");
        third.expect("Would you like to kill the headless instance? [Y/n] ");
        third.type_line("y");
        third.finish(0);
        server.finish(0);
    }
}

/// Leaves the session to others.
fn leave(mut client: Session) {
    client.type_line("exit");
    client.expect("Would you like to kill the headless instance? [Y/n] ");
    client.type_line("n");
    client.finish(0);
}

#[test]
fn the_end_of_input_is_no_answer() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("hello", &go);
    let server = Server::exec(&program, MULTI, &[]);
    let said = server.connect().finish(2);
    assert!(said.contains("exit\nWould you like to kill the headless instance? [Y/n] "), "{said}");
    let mut client = server.connect();
    let end = client.send("continue");
    assert!(end.contains("has exited with status 0"), "{end}");
    client.type_line("exit");
    client.expect("Remote process has exited. Would you like to kill the headless instance? [Y/n] ");
    client.type_line("");
    client.finish(0);
    server.finish(0);
    assert_eq!(server.stdout(), "hello, world\n");
}

#[test]
fn the_only_client_takes_the_program_with_it() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    let server = Server::exec(&program, &[], &["forever"]);
    let mut client = server.connect();
    client.send(&format!("break {}", program.at("tick")));
    client.send("continue");
    assert_eq!(server.debuggees().len(), 1);
    client.quit();
    server.finish(0);

    let server = Server::exec(&program, &[], &["forever"]);
    let client = server.connect();
    client.signal(Signal::SIGKILL);
    client.finish_unasked(128 + 9);
    server.finish(0);
}

#[test]
fn a_program_that_runs_on_is_paused_by_whoever_connects() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    let server = Server::exec(&program, &["--accept-multiclient", "--continue"], &["forever"]);
    server.expect("ready\n");
    let mut client = server.connect();
    assert!(client.send("goroutines").contains("main.main"), "{}", client.transcript());
    client.send(&format!("break {}", program.at("tick")));
    client.type_line("exit -c");
    client.expect("do you wish to quit and continue without clearing breakpoints? [Y/n] ");
    client.type_line("y");
    client.finish(0);
    let mut client = server.connect();
    // The breakpoint has outlived the client that set it.
    assert!(client.send("clearall").contains("cleared at"), "{}", client.transcript());
    client.type_line("exit -c");
    client.finish(0);
    let mut client = server.connect();
    assert!(client.send("print main.ticks").trim().parse::<i64>().unwrap() > 0);
    client.type_line("exit -d");
    client.finish(0);
    server.finish(0);
}

#[test]
fn ctrl_c_asks_whether_to_pause_or_to_leave() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("waiting", &go);
    let server = Server::exec(&program, MULTI, &["forever"]);
    let question = "Would you like to [p]ause the target (returning to Delve's prompt) or [q]uit this client (leaving the target running) [p/q]? ";
    let mut client = server.connect();
    client.type_line("continue");
    server.expect("ready\n");
    client.signal(Signal::SIGINT);
    client.expect(question);
    client.type_line("x");
    client.expect("only p or q allowed");
    client.type_line("p");
    client.reply();
    assert!(client.send("goroutines").contains("main.main"), "{}", client.transcript());
    client.type_line("exit -c");
    client.finish(0);
    let mut client = server.connect();
    client.type_line("exit");
    client.expect("kill the headless instance?");
    client.type_line("y");
    client.finish(0);
    server.finish(0);
}

/// Debian's Delve, which knows programs of Go up to 1.20; `None`, counted as a skip, where it is not or there are none.
fn delve() -> Option<Go> {
    if Command::new("dlv").arg("version").output().is_err() {
        skip("dlv is not on PATH");
        return None;
    }
    let go = Go::oldest()?;
    if go.minor() > 20 {
        skip("dlv 1.20 does not know programs of the oldest Go here");
        return None;
    }
    Some(go)
}

#[test]
fn delves_prompt_is_a_client_of_adit() {
    let Some(go) = delve() else { return };
    let program = Program::build("hello", &go);
    let server = Server::exec(&program, MULTI, &[]);
    for round in 1..3 {
        let line = ["connect", "--allow-non-terminal-interactive", server.address()];
        let debugger = Debugger::new(line).in_directory(program.source());
        let mut client = debugger.start_other(Path::new("dlv"), "(dlv) ");
        if round == 1 {
            let set = client.send(&format!("break {}", program.at("greet")));
            assert!(set.starts_with("Breakpoint 1 set at 0x"), "{set}");
            let stop = client.send("continue");
            assert!(
                stop.contains("> [Breakpoint 1] main.greet() ./main.go:")
                    || stop.contains("> main.greet() ./main.go:"),
                "{stop}"
            );
        }
        assert_eq!(client.send("print name"), "\"world\"\n");
        assert!(client.send("stack").contains("in main.main\n"), "{}", client.transcript());
        assert!(
            client.send("goroutines").contains("* Goroutine 1 - User: ./main.go:"),
            "{}",
            client.transcript()
        );
        assert!(client.send("args").starts_with("name = \"world\"\n"), "{}", client.transcript());
        client.type_line("exit");
        client.expect("Would you like to kill the headless instance? [Y/n] ");
        client.type_line(if round == 1 { "n" } else { "y" });
        client.finish(0);
    }
    server.finish(0);
}

#[test]
fn adits_prompt_is_a_client_of_delve() {
    let Some(go) = delve() else { return };
    let program = Program::build("hello", &go);
    let server = Server::spawn(program.source(), |home| {
        let mut command = Command::new("dlv");
        command.args(["exec", "--headless", "--accept-multiclient", "--api-version=2"]).arg(program.path());
        command.current_dir(program.source()).env("HOME", home).env("XDG_CONFIG_HOME", home);
        command
    });
    let mut client = server.connect();
    let set = client.send(&format!("break {}", program.at("greet")));
    assert!(set.starts_with("Breakpoint 1 set at 0x"), "{set}");
    let stop = client.send("continue");
    assert!(stop.contains("> [Breakpoint 1] main.greet() ./main.go:"), "{stop}");
    assert_eq!(client.send("print name"), "\"world\"\n");
    assert!(client.send("stack").contains("in main.main\n"), "{}", client.transcript());
    assert!(client.send("target list").starts_with("* "), "{}", client.transcript());
    // What Delve does not have is said so, and nothing else is amiss.
    let refused = client.send("buildinfo");
    assert!(refused.contains("the server does not tell how the program was built"), "{refused}");
    leave(client);
    let mut client = server.connect();
    assert!(client.send("next").contains("main.greet"), "{}", client.transcript());
    client.type_line("exit");
    client.expect("kill the headless instance?");
    client.type_line("y");
    client.finish(0);
    server.finish(0);
}

#[test]
fn addresses_that_are_none_are_explained() {
    for (address, error) in [
        ("", "An empty address was provided. You must provide an address as the first argument.\n"),
        (
            "unix:/nonexistent/socket",
            "could not connect to unix:/nonexistent/socket: no such file or directory\n",
        ),
    ] {
        let run = Debugger::new(["connect", "--allow-non-terminal-interactive", address]).run();
        assert_eq!((run.status, run.stderr.as_str()), (1, error), "{address}");
    }
    let run = Debugger::new(["connect", "--allow-non-terminal-interactive"]).run();
    assert_eq!(run.status, 0);
    assert!(run.stderr.starts_with("Error: you must provide an address as the first argument\n"), "{run:?}");
    assert!(run.stderr.contains("Usage:"), "{run:?}");
    let run = Debugger::new(["connect", "127.0.0.1:1"]).run();
    assert!(run.stderr.starts_with("Stdin is not a terminal, use '-r' "), "{run:?}");
}
