//! Threads that end with their goroutines, while these are stepped and hit breakpoints.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

/// How many threads come and go.
const THREADS: usize = 300;

on_oldest_and_newest! {
    fn every_one_of_many_dying_threads_hits_its_breakpoints(go) {
        let program = Program::build("threads", go);
        let mut session = Session::exec(&program);
        session.send("trace traced main.onOwnThread");
        session.send(&format!("break line {}", program.at("own thread")));
        session.send("condition -hitcount line > 100000");
        session.send(&format!("break done {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains("[done]"), "{stop}");
        let calls = stop.lines().filter(|line| line.contains("): [traced] main.onOwnThread(")).count();
        assert_eq!(calls, THREADS, "{stop}");
        let list = session.send("breakpoints");
        assert_eq!(list.matches(&format!("({THREADS})\n")).count(), 3, "entry, return and line: {list}");
        assert_eq!(session.send("print sum"), format!("{}\n", THREADS * (THREADS + 1) / 2));
        session.quit();
    }

    fn steps_end_although_their_threads_do(go) {
        let program = Program::build("threads", go);
        let mut session = Session::exec(&program);
        session.send("break some main.onOwnThread if n % 10 == 3");
        session.send(&format!("break done {}", program.at("done")));
        let mut stop = session.send("continue");
        let mut steps = 0;
        while !stop.contains("[done]") {
            assert!(!stop.contains("exited"), "{stop}");
            // Out of the function, and on beyond the goroutine's end: there is no next line then.
            session.send("toggle some");
            session.send("next");
            let last = session.send("stepout");
            session.send("toggle some");
            steps += 1;
            stop = if last.contains("[done]") { last } else { session.send("continue") };
        }
        assert!(steps > 0, "{stop}");
        assert_eq!(session.send("print sum"), format!("{}\n", THREADS * (THREADS + 1) / 2));
        session.quit();
    }
}
