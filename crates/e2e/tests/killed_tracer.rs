//! The debugger of an attached process is killed while the process runs into its breakpoints and watches all the time.

#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use adit_e2e::{Program, Session, Signal, may_attach, on_oldest_and_newest, wait_until};

/// How often.
const KILLS: u32 = 4;

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

    fn field(process: &str, name: &str) -> String {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_start_matches(':').trim().to_owned()
    }

    /// Kills the process that has the program under its control, which need not be the one that was started for that,
    /// and waits until nobody has it.
    fn kill_tracer(&self) {
        let own = self.child.id().to_string();
        let tracer = Self::field(&Self::field(&own, "TracerPid"), "Tgid");
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(tracer.parse().unwrap()), Signal::SIGKILL).unwrap();
        let free =
            || Self::field(&own, "TracerPid") == "0" && !Self::field(&own, "State").starts_with(['T', 't']);
        assert!(wait_until(Duration::from_secs(60), free));
    }

    fn assert_alive(&mut self) {
        writeln!(self.child.stdin.as_mut().unwrap()).unwrap();
        assert_eq!(self.line(), "alive\n");
    }

    /// Checks that the process ends by itself and in order.
    fn end(mut self) {
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

on_oldest_and_newest! {
    fn a_program_survives_whatever_was_on_its_way(go) {
        let program = Program::build("watched", go);
        let Some(mut beating) = Beating::start(&program) else { return };
        for nth in 0..2 * KILLS {
            let mut session = Session::attach(beating.child.id(), &program);
            session.send("watch -w main.counter");
            if nth % 2 == 0 {
                session.send("condition 1 1 == 2");
            } else {
                let stop = session.send("continue");
                let place = stop.split("main.go:").nth(1).unwrap().split(' ').next().unwrap();
                session.send("clear 1");
                session.send(&format!("break main.go:{place}"));
                session.send("condition 2 1 == 2");
            }
            session.type_line("continue");
            // It works while it runs into what was set.
            beating.assert_alive();
            beating.kill_tracer();
            session.finish_unasked(128 + 9);
            beating.assert_alive();
        }
        beating.end();
    }
}
