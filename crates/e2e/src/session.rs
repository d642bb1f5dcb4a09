//! A conversation with the debugger.

use std::fs::File;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::debugger::binary;
use crate::{Debugger, Marker, Program, Transcript};

/// What the debugger prints when it waits for a command.
const PROMPT: &str = "(adit) ";

/// How long one command may take: far longer than any does, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

/// The debugger, running and spoken to.
#[derive(Debug)]
pub struct Session {
    pid: Pid,
    input: Option<File>,
    said: Transcript,
    /// How much of what was said is part of earlier replies.
    heard: usize,
    ended: Receiver<ExitStatus>,
    marker: Marker,
    echoes: bool,
    /// What is printed when a command is waited for.
    prompt: &'static str,
    /// The server that this is a client of, if it is a part of this session, and its folder.
    server: Option<(Pid, tempfile::TempDir)>,
    _home: tempfile::TempDir,
}

/// What [`Session::reply_within`] waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The whole reply to a command, without the prompt behind it.
    Prompt(String),
    /// What was said up to a question, with the question.
    Question(String),
}

impl Session {
    /// Debugs a program, stopped before it began, from the directory of its source.
    pub fn exec(program: &Program) -> Session {
        Self::exec_with(program, &[], &[])
    }

    /// Debugs a program with flags for the debugger and arguments for the program.
    ///
    /// With `ADIT_E2E_REMOTE` in the environment, a server has the program: so any test can be run both ways.
    pub fn exec_with(program: &Program, flags: &[&str], arguments: &[&str]) -> Session {
        if std::env::var_os("ADIT_E2E_REMOTE").is_some() {
            return Self::exec_remotely(program, flags, arguments);
        }
        Self::command(program, flags, arguments).start()
    }

    /// Debugs a program without a server, whatever the environment says.
    pub fn exec_locally(program: &Program) -> Session {
        Self::command(program, &[], &[]).start()
    }

    /// Debugs a program on a terminal.
    pub fn exec_on_terminal(program: &Program, arguments: &[&str]) -> Session {
        Self::command(program, &[], arguments).start_on_terminal()
    }

    fn command(program: &Program, flags: &[&str], arguments: &[&str]) -> Debugger {
        let path = program.path().to_str().unwrap();
        let mut line = vec!["exec", "--allow-non-terminal-interactive", "--check-go-version=false"];
        line.extend(flags);
        line.extend([path, "--"]);
        line.extend(arguments);
        Debugger::new(line).in_directory(program.source())
    }

    /// Opens a program for looking, from the directory of its source.
    pub fn inspect(program: &Program) -> Session {
        let path = program.path().to_str().unwrap();
        Debugger::new(["inspect", path]).in_directory(program.source()).start()
    }

    /// Debugs a process that runs already.
    pub fn attach(pid: u32, program: &Program) -> Session {
        let pid = pid.to_string();
        let line = ["attach", "--allow-non-terminal-interactive", &pid];
        Debugger::new(line).in_directory(program.source()).start()
    }

