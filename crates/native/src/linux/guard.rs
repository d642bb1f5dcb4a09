//! The guard of an attached process: if the debugger is killed, its breakpoints must not stay behind.
//!
//! A tiny process of its own session keeps the target's /proc/PID/mem open and waits for a robust mutex
//! (pthread_mutexattr_setrobust(3)) in shared memory, which the tracing thread holds for as long as it lives. When that
//! thread is killed, the kernel releases the mutex early in its exit, before it lets go of the tracees (`do_exit`:
//! `exit_mm` comes before `exit_notify`); the end of a pipe would be seen only when the debugger's whole memory has been
//! torn down, milliseconds after the tracees run on. The guard then writes the original bytes back, from a table in
//! the same shared memory; and if threads watch memory, it takes hold of each for a moment to clear its debug registers,
//! which outlive the tracer. (A launched process needs none: `PTRACE_O_EXITKILL` ends it together with the debugger.)
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::mem;
use std::os::fd::{AsRawFd, RawFd};
use std::ptr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::memory::AddressSpace;
use super::ptrace::{self, Tid};
use super::{debug_registers, proc};

/// Room in the table; untouched pages of it cost nothing.
const CAPACITY: usize = 1 << 16;
/// In [`Entry::state`], beside the byte: there is a breakpoint.
const INSERTED: u64 = 1 << 8;

/// What the debugger and its guard share.
struct Shared {
    /// Held by the tracing thread.
    alive: libc::pthread_mutex_t,
    /// The debugger has restored all itself; nothing is left to guard.
    farewell: AtomicUsize,
    /// There may be threads whose debug registers watch memory.
    watching: AtomicUsize,
    /// How many entries were ever used.
    used: AtomicUsize,
    table: [Entry; CAPACITY],
}

/// One place that holds a byte of the debugger's.
struct Entry {
    addr: AtomicU64,
    /// [`INSERTED`] and the original byte, or 0.
    state: AtomicU64,
}

/// The debugger's end.
pub(crate) struct Guard {
    shared: *mut Shared,
    places: BTreeMap<u64, usize>,
    free: Vec<usize>,
    used: usize,
}

impl Guard {
    /// Starts the guard of the process whose memory this is. To be called, and dropped, on the tracing thread.
    pub(crate) fn start(pid: Tid, memory: &AddressSpace) -> io::Result<Guard> {
        let shared = map_shared()?;
        let file = memory.file().as_raw_fd();
        let arguments = proc::own_arguments();
        // SAFETY: the child calls only async-signal-safe functions, and never returns.
        let child = unsafe { libc::fork() };
        match child {
            -1 => return Err(io::Error::last_os_error()),
            0 => {
                // Twice, so that the guard is no child of the debugger: nothing has to wait for it.
                // SAFETY: as above.
                if unsafe { libc::fork() } == 0 {
                    guard(shared, pid, file, arguments);
                }
                // SAFETY: ends this process at once.
                unsafe { libc::_exit(0) }
            }
            child => ptrace::wait_for(child)?,
        };
        Ok(Guard { shared, places: BTreeMap::new(), free: Vec::new(), used: 0 })
    }

