//! Conditions that are compiled give the answers that evaluating them anew at each hit gives.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest};

/// Conditions of all the kinds that are compiled.
const COMPILED: &[&str] = &[
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
    "true",
    "false || i == 1",
];

/// Some that are not.
const EVALUATED: &[&str] =
    &["n.depth == 2", "i == 3 == true", "len(list) == 2", "i % 7 == 3", "delve.catch(n.next.id == 8)"];

/// How many pairs of lines the program has for this.
const PAIRS: usize = 8;

/// A place and the condition of a breakpoint there.
type Conditional = (String, String);

/// How often each of the conditions holds.
fn hits(program: &Program, breakpoints: &[Conditional]) -> Vec<i64> {
    hits_in(Session::exec(program), program, breakpoints)
}

fn hits_in(mut session: Session, program: &Program, breakpoints: &[Conditional]) -> Vec<i64> {
    for (number, (place, condition)) in (1..).zip(breakpoints) {
        session.send(&format!("break {}", program.at(place)));
        session.send(&format!("condition {number} {condition}"));
        session.send(&format!("condition -hitcount {number} > 1000000"));
    }
    session.send(&format!("break {}", program.at("end")));
    let stop = session.send("continue");
    assert!(stop.contains(&format!(":{}", program.line("end"))), "{breakpoints:?}: {stop}");
    let list = session.send("breakpoints");
    session.quit();
    let count = |number: usize| {
        let line = list.lines().find(|line| line.starts_with(&format!("Breakpoint {number} ")));
        let (_, count) = line.unwrap_or_else(|| panic!("{list}")).rsplit_once('(').unwrap();
        count.trim_end_matches(')').parse().unwrap()
    };
    (1..=breakpoints.len()).map(count).collect()
}

/// The same condition at both lines of a pair, once as it is, and once so that it is not compiled.
fn pair(first: &str, second: &str, condition: &str) -> [Conditional; 2] {
    [(first.to_owned(), condition.to_owned()), (second.to_owned(), evaluated(condition))]
}

/// A comparison with a constant that is not made of a constant's or a variable's value is left to the evaluator.
fn evaluated(condition: &str) -> String {
    match condition.starts_with("delve.catch") {
        true => condition.to_owned(),
        false => format!("({condition}) == true"),
    }
}

fn agree(program: &Program, conditions: &[&str]) {
    for conditions in conditions.chunks(PAIRS) {
        let pairs = conditions.iter().enumerate().flat_map(|(number, condition)| {
            pair(&format!("first {number}"), &format!("second {number}"), condition)
        });
        let counts = hits(program, &pairs.collect::<Vec<_>>());
        for (condition, counts) in conditions.iter().zip(counts.chunks(2)) {
            // Visits are counted by the first line.
            let counted = i64::from(condition.contains("visits"));
            assert!((counts[0] - counts[1]).abs() <= counted, "{condition}: {counts:?}");
        }
    }
}

on_oldest_and_newest! {
    fn compiled_conditions_hold_as_often_as_evaluated_ones(go) {
        let program = Program::build("conditioned", go);
        agree(&program, COMPILED);
        agree(&program, EVALUATED);
    }

    fn conditions_of_the_common_kinds_are_compiled(go) {
        let program = Program::build("conditioned", go);
        for (conditions, what) in [(COMPILED, "is compiled"), (EVALUATED, "is evaluated at each hit")] {
            for conditions in conditions.chunks(PAIRS) {
                let log = tempfile::NamedTempFile::new().unwrap();
                let to = format!("--log-dest={}", log.path().display());
                let flags = ["--log", "--log-output=debugger", &to];
                let breakpoints: Vec<Conditional> = (0..)
                    .zip(conditions)
                    .map(|(number, condition)| (format!("first {number}"), (*condition).to_owned()))
                    .collect();
                hits_in(Session::exec_with(&program, &flags, &[]), &program, &breakpoints);
                let log = std::fs::read_to_string(log.path()).unwrap();
                let told = log.lines().filter(|line| line.contains(what)).count();
                assert_eq!(told, conditions.len(), "{conditions:?}: {log}");
            }
        }
    }

    fn an_inner_variable_hides_an_outer_one(go) {
        let program = Program::build("conditioned", go);
        assert_eq!(hits(&program, &pair("inner first", "inner second", "i == 19")), [2, 2]);
    }

    fn captured_variables_are_found_in_closures(go) {
        let program = Program::build("conditioned", go);
        assert_eq!(hits(&program, &pair("closure", "closure again", "escaped > 30 && escaped < 90")), [20, 20]);
    }

    fn position_independent_programs_answer_alike(go) {
        let program = Program::build_as("conditioned", go, Flavour::Pie);
        agree(&program, &["n.id == 9", "visits > 50", "current.id < 7"]);
    }

    fn what_cannot_be_followed_stops_with_the_reason_at_a_later_hit_too(go) {
        let program = Program::build("conditioned", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("second 0")));
        session.send("condition 1 n.id >= 2 && n.next.id == 100");
        let stop = session.send("continue");
        assert!(stop.contains("error evaluating expression: n.next is nil"), "{stop}");
        assert_eq!(session.send("print i"), "4\n");
        session.quit();
    }
}

#[test]
fn every_line_of_a_pair_is_come_by_equally_often() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("conditioned", &go);
    assert_eq!(hits(&program, &pair("first 0", "second 0", "true")), [40, 40]);
}
