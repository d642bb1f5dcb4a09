//! ptrace(2) and wait(2), typed thinly: one function a request, errors as `io::Error`.
//!
//! `libc` alone, because wrappers with a closed list of signals lose the stops of real-time signals.
#![allow(unsafe_code)]

use std::io;
use std::mem::{self, MaybeUninit};

/// A thread's id as the kernel gives it.
pub(crate) type Tid = libc::pid_t;
pub(crate) use libc::siginfo_t as SigInfo;
pub(crate) use libc::user_regs_struct as UserRegs;

/// `NT_PRSTATUS`, `NT_FPREGSET`, `NT_X86_XSTATE` of elf.h.
const NT_PRSTATUS: libc::c_int = 1;
pub(crate) const NT_FPREGSET: libc::c_int = 2;
pub(crate) const NT_X86_XSTATE: libc::c_int = 0x202;

/// The stop at a system call's entry, told from a SIGTRAP by `PTRACE_O_TRACESYSGOOD`.
pub(crate) const SYSCALL_STOP: i32 = libc::SIGTRAP | 0x80;

/// Which events stop a tracee, for launched and attached processes alike.
pub(crate) const OPTIONS: libc::c_int = libc::PTRACE_O_TRACECLONE
    | libc::PTRACE_O_TRACEFORK
    | libc::PTRACE_O_TRACEVFORK
    | libc::PTRACE_O_TRACEEXEC
    | libc::PTRACE_O_TRACEEXIT
    | libc::PTRACE_O_TRACESYSGOOD;

/// What waitpid(2) says of a tracee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitStatus {
    /// It exited with this code.
    Exited(i32),
    /// This signal killed it.
    Killed(i32),
    /// It stopped: the signal, and the `PTRACE_EVENT_*` (0 if none).
    Stopped { signal: i32, event: i32 },
}

impl WaitStatus {
    /// Takes the status word apart, as the macros of wait(2) do, with ptrace's event in bits 16 and up.
    fn decode(status: libc::c_int) -> WaitStatus {
        if status & 0xff == 0x7f {
            WaitStatus::Stopped { signal: (status >> 8) & 0xff, event: status >> 16 }
        } else if status & 0x7f == 0 {
            WaitStatus::Exited((status >> 8) & 0xff)
        } else {
            WaitStatus::Killed(status & 0x7f)
        }
    }

    /// Is this the end of the thread?
    pub(crate) fn is_end(self) -> bool {
        !matches!(self, WaitStatus::Stopped { .. })
    }
}

/// Waits for any tracee or child of the calling thread. Children of the debugger's other threads (`__WNOTHREAD`)
/// are left alone. A signal's arrival is an error of kind `Interrupted`.
pub(crate) fn wait_any() -> io::Result<(Tid, WaitStatus)> {
    wait(-1, 0).map(|(tid, status)| (tid, WaitStatus::decode(status)))
}

