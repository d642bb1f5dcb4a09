//! What happens at one stop is all shown: several breakpoints of one thread, and what an access did to a watched value.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

/// The program that writes its variables one after the other, before the first.
fn start(program: &Program) -> Session {
    let mut session = Session::exec_with(program, &[], &["places"]);
    session.send(&format!("break {}", program.at("ready")));
    session.send("continue");
    session.send("clearall");
    session
}

fn headers(stop: &str) -> Vec<&str> {
    stop.lines().filter(|line| line.starts_with("> ")).collect()
}

on_oldest_and_newest! {
    fn a_watchpoint_and_the_breakpoint_behind_it_are_both_shown(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program);
        session.send(&format!("break behind {}", program.at("after bump")));
        session.send("on behind print byte8 * 2");
        session.send(&format!("break before {}", program.at("bump")));
        session.send("continue");
        session.send("watch -w byte8");
        let stop = session.send("continue");
        let shown = headers(&stop);
        assert_eq!(shown.len(), 2, "{stop}");
        assert!(shown[0].starts_with("> watchpoint on [byte8] main.bump() "), "{stop}");
        assert!(shown[1].starts_with("> [behind] main.bump() "), "{stop}");
        let place = format!("./main.go:{} (hits goroutine(1):1 total:1)", program.line("after bump"));
        assert!(shown.iter().all(|line| line.contains(&place)), "{stop}");
        assert!(stop.contains("\told value: 8\n\tnew value: 9\n"), "{stop}");
        assert!(stop.contains("\tbyte8 * 2: 18\n"), "{stop}");
        session.quit();
    }

    fn an_access_shows_what_the_value_was_and_what_it_is(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program);
        let write = |session: &mut Session, what: &str| {
            session.send(&format!("watch -w {what}"));
            let stop = session.send("continue");
            session.send(&format!("clear {what}"));
            stop.lines().filter(|line| line.starts_with('\t')).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(write(&mut session, "byte1"), "\told value: 0\n\tnew value: 1");
        // What the debugger itself wrote was known before.
        session.send("set byte2 = 77");
        assert_eq!(write(&mut session, "byte2"), "\told value: 77\n\tnew value: 2");
        session.send("watch -rw byte8");
        let stop = session.send("continue");
        assert!(stop.contains("\told value: 0\n\tnew value: 8\n"), "{stop}");
        // A read changes nothing.
        let stop = session.send("continue");
        assert!(stop.contains("> watchpoint on [byte8] ") && stop.contains("\n\tvalue: 8\n"), "{stop}");
        session.send("clear byte8");
        assert_eq!(write(&mut session, "record.second"), "\told value: 0\n\tnew value: 5");
        assert_eq!(write(&mut session, "five[0]"), "\tvalue: 0");
        assert_eq!(write(&mut session, "five[1]"), "\told value: 0\n\tnew value: 1");
        session.quit();
    }

    fn a_value_watched_by_single_stepping_shows_both_too(go) {
        let program = Program::build("watched", go);
        let mut session = Session::exec_with(&program, &[], &["wide"]);
        session.send(&format!("break {}", program.at("wide")));
        session.send("continue");
        let set = session.send("watch -w large.words");
        assert!(set.contains("watched by single-stepping: slow"), "{set}");
        let stop = session.send("continue");
        let both: Vec<&str> = stop.lines().filter(|line| line.contains(" value: ")).collect();
        assert_eq!(both.len(), 2, "{stop}");
        assert!(both[0].starts_with("\told value: [8]int64 [") && both[1].starts_with("\tnew value: [8]int64 ["), "{stop}");
        assert_ne!(both[0].split_once(": ").unwrap().1, both[1].split_once(": ").unwrap().1);
        session.quit();
    }
}
