//! Steps that lead from one world into another: between coroutines, and between Go and assembly.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, place, skip};

/// Coroutines came with go1.23.
fn has_coroutines(go: &Go) -> bool {
    if go.minor() < 23 {
        skip("no coroutines before go1.23");
    }
    go.minor() >= 23
}

/// The function, file and line of a stop.
fn full_place(stop: &str) -> (String, String, usize) {
    let line = stop.lines().find(|line| line.starts_with("> ")).unwrap_or_else(|| panic!("no stop: {stop}"));
    let (before, after) = line.split_once(" ./").unwrap_or_else(|| panic!("elsewhere: {line}"));
    let function = before.rsplit_once(' ').unwrap().1.trim_end_matches("()").to_owned();
    let (file, after) = after.split_once(':').unwrap();
    (function, file.to_owned(), after.split_once(' ').unwrap().0.parse().unwrap())
}

/// At the line with this mark, with no other breakpoint left.
fn at(program: &Program, arguments: &[&str], mark: &str) -> Session {
    let mut session = Session::exec_with(program, &[], arguments);
    session.send(&format!("break {}", program.at(mark)));
    session.send("continue");
    session.send("clear 1");
    session
}

on_oldest_and_newest! {
    fn a_step_into_next_enters_the_coroutine_and_one_into_yield_leaves_it(go) {
        if !has_coroutines(go) {
            return;
        }
        let program = Program::build("coroutines", go);
        let mut session = at(&program, &["pulls"], "first");
        let mut expect = |command: &str, function: &str, line: usize| {
            let stop = session.send(command);
            assert_eq!(place(&stop), Some((function, line)), "{command}: {stop}");
        };
        let (first, second, third) = (program.line("first"), program.line("second"), program.line("third"));
        let yields = program.line("yield");
        // The coroutine has not run yet.
        expect("step", "main.upTo.func1()", yields - 2);
        expect("step", "main.upTo.func1()", yields - 1);
        expect("step", "main.upTo.func1()", yields);
        expect("step", "main.pulls()", first);
        expect("step", "main.pulls()", first + 1);
        expect("step", "main.pulls()", second);
        // Now it goes on amid the line in which it waits.
        expect("step", "main.upTo.func1()", yields);
        expect("stepout", "main.pulls()", third);
        session.quit();
    }

    fn a_step_out_of_a_coroutine_that_ends_comes_back(go) {
        if !has_coroutines(go) {
            return;
        }
        let program = Program::build("coroutines", go);
        for command in ["next", "step"] {
            let mut session = at(&program, &["pulls"], "last");
            let stop = session.send(command);
            assert_eq!(place(&stop), Some(("main.upTo.func1()", program.line("last") + 1)), "{stop}");
            let stop = session.send(command);
            assert_eq!(place(&stop), Some(("main.pulls()", program.line("third"))), "{command}: {stop}");
            let stop = session.send("next");
            assert_eq!(place(&stop), Some(("main.pulls()", program.line("third") + 1)), "{stop}");
            session.quit();
        }
    }

    fn a_step_into_stop_enters_the_coroutine_unless_it_is_over(go) {
        if !has_coroutines(go) {
            return;
        }
        let program = Program::build("coroutines", go);
        let mut session = at(&program, &["stops"], "early");
        let stop = session.send("step");
        assert_eq!(place(&stop), Some(("main.upTo.func1()", program.line("yield"))), "{stop}");
        session.send("next");
        let stop = session.send("next");
        // Nothing of the line is left after the call.
        let line = program.line("early");
        let back = place(&stop).filter(|(function, at)| *function == "main.stops()" && [line, line + 1].contains(at));
        assert!(back.is_some(), "{stop}");
        session.quit();
        let mut session = at(&program, &["pulls"], "over");
        let stop = session.send("step");
        assert_eq!(place(&stop), Some(("main.pulls()", program.line("over") + 1)), "{stop}");
        session.quit();
    }

    fn next_over_coroutines_stays_in_its_function(go) {
        if !has_coroutines(go) {
            return;
        }
        let program = Program::build("coroutines", go);
        let mut session = at(&program, &["pulls"], "first");
        for line in program.line("first") + 1..=program.line("third") + 1 {
            let stop = session.send("next");
            assert_eq!(place(&stop), Some(("main.pulls()", line)), "{stop}");
        }
        session.quit();
        // In a coroutine, over the call that lets the other one go on until it comes back.
        let mut session = at(&program, &["pulls"], "yield");
        let stop = session.send("next");
        assert_eq!(place(&stop), Some(("main.upTo.func1()", program.line("yield") - 1)), "{stop}");
        session.quit();
    }
}

