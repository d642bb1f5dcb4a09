//! Debug information and sources from servers, by build ID: the program `debuginfod-find` knows how
//! (debuginfod-find(1) of elfutils), this runs it.
//!
//! It is run for nothing unless `DEBUGINFOD_URLS` names servers. While it runs, how far it is is told to whoever
//! wants to know; another thread may call it off.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The program.
const PROGRAM: &str = "debuginfod-find";
/// The variable that names the servers.
const SERVERS: &str = "DEBUGINFOD_URLS";
/// A download that says nothing for so long is given up.
const MOST_SILENCE: Duration = Duration::from_secs(60);
/// A program that has given its answer and does not end is ended.
const LAST_MOMENTS: Duration = Duration::from_secs(5);
/// Most that is read of what the program prints, in bytes: a path, or why there is none.
const MOST_OUTPUT: u64 = 1 << 16;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// The debug information of the file with the build ID.
    DebugInfo,
    /// A source file of it, by its absolute path.
    Source(&'a str),
}

/// Why nothing was fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotFetched {
    #[error("no servers are configured in {SERVERS}")]
    NotConfigured,
    #[error("{SERVERS} is set, but {PROGRAM} is not installed (it comes with elfutils, package debuginfod)")]
    NotInstalled,
    #[error("{PROGRAM}: {0}")]
    NotFound(String),
    #[error("cancelled")]
    Cancelled,
    #[error("{PROGRAM} gave no sign of life for {} seconds", MOST_SILENCE.as_secs())]
    TimedOut,
    #[error("{PROGRAM} could not be run: {0}")]
    Failed(String),
}

/// How far a download is.
#[derive(Clone, Copy, Debug)]
pub struct Download<'a> {
    /// The file that it is for.
    pub path: &'a Path,
    /// How far it is, or how it ended.
    pub progress: &'a str,
    /// Is it over?
    pub over: bool,
}

