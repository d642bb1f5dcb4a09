//! A process and its parent: what std offers no way to ask for.
#![allow(unsafe_code)]

/// Has this process asked to end (SIGTERM) when its parent does, however that is ended (prctl(2), `PR_SET_PDEATHSIG`).
/// `false`: `parent`, a process id, is not this process's parent, or not any more.
pub fn end_with_parent(parent: u32) -> bool {
    // SAFETY: both take and return numbers.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
        libc::getppid().cast_unsigned() == parent
    }
}

/// Sends a signal to a process. One that is gone gets none.
pub fn send_signal(process: u32, signal: i32) {
    // SAFETY: takes and returns numbers.
    unsafe { libc::kill(process.cast_signed(), signal) };
}
