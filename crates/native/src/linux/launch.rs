//! Starting a program under control.
//!
//! The child waits on a pipe until it is traced, so it is seized like any other process and no signal is needed
//! for the handshake; then it calls execve. The first stop is right behind it: nothing of the new program has been
//! executed yet, and a dynamically linked one stands at the first instruction of its dynamic linker.
#![allow(unsafe_code)]

use std::ffi::{CString, OsStr};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::ptr;

use crate::{Launch, NativeError};

use super::LinuxProcess;
use super::ptrace::{self, OPTIONS, Tid, WaitStatus};
use super::terminal::Foreground;
use super::thread::{Kernel, Stop, Thread};

/// What the child failed at; sent to the parent as a byte before errno.
const STAGES: [&str; 3] = ["change to the directory", "open the terminal", "execute"];
const STAGE_DIRECTORY: u8 = 0;
const STAGE_TERMINAL: u8 = 1;
const STAGE_EXECUTE: u8 = 2;

/// Everything the child needs, made before the fork: after it, memory may not be allocated.
struct Prepared {
    path: CString,
    argv: Vec<CString>,
    env: Vec<CString>,
    working_dir: Option<CString>,
    tty: Option<CString>,
    /// Standard input, output and error, where they are redirected.
    streams: [Option<File>; 3],
    disable_aslr: bool,
}

/// Starts a program; it is stopped before its first instruction.
pub fn launch(request: &Launch) -> Result<LinuxProcess, NativeError> {
    let path =
        std::path::absolute(&request.path).map_err(failed(&format!("find {}", request.path.display())))?;
    let prepared = prepare(request, &path)?;
    let (go, proceed) = pipe()?;
    let (errors, report) = pipe()?;
    // Null-terminated lists of pointers, also made beforehand.
    let argv = pointers(&prepared.argv);
    let env = pointers(&prepared.env);
    // SAFETY: the child calls only async-signal-safe functions, and never returns.
    let pid = unsafe { libc::fork() };
    if pid < 0 {
        return Err(failed("fork")(io::Error::last_os_error()));
    }
    if pid == 0 {
        // SAFETY: in the child of a fork; all pointers come from `prepared`, which lives on.
        unsafe { child(&prepared, &argv, &env, go.as_raw_fd(), proceed.as_raw_fd(), report.as_raw_fd()) }
    }
    drop((go, report));
    if let Err(cause) = ptrace::seize(pid, OPTIONS | libc::PTRACE_O_EXITKILL) {
        drop(proceed);
        let _ = ptrace::kill(pid, libc::SIGKILL);
        let _ = ptrace::wait_for(pid);
        // It may have failed at something, and ended, before it could be traced.
        let said = reported(&path, request, errors);
        return Err(said.unwrap_or_else(|| failed("trace the new process")(cause)));
    }
    // A failure to write means that the child is gone: seen just below.
    let _ = File::from(proceed).write_all(&[1]);
    until_exec(pid, &path, request, errors)?;
    let terminal = Foreground::new(pid, request.foreground && request.tty.is_none());
    LinuxProcess::launched(pid, terminal)
}

fn prepare(request: &Launch, path: &Path) -> Result<Prepared, NativeError> {
    let c_string = |text: &OsStr| {
        CString::new(text.as_bytes()).map_err(|_| {
            let cause = io::Error::new(io::ErrorKind::InvalidInput, "it contains a zero byte");
            failed(&format!("pass {:?} to the program", text.to_string_lossy()))(cause)
        })
    };
    let inherited = || std::env::vars_os().collect();
    let env: Vec<_> = request.env.clone().unwrap_or_else(inherited);
    let assignments = env.iter().map(|(name, value)| {
        let mut assignment = name.clone();
        assignment.push("=");
        assignment.push(value);
        c_string(&assignment)
    });
    Ok(Prepared {
        path: c_string(path.as_os_str())?,
        argv: request.argv.iter().map(|arg| c_string(arg)).collect::<Result<_, _>>()?,
        env: assignments.collect::<Result<_, _>>()?,
        working_dir: request.working_dir.as_ref().map(|dir| c_string(dir.as_os_str())).transpose()?,
        tty: request.tty.as_ref().map(|tty| c_string(tty.as_os_str())).transpose()?,
        streams: open_streams(request)?,
        disable_aslr: request.disable_aslr,
    })
}

