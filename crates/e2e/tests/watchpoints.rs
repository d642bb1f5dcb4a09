//! Stops at accesses to memory: none is missed, and none is invented.

#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use adit_e2e::{Program, Session, Signal, may_attach, on_oldest_and_newest, wait_until};

/// The program, before it does what `mode` says.
fn start(program: &Program, mode: &str) -> Session {
    let mut session = Session::exec_with(program, &[], &[mode]);
    session.send(&format!("break {}", program.at("ready")));
    session.send("continue");
    session.send("clearall");
    session.send(&format!("break {}", program.at("done")));
    session
}

/// The head line of the stop after `continue`.
fn go_on(session: &mut Session) -> String {
    let stop = session.send("continue");
    stop.lines().find(|line| line.starts_with('>')).unwrap_or_else(|| panic!("no stop: {stop}")).to_owned()
}

fn assert_line(stop: &str, program: &Program, mark: &str) {
    assert!(stop.contains(&format!("./main.go:{} ", program.line(mark))), "{mark}: {stop}");
}

fn print(session: &mut Session, expression: &str) -> String {
    session.send(&format!("print {expression}")).trim_end().to_owned()
}

on_oldest_and_newest! {
    fn writes_on_all_threads_are_seen_on_new_ones_too(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "threads");
        let set = session.send("watch -w counter");
        assert!(set.starts_with("Watchpoint counter set at 0x"), "{set}");
        let mut stops = 0;
        let stop = loop {
            let stop = session.send("continue");
            let heads = stop.lines().filter(|line| line.starts_with("> watchpoint on [counter] ")).count();
            if heads == 0 {
                break stop;
            }
            // Threads that wrote in the same moment are shown together.
            stops += heads;
            assert!(stop.contains(&format!(" total:{stops})")), "{stop}");
        };
        assert_eq!(stops, 200);
        assert_line(&stop, &program, "done");
        assert_eq!(print(&mut session, "counter"), "200");
        let list = session.send("breakpoints");
        assert!(list.contains("Watchpoint counter (enabled) at 0x") && list.contains("(200)\n"), "{list}");
        let end = session.send("continue");
        assert!(end.contains("done 200\n"), "{end}");
        session.quit();
    }

    fn conditions_and_hit_counts_are_those_of_breakpoints(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "threads");
        session.send("watch -w counter");
        session.send("condition counter counter % 50 == 0");
        session.send("watch -w sum");
        session.send("condition -hitcount sum > 3");
        let mut stops = Vec::new();
        loop {
            let stop = go_on(&mut session);
            if !stop.contains("watchpoint on") {
                assert_line(&stop, &program, "done");
                break;
            }
            stops.push(stop);
        }
        // Several threads may have written before the condition is looked at.
        assert!(stops.len() <= 4, "{stops:?}");
        session.quit();
    }

    fn values_of_each_size_and_kind(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        for expression in ["byte1", "byte2", "byte4", "byte8"] {
            session.send(&format!("watch -w {expression}"));
        }
        for (expression, value) in [("byte1", "1"), ("byte2", "2"), ("byte4", "4"), ("byte8", "8")] {
            let stop = go_on(&mut session);
            assert!(stop.starts_with(&format!("> watchpoint on [{expression}] main.places() ")), "{stop}");
            assert_eq!(print(&mut session, expression), value);
            session.send(&format!("clear {expression}"));
        }
        for (expression, text) in
            [("record.second", "record.second"), ("list[1]", "list[1]"), ("anything", "anything (interface data)")]
        {
            let set = session.send(&format!("watch -w {expression}"));
            assert!(set.contains(" set at 0x"), "{set}");
            let stop = go_on(&mut session);
            assert!(stop.starts_with(&format!("> watchpoint on [{text}] main.places() ")), "{stop}");
            if expression == "list[1]" {
                assert_line(&stop, &program, "after element");
            }
            session.send("clearall");
            if expression == "list[1]" {
                // The header of a string takes two slots.
                session.send("watch -w text");
                let list = session.send("breakpoints -a");
                assert!(list.contains("HWBreakIndex=0x0,0x1 watchStackOff=0x0"), "{list}");
                go_on(&mut session);
                go_on(&mut session);
                assert_eq!(print(&mut session, "text"), "\"after and longer\"");
                session.send("clearall");
            }
        }
        session.quit();
    }

    fn reads_are_seen_if_asked_for(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        session.send("watch -rw byte8");
        let write = go_on(&mut session);
        assert!(write.starts_with("> watchpoint on [byte8] main.places() "), "{write}");
        let read = go_on(&mut session);
        assert!(read.starts_with("> watchpoint on [byte8] main.read() "), "{read}");
        session.quit();
    }

    fn what_cannot_be_watched_says_why(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        assert!(session.send("watch -w 1+2").contains("can not watch \"1+2\""));
        assert!(session.send("watch -w byte8+1").contains("can not watch \"byte8+1\""));
        session.send("watch -w byte8");
        assert!(session.send("watch -w byte8").contains("Breakpoint exists at :0 at "));
        assert!(session.send("toggle byte8").contains("can not disable watchpoints"));
        assert!(session.send("watch -rw large").contains("hardware breakpoints exhausted"));
        session.quit();
    }

    fn the_fifth_is_watched_by_single_stepping(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        session.send(&format!("break {}", program.at("field")));
        session.send("continue");
        for index in 0..4 {
            let set = session.send(&format!("watch -w five[{index}]"));
            assert!(!set.contains("slow"), "{set}");
        }
        let set = session.send("watch -w five[4]");
        assert!(set.contains("watched by single-stepping: slow"), "{set}");
        for index in 0..5 {
            let stop = go_on(&mut session);
            assert!(stop.starts_with(&format!("> watchpoint on [five[{index}]] main.places() ")), "{stop}");
            assert_eq!(print(&mut session, &format!("five[{index}]")), index.to_string());
            session.send(&format!("clear five[{index}]"));
        }
        session.quit();
    }

    fn a_wide_value_is_watched_by_single_stepping(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "wide");
        session.send(&format!("break {}", program.at("wide")));
        session.send("continue");
        let set = session.send("watch -w large");
        assert!(set.contains("watched by single-stepping: slow"), "{set}");
        for mark in ["after wide", "after both"] {
            let stop = go_on(&mut session);
            assert!(stop.starts_with("> watchpoint on [large] main.wide() "), "{stop}");
            assert_line(&stop, &program, mark);
        }
        session.send("clear large");
        assert_line(&go_on(&mut session), &program, "done");
        session.quit();
    }

    fn an_unaligned_value_takes_several_slots(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        let set = session.send("watch -w odd.middle");
        assert!(set.contains(" set at 0x") && !set.contains("slow"), "{set}");
        let list = session.send("breakpoints -a");
        assert!(list.contains("HWBreakIndex=0x0,0x1 "), "{list}");
        for _ in 0..3 {
            let stop = go_on(&mut session);
            assert!(stop.starts_with("> watchpoint on [odd.middle] main.places() "), "{stop}");
        }
        assert_line(&go_on(&mut session), &program, "done");
        session.quit();
    }

    fn a_breakpoint_behind_the_access_is_hit_with_it(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        session.send(&format!("break before {}", program.at("bump")));
        session.send(&format!("break behind {}", program.at("after bump")));
        session.send("continue");
        session.send("watch -w byte8");
        let stop = go_on(&mut session);
        assert!(stop.starts_with("> watchpoint on [byte8] main.bump() "), "{stop}");
        let list = session.send("breakpoints");
        let hits = |name: &str| list.lines().find(|line| line.contains(name)).unwrap().to_owned();
        assert!(hits("Watchpoint byte8 ").ends_with("(1)"), "{list}");
        assert!(hits("Breakpoint behind ").ends_with("(1)"), "{list}");
        // Neither comes again.
        assert_line(&go_on(&mut session), &program, "done");
        let list = session.send("breakpoints");
        assert!(list.lines().find(|line| line.contains("Breakpoint behind ")).unwrap().ends_with("(1)"), "{list}");
        session.quit();
    }

    fn an_access_ends_a_step_of_its_goroutine(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        session.send(&format!("break {}", program.at("field")));
        session.send("continue");
        session.send("watch -w record.second");
        let stop = session.send("next");
        assert!(stop.contains("> watchpoint on [record.second] main.places() "), "{stop}");
        // The step is over.
        let stop = session.send("next");
        assert!(!stop.contains("nexting"), "{stop}");
        let stop = session.send("step-instruction");
        assert!(!stop.contains("watchpoint"), "{stop}");
        session.quit();
    }

    fn an_access_by_a_single_step_is_a_hit(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "places");
        session.send(&format!("break {}", program.at("field")));
        session.send("continue");
        session.send("watch -w record.second");
        let hit = (0..4).map(|_| session.send("step-instruction")).find(|stop| stop.contains("watchpoint on"));
        assert!(hit.is_some(), "{}", session.transcript());
        session.quit();
    }

    fn a_variable_on_a_stack_is_followed_until_its_frame_returns(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "stack");
        session.send(&format!("break {}", program.at("first")));
        session.send("continue");
        assert!(session.send("watch -r local").contains("can not watch stack allocated variable for reads"));
        session.send("watch -w local");
        let list = session.send("breakpoints -a");
        assert!(list.contains("HWBreakIndex=0x0 watchStackOff=-0x"), "{list}");
        let mut before = print(&mut session, "&local");
        let mut moves = 0;
        for value in ["2", "45152", "4546652"] {
            let stop = go_on(&mut session);
            assert!(stop.starts_with("> watchpoint on [local] main.onStack() "), "{stop}");
            assert_eq!(print(&mut session, "local"), value);
            let now = print(&mut session, "&local");
            moves += usize::from(now != before);
            before = now;
        }
        assert_eq!(moves, 2);
        let stop = session.send("continue");
        assert!(stop.contains("Watchpoint local went out of scope and was cleared\n"), "{stop}");
        assert_line(&stop, &program, "returned");
        let list = session.send("breakpoints");
        assert!(!list.contains("Watchpoint"), "{list}");
        assert_line(&go_on(&mut session), &program, "done");
        session.quit();
    }

    fn an_argument_belongs_to_the_frame_that_was_called(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "stack");
        session.send(&format!("break {}", program.at("first")));
        session.send("continue");
        session.send("watch -w argument");
        let stop = go_on(&mut session);
        assert!(stop.starts_with("> watchpoint on [argument] main.onStack() "), "{stop}");
        let stop = session.send("continue");
        assert!(stop.contains("Watchpoint argument went out of scope and was cleared\n"), "{stop}");
        assert_line(&stop, &program, "returned");
        session.quit();
    }

    fn a_panic_through_the_frame_ends_it(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "panic");
        session.send(&format!("break {}", program.at("inner")));
        session.send("continue");
        session.send("next");
        session.send("watch -w local");
        let stop = go_on(&mut session);
        assert!(stop.starts_with("> watchpoint on [local] main.inner() "), "{stop}");
        let stop = session.send("continue");
        assert!(stop.contains("Watchpoint local went out of scope and was cleared\n"), "{stop}");
        assert!(stop.contains("> main.recovers() "), "{stop}");
        assert_line(&go_on(&mut session), &program, "done");
        session.quit();
    }

    fn goexit_ends_it(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "goexit");
        session.send(&format!("break {}", program.at("exits")));
        session.send("continue");
        session.send("next");
        session.send("watch -w local");
        go_on(&mut session);
        let stop = session.send("continue");
        assert!(stop.contains("Watchpoint local went out of scope and was cleared\n"), "{stop}");
        assert_line(&go_on(&mut session), &program, "done");
        session.quit();
    }

    fn a_stack_that_the_collector_shrinks_is_followed(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "shrink");
        session.send(&format!("break {}", program.at("grown")));
        session.send("continue");
        session.send("next");
        let before = print(&mut session, "&local");
        session.send("watch -w local");
        go_on(&mut session);
        let stop = go_on(&mut session);
        assert!(stop.starts_with("> watchpoint on [local] main.shrinks() "), "{stop}");
        assert_eq!(print(&mut session, "local"), "4501502");
        assert_ne!(print(&mut session, "&local"), before);
        session.quit();
    }

    fn a_restarted_program_is_watched_again_where_it_can_be(go) {
        let program = Program::build("watched", go);
        let mut session = start(&program, "stack");
        session.send(&format!("break {}", program.at("first")));
        session.send("continue");
        session.send("watch -w local");
        session.send("watch -w sum");
        session.send("clear 2");
        let restarted = session.send("restart");
        assert!(restarted.contains("Discarded breakpoint local at "), "{restarted}");
        assert!(!restarted.contains("Discarded breakpoint sum"), "{restarted}");
        let list = session.send("breakpoints");
        assert!(list.contains("Watchpoint sum (enabled)") && !list.contains("Watchpoint local"), "{list}");
        session.quit();
    }

    fn a_detached_process_is_not_watched_any_more(go) {
        let program = Program::build("watched", go);
        let Some(beating) = Beating::start(&program) else { return };
        let mut session = Session::attach(beating.child.id(), &program);
        session.send("watch -w main.counter");
        for _ in 0..3 {
            let stop = go_on(&mut session);
            assert!(stop.starts_with("> watchpoint on [main.counter] "), "{stop}");
        }
        session.type_line("exit -d");
        session.finish(0);
        beating.end();
    }

    fn a_killed_debugger_leaves_no_watch_behind(go) {
        let program = Program::build("watched", go);
        for running in [false, true] {
            let Some(beating) = Beating::start(&program) else { return };
            let mut session = Session::attach(beating.child.id(), &program);
            // The first is written all the time, the second when the program is asked whether it is alive.
            session.send("watch -w main.counter");
            go_on(&mut session);
            if running {
                session.send("clear 1");
                session.send("watch -w main.idle");
                session.type_line("continue");
                beating.wait_until_it_runs();
            }
            beating.kill_tracer();
            session.finish_unasked(128 + 9);
            beating.end();
        }
    }
}

