//! Traces of calls that the compiler has inlined.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Debugger, Flavour, Program, on_oldest_and_newest};

on_oldest_and_newest! {
    fn an_inlined_call_is_told_where_it_begins_and_not_where_it_ends(go) {
        let program = Program::build_as("inlined", go, Flavour::Optimised);
        let path = program.path().to_str().unwrap();
        let finished = Debugger::new(["trace", "-e", path, "main.(small|outer)$"]).run();
        let lines: Vec<&str> = finished.stderr.lines().collect();
        let count = |start: &str, function: &str| {
            lines.iter().filter(|line| line.starts_with(start) && line.contains(&format!("): main.{function}"))).count()
        };
        assert!(count("> ", "outer(") > 0, "{lines:?}");
        assert_eq!(count("> ", "outer("), count(">> ", "outer "), "{lines:?}");
        assert!(count("> ", "small(") > 0, "{lines:?}");
        assert_eq!(count(">> ", "small "), 0, "{lines:?}");
    }
}
