//! A live process on Linux, amd64.

mod amd64;
mod attach;
mod breakpoints;
mod children;
mod core_record;
mod debug_registers;
mod family;
mod guard;
mod interrupt;
mod kin;
mod launch;
mod memory;
mod orphans;
mod proc;
mod ptrace;
mod release;
mod resume;
mod step_over;
mod terminal;
mod thread;
mod wait;
mod wait_for;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;

use adit_process::{
    Addr, Arch, CoreRecord, ExitStatus, Interrupter, Mapping, Memory, MemoryError, Pid, Process,
    ProcessError, Registers, Resume, Signal, StopEvent, ThreadId, Watch,
};

pub use attach::attach;
pub use kin::{end_with_parent, send_signal};
pub use launch::launch;
pub use wait_for::wait_for;

use amd64::{RegisterMap, VectorState};
use breakpoints::Breakpoints;
use debug_registers::Watches;
use family::SharedFamily;
use interrupt::Requests;
use memory::{AddressSpace, memory_error};
use ptrace::{Tid, UserRegs, WaitStatus};
use terminal::Foreground;
use thread::{Kernel, Restart, Thread};

/// Type of the auxiliary vector's entry for the program's entry point (getauxval(3)).
const AT_ENTRY: u64 = 9;

/// A live process, traced by the thread that launched it or attached to it.
pub struct LinuxProcess {
    pid: Tid,
    /// Attached to, rather than launched: it outlives the debugger.
    attached: bool,
    threads: BTreeMap<Tid, Thread>,
    /// Stops of tracees that no event has announced yet: a new thread's may come before its parent's event.
    unannounced: Vec<(Tid, WaitStatus)>,
    /// The processes that the same thread traces.
    family: SharedFamily,
    /// The member whose child it is, if it was taken over as such.
    parent: Option<Tid>,
    /// What happened and is not reported yet.
    events: VecDeque<StopEvent>,
    /// All threads are being stopped: none is let go on by itself.
    holding: bool,
    breakpoints: Breakpoints,
    watches: Watches,
    memory: AddressSpace,
    /// How it ended, once it has.
    ended: Option<ExitStatus>,
    requests: Arc<Requests>,
    /// A stop was asked for and is under way.
    interrupting: bool,
    terminal: Option<Foreground>,
    executable: PathBuf,
    command_line: Vec<String>,
    map: RegisterMap,
    /// One thread's registers while it is stepped over a breakpoint; kept to save allocations.
    work: RefCell<Registers>,
    /// ptrace(2) obeys only the thread that traces.
    _owned_by_one_thread: PhantomData<*const ()>,
}

impl LinuxProcess {
    /// A process of which nothing is known but its id, and whose threads are still to be added.
    fn new(pid: Tid, attached: bool, terminal: Option<Foreground>) -> io::Result<LinuxProcess> {
        let live =
            proc::threads(pid).into_iter().find(|&tid| proc::status(tid).is_some_and(|s| s.state != 'Z'));
        let memory = AddressSpace::open(live.unwrap_or(pid))?;
        let mut process = LinuxProcess {
            pid,
            attached,
            threads: BTreeMap::new(),
            unannounced: Vec::new(),
            family: SharedFamily::default(),
            parent: None,
            events: VecDeque::new(),
            holding: false,
            breakpoints: Breakpoints::default(),
            watches: Watches::default(),
            memory,
            ended: None,
            requests: Arc::new(Requests::new()),
            interrupting: false,
            terminal,
            executable: PathBuf::new(),
            command_line: Vec::new(),
            map: RegisterMap::new(),
            work: RefCell::new(Registers::new(&adit_arch::AMD64)),
            _owned_by_one_thread: PhantomData,
        };
        process.family.borrow_mut().join(pid);
        process.learn_program();
        Ok(process)
    }

    /// What depends on the program that the process runs now.
    fn learn_program(&mut self) {
        let tid = self.memory.tid;
        self.executable = proc::executable(tid);
        self.command_line = proc::command_line(tid);
        let auxv = proc::auxv(tid).unwrap_or_default();
        let entry = auxv.iter().find(|(kind, _)| *kind == AT_ENTRY).map_or(0, |(_, value)| *value);
        self.breakpoints.set_scratch(entry, &self.memory);
    }

