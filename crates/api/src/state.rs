//! The state of the target and the commands that change it.

use serde::{Deserialize, Serialize};

use crate::breakpoint::{Breakpoint, BreakpointInfo};
use crate::goroutine::Goroutine;
use crate::json;
use crate::location::Function;
use crate::variable::{LoadConfig, Variable};

/// What the target is doing: the answer to every command and to `State`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebuggerState {
    /// Process id of the selected target.
    #[serde(rename = "Pid")]
    pub pid: i64,
    /// Arguments of the selected target joined by spaces.
    #[serde(rename = "TargetCommandLine")]
    pub target_command_line: String,
    /// Target running; all other fields are zero (only from State NonBlocking=true).
    #[serde(rename = "Running")]
    pub running: bool,
    /// Recording in progress (rr); rest zero.
    #[serde(rename = "Recording")]
    pub recording: bool,
    /// Core dump in progress; rest zero.
    #[serde(rename = "CoreDumping")]
    pub core_dumping: bool,
    /// Selected thread; absent when none.
    #[serde(rename = "currentThread", skip_serializing_if = "Option::is_none")]
    pub current_thread: Option<Thread>,
    /// Selected goroutine; absent when none.
    #[serde(rename = "currentGoroutine", skip_serializing_if = "Option::is_none")]
    pub current_goroutine: Option<Goroutine>,
    /// All threads of all valid targets; null when exited/running.
    #[serde(rename = "Threads", with = "json::nullable")]
    pub threads: Vec<Thread>,
    /// An interrupted next/step/stepout still has stepping breakpoints set.
    #[serde(rename = "NextInProgress")]
    pub next_in_progress: bool,
    /// Watchpoints removed during last resume because stack variable left scope.
    #[serde(rename = "WatchOutOfScope", with = "json::nullable")]
    pub watch_out_of_scope: Vec<Breakpoint>,
    /// Process has exited.
    pub exited: bool,
    /// Exit code; negative signal number when killed by a signal.
    #[serde(rename = "exitStatus")]
    pub exit_status: i64,
    /// Position in recording ("" if not recorded).
    #[serde(rename = "When")]
    pub when: String,
    /// One of [`stop_reason`]; absent when unknown.
    #[serde(rename = "stopReason", skip_serializing_if = "json::is_zero")]
    pub stop_reason: String,
}

/// A thread of the target as of the last stop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thread {
    /// OS thread id.
    pub id: i64,
    /// Program counter.
    pub pc: u64,
    /// Source file ("" if unknown).
    pub file: String,
    /// Source line.
    pub line: i64,
    /// Function at pc; absent if unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// Goroutine running on thread, 0 if none.
    #[serde(rename = "goroutineID")]
    pub goroutine_id: i64,
    /// Active breakpoint at which thread is stopped.
    #[serde(rename = "breakPoint", skip_serializing_if = "Option::is_none")]
    pub breakpoint: Option<Breakpoint>,
    /// Data requested by breakPoint; {} if nothing requested; only in replies to resuming Command calls.
    #[serde(rename = "breakPointInfo", skip_serializing_if = "Option::is_none")]
    pub breakpoint_info: Option<BreakpointInfo>,
    /// Values returned by function just stepped out of / injected call / trace-return args; null otherwise.
    #[serde(rename = "ReturnValues", with = "json::nullable")]
    pub return_values: Vec<Variable>,
    /// True if ReturnValues come from an injected call.
    #[serde(rename = "CallReturn")]
    pub call_return: bool,
    /// What else it hit at this stop; mostly nothing, and then absent. Delve knows of one breakpoint a thread.
    #[serde(rename = "otherHits", skip_serializing_if = "Vec::is_empty")]
    pub other_hits: Vec<OtherHit>,
}

/// A breakpoint that a thread hit together with [`Thread::breakpoint`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherHit {
    /// The breakpoint.
    #[serde(rename = "breakPoint")]
    pub breakpoint: Breakpoint,
    /// Data that it requests, where [`Thread::breakpoint_info`] has those of the first one.
    #[serde(rename = "breakPointInfo", skip_serializing_if = "Option::is_none")]
    pub breakpoint_info: Option<BreakpointInfo>,
}

impl Thread {
    /// All breakpoints that it hit.
    pub fn breakpoints(&self) -> impl Iterator<Item = &Breakpoint> {
        self.breakpoint.iter().chain(self.other_hits.iter().map(|hit| &hit.breakpoint))
    }
}

/// A request to resume, step, switch or call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebuggerCommand {
    /// One of [`command_name`].
    pub name: String,
    /// For switchThread.
    #[serde(rename = "threadID", skip_serializing_if = "json::is_zero")]
    pub thread_id: i64,
    /// For switchGoroutine; for call: >0 selects goroutine.
    #[serde(rename = "goroutineID", skip_serializing_if = "json::is_zero")]
    pub goroutine_id: i64,
    /// Load config for ReturnValues; required for call.
    #[serde(rename = "ReturnInfoLoadConfig")]
    pub return_info_load_config: Option<LoadConfig>,
    /// Expression for call.
    #[serde(skip_serializing_if = "json::is_zero")]
    pub expr: String,
    /// Produce events readable with GetEvents.
    #[serde(rename = "WithEvents")]
    pub with_events: bool,
    /// Call: skip escape check of pointer arguments.
    #[serde(rename = "unsafeCall", skip_serializing_if = "json::is_zero")]
    pub unsafe_call: bool,
}

