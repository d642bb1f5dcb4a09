//! Walks through functions, step by step, as the comments of the source say.

use std::collections::BTreeMap;

use crate::{Go, Program, Session};

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
pub fn place(stop: &str) -> Option<(&str, usize)> {
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

/// Steps by `command` through each of these functions of a program, which its `main` calls by name, and compares the
/// stops with the comments of its source.
pub fn check_walks(go: &Go, program: &str, command: &str, walks: &[&str]) {
    let program = Program::build(program, go);
    let source = std::fs::read_to_string(program.source().join("main.go")).unwrap();
    for name in walks {
        let expected = expected(&source, name, command);
        assert!(!expected.is_empty(), "{name}");
        assert_eq!(walk(&program, name, command), expected, "{command} through {name}");
    }
}
