//! Real programs under control.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;

use adit_native::{Launch, NativeError, launch};
use adit_process::{Addr, ExitStatus, Memory, Process, ProcessError, Resume, Signal, StopReason};
use support::{go_on, program, resume_all, run};

#[test]
fn a_program_runs_to_its_exit_status() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["exit", "42"]);
    assert_eq!(process.threads().len(), 1);
    assert_eq!(process.executable(), program.path.canonicalize().unwrap());
    assert_eq!(process.command_line()[1..], ["exit", "42"]);
    assert_eq!(run(&mut process, |_, event| panic!("{event:?}")), ExitStatus::Code(42));
    assert!(matches!(process.wait(), Err(ProcessError::Exited { status: ExitStatus::Code(42), .. })));
    assert!(process.threads().is_empty());
}

#[test]
fn what_cannot_be_launched_says_why() {
    let error = |path: &str| launch(&Launch::new(path)).err().unwrap().to_string();
    assert_eq!(
        error("/nonexistent"),
        "could not execute /nonexistent: No such file or directory (os error 2)"
    );
    assert!(matches!(launch(&Launch::new("/etc/passwd")), Err(NativeError::NotExecutable(_))));
    assert!(matches!(launch(&Launch::new("/")), Err(NativeError::NotExecutable(_))));
    let mut elsewhere = Launch::new("/bin/true");
    elsewhere.working_dir = Some("/nonexistent".into());
    let text = launch(&elsewhere).err().unwrap().to_string();
    assert!(text.starts_with("could not change to the directory /nonexistent:"), "{text}");
}

#[test]
fn redirected_streams() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    std::fs::write(&input, "hello\n").unwrap();
    let mut request = Launch::new("/bin/sh");
    request.argv.extend(["-c", "cat; echo bad >&2; pwd; ulimit -c; echo $A"].map(Into::into));
    request.env = Some(vec![("A".into(), "b".into()), ("PATH".into(), "/bin:/usr/bin".into())]);
    request.working_dir = Some("/".into());
    request.stdin = Some(input);
    request.stdout = Some(output.clone());
    request.stderr = Some(output.clone());
    let mut process = launch(&request).unwrap();
    run(&mut process, |_, _| {});
    let text = std::fs::read_to_string(output).unwrap();
    assert!(text.starts_with("hello\nbad\n/\n") && text.ends_with("b\n"), "{text}");
}

#[test]
fn a_breakpoint_is_hidden_and_hit() {
    let Some(program) = program("hits") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["1", "3"]);
    let mut before = [0; 16];
    process.read(tick, &mut before).unwrap();
    process.insert_breakpoint(tick).unwrap();
    process.insert_breakpoint(tick).unwrap();
    let mut during = [0; 16];
    process.read(tick, &mut during).unwrap();
    assert_eq!(before, during);
    // A write over it is kept, and so is the breakpoint.
    process.write(tick, &before).unwrap();
    let mut hits = 0;
    let status = run(&mut process, |process, event| {
        assert_eq!(event.reason, StopReason::Breakpoint);
        let registers = process.registers(event.thread).unwrap();
        assert_eq!(Addr(registers.pc()), tick);
        assert!(process.tls_base(event.thread).unwrap().0 != 0);
        let all = process.all_registers(event.thread).unwrap();
        process.set_registers(event.thread, &all).unwrap();
        hits += 1;
    });
    assert_eq!((hits, status), (3, ExitStatus::Code(7)));
}

#[test]
fn every_hit_of_eight_threads_is_counted() {
    let Some(program) = program("hits") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["8", "10000"]);
    process.insert_breakpoint(tick).unwrap();
    let mut hits = 0;
    let status = run(&mut process, |_, event| {
        assert_eq!(event.reason, StopReason::Breakpoint);
        hits += 1;
    });
    assert_eq!((hits, status), (80_000, ExitStatus::Code(7)));
}

