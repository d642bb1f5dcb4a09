//! The program is stopped from outside: at any moment, in a step, in a blocked one.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, Signal, on_oldest_and_newest};

const STOPPED: &str = "received SIGINT, stopping process (will not forward signal)";

/// Interrupts what the last line typed has set going, once the program shows that it runs.
fn interrupt(session: &mut Session) -> String {
    session.expect("beat ");
    session.signal(Signal::SIGINT);
    let stop = session.reply();
    assert!(stop.contains(STOPPED), "{stop}");
    stop
}

on_oldest_and_newest! {
    fn a_running_program_is_stopped_again_and_again(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec_with(&program, &[], &["blocked"]);
        for _ in 0..30 {
            session.type_line("continue");
            interrupt(&mut session);
        }
        let list = session.send("goroutines");
        assert!(list.contains("main.block "), "{list}");
        session.quit();
    }

    fn a_next_that_blocks_is_given_up(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec_with(&program, &[], &["blocked"]);
        session.send(&format!("break {}", program.at("blocked")));
        session.send("continue");
        for command in ["next", "step", "stepout"] {
            session.type_line(command);
            interrupt(&mut session);
            // It is over: the next one begins anew.
            session.send("goroutine 1");
        }
        session.send("clear 1");
        session.send("break main.beat");
        let stop = session.send("continue");
        assert!(stop.contains("main.beat() "), "{stop}");
        session.quit();
    }

    fn a_breakpoint_of_another_goroutine_interrupts_a_next(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec_with(&program, &[], &["blocked"]);
        session.send(&format!("break {}", program.at("blocked")));
        session.send("continue");
        session.send("break main.beat");
        const QUESTION: &str = "next skipping all breakpoints? ";
        session.type_line("next");
        session.expect(QUESTION);
        // The step goes on, and is interrupted by the next beat.
        session.type_line("c");
        session.expect("n:2 total:2)".trim_start_matches("n:2 "));
        session.expect(QUESTION);
        session.type_line("s");
        let stop = session.reply();
        assert!(stop.contains("breakpoint hit during next"), "{stop}");
        // Stopped there: nothing is pending.
        let stop = session.send("next");
        assert!(stop.contains(&format!("main.beat() ./main.go:{}", program.line("beat"))), "{stop}");
        session.quit();
    }

    fn a_restart_begins_anew_in_the_middle_of_a_step(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec_with(&program, &[], &["blocked"]);
        session.send(&format!("break {}", program.at("blocked")));
        session.send("continue");
        session.type_line("next");
        interrupt(&mut session);
        let restarted = session.send("restart other arguments");
        assert!(restarted.contains("Process restarted with PID "), "{restarted}");
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("./main.go:{}", program.line("done"))), "{stop}");
        assert_eq!(session.send("print total"), "10000\n");
        session.quit();
    }
}
