//! The debuggers of this machine, and a conversation with one.

use std::fs;
use std::io::{PipeWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use adit_e2e::Transcript;
use anyhow::{Context, Result, bail};

/// How long a debugger may take for one command before it counts as unable.
const PATIENCE: Duration = Duration::from_secs(300);

/// A debugger that can be driven.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: String,
    program: PathBuf,
    dialect: Dialect,
}

/// How a debugger is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Delve,
    Gdb,
}

/// adit, and those of the others that are on PATH.
pub(crate) fn all() -> Result<Vec<Tool>> {
    let adit = std::env::var_os("ADIT_BIN").context("ADIT_BIN names no adit to measure")?;
    let mut tools = vec![Tool::new("adit", PathBuf::from(adit), Dialect::Delve)?];
    for (name, dialect) in [("dlv", Dialect::Delve), ("gdb", Dialect::Gdb)] {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
        match found {
            Some(program) => tools.push(Tool::new(name, program, dialect)?),
            None => println!("{name} is not on PATH: left out"),
        }
    }
    Ok(tools)
}

impl Tool {
    fn new(name: &'static str, program: PathBuf, dialect: Dialect) -> Result<Self> {
        let argument = if dialect == Dialect::Gdb { "--version" } else { "version" };
        let output = Command::new(&program).arg(argument).output();
        let output = output.with_context(|| format!("{} does not run", program.display()))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let line = said.lines().find(|line| line.starts_with("Version:")).or(said.lines().next());
        let version = line.unwrap_or_default().trim_start_matches("Version: ").to_owned();
        Ok(Tool { name, version, program, dialect })
    }

    /// Whether it knows goroutines.
    pub(crate) fn knows_goroutines(&self) -> bool {
        self.dialect == Dialect::Delve
    }

    /// Whether it takes Delve's commands.
    pub(crate) fn is_adit_or_delve(&self) -> bool {
        self.dialect == Dialect::Delve
    }

    /// The command that runs to the next stop, the first time.
    pub(crate) fn run_command(&self) -> &'static str {
        if self.dialect == Dialect::Gdb { "run" } else { "continue" }
    }

    /// The command that gives breakpoint 1 a condition.
    pub(crate) fn condition_command(&self, condition: &str) -> String {
        format!("condition 1 {condition}")
    }

    /// The commands that list functions, types and package variables by a pattern, if it has such.
    pub(crate) fn name_commands(&self) -> Option<&'static [&'static str]> {
        (self.dialect == Dialect::Delve).then_some(&[
            "funcs main.*Q",
            "types runtime.*Sudog|runtime.sudog",
            "vars runtime.mainStarted",
        ])
    }

    /// Each tool's prompt is its own name.
    fn prompt(&self) -> String {
        format!("({}) ", self.name)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(&self.program);
        match self.dialect {
            Dialect::Gdb => {
                command.args(["-q", "-nx", "-ex", "set pagination off", "-ex", "set confirm off"]);
                // Delve asks nobody for symbols either.
                command.args(["-ex", "set debuginfod enabled off"]);
            }
            Dialect::Delve => {
                command.args(["exec", "--allow-non-terminal-interactive", "--check-go-version=false"]);
            }
        }
        // An index of an earlier run would make the first time a second one.
        command.arg(program).env("TERM", "dumb").env_remove("PAGER").env("ADIT_CACHE_DIR", "off");
        command
    }
}

/// A debugger at work on a program. Dropped, it is ended.
pub(crate) struct Conversation {
    child: Child,
    input: PipeWriter,
    said: Transcript,
    heard: usize,
    prompt: String,
    begun: Instant,
}

impl Conversation {
    /// Starts the debugger and waits for its first prompt.
    pub(crate) fn start(tool: &Tool, program: &Path) -> Result<Self> {
        let (output, writer) = std::io::pipe()?;
        let (stdin, input) = std::io::pipe()?;
        let begun = Instant::now();
        let mut command = tool.command(program);
        command.stdin(stdin).stdout(writer.try_clone()?).stderr(writer);
        let child = command.spawn().with_context(|| format!("{} does not start", tool.name))?;
        drop(command);
        let said = Transcript::of(output);
        let mut conversation = Conversation { child, input, said, heard: 0, prompt: tool.prompt(), begun };
        conversation.reply()?;
        Ok(conversation)
    }

    /// The time since the debugger was started.
    pub(crate) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Gives a command; returns the reply and how long it took.
    pub(crate) fn send(&mut self, command: &str) -> Result<(String, Duration)> {
        let begun = Instant::now();
        writeln!(self.input, "{command}")?;
        let reply = self.reply()?;
        Ok((reply, begun.elapsed()))
    }

    /// The most memory that the debugger's process had at any time until now, in KiB.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        peak_memory(self.child.id())
    }

    fn reply(&mut self) -> Result<String> {
        match self.said.wait_for_suffix(self.heard, PATIENCE, &self.prompt) {
            Ok(reply) => {
                self.heard += reply.len();
                Ok(reply)
            }
            Err(said) => bail!("no prompt, only: {said}"),
        }
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // The orderly way also ends the program under the debugger.
        let quit = writeln!(self.input, "quit");
        if quit.is_err() || !self.said.wait_for_end(Duration::from_secs(10)) {
            // Already gone is as good.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The most memory that a process had at any time until now, in KiB.
pub(crate) fn peak_memory(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number.context("no VmHWM")?.parse().context("VmHWM is no number")
}
