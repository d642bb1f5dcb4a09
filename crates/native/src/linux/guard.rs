//! The guard of an attached process: if the debugger is killed, its breakpoints must not stay behind.
//!
//! A tiny process of its own session keeps the target's /proc/PID/mem open, shares a table of the original bytes with
//! the debugger, and traces the debugger's tracing thread, only to be told of its end. When that is killed, it stands
//! still at `PTRACE_EVENT_EXIT`, with its tracees still in its hands: the time in which the guard writes the original
//! bytes back and has all threads stop; what is left of the debugger in them is for [`super::orphans`].
//! (A launched process needs no guard: `PTRACE_O_EXITKILL` ends it together with the debugger.)
//!
//! Where the thread cannot be traced (somebody else does, another process's guard perhaps, or security settings forbid
//! it), its death is told by a robust mutex (pthread_mutexattr_setrobust(3)) that it holds for as long as it lives. The
//! kernel releases it early in the thread's exit, a moment before it lets go of the tracees (`do_exit`: `exit_mm` comes
//! before `exit_notify`). What a thread of the program does between the two is then not prevented.
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::mem;
use std::os::fd::{AsRawFd, RawFd};
use std::ptr;
use std::sync::atomic::{AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use super::memory::AddressSpace;
use super::orphans::{self, Orphan};
use super::proc;
use super::ptrace::{self, Tid, UserRegs, WaitStatus};

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
    /// Job control has stopped the process.
    job_stopped: AtomicUsize,
    /// The guard's process id, once it is known.
    guard: AtomicI32,
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
        let (mut ready, report) = io::pipe()?;
        let plan = Plan {
            shared,
            pid,
            tracer: ptrace::own_tid(),
            memory: memory.file().as_raw_fd(),
            report: report.as_raw_fd(),
            arguments: proc::own_arguments(),
        };
        spare_child_stops();
        // SAFETY: the child calls only async-signal-safe functions, and never returns.
        let child = unsafe { libc::fork() };
        match child {
            -1 => return Err(io::Error::last_os_error()),
            0 => {
                // Twice, so that the guard is no child of the debugger: nothing has to wait for it.
                // SAFETY: as above; `shared` is a live mapping of zeroes and atomics.
                unsafe {
                    match libc::fork() {
                        0 => plan.live(),
                        guard => (*shared).guard.store(guard, Ordering::SeqCst),
                    }
                    libc::_exit(0)
                }
            }
            child => ptrace::wait_for(child)?,
        };
        drop(report);
        let guard = Guard { shared, places: BTreeMap::new(), free: Vec::new(), used: 0 };
        guard.permit_tracing();
        // One byte says that it stands guard.
        ready.read_exact(&mut [0])?;
        Ok(guard)
    }

    /// Linux's Yama module lets a process be traced by its ancestors alone, unless it permits another.
    fn permit_tracing(&self) {
        let guard = self.shared().guard.load(Ordering::SeqCst);
        // SAFETY: a system call on numbers. It fails where there is no Yama.
        unsafe { libc::prctl(libc::PR_SET_PTRACER, guard.cast_unsigned() as libc::c_ulong, 0, 0, 0) };
    }

    /// Whether job control has stopped the process, so that it is not to be continued.
    pub(crate) fn job_stopped(&self, stopped: bool) {
        self.shared().job_stopped.store(stopped.into(), Ordering::SeqCst);
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
        // The guard that traces this thread hears of it by a signal, which it keeps to itself.
        let _ = ptrace::tgkill(std::process::id().cast_signed(), ptrace::own_tid(), libc::SIGCHLD);
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

/// The kernel need not tell, by SIGCHLD, of each stop of each tracee: a thread that is traced itself would stop at every
/// one. What the program's own handler or the default for that signal is stays as it is.
fn spare_child_stops() {
    // SAFETY: `action` outlives the calls, and goes back as it came but for one flag.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        if libc::sigaction(libc::SIGCHLD, ptr::null(), &raw mut action) == 0 {
            action.sa_flags |= libc::SA_NOCLDSTOP;
            libc::sigaction(libc::SIGCHLD, &raw const action, ptr::null_mut());
        }
    }
}

