//! Hits are counted exactly while everything else goes on: conditions, steps, breakpoints set and cleared.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::time::Duration;

use adit_e2e::{Program, Random, Reply, Session, on_oldest_and_newest};

const WORKERS: usize = 8;
const CALLS: usize = 10_000;

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Of what stops are at the marked line: `(hits goroutine(ID):COUNT total:TOTAL)`.
fn hits<'a>(stop: &'a str, name: &str) -> Vec<(&'a str, usize, usize)> {
    let of = format!("[{name}] ");
    let lines = stop.lines().filter(|line| line.contains(&of));
    lines
        .filter_map(|line| {
            let (_, rest) = line.split_once("(hits goroutine(")?;
            let (goroutine, rest) = rest.split_once("):")?;
            let (count, rest) = rest.split_once(" total:")?;
            Some((goroutine, count.parse().unwrap(), rest.split_once(')')?.0.parse().unwrap()))
        })
        .collect()
}

/// The total of a breakpoint, as `breakpoints` lists it.
fn total(list: &str, name: &str) -> usize {
    let line = list.lines().find(|line| line.contains(&format!("{name} ("))).unwrap();
    line.rsplit_once('(').unwrap().1.trim_end_matches(')').parse().unwrap()
}

/// Lets the program run; a step that is interrupted goes on or is given up. Returns all that was shown.
fn run(session: &mut Session, line: &str, random: &mut Random) -> String {
    const QUESTION: &str = "finish next skipping all breakpoints? ";
    session.type_line(line);
    let mut said = String::new();
    loop {
        match session.reply_within(PATIENCE, &[QUESTION]) {
            Some(Reply::Prompt(last)) => return said + &last,
            Some(Reply::Question(asked)) => {
                said.push_str(&asked);
                session.type_line(random.one_of(&["c", "s", "f"]));
            }
            None => panic!("{line:?} does not end:\n{}", session.transcript()),
        }
    }
}

/// Has one thing more or less going on, and returns the command that lets the program run.
fn stir(session: &mut Session, program: &Program, random: &mut Random) -> &'static str {
    match random.below(8) {
        0 => "next",
        1 => "step",
        2 => "stepout",
        3 => "step-instruction",
        4 => {
            // Where every goroutine comes by, but never stops.
            let place = random.one_of(&["adds", "yields"]);
            session.send(&format!("break other {} if main.total < 0", program.at(place)));
            "continue"
        }
        5 => {
            session.send("clear other");
            "next"
        }
        6 => {
            session.send("toggle other");
            "next-instruction"
        }
        _ => "continue",
    }
}

on_oldest_and_newest! {
    fn eighty_thousand_hits_are_counted_among_steps_and_changes(go) {
        let program = Program::build("counted", go);
        let mut session = Session::exec(&program);
        let mut random = Random::new(u64::from(go.minor()));
        session.send(&format!("break every {}", program.at("every")));
        session.send(&format!("condition -per-g-hitcount every == {CALLS}"));
        session.send(&format!("break some {}", program.at("some")));
        session.send("condition some call % 1000 == 10 * worker");
        session.send(&format!("break done {}", program.at("done")));
        let (mut lasts, mut some) = (BTreeMap::new(), 0);
        let mut stop = session.send("continue");
        loop {
            for (goroutine, count, _) in hits(&stop, "every") {
                assert_eq!(count, CALLS, "{stop}");
                *lasts.entry(goroutine.to_owned()).or_insert(0) += 1;
            }
            some += hits(&stop, "some").len();
            if stop.contains("[done]") {
                break;
            }
            let line = stir(&mut session, &program, &mut random);
            stop = run(&mut session, line, &mut random);
        }
        assert_eq!(lasts.len(), WORKERS, "{lasts:?}");
        assert!(lasts.values().all(|times| *times == 1), "{lasts:?}");
        assert_eq!(some, WORKERS * CALLS / 1000);
        let list = session.send("breakpoints");
        assert_eq!(total(&list, "every"), WORKERS * CALLS, "{list}");
        assert_eq!(total(&list, "some"), WORKERS * CALLS / 1000, "{list}");
        session.send("clearall");
        let end = session.send("continue");
        let sum = CALLS * (WORKERS * (WORKERS - 1) / 2) + WORKERS * (CALLS * (CALLS - 1) / 2);
        assert!(end.contains(&format!("total {sum}\n")), "{end}");
        session.quit();
    }
}

on_oldest_and_newest! {
    fn a_condition_knows_which_goroutine_asks_it(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break work {} if runtime.curg.goid < 1", program.at("work")));
        session.send(&format!("break done {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains("[done]"), "{stop}");
        session.quit();
    }
}