/// Waits for one tracee or child, through interruptions.
pub(crate) fn wait_for(tid: Tid) -> io::Result<WaitStatus> {
    loop {
        match wait(tid, 0) {
            Ok((_, status)) => return Ok(WaitStatus::decode(status)),
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

fn wait(tid: Tid, flags: libc::c_int) -> io::Result<(Tid, libc::c_int)> {
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    let found = unsafe { libc::waitpid(tid, &raw mut status, flags | libc::__WALL | libc::__WNOTHREAD) };
    if found < 0 { Err(io::Error::last_os_error()) } else { Ok((found, status)) }
}

/// One ptrace request whose `addr` and `data` are plain numbers.
fn request(request: libc::c_uint, tid: Tid, addr: usize, data: usize) -> io::Result<()> {
    // SAFETY: only requests that take `addr` and `data` as numbers come here, or pointers that their callers
    // keep alive and sized for the request.
    let result = unsafe { libc::ptrace(request, tid, addr, data) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Starts tracing `tid` without stopping it.
pub(crate) fn seize(tid: Tid, options: libc::c_int) -> io::Result<()> {
    request(libc::PTRACE_SEIZE, tid, 0, options.cast_unsigned() as usize)
}

/// Asks a running tracee to stop.
pub(crate) fn interrupt(tid: Tid) -> io::Result<()> {
    request(libc::PTRACE_INTERRUPT, tid, 0, 0)
}

/// Lets a tracee that is in a group-stop stay in it, while reporting its end.
pub(crate) fn listen(tid: Tid) -> io::Result<()> {
    request(libc::PTRACE_LISTEN, tid, 0, 0)
}

/// Lets a stopped tracee run.
pub(crate) fn cont(tid: Tid, signal: i32) -> io::Result<()> {
    request(libc::PTRACE_CONT, tid, 0, signal.cast_unsigned() as usize)
}

/// Lets a stopped tracee execute one instruction.
pub(crate) fn step(tid: Tid, signal: i32) -> io::Result<()> {
    request(libc::PTRACE_SINGLESTEP, tid, 0, signal.cast_unsigned() as usize)
}

/// Lets a stopped tracee run up to the entry of its next system call.
pub(crate) fn to_syscall(tid: Tid) -> io::Result<()> {
    request(libc::PTRACE_SYSCALL, tid, 0, 0)
}

/// Lets a stopped tracee run untraced.
pub(crate) fn detach(tid: Tid, signal: i32) -> io::Result<()> {
    request(libc::PTRACE_DETACH, tid, 0, signal.cast_unsigned() as usize)
}

/// The number that came with an event: a new thread's or child's id, the former id of a thread that called
/// execve.
pub(crate) fn event_message(tid: Tid) -> io::Result<Tid> {
    let mut message: libc::c_ulong = 0;
    request(libc::PTRACE_GETEVENTMSG, tid, 0, (&raw mut message).addr())?;
    Ok(message as Tid)
}

/// What is known of the signal at which the tracee stands.
pub(crate) fn signal_info(tid: Tid) -> io::Result<SigInfo> {
    let mut info = MaybeUninit::<SigInfo>::zeroed();
    request(libc::PTRACE_GETSIGINFO, tid, 0, info.as_mut_ptr().addr())?;
    // SAFETY: all-zero is a valid siginfo_t, and the kernel has filled it.
    Ok(unsafe { info.assume_init() })
}

/// Replaces what the tracee will learn of the signal at which it stands.
pub(crate) fn set_signal_info(tid: Tid, info: &SigInfo) -> io::Result<()> {
    request(libc::PTRACE_SETSIGINFO, tid, 0, std::ptr::from_ref(info).addr())
}

/// Is a trap of the thread's own execution (int3, single-step) queued but not yet reported?
pub(crate) fn trap_is_pending(tid: Tid) -> bool {
    const AT_ONCE: usize = 16;
    let mut offset = 0;
    loop {
        let mut infos = [const { MaybeUninit::<SigInfo>::zeroed() }; AT_ONCE];
        let args = libc::ptrace_peeksiginfo_args { off: offset, flags: 0, nr: AT_ONCE as i32 };
        // SAFETY: `infos` has room for the `nr` entries asked for; both outlive the call.
        let count = unsafe {
            libc::ptrace(libc::PTRACE_PEEKSIGINFO, tid, std::ptr::from_ref(&args), infos.as_mut_ptr())
        };
        let Ok(count) = usize::try_from(count) else { return false };
        for info in &infos[..count.min(AT_ONCE)] {
            // SAFETY: all-zero is a valid siginfo_t, and the kernel has filled this one.
            let info = unsafe { info.assume_init_ref() };
            if info.si_signo == libc::SIGTRAP && info.si_code > 0 {
                return true;
            }
        }
        if count < AT_ONCE {
            return false;
        }
        offset += count as u64;
    }
}

/// Where a debug register is in the kernel's `struct user`.
fn debug_register_offset(number: usize) -> usize {
    mem::offset_of!(libc::user, u_debugreg) + number * mem::size_of::<libc::c_ulonglong>()
}

/// Writes a debug register (0 to 3: addresses, 7: control).
pub(crate) fn set_debug_register(tid: Tid, number: usize, value: u64) -> io::Result<()> {
    request(libc::PTRACE_POKEUSER, tid, debug_register_offset(number), value as usize)
}

/// Reads a debug register.
pub(crate) fn debug_register(tid: Tid, number: usize) -> io::Result<u64> {
    let mut value: u64 = 0;
    // The system call stores the value where `data` says (ptrace(2), "C library/kernel differences").
    // SAFETY: `value` outlives the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_ptrace,
            libc::PTRACE_PEEKUSER,
            tid,
            debug_register_offset(number),
            &raw mut value,
        )
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(value) }
}

/// The general registers.
pub(crate) fn registers(tid: Tid) -> io::Result<UserRegs> {
    let mut regs = MaybeUninit::<UserRegs>::zeroed();
    // SAFETY: the slice covers exactly `regs`, whose bytes are initialised (zero).
    let bytes =
        unsafe { std::slice::from_raw_parts_mut(regs.as_mut_ptr().cast::<u8>(), mem::size_of::<UserRegs>()) };
    if register_set(tid, NT_PRSTATUS, bytes)? != mem::size_of::<UserRegs>() {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "the thread is not a 64-bit one"));
    }
    // SAFETY: a struct of integers, filled by the kernel.
    Ok(unsafe { regs.assume_init() })
}

/// Writes the general registers.
pub(crate) fn set_registers(tid: Tid, regs: &UserRegs) -> io::Result<()> {
    // SAFETY: `UserRegs` is a struct of integers without padding.
    let bytes = unsafe {
        std::slice::from_raw_parts(std::ptr::from_ref(regs).cast::<u8>(), mem::size_of::<UserRegs>())
    };
    set_register_set(tid, NT_PRSTATUS, bytes)
}

/// Reads a register set into `buf`; returns how many bytes of it the kernel filled.
pub(crate) fn register_set(tid: Tid, set: libc::c_int, buf: &mut [u8]) -> io::Result<usize> {
    let mut vector = libc::iovec { iov_base: buf.as_mut_ptr().cast(), iov_len: buf.len() };
    request(libc::PTRACE_GETREGSET, tid, set.cast_unsigned() as usize, (&raw mut vector).addr())?;
    Ok(vector.iov_len)
}

/// Writes a register set.
pub(crate) fn set_register_set(tid: Tid, set: libc::c_int, bytes: &[u8]) -> io::Result<()> {
    let vector = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    request(libc::PTRACE_SETREGSET, tid, set.cast_unsigned() as usize, (&raw const vector).addr())
}

/// Sends `signal` to one thread of a process; 0 only asks whether there is such a thread.
pub(crate) fn tgkill(pid: Tid, tid: Tid, signal: i32) -> io::Result<()> {
    // SAFETY: a system call on numbers.
    let result = unsafe { libc::syscall(libc::SYS_tgkill, pid, tid, signal) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Sends `signal` to a process.
pub(crate) fn kill(pid: Tid, signal: i32) -> io::Result<()> {
    // SAFETY: a system call on numbers.
    if unsafe { libc::kill(pid, signal) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The calling thread's id.
pub(crate) fn own_tid() -> Tid {
    // SAFETY: always succeeds.
    unsafe { libc::gettid() }
}

/// Who sent the signal, if a process did.
pub(crate) fn sender(info: &SigInfo) -> Tid {
    // SAFETY: the field exists in every siginfo_t; its meaning is checked by `si_code` at the caller.
    unsafe { info.si_pid() }
}

/// The address of which the signal speaks.
pub(crate) fn fault_address(info: &SigInfo) -> u64 {
    // SAFETY: as above.
    unsafe { info.si_addr() }.addr() as u64
}

/// Did the kernel say that there is no such stopped tracee (any more)?
pub(crate) fn is_gone(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ESRCH)
}
