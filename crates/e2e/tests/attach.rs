//! Processes that ran before the debugger came and run on after it went.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::{Command, Stdio};
use std::time::Duration;

use adit_e2e::{Debugger, Program, Session, Signal, Waiting, may_attach, on_oldest_and_newest, wait_until};

on_oldest_and_newest! {
    fn a_detached_process_runs_on_unharmed(go) {
        let program = Program::build("waiting", go);
        let Some(waiting) = Waiting::start(&program) else { return };
        let mut session = Session::attach(waiting.id(), &program);
        session.send(&format!("break {}", program.at("tick")));
        for total in 1..4 {
            let stop = session.send("continue");
            assert!(stop.contains("main.tick() ./main.go:"), "{stop}");
            assert!(stop.contains(&format!("total:{total})")), "{stop}");
        }
        session.type_line("exit -d");
        session.finish(0);
        waiting.end();
    }

    fn the_exit_prompt_asks_whether_to_kill(go) {
        let program = Program::build("waiting", go);
        let Some(mut waiting) = Waiting::start(&program) else { return };
        let mut session = Session::attach(waiting.id(), &program);
        session.type_line("exit");
        session.expect("Would you like to kill the process? [Y/n] ");
        session.type_line("n");
        session.finish(0);
        waiting.assert_alive();

        let mut session = Session::attach(waiting.id(), &program);
        session.type_line("exit");
        session.expect("Would you like to kill the process? [Y/n] ");
        session.type_line("y");
        session.finish(0);
        assert!(!waiting.ended_well());
    }

    fn a_debugger_that_is_killed_while_the_process_runs_into_breakpoints_leaves_it_running(go) {
        let program = Program::build("waiting", go);
        let Some(mut waiting) = Waiting::start(&program) else { return };
        let mut session = Session::attach(waiting.id(), &program);
        session.send(&format!("break {} if 1 == 2", program.at("tick")));
        session.type_line("continue");
        waiting.assert_alive();
        session.signal(Signal::SIGKILL);
        session.finish_unasked(128 + 9);
        waiting.end();
    }

    fn a_debugger_that_is_killed_at_its_prompt_leaves_the_process_running(go) {
        let program = Program::build("waiting", go);
        let Some(waiting) = Waiting::start(&program) else { return };
        let mut session = Session::attach(waiting.id(), &program);
        session.send(&format!("break {}", program.at("tick")));
        session.send("continue");
        session.signal(Signal::SIGKILL);
        session.finish_unasked(128 + 9);
        waiting.end();
    }

    fn a_debugger_that_is_terminated_detaches_first(go) {
        let program = Program::build("waiting", go);
        let Some(waiting) = Waiting::start(&program) else { return };
        let mut session = Session::attach(waiting.id(), &program);
        session.send(&format!("break {}", program.at("tick")));
        session.send("continue");
        session.signal(Signal::SIGTERM);
        session.finish_unasked(128 + 15);
        waiting.end();
    }

    fn attaching_twice_is_refused_with_a_reason(go) {
        let program = Program::build("waiting", go);
        let Some(waiting) = Waiting::start(&program) else { return };
        let pid = waiting.id().to_string();
        let mut session = Session::attach(waiting.id(), &program);
        let second = Debugger::new(["attach", "--allow-non-terminal-interactive", &pid]).run();
        assert_eq!(second.status, 1, "{second:?}");
        assert!(second.stderr.starts_with(&format!("could not attach to pid {pid}: ")), "{second:?}");
        session.type_line("exit -d");
        session.finish(0);
        waiting.end();
    }
}

/// Is there a process with this argument?
fn somebody_was_given(argument: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let command_lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    command_lines
        .into_iter()
        .any(|line| line.split(|byte| *byte == 0).any(|word| word == argument.as_bytes()))
}

on_oldest_and_newest! {
    fn a_process_that_is_still_to_come_is_waited_for(go) {
        if !may_attach() {
            return;
        }
        let program = Program::build("waiting", go);
        // A name of its own, so that no other test's process is meant.
        let folder = tempfile::tempdir().unwrap();
        let name = format!("awaited-{}-{}", std::process::id(), go.minor());
        let copy = folder.path().join(&name);
        std::fs::copy(program.path(), &copy).unwrap();
        let waitfor = format!("--waitfor={name}");
        let interval = "--waitfor-interval=0.5";
        // Started only when the debugger waits for it.
        let awaited = waitfor.clone();
        let starter = std::thread::spawn(move || {
            assert!(wait_until(Duration::from_secs(60), || somebody_was_given(&awaited)));
            Command::new(&copy).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
        });
        let mut session = Debugger::new(["attach", "--allow-non-terminal-interactive", &waitfor, interval]).start();
        let mut child = starter.join().unwrap();
        assert!(session.send("print 1 + 1").starts_with("2"));
        session.type_line("quit");
        session.type_line("n");
        session.finish_unasked(0);
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
    }

    fn waiting_for_a_process_ends_in_time(go) {
        let _ = go;
        let done = Debugger::new([
            "attach", "--allow-non-terminal-interactive", "--waitfor=no-such-program", "--waitfor-duration=20",
        ])
        .run();
        assert_eq!((done.status, &*done.stderr), (1, "waitfor duration expired\n"));
    }
}