    /// Fails once the process has ended.
    fn alive(&self) -> Result<(), ProcessError> {
        match self.ended {
            None => Ok(()),
            Some(status) => Err(ProcessError::Exited { pid: Pid(self.pid.into()), status }),
        }
    }

    fn thread(&self, id: ThreadId) -> Result<(Tid, &Thread), ProcessError> {
        self.alive()?;
        let tid = Tid::try_from(id.0).map_err(|_| ProcessError::NoThread(id))?;
        match self.threads.get(&tid) {
            Some(thread) if thread.kernel != Kernel::Exiting => Ok((tid, thread)),
            _ => Err(ProcessError::NoThread(id)),
        }
    }

    /// The general registers of a stopped thread, read from the kernel at most once a stop.
    fn user_regs(&self, id: ThreadId) -> Result<UserRegs, ProcessError> {
        let (tid, thread) = self.thread(id)?;
        if !matches!(thread.kernel, Kernel::Stopped(_)) {
            return Err(ProcessError::Running(id));
        }
        cached_regs(tid, thread).map_err(|cause| {
            // Killed from outside while it was stopped: its end is yet to be reported.
            if ptrace::is_gone(&cause) { ProcessError::NoThread(id) } else { os("read the registers", cause) }
        })
    }
}

/// A stopped thread's registers, from its cache if they are there.
fn cached_regs(tid: Tid, thread: &Thread) -> io::Result<UserRegs> {
    if let Some(regs) = thread.regs.get() {
        return Ok(regs);
    }
    let regs = ptrace::registers(tid)?;
    thread.regs.set(Some(regs));
    Ok(regs)
}

/// An error of the operating system, with what was tried.
fn os(doing: &str, cause: io::Error) -> ProcessError {
    ProcessError::Os { doing: format!("could not {doing}"), cause }
}

fn id(tid: Tid) -> ThreadId {
    ThreadId(tid.into())
}

impl Memory for LinuxProcess {
    fn read(&self, addr: Addr, buf: &mut [u8]) -> Result<(), MemoryError> {
        let len = buf.len();
        self.memory.read(addr.0, buf).map_err(|cause| memory_error(addr, len, false, &cause))?;
        self.breakpoints.hide(addr.0, buf);
        Ok(())
    }

    fn write(&mut self, addr: Addr, bytes: &[u8]) -> Result<(), MemoryError> {
        self.breakpoints
            .write(addr.0, bytes, &self.memory)
            .map_err(|cause| memory_error(addr, bytes.len(), true, &cause))
    }

    fn read_many(&self, reads: &mut [(Addr, &mut [u8])]) -> Vec<bool> {
        let filled = self.memory.read_many(reads);
        reads.iter_mut().for_each(|(addr, buf)| self.breakpoints.hide(addr.0, buf));
        filled
    }
}

