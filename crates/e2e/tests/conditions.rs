//! Conditions that are compiled give the answers that evaluating them anew at each hit gives.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest};

/// Conditions of all the kinds that are compiled, and some that are not.
const CONDITIONS: &[&str] = &[
    "i == 7",
    "i < 10 && negative > -5",
    "i <= 3 || i >= 38",
    "7 < i",
    "-3 >= negative",
    "i == limit",
    "letter == 'c'",
    "even",
    "!even && i != 5",
    "even == false",
    "escaped > 30",
    "half == 3.5",
    "half > 10",
    "single == 0.7",
    "single >= 1",
    "text == \"12\"",
    "text != \"12\"",
    "text == \"\"",
    "n.id == 9",
    "n.label == \"node 3\"",
    "n.depth == 2",
    "n.inner.depth == 2",
    "n.is == busy",
    "n.is == 2",
    "n.next == nil",
    "nil != n.next",
    "n.next != nil && n.next.ready",
    "n.next == nil || n.next.id == 12",
    "(*n).id < 4",
    "visits > 50",
    "main.visits > 50 && visits < 60",
    "current.id == 3",
    "current.next != nil",
    "last == nil",
    "last != nil && last.id > 20",
    "small > 200",
    "small == 300",
    "never == nil",
    "none != nil",
    "list == nil",
    "i == 3 == true",
    "len(list) == 2",
    "i % 7 == 3",
    "true",
    "false || i == 1",
    "delve.catch(n.next.id == 8)",
];

/// How often each of two conditions holds, at lines that are run equally often.
fn hits(program: &Program, places: [&str; 2], conditions: [&str; 2]) -> [String; 2] {
    let mut session = Session::exec(program);
    for (number, (place, condition)) in (1..).zip(places.into_iter().zip(conditions)) {
        session.send(&format!("break {}", program.at(place)));
        session.send(&format!("condition {number} {condition}"));
        session.send(&format!("condition -hitcount {number} > 1000000"));
    }
    session.send(&format!("break {}", program.at("end")));
    let stop = session.send("continue");
    assert!(stop.contains(&format!(":{}", program.line("end"))), "{conditions:?}: {stop}");
    let list = session.send("breakpoints");
    session.quit();
    [1, 2].map(|number| {
        let line = list.lines().find(|line| line.starts_with(&format!("Breakpoint {number} ")));
        let (_, count) = line.unwrap_or_else(|| panic!("{list}")).rsplit_once('(').unwrap();
        count.trim_end_matches(')').to_owned()
    })
}

/// A comparison with a constant that is not made of a constant's or a variable's value is left to the evaluator.
fn evaluated(condition: &str) -> String {
    match condition.starts_with("delve.catch") {
        true => condition.to_owned(),
        false => format!("({condition}) == true"),
    }
}

fn agree(program: &Program, places: [&str; 2], conditions: &[&str]) {
    for condition in conditions {
        let [compiled, evaluated] = hits(program, places, [condition, &evaluated(condition)]);
        // Visits are counted by the first line.
        let counted = if condition.contains("visits") { 1 } else { 0 };
        let counts = [&compiled, &evaluated].map(|count| count.parse::<i64>().unwrap());
        assert!((counts[0] - counts[1]).abs() <= counted, "{condition}: {compiled} and {evaluated}");
    }
}

on_oldest_and_newest! {
    fn compiled_conditions_hold_as_often_as_evaluated_ones(go) {
        agree(&Program::build("conditioned", go), ["first", "second"], CONDITIONS);
    }

    fn an_inner_variable_hides_an_outer_one(go) {
        let program = Program::build("conditioned", go);
        let [compiled, evaluated] =
            hits(&program, ["inner first", "inner second"], ["i == 19", "(i == 19) == true"]);
        assert_eq!([&*compiled, &*evaluated], ["2", "2"]);
    }

    fn captured_variables_are_found_in_closures(go) {
        let program = Program::build("conditioned", go);
        agree(&program, ["closure", "closure again"], &["escaped > 30 && escaped < 90"]);
    }

    fn position_independent_programs_answer_alike(go) {
        let program = Program::build_as("conditioned", go, Flavour::Pie);
        agree(&program, ["first", "second"], &["n.id == 9", "visits > 50", "current.id < 7"]);
    }

    fn what_cannot_be_followed_stops_with_the_reason_at_a_later_hit_too(go) {
        let program = Program::build("conditioned", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("second")));
        session.send("condition 1 n.id >= 2 && n.next.id == 100");
        let stop = session.send("continue");
        assert!(stop.contains("error evaluating expression: n.next is nil"), "{stop}");
        assert_eq!(session.send("print i"), "4\n");
        session.quit();
    }
}

#[test]
fn the_program_is_the_same_for_every_condition() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("conditioned", &go);
    let counts = hits(&program, ["first", "second"], ["true", "(true) == true"]);
    assert_eq!(counts, ["40", "40"]);
}
