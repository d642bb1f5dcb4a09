//! Steps in the company of others: other goroutines on the same lines, deeper calls of the same function,
//! deferred calls, threads that come and go.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn next_stays_with_its_goroutine_while_others_run_the_same_lines(go) {
        let program = Program::build("contention", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("round")));
        session.send("continue");
        session.send("clear 1");
        let (worker, n) = (session.send("print worker"), session.send("print n"));
        for mark in ["second line", "third line", "fourth line"] {
            let stop = session.send("next");
            assert!(stop.contains(&format!("main.round() ./main.go:{}", program.line(mark))), "{mark}: {stop}");
            assert_eq!((session.send("print worker"), session.send("print n")), (worker.clone(), n.clone()));
        }
        let end = session.send("continue");
        assert!(end.contains("sum 159200\n"), "{end}");
        session.quit();
    }

    fn next_over_a_recursive_call_ends_in_its_own_frame(go) {
        let program = Program::build("recursion", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("call")));
        session.send("condition 1 n == 60");
        session.send("continue");
        let stop = session.send("next");
        assert!(stop.contains(&format!("./main.go:{}", program.line("after call"))), "{stop}");
        assert_eq!(session.send("print n"), "60\n");
        assert_eq!(session.send("print rest"), "1770\n");
        let stop = session.send("stepout");
        assert!(stop.contains("main.sum()"), "{stop}");
        assert_eq!(session.send("print n"), "61\n");
        session.quit();
    }

    fn a_deep_stack_is_shown_whole(go) {
        let program = Program::build("recursion", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("bottom")));
        session.send("continue");
        let stack = session.send("stack 200");
        assert_eq!(stack.lines().filter(|line| line.ends_with(" in main.sum")).count(), 101, "{stack}");
        assert_eq!(stack.lines().filter(|line| line.ends_with(" in main.main")).count(), 1, "{stack}");
        session.quit();
    }

    fn next_at_the_end_of_a_function_returns_after_its_deferred_calls(go) {
        let program = Program::build("defers", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("body")));
        session.send("continue");
        let after = format!("main.main() ./main.go:{}", program.line("after orderly"));
        // Past the end of the function, perhaps through the deferred calls, to the rest of the call's line.
        let arrived = (0..10).any(|_| session.send("next").contains(&after));
        assert!(arrived, "{}", session.transcript());
        for (index, text) in ["body", "second deferred", "first deferred"].iter().enumerate() {
            assert_eq!(session.send(&format!("print log[{index}]")), format!("\"{text}\"\n"));
        }
        session.quit();
    }

    fn next_over_a_call_that_recovers_stops_after_it(go) {
        let program = Program::build("defers", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("after orderly")));
        session.send("continue");
        session.send("next");
        assert_eq!(session.send("print result"), "4\n");
        session.quit();
    }

    fn threads_come_and_go_under_a_breakpoint(go) {
        let program = Program::build("threads", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("own thread")));
        session.send("condition 1 n == 250");
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains("main.onOwnThread()"), "{stop}");
        assert_eq!(session.send("print n"), "250\n");
        let stop = session.send("continue");
        assert!(stop.contains(&format!("main.main() ./main.go:{}", program.line("done"))), "{stop}");
        let end = session.send("continue");
        assert!(end.contains("sum 45150\n"), "{end}");
        session.quit();
    }

    fn signals_of_the_program_reach_it(go) {
        let program = Program::build("signals", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("received")));
        session.send("condition 1 received == 50");
        session.send("continue");
        for _ in 0..10 {
            session.send("next");
        }
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("received 100\n"), "{end}");
        session.quit();
    }

    fn a_child_process_runs_on_its_own(go) {
        let program = Program::build("child", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("child")));
        session.send(&format!("break {}", program.at("parent")));
        session.send("continue");
        let end = session.send("continue");
        // The child is the same program: a breakpoint left in its memory would have killed it.
        assert!(end.contains("\"child of parent\\n\" exit status 3"), "{end}");
        session.quit();
    }

    fn breakpoints_are_found_again_in_the_program_that_replaces_it(go) {
        let program = Program::build("execs", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("again")));
        session.send("continue");
        assert_eq!(session.send("print generation"), "\"first\"\n");
        session.send("next");
        let stop = session.send("continue");
        assert!(stop.contains("main.again() ") && stop.contains(" total:2)"), "{stop}");
        assert_eq!(session.send("print generation"), "\"second\"\n");
        let stop = session.send("next");
        assert!(stop.contains("generation second\n") && stop.contains("> main.again() "), "{stop}");
        let end = session.send("continue");
        assert!(end.contains(" has exited with status 5"), "{end}");
        session.quit();
    }

    fn a_next_over_the_replacement_of_the_program_ends_with_the_new_one(go) {
        let program = Program::build("execs", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("exec")));
        session.send("continue");
        session.send("clear 1");
        let end = session.send("next");
        assert!(end.contains("generation second\n") && end.contains(" has exited with status 5"), "{end}");
        session.quit();
    }
}