/// A call of the current line, into which a step can be led.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepTarget {
    /// The call instruction; of an inlined call, where its code begins.
    #[serde(rename = "Addr")]
    pub addr: u64,
    /// The function that is called; empty if only the call itself tells: through a function value or an interface.
    #[serde(rename = "Function")]
    pub function: String,
}

/// One process of the session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Target {
    /// Process id.
    #[serde(rename = "Pid")]
    pub pid: i64,
    /// Command line.
    #[serde(rename = "CmdLine")]
    pub cmd_line: String,
    /// Current thread.
    #[serde(rename = "CurrentThread")]
    pub current_thread: Option<Thread>,
}

/// A position in a recording to which the user can return.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checkpoint {
    /// Id (shown as `c<ID>`).
    #[serde(rename = "ID")]
    pub id: i64,
    /// Event position.
    #[serde(rename = "When")]
    pub when: String,
    /// Note.
    #[serde(rename = "Where")]
    pub note: String,
}

/// How far the writing of a core file has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DumpState {
    /// In progress.
    #[serde(rename = "Dumping")]
    pub dumping: bool,
    /// Completed.
    #[serde(rename = "AllDone")]
    pub all_done: bool,
    /// Progress.
    #[serde(rename = "ThreadsDone")]
    pub threads_done: i64,
    /// Progress.
    #[serde(rename = "ThreadsTotal")]
    pub threads_total: i64,
    /// Bytes.
    #[serde(rename = "MemDone")]
    pub mem_done: u64,
    /// Bytes.
    #[serde(rename = "MemTotal")]
    pub mem_total: u64,
    /// Error text.
    #[serde(rename = "Err")]
    pub err: String,
}

/// A breakpoint that could not be set again after a restart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiscardedBreakpoint {
    /// Breakpoint.
    #[serde(rename = "Breakpoint")]
    pub breakpoint: Option<Breakpoint>,
    /// Error text.
    #[serde(rename = "Reason")]
    pub reason: String,
}

/// The values of [`DebuggerCommand::name`].
pub mod command_name {
    /// Resume.
    pub const CONTINUE: &str = "continue";
    /// Resume backward.
    pub const REWIND: &str = "rewind";
    /// Resume in the direction of the interrupted step.
    pub const DIRECTION_CONGRUENT_CONTINUE: &str = "directionCongruentContinue";
    /// Step to the next source line, entering calls.
    pub const STEP: &str = "step";
    /// Step backward, entering calls.
    pub const REVERSE_STEP: &str = "reverseStep";
    /// Step out of the current function.
    pub const STEP_OUT: &str = "stepOut";
    /// Step backward to the call of the current function.
    pub const REVERSE_STEP_OUT: &str = "reverseStepOut";
    /// Step one instruction.
    pub const STEP_INSTRUCTION: &str = "stepInstruction";
    /// Step one instruction, over calls.
    pub const NEXT_INSTRUCTION: &str = "nextInstruction";
    /// Step one instruction backward.
    pub const REVERSE_STEP_INSTRUCTION: &str = "reverseStepInstruction";
    /// Step one instruction backward, over calls.
    pub const REVERSE_NEXT_INSTRUCTION: &str = "reverseNextInstruction";
    /// Step into the call whose address is [`DebuggerCommand::expr`](super::DebuggerCommand::expr), one of
    /// [`Client::step_targets`](crate::Client::step_targets), and over all others. Not one of Delve's commands.
    pub const STEP_INTO_CALL: &str = "stepIntoCall";
    /// Step to the next source line, over calls.
    pub const NEXT: &str = "next";
    /// Step backward, over calls.
    pub const REVERSE_NEXT: &str = "reverseNext";
    /// Select a thread.
    pub const SWITCH_THREAD: &str = "switchThread";
    /// Select a goroutine.
    pub const SWITCH_GOROUTINE: &str = "switchGoroutine";
    /// Stop the target.
    pub const HALT: &str = "halt";
    /// Call a function.
    pub const CALL: &str = "call";
}

/// The values of [`DebuggerState::stop_reason`].
pub mod stop_reason {
    /// Just launched.
    pub const LAUNCHED: &str = "launched";
    /// Just attached to.
    pub const ATTACHED: &str = "attached";
    /// The process has exited.
    pub const EXITED: &str = "exited";
    /// At a breakpoint.
    pub const BREAKPOINT: &str = "breakpoint";
    /// At a breakpoint instruction of the program itself.
    pub const HARDCODED_BREAKPOINT: &str = "hardcoded breakpoint";
    /// Halted on request.
    pub const MANUAL: &str = "manual";
    /// A step is complete.
    pub const NEXT_FINISHED: &str = "next finished";
    /// An injected call has returned.
    pub const CALL_RETURNED: &str = "call returned";
    /// A watched value was accessed.
    pub const WATCHPOINT: &str = "watchpoint";
    /// A shared library was loaded.
    pub const SHARED_LIBRARY_LOADED: &str = "shared library loaded";
}
