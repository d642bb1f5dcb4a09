//! Steps that do what the user means where the program does not go from line to line by itself: loops over functions,
//! panics, deferred calls, coroutines, other goroutines.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Go, Program, Session, check_walks, on_oldest_and_newest, place, skip};

/// Loops over functions came with go1.23.
fn has_iterators(go: &Go) -> bool {
    if go.minor() < 23 {
        skip("no loops over functions before go1.23");
    }
    go.minor() >= 23
}

on_oldest_and_newest! {
    fn next_goes_through_the_bodies_of_loops_over_functions(go) {
        if has_iterators(go) {
            check_walks(go, "iterators", "next", &[
                "plain", "breaks", "nested", "defers", "recursive", "returns", "panics", "pulled",
            ]);
        }
    }

    fn step_goes_through_iterators(go) {
        if has_iterators(go) {
            check_walks(go, "iterators", "step", &["plain", "breaks", "returns"]);
        }
    }

    fn stepping_out_of_the_body_of_a_loop_leaves_the_function_around_it(go) {
        if has_iterators(go) {
            let program = Program::build("iterators", go);
            let mut session = Session::exec_with(&program, &[], &["inside"]);
            session.send(&format!("break {}", program.at("innermost")));
            session.send("continue");
            session.send("clear 1");
            let stop = session.send("stepout");
            assert_eq!(place(&stop), Some(("main.main()", program.line("walked"))), "{stop}");
            session.quit();
        }
    }
}

on_oldest_and_newest! {
    fn next_comes_back_from_other_goroutines_panics_and_ends(go) {
        check_walks(go, "paths", "next", &[
            "channels", "exits", "wrappers", "callbacks", "locks", "prints", "rethrows", "midline", "inner",
            "exitingDeeper",
        ]);
    }

    fn step_passes_through_wrappers_and_comes_back_at_mid_line(go) {
        check_walks(go, "paths", "step", &["wrappers", "midline"]);
    }

    fn next_over_select_stays_in_its_function(go) {
        let program = Program::build("paths", go);
        let mut session = Session::exec_with(&program, &[], &["selects"]);
        session.send("break main.selects");
        let mut stop = session.send("continue");
        session.send("clear 1");
        let mut cases = 0;
        while let Some((function, line)) = place(&stop).filter(|(function, _)| *function != "main.main()") {
            assert_eq!(function, "main.selects()", "{stop}");
            cases += ["received", "text", "done"].iter().filter(|mark| program.line(mark) == line).count();
            stop = session.send("next");
        }
        // Which of the ready ones is taken is random: but three are.
        assert_eq!(cases, 3, "{}", session.transcript());
        session.quit();
    }

    fn stepping_out_of_a_function_that_recovers_ends_where_the_program_goes_on(go) {
        let program = Program::build("paths", go);
        let mut session = Session::exec_with(&program, &[], &["inner"]);
        session.send("break main.inner.func1");
        session.send("continue");
        session.send("clear 1");
        // It panics anew: the next deferred call recovers.
        let stop = session.send("stepout");
        assert_eq!(place(&stop).unwrap().0, "main.rethrows.func1()", "{stop}");
        let stop = session.send("stepout");
        assert!(place(&stop).unwrap().0.starts_with("main.main.func"), "{stop}");
        session.quit();
    }

    fn a_step_that_the_end_of_the_program_overtakes_says_so(go) {
        let program = Program::build("paths", go);
        for _ in 0..5 {
            let mut session = Session::exec_with(&program, &[], &["locks"]);
            session.send("break main.locks.func1");
            session.send("continue");
            let end = (0..10).map(|_| session.send("next")).find(|stop| !stop.contains("> main.locks.func1()")).unwrap();
            assert!(end.contains(" has exited with status 0"), "{end}");
            session.quit();
        }
    }
}
