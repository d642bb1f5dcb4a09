//! Children that are followed: several targets in one session.

#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use adit_e2e::{Program, Session, Signal, may_attach, on_oldest_and_newest, write_executable};

/// The process ids that `target list` shows, the selected one first.
fn targets(session: &mut Session) -> Vec<i32> {
    let list = session.send("target list");
    let mut lines: Vec<&str> = list.lines().collect();
    lines.sort_by_key(|line| !line.starts_with('*'));
    lines.iter().map(|line| line[1..].split_whitespace().next().unwrap().parse().unwrap()).collect()
}

/// The lines of a breakpoint's listing: its addresses, its hits.
fn breakpoint(session: &mut Session, number: u32) -> (usize, u32) {
    let list = session.send("breakpoints");
    let start = format!("Breakpoint {number} (");
    let line = list.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{list}"));
    let addresses = line.split(" at ").nth(1).unwrap().split(' ').next().unwrap().split(',').count();
    let hits = line.rsplit('(').next().unwrap().trim_end_matches(')').parse().unwrap();
    (addresses, hits)
}

/// An ELF file for 32-bit x86 that ends with status 42.
fn small_386_program() -> Vec<u8> {
    const BASE: u32 = 0x0804_8000;
    // mov eax, 1; mov ebx, 42; int 0x80
    let code = [0xb8, 1, 0, 0, 0, 0xbb, 42, 0, 0, 0, 0xcd, 0x80];
    let size = 52 + 32 + code.len() as u32;
    let mut file = b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let half = |file: &mut Vec<u8>, values: &[u16]| {
        values.iter().for_each(|value| file.extend(value.to_le_bytes()));
    };
    let word = |file: &mut Vec<u8>, values: &[u32]| {
        values.iter().for_each(|value| file.extend(value.to_le_bytes()));
    };
    // ET_EXEC, EM_386; one program header, no sections.
    half(&mut file, &[2, 3]);
    word(&mut file, &[1, BASE + 52 + 32, 52, 0, 0]);
    half(&mut file, &[52, 32, 1, 40, 0, 0]);
    // PT_LOAD, readable and executable.
    word(&mut file, &[1, 0, BASE, BASE, size, size, 5, 0x1000]);
    file.extend(code);
    file
}

