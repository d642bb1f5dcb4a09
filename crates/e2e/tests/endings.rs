//! How programs end: by themselves, by a panic, by the runtime, before they began.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn an_unrecovered_panic_stops_with_its_value(go) {
        let program = Program::build("panics", go);
        let mut session = Session::exec(&program);
        let stop = session.send("continue");
        assert!(stop.contains("recovered: station north is overloaded: 101\n"), "{stop}");
        assert!(stop.contains("> [unrecovered-panic] runtime.fatalpanic() "), "{stop}");
        // The runtime has replaced the error by its text at this point (preprintpanics, runtime/panic.go).
        let value = "runtime.curg._panic.arg: interface {}(string) \"station south is overloaded: 250\"\n";
        assert!(stop.contains(value), "{stop}");
        let stack = session.send("stack");
        assert!(stack.contains(" in main.check\n"), "{stack}");
        assert!(stack.contains(&format!("at ./main.go:{}\n", program.line("panic"))), "{stack}");
        let end = session.send("continue");
        assert!(end.contains("has exited with status 2"), "{end}");
        session.quit();
    }

    fn a_fatal_error_of_the_runtime_stops(go) {
        let program = Program::build("deadlock", go);
        let mut session = Session::exec(&program);
        let stop = session.send("continue");
        assert!(stop.contains("about to wait for ever\n"), "{stop}");
        assert!(stop.contains("> [runtime-fatal-throw] runtime."), "{stop}");
        let end = session.send("continue");
        assert!(end.contains("all goroutines are asleep - deadlock!"), "{end}");
        assert!(end.contains("has exited with status 2"), "{end}");
        session.quit();
    }

    fn a_nil_dereference_stops_as_a_panic(go) {
        let program = Program::build("nilpointer", go);
        let mut session = Session::exec(&program);
        let stop = session.send("continue");
        assert!(stop.contains("> [unrecovered-panic] runtime.fatalpanic() "), "{stop}");
        assert!(stop.contains("invalid memory address or nil pointer dereference"), "{stop}");
        let stack = session.send("stack");
        assert!(stack.contains(&format!("at ./main.go:{}\n", program.line("nil"))), "{stack}");
        session.quit();
    }

    fn a_panic_before_main_stops_too(go) {
        let program = Program::build("early", go);
        let mut session = Session::exec(&program);
        session.send("break main.main");
        let stop = session.send("continue");
        assert!(stop.contains("> [unrecovered-panic] runtime.fatalpanic() "), "{stop}");
        assert!(stop.contains("assignment to entry in nil map"), "{stop}");
        let stack = session.send("stack");
        assert!(stack.contains(" in main.fill\n"), "{stack}");
        session.quit();
    }

    fn the_exit_status_is_the_programs(go) {
        let program = Program::build("exits", go);
        for status in ["0", "7"] {
            let mut session = Session::exec_with(&program, &[], &[status]);
            let pid = session.debuggees()[0];
            let end = session.send("continue");
            assert_eq!(end, format!("Process {pid} has exited with status {status}\n"));
            let again = session.send("continue");
            assert_eq!(again, format!("Process {pid} has exited with status {status}\n"));
            session.quit();
        }
    }

    fn quitting_in_the_middle_leaves_no_process(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("continue");
        assert_eq!(session.debuggees().len(), 1);
        session.quit();
    }

    fn the_end_of_input_ends_the_session(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("continue");
        session.finish(0);
    }

    fn a_killed_debugger_leaves_no_process(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("continue");
        assert_eq!(session.debuggees().len(), 1);
        session.signal(adit_e2e::Signal::SIGKILL);
        session.finish_unasked(128 + 9);
    }

    fn a_restarted_program_keeps_its_breakpoints(go) {
        let program = Program::build("exits", go);
        let mut session = Session::exec_with(&program, &[], &["3"]);
        session.send(&format!("break {}", program.at("exit")));
        session.send("continue");
        assert_eq!(session.send("print status"), "3\n");
        let restarted = session.send("restart 5");
        assert!(restarted.starts_with("Process restarted with PID "), "{restarted}");
        session.send("continue");
        assert_eq!(session.send("print status"), "5\n");
        let end = session.send("continue");
        assert!(end.contains("has exited with status 5"), "{end}");
        session.quit();
    }
}