#[test]
fn stopping_all_threads_at_each_hit_loses_none() {
    let Some(program) = program("hits") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["4", "250"]);
    process.insert_breakpoint(tick).unwrap();
    let mut hits = 0;
    resume_all(&mut process);
    let status = loop {
        let event = process.wait().unwrap();
        if let StopReason::Exited(status) = event.reason {
            break status;
        }
        let mut events = vec![event];
        events.extend(process.stop_all().unwrap());
        for thread in process.threads() {
            assert!(process.is_stopped(thread));
            let pc = process.registers(thread).unwrap().pc();
            let hit = events.iter().any(|e| e.thread == thread && e.reason == StopReason::Breakpoint);
            assert!(!hit || Addr(pc) == tick);
        }
        hits += events.iter().filter(|e| e.reason == StopReason::Breakpoint).count();
        if let Some(StopReason::Exited(status)) =
            events.iter().map(|e| e.reason).find(|reason| matches!(reason, StopReason::Exited(_)))
        {
            break status;
        }
        for event in &events {
            go_on(&mut process, *event);
        }
        resume_all(&mut process);
    };
    assert_eq!((hits, status), (1000, ExitStatus::Code(7)));
}

#[test]
fn short_lived_threads_are_all_seen() {
    let Some(program) = program("churn") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["100"]);
    process.insert_breakpoint(tick).unwrap();
    let mut hits = 0;
    let status = run(&mut process, |process, event| {
        assert_eq!(event.reason, StopReason::Breakpoint);
        hits += 1;
        if hits % 50 == 0 {
            // Threads begin and end while all are being stopped.
            let others = process.stop_all().unwrap();
            hits += others.iter().filter(|e| e.reason == StopReason::Breakpoint).count();
            for thread in process.threads() {
                process.registers(thread).unwrap();
            }
            resume_all(process);
        }
    });
    assert_eq!((hits, status), (800, ExitStatus::Code(7)));
}

#[test]
fn no_signal_is_lost_doubled_or_out_of_order() {
    let Some(program) = program("signals") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["500"]);
    process.insert_breakpoint(tick).unwrap();
    let mut seen = 0;
    let status = run(&mut process, |_, event| match event.reason {
        StopReason::Breakpoint => {}
        StopReason::Signal(_) => seen += 1,
        other => panic!("{other:?}"),
    });
    assert_eq!((seen, status), (1000, ExitStatus::Code(7)));
}

#[test]
fn stepping_through_a_storm_of_signals() {
    let Some(program) = program("signals") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["200"]);
    process.insert_breakpoint(tick).unwrap();
    resume_all(&mut process);
    let status = loop {
        let event = process.wait().unwrap();
        match event.reason {
            StopReason::Exited(status) => break status,
            // Three steps, then on.
            StopReason::Breakpoint => {
                for _ in 0..3 {
                    process.resume(event.thread, Resume::Step, None).unwrap();
                    let step = process.wait_thread(event.thread).unwrap();
                    assert_eq!(step.reason, StopReason::Stepped);
                }
            }
            StopReason::Signal(_) => {}
            other => panic!("{other:?}"),
        }
        go_on(&mut process, event);
    };
    assert_eq!(status, ExitStatus::Code(7));
}

#[test]
fn a_forked_child_runs_without_breakpoints() {
    let Some(program) = program("family") else { return };
    let tick = program.address("tick");
    let mut process = program.launch(&["fork"]);
    process.insert_breakpoint(tick).unwrap();
    let (mut hits, mut children) = (0, BTreeSet::new());
    let status = run(&mut process, |_, event| match event.reason {
        StopReason::Breakpoint => hits += 1,
        StopReason::Forked(child) => assert!(children.insert(child)),
        StopReason::Signal(Signal(libc_sigchld)) => assert_eq!(libc_sigchld, 17),
        other => panic!("{other:?}"),
    });
    assert_eq!((hits, children.len(), status), (20, 20, ExitStatus::Code(7)));
}

