//! The program `busy`, running by itself.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::{Program, assert_untouched, debuggee, may_attach};

/// How long it may take for an answer, or to end: it finishes its round first.
const PATIENCE: Duration = Duration::from_secs(120);

/// The last line of a run in which all went well.
pub const BUSY_WITHOUT_ERRORS: &str = "rounds were wrong: 0";

/// The program `busy`, which a debugger may come to and go from.
#[derive(Debug)]
pub struct Busy {
    child: Child,
    lines: Receiver<String>,
}

impl Busy {
    /// Starts it with so many goroutines and threads that stand by. `None` where attaching is not allowed.
    pub fn start(program: &Program, goroutines: usize, threads: usize) -> Option<Busy> {
        if !may_attach() {
            return None;
        }
        let mut command = Command::new(program.path());
        command.args([goroutines.to_string(), threads.to_string()]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let busy = Busy { child, lines };
        assert_eq!(busy.line(), "ready");
        Some(busy)
    }

    /// Its process id.
    pub fn pid(&self) -> i32 {
        self.child.id() as i32
    }

    fn line(&self) -> String {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(error) => panic!("{error}: no word from the program; {:?}", debuggee::tasks(self.pid())),
        }
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).unwrap();
    }

    /// Checks that all that it does goes on: it answers at the end of a round.
    pub fn assert_alive(&self) {
        self.signal(Signal::SIGUSR2);
        assert_eq!(self.line(), "alive");
    }

    /// Checks that nothing of a debugger is left in it, and that it works.
    pub fn assert_unharmed(&self) {
        assert_untouched(self.pid());
        self.assert_alive();
    }

    /// Has it come to its end, and checks that everything it computed was right.
    pub fn end(mut self) {
        self.signal(Signal::SIGTERM);
        assert_eq!(self.line(), BUSY_WITHOUT_ERRORS);
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // Ended already in a test that passed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is written, line by line as it comes; a thread of its own reads it.
fn lines_of(output: ChildStdout) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}
