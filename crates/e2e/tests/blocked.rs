//! A thread that waits in a system call: it is not where its PC says until the call is over.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Go, Program, Session, on_oldest_and_newest};

/// Stopped where the main goroutine waits in read(2) for a goroutine that stands right before the write; the main
/// goroutine is selected.
fn while_it_waits(go: &Go) -> (Program, Session) {
    let program = Program::build("blocked", go);
    let mut session = Session::exec(&program);
    session.send(&format!("break {}", program.at("feed")));
    session.send("continue");
    session.send("clear 1");
    let switched = session.send("goroutine 1");
    assert!(switched.contains("to 1 "), "{switched}");
    (program, session)
}

/// The PC of the selected thread, `0x...`.
fn pc(session: &mut Session) -> String {
    let registers = session.send("regs");
    let value = registers.lines().find_map(|line| line.trim_start().strip_prefix("Rip = ")).unwrap();
    format!("0x{}", value.trim_start_matches("0x").trim_start_matches('0'))
}

on_oldest_and_newest! {
    fn stepping_an_instruction_waits_for_the_system_call_while_others_run(go) {
        for step in ["step-instruction", "next-instruction"] {
            let (_, mut session) = while_it_waits(go);
            let before = pc(&mut session);
            let stop = session.send(step);
            assert!(stop.contains("yscall"), "{stop}");
            assert_eq!(pc(&mut session), before, "{step}");
            let registers = session.send("regs");
            assert!(registers.contains("Rax = 0x0000000000000001"), "what read(2) returned: {registers}");
            let stop = session.send("step-instruction");
            assert_ne!(pc(&mut session), before, "{stop}");
            let end = session.send("continue");
            assert!(end.contains("sum 126\n"), "{end}");
            session.quit();
        }
    }

    fn a_breakpoint_behind_a_system_call_is_hit_when_the_call_is_over(go) {
        let (program, mut session) = while_it_waits(go);
        let address = pc(&mut session);
        session.send(&format!("break behind *{address}"));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("(PC: {address})")) && stop.contains("[behind]"), "{stop}");
        session.send("clear behind");
        session.send(&format!("break {}", program.at("fed")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("./main.go:{}", program.line("fed"))), "{stop}");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("sum 126\n"), "{end}");
        session.quit();
    }
}
