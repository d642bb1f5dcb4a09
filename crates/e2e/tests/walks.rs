//! Walks through functions, line by line: every stop is where it should be, in the right order. The program's
//! comments say where; they agree with what Delve does on the same program.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest};

/// More stops than any walk has.
const MOST_STOPS: usize = 60;

/// The lines at which a walk stops, by the comments of the source: `next: 2 4` in the function that is walked,
/// `calls.step: 3` in another one.
fn expected(source: &str, walk: &str, command: &str) -> Vec<usize> {
    let mut stops = BTreeMap::new();
    let mut function = "";
    for (index, line) in source.lines().enumerate() {
        if let Some(rest) = line.strip_prefix("func ") {
            let name = rest.split_once(") ").filter(|_| rest.starts_with('(')).map_or(rest, |(_, name)| name);
            function = name.split('(').next().unwrap();
        }
        let Some((_, comment)) = line.rsplit_once("// ") else { continue };
        for note in comment.split(", ") {
            let Some((whose, ordinals)) = note.split_once(": ") else { continue };
            let own = function == walk && whose == command;
            if own || whose == format!("{walk}.{command}") {
                stops.extend(
                    ordinals.split(' ').map(|ordinal| (ordinal.parse::<usize>().unwrap(), index + 1)),
                );
            }
        }
    }
    assert!(stops.keys().copied().eq(1..=stops.len()), "{walk}: stops are missing in {stops:?}");
    stops.into_values().collect()
}

/// The function and the line of `main.go` at which the program stopped; `None`: it is elsewhere.
fn place(stop: &str) -> Option<(&str, usize)> {
    let line = stop.lines().find(|line| line.starts_with("> "))?;
    let (before, after) = line.split_once(" ./main.go:")?;
    let function = before.rsplit_once(' ')?.1;
    Some((function, after.split_once(' ')?.0.parse().ok()?))
}

/// Steps from the beginning of a function until it has returned.
fn walk(program: &Program, walk: &str, command: &str) -> Vec<usize> {
    let mut session = Session::exec_with(program, &[], &[walk]);
    session.send(&format!("break main.{walk}"));
    let mut stop = session.send("continue");
    session.send("clear 1");
    let mut lines = Vec::new();
    while let Some((function, line)) = place(&stop).filter(|(function, _)| *function != "main.main()") {
        lines.push(line);
        assert!(lines.len() < MOST_STOPS, "{walk} does not get out of {function}: {lines:?}");
        stop = session.send(command);
    }
    session.quit();
    lines
}

fn check_walks(go: &Go, command: &str, walks: &[&str]) {
    let program = Program::build("steps", go);
    let source = std::fs::read_to_string(program.source().join("main.go")).unwrap();
    for name in walks {
        let expected = expected(&source, name, command);
        assert!(!expected.is_empty(), "{name}");
        assert_eq!(walk(&program, name, command), expected, "{command} through {name}");
    }
}

on_oldest_and_newest! {
    fn next_stops_at_every_line_in_order(go) {
        check_walks(go, "next", &[
            "loops", "switches", "calls", "defers", "closures", "interfaces", "generics", "results", "gotos",
            "grows", "nested", "twoDefers", "panicky", "spawns", "recovers", "recoversNil",
        ]);
    }

    fn step_goes_into_every_call(go) {
        check_walks(go, "step", &[
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
