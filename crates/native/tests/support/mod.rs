//! Programs under test: C, compiled on the spot.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use adit_native::{Launch, LinuxProcess, launch};
use adit_process::{Addr, ExitStatus, Process, Resume, StopEvent, StopReason};

/// A compiled program, in a folder of its own that goes with it.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    _folder: tempfile::TempDir,
}

/// Compiles `tests/programs/NAME.c`; `None`, with a word on standard error, if there is no C compiler.
pub(crate) fn program(name: &str) -> Option<Program> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(format!("{name}.c"));
    // At fixed addresses, so that nm's are those of the running program; with frame pointers, so that functions
    // begin with a push, as Go's do.
    let flags = ["-O1", "-pthread", "-no-pie", "-fno-omit-frame-pointer", "-fcf-protection=none", "-w"];
    let built = Command::new("cc").args(flags).arg("-o").arg(&path).arg(source).status();
    match built {
        Err(cause) => {
            eprintln!("skipped: no C compiler ({cause})");
            None
        }
        Ok(status) => {
            assert!(status.success());
            Some(Program { path, _folder: folder })
        }
    }
}

impl Program {
    /// Launches it with these arguments.
    pub(crate) fn launch(&self, args: &[&str]) -> LinuxProcess {
        let mut request = Launch::new(&self.path);
        request.argv.extend(args.iter().map(Into::into));
        launch(&request).unwrap()
    }

    /// The address of a function.
    pub(crate) fn address(&self, function: &str) -> Addr {
        let output = Command::new("nm").arg(&self.path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.split_whitespace().last() == Some(function)).unwrap();
        Addr(u64::from_str_radix(line.split_whitespace().next().unwrap(), 16).unwrap())
    }
}

/// Resumes all threads.
pub(crate) fn resume_all(process: &mut LinuxProcess) {
    for thread in process.threads() {
        process.resume(thread, Resume::Run, None).unwrap();
    }
}

/// Lets the thread of an event go on, with its signal if it has one.
pub(crate) fn go_on(process: &mut LinuxProcess, event: StopEvent) {
    let signal = match event.reason {
        StopReason::Signal(signal) => Some(signal),
        _ => None,
    };
    match process.resume(event.thread, Resume::Run, signal) {
        // It was killed while it was stopped.
        Ok(()) | Err(adit_process::ProcessError::NoThread(_)) => {}
        Err(error) => panic!("{event:?}: {error}"),
    }
}

/// Runs to the end; every event but the last goes through `see`.
pub(crate) fn run(
    process: &mut LinuxProcess,
    mut see: impl FnMut(&mut LinuxProcess, StopEvent),
) -> ExitStatus {
    resume_all(process);
    loop {
        let event = process.wait().unwrap();
        if let StopReason::Exited(status) = event.reason {
            return status;
        }
        see(process, event);
        go_on(process, event);
    }
}
