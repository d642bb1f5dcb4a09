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
            // Several may get there at the same moment: then one stop shows them all.
            for hit in stop.lines().filter(|line| line.starts_with("> [Breakpoint 1] ")) {
                let (_, rest) = hit.split_once("goroutine(").unwrap();
                let goroutine = rest.split_once(')').unwrap().0;
                let print = |what| format!("goroutine {goroutine} frame 0 print {what}");
                assert_eq!(session.send(&print("call")), "700\n");
                workers.push(session.send(&print("worker")).trim().parse::<u32>().unwrap());
            }
        }
        workers.sort_unstable();
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

    fn every_goroutine_has_a_count_of_its_own(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("condition -per-g-hitcount 1 == 1250");
        session.send(&format!("break {}", program.at("done")));
        for _ in 0..8 {
            let stop = session.send("continue");
            assert!(stop.contains("main.work()") && stop.contains(":1250 total:"), "{stop}");
        }
        let done = session.send("continue");
        assert!(done.contains(&format!("./main.go:{}", program.line("done"))), "{done}");
        session.quit();
    }

    fn every_way_past_a_breakpoint_counts_every_hit_in_a_storm_of_signals(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec(&program);
        // The function's entry is emulated or displaced, its line is displaced.
        session.send("break main.work");
        session.send(&format!("break {}", program.at("work")));
        session.send("condition -hitcount 1 > 10000");
        session.send("condition 2 call < 0");
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("./main.go:{}", program.line("done"))), "{stop}");
        let list = session.send("breakpoints");
        assert!(list.contains("(10000)\n"), "{list}");
        assert_eq!(session.send("print total"), "10000\n");
        session.quit();
    }

    fn steps_among_many_goroutines_lose_no_call(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec(&program);
        session.send("break main.work");
        session.send("condition 1 call % 300 == 7");
        for _ in 0..20 {
            let stop = session.send("continue");
            assert!(stop.contains("main.work()"), "{stop}");
            let call = session.send("print call");
            session.send("toggle 1");
            let stop = session.send("next");
            session.send("toggle 1");
            assert!(stop.contains(&format!("main.work() ./main.go:{}", program.line("work"))), "{stop}");
            assert_eq!(session.send("print call"), call);
        }
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("total 10000\n"), "{end}");
        session.quit();
    }

    fn a_breakpoint_that_cannot_stop_again_is_out_of_the_way(go) {
        let program = Program::build("storm", go);
        let mut session = Session::exec(&program);
        session.send("break main.work");
        session.send("condition -hitcount 1 == 300");
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains("main.work()") && stop.contains(" total:300)"), "{stop}");
        // Threads that had just run into it are not lost.
        let stop = session.send("continue");
        assert!(stop.contains(&format!("./main.go:{}", program.line("done"))), "{stop}");
        assert_eq!(session.send("print total"), "10000\n");
        let list = session.send("breakpoints");
        assert!(list.contains("(enabled)") && list.contains("(300)\n"), "{list}");
        session.quit();
    }
}