#[test]
fn a_vfork_child_runs_free() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["vfork"]);
    process.insert_breakpoint(program.address("tick")).unwrap();
    let mut reasons = Vec::new();
    let status = run(&mut process, |_, event| reasons.push(event.reason));
    assert_eq!(status, ExitStatus::Code(7));
    assert!(matches!(reasons[0], StopReason::Forked(_)), "{reasons:?}");
    assert_eq!(reasons.iter().filter(|r| **r == StopReason::Breakpoint).count(), 1);
}

#[test]
fn another_thread_replaces_the_program() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["exec"]);
    process.insert_breakpoint(program.address("tick")).unwrap();
    let mut execs = 0;
    let status = run(&mut process, |process, event| {
        assert_eq!(event.reason, StopReason::Exec);
        assert_eq!(process.threads(), [event.thread]);
        assert_eq!(event.thread.0, process.pid().0);
        assert_eq!(process.command_line()[1..], ["exit", "9"]);
        execs += 1;
    });
    assert_eq!((execs, status), (1, ExitStatus::Code(9)));
}

#[test]
fn the_main_thread_leaves_early() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["leader"]);
    process.insert_breakpoint(program.address("tick")).unwrap();
    let mut hits = 0;
    let status = run(&mut process, |process, event| {
        assert_eq!(event.reason, StopReason::Breakpoint);
        assert_eq!(process.stop_all().unwrap(), []);
        assert_eq!(process.threads(), [event.thread]);
        let mut bytes = [0; 8];
        process.read(program.address("main"), &mut bytes).unwrap();
        assert!(!process.mappings().unwrap().is_empty());
        hits += 1;
    });
    assert_eq!((hits, status), (1, ExitStatus::Code(7)));
}

#[test]
fn a_fault_and_a_trap_of_the_program() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["fault"]);
    let mut faults = 0;
    let status = run(&mut process, |process, event| {
        assert_eq!(event.reason, StopReason::Signal(Signal(11)));
        assert_eq!(process.fault_address(event.thread), Some(Addr(16)));
        faults += 1;
    });
    assert_eq!((faults, status), (1, ExitStatus::Killed(Signal(11))));

    let mut process = program.launch(&["trap"]);
    let mut traps = 0;
    let status = run(&mut process, |process, event| {
        assert_eq!(event.reason, StopReason::Trap);
        let behind = Addr(process.registers(event.thread).unwrap().pc());
        let mut byte = [0];
        process.read(behind.offset(-1), &mut byte).unwrap();
        assert_eq!(byte, [0xcc]);
        traps += 1;
    });
    assert_eq!((traps, status), (1, ExitStatus::Code(7)));
}

#[test]
fn a_step_is_one_instruction_every_time() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["exit", "3"]);
    let main = program.address("main");
    process.insert_breakpoint(main).unwrap();
    resume_all(&mut process);
    let event = process.wait().unwrap();
    assert_eq!(event.reason, StopReason::Breakpoint);
    let thread = event.thread;
    // With a breakpoint under each instruction, the same addresses must come as without.
    let trace = |process: &mut adit_native::LinuxProcess, breakpoints: bool| {
        let mut pcs = Vec::new();
        for _ in 0..12 {
            let pc = Addr(process.registers(thread).unwrap().pc());
            if breakpoints {
                process.insert_breakpoint(pc).unwrap();
            }
            process.resume(thread, Resume::Step, None).unwrap();
            assert_eq!(process.wait_thread(thread).unwrap().reason, StopReason::Stepped);
            pcs.push(process.registers(thread).unwrap().pc());
        }
        pcs
    };
    let start = process.registers(thread).unwrap();
    let with = trace(&mut process, true);
    process.set_registers(thread, &start).unwrap();
    let without = trace(&mut process, false);
    assert_eq!(with, without);
}

