//! The caller chain at every single instruction.

use std::collections::BTreeMap;

use adit_engine::run::StopCause;
use adit_engine::unwind::Frame;

use crate::program::{DEBUG, Go, OPTIMISED, Session, text};

/// So many instructions are executed at most: how many it takes to the end depends on what the scheduler and the
/// garbage collector do between.
const MOST: usize = 60_000;

/// The program's own functions on a stack, outermost first, without what was inlined: that comes and goes by
/// more than one call at a time.
fn own(frames: &[Frame]) -> Vec<String> {
    let own = frames.iter().filter(|frame| !frame.inlined() && frame.function().starts_with("main."));
    let mut own: Vec<String> = own.map(|frame| frame.function().to_owned()).collect();
    own.reverse();
    own
}

/// What is wrong with a stack, given that of the instruction before.
fn fault(frames: &[Frame], before: &[String]) -> Option<&'static str> {
    let last = frames.last()?;
    // It is just writing where the goroutine shall go on: what it has written is no stack yet.
    if frames[0].function() == "runtime.recovery" {
        return None;
    }
    if frames.iter().any(|frame| frame.error.is_some()) {
        return Some("there is an error");
    }
    if !last.bottom || last.function() != "runtime.goexit" {
        return Some("it does not end");
    }
    if frames[1..].iter().any(|frame| frame.function().is_empty()) {
        return Some("a function has no name");
    }
    let now = own(frames);
    let same = before.iter().zip(&now).take_while(|(a, b)| a == b).count();
    (now.len() > same + 1).then_some("more than one function was called at once")
}

/// Executes `work` from the call of `begin` to that of `end`, and checks each stack against the one before.
fn check_every_instruction(session: &mut Session) {
    session.run_to("main.begin");
    // Should the scheduler take the goroutine to another thread amid a system call, the check ends there.
    session.break_at("main.end");
    let goroutine = session.0.selection().goroutine;
    let thread = session.thread();
    let mut before = own(&session.0.stack_of(thread, 1000).unwrap());
    assert!(before.ends_with(&["main.work".to_owned(), "main.begin".to_owned()]), "{before:?}");
    let mut faults: BTreeMap<String, String> = BTreeMap::new();
    for count in 0..MOST {
        let cause = session.0.step_instruction(false).unwrap();
        assert!(!matches!(cause, StopCause::Exited(_)), "after {count} instructions");
        let frames = session.0.stack_of(thread, 1000).unwrap();
        if cause == StopCause::Breakpoint {
            assert!(count > 20_000, "only {count} instructions were checked");
            break;
        }
        if session.0.selection().goroutine != goroutine {
            // The scheduler runs something else between.
            continue;
        }
        if let Some(fault) = fault(&frames, &before) {
            let first = faults.entry(frames[0].function().to_owned());
            first.or_insert_with(|| format!("{count}: {fault} after {before:?}:\n{}", text(&frames)));
        }
        before = own(&frames);
        if before.last().is_some_and(|name| name == "main.end") {
            break;
        }
    }
    let faults: Vec<String> = faults.into_values().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn callers_are_right_at_every_instruction() {
    for go in Go::all() {
        println!("Go 1.{}", go.minor);
        check_every_instruction(&mut go.build("steps", DEBUG).start_with(&[], &[("GOMAXPROCS", "1")]));
    }
}

#[test]
fn callers_are_right_at_every_instruction_of_optimised_code() {
    for go in Go::all() {
        println!("Go 1.{}", go.minor);
        check_every_instruction(&mut go.build("steps", OPTIMISED).start_with(&[], &[("GOMAXPROCS", "1")]));
    }
}