/// What the guard is given on its way. It was forked from a process with threads: nothing here allocates or takes a lock
/// of the libraries'.
struct Plan {
    shared: *mut Shared,
    /// The process to be guarded.
    pid: Tid,
    /// The debugger's tracing thread.
    tracer: Tid,
    /// The process's memory.
    memory: RawFd,
    /// Where to say that it stands guard.
    report: RawFd,
    /// Where this process's arguments are, and how long.
    arguments: Option<(usize, usize)>,
}

/// The guard's own numbers of the files it keeps.
const MEMORY: RawFd = 3;
const REPORT: RawFd = 4;

impl Plan {
    /// The guard's whole life.
    fn live(&self) -> ! {
        self.settle();
        let traces = self.trace_tracer();
        // SAFETY: system calls on numbers and on this stack; `shared` is a live mapping.
        unsafe {
            libc::write(REPORT, [0_u8].as_ptr().cast(), 1);
            libc::close(REPORT);
            let tracer_stands = if traces {
                self.wait_for_end()
            } else {
                libc::pthread_mutex_lock(&raw mut (*self.shared).alive);
                false
            };
            let guarded = Guarded { shared: &*self.shared, pid: self.pid };
            if guarded.shared.farewell.load(Ordering::SeqCst) == 0 {
                guarded.clean_up(self.tracer, tracer_stands);
            } else if tracer_stands {
                let _ = ptrace::detach(self.tracer, 0);
            }
            libc::_exit(0)
        }
    }

    /// Becomes a process that nobody minds and that minds nobody.
    fn settle(&self) {
        // SAFETY: system calls on numbers and on this stack; the arguments are this process's own copy of writable
        // memory.
        unsafe {
            libc::setsid();
            libc::prctl(libc::PR_SET_NAME, c"adit-guard".as_ptr());
            // Whoever kills by command line (pkill -f adit) means the debugger, not its guard.
            if let Some((start, len)) = self.arguments {
                let name = b"adit-guard";
                ptr::write_bytes(start as *mut u8, 0, len);
                ptr::copy_nonoverlapping(name.as_ptr(), start as *mut u8, name.len().min(len));
            }
            let mut all: libc::sigset_t = mem::zeroed();
            libc::sigfillset(&raw mut all);
            libc::sigprocmask(libc::SIG_SETMASK, &raw const all, ptr::null_mut());
            // Out of the way of the numbers that they are to have.
            let memory = libc::fcntl(self.memory, libc::F_DUPFD, REPORT + 1);
            let report = libc::fcntl(self.report, libc::F_DUPFD, REPORT + 1);
            libc::dup2(memory, MEMORY);
            libc::dup2(report, REPORT);
            (0..3).for_each(|fd| _ = libc::close(fd));
            libc::syscall(libc::SYS_close_range, REPORT.cast_unsigned() + 1, u32::MAX, 0_u32);
            libc::chdir(c"/".as_ptr());
            // When it matters, it matters at once. Not everybody may ask for that.
            libc::setpriority(libc::PRIO_PROCESS, 0, -20);
        }
    }

    /// Takes hold of the debugger's tracing thread. It may be a moment until that is permitted.
    fn trace_tracer(&self) -> bool {
        const TRIES: u32 = 50;
        (0..TRIES).any(|nth| {
            if nth > 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            ptrace::seize(self.tracer, libc::PTRACE_O_TRACEEXIT).is_ok()
        })
    }

    /// Waits until the tracing thread is about to end, or needs no guard any more. `true`: it stands still.
    fn wait_for_end(&self) -> bool {
        // SAFETY: `shared` is a live mapping.
        let over = || unsafe { (*self.shared).farewell.load(Ordering::SeqCst) != 0 };
        loop {
            match ptrace::wait_for(self.tracer) {
                Ok(WaitStatus::Stopped { event: libc::PTRACE_EVENT_EXIT, .. }) => return true,
                Ok(WaitStatus::Stopped { event: 0, .. }) if over() => return true,
                Ok(WaitStatus::Stopped { signal, event: 0 }) => _ = ptrace::cont(self.tracer, signal),
                Ok(WaitStatus::Stopped { signal, .. }) if signal != libc::SIGTRAP => {
                    let _ = ptrace::listen(self.tracer);
                }
                Ok(WaitStatus::Stopped { .. }) => _ = ptrace::cont(self.tracer, 0),
                Ok(_) | Err(_) => return false,
            }
        }
    }
}

