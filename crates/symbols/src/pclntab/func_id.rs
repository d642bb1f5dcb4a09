//! Functions that the runtime treats specially: their ids, whatever the Go version numbers them.

/// Which special function this is, numbered as go1.27 does (internal/abi/symtab.go).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FuncId(pub u8);

/// The numbering of a range of Go versions, as go1.27's numbers in the order of the old ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// Unknown.
    None,
    /// Go 1.14 to 1.16.
    Go114,
    /// Go 1.17: jmpdefer among the others.
    Go117,
    /// Go 1.18 to 1.21: no corostart.
    Go118,
    /// Go 1.22 to 1.24: corostart; runfinq before runtime_main.
    Go122,
    /// Go 1.25 and later: runFinalizers and runCleanups after runtime_main.
    Go125,
}

const GO114: [u8; 23] = [0, 17, 8, 0, 12, 13, 14, 16, 2, 20, 18, 7, 22, 21, 4, 9, 0, 6, 10, 15, 11, 3, 23];
const GO117: [u8; 23] = [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 0, 12, 13, 14, 15, 16, 18, 17, 20, 21, 22, 23];
const GO118: [u8; 22] = [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 17, 20, 21, 22, 23];
const GO122: [u8; 23] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 17, 20, 21, 22, 23];

impl Numbering {
    pub(super) fn id(self, raw: u8) -> FuncId {
        let index = usize::from(raw);
        FuncId(match self {
            Numbering::None => 0,
            Numbering::Go114 => GO114.get(index).copied().unwrap_or(0),
            Numbering::Go117 => GO117.get(index).copied().unwrap_or(0),
            Numbering::Go118 => GO118.get(index).copied().unwrap_or(0),
            Numbering::Go122 => GO122.get(index).copied().unwrap_or(0),
            Numbering::Go125 => raw,
        })
    }
}

macro_rules! ids {
    ($($constant:ident $predicate:ident = $number:literal, $text:literal;)*) => {
        impl FuncId {
            $(#[doc = concat!("The number of ", $text, ".")] pub const $constant: FuncId = FuncId($number);)*
            $(#[doc = concat!("Is it ", $text, "?")] pub fn $predicate(self) -> bool { self == FuncId::$constant })*
        }
    };
}

ids! {
    NORMAL is_normal = 0, "no special function";
    ABORT is_abort = 1, "`runtime.abort`";
    ASMCGOCALL is_asmcgocall = 2, "`runtime.asmcgocall`";
    ASYNC_PREEMPT is_async_preempt = 3, "`runtime.asyncPreempt`";
    CGOCALLBACK is_cgocallback = 4, "`runtime.cgocallback`";
    COROSTART is_corostart = 5, "`runtime.corostart`";
    DEBUG_CALL is_debug_call = 6, "`runtime.debugCallV2`";
    GC_BG_MARK_WORKER is_gc_bg_mark_worker = 7, "`runtime.gcBgMarkWorker`";
    GOEXIT is_goexit = 8, "`runtime.goexit`";
    GOGO is_gogo = 9, "`runtime.gogo`";
    GOPANIC is_gopanic = 10, "`runtime.gopanic`";
    HANDLE_ASYNC_EVENT is_handle_async_event = 11, "`runtime.handleAsyncEvent`";
    MCALL is_mcall = 12, "`runtime.mcall`";
    MORESTACK is_morestack = 13, "`runtime.morestack`";
    MSTART is_mstart = 14, "`runtime.mstart`";
    PANICWRAP is_panicwrap = 15, "`runtime.panicwrap`";
    RT0_GO is_rt0_go = 16, "`runtime.rt0_go`";
    RUNTIME_MAIN is_runtime_main = 17, "`runtime.main`";
    RUN_FINALIZERS is_run_finalizers = 18, "`runtime.runFinalizers` (`runfinq` before Go 1.25)";
    RUN_CLEANUPS is_run_cleanups = 19, "`runtime.runCleanups`";
    SIGPANIC is_sigpanic = 20, "`runtime.sigpanic`";
    SYSTEMSTACK is_systemstack = 21, "`runtime.systemstack`";
    SYSTEMSTACK_SWITCH is_systemstack_switch = 22, "`runtime.systemstack_switch`";
    WRAPPER is_wrapper = 23, "code that the compiler made (method wrappers, hash and equality functions)";
}
