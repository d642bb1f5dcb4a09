//! Processes that were running before the debugger came, and go on after it.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, Stdio};

use adit_native::{NativeError, attach};
use adit_process::{Addr, Memory, Pid, Process, Resume, StopReason};
use support::{Program, program, resume_all};

/// `checksum`, which ends with 7 if nothing disturbed it.
fn start(program: &Program) -> Child {
    let mut child = Command::new(&program.path).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    child
}

fn pid(child: &Child) -> Pid {
    Pid(child.id().into())
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

fn ends_well(mut child: Child) {
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(7));
}

/// The bytes that are really there.
fn raw_byte(child: &Child, addr: Addr) -> u8 {
    let file = std::fs::File::open(format!("/proc/{}/mem", child.id())).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, addr.0).unwrap();
    byte[0]
}

fn all_zombies(child: &Child) -> bool {
    all_in_state(child, 'Z')
}

fn all_in_state(child: &Child, state: char) -> bool {
    let mark = format!(") {state} ");
    let tasks = std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
    tasks
        .flatten()
        .all(|task| std::fs::read_to_string(task.path().join("stat")).is_ok_and(|stat| stat.contains(&mark)))
}

#[test]
fn fifty_visits_leave_no_trace() {
    let Some(program) = program("checksum") else { return };
    let tick = program.address("tick");
    let child = start(&program);
    let original = raw_byte(&child, tick);
    for visit in 0..50 {
        let mut process = attach(pid(&child)).unwrap();
        assert_eq!(process.threads().len(), 17);
        process.insert_breakpoint(tick).unwrap();
        resume_all(&mut process);
        for _ in 0..visit % 5 {
            let event = process.wait().unwrap();
            assert_eq!(event.reason, StopReason::Breakpoint);
            process.resume(event.thread, Resume::Run, None).unwrap();
        }
        if visit % 2 == 0 {
            process.detach().unwrap();
        } else {
            drop(process);
        }
        assert_eq!(raw_byte(&child, tick), original);
    }
    ends_well(child);
}

#[test]
fn what_cannot_be_attached_to_says_why() {
    let error = |pid: i64| attach(Pid(pid)).err().unwrap();
    assert_eq!(error(i64::from(i32::MAX)).to_string(), "no process with id 2147483647");
    assert!(matches!(error(-1), NativeError::NoSuchProcess(_)));
    assert!(matches!(error(std::process::id().into()), NativeError::Ourselves(_)));

    let Some(program) = program("checksum") else { return };
    let mut child = start(&program);
    let process = attach(pid(&child)).unwrap();
    let other = process.threads()[1];
    assert!(matches!(error(other.0), NativeError::IsThread { .. }));
    let own = std::process::id();
    let text = error(child.id().into()).to_string();
    assert!(text.starts_with(&format!("process {} is already being traced by ", child.id())), "{text} {own}");
    drop(process);
    signal(&child, "-KILL");
    // Every thread must have ended, which takes a moment.
    while !all_zombies(&child) {
        std::thread::yield_now();
    }
    assert!(matches!(error(child.id().into()), NativeError::Zombie(_)));
    child.wait().unwrap();
}

#[test]
fn a_process_stopped_by_job_control_stays_so() {
    let Some(program) = program("checksum") else { return };
    let child = start(&program);
    signal(&child, "-STOP");
    // The signal reaches one thread after the other.
    while !all_in_state(&child, 'T') {
        std::thread::yield_now();
    }
    let mut process = attach(pid(&child)).unwrap();
    let tick = program.address("tick");
    process.insert_breakpoint(tick).unwrap();
    for thread in process.threads() {
        process.registers(thread).unwrap();
    }
    resume_all(&mut process);
    assert_eq!(process.stop_all().unwrap(), []);
    process.detach().unwrap();
    signal(&child, "-CONT");
    ends_well(child);
}

/// What the debugger does when it is killed.
#[derive(Clone, Copy, PartialEq)]
enum Moment {
    /// It has stopped the process at a breakpoint and shows it.
    AtPrompt,
    /// It has breakpoints in code that does not run at the moment.
    Running,
}

/// Attaches in another process (this test binary again), and kills that.
fn killed(moment: Moment, test: &str) {
    const TARGET: &str = "ADIT_NATIVE_TEST_TARGET";
    let Some(program) = program("checksum") else { return };
    let hit = program.address("tick");
    let unhit = program.address("on_term");
    if let Ok(target) = std::env::var(TARGET) {
        return be_killed(moment, Pid(target.parse().unwrap()), hit, unhit);
    }
    let child = start(&program);
    let originals = [raw_byte(&child, hit), raw_byte(&child, unhit)];
    let mut debugger = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(TARGET, child.id().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(debugger.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("in position")));
    debugger.kill().unwrap();
    debugger.wait().unwrap();
    // The guard restores at once, but in its own time.
    while [raw_byte(&child, hit), raw_byte(&child, unhit)] != originals {
        std::thread::yield_now();
    }
    ends_well(child);
}

fn be_killed(moment: Moment, target: Pid, hit: Addr, unhit: Addr) {
    let mut process = attach(target).unwrap();
    process.insert_breakpoint(unhit).unwrap();
    if moment == Moment::AtPrompt {
        process.insert_breakpoint(hit).unwrap();
        resume_all(&mut process);
        assert_eq!(process.wait().unwrap().reason, StopReason::Breakpoint);
        process.stop_all().unwrap();
        let mut byte = [0];
        process.read(hit, &mut byte).unwrap();
    } else {
        resume_all(&mut process);
    }
    println!("in position");
    std::io::stdout().flush().unwrap();
    // Until killed.
    let _ = std::io::stdin().read(&mut [0]);
}

#[test]
fn a_debugger_killed_at_its_prompt_leaves_nothing() {
    killed(Moment::AtPrompt, "a_debugger_killed_at_its_prompt_leaves_nothing");
}

#[test]
fn a_debugger_killed_while_the_process_runs_leaves_nothing() {
    killed(Moment::Running, "a_debugger_killed_while_the_process_runs_leaves_nothing");
}