fn open_streams(request: &Launch) -> Result<[Option<File>; 3], NativeError> {
    let open = |path: &PathBuf, options: &OpenOptions| {
        options.open(path).map_err(failed(&format!("open {}", path.display())))
    };
    let mut for_output = OpenOptions::new();
    for_output.write(true).create(true).truncate(true);
    let stdin = request.stdin.as_ref().map(|path| open(path, OpenOptions::new().read(true))).transpose()?;
    let stdout = request.stdout.as_ref().map(|path| open(path, &for_output)).transpose()?;
    let stderr = match (&request.stderr, &stdout) {
        // One file for both: one description, so that neither overwrites the other.
        (Some(path), Some(stdout)) if request.stdout.as_ref() == Some(path) => {
            Some(stdout.try_clone().map_err(failed(&format!("open {}", path.display())))?)
        }
        (path, _) => path.as_ref().map(|path| open(path, &for_output)).transpose()?,
    };
    Ok([stdin, stdout, stderr])
}

fn pipe() -> Result<(OwnedFd, OwnedFd), NativeError> {
    let mut ends: [RawFd; 2] = [0; 2];
    // SAFETY: `ends` has room for two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } < 0 {
        return Err(failed("make a pipe")(io::Error::last_os_error()));
    }
    // SAFETY: both were just opened, and belong to nobody else.
    Ok(unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect()
}

/// Waits until the child has become the program.
fn until_exec(pid: Tid, path: &Path, request: &Launch, errors: OwnedFd) -> Result<(), NativeError> {
    loop {
        match ptrace::wait_for(pid).map_err(failed("wait for the new process"))? {
            // This stop is still within execve: a single-step from here would end on the way out of the system call,
            // before the program's first instruction. A stop right in front of that instruction follows.
            WaitStatus::Stopped { event: libc::PTRACE_EVENT_EXEC, .. } => {
                _ = ptrace::interrupt(pid);
                _ = ptrace::cont(pid, 0);
            }
            WaitStatus::Stopped { event: libc::PTRACE_EVENT_STOP, .. } => return Ok(()),
            WaitStatus::Stopped { event: 0, signal } => _ = ptrace::cont(pid, signal),
            WaitStatus::Stopped { .. } => _ = ptrace::cont(pid, 0),
            WaitStatus::Exited(_) | WaitStatus::Killed(_) => break,
        }
    }
    Err(reported(path, request, errors).unwrap_or_else(|| NativeError::DiedAtLaunch(path.to_owned())))
}

/// What the child, which has ended, failed at; `None` if it said nothing.
fn reported(path: &Path, request: &Launch, errors: OwnedFd) -> Option<NativeError> {
    let mut message = [0; 5];
    File::from(errors).read_exact(&mut message).ok()?;
    let [stage, errno @ ..] = message;
    let cause = io::Error::from_raw_os_error(i32::from_ne_bytes(errno));
    let mode = |path: &Path| path.metadata().map(|meta| (meta.is_file(), meta.permissions().mode() & 0o111));
    let what = match stage {
        STAGE_DIRECTORY => request.working_dir.as_deref(),
        STAGE_TERMINAL => request.tty.as_deref(),
        _ => Some(path),
    };
    if stage == STAGE_EXECUTE {
        let forbidden = matches!(mode(path), Ok((_, 0) | (false, _)));
        if cause.raw_os_error() == Some(libc::ENOEXEC) || forbidden {
            return Some(NativeError::NotExecutable(path.to_owned()));
        }
    }
    let stage = STAGES.get(usize::from(stage)).unwrap_or(&"start");
    Some(failed(&format!("{stage} {}", what.unwrap_or(path).display()))(cause))
}

