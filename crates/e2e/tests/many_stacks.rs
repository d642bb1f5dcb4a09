//! The stacks of all goroutines in one list are those that each goroutine shows alone.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

/// The frames of a listing, without how it is indented.
fn frames<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

fn compare(session: &mut Session) {
    let list = session.send("goroutines -t 30");
    let mut goroutines: Vec<(i64, Vec<&str>)> = Vec::new();
    for line in list.lines() {
        let text = line.trim_start_matches(['*', ' ']);
        match text.strip_prefix("Goroutine ").and_then(|rest| rest.split_once(" - ")) {
            Some((id, _)) => goroutines.push((id.parse().unwrap(), Vec::new())),
            None if line.starts_with('\t') => goroutines.last_mut().unwrap().1.push(line),
            None => {}
        }
    }
    assert!(goroutines.len() > 3, "{list}");
    for (id, listed) in goroutines.iter().step_by((goroutines.len() / 100).max(1)) {
        let alone = session.send(&format!("goroutine {id} stack 30"));
        assert_eq!(frames(listed.iter().copied()), frames(alone.lines()), "goroutine {id}");
    }
}

on_oldest_and_newest! {
    fn of_goroutines_that_stand_in_one_place(go) {
        let program = Program::build("many", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("parked")));
        session.send("continue");
        compare(&mut session);
        session.quit();
    }

    fn of_goroutines_that_do_all_kinds_of_things(go) {
        let program = Program::build("tour", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("add")));
        session.send("continue");
        compare(&mut session);
        // What was kept of the walks must not outlive the stop.
        session.send("continue");
        compare(&mut session);
        session.quit();
    }
}