    /// Debugs a program, stopped before it began, as a client of a server that has it. What the server and the program
    /// print is part of the session, as it is where there is no server.
    pub fn exec_remotely(program: &Program, flags: &[&str], arguments: &[&str]) -> Session {
        let folder = tempfile::tempdir().unwrap();
        let (socket, log) = (folder.path().join("socket"), folder.path().join("log"));
        let listen = format!("--listen=unix:{}", socket.display());
        let log_flag = format!("--log-dest={}", log.display());
        let mut server_flags = vec!["--headless", &listen, &log_flag];
        server_flags.extend(flags);
        let server = Self::command(program, &server_flags, arguments);
        let address = format!("unix:{}", socket.display());
        let line = ["connect", "--allow-non-terminal-interactive", &address];
        let client = Debugger::new(line).in_directory(program.source());

        let (output, said) = std::io::pipe().unwrap();
        let marker = Marker::new();
        let mut command = server.command(&binary(), folder.path());
        Debugger::mark(&mut command, &marker);
        command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said.try_clone().unwrap());
        let mut child = command.spawn().unwrap();
        drop(command);
        let server_pid = Pid::from_raw(child.id() as i32);
        std::thread::spawn(move || child.wait().unwrap());
        // The server says where it listens, on its log.
        let listens = || std::fs::read_to_string(&log).is_ok_and(|log| log.ends_with('\n'));
        assert!(crate::wait_until(PATIENCE, listens), "the server does not listen");
        let client = |program: &Path, home: &Path| client.command(program, home);
        let mut session = Self::begin(client, false, PROMPT, marker, |command| {
            let (input, writer) = std::io::pipe().unwrap();
            command.stdin(input).stdout(said.try_clone().unwrap()).stderr(said);
            (File::from(std::os::fd::OwnedFd::from(writer)), Transcript::of(output))
        });
        session.server = Some((server_pid, folder));
        session
    }

    pub(crate) fn over_pipes(command: impl FnOnce(&Path, &Path) -> Command) -> Session {
        Self::over_pipes_as(PROMPT, command)
    }

    pub(crate) fn over_pipes_as(
        prompt: &'static str,
        command: impl FnOnce(&Path, &Path) -> Command,
    ) -> Session {
        // Standard output and error are one pipe, so that what is said stays in order.
        let (output, said) = std::io::pipe().unwrap();
        Self::begin(command, false, prompt, Marker::new(), |command| {
            let (input, writer) = std::io::pipe().unwrap();
            command.stdin(input).stdout(said.try_clone().unwrap()).stderr(said);
            (File::from(std::os::fd::OwnedFd::from(writer)), Transcript::of(output))
        })
    }

    pub(crate) fn on_terminal(command: impl FnOnce(&Path, &Path) -> Command) -> Session {
        let command = |program: &Path, home: &Path| {
            let debugger = command(program, home);
            // A session of its own with the terminal as the one that sends interrupts.
            let mut command = Command::new("setsid");
            command.args(["--ctty", "--wait"]).arg(program).args(debugger.get_args());
            command.current_dir(debugger.get_current_dir().unwrap());
            for (name, value) in debugger.get_envs() {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
            command
        };
        Self::begin(command, true, PROMPT, Marker::new(), |command| {
            let terminal = nix::pty::openpty(None, None).unwrap();
            let ours = File::from(terminal.master);
            command.stdin(Stdio::from(terminal.slave.try_clone().unwrap()));
            command
                .stdout(Stdio::from(terminal.slave.try_clone().unwrap()))
                .stderr(Stdio::from(terminal.slave));
            (ours.try_clone().unwrap(), Transcript::of(ours))
        })
    }

    fn begin(
        command: impl FnOnce(&Path, &Path) -> Command,
        echoes: bool,
        prompt: &'static str,
        marker: Marker,
        connect: impl FnOnce(&mut Command) -> (File, Transcript),
    ) -> Session {
        let home = tempfile::tempdir().unwrap();
        let mut command = command(&binary(), home.path());
        Debugger::mark(&mut command, &marker);
        let (input, said) = connect(&mut command);
        let mut child = command.spawn().unwrap();
        // The command holds our copies of the debugger's ends of the pipes: open, they would never end.
        drop(command);
        let pid = Pid::from_raw(child.id() as i32);
        let (sender, ended) = channel();
        std::thread::spawn(move || sender.send(child.wait().unwrap()));
        let mut session = Session {
            pid,
            input: Some(input),
            said,
            heard: 0,
            ended,
            marker,
            echoes,
            prompt,
            server: None,
            _home: home,
        };
        session.reply();
        session
    }

    /// Gives a command and returns all that was printed until the next prompt, by the debugger and by the
    /// program.
    pub fn send(&mut self, command: &str) -> String {
        self.type_line(command);
        let reply = self.reply();
        match self.echoes {
            // The terminal's own echo of the line.
            true => reply.split_once('\n').map_or(String::new(), |(_, reply)| reply.to_owned()),
            false => reply,
        }
    }

    /// Gives a command whose reply is waited for later, by [`Session::reply`] or [`Session::expect`].
    pub fn type_line(&mut self, command: &str) {
        let input = self.input.as_mut().expect("the session's input is still open");
        writeln!(input, "{command}").unwrap();
    }

    /// Types what is no line: a control character.
    pub fn type_keys(&mut self, keys: &str) {
        self.input.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the next prompt and returns what was printed before it.
    pub fn reply(&mut self) -> String {
        match self.said.wait_for_suffix(self.heard, PATIENCE, self.prompt) {
            Ok(reply) => {
                self.heard += reply.len();
                reply.trim_end_matches(self.prompt).replace("\r\n", "\n")
            }
            Err(seen) => self.give_up("a prompt", &seen),
        }
    }

    /// Waits for so long for the next prompt or for one of the questions, each of which ends what was said before it.
    /// `None`: the command is still under way.
    pub fn reply_within(&mut self, patience: Duration, questions: &[&str]) -> Option<Reply> {
        let ends = |said: &[u8], end: &str| said.ends_with(end.as_bytes());
        let asks = |said: &[u8]| questions.iter().any(|question| ends(said, question));
        let reply =
            self.said.wait_for_bytes(self.heard, patience, |said| ends(said, PROMPT) || asks(said)).ok()?;
        self.heard += reply.len();
        Some(match reply.strip_suffix(PROMPT) {
            Some(reply) => Reply::Prompt(reply.to_owned()),
            None => Reply::Question(reply),
        })
    }

    /// What was said since the last whole reply.
    pub fn unheard(&self) -> String {
        self.said.text().split_off(self.heard)
    }

    /// Has the debugger ended?
    pub fn has_ended(&self) -> bool {
        self.said.wait_for_end(Duration::ZERO)
    }

    /// Waits until the text was printed; the reply that it is part of goes on.
    pub fn expect(&mut self, text: &str) {
        let seen = self.said.wait(self.heard, PATIENCE, |said| said.contains(text));
        if let Err(seen) = seen {
            self.give_up(text, &seen);
        }
    }

    fn give_up(&mut self, what: &str, seen: &str) -> ! {
        self.end_all();
        panic!("waited in vain for {what}\nlast reply: {seen}\nwhole session:\n{}", self.said.text());
    }

    /// The process id of the debugger.
    pub fn pid(&self) -> u32 {
        self.pid.as_raw() as u32
    }

    /// The processes of this session but the debugger, by id.
    pub fn debuggees(&self) -> Vec<i32> {
        let server = self.server.as_ref().map(|(pid, _)| pid.as_raw());
        let is_own = |pid: &i32| *pid == self.pid.as_raw() || Some(*pid) == server;
        self.marker.processes().into_iter().map(|(pid, _)| pid).filter(|pid| !is_own(pid)).collect()
    }

    /// Sends the debugger a signal.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid, signal).unwrap();
    }

    /// Sends `quit` and checks that the session ends with status 0 and leaves nothing.
    pub fn quit(mut self) -> String {
        self.type_line("quit");
        self.finish(0)
    }

    /// Closes the session's input, waits for its end, and checks the exit status (128 and the signal's number
    /// where a signal ended it) and that no process is left. Returns what was said since the last reply.
    pub fn finish(mut self, status: i32) -> String {
        if !self.echoes {
            self.input = None;
        }
        self.finish_unasked(status)
    }

    /// The same for a session that ends without being told at the prompt: its input stays open until then.
    pub fn finish_unasked(mut self, status: i32) -> String {
        let Ok(ended) = self.ended.recv_timeout(PATIENCE) else { self.give_up("the end", "") };
        self.marker.assert_none_left(Duration::from_secs(20));
        // A process that holds the pipe but not the mark would be one we do not know.
        assert!(self.said.wait_for_end(PATIENCE), "somebody still holds the session's output");
        let text = self.said.text();
        let code = ended.code().or_else(|| Some(128 + ended.signal()?)).unwrap();
        assert_eq!(code, status, "exit status; the session was:\n{text}");
        text[self.heard..].to_owned()
    }

    /// Everything that was said, for messages of assertions.
    pub fn transcript(&self) -> String {
        self.said.text()
    }

    fn end_all(&mut self) {
        for (pid, _) in self.marker.processes() {
            // Gone in the meantime is as good.
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }
}

impl Drop for Session {
    /// A test that failed in the middle must not leave what would disturb the others.
    fn drop(&mut self) {
        self.end_all();
    }
}
