//! Breakpoints that mean exactly what was asked for: counts, conditions, what is done at a hit, and code that is not
//! loaded yet.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, skip};

/// The program that loads a plugin, and the plugin; `None`, counted as a skip, without a C compiler.
fn plugged(go: &Go) -> Option<(Program, Program)> {
    if Command::new("cc").arg("--version").output().is_err() {
        skip("no C compiler to link a plugin");
        return None;
    }
    let cgo = [("CGO_ENABLED", "1")];
    let debug = "-gcflags=all=-N -l";
    let program = Program::build_custom("plugged", go, "plugged", &[debug], &cgo);
    let plugin = Program::build_custom("plugin", go, "plugin", &["-buildmode=plugin", debug], &cgo);
    Some((program, plugin))
}

/// `(hits goroutine(4):2 total:9)` of every thread that is shown: goroutine, its hits, and all hits.
fn hits(stop: &str) -> Vec<(u64, u64, u64)> {
    let shown = stop.lines().filter_map(|line| line.split_once("(hits goroutine("));
    shown
        .map(|(_, rest)| {
            let numbers = rest.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
            let numbers: Vec<u64> = numbers.take(3).map(|word| word.parse().unwrap()).collect();
            (numbers[0], numbers[1], numbers[2])
        })
        .collect()
}