    /// Before debug registers of a thread are set, and after all were cleared.
    pub(crate) fn watching(&self, watching: bool) {
        self.shared().watching.store(watching.into(), Ordering::SeqCst);
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
                self.shared().used.store(self.used, Ordering::SeqCst);
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

    fn shared(&self) -> &Shared {
        // SAFETY: the mapping lives as long as `self`; what is shared in it are atomics, for which all-zero is valid.
        unsafe { &*self.shared }
    }

    fn entry(&self, index: usize) -> &Entry {
        &self.shared().table[index]
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.shared().farewell.store(1, Ordering::SeqCst);
        // SAFETY: this thread locked the mutex when it mapped it; the mapping is not used after this.
        unsafe {
            libc::pthread_mutex_unlock(&raw mut (*self.shared).alive);
            libc::munmap(self.shared.cast(), mem::size_of::<Shared>());
        }
    }
}

/// Shared memory with the mutex in it, locked by this thread.
fn map_shared() -> io::Result<*mut Shared> {
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let how = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: a fresh anonymous mapping, shared with the processes forked from here.
    let memory = unsafe { libc::mmap(ptr::null_mut(), mem::size_of::<Shared>(), rights, how, -1, 0) };
    if memory == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    let shared: *mut Shared = memory.cast();
    // SAFETY: the mapping is as large as the struct; the attributes live on this stack.
    let error = unsafe {
        let mut attributes: libc::pthread_mutexattr_t = mem::zeroed();
        libc::pthread_mutexattr_init(&raw mut attributes);
        libc::pthread_mutexattr_setpshared(&raw mut attributes, libc::PTHREAD_PROCESS_SHARED);
        libc::pthread_mutexattr_setrobust(&raw mut attributes, libc::PTHREAD_MUTEX_ROBUST);
        let mutex = &raw mut (*shared).alive;
        let made = libc::pthread_mutex_init(mutex, &raw const attributes);
        libc::pthread_mutexattr_destroy(&raw mut attributes);
        if made == 0 { libc::pthread_mutex_lock(mutex) } else { made }
    };
    if error == 0 { Ok(shared) } else { Err(io::Error::from_raw_os_error(error)) }
}

/// The guard's whole life. It was forked from a process with threads: nothing here allocates or takes a lock of the
/// libraries'.
fn guard(shared: *mut Shared, pid: Tid, file: RawFd, arguments: Option<(usize, usize)>) -> ! {
    const FILE: RawFd = 3;
    // SAFETY: system calls on numbers and on this stack; `shared` is a live mapping; the arguments are this process's
    // own copy of writable memory.
    unsafe {
        libc::setsid();
        libc::prctl(libc::PR_SET_NAME, c"adit-guard".as_ptr());
        // Whoever kills by command line (pkill -f adit) means the debugger, not its guard.
        if let Some((start, len)) = arguments {
            let name = b"adit-guard";
            ptr::write_bytes(start as *mut u8, 0, len);
            ptr::copy_nonoverlapping(name.as_ptr(), start as *mut u8, name.len().min(len));
        }
        let mut all: libc::sigset_t = mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const all, ptr::null_mut());
        libc::dup2(file, FILE);
        (0..3).for_each(|fd| _ = libc::close(fd));
        libc::syscall(libc::SYS_close_range, 4_u32, u32::MAX, 0_u32);
        libc::chdir(c"/".as_ptr());
        // When it matters, it matters at once. Not everybody may ask for that.
        libc::setpriority(libc::PRIO_PROCESS, 0, -20);
        libc::pthread_mutex_lock(&raw mut (*shared).alive);
        let shared = &*shared;
        if shared.farewell.load(Ordering::SeqCst) == 0 {
            let used = shared.used.load(Ordering::SeqCst).min(CAPACITY);
            for entry in &shared.table[..used] {
                let (addr, state) = (entry.addr.load(Ordering::SeqCst), entry.state.load(Ordering::SeqCst));
                if state & INSERTED != 0 {
                    let original = state as u8;
                    libc::pwrite64(FILE, (&raw const original).cast(), 1, addr.cast_signed());
                }
            }
            if shared.watching.load(Ordering::SeqCst) != 0 {
                // A thread that ends during a pass can hide its neighbour in the list from it.
                (0..2).for_each(|_| for_each_thread(pid, debug_registers::clear_of_orphan));
            }
        }
        libc::_exit(0)
    }
}

/// Lists the threads of a process without allocating (getdents(2) on /proc/PID/task).
fn for_each_thread(pid: Tid, mut act: impl FnMut(Tid)) {
    /// In struct linux_dirent64: where an entry's length stands, and its name.
    const LENGTH_AT: usize = 16;
    const NAME_AT: usize = 19;
    let mut path = [0_u8; 32];
    if write!(&mut path[..31], "/proc/{pid}/task").is_err() {
        return;
    }
    // SAFETY: the path ends with a zero byte; the buffer is as long as stated; both outlive the calls.
    unsafe {
        let directory = libc::open(path.as_ptr().cast(), libc::O_RDONLY | libc::O_DIRECTORY);
        let mut entries = [0_u8; 4096];
        loop {
            let read = libc::syscall(libc::SYS_getdents64, directory, entries.as_mut_ptr(), entries.len());
            let Some(mut rest) = usize::try_from(read).ok().and_then(|read| entries.get(..read)) else {
                break;
            };
            if rest.is_empty() {
                break;
            }
            while let Some(length) = rest.get(LENGTH_AT..LENGTH_AT + 2) {
                let length = usize::from(u16::from_ne_bytes([length[0], length[1]]));
                let name = rest.get(NAME_AT..length.max(NAME_AT)).unwrap_or_default();
                let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
                if let Some(tid) = std::str::from_utf8(name).ok().and_then(|name| name.parse().ok()) {
                    act(tid);
                }
                rest = rest.get(length.max(NAME_AT)..).unwrap_or_default();
            }
        }
        libc::close(directory);
    }
}
