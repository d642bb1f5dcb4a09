//! Children of children, of which only some are followed.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_child_of_a_child_that_did_not_match_is_followed(go) {
        let program = Program::build("nested", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on leaf$");
        session.send("break main.tick");
        let stop = session.send("continue");
        assert!(stop.contains("tick middle\n") && stop.contains("> [Breakpoint 1] main.tick() "), "{stop}");
        assert_eq!(stop.matches("Spawned new process ").count(), 1, "{stop}");
        assert_eq!(session.send("print name"), "\"leaf\"\n");
        assert_eq!(session.send("target list").lines().count(), 2);
        let end = session.send("continue");
        let all = session.transcript();
        for text in ["end of leaf\n", "child leaf <nil>\n", "end of middle\n", "child middle <nil>\n", "end of root\n"] {
            assert!(all.contains(text), "{all}");
        }
        assert!(end.contains("has exited with status 0\n"), "{end}");
        session.quit();
    }

    fn those_that_are_not_followed_outlive_a_session_that_ends(go) {
        let program = Program::build("nested", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on leaf$");
        session.send("break main.tick");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 1] main.tick() "), "{stop}");
        // The root and the leaf are killed; the process between them is no target, and goes on.
        session.type_line("exit");
        session.expect("child leaf signal: killed\nend of middle\n");
        session.finish(0);
    }

    fn calls_in_children_are_traced(go) {
        let program = Program::build("nested", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on");
        session.send("trace main.tick");
        let end = session.send("continue");
        for name in ["middle", "leaf"] {
            assert_eq!(end.matches(&format!("> goroutine(1): main.tick(\"{name}\")\n")).count(), 1, "{end}");
        }
        assert!(end.contains("has exited with status 0\n"), "{end}");
        session.quit();
    }

    fn a_watch_is_of_one_target(go) {
        let program = Program::build("nested", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on leaf$");
        session.send("break main.main");
        session.send("continue");
        session.send("watch -w main.ticks");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 1] main.main() "), "{stop}");
        assert_eq!(session.send("target list").lines().count(), 2);
        // The child has none of its own until it is asked for.
        session.send("watch -w main.ticks");
        let stop = session.send("continue");
        assert!(stop.contains("> watchpoint on [main.ticks] main.tick() "), "{stop}");
        assert_eq!(session.send("print ticks"), "1\n");
        let end = session.send("continue");
        assert!(end.contains("has exited with status 0\n"), "{end}");
        session.quit();
    }
}
