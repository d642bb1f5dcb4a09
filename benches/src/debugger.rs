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

    /// The command that has hits of breakpoint 1 counted, but never stop.
    pub(crate) fn count_command(&self) -> &'static str {
        if self.dialect == Dialect::Gdb {
            "ignore 1 1000000000"
        } else {
            "condition -hitcount 1 > 1000000000"
        }
    }

    /// The command that watches writes to a package's variable.
    pub(crate) fn watch_command(&self, variable: &str) -> String {
        if self.dialect == Dialect::Gdb {
            format!("watch '{variable}'")
        } else {
            format!("watch -w {variable}")
        }
    }

    fn command(&self, run: &Run<'_>) -> Command {
        let mut command = self.start_command(run.on_one_cpu);
        match self.dialect {
            Dialect::Gdb => gdb_settings(&mut command).arg("--args").arg(run.program),
            Dialect::Delve => command.args(["exec", ALLOW_PIPES, ANY_GO]).arg(run.program).arg("--"),
        };
        command.args(run.arguments);
        command
    }

    /// Attaches to a process.
    fn attach_command(&self, process: u32) -> Command {
        let mut command = self.start_command(false);
        match self.dialect {
            Dialect::Gdb => gdb_settings(&mut command).arg("-p"),
            Dialect::Delve => command.args(["attach", ALLOW_PIPES, ANY_GO]),
        };
        command.arg(process.to_string());
        command
    }

    /// Traces the calls of a function of a program, to its end; `None` if the tool has no command for that.
    pub(crate) fn trace_command(&self, run: &Run<'_>, function: &str) -> Option<Command> {
        if self.dialect == Dialect::Gdb {
            return None;
        }
        let mut command = self.start_command(run.on_one_cpu);
        command.args(["trace", ANY_GO, "--exec"]).arg(run.program).arg(format!("^{function}$"));
        command.arg("--").args(run.arguments);
        Some(command)
    }

    fn start_command(&self, on_one_cpu: bool) -> Command {
        let mut command = if on_one_cpu { Command::new("taskset") } else { Command::new(&self.program) };
        if on_one_cpu {
            command.args(["-c", "0"]).arg(&self.program);
        }
        // An index of an earlier run would make the first time a second one.
        command.env("TERM", "dumb").env_remove("PAGER").env("ADIT_CACHE_DIR", "off");
        command
    }
}

/// A debugger of Delve's kind takes commands from no terminal, and programs of whatever Go.
const ALLOW_PIPES: &str = "--allow-non-terminal-interactive";
const ANY_GO: &str = "--check-go-version=false";

fn gdb_settings(command: &mut Command) -> &mut Command {
    command.args(["-q", "-nx", "-ex", "set pagination off", "-ex", "set confirm off"]);
    // Delve asks nobody for symbols either.
    command.args(["-ex", "set debuginfod enabled off"])
}

/// How a program is run under a debugger.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) program: &'a Path,
    pub(crate) arguments: &'a [&'a str],
    /// The debugger and the program share one CPU.
    pub(crate) on_one_cpu: bool,
}

impl<'a> Run<'a> {
    pub(crate) fn of(program: &'a Path, arguments: &'a [&'a str]) -> Self {
        Run { program, arguments, on_one_cpu: false }
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
        Self::start_run(tool, &Run::of(program, &[]))
    }

    /// The same for a program with arguments.
    pub(crate) fn start_run(tool: &Tool, run: &Run<'_>) -> Result<Self> {
        Self::start_command(tool, tool.command(run))
    }

    /// Attaches the debugger to a process and waits for its first prompt.
    pub(crate) fn attach(tool: &Tool, process: u32) -> Result<Self> {
        Self::start_command(tool, tool.attach_command(process))
    }

    fn start_command(tool: &Tool, mut command: Command) -> Result<Self> {
        let (output, writer) = std::io::pipe()?;
        let (stdin, input) = std::io::pipe()?;
        let begun = Instant::now();
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

    /// Ends the debugger and leaves the process that it was attached to.
    pub(crate) fn leave(mut self) -> Result<()> {
        // Delve asks whether it is to be killed; gdb, not asking, takes the answer for a command that it does not know.
        writeln!(self.input, "quit\nn")?;
        if !self.said.wait_for_end(PATIENCE) {
            bail!("does not leave, only: {}", self.said.text());
        }
        Ok(())
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
