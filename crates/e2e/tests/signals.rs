//! Signals of the program: delivered as ever, or stopped at, told of and withheld as the user wants it.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_signal_stops_the_program_and_is_withheld(go) {
        let program = Program::build("handled", go);
        let mut session = Session::exec(&program);
        assert_eq!(
            session.send("handle SIGUSR1 stop nopass"),
            "Signal      Stop  Print  Pass\n\
             SIGUSR1     yes   yes    no\n\
             Other signals are passed to the program; one that is about to crash it is a stop.\n"
        );
        for _ in 0..3 {
            let stop = session.send("continue");
            assert!(stop.contains("> [SIGUSR1] "), "{stop}");
            assert!(stop.contains("\ton goroutine 1, thread "), "{stop}");
            assert!(session.send("stack").contains("main.raise"));
        }
        let end = session.send("continue");
        assert!(end.contains("usr1 0 usr2 3 realtime 3\n"), "{end}");
        session.quit();
    }

    fn a_signal_that_stopped_the_program_is_delivered_when_it_goes_on(go) {
        let program = Program::build("handled", go);
        let mut session = Session::exec(&program);
        session.send("handle usr1 40 stop");
        for name in ["SIG40", "SIGUSR1"].repeat(3) {
            let stop = session.send("continue");
            assert!(stop.contains(&format!("> [{name}] ")), "{stop}");
        }
        session.send("restart");
        assert!(session.send("handle 40 default").contains("SIGUSR1     yes   yes    yes\nOther"));
        let stop = session.send("continue");
        assert!(stop.contains("> [SIGUSR1] "), "{stop}");
        session.send("handle USR1 nostop noprint");
        let end = session.send("continue");
        assert!(end.contains("usr1 3 usr2 3 realtime 3\n"), "{end}");
        session.quit();
    }

    fn signals_are_told_of_without_a_stop(go) {
        let program = Program::build("handled", go);
        let mut session = Session::exec(&program);
        session.send("handle 40 print");
        session.send("handle SIGUSR1 print nopass");
        let end = session.send("continue");
        assert!(end.contains("usr1 0 usr2 3 realtime 3\n"), "{end}");
        assert_eq!(end.matches("Received SIG40 on goroutine 1, thread ").count(), 3, "{end}");
        assert_eq!(end.matches("Received SIGUSR1 on goroutine 1, thread ").count(), 3, "{end}");
        session.quit();
    }

    fn what_cannot_be_handled_says_why(go) {
        let program = Program::build("handled", go);
        let mut session = Session::exec(&program);
        for (command, reason) in [
            ("handle SIGKILL stop", "can not change what is done with SIGKILL: no program, and no debugger, ever sees it"),
            ("handle TRAP nopass", "can not change what is done with SIGTRAP: the debugger itself works by it"),
            ("handle SIGFOO stop", "no signal \"SIGFOO\"; signals are named SIGUSR1 or USR1, or 10, up to 64"),
            ("handle stop", "name the signals, as in: handle SIGUSR1 stop nopass"),
            ("handle SIGHUP", "say what is to be done: stop, nostop, print, noprint, pass, nopass or default"),
            ("handle SIGHUP stop noprint", "a stop is always printed"),
        ] {
            assert_eq!(session.send(command), format!("Command failed: {reason}\n"));
        }
        session.quit();
    }

    fn a_profiler_and_a_flood_of_signals_do_not_disturb_stepping(go) {
        let program = Program::build("profiled", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("square")));
        session.send("continue");
        session.send("clear 1");
        for n in 0..12 {
            for mark in ["sum", "head", "square"] {
                let stop = session.send("next");
                let wanted = match (n, mark) {
                    (11, "square") => "over",
                    _ => mark,
                };
                assert!(stop.contains(&format!("main.main() ./main.go:{} ", program.line(wanted))), "{n} {mark}: {stop}");
            }
        }
        let end = session.send("continue");
        assert!(end.contains("sum 506\n"), "{end}");
        session.quit();
    }
}
