//! A debugger that is killed at any moment leaves an attached process to run on unharmed.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use adit_native::attach;
use adit_process::{Pid, Process, Resume, StopReason, Watch, WatchKind};
use support::{Program, program, resume_all};

/// Names the process to this test binary when that is to be the debugger that is killed.
const TARGET: &str = "ADIT_NATIVE_TEST_TARGET";
/// How often each kind of debugger is killed.
const KILLS: u64 = 6;

fn start(program: &Program) -> Child {
    let mut child = Command::new(&program.path).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    child
}

/// What a debugger asks for that stops the process at every turn.
#[derive(Clone, Copy)]
enum Stops {
    Breakpoint,
    Watch,
}

/// Debugs the process until killed.
fn debug(stops: Stops, program: &Program, target: &str) {
    let mut process = attach(Pid(target.parse().unwrap())).unwrap();
    match stops {
        Stops::Breakpoint => process.insert_breakpoint(program.address("tick")).unwrap(),
        Stops::Watch => {
            let watch = Watch { addr: program.address("watched"), len: 8, kind: WatchKind::Write };
            process.set_watch(0, Some(watch)).unwrap();
        }
    }
    resume_all(&mut process);
    println!("in position");
    std::io::stdout().flush().unwrap();
    loop {
        let event = process.wait().unwrap();
        assert!(!matches!(event.reason, StopReason::Exited(_)));
        process.resume(event.thread, Resume::Run, None).unwrap();
    }
}

/// Is anybody left who traces a thread of the process, or has it a thread that stands?
fn is_free(child: &Child) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
    tasks.flatten().all(|task| {
        let status = std::fs::read_to_string(task.path().join("status")).unwrap_or_default();
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("").trim();
        field("TracerPid:") == "0" && !field("State:").starts_with(['t', 'T'])
    })
}

fn survives(stops: Stops, test: &str) {
    let Some(program) = program("busy") else { return };
    if let Ok(target) = std::env::var(TARGET) {
        return debug(stops, &program, &target);
    }
    let mut child = start(&program);
    for nth in 0..KILLS {
        let mut debugger = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(TARGET, child.id().to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(debugger.stdout.as_mut().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("in position")));
        // Not to await anything: so that it is killed at another point of its work each time.
        std::thread::sleep(Duration::from_micros(nth * 3_237 % 10_000));
        debugger.kill().unwrap();
        debugger.wait().unwrap();
        while !is_free(&child) {
            assert_eq!(child.try_wait().unwrap(), None, "ended when debugger {nth} was killed");
            std::thread::yield_now();
        }
        assert_eq!(child.try_wait().unwrap(), None, "ended when debugger {nth} was killed");
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(7));
}

#[test]
fn a_process_survives_the_kill_of_a_debugger_that_watches_a_busy_variable() {
    survives(Stops::Watch, "a_process_survives_the_kill_of_a_debugger_that_watches_a_busy_variable");
}

#[test]
fn a_process_survives_the_kill_of_a_debugger_with_a_breakpoint_in_busy_code() {
    survives(Stops::Breakpoint, "a_process_survives_the_kill_of_a_debugger_with_a_breakpoint_in_busy_code");
}
