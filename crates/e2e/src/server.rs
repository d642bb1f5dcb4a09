//! The debugger as a server, and prompts that are its clients.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::debugger::binary;
use crate::{Debugger, Marker, Program, Session, Transcript};

/// How the first line begins, by which clients find the server.
const FIRST_LINE: &str = "API server listening at: ";

/// As for a session: far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server, running; its clients are [`Session`]s.
#[derive(Debug)]
pub struct Server {
    pid: Pid,
    address: String,
    directory: PathBuf,
    stdout: Transcript,
    stderr: Transcript,
    ended: Receiver<ExitStatus>,
    marker: Marker,
    _home: tempfile::TempDir,
}

impl Server {
    /// Serves a program that is stopped before it began.
    pub fn exec(program: &Program, flags: &[&str], arguments: &[&str]) -> Server {
        let path = program.path().to_str().unwrap();
        let mut line = vec!["exec", "--headless", "--check-go-version=false"];
        line.extend(flags);
        line.extend([path, "--"]);
        line.extend(arguments);
        Server::start(Debugger::new(line).in_directory(program.source()))
    }

    /// Serves a process that runs already.
    pub fn attach(pid: u32, program: &Program, flags: &[&str]) -> Server {
        let pid = pid.to_string();
        let mut line = vec!["attach", "--headless"];
        line.extend(flags);
        line.push(&pid);
        Server::start(Debugger::new(line).in_directory(program.source()))
    }

    /// Starts any debugger that serves, and waits until it says where.
    pub fn start(debugger: Debugger) -> Server {
        Server::spawn(debugger.directory(), |home| debugger.command(&binary(), home))
    }

    /// Starts another debugger's server: `command` is given a folder for its files.
    pub fn spawn(directory: &Path, command: impl FnOnce(&Path) -> Command) -> Server {
        let home = tempfile::tempdir().unwrap();
        let marker = Marker::new();
        let mut command = command(home.path());
        Debugger::mark(&mut command, &marker);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = Transcript::of(child.stdout.take().unwrap());
        let stderr = Transcript::of(child.stderr.take().unwrap());
        let pid = Pid::from_raw(child.id() as i32);
        let (sender, ended) = channel();
        std::thread::spawn(move || sender.send(child.wait().unwrap()));
        let directory = directory.to_owned();
        let mut server =
            Server { pid, address: String::new(), directory, stdout, stderr, ended, marker, _home: home };
        let said = server.stdout.wait(0, PATIENCE, |said| said.contains('\n'));
        let said = said.unwrap_or_else(|said| server.give_up("its first line", &said));
        let line = said.lines().next().unwrap();
        let Some(address) = line.strip_prefix(FIRST_LINE) else { server.give_up(FIRST_LINE, &said) };
        server.address =
            if address.starts_with('/') { format!("unix:{address}") } else { address.to_owned() };
        server
    }

    /// Where it listens, as `connect` takes it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A prompt for the session.
    pub fn connect(&self) -> Session {
        self.connect_with(&[])
    }

    /// The same with flags.
    pub fn connect_with(&self, flags: &[&str]) -> Session {
        let mut line = vec!["connect", "--allow-non-terminal-interactive", &self.address];
        line.extend(flags);
        Debugger::new(line).in_directory(&self.directory).start()
    }

    /// The process id of the server that was started.
    pub fn pid(&self) -> u32 {
        self.pid.as_raw() as u32
    }

    /// The processes of the server but itself, by id.
    pub fn debuggees(&self) -> Vec<i32> {
        let own = self.pid.as_raw();
        self.marker.processes().into_iter().map(|(pid, _)| pid).filter(|&pid| pid != own).collect()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid, signal).unwrap();
    }

    /// What was printed after the first line, by the server and by its program.
    pub fn stdout(&self) -> String {
        self.stdout.text().split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned())
    }

    /// What was printed on standard error.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Waits until the text is on standard output.
    pub fn expect(&self, text: &str) {
        let seen = self.stdout.wait(0, PATIENCE, |said| said.contains(text));
        seen.unwrap_or_else(|seen| self.give_up(text, &seen));
    }

    /// Waits until the text is on standard error.
    pub fn expect_error(&self, text: &str) {
        let seen = self.stderr.wait(0, PATIENCE, |said| said.contains(text));
        seen.unwrap_or_else(|seen| self.give_up(text, &seen));
    }

    /// Waits for its end, and checks the exit status (128 and the signal's number where a signal ended it) and that no
    /// process is left.
    pub fn finish(&self, status: i32) {
        let Ok(ended) = self.ended.recv_timeout(PATIENCE) else { self.give_up("its end", "") };
        self.marker.assert_none_left(Duration::from_secs(20));
        let code = ended.code().or_else(|| Some(128 + ended.signal()?)).unwrap();
        assert_eq!(code, status, "exit status; it said {}\n{}", self.stdout.text(), self.stderr());
    }

    fn give_up(&self, what: &str, seen: &str) -> ! {
        self.end_all();
        panic!("the server: waited in vain for {what}\nseen: {seen}\nerrors: {}", self.stderr());
    }

    fn end_all(&self) {
        for (pid, _) in self.marker.processes() {
            // Gone in the meantime is as good.
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }
}

impl Drop for Server {
    /// A test that failed in the middle must not leave what would disturb the others.
    fn drop(&mut self) {
        self.end_all();
    }
}
