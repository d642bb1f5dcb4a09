//! Steps into one chosen call of a line.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_step_goes_into_the_call_that_is_named(go) {
        let program = Program::build("edited", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("chain")));
        session.send("continue");
        assert_eq!(session.send("step -list"), "1\tmain.tick\n2\tmain.double\n");
        let refused = session.send("step nothing");
        assert!(refused.contains("the line does not call nothing; it calls main.tick, main.double"), "{refused}");
        let stop = session.send("step double");
        assert!(stop.contains("> main.double() "), "{stop}");
        session.finish(0);
    }

    fn a_step_goes_into_the_call_of_a_number(go) {
        let program = Program::build("edited", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("chain")));
        session.send("continue");
        let stop = session.send("step 1");
        assert!(stop.contains("> main.tick() "), "{stop}");
        session.finish(0);
    }
}