#[test]
fn killed_from_outside_is_an_exit() {
    let Some(program) = program("family") else { return };
    for stopped in [false, true] {
        let mut process = program.launch(&["idle"]);
        resume_all(&mut process);
        if stopped {
            process.stop_all().unwrap();
        }
        std::process::Command::new("kill").args(["-KILL", &process.pid().to_string()]).status().unwrap();
        if stopped {
            resume_all_that_are_left(&mut process);
        }
        let event = process.wait().unwrap();
        assert_eq!(event.reason, StopReason::Exited(ExitStatus::Killed(Signal(9))));
    }
}

fn resume_all_that_are_left(process: &mut adit_native::LinuxProcess) {
    for thread in process.threads() {
        match process.resume(thread, Resume::Run, None) {
            Ok(()) | Err(ProcessError::NoThread(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn an_interruption_from_another_thread_is_never_missed() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["idle"]);
    resume_all(&mut process);
    let interrupter = process.interrupter();
    let (ask, asked) = std::sync::mpsc::channel::<()>();
    let helper = std::thread::spawn(move || {
        for () in asked {
            interrupter.interrupt();
        }
    });
    for _ in 0..300 {
        ask.send(()).unwrap();
        let event = process.wait().unwrap();
        assert_eq!(event.reason, StopReason::Interrupted);
        assert!(process.is_stopped(event.thread));
        process.resume(event.thread, Resume::Run, None).unwrap();
    }
    drop(ask);
    helper.join().unwrap();
    // One that comes while nobody waits is kept.
    process.interrupter().interrupt();
    assert_eq!(process.wait().unwrap().reason, StopReason::Interrupted);
    process.kill().unwrap();
    assert!(matches!(process.wait(), Err(ProcessError::Exited { .. })));
}

#[test]
fn job_control_works_as_without_a_debugger() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["idle"]);
    resume_all(&mut process);
    let pid = process.pid().to_string();
    let send = |signal: &str| _ = std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
    for _ in 0..3 {
        send("-STOP");
        let event = process.wait().unwrap();
        assert_eq!(event.reason, StopReason::Signal(Signal(19)));
        go_on(&mut process, event);
        // Stopped as it is, it can be looked at.
        assert_eq!(process.stop_all().unwrap(), []);
        for thread in process.threads() {
            process.registers(thread).unwrap();
        }
        resume_all(&mut process);
        send("-CONT");
        let event = process.wait().unwrap();
        assert_eq!(event.reason, StopReason::Signal(Signal(18)));
        go_on(&mut process, event);
    }
    send("-TERM");
    let event = process.wait().unwrap();
    assert_eq!(event.reason, StopReason::Signal(Signal(15)));
    go_on(&mut process, event);
    assert_eq!(process.wait().unwrap().reason, StopReason::Exited(ExitStatus::Killed(Signal(15))));
}

#[test]
fn memory_in_bulk_with_holes() {
    let Some(program) = program("family") else { return };
    let mut process = program.launch(&["exit", "0"]);
    let main = program.address("main");
    process.insert_breakpoint(main).unwrap();
    let mut buffers = vec![[0_u8; 4]; 3000];
    let mut reads: Vec<(Addr, &mut [u8])> = buffers
        .iter_mut()
        .enumerate()
        .map(|(i, buf)| (if i % 700 == 5 { Addr(8) } else { main }, &mut buf[..]))
        .collect();
    let filled = process.read_many(&mut reads);
    for (i, filled) in filled.iter().enumerate() {
        assert_eq!(*filled, i % 700 != 5, "{i}");
        assert!(!filled || buffers[i][0] != 0xcc && buffers[i][0] != 0);
    }
    let error = process.read(Addr(8), &mut [0; 8]).unwrap_err().to_string();
    assert_eq!(error, "could not read 8 bytes of memory at 0x8: input/output error");
}
