//! A process that ran before the debugger came and runs on after it went.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::{Program, may_attach};

/// The program `waiting`, running without a debugger.
#[derive(Debug)]
pub struct Waiting {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Waiting {
    /// Starts it, and waits until it is ready. `None` where attaching is not allowed.
    pub fn start(program: &Program) -> Option<Self> {
        if !may_attach() {
            return None;
        }
        let mut command = Command::new(program.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut waiting = Waiting { child, output };
        assert_eq!(waiting.line(), "ready\n");
        Some(waiting)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    /// Checks that every goroutine of the process works: one answers, the other ticks.
    pub fn assert_alive(&mut self) {
        for _ in 0..3 {
            writeln!(self.child.stdin.as_mut().unwrap()).unwrap();
            assert_eq!(self.line(), "alive\n");
        }
    }

    /// Waits for the end that somebody else brought upon it; returns whether that was an orderly one.
    pub fn ended_well(&mut self) -> bool {
        self.child.wait().unwrap().success()
    }

    /// Checks that the process still ends by itself and in order.
    pub fn end(mut self) {
        self.assert_alive();
        drop(self.child.stdin.take());
        assert_eq!(self.line(), "end of input\n");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // Ended already in a test that passed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
