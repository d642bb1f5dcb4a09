//! Walks through functions, line by line: every stop is where it should be, in the right order. The program's
//! comments say where. They agree with what Delve does on the same program, but that nothing stops in wrappers and in the
//! runtime around deferred calls.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, check_walks, on_oldest_and_newest, place};

on_oldest_and_newest! {
    fn next_stops_at_every_line_in_order(go) {
        check_walks(go, "steps", "next", &[
            "loops", "switches", "calls", "defers", "closures", "interfaces", "generics", "results", "gotos",
            "grows", "nested", "twoDefers", "panicky", "spawns", "recovers", "recoversNil",
        ]);
    }

    fn step_goes_into_every_call(go) {
        check_walks(go, "steps", "step", &[
            "loops", "switches", "calls", "defers", "closures", "interfaces", "generics", "results", "gotos",
            "grows", "twoDefers", "recovers", "recoversNil",
        ]);
    }

    fn step_at_a_go_statement_ends_in_the_new_goroutine(go) {
        let program = Program::build("steps", go);
        let mut session = Session::exec_with(&program, &[], &["spawns"]);
        session.send("break main.spawns");
        session.send("continue");
        // The goroutine is started by way of a wrapper that the compiler made for the argument.
        let stops: Vec<String> = (0..3).map(|_| session.send("step")).collect();
        assert!(place(&stops[1]).unwrap().0 == "main.spawns()", "{stops:?}");
        assert!(place(&stops[2]).unwrap().0 == "main.spawned()", "{stops:?}");
        let place = session.send("goroutine");
        assert!(!place.contains("Goroutine 1:"), "{place}");
        session.quit();
    }
}