impl Process for LinuxProcess {
    fn arch(&self) -> &'static Arch {
        &adit_arch::AMD64
    }

    fn pid(&self) -> Pid {
        Pid(self.pid.into())
    }

    fn threads(&self) -> Vec<ThreadId> {
        let live = self.threads.iter().filter(|(_, thread)| thread.kernel != Kernel::Exiting);
        live.map(|(&tid, _)| id(tid)).collect()
    }

    fn registers(&self, thread: ThreadId) -> Result<Registers, ProcessError> {
        let regs = self.user_regs(thread)?;
        let mut registers = Registers::new(self.arch());
        self.map.load(&regs, &mut registers);
        Ok(registers)
    }

    fn all_registers(&self, thread: ThreadId) -> Result<Registers, ProcessError> {
        let mut registers = self.registers(thread)?;
        let (tid, _) = self.thread(thread)?;
        VectorState::read(tid).map_err(|cause| os("read the vector registers", cause))?.load(&mut registers);
        Ok(registers)
    }

    fn set_registers(&mut self, thread: ThreadId, registers: &Registers) -> Result<(), ProcessError> {
        let before = self.user_regs(thread)?;
        let (tid, _) = self.thread(thread)?;
        let vectors =
            registers.known().any(|r| self.arch().info(r).class != adit_arch::RegisterClass::General);
        if vectors {
            let fail = |cause| os("write the vector registers", cause);
            let mut state = VectorState::read(tid).map_err(fail)?;
            if state.store(registers) {
                state.write(tid).map_err(fail)?;
            }
        }
        let mut regs = before;
        self.map.store(registers, &mut regs);
        let Some(thread) = self.threads.get_mut(&tid) else { return Ok(()) };
        if regs.rip != before.rip {
            keep_restart(thread, &before, &mut regs);
            thread.arrived = Some(regs.rip);
        }
        thread.regs.set(Some(regs));
        thread.dirty = true;
        // Written at once, so that a value the kernel refuses is the caller's error, not a later one.
        self.flush(tid).map_err(|cause| os("write the registers", cause))
    }

    fn tls_base(&self, thread: ThreadId) -> Result<Addr, ProcessError> {
        Ok(Addr(self.user_regs(thread)?.fs_base))
    }

    fn insert_breakpoint(&mut self, addr: Addr) -> Result<(), ProcessError> {
        self.alive()?;
        let fail = |cause: &io::Error| memory_error(addr, 1, true, cause);
        self.start_guard()?;
        Ok(self.breakpoints.insert(addr.0, &self.memory).map_err(|cause| fail(&cause))?)
    }

    fn remove_breakpoint(&mut self, addr: Addr) -> Result<(), ProcessError> {
        self.alive()?;
        let fail = |cause: &io::Error| memory_error(addr, 1, true, cause);
        Ok(self.breakpoints.remove(addr.0, &self.memory).map_err(|cause| fail(&cause))?)
    }

    fn watch_slots(&self) -> usize {
        debug_registers::SLOTS
    }

    fn set_watch(&mut self, slot: usize, watch: Option<Watch>) -> Result<(), ProcessError> {
        self.change_watch(slot, watch)
    }

    fn resume(&mut self, thread: ThreadId, how: Resume, signal: Option<Signal>) -> Result<(), ProcessError> {
        self.resume_thread(thread, how, signal)
    }

    fn may_wait(&self, thread: ThreadId) -> bool {
        let Ok(regs) = self.user_regs(thread) else { return true };
        let mut code = [0; 2];
        let known = self.read(Addr(regs.rip), &mut code).is_ok();
        known && matches!(code, [0x0f, 0x05 | 0x34] | [0xcd, 0x80]) || is_restarted(&regs)
    }

    fn wait(&mut self) -> Result<StopEvent, ProcessError> {
        self.next_event(None)
    }

    fn wait_thread(&mut self, thread: ThreadId) -> Result<StopEvent, ProcessError> {
        self.next_event(Some(thread))
    }

    fn stop_all(&mut self) -> Result<Vec<StopEvent>, ProcessError> {
        self.stop_all_threads()
    }

    fn is_stopped(&self, thread: ThreadId) -> bool {
        self.thread(thread).is_ok_and(|(_, thread)| thread.is_stopped())
    }

    fn clear_interrupt(&mut self) {
        self.requests.take();
    }

    fn interrupter(&self) -> Arc<dyn Interrupter> {
        self.requests.clone()
    }

    fn is_fatal(&self, signal: Signal) -> bool {
        const CRASHES: [i32; 6] =
            [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGABRT, libc::SIGSYS];
        let caught = || proc::status(self.memory.tid).is_some_and(|s| s.caught >> (signal.0 - 1) & 1 == 1);
        CRASHES.contains(&signal.0) && !caught()
    }

    fn follow_children(&mut self, on: bool) -> Result<(), ProcessError> {
        self.set_following(on);
        Ok(())
    }

    fn take_followed(&mut self) -> Vec<Result<Box<dyn Process>, ProcessError>> {
        self.followed()
    }

    fn pass_over(&mut self) -> Result<(), ProcessError> {
        self.become_unseen()
    }

    fn has_event(&self) -> bool {
        // An interruption that is under way is seen through by whoever took it up.
        !self.events.is_empty() || self.has_mail() || (self.interrupting && self.ended.is_none())
    }

    fn detach(&mut self) -> Result<(), ProcessError> {
        self.let_go()
    }

    fn kill(&mut self) -> Result<(), ProcessError> {
        self.kill_all()
    }

    fn executable(&self) -> PathBuf {
        self.executable.clone()
    }

    fn withheld_rights(&self) -> Option<String> {
        proc::withheld_rights(self.memory.tid)
    }

    fn command_line(&self) -> Vec<String> {
        self.command_line.clone()
    }

    fn auxv(&self) -> Result<Vec<(u64, u64)>, ProcessError> {
        self.alive()?;
        proc::auxv(self.memory.tid).map_err(|cause| os("read the auxiliary vector", cause))
    }

    fn mappings(&self) -> Result<Vec<Mapping>, ProcessError> {
        self.alive()?;
        proc::mappings(self.memory.tid).map_err(|cause| os("read the memory map", cause))
    }

    fn core_record(&self) -> Result<CoreRecord, ProcessError> {
        self.record()
    }

    fn fault_address(&self, thread: ThreadId) -> Option<Addr> {
        let info = self.thread(thread).ok()?.1.last_signal.as_ref()?;
        let faults = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP];
        let by_kernel = info.si_code > 0 && faults.contains(&info.si_signo);
        by_kernel.then(|| Addr(ptrace::fault_address(info)))
    }
}