on_oldest_and_newest! {
    fn a_breakpoint_waits_for_the_plugin_that_has_it(go) {
        let Some((program, plugin)) = plugged(go) else { return };
        let mut session = Session::exec_with(&program, &[], &[plugin.path().to_str().unwrap()]);
        let sum = format!("plug.go:{}", plugin.line_of("plug.go", "sum"));
        for place in ["plugin.Triple", &sum] {
            session.type_line(&format!("break {place}"));
            session.expect("(Delve will try to set this breakpoint when a plugin is loaded) [Y/n]?");
            let set = session.send("y");
            assert!(set.ends_with(" set at 0x0 for :0\n"), "{set}");
        }
        let list = session.send("breakpoints");
        assert!(list.contains(&format!("Breakpoint 2 (suspended) at {sum} (0)\n")), "{list}");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 1] ") && stop.contains("plugin.Triple() "), "{stop}");
        let stack = session.send("stack");
        assert!(stack.contains("plugin.Triple\n") && stack.contains(" in main.main\n"), "{stack}");
        session.send("clear 1");
        // Steps go through the plugin's code as through any other.
        let line = |mark| format!("plug.go:{}", plugin.line_of("plug.go", mark));
        let stop = session.send("next");
        assert!(stop.contains(&line("box")), "{stop}");
        session.send("next");
        let stop = session.send("next");
        assert!(stop.contains(&line("add")), "{stop}");
        session.send("clear 2");
        let stop = session.send("step");
        assert!(stop.contains("plugin.add() "), "{stop}");
        let stop = session.send("stepout");
        assert!(stop.contains("plugin.Triple() ") && stop.contains(&line("add")), "{stop}");
        let stop = session.send("stepout");
        assert!(stop.contains(&format!("main.main() ./main.go:{}", program.line("call"))), "{stop}");
        let end = session.send("continue");
        assert!(end.contains("total 9\n"), "{end}");
        session.quit();
    }

    fn a_breakpoint_in_a_plugin_is_found_again_after_a_restart(go) {
        let Some((program, plugin)) = plugged(go) else { return };
        let mut session = Session::exec_with(&program, &[], &[plugin.path().to_str().unwrap()]);
        session.send(&format!("break {}", program.at("loaded")));
        session.send("continue");
        // It is loaded already: nothing has to wait.
        let set = session.send("break plugin.add");
        assert!(set.starts_with("Breakpoint 2 set at 0x") && set.contains("plugin.add() "), "{set}");
        let missing = session.send("break plug.go:9999");
        assert!(missing.contains("could not find statement at "), "{missing}");
        session.send("clear 1");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 2] "), "{stop}");
        session.send("restart");
        let list = session.send("breakpoints");
        assert!(list.contains("Breakpoint 2 (suspended) at plugin.add (0)\n"), "{list}");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 2] ") && stop.contains("plugin.add() "), "{stop}");
        session.quit();
    }

    fn a_breakpoint_set_after_the_end_waits_for_the_next_start(go) {
        let program = Program::build("stormy", go);
        let mut session = Session::exec_with(&program, &[], &["1"]);
        session.send("continue");
        session.type_line(&format!("break {}", program.at("done")));
        session.expect("(Delve will try to set this breakpoint when process restarts) [Y/n]?");
        session.send("y");
        session.send("restart");
        let stop = session.send("continue");
        assert!(stop.contains(&format!("> [Breakpoint 1] main.main() ./main.go:{}", program.line("done"))), "{stop}");
        session.quit();
    }

    fn eighty_thousand_hits_are_counted_in_total_and_by_goroutine(go) {
        let program = Program::build("stormy", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        session.send("condition -hitcount 1 > 79990");
        session.send(&format!("break {}", program.at("done")));
        let mut total = 79990;
        let mut by_goroutine = std::collections::BTreeMap::new();
        while total < 80000 {
            let stop = session.send("continue");
            let shown = hits(&stop);
            assert!(stop.contains("main.work()") && !shown.is_empty(), "{stop}");
            total += shown.len() as u64;
            for (goroutine, own, all) in shown {
                by_goroutine.insert(goroutine, own);
                assert!(all <= total, "{stop}");
            }
        }
        let stop = session.send("continue");
        assert!(stop.contains(&format!("main.main() ./main.go:{}", program.line("done"))), "{stop}");
        let list = session.send("breakpoints");
        assert!(list.contains("(80000)\n"), "{list}");
        assert_eq!(session.send("print total"), "80000\n");
        // The goroutine of the very last hit is at the end of its calls.
        assert!(by_goroutine.values().any(|own| *own == 10000), "{by_goroutine:?}");
        session.quit();
    }

    fn all_hits_at_once_are_shown(go) {
        let program = Program::build("stormy", go);
        let mut session = Session::exec_with(&program, &[], &["250"]);
        session.send(&format!("break {}", program.at("work")));
        session.send(&format!("break {}", program.at("done")));
        let done = format!("main.main() ./main.go:{}", program.line("done"));
        let mut seen = std::collections::BTreeSet::new();
        let mut stop = session.send("continue");
        while !stop.contains(&done) {
            let shown = hits(&stop);
            assert!(!shown.is_empty(), "{stop}");
            for (goroutine, own, _) in shown {
                // Every hit of every goroutine is shown, and none twice.
                assert!(seen.insert((goroutine, own)), "{stop}");
            }
            stop = session.send("continue");
        }
        assert_eq!(seen.len(), 2000);
        session.quit();
    }

    fn a_condition_that_fails_stops_with_the_reason_unless_it_is_caught(go) {
        let program = Program::build("stormy", go);
        let mut session = Session::exec_with(&program, &[], &["5"]);
        session.send(&format!("break failing {}", program.at("work")));
        session.send("condition failing j.worker == 3 && j.next.call == 3");
        session.send(&format!("break {}", program.at("done")));
        let failed = session.send("continue");
        assert!(failed.contains("Command failed: error evaluating expression: j.next is nil"), "{failed}");
        let stack = session.send("stack");
        assert!(stack.contains(" in main.work\n"), "{stack}");
        session.send("condition failing j.worker == 3 && j.call");
        let failed = session.send("continue");
        assert!(failed.contains("should be boolean not int"), "{failed}");
        session.send("condition failing delve.catch(j.next.call == 3)");
        let stop = session.send("continue");
        assert!(stop.contains(&format!("main.main() ./main.go:{}", program.line("done"))), "{stop}");
        session.quit();
    }

    fn what_is_to_be_shown_at_a_hit_is_shown(go) {
        let program = Program::build("stormy", go);
        let mut session = Session::exec_with(&program, &[], &["1"]);
        session.send(&format!("break shown {}", program.at("work")));
        for action in ["print j.worker + 100", "stack 2", "goroutine", "args", "locals"] {
            assert_eq!(session.send(&format!("on shown {action}")), "", "{action}");
        }
        session.send("condition shown j.worker == 3");
        let stop = session.send("continue");
        assert!(stop.contains("\tj.worker + 100: 103\n"), "{stop}");
        assert!(stop.contains("Stack:\n") && stop.contains(" in main.work\n"), "{stop}");
        assert!(stop.contains("\tGoroutine "), "{stop}");
        assert!(stop.contains("> [shown] main.work((*main.job)(0x"), "{stop}");
        let list = session.send("breakpoints");
        assert!(list.contains("\tstack 2\n\tgoroutine\n\targs\n\tlocals\n\tprint j.worker + 100\n"), "{list}");
        session.quit();
    }

    fn names_stand_for_numbers_and_a_disabled_breakpoint_waits(go) {
        let program = Program::build("stormy", go);
        let mut session = Session::exec_with(&program, &[], &["1"]);
        assert!(session.send(&format!("break 12 {}", program.at("work"))).contains("Command failed: "));
        session.send(&format!("break once {}", program.at("work")));
        let taken = session.send(&format!("break once {}", program.at("done")));
        assert!(taken.contains("breakpoint name already exists"), "{taken}");
        session.send(&format!("break last {}", program.at("done")));
        let off = session.send("toggle once");
        assert!(off.starts_with("Breakpoint once toggled at "), "{off}");
        let list = session.send("breakpoints");
        assert!(list.contains("Breakpoint once (disabled) at "), "{list}");
        let stop = session.send("continue");
        assert!(stop.contains("> [last] main.main() "), "{stop}");
        session.send("restart");
        session.send("toggle once");
        let stop = session.send("continue");
        assert!(stop.contains("> [once] main.work() "), "{stop}");
        session.quit();
    }

    fn traps_of_the_program_itself_stop_where_they_are(go) {
        let program = Program::build("traps", go);
        let mut session = Session::exec(&program);
        let stop = session.send("continue");
        let after = format!("> [hardcoded-breakpoint] main.main() ./main.go:{}", program.line("after the function"));
        assert!(stop.contains(&after), "{stop}");
        let stop = session.send("next");
        assert!(stop.contains(&format!("main.main() ./main.go:{}", program.line("call"))), "{stop}");
        let stop = session.send("continue");
        let behind = program.line_of("stray_amd64.s", "behind");
        assert!(stop.contains(&format!("> [hardcoded-breakpoint] main.stray() ./stray_amd64.s:{behind}")), "{stop}");
        let stop = session.send("next");
        assert!(stop.contains(&format!("main.stray() ./stray_amd64.s:{}", behind + 1)), "{stop}");
        let end = session.send("continue");
        assert!(end.contains("after 42\n"), "{end}");
        session.quit();
    }
}
