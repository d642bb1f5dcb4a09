//! The debugger is killed by SIGKILL at random moments: a program that it launched dies, and one that it attached to
//! runs on as if there had never been a debugger.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Duration;

use adit_e2e::{Busy, Program, Random, Session, Signal, on_oldest_and_newest};

/// Where many threads come by.
const BUSY_PLACES: [&str; 5] = ["stage", "guarded", "counter", "own thread", "list"];

/// What the debugger is doing when it is killed. What is typed last goes on for longer than it is let live.
fn set_going(session: &mut Session, program: &Program, doing: usize, random: &mut Random) {
    let at = |mark| program.at(mark);
    let anywhere = |random: &mut Random| at(random.one_of(&BUSY_PLACES));
    match doing {
        // Conditions are judged all the time, by every way past a breakpoint.
        0 => {
            for mark in BUSY_PLACES {
                session.send(&format!("break {} if 1 == 2", at(mark)));
            }
            session.send("break main.add");
            session.send("condition 6 a < 0");
            session.type_line("continue");
        }
        // Steps, as many as there is time for.
        1 => {
            session.send(&format!("break {}", anywhere(random)));
            session.send("continue");
            session.send("clear 1");
            for _ in 0..1000 {
                session.type_line(random.one_of(&["next", "step", "step-instruction", "next-instruction"]));
            }
        }
        // The CPU watches memory.
        2 => {
            session.send("watch -rw main.guarded");
            session.send("watch -w main.counter");
            (0..300).for_each(|_| session.type_line("continue"));
        }
        // Functions are called.
        3 => {
            session.send(&format!("break {}", anywhere(random)));
            session.send("continue");
            session.send("clear 1");
            (0..500).for_each(|_| session.type_line("call add(1, 2)"));
        }
        // Breakpoints stop, again and again.
        4 => {
            session.send(&format!("break {}", anywhere(random)));
            session.send("break main.increment");
            (0..500).for_each(|_| session.type_line("continue"));
        }
        // Nothing: the user looks at a stop.
        5 => {
            session.send(&format!("break {}", anywhere(random)));
            session.send("continue");
        }
        // Tracepoints report.
        _ => {
            session.send("trace main.increment");
            session.send(&format!("trace {}", at("stage")));
            session.type_line("continue");
        }
    }
}

const DOINGS: usize = 7;

/// How long the debugger lives at most with what it was set to do.
const LIFE: Duration = Duration::from_millis(120);

fn kill_after_a_while(session: Session, random: &mut Random) {
    std::thread::sleep(random.delay(LIFE));
    session.signal(Signal::SIGKILL);
    session.finish_unasked(128 + 9);
}

on_oldest_and_newest! {
    fn a_launched_program_dies_with_its_debugger(go) {
        let program = Program::build("busy", go);
        let mut random = Random::new(u64::from(go.minor()));
        for doing in 0..DOINGS {
            let mut session = Session::exec_with(&program, &["-r", "stdout:/dev/null"], &[]);
            set_going(&mut session, &program, doing, &mut random);
            kill_after_a_while(session, &mut random);
        }
    }

    fn an_attached_program_runs_on_without_its_debugger(go) {
        let program = Program::build("busy", go);
        let Some(busy) = Busy::start(&program, 20, 4) else { return };
        let mut random = Random::new(u64::from(go.minor()));
        for doing in (0..DOINGS).chain(0..DOINGS) {
            let mut session = Session::attach(busy.pid() as u32, &program);
            set_going(&mut session, &program, doing, &mut random);
            kill_after_a_while(session, &mut random);
            busy.assert_unharmed();
        }
        busy.end();
    }
}
