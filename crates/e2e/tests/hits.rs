//! Breakpoints that many goroutines hit at once: none is lost, none is counted twice.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn ten_thousand_false_conditions_stop_nothing_and_lose_nothing(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break mine {} if call == 999999", program.at("work")));
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("./main.go:{}", program.line("done"))), "{stop}");
        assert_eq!(session.send("print total"), "10000\n");
        let end = session.send("continue");
        assert!(end.contains("total 10000\n"), "{end}");
        session.quit();
    }

    fn a_condition_stops_exactly_when_it_is_true(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("condition 1 call == 700 && worker >= 4");
        let mut workers = Vec::new();
        loop {
            let stop = session.send("continue");
            if stop.contains("has exited") {
                assert!(stop.contains("total 10000\n"), "{stop}");
                break;
            }
            assert_eq!(session.send("print call"), "700\n");
            workers.push(session.send("print worker").trim().parse::<u32>().unwrap());
        }
        workers.sort();
        assert_eq!(workers, [4, 5, 6, 7]);
        session.quit();
    }

    fn a_hit_count_stops_at_its_number_and_the_total_is_exact(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("condition -hitcount 1 == 10000");
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains(" total:10000)"), "{stop}");
        let done = session.send("continue");
        assert!(done.contains(&format!("./main.go:{}", program.line("done"))), "{done}");
        let list = session.send("breakpoints");
        assert!(list.contains("(10000)\n"), "{list}");
        session.quit();
    }
}
