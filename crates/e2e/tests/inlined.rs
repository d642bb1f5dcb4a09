//! Breakpoints and steps in code whose functions were inlined.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Program, Session, on_oldest_and_newest};

/// The functions in which the steps of a walk stop.
fn functions(program: &Program, start: &str, command: &str) -> Vec<String> {
    let mut session = Session::exec(program);
    session.send(&format!("break {start}"));
    let mut stop = session.send("continue");
    session.send("clear 1");
    let mut functions = Vec::new();
    while let Some((before, _)) = stop.split_once("() ./main.go:") {
        functions.push(before.rsplit_once(' ').unwrap().1.to_owned());
        assert!(functions.len() < 60, "{functions:?}");
        if functions.last().unwrap() == "main.main" {
            break;
        }
        stop = session.send(command);
    }
    session.quit();
    functions
}

on_oldest_and_newest! {
    fn next_stays_out_of_inlined_calls_and_step_goes_in(go) {
        let program = Program::build_as("inlined", go, Flavour::Optimised);
        let over = functions(&program, "main.outer", "next");
        let (last, rest) = over.split_last().unwrap();
        assert!(last == "main.main" && rest.len() > 8, "{over:?}");
        assert!(rest.iter().all(|function| function == "main.outer"), "{over:?}");
        let into = functions(&program, "main.outer", "step");
        for inlined in ["main.middle", "main.small"] {
            assert!(into.iter().any(|function| function == inlined), "{into:?}");
        }
    }

    fn stepping_out_of_inlined_calls_goes_up_one_by_one(go) {
        let program = Program::build_as("inlined", go, Flavour::Optimised);
        let out = functions(&program, "main.middle", "stepout");
        // Where the first instruction of middle is already that of the call inlined into it, the way out begins there.
        let (within, outside) = out.split_at(out.len() - 2);
        assert_eq!(outside, ["main.outer", "main.main"], "{out:?}");
        let possible: [&[&str]; 3] = [&["main.middle"], &["main.small"], &["main.small", "main.middle"]];
        assert!(possible.iter().any(|chain| within == *chain), "{out:?}");
    }

    fn a_function_that_is_only_inlined_stops_wherever_it_is(go) {
        let program = Program::build_as("inlined", go, Flavour::Optimised);
        let mut session = Session::exec(&program);
        let made = session.send("break main.small");
        assert!(made.contains(",0x") && made.contains("for main.small() "), "{made}");
        let stop = session.send("continue");
        assert!(stop.contains("main.small() ./main.go:"), "{stop}");
        let stack = session.send("stack");
        assert!(stack.contains(" in main.outer\n") && stack.contains(" in main.main\n"), "{stack}");
        session.quit();
    }
}
