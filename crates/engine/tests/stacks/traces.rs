//! Stacks as the debugger sees them against those that the program itself sees.

use adit_engine::unwind::Frame;
use adit_engine::value::LoadConfig;

use crate::program::{DEBUG, Go, OPTIMISED, Session, text};

/// Function and line of each frame, without what the runtime does not report: wrappers.
fn lines(session: &Session, frames: &[Frame]) -> Vec<String> {
    let table = session.0.image().binary.pclntab().unwrap();
    let is_wrapper = |frame: &Frame| {
        !frame.inlined() && table.find(frame.file_pc).is_some_and(|found| found.func_id().is_wrapper())
    };
    let line = |frame: &Frame| {
        let source = frame.source.as_ref().unwrap();
        format!("{}:{}", source.function, source.line)
    };
    frames.iter().filter(|frame| !is_wrapper(frame)).map(line).collect()
}

/// Without the runtime's own functions, of which it hides some from the program, and without type arguments.
fn comparable(lines: Vec<String>) -> Vec<String> {
    let of_program = lines.into_iter().filter(|line| !line.starts_with("runtime."));
    let shortened = |line: String| match (line.find('['), line.rfind(']')) {
        (Some(open), Some(close)) => format!("{}[...]{}", &line[..open], &line[close + 1..]),
        _ => line,
    };
    of_program.map(shortened).collect()
}

fn trace(session: &Session) -> Vec<String> {
    let scope = session.0.scope(-1, 0).unwrap();
    let config = LoadConfig { max_array_values: 100, max_string_len: 500, ..LoadConfig::FULL };
    let value = session.0.eval(&scope, "main.trace", &config).unwrap();
    assert_eq!(value.children.len() as i64, value.len);
    value.children.into_list().into_iter().map(|child| child.value).collect()
}

fn check_traces(session: &mut Session, least: usize) {
    session.break_at("main.finished");
    session.run_to("main.done");
    let mut count = 0;
    while session.stack()[0].function() == "main.done" {
        let frames = session.stack();
        let seen = trace(session);
        // main.done and main.report are above what the program reported.
        let own = lines(session, &frames).split_off(2);
        assert_eq!(comparable(own), comparable(seen), "{}", text(&frames));
        count += 1;
        session.go();
    }
    assert!(count >= least, "only {count} stacks");
}

#[test]
fn stacks_are_those_that_the_program_sees() {
    for go in Go::all() {
        for flavour in [DEBUG, OPTIMISED, &["-buildmode=pie"]] {
            println!("Go 1.{} {flavour:?}", go.minor);
            check_traces(&mut go.build("traces", flavour).start(&[]), 9);
        }
    }
}

#[test]
fn bodies_of_ranges_over_functions_have_frames_of_their_own() {
    for go in Go::all().into_iter().filter(|go| go.minor >= 23) {
        for flavour in [DEBUG, OPTIMISED] {
            println!("Go 1.{} {flavour:?}", go.minor);
            check_traces(&mut go.build("ranges", flavour).start(&[]), 4);
        }
    }
}
