//! Assembly that writes one instruction on several lines.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_step_does_not_damage_the_return_from_a_signal(go) {
        let program = Program::build("busy", go);
        let mut session = Session::exec_with(&program, &["-r", "stdout:/dev/null"], &[]);
        let trampoline = if go.minor() > 20 { "runtime.sigreturn__sigaction" } else { "runtime.sigreturn" };
        session.send(&format!("break *{trampoline}"));
        session.send("continue");
        session.send("clear 1");
        session.send("next");
        // The number of the system call is what the code says.
        assert!(session.send("print _RAX").contains("15"), "{}", session.transcript());
        session.send("break main.increment");
        let stop = session.send("continue");
        assert!(stop.contains("> [Breakpoint 2] main.increment() "), "{stop}");
        session.quit();
    }
}
