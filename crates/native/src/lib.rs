//! Live processes on this host, by ptrace(2): Linux on amd64 so far.
//!
//! [`launch`] starts a program and [`attach`] takes hold of a running process; both return a [`LinuxProcess`] that
//! implements [`adit_process::Process`] and [`adit_process::Memory`]. It belongs to the thread that made it (it
//! is not `Send`); other threads ask for a stop through its [`adit_process::Interrupter`].
//!
//! How it works, below [`linux`](crate): every thread is traced from birth (`PTRACE_SEIZE`); an event is taken
//! from waitpid(2) one at a time (`wait`), turned into a `StopEvent` or passed over silently; breakpoints are
//! `int3` bytes written through /proc/PID/mem (`breakpoints`), over which a thread is stepped by
//! emulation or by a displaced copy, with the other threads running on (`step_over`). A dropped process is
//! killed if it was launched, and let go if it was attached.
//!
//! This is the only crate of the project that may ask what it was compiled for, and the one in which `unsafe` has a
//! place: in the modules that call the kernel, each use with its reason.

mod error;
mod request;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod linux;
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
mod unsupported;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use linux::{LinuxProcess, attach, end_with_parent, launch, send_signal, wait_for};
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub use unsupported::{LinuxProcess, attach, end_with_parent, launch, send_signal, wait_for};

/// The platform on which processes can be debugged here: Go's names of its operating system and architecture.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub const PLATFORM: Option<(&str, &str)> = Some(("linux", "amd64"));
/// The platform on which processes can be debugged here.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub const PLATFORM: Option<(&str, &str)> = None;

/// May anybody execute this file? Anything but a regular file that says no is left to whoever opens it.
pub fn may_execute(path: &std::path::Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).map_or(true, |file| !file.is_file() || file.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        true
    }
}

/// A file that whoever started this process left open for it, by its number; a pipe or a socket too.
#[cfg(unix)]
#[allow(unsafe_code)]
pub fn inherited_file(number: i32) -> std::io::Result<std::fs::File> {
    use std::os::fd::FromRawFd;
    // SAFETY: a system call on a number.
    let own = unsafe { libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 3) };
    if own < 0 {
        return Err(std::io::Error::last_os_error());
    }
    // SAFETY: the descriptor was made just now, and belongs to nobody else.
    Ok(unsafe { std::fs::File::from_raw_fd(own) })
}

pub use error::NativeError;
pub use request::Launch;
