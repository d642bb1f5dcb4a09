//! Deferred calls that have not run yet: in optimised programs, too, where the compiler keeps them off the runtime's list.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest, skip};

fn build(go: &Go, flavour: Flavour) -> Program {
    Program::build_as("opencoded", go, flavour)
}

fn at_look(program: &Program) -> Session {
    let mut session = Session::exec(program);
    session.send("break main.look");
    session.send("continue");
    session
}

/// The number of the frame of a function, in the selected goroutine's stack.
fn frame_of(session: &mut Session, function: &str) -> usize {
    let stack = session.send("stack");
    let ending = format!(" in {function}");
    let line =
        stack.lines().find(|line| line.ends_with(&ending)).unwrap_or_else(|| panic!("{function}: {stack}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// The deferred calls of a function's frame: what is called, and by which line it was deferred.
fn defers(session: &mut Session, function: &str) -> Vec<(String, usize)> {
    let frame = frame_of(session, function);
    let stack = session.send("stack 20 -defer");
    let start = stack.lines().skip_while(|line| !line.starts_with(&format!("{frame}  0x"))).skip(1);
    let own: Vec<&str> = start.take_while(|line| line.starts_with(' ')).collect();
    let called = own.iter().filter(|line| line.trim_start().starts_with("defer "));
    let called = called.map(|line| line.rsplit_once(" in ").unwrap().1.to_owned());
    let by = own.iter().filter(|line| line.trim_start().starts_with("deferred by "));
    let by = by.map(|line| line.rsplit_once(':').unwrap().1.parse().unwrap());
    called.zip(by).collect()
}

fn check_listed(go: &Go, flavour: Flavour) {
    let program = build(go, flavour);
    let mut session = at_look(&program);
    let expected = |calls: &[(&str, &str)]| -> Vec<(String, usize)> {
        calls.iter().map(|(name, mark)| ((*name).to_owned(), program.line(mark))).collect()
    };
    assert_eq!(
        defers(&mut session, "main.plain"),
        expected(&[
            ("main.plain.func1", "closure"),
            ("main.(*counter).grow", "method"),
            ("main.add", "constants")
        ])
    );
    assert_eq!(session.send("frame 1 deferred 3 args"), "amount = 1\nname = \"one\"\n");
    assert_eq!(session.send("frame 1 deferred 3 print amount + len(name)"), "4\n");
    let method = session.send("frame 1 deferred 2 args");
    assert!(
        method.starts_with("c = (*main.counter)(0x") && method.ends_with(")\nby = 7\nratio = 2.5\n"),
        "{method}"
    );
    let missing = session.send("frame 1 deferred 4 args");
    assert!(missing.contains("Frame 1 only has 3 deferred calls"), "{missing}");
    session.send("continue");
    assert_eq!(defers(&mut session, "main.looping"), expected(&[("main.add", "loop"), ("main.add", "loop")]));
    assert_eq!(session.send("frame 1 deferred 1 args"), "amount = 1\nname = \"in a loop\"\n");
    assert_eq!(session.send("frame 1 deferred 2 print amount"), "0\n");
    // A panic has called the last one, in which the program stands.
    session.send("continue");
    assert_eq!(
        defers(&mut session, "main.failing"),
        expected(&[("main.add", "failing"), ("main.failing.func1", "first")])
    );
    let frame = frame_of(&mut session, "main.failing");
    assert_eq!(session.send(&format!("frame {frame} deferred 1 args")), "amount = 3\nname = \"failing\"\n");
    session.quit();
}

on_oldest_and_newest! {
    fn calls_of_a_program_for_debugging_are_listed_with_their_arguments(go) {
        check_listed(go, Flavour::Debug);
    }

    fn calls_of_an_optimised_program_are_listed_with_their_arguments(go) {
        check_listed(go, Flavour::Optimised);
    }

    fn nothing_waits_before_the_first_defer_statement(go) {
        for flavour in [Flavour::Debug, Flavour::Optimised] {
            let program = build(go, flavour);
            let mut session = Session::exec(&program);
            for function in ["plain", "looping", "failing"] {
                session.send(&format!("break main.{function}"));
                session.send("continue");
                assert_eq!(defers(&mut session, &format!("main.{function}")), [], "{flavour:?}");
            }
            session.quit();
        }
    }

    fn calls_that_have_begun_do_not_wait(go) {
        for flavour in [Flavour::Debug, Flavour::Optimised] {
            let program = build(go, flavour);
            let mut session = Session::exec(&program);
            session.send(&format!("break {}", program.at("in closure")));
            session.send("continue");
            let called: Vec<String> = defers(&mut session, "main.plain").into_iter().map(|call| call.0).collect();
            assert_eq!(called, ["main.(*counter).grow", "main.add"], "{flavour:?}");
            session.send(&format!("break {}", program.at("recover")));
            session.send("continue");
            assert_eq!(defers(&mut session, "main.failing"), [], "{flavour:?}");
            session.quit();
        }
    }

    fn a_closure_shows_what_it_has_captured(go) {
        let program = build(go, Flavour::Debug);
        let mut session = at_look(&program);
        let locals = session.send("frame 1 deferred 1 locals");
        let mut locals: Vec<&str> = locals.lines().collect();
        locals.sort_unstable();
        assert_eq!(locals, ["amount = 7", "name = \"seven\""]);
        assert_eq!(session.send("frame 1 deferred 1 print amount + len(name)"), "12\n");
        // Nothing of that was done.
        assert_eq!(session.send("print sum.total"), "0\n");
        session.quit();
    }

    fn calls_deferred_in_the_bodies_of_loops_over_functions_wait_around_them(go) {
        if go.minor() < 23 {
            skip("no loops over functions before go1.23");
            return;
        }
        for flavour in [Flavour::Debug, Flavour::Optimised] {
            let program = Program::build_as("rangedefers", go, flavour);
            let mut session = at_look(&program);
            let called: Vec<String> = defers(&mut session, "main.around").into_iter().map(|call| call.0).collect();
            assert_eq!(called, ["main.add", "main.add", "main.add"], "{flavour:?}");
            let frame = frame_of(&mut session, "main.around");
            for (n, amount) in [(1, 11), (2, 10), (3, 5)] {
                let args = session.send(&format!("frame {frame} deferred {n} args"));
                assert_eq!(args, format!("amount = {amount}\n"), "{flavour:?}");
            }
            session.quit();
        }
    }

    fn a_panic_of_an_optimised_program_steps_into_its_deferred_call(go) {
        let program = build(go, Flavour::Optimised);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("panic")));
        session.send("continue");
        let stop = session.send("next");
        assert!(stop.contains("> main.look() "), "{stop}");
        session.quit();
    }
}