/// Was the thread stopped in a system call that goes on, or begins again, when the thread is resumed?
fn is_restarted(regs: &UserRegs) -> bool {
    // ERESTARTSYS to ERESTART_RESTARTBLOCK, of Linux's include/linux/errno.h.
    (-516..=-512).contains(&regs.rax.cast_signed()) && regs.orig_rax.cast_signed() >= 0
}

/// A thread that was stopped in a system call is sent back into it by the kernel: on resuming, the PC would be
/// moved. If the debugger moves the PC itself, that is put off until it restores the registers.
fn keep_restart(thread: &mut Thread, before: &UserRegs, now: &mut UserRegs) {
    if is_restarted(before) {
        thread.restart = Some(Restart { rip: before.rip, rax: before.rax, orig_rax: before.orig_rax });
        now.orig_rax = u64::MAX;
    } else if let Some(restart) = thread.restart
        && (now.rip, now.rax) == (restart.rip, restart.rax)
    {
        now.orig_rax = restart.orig_rax;
        thread.restart = None;
    }
}

impl LinuxProcess {
    /// Before anything of the debugger's comes into an attached process: sees to it that it does not stay there.
    fn start_guard(&mut self) -> Result<(), ProcessError> {
        if self.attached && self.breakpoints.guard.is_none() {
            let guard = guard::Guard::start(self.pid, &self.memory)
                .map_err(|cause| os("start the guard process", cause))?;
            self.breakpoints.guard = Some(guard);
        }
        Ok(())
    }

    /// Writes what a thread is to go on with to the kernel. Fails only if the thread was killed.
    fn prepare(&mut self, tid: Tid) -> io::Result<()> {
        self.flush(tid)?;
        match self.load_watches(tid) {
            // Somebody else (perf) has taken the CPU's debug registers for this thread.
            Err(cause) if !ptrace::is_gone(&cause) => {
                tracing::warn!("thread {tid} runs without watchpoints: {cause}");
                Ok(())
            }
            other => other,
        }
    }

    /// Writes a thread's changed registers to the kernel.
    fn flush(&mut self, tid: Tid) -> io::Result<()> {
        let Some(thread) = self.threads.get_mut(&tid).filter(|thread| thread.dirty) else { return Ok(()) };
        if let Some(regs) = thread.regs.get() {
            ptrace::set_registers(tid, &regs)?;
        }
        thread.dirty = false;
        Ok(())
    }
}
