//! Before the Go runtime exists: the first instructions of a program, and programs that die among them.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Debugger, Program, Session, on_oldest_and_newest};

/// The address at which a breakpoint was set.
fn address(made: &str) -> u64 {
    let (_, rest) = made.split_once(" set at 0x").unwrap();
    u64::from_str_radix(rest.split([' ', ',']).next().unwrap(), 16).unwrap()
}

/// The line at which the program stopped in an assembly file.
fn assembly_line(stop: &str, function: &str) -> u32 {
    let line =
        stop.lines().find(|line| line.starts_with("> ") && line.contains(function)).unwrap_or_else(|| {
            panic!("not in {function}: {stop}");
        });
    let (_, rest) = line.split_once("_amd64.s:").unwrap();
    rest.split(' ').next().unwrap().parse().unwrap()
}

on_oldest_and_newest! {
    fn the_first_instructions_are_stepped_one_by_one(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        let stop = session.send("step-instruction");
        assert!(stop.contains("> _rt0_amd64() "), "{stop}");
        for _ in 0..3 {
            session.send("next-instruction");
        }
        let stop = session.send("step-instruction");
        assert!(stop.contains("> runtime.rt0_go() "), "{stop}");
        session.send("break main.main");
        let stop = session.send("continue");
        assert!(stop.contains("main.main() ./main.go:"), "{stop}");
        session.quit();
    }

    fn assembly_is_stepped_by_lines(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        session.send("break runtime.rt0_go");
        let mut line = assembly_line(&session.send("continue"), "runtime.rt0_go()");
        // Past the instruction that aligns the stack pointer.
        for _ in 0..12 {
            let next = assembly_line(&session.send("next"), "runtime.rt0_go()");
            assert!(next > line, "from {line} to {next}");
            line = next;
        }
        let settls = address(&session.send("break runtime.settls"));
        session.send("clear 2");
        let made = session.send(&format!("break *{settls:#x}"));
        assert_eq!(address(&made), settls);
        let at = assembly_line(&session.send("continue"), "runtime.settls()");
        let next = assembly_line(&session.send("next"), "runtime.settls()");
        assert!(next > at, "from {at} to {next}");
        // It sets the register by which goroutines are found.
        session.send("break main.main");
        let stop = session.send("continue");
        assert!(stop.contains("main.main() ./main.go:") && stop.contains("hits goroutine(1):1"), "{stop}");
        session.quit();
    }

    fn a_crash_among_the_first_instructions_is_shown(go) {
        /// Where Go's linker puts a program that is not position independent.
        const BASE: u64 = 0x40_0000;
        /// `mov dword ptr [0], 0`
        const NULL_STORE: [u8; 11] = [0xc7, 0x04, 0x25, 0, 0, 0, 0, 0, 0, 0, 0];
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        let crash = address(&session.send("break runtime.rt0_go"));
        session.quit();
        let mut code = std::fs::read(program.path()).unwrap();
        let at = usize::try_from(crash - BASE).unwrap();
        code[at..at + NULL_STORE.len()].copy_from_slice(&NULL_STORE);
        let directory = tempfile::tempdir().unwrap();
        let broken = directory.path().join("broken");
        std::fs::copy(program.path(), &broken).unwrap();
        std::fs::write(&broken, code).unwrap();
        let flags = ["exec", "--allow-non-terminal-interactive", "--check-go-version=false"];
        let line = flags.into_iter().chain([broken.to_str().unwrap()]);
        let mut session = Debugger::new(line).in_directory(program.source()).start();
        let stop = session.send("continue");
        assert!(stop.contains("> [SIGSEGV] runtime.rt0_go() "), "{stop}");
        assert!(stop.contains("fault at address 0x0") && stop.contains(&format!("{crash:#x}")), "{stop}");
        let end = session.send("continue");
        assert!(end.contains(" has exited with status -11"), "{end}");
        session.quit();
    }
}
