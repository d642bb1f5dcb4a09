//! Steps into a chosen call, and to a chosen place.

use adit_engine::run::StopCause;
use adit_engine::step::StepKind;

use crate::program::{Built, DEBUG, Go, OPTIMISED, Session, names};

/// The names of the calls of the line.
fn targets(session: &Session) -> Vec<String> {
    let targets = session.0.step_targets().unwrap();
    targets.into_iter().map(|target| target.function.unwrap_or_else(|| "?".to_owned())).collect()
}

/// Steps into one of the calls of the line, and says where that ended.
fn step_into(session: &mut Session, call: usize) -> (String, u32) {
    let target = session.0.step_targets().unwrap()[call].clone();
    assert_eq!(session.0.step(StepKind::IntoCall(target.addr)).unwrap(), StopCause::StepFinished);
    place(session)
}

fn place(session: &Session) -> (String, u32) {
    let stack = session.stack();
    let source = stack[0].source.clone().unwrap();
    (source.function, source.line)
}

fn at(session: &mut Session, program: &Built, mark: &str) {
    session.run_to(&format!("targets.go:{}", program.line(mark)));
}

#[test]
fn a_step_goes_into_the_chosen_call_of_a_line_with_several() {
    for go in Go::all() {
        let program = go.build("targets", DEBUG);
        let calls = ["?", "main.second", "main.first", "?"];
        let called = ["main.second", "main.second", "main.first", "main.square.area"];
        for (index, called) in called.into_iter().enumerate() {
            let mut session = program.start(&[]);
            at(&mut session, &program, "four");
            assert_eq!(targets(&session), calls, "go1.{}", go.minor);
            assert_eq!(step_into(&mut session, index).0, called, "go1.{}", go.minor);
            // From there, the line goes on as any other.
            session.0.step(StepKind::Out).unwrap();
            assert_eq!(place(&session), ("main.main".to_owned(), program.line("four")));
            session.0.kill().unwrap();
        }
    }
}

#[test]
fn the_second_call_of_a_recursive_function_is_that_of_its_own_frame() {
    for go in Go::all() {
        let program = go.build("targets", DEBUG);
        let mut session = program.start(&[]);
        at(&mut session, &program, "both");
        let depth = session.stack().len();
        assert_eq!(targets(&session), ["main.recursive", "main.first"], "go1.{}", go.minor);
        session.0.clear_breakpoint(adit_engine::breakpoint::BreakpointId(1)).unwrap();
        let (function, _) = step_into(&mut session, 1);
        assert_eq!((function.as_str(), session.stack().len()), ("main.first", depth + 1));
        session.0.kill().unwrap();
    }
}

#[test]
fn inlined_calls_can_be_chosen() {
    for go in Go::all() {
        let program = go.build("targets", OPTIMISED);
        let mut session = program.start(&[]);
        at(&mut session, &program, "inlined");
        let names: Vec<String> = targets(&session);
        let small = names.iter().position(|name| name == "main.small").unwrap_or_else(|| panic!("{names:?}"));
        assert_eq!(step_into(&mut session, small), ("main.small".to_owned(), program.line("small")));
        session.0.kill().unwrap();
    }
}

#[test]
fn a_step_runs_to_an_address_or_to_the_return() {
    for go in Go::all() {
        let program = go.build("targets", DEBUG);
        let mut session = program.start(&[]);
        at(&mut session, &program, "four");
        let end = session.0.find_location(None, &format!("targets.go:{}", program.line("end"))).unwrap();
        assert_eq!(session.0.step_to(&end[0].addrs).unwrap(), StopCause::StepFinished);
        assert_eq!(place(&session), ("main.main".to_owned(), program.line("end")));
        session.0.kill().unwrap();

        let mut session = program.start(&[]);
        session.run_to("main.recursive");
        session.0.clear_breakpoint(adit_engine::breakpoint::BreakpointId(1)).unwrap();
        // Its own recursion does not reach the place: the return ends the step.
        assert_eq!(session.0.step_to(&end[0].addrs).unwrap(), StopCause::StepFinished);
        assert_eq!(names(&session.stack())[0], "main.main");
        assert_eq!(place(&session).1, program.line("recursion"));
        session.0.kill().unwrap();
    }
}