on_oldest_and_newest! {
    fn every_target_stops_at_a_breakpoint_that_all_have(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        assert_eq!(session.send("target follow-exec"), "Follow exec is disabled.\n");
        session.send("target follow-exec -on");
        assert_eq!(session.send("target follow-exec"), "Follow exec is enabled.\n");
        session.send("break main.tick");
        let root = targets(&mut session)[0];
        let mut names = Vec::new();
        let end = loop {
            let stop = session.send("continue");
            if stop.contains("has exited") {
                break stop;
            }
            // What happens to several at once is one stop.
            let hits = stop.matches("> [Breakpoint 1] main.tick() ").count();
            assert!(hits > 0, "{stop}");
            let selected = targets(&mut session)[0];
            assert_ne!(selected, root);
            names.extend(std::iter::repeat_n(session.send("print name"), hits));
            let (addresses, total) = breakpoint(&mut session, 1);
            assert_eq!(total as usize, names.len());
            assert!((2..=3).contains(&addresses), "{addresses}");
        };
        assert_eq!(names.len(), 7, "{names:?}");
        assert!(end.contains(&format!("Process {root} has exited with status 0\n")), "{end}");
        let all = session.transcript();
        for text in ["alpha 18\n", "beta 22\n", "exit status 3\n", "exit status 4\n", "done\n"] {
            assert!(all.contains(text), "{all}");
        }
        assert_eq!(breakpoint(&mut session, 1), (1, 7));
        session.quit();
    }

    fn only_what_matches_is_followed(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on alpha [0-9]$");
        session.send("break main.tick");
        for hits in 1..=3 {
            let stop = session.send("continue");
            assert!(stop.contains(&format!("total:{hits}) (PC: ")), "{stop}");
            assert_eq!(session.send("print name"), "\"alpha\"\n");
        }
        let end = session.send("continue");
        assert!(end.contains("has exited with status 0\n"), "{end}");
        assert!(session.transcript().contains("beta 22\n"), "{}", session.transcript());
        session.quit();
    }

    fn without_following_children_run_free(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on");
        session.send("target follow-exec -off");
        session.send("break main.tick");
        let end = session.send("continue");
        assert!(end.contains("alpha 18\n") && end.contains("beta 22\n"), "{end}");
        assert!(end.contains("has exited with status 0\n"), "{end}");
        session.quit();
    }

    fn targets_are_switched_and_stepped(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on");
        session.send(&format!("break {}", program.at("both")));
        session.send(&format!("break {}", program.at("call")));
        session.send("continue");
        while targets(&mut session).len() < 3 {
            session.send("continue");
        }
        session.send("clear 1");
        let all = targets(&mut session);
        let child = *all.iter().max().unwrap();
        let root = *all.iter().min().unwrap();
        let before = all[0];
        if before != child {
            let said = session.send(&format!("target switch {child}"));
            assert!(said.starts_with(&format!("Switch target process from {before} to {child} (")), "{said}");
        }
        assert_eq!(targets(&mut session)[0], child);
        assert_eq!(session.send("target switch 1"), "Command failed: could not find target 1\n");
        let said = session.send(&format!("target switch {root}"));
        assert!(said.contains(&format!("from {child} to {root} (")), "{said}");
        session.send(&format!("target switch {child}"));
        while !session.send("stack 0").contains(" in main.child\n") || targets(&mut session)[0] != child {
            session.send("continue");
        }
        let line = program.line("call");
        session.send("clear 2");
        let stop = session.send("next");
        assert!(stop.contains("> main.child() "), "{stop}");
        assert!(stop.contains(&format!("=>{:4}:", line - 1)), "{stop}");
        session.quit();
    }

    fn the_session_goes_on_with_a_child_when_its_parent_has_ended(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec_with(&program, &[], &["orphan"]);
        session.send("target follow-exec -on");
        session.send(&format!("break {}", program.at("sum")));
        let root = targets(&mut session)[0];
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 1] main.child() "), "{stop}");
        assert_eq!(session.send("print sum"), "18\n");
        assert!(!targets(&mut session).is_empty());
        let end = session.send("continue");
        assert!(end.contains(&format!("Process {root} has exited with status 0\n")), "{end}");
        session.quit();
    }

    fn quitting_ends_all_targets(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on");
        session.send("break main.tick");
        session.send("continue");
        assert!(targets(&mut session).len() > 1);
        // That nothing is left is seen to by every session.
        session.quit();
    }

    fn a_restart_begins_with_one_target_and_follows_again(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        session.send("target follow-exec -on beta");
        session.send("break main.tick");
        for _ in 0..2 {
            session.send("continue");
            assert_eq!(session.send("print name"), "\"beta\"\n");
            assert_eq!(targets(&mut session).len(), 2);
            session.send("restart");
            assert_eq!(targets(&mut session).len(), 1);
        }
        session.quit();
    }

    fn a_breakpoint_waits_for_the_program_that_has_its_place(go) {
        let program = Program::build("follow", go);
        let other = Program::build("hello", go);
        let mut session = Session::exec_with(&program, &[], &[other.path().to_str().unwrap()]);
        session.send("target follow-exec -on");
        session.type_line("break main.greet");
        session.expect("(Delve will try to set this breakpoint when child processes are added) [Y/n]?");
        session.type_line("y");
        session.reply();
        assert!(session.send("breakpoints").contains("Breakpoint 1 (suspended) at main.greet (0)\n"));
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 1] main.greet() "), "{stop}");
        assert_eq!(session.send("print name"), "\"world\"\n");
        // It is where the child has it, and can be found there from the parent as well.
        let root = *targets(&mut session).iter().min().unwrap();
        session.send(&format!("target switch {root}"));
        assert_eq!(breakpoint(&mut session, 1), (1, 1));
        let said = session.send(&format!("break {}:{}", other.source().join("main.go").display(), other.line("print")));
        assert!(said.contains("Breakpoint 2 set at ") && said.contains(" for main.main() "), "{said}");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 2] main.main() "), "{stop}");
        assert_eq!(session.send("print text"), "\"hello, world\"\n");
        let end = session.send("continue");
        assert!(end.contains("\"hello, world\\n\" <nil>\n"), "{end}");
        session.quit();
    }

    fn twelve_children_at_once_are_all_stopped(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec_with(&program, &[], &["many"]);
        session.send("target follow-exec -on");
        session.send("break main.tick");
        session.send("condition 1 n % 10 == 7");
        let mut hits = 0;
        let end = loop {
            let stop = session.send("continue");
            hits += stop.matches("> [Breakpoint 1] main.tick() ").count();
            if stop.contains("has exited") {
                break stop;
            }
        };
        assert_eq!((hits, breakpoint(&mut session, 1)), (24, (1, 24)));
        assert!(end.contains("sum of statuses 240\n"), "{end}");
        session.quit();
    }

    fn all_targets_are_interrupted_and_may_be_killed_from_outside(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec_with(&program, &[], &["beats"]);
        session.send("target follow-exec -on");
        let interrupt = |session: &mut Session| {
            session.type_line("continue");
            session.expect("beat ");
            session.signal(Signal::SIGINT);
            session.reply();
        };
        while targets(&mut session).len() < 3 {
            interrupt(&mut session);
        }
        let mut all = targets(&mut session);
        all.sort_unstable();
        let kill = |pid: i32| assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
        // While it is stopped.
        kill(all[1]);
        // Its end takes a moment.
        while targets(&mut session).len() > 2 {
            interrupt(&mut session);
        }
        let mut left = targets(&mut session);
        left.sort_unstable();
        assert_eq!(left, [all[0], all[2]]);
        // While it runs.
        session.type_line("continue");
        session.expect("beat ");
        kill(all[2]);
        let end = session.reply();
        assert!(end.contains("signal: killed signal: killed\n"), "{end}");
        assert!(end.contains(&format!("Process {} has exited with status 0\n", all[0])), "{end}");
        session.quit();
    }

    fn followed_children_of_an_attached_process_outlive_the_session(go) {
        let program = Program::build("follow", go);
        if !may_attach() {
            return;
        }
        let mut command = Command::new(program.path());
        let mut process = command.arg("waits").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut text = String::new();
        output.read_line(&mut text).unwrap();
        let mut session = Session::attach(process.id(), &program);
        session.send("target follow-exec -on");
        session.send("break main.tick");
        writeln!(process.stdin.as_mut().unwrap()).unwrap();
        for _ in 0..3 {
            let stop = session.send("continue");
            assert!(stop.contains("> [Breakpoint 1] main.tick() "), "{stop}");
        }
        assert!(targets(&mut session).len() > 1);
        session.type_line("exit -d");
        session.finish(0);
        output.read_to_string(&mut text).unwrap();
        for line in ["alpha 18\n", "beta 22\n", "exit status 3\n", "exit status 4\n", "done\n"] {
            assert!(text.contains(line), "{text}");
        }
        assert!(process.wait().unwrap().success());
    }

    fn a_program_that_is_not_go_is_a_target_too(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec_with(&program, &[], &["/bin/true"]);
        session.send("target follow-exec -on");
        session.send(&format!("break {}", program.at("done")));
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 1] main.main() "), "{stop}");
        assert!(session.transcript().contains("\"\" <nil>\n"));
        session.quit();
    }

    fn a_child_in_its_parents_memory_passes_the_breakpoints_there(go) {
        let program = Program::build("follow", go);
        let mut session = Session::exec(&program);
        // Go's children call this between vfork and execve.
        session.send("break syscall.RawSyscall");
        session.send("condition 1 1 == 2");
        let end = session.send("continue");
        assert!(end.contains("alpha 18\n") && end.contains("beta 22\n"), "{end}");
        assert!(end.contains("has exited with status 0\n"), "{end}");
        session.quit();
    }

    fn a_child_that_cannot_be_followed_runs_on(go) {
        let program = Program::build("follow", go);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small");
        write_executable(&path, &small_386_program());
        if Command::new(&path).status().is_err() {
            eprintln!("skipped: this kernel runs no 32-bit programs");
            return;
        }
        let path = path.to_str().unwrap();
        let mut session = Session::exec_with(&program, &[], &[path]);
        session.send("target follow-exec -on");
        let end = session.send("continue");
        let refused = format!("({path}): it is a 386 program; it runs on without the debugger\n");
        assert!(end.contains("could not follow child process ") && end.contains(&refused), "{end}");
        assert!(end.contains("\"\" exit status 42\n"), "{end}");
        session.quit();
    }
}
