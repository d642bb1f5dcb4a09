//! Steps at the program's very first instruction, which nobody called.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_step_from_the_entry_point_has_nowhere_to_return_to(go) {
        let program = Program::build("hello", go);
        for step in ["next", "step", "stepout"] {
            let mut session = Session::exec(&program);
            session.send("break main.main");
            let answer = session.send(step);
            assert!(!answer.contains("memory"), "{step}: {answer}");
            // If not by the step, which runs on from there, then now.
            let stop = answer + &session.send("continue");
            assert!(stop.contains("main.main()"), "{step}: {stop}");
            session.quit();
        }
    }
}
