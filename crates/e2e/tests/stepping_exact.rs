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
            let mut session = Session::exec_with(&program, &[], &["nested"]);
            session.send("break main.nested-range1-range1");
            session.send("continue");
            session.send("clear 1");
            let stop = session.send("stepout");
            assert_eq!(place(&stop), Some(("main.main()", program.line("walked"))), "{stop}");
            session.quit();
        }
    }
}
