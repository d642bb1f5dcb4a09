//! Steps that a breakpoint interrupts: of another goroutine, they wait; of their own, they are over.

use adit_engine::EngineError;
use adit_engine::run::StopCause;
use adit_engine::step::StepKind;

use crate::program::{Built, DEBUG, Go, Session};

/// Where the selected goroutine is: its id and its line.
fn place(session: &Session) -> (i64, u32) {
    let line = session.stack()[0].source.as_ref().unwrap().line;
    (session.0.selection().goroutine.unwrap(), line)
}

/// Waits for another goroutine by a step that a breakpoint of that one interrupts.
fn interrupt(program: &Built) -> Session {
    let mut session = program.start(&[]);
    session.run_to(&format!("interrupted.go:{}", program.line("wait")));
    session.break_at(&format!("interrupted.go:{}", program.line("tick")));
    assert_eq!(session.0.step(StepKind::Next).unwrap(), StopCause::Breakpoint);
    let (goroutine, line) = place(&session);
    assert!(goroutine != 1 && line == program.line("tick") && session.0.step_in_progress());
    session
}

#[test]
fn an_interrupted_step_refuses_another_and_goes_on_with_the_program() {
    for go in Go::all() {
        let program = go.build("interrupted", DEBUG);
        let mut session = interrupt(&program);
        for kind in [StepKind::Next, StepKind::Into, StepKind::Out] {
            assert!(matches!(session.0.step(kind), Err(EngineError::NextWhileNexting)));
        }
        for _ in 1..3 {
            assert_eq!(session.0.continue_().unwrap(), StopCause::Breakpoint);
            assert!(place(&session).0 != 1 && session.0.step_in_progress());
        }
        assert_eq!(session.0.continue_().unwrap(), StopCause::StepFinished);
        assert_eq!((place(&session), session.0.step_in_progress()), ((1, program.line("own")), false));
        session.0.kill().unwrap();
    }
}

#[test]
fn an_interrupted_step_that_is_cancelled_is_forgotten() {
    for go in Go::all() {
        let program = go.build("interrupted", DEBUG);
        let mut session = interrupt(&program);
        session.0.cancel_step();
        assert!(!session.0.step_in_progress());
        let (goroutine, line) = place(&session);
        // The other goroutine can be stepped now.
        assert_eq!(session.0.step(StepKind::Next).unwrap(), StopCause::StepFinished);
        let (stepped, next) = place(&session);
        assert!(stepped == goroutine && next != line);
        for hit in 2..5 {
            assert_eq!(session.0.continue_().unwrap(), StopCause::Breakpoint, "hit {hit}");
        }
        assert!(matches!(session.0.continue_().unwrap(), StopCause::Exited(_)));
    }
}

#[test]
fn a_breakpoint_of_its_own_goroutine_ends_a_step() {
    for go in Go::all() {
        let program = go.build("interrupted", DEBUG);
        let mut session = program.start(&[]);
        session.run_to(&format!("interrupted.go:{}", program.line("own")));
        session.break_at(&format!("interrupted.go:{}", program.line("tick")));
        assert_eq!(session.0.step(StepKind::Next).unwrap(), StopCause::Breakpoint);
        assert_eq!((place(&session), session.0.step_in_progress()), ((1, program.line("tick")), false));
        assert_eq!(session.0.step(StepKind::Out).unwrap(), StopCause::StepFinished);
        assert_eq!(place(&session), (1, program.line("own")));
        session.0.kill().unwrap();
    }
}
