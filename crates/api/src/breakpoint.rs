//! Breakpoints, tracepoints and watchpoints.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::goroutine::Goroutine;
use crate::json;
use crate::location::Stackframe;
use crate::variable::{LoadConfig, Variable};

/// A breakpoint, tracepoint or watchpoint, and what is collected when it is hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Breakpoint {
    /// Above 0 for the user's; -1 unrecovered-panic; -2 runtime-fatal-throw; 0 at the stop for a breakpoint
    /// instruction of the program itself.
    pub id: i64,
    /// User name (letters/digits, not a number); for internal ones see [`internal_breakpoint`]; watchpoint:
    /// its expression.
    pub name: String,
    /// Deprecated; first of addrs.
    pub addr: u64,
    /// All addresses; null when disabled/suspended.
    #[serde(with = "json::nullable")]
    pub addrs: Vec<u64>,
    /// Process id for each address.
    #[serde(rename = "addrpid", with = "json::nullable")]
    pub addr_pids: Vec<i64>,
    /// Source file (`<multiple locations>` for merged internal ones).
    pub file: String,
    /// Line; in a create request with functionName: offset from the function line, -1 or 0 = first line
    /// after prologue.
    pub line: i64,
    /// Function name ("(multiple functions)" if addresses differ); absent if "".
    #[serde(rename = "functionName", skip_serializing_if = "json::is_zero")]
    pub function_name: String,
    /// Location expression of a breakpoint without addresses (suspended/disabled).
    #[serde(rename = "ExprString")]
    pub expr_string: String,
    /// Boolean condition.
    #[serde(rename = "Cond")]
    pub cond: String,
    /// Hit condition "OP NUMBER".
    #[serde(rename = "HitCond")]
    pub hit_cond: String,
    /// HitCond uses the per-goroutine count.
    #[serde(rename = "HitCondPerG")]
    pub hit_cond_per_g: bool,
    /// Tracepoint: report and keep going (client must resend continue).
    #[serde(rename = "continue")]
    pub tracepoint: bool,
    /// Breakpoint on a return instruction of a traced function.
    #[serde(rename = "traceReturn")]
    pub trace_return: bool,
    /// Collect goroutine info on hit.
    pub goroutine: bool,
    /// Collect N stack frames on hit.
    pub stacktrace: i64,
    /// Expressions evaluated on hit.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "json::null_as_default")]
    pub variables: Vec<String>,
    /// Load arguments on hit with this config.
    #[serde(rename = "LoadArgs")]
    pub load_args: Option<LoadConfig>,
    /// Load locals on hit with this config.
    #[serde(rename = "LoadLocals")]
    pub load_locals: Option<LoadConfig>,
    /// Terminal custom (Starlark) commands run on hit.
    #[serde(
        rename = "customCommands",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "json::null_as_default"
    )]
    pub custom_commands: Vec<String>,
    /// Watchpoint expression.
    #[serde(rename = "WatchExpr")]
    pub watch_expr: String,
    /// Accesses and size of a watchpoint.
    #[serde(rename = "WatchType")]
    pub watch_type: WatchType,
    /// Internal details, only ListBreakpoints All=true.
    #[serde(
        rename = "VerboseDescr",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "json::null_as_default"
    )]
    pub verbose_descr: Vec<String>,
    /// Goroutine id (string) -> count.
    #[serde(rename = "hitCount", deserialize_with = "json::null_as_default")]
    pub hit_counts: BTreeMap<String, u64>,
    /// Total count.
    #[serde(rename = "totalHitCount")]
    pub total_hit_count: u64,
    /// True if disabled.
    pub disabled: bool,
    /// Trace --follow-calls root regexp/function.
    #[serde(rename = "RootFuncName")]
    pub root_func_name: String,
    /// Trace depth.
    #[serde(rename = "TraceFollowCalls")]
    pub trace_follow_calls: i64,
}

/// What a breakpoint asked to be collected when it was hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BreakpointInfo {
    /// Frames (Breakpoint.stacktrace depth).
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "json::null_as_default")]
    pub stacktrace: Vec<Stackframe>,
    /// Goroutine info (Breakpoint.goroutine).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goroutine: Option<Goroutine>,
    /// One per Breakpoint.variables; failed ones have unreadable="eval error: ...".
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "json::null_as_default")]
    pub variables: Vec<Variable>,
    /// When LoadArgs set.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "json::null_as_default")]
    pub arguments: Vec<Variable>,
    /// When LoadLocals set.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "json::null_as_default")]
    pub locals: Vec<Variable>,
}

/// One hit of a tracepoint that runs inside the kernel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TracepointResult {
    /// Tracepoint address (not filled by eBPF results).
    pub addr: u64,
    /// File.
    pub file: String,
    /// Line.
    pub line: i64,
    /// True for return.
    pub is_ret: bool,
    /// Function.
    #[serde(rename = "functionName", skip_serializing_if = "json::is_zero")]
    pub function_name: String,
    /// Goroutine id.
    #[serde(rename = "goroutineID")]
    pub goroutine_id: i64,
    /// Arguments.
    #[serde(
        rename = "inputParams",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "json::null_as_default"
    )]
    pub input_params: Vec<Variable>,
    /// Return values.
    #[serde(
        rename = "returnParams",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "json::null_as_default"
    )]
    pub return_params: Vec<Variable>,
}

/// What a watchpoint watches: bits 0 and 1 are the accesses, bits 4 to 7 the size in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WatchType(pub u8);

impl WatchType {
    /// `Read`.
    pub const READ: Self = Self(1);
    /// `Write`.
    pub const WRITE: Self = Self(2);
}

/// Names and ids of the breakpoints the debugger sets by itself.
pub mod internal_breakpoint {
    /// Stops at a panic that nothing recovers.
    pub const UNRECOVERED_PANIC: (&str, i64) = ("unrecovered-panic", -1);
    /// Stops at a fatal error of the runtime.
    pub const FATAL_THROW: (&str, i64) = ("runtime-fatal-throw", -2);
    /// A breakpoint instruction of the program itself.
    pub const HARDCODED: (&str, i64) = ("hardcoded-breakpoint", -3);
}
