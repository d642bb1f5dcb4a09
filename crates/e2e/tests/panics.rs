//! Programs that die: they are stopped at that, with the goroutine that is to blame and everything still there to look
//! at.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, skip};

/// Runs `fatal` until it is about to die in one way, and checks at which of the debugger's own breakpoints that is and
/// that the line with the mark is on the stack of the goroutine.
fn die(go: &Go, way: &str, name: &str, mark: &str) -> (Program, Session, String) {
    let program = Program::build("fatal", go);
    let mut session = Session::exec_with(&program, &[], &[way]);
    let stop = session.send("continue");
    assert!(stop.contains(&format!("> [{name}] runtime.")), "{way}: {stop}");
    let stack = session.send("stack 100");
    assert!(stack.contains(&format!("at ./main.go:{}\n", program.line(mark))), "{way}: {stack}");
    (program, session, stop)
}

/// The number of the first frame of `function` on the stack.
fn frame_of(session: &mut Session, function: &str) -> usize {
    let stack = session.send("stack 100");
    let line = stack
        .lines()
        .find(|line| line.ends_with(&format!(" in {function}")))
        .unwrap_or_else(|| panic!("{stack}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Lets it die. Other goroutines may be about to do that at the same time, and stop too.
fn end(mut session: Session, message: &str) {
    let mut said = String::new();
    while !said.contains(" has exited with status ") {
        let reply = session.send("continue");
        assert!(reply.contains("> [") || reply.contains(" has exited with status "), "{reply}");
        said += &reply;
    }
    assert!(said.contains(message), "{said}");
    session.quit();
}

on_oldest_and_newest! {
    fn a_nil_dereference_shows_the_goroutine_and_the_place(go) {
        let (program, mut session, stop) = die(go, "nil", "unrecovered-panic", "nil");
        assert!(!stop.contains("hits goroutine(1):"), "{stop}");
        assert!(stop.contains("invalid memory address or nil pointer dereference"), "{stop}");
        let place = session.send("goroutine");
        assert!(place.contains(&format!("User: ./main.go:{} main.last", program.line("nil"))), "{place}");
        // Everything is there: the frames, their variables, the other goroutines.
        let frame = frame_of(&mut session, "main.last");
        assert_eq!(session.send(&format!("frame {frame} print n.name")), "\"only\"\n");
        assert_eq!(session.send(&format!("frame {frame} print n.next == nil")), "true\n");
        let caller = session.send(&format!("frame {} list", frame + 1));
        assert!(caller.contains(&format!("=>{:>4}:", program.line("call of last"))), "{caller}");
        let others = session.send("goroutines -with userloc main.go");
        assert!(others.lines().filter(|line| line.contains("main.nilInGoroutine.func1")).count() == 8, "{others}");
        end(session, "invalid memory address or nil pointer dereference");
    }

    fn a_panic_shows_its_value_as_it_is(go) {
        let (_, session, stop) = die(go, "custom", "unrecovered-panic", "custom");
        assert!(stop.contains("{code: 7, text: \"seven\"}"), "{stop}");
        end(session, "panic: ");
    }

    fn an_index_out_of_range_shows_the_index(go) {
        let (_, mut session, stop) = die(go, "index", "unrecovered-panic", "index");
        assert!(stop.contains("index out of range [4] with length 4"), "{stop}");
        let frame = frame_of(&mut session, "main.fault");
        assert_eq!(session.send(&format!("frame {frame} print index")), "4\n");
        end(session, "index out of range [4] with length 4");
    }

    fn concurrent_map_writes_stop_the_one_that_notices(go) {
        let (program, mut session, stop) = die(go, "map", "runtime-fatal-throw", "write");
        assert!(!stop.contains("hits goroutine(1):"), "{stop}");
        let frame = frame_of(&mut session, "main.concurrentMapWrites.func1");
        let worker = session.send(&format!("frame {frame} print worker"));
        assert!(worker.trim().parse::<u32>().unwrap() < 4, "{worker}");
        assert!(program.line("write") > 0);
        end(session, "concurrent map ");
    }

    fn the_unlock_of_an_unlocked_mutex_stops(go) {
        let (_, mut session, stop) = die(go, "unlock", "runtime-fatal-throw", "unlock");
        assert!(stop.contains("hits goroutine(1):1 "), "{stop}");
        let frame = frame_of(&mut session, "main.unlock");
        assert!(session.send(&format!("frame {frame} print mutex")).contains("sync.Mutex"));
        end(session, "unlock of unlocked mutex");
    }

    fn running_out_of_memory_stops(go) {
        let (_, mut session, _) = die(go, "memory", "runtime-fatal-throw", "make");
        let frame = frame_of(&mut session, "main.memory");
        assert_eq!(session.send(&format!("frame {frame} print size")), "140737488355328\n");
        end(session, "out of memory");
    }

    fn an_overflow_of_the_stack_stops_with_the_whole_stack(go) {
        let (_, mut session, _) = die(go, "overflow", "runtime-fatal-throw", "deep");
        let frame = frame_of(&mut session, "main.deep");
        let depth: usize = session.send(&format!("frame {frame} print n")).trim().parse().unwrap();
        assert!(depth > 1000);
        let stack = session.send("stack 100000");
        assert_eq!(stack.lines().filter(|line| line.ends_with(" in main.deep")).count(), depth + 1);
        assert!(stack.contains(" in main.overflow\n") && stack.contains(" in main.main\n"));
        end(session, "stack overflow");
    }

    fn a_deadlock_stops_with_all_goroutines_asleep(go) {
        let program = Program::build("fatal", go);
        let mut session = Session::exec_with(&program, &[], &["deadlock"]);
        let stop = session.send("continue");
        assert!(stop.contains("> [runtime-fatal-throw] runtime.fatal() "), "{stop}");
        let stack = session.send("goroutine 1 stack");
        let line = format!("at ./main.go:{}\n", program.line("deadlock"));
        assert!(stack.contains(" in main.deadlock\n") && stack.contains(&line), "{stack}");
        end(session, "all goroutines are asleep - deadlock!");
    }

    fn a_fatal_signal_stops_before_the_program_says_so(go) {
        let (_, mut session, stop) = die(go, "abort", "runtime-fatal-throw", "abort");
        assert!(!stop.contains("SIGABRT: abort"), "{stop}");
        let frame = frame_of(&mut session, "main.abort");
        assert_eq!(session.send(&format!("frame {frame} print me")), "\"me\"\n");
        end(session, "SIGABRT: abort");
    }

    fn a_fault_in_c_stops_with_the_frames_of_both(go) {
        if Command::new("cc").arg("--version").output().is_err() {
            return skip("no C compiler");
        }
        let environment = [("CGO_ENABLED", "1"), ("CGO_CFLAGS", "-g -O0")];
        let program = Program::build_custom("fatalc", go, "fatalc", &["-gcflags=all=-N -l"], &environment);
        for (way, function) in [("follow", "C.follow"), ("abort", "C.give_up")] {
            let mut session = Session::exec_with(&program, &[], &[way]);
            let stop = session.send("continue");
            assert!(stop.contains("> [runtime-fatal-throw] runtime."), "{way}: {stop}");
            let stack = session.send("stack 100");
            let at = format!("main.go:{}\n", program.line(way));
            assert!(stack.contains(&format!(" in {function}\n")) && stack.contains(&at), "{way}: {stack}");
            session.quit();
        }
    }
}