/// The program, running without a debugger.
struct Beating {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Beating {
    /// `None` where attaching is not allowed.
    fn start(program: &Program) -> Option<Beating> {
        if !may_attach() {
            return None;
        }
        let mut command = Command::new(program.path());
        let mut child = command.arg("beat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut beating = Beating { child, output };
        assert_eq!(beating.line(), "ready\n");
        Some(beating)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    fn wait_until_it_runs(&self) {
        let state = format!("/proc/{}/status", self.child.id());
        let runs = || std::fs::read_to_string(&state).is_ok_and(|status| !status.contains("(tracing stop)"));
        assert!(wait_until(std::time::Duration::from_secs(20), runs));
    }

    /// Kills the process that has the program under its control, which need not be the one that was started for that.
    fn kill_tracer(&self) {
        let field = |process: &str, name: &str| {
            let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_start_matches(':').trim().to_owned()
        };
        let tracer = field(&field(&self.child.id().to_string(), "TracerPid"), "Tgid");
        let tracer = nix::unistd::Pid::from_raw(tracer.parse().unwrap());
        nix::sys::signal::kill(tracer, Signal::SIGKILL).unwrap();
    }

    /// Checks that the process works, and ends by itself and in order.
    fn end(mut self) {
        for _ in 0..3 {
            writeln!(self.child.stdin.as_mut().unwrap()).unwrap();
            assert_eq!(self.line(), "alive\n");
        }
        drop(self.child.stdin.take());
        assert_eq!(self.line(), "end of input\n");
        let last = self.line();
        assert!(last.starts_with("done "), "{last}");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        // Ended already in a test that passed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