on_oldest_and_newest! {
    fn a_step_goes_into_assembly_and_comes_back(go) {
        let program = Program::build("assembly", go);
        let line = |mark: &str| program.line_of("asm_amd64.s", mark);
        let mut session = at(&program, &[], "twice");
        let mut expect = |function: &str, file: &str, line: usize| {
            let stop = session.send("step");
            assert_eq!(full_place(&stop), (function.to_owned(), file.to_owned(), line), "{stop}");
        };
        let doubles = |expect: &mut dyn FnMut(&str, &str, usize)| {
            for offset in 0..4 {
                expect("main.twice", "asm_amd64.s", line("in twice") + offset);
            }
        };
        // Through the wrapper that the compiler makes for assembly.
        doubles(&mut expect);
        expect("main.calls", "main.go", program.line("twice"));
        expect("main.calls", "main.go", program.line("through"));
        for offset in 0..4 {
            expect("main.through", "asm_amd64.s", line("in through") - 1 + offset);
        }
        assert_eq!(line("calls plain"), line("in through") + 2);
        // Through the one that it makes for Go that assembly calls.
        expect("main.plain", "main.go", program.line("plain") - 1);
        expect("main.plain", "main.go", program.line("plain"));
        for offset in 0..3 {
            expect("main.through", "asm_amd64.s", line("behind plain") + offset);
        }
        expect("main.calls", "main.go", program.line("through"));
        expect("main.calls", "main.go", program.line("tail"));
        expect("main.tail", "asm_amd64.s", line("jumps"));
        doubles(&mut expect);
        expect("main.calls", "main.go", program.line("tail"));
        expect("main.calls", "main.go", program.line("value"));
        expect("main.calls", "main.go", program.line("by value"));
        doubles(&mut expect);
        expect("main.calls", "main.go", program.line("by value"));
        expect("main.calls", "main.go", program.line("end"));
        session.quit();
    }

    fn next_and_stepout_in_assembly_stay_in_their_frame(go) {
        let program = Program::build("assembly", go);
        let line = |mark: &str| program.line_of("asm_amd64.s", mark);
        let mut session = Session::exec(&program);
        session.send("break main.through");
        session.send("continue");
        session.send("clear 1");
        let mut lines = Vec::new();
        let mut stop = session.send("next");
        while stop.contains("> main.through() ") {
            lines.push(full_place(&stop).2);
            stop = session.send("next");
        }
        // Not into what it calls.
        assert_eq!(lines.last().copied(), Some(line("behind plain") + 2), "{lines:?}");
        assert!(lines.contains(&line("calls plain")) && lines.contains(&line("behind plain")), "{lines:?}");
        assert_eq!(full_place(&stop), ("main.calls".to_owned(), "main.go".to_owned(), program.line("through")));
        session.send(&format!("break {}", program.at("plain")));
        session.send("restart");
        session.send("continue");
        let stop = session.send("stepout");
        assert_eq!(full_place(&stop).0, "main.through", "{stop}");
        let stop = session.send("stepout");
        assert_eq!(full_place(&stop).0, "main.calls", "{stop}");
        // A function that ends by a jump returns to its caller.
        session.send("break main.tail");
        session.send("continue");
        let stop = session.send("next");
        assert_eq!(full_place(&stop), ("main.calls".to_owned(), "main.go".to_owned(), program.line("tail")));
        session.quit();
    }
}