/// Is told how far downloads are, on the thread that waits for them.
pub type Progress = Box<dyn Fn(Download<'_>) + Send + Sync>;

/// What is known of the servers in one session.
pub(crate) struct Debuginfod {
    program: OsString,
    is_configured: bool,
    progress: Option<Progress>,
    /// What they do not have: they are asked once.
    missing: Mutex<HashSet<Vec<String>>>,
    /// Calls off what runs now.
    running: Mutex<Option<Sender<Said>>>,
}

/// What is heard of a program that runs.
enum Said {
    /// How far it is.
    Progress(String),
    /// All that it printed, and all that it complained about, once it has closed them.
    Output(String),
    Complaints(String),
    /// The user does not want to wait.
    Cancel,
}

impl Debuginfod {
    pub(crate) fn new(progress: Option<Progress>) -> Debuginfod {
        let is_configured =
            std::env::var_os(SERVERS).is_some_and(|urls| !urls.to_string_lossy().trim().is_empty());
        Debuginfod::with_program(PROGRAM.into(), is_configured, progress)
    }

    fn with_program(program: OsString, is_configured: bool, progress: Option<Progress>) -> Debuginfod {
        Debuginfod { program, is_configured, progress, missing: Mutex::default(), running: Mutex::default() }
    }

    pub(crate) fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// Calls off the download that runs, if one does.
    pub(crate) fn cancel(&self) {
        if let Some(running) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            // It may just have ended.
            let _ = running.send(Said::Cancel);
        }
    }

    /// Fetches a file that belongs to `path`, whose build ID this is, and says where it is now.
    pub(crate) fn fetch(
        &self,
        wanted: Wanted<'_>,
        build_id: &str,
        path: &Path,
    ) -> Result<PathBuf, NotFetched> {
        if !self.is_configured {
            return Err(NotFetched::NotConfigured);
        }
        let arguments: Vec<String> = match wanted {
            Wanted::DebugInfo => vec!["debuginfo".to_owned(), build_id.to_owned()],
            Wanted::Source(file) => vec!["source".to_owned(), build_id.to_owned(), file.to_owned()],
        };
        if self.missing.lock().unwrap_or_else(PoisonError::into_inner).contains(&arguments) {
            return Err(NotFetched::NotFound("the servers do not have it".to_owned()));
        }
        let outcome = self.run(&arguments, path);
        if let Err(NotFetched::NotFound(_)) = &outcome {
            self.missing.lock().unwrap_or_else(PoisonError::into_inner).insert(arguments);
        }
        outcome
    }

    fn run(&self, arguments: &[String], path: &Path) -> Result<PathBuf, NotFetched> {
        let (sender, said) = channel();
        // From now on it can be called off.
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender.clone());
        let outcome = self.run_and_follow(arguments, path, &sender, &said);
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
        outcome
    }

    fn run_and_follow(
        &self,
        arguments: &[String],
        path: &Path,
        sender: &Sender<Said>,
        said: &Receiver<Said>,
    ) -> Result<PathBuf, NotFetched> {
        let mut command = Command::new(&self.program);
        command.arg("-v").args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => NotFetched::NotInstalled,
            _ => NotFetched::Failed(error.to_string()),
        })?;
        listen(&mut child, sender);
        self.tell(path, "started", false);
        let outcome = self.follow(&mut child, said, path);
        if outcome.is_err() {
            // It may have ended by itself; then there is nothing to end.
            let _ = child.kill();
        }
        let _ = child.wait();
        match &outcome {
            Ok(_) => self.tell(path, "done", true),
            Err(error @ NotFetched::NotFound(_)) => {
                tracing::debug!(target: "debugger", "{}: {error}", path.display());
                self.tell(path, "not found", true);
            }
            Err(error) => self.tell(path, &error.to_string(), true),
        }
        outcome
    }

    /// Waits for the answer.
    fn follow(&self, child: &mut Child, said: &Receiver<Said>, path: &Path) -> Result<PathBuf, NotFetched> {
        let (mut output, mut complaints) = (None, None);
        while output.is_none() || complaints.is_none() {
            match said.recv_timeout(MOST_SILENCE) {
                Ok(Said::Progress(progress)) => self.tell(path, &progress, false),
                Ok(Said::Output(text)) => output = Some(text),
                Ok(Said::Complaints(text)) => complaints = Some(text),
                Ok(Said::Cancel) => return Err(NotFetched::Cancelled),
                Err(RecvTimeoutError::Timeout) => return Err(NotFetched::TimedOut),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = wait(child, said)?;
        if status.code().is_none() {
            // Ctrl-C on a terminal reaches it as well, and sooner: what we are told of the same is not for the next one.
            while !matches!(said.recv_timeout(LAST_MOMENTS), Ok(Said::Cancel) | Err(_)) {}
            return Err(NotFetched::Cancelled);
        }
        let file = PathBuf::from(output.unwrap_or_default().trim_end_matches(['\n', '\r']));
        if status.success() && file.is_file() {
            return Ok(file);
        }
        let complaints = complaints.unwrap_or_default();
        let last = complaints.lines().rev().find(|line| !line.trim().is_empty());
        Err(NotFetched::NotFound(last.map_or_else(|| status.to_string(), |line| line.trim().to_owned())))
    }

    fn tell(&self, path: &Path, progress: &str, over: bool) {
        if let Some(tell) = &self.progress {
            tell(Download { path, progress, over });
        }
    }
}

/// Waits for a program that has closed its output.
fn wait(child: &mut Child, said: &Receiver<Said>) -> Result<ExitStatus, NotFetched> {
    let deadline = Instant::now() + LAST_MOMENTS;
    loop {
        let status = child.try_wait().map_err(|error| NotFetched::Failed(error.to_string()))?;
        match status {
            Some(status) => return Ok(status),
            None if Instant::now() > deadline => return Err(NotFetched::TimedOut),
            None => {}
        }
        if let Ok(Said::Cancel) = said.recv_timeout(Duration::from_millis(10)) {
            return Err(NotFetched::Cancelled);
        }
    }
}

/// Reads what the program prints on threads of their own. They end with the program, or with whom it leaves its output
/// to.
fn listen(child: &mut Child, sender: &Sender<Said>) {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let to = sender.clone();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(stdout) = stdout {
            // What came before an error is all that there is.
            let _ = stdout.take(MOST_OUTPUT).read_to_end(&mut bytes);
        }
        let _ = to.send(Said::Output(String::from_utf8_lossy(&bytes).into_owned()));
    });
    let to = sender.clone();
    std::thread::spawn(move || {
        let mut lines = Lines::default();
        if let Some(mut stderr) = stderr {
            let mut chunk = [0; 4096];
            while let Ok(count) = stderr.read(&mut chunk)
                && count > 0
            {
                for progress in lines.take(&chunk[..count]) {
                    let _ = to.send(Said::Progress(progress));
                }
            }
        }
        let _ = to.send(Said::Complaints(lines.kept));
    });
}

/// What the program complains about, line by line; reports of progress are told apart from the rest.
#[derive(Default)]
struct Lines {
    unfinished: Vec<u8>,
    kept: String,
}

impl Lines {
    /// Takes in more, and returns the reports of progress in it.
    fn take(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for byte in bytes {
            if !matches!(byte, b'\n' | b'\r') {
                if (self.unfinished.len() as u64) < MOST_OUTPUT {
                    self.unfinished.push(*byte);
                }
                continue;
            }
            let line = String::from_utf8_lossy(&self.unfinished).into_owned();
            self.unfinished.clear();
            match progress(&line) {
                Some(progress) => found.push(progress),
                None if ((self.kept.len() + line.len()) as u64) < MOST_OUTPUT => {
                    self.kept.push_str(&line);
                    self.kept.push('\n');
                }
                None => {}
            }
        }
        found
    }
}

/// `Progress 123 / 4567`, or `Downloading from https://… 123/4567`: bytes of bytes, the latter 0 while unknown.
fn progress(line: &str) -> Option<String> {
    let line = line.trim();
    let numbers = match line.strip_prefix("Progress ") {
        Some(numbers) => numbers,
        None => line.strip_prefix("Downloading ")?.rsplit(' ').next()?,
    };
    let (done, all) = match numbers.split_once('/') {
        Some((done, all)) => (done.trim().parse::<u64>().ok()?, all.trim().parse::<u64>().ok()?),
        // Its turning bar says no more than that it lives.
        None => return Some("connecting".to_owned()),
    };
    Some(match all {
        0 => "connecting".to_owned(),
        all if done <= all => {
            let percent = u128::from(done) * 100 / u128::from(all);
            format!("{percent}% of {}", size(all))
        }
        _ => size(done),
    })
}

/// A number of bytes, for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests;
