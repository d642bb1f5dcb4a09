//! What unwinding, stepping and breakpoints need to know of the runtime's functions, by their names.

use crate::Release;

/// What an unwinder does when it reaches a frame of a function that changes stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwinding {
    /// The stack ends here.
    Bottom,
    /// `runtime.mcall`, `runtime.morestack`, `runtime.newstack`: on a system stack, continue with the goroutine's
    /// `sched`; the stack ends here if there is none.
    Switch,
    /// `runtime.systemstack`: the same, unless it is on the system stack because its caller was.
    Systemstack,
    /// `runtime.mstart`: on a system stack, continue with the goroutine's `sched` if its pc is in
    /// [`SYSTEMSTACK_SWITCH`]; else the stack ends here.
    SwitchIfSystemstack,
    /// `runtime.asmcgocall`: see [`asmcgocall_frame`].
    AsmCgoCall,
    /// `runtime.cgocallback`: continue on g0 at `sched.sp` of the m's g0; see [`cgocallback_saved_sp`].
    CgoCallback,
    /// `runtime.sigtrampgo`, whose third argument is the signal's context (`ucontext_t *`): continue with its
    /// registers.
    SignalContext,
    /// `crosscall2`: the boundary between C and Go.
    CrossCall,
    /// A function that calls the kernel's vdso: it does so on the system stack, without `sched`.
    VdsoCall,
    /// `runtime.sigpanic`: the caller's pc is the faulting instruction, not a return address.
    ExactCaller,
}

/// How to unwind through `function`, when not as through any other.
pub fn unwinding(function: &str) -> Option<Unwinding> {
    Some(match function {
        "runtime.goexit" | "runtime.rt0_go" => Unwinding::Bottom,
        "runtime.mcall" | "runtime.morestack" | "runtime.newstack" => Unwinding::Switch,
        "runtime.systemstack" => Unwinding::Systemstack,
        "runtime.nanotime1" | "runtime.walltime" | "time.now" => Unwinding::VdsoCall,
        "runtime.mstart" => Unwinding::SwitchIfSystemstack,
        "runtime.asmcgocall" => Unwinding::AsmCgoCall,
        "runtime.cgocallback" | "runtime.cgocallback_gofunc" => Unwinding::CgoCallback,
        "runtime.sigtrampgo" => Unwinding::SignalContext,
        "crosscall2" => Unwinding::CrossCall,
        "runtime.sigpanic" => Unwinding::ExactCaller,
        _ => return None,
    })
}

/// Jumps into a goroutine: its last instructions run on the goroutine's stack already.
pub const GOGO: &str = "gogo";
/// The function in which `sched.pc` points while `runtime.systemstack` runs.
pub const SYSTEMSTACK_SWITCH: &str = "runtime.systemstack_switch";

/// Is the pc that unwinding finds in this function the place itself, rather than one behind a call?
pub fn has_exact_pc(function: &str) -> bool {
    matches!(function, "runtime.mstart" | SYSTEMSTACK_SWITCH)
}

/// What `runtime.asmcgocall` leaves on the system stack, seen from its SP there, and how the goroutine's stack
/// goes on, in bytes (`runtime/asm_*.s`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsmCgoCallFrame {
    /// Here is how far below `stack.hi` the goroutine's SP was.
    pub depth: u64,
    /// The return address is this far above the goroutine's SP.
    pub return_address: u64,
}

/// Since this minor release: architecture and frame.
const ASMCGOCALL: [(u16, &str, AsmCgoCallFrame); 3] = [
    (18, "amd64", AsmCgoCallFrame { depth: 0x28, return_address: 8 }),
    (22, "amd64", AsmCgoCallFrame { depth: 0, return_address: 8 }),
    (18, "arm64", AsmCgoCallFrame { depth: 8, return_address: 24 }),
];

/// The frame of `runtime.asmcgocall`, where the architecture's is known.
pub fn asmcgocall_frame(release: Release, arch: &str) -> Option<AsmCgoCallFrame> {
    let since = release.0.max(ASMCGOCALL[0].0);
    ASMCGOCALL.iter().rfind(|row| row.0 <= since && row.1 == arch).map(|(.., frame)| *frame)
}

/// Where `runtime.cgocallback` saved the `sched.sp` that g0 had before, in bytes from the SP that g0 has now.
pub fn cgocallback_saved_sp(arch: &str) -> Option<u64> {
    match arch {
        "amd64" => Some(0),
        "arm64" => Some(0x10),
        _ => None,
    }
}

/// Functions that run when the program is lost, and the names and ids of Delve's breakpoints on them.
pub const FATAL_BREAKPOINTS: [(&str, i64, &[&str]); 2] = [
    ("unrecovered-panic", -1, &["runtime.startpanic", "runtime.fatalpanic"]),
    (
        "runtime-fatal-throw",
        -2,
        &["runtime.throw", "runtime.fatal", "runtime.winthrow", "runtime.fatalsignal"],
    ),
];
/// Name and id of the stop at a trap instruction of the program's own.
pub const HARDCODED_BREAKPOINT: (&str, i64) = ("hardcoded-breakpoint", -3);
/// Functions that hold such an instruction and are stepped out of.
pub const BREAKPOINT_FUNCTIONS: [&str; 2] = ["runtime.breakpoint", "runtime.Breakpoint"];

