//! A debugger that comes and goes many times leaves nothing behind, however much goes on in the program.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Busy, Program, Session, assert_untouched, changed_code, on_oldest_and_newest, tasks};

/// So many goroutines and threads stand by while the program works.
const GOROUTINES: usize = 10_000;
const THREADS: usize = 200;

/// How often: `ADIT_ATTACH_TIMES` in a long run.
fn times() -> usize {
    std::env::var("ADIT_ATTACH_TIMES").map_or(8, |times| times.parse().unwrap())
}

fn let_go(mut session: Session) {
    session.type_line("exit");
    session.type_line("n");
    session.finish(0);
}

on_oldest_and_newest! {
    fn a_busy_program_with_ten_thousand_goroutines_is_attached_to_again_and_again(go) {
        let program = Program::build("busy", go);
        let Some(busy) = Busy::start(&program, GOROUTINES, THREADS) else { return };
        for nth in 0..times() {
            let mut session = Session::attach(busy.pid() as u32, &program);
            let listed = session.send("threads").lines().filter(|line| line.contains("Thread ")).count();
            let living = tasks(busy.pid()).iter().filter(|task| !task.is_dead()).count();
            assert_eq!(listed, living, "{}", session.transcript());
            // What is left behind differs with what was done.
            match nth % 4 {
                0 => {}
                1 => {
                    session.send(&format!("break {} if main.round < 0", program.at("worker")));
                    session.send(&format!("break {}", program.at("round")));
                    let stop = session.send("continue");
                    assert!(stop.contains("main.main()"), "{stop}");
                }
                2 => {
                    session.send("watch -w main.guarded");
                    let stop = session.send("continue");
                    assert!(stop.contains("watchpoint on"), "{stop}");
                }
                _ => {
                    session.send("break main.onOwnThread");
                    session.send("continue");
                    // Another goroutine would interrupt the step with it.
                    session.send("clear 1");
                    let stop = session.send("next");
                    assert!(stop.contains("main.onOwnThread()"), "{stop}");
                }
            }
            let_go(session);
            assert_untouched(busy.pid());
        }
        busy.assert_unharmed();
        busy.end();
    }

    fn nothing_is_in_the_code_while_the_user_looks(go) {
        let program = Program::build("busy", go);
        let Some(busy) = Busy::start(&program, 10, 3) else { return };
        let mut session = Session::attach(busy.pid() as u32, &program);
        session.send("break main.add");
        session.send("break main.increment if main.round < 0");
        for command in [
            "continue",
            "step-instruction",
            "condition 1 main.round < 0",
            "next-instruction",
            "next",
            "stepout",
            "step",
            "step",
            "step",
            "call add(1, 2)",
        ] {
            session.send(command);
            assert_eq!(changed_code(busy.pid()), [], "after {command}: {}", session.transcript());
        }
        let_go(session);
        busy.assert_unharmed();
        busy.end();
    }
}
