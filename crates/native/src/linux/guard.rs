//! The guard of an attached process: if the debugger is killed, its breakpoints must not stay behind.
//!
//! A tiny process of its own session keeps the target's /proc/PID/mem open and reads from a pipe that the debugger
//! holds. When the pipe ends without a farewell, it writes the original bytes back, from a table in shared memory.
//! (A launched process needs none: `PTRACE_O_EXITKILL` ends it together with the debugger.)
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::io;
use std::mem;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::memory::AddressSpace;
use super::ptrace;

/// Room in the table; untouched pages of it cost nothing.
const CAPACITY: usize = 1 << 16;
/// In [`Entry::state`], beside the byte: there is a breakpoint.
const INSERTED: u64 = 1 << 8;

/// One place that holds a byte of the debugger's.
struct Entry {
    addr: AtomicU64,
    /// [`INSERTED`] and the original byte, or 0.
    state: AtomicU64,
}

/// The debugger's end.
pub(crate) struct Guard {
    table: *mut Entry,
    pipe: OwnedFd,
    places: BTreeMap<u64, usize>,
    free: Vec<usize>,
    used: usize,
}

impl Guard {
    /// Starts the guard of the process whose memory this is.
    pub(crate) fn start(memory: &AddressSpace) -> io::Result<Guard> {
        let table = map_table()?;
        let mut ends: [RawFd; 2] = [0; 2];
        // SAFETY: `ends` has room for two descriptors.
        if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: both were just opened, and belong to nobody else.
        let (reader, pipe) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
        let file = memory.file().as_raw_fd();
        // SAFETY: the child calls only async-signal-safe functions, and never returns.
        let child = unsafe { libc::fork() };
        match child {
            -1 => return Err(io::Error::last_os_error()),
            0 => {
                // Twice, so that the guard is no child of the debugger: nothing has to wait for it.
                // SAFETY: as above.
                if unsafe { libc::fork() } == 0 {
                    guard(table, reader.as_raw_fd(), file);
                }
                // SAFETY: ends this process at once.
                unsafe { libc::_exit(0) }
            }
            child => ptrace::wait_for(child)?,
        };
        Ok(Guard { table, pipe, places: BTreeMap::new(), free: Vec::new(), used: 0 })
    }

    /// Before a byte at `addr` is replaced: remembers that `original` stands there.
    pub(crate) fn record(&mut self, addr: u64, original: u8) -> io::Result<()> {
        let index = match self.places.get(&addr) {
            Some(&index) => index,
            None => {
                let index = self.free.pop().unwrap_or(self.used);
                if index >= CAPACITY {
                    return Err(io::Error::new(io::ErrorKind::OutOfMemory, "too many breakpoints"));
                }
                self.used = self.used.max(index + 1);
                self.places.insert(addr, index);
                index
            }
        };
        let entry = self.entry(index);
        entry.addr.store(addr, Ordering::SeqCst);
        entry.state.store(INSERTED | u64::from(original), Ordering::SeqCst);
        Ok(())
    }

    /// After the byte at `addr` was restored.
    pub(crate) fn forget(&mut self, addr: u64) {
        if let Some(index) = self.places.remove(&addr) {
            self.entry(index).state.store(0, Ordering::SeqCst);
            self.free.push(index);
        }
    }

    fn entry(&self, index: usize) -> &Entry {
        assert!(index < CAPACITY);
        // SAFETY: within the mapping, which lives as long as `self`; entries are atomics, and all-zero is valid.
        unsafe { &*self.table.add(index) }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The farewell. If the guard is gone already, SIGPIPE is ignored by Rust's runtime; MSG_NOSIGNAL is not
        // for pipes.
        // SAFETY: one byte of a constant; the table is not used after this.
        unsafe {
            libc::write(self.pipe.as_raw_fd(), [0_u8].as_ptr().cast(), 1);
            libc::munmap(self.table.cast(), CAPACITY * mem::size_of::<Entry>());
        }
    }
}

fn map_table() -> io::Result<*mut Entry> {
    let len = CAPACITY * mem::size_of::<Entry>();
    // SAFETY: a fresh anonymous mapping, shared with the processes forked from here.
    let table = unsafe {
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        libc::mmap(ptr::null_mut(), len, rights, libc::MAP_SHARED | libc::MAP_ANONYMOUS, -1, 0)
    };
    if table == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(table.cast()) }
}

/// The guard's whole life. Async-signal-safe functions only: it was forked from a process with threads.
fn guard(table: *const Entry, pipe: RawFd, file: RawFd) -> ! {
    const PIPE: RawFd = 3;
    const FILE: RawFd = 4;
    // SAFETY: system calls on numbers and on this stack; the table is a live mapping of `CAPACITY` entries.
    unsafe {
        libc::setsid();
        libc::prctl(libc::PR_SET_NAME, c"adit-guard".as_ptr());
        let mut all: libc::sigset_t = mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const all, ptr::null_mut());
        // Out of the way of each other first, then to the places that stay open.
        let (pipe, file) = (libc::fcntl(pipe, libc::F_DUPFD, 10), libc::fcntl(file, libc::F_DUPFD, 10));
        libc::dup2(pipe, PIPE);
        libc::dup2(file, FILE);
        (0..3).for_each(|fd| _ = libc::close(fd));
        libc::syscall(libc::SYS_close_range, 5_u32, u32::MAX, 0_u32);
        libc::chdir(c"/".as_ptr());
        let mut byte = 0_u8;
        loop {
            match libc::read(PIPE, (&raw mut byte).cast(), 1) {
                // The end, and no farewell.
                0 => break,
                -1 if *libc::__errno_location() == libc::EINTR => {}
                _ => libc::_exit(0),
            }
        }
        for index in 0..CAPACITY {
            let entry = &*table.add(index);
            let (addr, state) = (entry.addr.load(Ordering::SeqCst), entry.state.load(Ordering::SeqCst));
            if state & INSERTED != 0 {
                let original = state as u8;
                libc::pwrite64(FILE, (&raw const original).cast(), 1, addr.cast_signed());
            }
        }
        libc::_exit(0)
    }
}