fn failed(doing: &str) -> impl Fn(io::Error) -> NativeError + use<> {
    let doing = doing.to_owned();
    move |cause| NativeError::Launch { doing: doing.clone(), cause }
}

/// The child's way from fork to execve.
///
/// # Safety
/// Only in the child of a fork. Nothing here allocates or takes a lock.
unsafe fn child(
    prepared: &Prepared,
    argv: &[*const libc::c_char],
    env: &[*const libc::c_char],
    go: RawFd,
    proceed: RawFd,
    report: RawFd,
) -> ! {
    // SAFETY: async-signal-safe system calls, on numbers, on this stack and on `prepared`.
    unsafe {
        let fail = |stage: u8| -> ! {
            let errno = (*libc::__errno_location()).to_ne_bytes();
            let message = [stage, errno[0], errno[1], errno[2], errno[3]];
            libc::write(report, message.as_ptr().cast(), message.len());
            libc::_exit(127)
        };
        // The debugger's end must not be held open here: its death must be seen.
        libc::close(proceed);
        reset_signals();
        if let Some(tty) = &prepared.tty {
            libc::setsid();
            let fd = libc::open(tty.as_ptr(), libc::O_RDWR);
            if fd < 0 {
                fail(STAGE_TERMINAL);
            }
            // Refused where the terminal controls another session: then it is used without that.
            libc::ioctl(fd, libc::TIOCSCTTY, 0);
            (0..3).for_each(|stream| _ = libc::dup2(fd, stream));
            if fd > 2 {
                libc::close(fd);
            }
        } else {
            libc::setpgid(0, 0);
        }
        for (stream, file) in (0..).zip(&prepared.streams) {
            if let Some(file) = file {
                libc::dup2(file.as_raw_fd(), stream);
            }
        }
        if let Some(dir) = &prepared.working_dir
            && libc::chdir(dir.as_ptr()) < 0
        {
            fail(STAGE_DIRECTORY);
        }
        if prepared.disable_aslr {
            let persona = libc::personality(0xffff_ffff);
            libc::personality((persona | libc::ADDR_NO_RANDOMIZE) as libc::c_ulong);
        }
        let mut byte = 0_u8;
        if libc::read(go, (&raw mut byte).cast(), 1) != 1 {
            libc::_exit(127);
        }
        libc::execve(prepared.path.as_ptr(), argv.as_ptr(), env.as_ptr());
        fail(STAGE_EXECUTE)
    }
}

/// What the debugger ignores or blocks must not be inherited by the program.
///
/// # Safety
/// Only in the child of a fork: it undoes the process's signal handling.
unsafe fn reset_signals() {
    // SAFETY: async-signal-safe system calls on this stack; failures (SIGKILL, SIGSTOP) do not matter.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = libc::SIG_DFL;
        (1..=libc::SIGRTMAX())
            .for_each(|signal| _ = libc::sigaction(signal, &raw const action, ptr::null_mut()));
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut());
    }
}

impl LinuxProcess {
    /// A process that stands at its first instruction.
    fn launched(pid: Tid, terminal: Foreground) -> Result<LinuxProcess, NativeError> {
        let mut process = LinuxProcess::new(pid, false, Some(terminal)).map_err(|cause| {
            let _ = ptrace::kill(pid, libc::SIGKILL);
            let _ = ptrace::wait_for(pid);
            failed("open the memory of the new process")(cause)
        })?;
        let mut thread = Thread::running();
        thread.kernel = Kernel::Stopped(Stop::Event);
        thread.want = None;
        process.threads.insert(pid, thread);
        Ok(process)
    }
}
