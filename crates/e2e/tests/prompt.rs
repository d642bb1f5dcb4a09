//! The prompt: bad input, and the interrupt key on a real terminal.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn bad_input_is_answered_and_the_session_goes_on(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        for (command, reply) in [
            ("frobnicate", "Command failed: command not available\n"),
            ("clear", "Command failed: not enough arguments\n"),
            ("frame", "Command failed: not enough arguments\n"),
            ("print", "Command failed: not enough arguments\n"),
            ("thread", "Command failed: you must specify a thread\n"),
            ("next -1", "Command failed: Invalid next count\n"),
        ] {
            assert_eq!(session.send(command), reply, "{command}");
        }
        for command in ["break main.nothing", "print 1 +", "break main.go:9999", "goroutine 999999", "print nothing"] {
            let reply = session.send(command);
            assert!(reply.starts_with("Command failed: "), "{command}: {reply}");
        }
        session.send("break main.main");
        let stop = session.send("continue");
        assert!(stop.contains("main.main()"), "{stop}");
        session.quit();
    }

    fn an_empty_line_repeats_the_last_command(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        session.send("break main.main");
        session.send("continue");
        session.send("next");
        let stop = session.send("");
        assert!(stop.contains(&format!("main.main() ./main.go:{}", program.line("print"))), "{stop}");
        session.quit();
    }

    fn control_c_stops_the_program_and_gives_the_prompt_back(go) {
        let program = Program::build("waiting", go);
        let mut session = Session::exec_on_terminal(&program, &["forever"]);
        session.type_line("continue");
        session.expect("ready");
        session.type_keys("\u{3}");
        session.expect("received SIGINT, stopping process (will not forward signal)");
        session.reply();
        let list = session.send("goroutines");
        // It may still be on its way out of the system call that wrote the word.
        assert!(list.contains("Goroutine 1 - User: "), "{list}");
        // Not a signal to the program: it goes on.
        session.send(&format!("break {}", program.at("tick")));
        let stop = session.send("continue");
        assert!(stop.contains("main.tick() "), "{stop}");
        session.quit();
    }
}