/// Starts a goroutine: what `go f()` calls, with f's closure as argument.
pub const NEWPROC: &str = "runtime.newproc";
/// Moves a goroutine's stack.
pub const COPYSTACK: &str = "runtime.copystack";
/// Lets a goroutine go on where a panic was recovered from: the last it does is to call [`GOGO_FUNCTION`].
pub const RECOVERY: &str = "runtime.recovery";
/// Goes on in a goroutine, at its `sched`, by way of [`GOGO`].
pub const GOGO_FUNCTION: &str = "runtime.gogo";
/// Ends a goroutine, after its deferred calls.
pub const GOEXIT1: &str = "runtime.goexit1";
/// Runs a function's deferred calls as it returns.
pub const DEFERRETURN: &str = "runtime.deferreturn";
/// Switches to a coroutine (`iter.Pull`).
pub const COROSWITCH: &str = "runtime.coroswitch";
/// Ends a coroutine, and goes on in the one that waits for it.
pub const COROEXIT: &str = "runtime.coroexit";
/// Loads a plugin.
pub const PLUGIN_OPEN: &str = "plugin.Open";
/// Functions that call deferred functions during a panic.
pub const PANIC_CALLERS: [&str; 2] = ["runtime.gopanic", "runtime.(*_panic).nextDefer"];

/// Is this one of the runtime's internal functions, into which stepping does not go?
pub fn is_unexported_runtime(function: &str) -> bool {
    let Some(name) = function.strip_prefix("runtime.") else { return false };
    // A method: the type's name decides, `runtime.(*Frames).Next` is the API's.
    let name = name.trim_start_matches(['(', '*']);
    name.chars().next().is_some_and(|first| !first.is_uppercase())
}

/// Is this one of the functions by which `iter.Pull` and `iter.Pull2` switch between goroutines: `next`, `stop`, `yield`, or
/// the one that the new goroutine runs (`iter/iter.go`, go1.23)?
pub fn is_pull_closure(function: &str) -> bool {
    ["iter.Pull[", "iter.Pull2["].iter().any(|prefix| function.starts_with(prefix))
        && function.contains("].func")
}

/// Is this goroutine the runtime's own, judged by the name of its start function?
/// (`runtime/traceback.go`, isSystemGoroutine)
pub fn is_system_goroutine(start_function: &str) -> bool {
    const USERS: [&str; 3] = ["runtime.main", "runtime.handleAsyncEvent", "runtime.corostart"];
    start_function.starts_with("runtime.") && !USERS.contains(&start_function)
}

/// Can a frame of this function be what a goroutine is said to do: is it neither the runtime's nor the iterators'
/// machinery?
pub fn is_user_location(function: &str) -> bool {
    const MACHINERY: [&str; 3] = ["internal/", "runtime/internal", "iter."];
    let exported_runtime = match function.strip_prefix("runtime.") {
        Some(name) => name.chars().next().is_some_and(char::is_uppercase),
        None => true,
    };
    function.contains('.') && exported_runtime && !MACHINERY.iter().any(|prefix| function.starts_with(prefix))
}

/// Frames that are looked at for a user location.
pub const MAX_USER_LOCATION_DEPTH: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_follow_the_names() {
        assert!(is_unexported_runtime("runtime.gopark"));
        assert!(is_unexported_runtime("runtime.(*mcache).refill"));
        assert!(!is_unexported_runtime("runtime.GC"));
        assert!(!is_unexported_runtime("runtime.(*Frames).Next"));
        assert!(!is_unexported_runtime("runtime/debug.SetGCPercent"));
        assert!(is_system_goroutine("runtime.bgsweep"));
        assert!(!is_system_goroutine("runtime.main") && !is_system_goroutine("main.main.func1"));
        assert!(is_user_location("main.main") && is_user_location("runtime.Gosched"));
        assert!(!is_user_location("runtime.gopark") && !is_user_location("internal/poll.runtime_pollWait"));
        assert!(!is_user_location("clone") && !is_user_location("iter.Pull[...].func1"));
    }

    #[test]
    fn closures_of_pull_are_known_by_their_names() {
        assert!(
            is_pull_closure("iter.Pull[go.shape.int].func2") && is_pull_closure("iter.Pull2[...].func1.1")
        );
        assert!(!is_pull_closure("iter.Pull[go.shape.int]") && !is_pull_closure("main.iter.Pull[int].func1"));
    }

    #[test]
    fn asmcgocall_follows_the_release() {
        let depth = |release, arch| asmcgocall_frame(Release(release), arch).map(|frame| frame.depth);
        assert_eq!(
            (depth(21, "amd64"), depth(22, "amd64"), depth(27, "arm64"), depth(27, "riscv64")),
            (Some(0x28), Some(0), Some(8), None)
        );
    }
}