/// The process, after its debugger has been killed.
struct Guarded<'a> {
    shared: &'a Shared,
    pid: Tid,
}

impl Guarded<'_> {
    fn clean_up(&self, tracer: Tid, tracer_stands: bool) {
        let restored = self.restore_bytes();
        let disturbed = restored || self.shared.watching.load(Ordering::SeqCst) != 0;
        let stops = disturbed && tracer_stands && self.shared.job_stopped.load(Ordering::SeqCst) == 0;
        if stops {
            orphans::stop(self.pid, self);
        }
        if tracer_stands {
            let _ = ptrace::detach(tracer, 0);
        }
        if disturbed {
            // A thread that ends during a pass can hide its neighbour in the list from it.
            (0..2).for_each(|_| self.for_each_thread(&mut |tid| orphans::release(tid, self)));
        }
        if stops {
            let _ = ptrace::kill(self.pid, libc::SIGCONT);
        }
    }

    /// Writes the original bytes back. `false`: there were none.
    fn restore_bytes(&self) -> bool {
        let mut any = false;
        for (addr, state) in self.inserted() {
            any = true;
            self.write(addr, &[state as u8]);
        }
        any
    }

    /// The addresses of bytes of the debugger's, and what the table has of each.
    fn inserted(&self) -> impl Iterator<Item = (u64, u64)> {
        let used = self.shared.used.load(Ordering::SeqCst).min(CAPACITY);
        let entries = self.shared.table[..used].iter();
        let entries =
            entries.map(|entry| (entry.addr.load(Ordering::SeqCst), entry.state.load(Ordering::SeqCst)));
        entries.filter(|(_, state)| state & INSERTED != 0)
    }
}

impl Orphan for Guarded<'_> {
    fn for_each_thread(&self, act: &mut dyn FnMut(Tid)) {
        for_each_thread(self.pid, act);
    }

    fn state(&self, tid: Tid) -> u8 {
        thread_state(self.pid, tid)
    }

    fn had_breakpoint(&self, addr: u64) -> bool {
        self.inserted().any(|(at, _)| at == addr)
    }

    fn read(&self, addr: u64, buf: &mut [u8]) -> bool {
        // SAFETY: the buffer is as long as stated, and outlives the call.
        let count = unsafe { libc::pread64(MEMORY, buf.as_mut_ptr().cast(), buf.len(), addr.cast_signed()) };
        usize::try_from(count) == Ok(buf.len())
    }

    fn write(&self, addr: u64, bytes: &[u8]) -> bool {
        // SAFETY: as above.
        let count = unsafe { libc::pwrite64(MEMORY, bytes.as_ptr().cast(), bytes.len(), addr.cast_signed()) };
        usize::try_from(count) == Ok(bytes.len())
    }

    fn resumption(&self, _tid: Tid, _regs: &UserRegs) -> Option<u64> {
        None
    }
}

/// The state of a thread, from /proc/PID/task/TID/stat: what follows the name in parentheses, which may hold anything.
/// One that cannot be read is gone.
fn thread_state(pid: Tid, tid: Tid) -> u8 {
    let mut path = [0_u8; 48];
    if write!(&mut path[..47], "/proc/{pid}/task/{tid}/stat").is_err() {
        return b'X';
    }
    let mut text = [0_u8; 256];
    // SAFETY: the path ends with a zero byte; the buffer is as long as stated; both outlive the calls.
    let len = unsafe {
        let file = libc::open(path.as_ptr().cast(), libc::O_RDONLY);
        let len = libc::read(file, text.as_mut_ptr().cast(), text.len());
        libc::close(file);
        usize::try_from(len).unwrap_or(0)
    };
    let text = text.get(..len).unwrap_or_default();
    let name_end = text.iter().rposition(|&byte| byte == b')');
    name_end.and_then(|end| text.get(end + 2)).copied().unwrap_or(b'X')
}

/// Lists the threads of a process without allocating (getdents(2) on /proc/PID/task).
fn for_each_thread(pid: Tid, act: &mut dyn FnMut(Tid)) {
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
