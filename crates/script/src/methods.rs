//! The methods of the API, each a builtin of scripts.

use adit_api::requests as r;
use adit_api::{Client, ClientError, DebuggerCommand, DebuggerState, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// What an argument is when it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Default {
    /// Its type's zero.
    Zero,
    /// The scope that commands apply to.
    Scope,
    /// What `print` loads.
    LoadConfig,
}

/// Has a client answer a request.
type Call = fn(&dyn Client, Json) -> Result<Json>;

/// A method of the API.
pub(crate) struct Method {
    /// What scripts call it.
    pub(crate) name: &'static str,
    /// The types of the request and of the reply, in the table of types.
    pub(crate) request: &'static str,
    pub(crate) reply: &'static str,
    /// What it does, for `help`.
    pub(crate) help: &'static str,
    /// How it is called; `None` for the one that resumes the target.
    pub(crate) call: Option<Call>,
}

impl Method {
    /// What the argument of that name is when it is not given.
    pub(crate) fn default(&self, argument: &str) -> Default {
        match (self.name, argument) {
            // Stacktrace has the debugger's own default, and only with Full.
            ("stacktrace", _) => Default::Zero,
            (_, "Scope" | "EvalScope") => Default::Scope,
            (_, "Cfg" | "LoadCfg" | "ReturnInfoLoadConfig") => Default::LoadConfig,
            _ => Default::Zero,
        }
    }
}

fn request<T: DeserializeOwned>(json: Json) -> Result<T> {
    serde_json::from_value(json).map_err(|error| ClientError(error.to_string()))
}

fn reply<T: Serialize>(reply: T) -> Result<Json> {
    serde_json::to_value(reply).map_err(|error| ClientError(error.to_string()))
}

/// A line of the table: the builtin, what it does, the types of request and reply, and how a client is asked.
macro_rules! method {
    ($name:literal, $help:literal, $in:ident as $in_name:literal, $out_name:literal,
     |$client:ident, $request:ident| $body:expr) => {
        Method {
            name: $name,
            request: $in_name,
            reply: $out_name,
            help: $help,
            call: Some(|$client, json| {
                let $request: r::$in = request(json)?;
                reply($body)
            }),
        }
    };
}

/// The method by which scripts resume the target, whose arguments are those of a command.
pub(crate) const RAW_COMMAND: &str = "raw_command";

/// All methods, by the names that scripts call them.
pub(crate) const METHODS: &[Method] = &[
    method!("amend_breakpoint", "Replaces the attributes of a breakpoint, enabling or disabling it.", AmendBreakpointIn as "rpc2.AmendBreakpointIn", "rpc2.AmendBreakpointOut", |c, q| c.amend_breakpoint(&q).map(|()| r::AmendBreakpointOut {})?),
    method!("ancestors", "The stacks of the goroutines that created a goroutine.", AncestorsIn as "rpc2.AncestorsIn", "rpc2.AncestorsOut", |c, q| r::AncestorsOut { ancestors: c.ancestors(&q)? }),
    method!("attached_to_existing_process", "Whether the target was attached to by its process id.", AttachedToExistingProcessIn as "rpc2.AttachedToExistingProcessIn", "rpc2.AttachedToExistingProcessOut", |c, _q| r::AttachedToExistingProcessOut { answer: c.attached_to_existing_process() }),
    method!("breakpoints", "The breakpoints.", ListBreakpointsIn as "rpc2.ListBreakpointsIn", "rpc2.ListBreakpointsOut", |c, q| r::ListBreakpointsOut { breakpoints: c.list_breakpoints(q.all)? }),
    method!("build_id", "The build ID of the image that contains the current PC.", BuildIdIn as "rpc2.BuildIDIn", "rpc2.BuildIDOut", |c, _q| r::BuildIdOut { build_id: c.build_id()? }),
    method!("cancel_next", "Drops the stepping breakpoints of an interrupted step.", CancelNextIn as "rpc2.CancelNextIn", "rpc2.CancelNextOut", |c, _q| c.cancel_next().map(|()| r::CancelNextOut {})?),
    method!("checkpoint", "Marks the current position of a recording.", CheckpointIn as "rpc2.CheckpointIn", "rpc2.CheckpointOut", |c, q| r::CheckpointOut { id: c.checkpoint(&q.note)? }),
    method!("checkpoints", "The marks set in a recording.", ListCheckpointsIn as "rpc2.ListCheckpointsIn", "rpc2.ListCheckpointsOut", |c, _q| r::ListCheckpointsOut { checkpoints: c.list_checkpoints()? }),
    method!("clear_breakpoint", "Removes a breakpoint, by its name or else its id.", ClearBreakpointIn as "rpc2.ClearBreakpointIn", "rpc2.ClearBreakpointOut", |c, q| r::ClearBreakpointOut { breakpoint: Some(c.clear_breakpoint(q.id, &q.name)?) }),
    method!("clear_checkpoint", "Removes a mark from a recording.", ClearCheckpointIn as "rpc2.ClearCheckpointIn", "rpc2.ClearCheckpointOut", |c, q| c.clear_checkpoint(q.id).map(|()| r::ClearCheckpointOut {})?),
    method!("create_breakpoint", "Sets a breakpoint.", CreateBreakpointIn as "rpc2.CreateBreakpointIn", "rpc2.CreateBreakpointOut", |c, q| r::CreateBreakpointOut { breakpoint: c.create_breakpoint(&q)? }),
    method!("create_ebpf_tracepoint", "Sets a tracepoint that runs inside the kernel.", CreateEbpfTracepointIn as "rpc2.CreateEBPFTracepointIn", "rpc2.CreateEBPFTracepointOut", |c, q| r::CreateEbpfTracepointOut { breakpoint: c.create_ebpf_tracepoint(&q.function_name)? }),
    method!("create_watchpoint", "Sets a hardware watchpoint.", CreateWatchpointIn as "rpc2.CreateWatchpointIn", "rpc2.CreateWatchpointOut", |c, q| r::CreateWatchpointOut { breakpoint: c.create_watchpoint(&q)? }),
    method!("debug_info_directories", "The folders searched for separate debug information.", DebugInfoDirectoriesIn as "rpc2.DebugInfoDirectoriesIn", "rpc2.DebugInfoDirectoriesOut", |c, q| r::DebugInfoDirectoriesOut { list: c.debug_info_directories(&q)? }),
    method!("detach", "Lets go of the target.", DetachIn as "rpc2.DetachIn", "rpc2.DetachOut", |c, q| c.detach(q.kill).map(|()| r::DetachOut {})?),
    method!("disassemble", "The instructions of a function or of a range of addresses.", DisassembleIn as "rpc2.DisassembleIn", "rpc2.DisassembleOut", |c, q| r::DisassembleOut { disassemble: c.disassemble(&q)? }),
    method!("dump_cancel", "Stops writing the core file.", DumpCancelIn as "rpc2.DumpCancelIn", "rpc2.DumpCancelOut", |c, _q| c.dump_cancel().map(|()| r::DumpCancelOut {})?),
    method!("dump_start", "Starts writing a core file.", DumpStartIn as "rpc2.DumpStartIn", "rpc2.DumpStartOut", |c, q| r::DumpStartOut { state: c.dump_start(&q.destination)? }),
    method!("dump_wait", "Waits for the core file, and says how far it is.", DumpWaitIn as "rpc2.DumpWaitIn", "rpc2.DumpWaitOut", |c, q| r::DumpWaitOut { state: c.dump_wait(q.wait)? }),
    method!("dynamic_libraries", "The images mapped into the target, without the executable.", ListDynamicLibrariesIn as "rpc2.ListDynamicLibrariesIn", "rpc2.ListDynamicLibrariesOut", |c, _q| c.list_dynamic_libraries()?),
    method!("eval", "Evaluates an expression.", EvalIn as "rpc2.EvalIn", "rpc2.EvalOut", |c, q| r::EvalOut { variable: Some(c.eval(q.scope, &q.expr, q.cfg)?) }),
    method!("examine_memory", "Reads memory.", ExamineMemoryIn as "rpc2.ExamineMemoryIn", "rpc2.ExaminedMemoryOut", |c, q| {
        let (mem, is_little_endian) = c.examine_memory(q.address, q.length)?;
        r::ExaminedMemoryOut { mem, is_little_endian }
    }),
    method!("find_location", "Resolves a location.", FindLocationIn as "rpc2.FindLocationIn", "rpc2.FindLocationOut", |c, q| c.find_location(&q)?),
    method!("follow_exec", "Whether processes started by the target are to be debugged too.", FollowExecIn as "rpc2.FollowExecIn", "rpc2.FollowExecOut", |c, q| c.follow_exec(&q).map(|()| r::FollowExecOut {})?),
    method!("follow_exec_enabled", "Whether processes started by the target are debugged too.", FollowExecEnabledIn as "rpc2.FollowExecEnabledIn", "rpc2.FollowExecEnabledOut", |c, _q| r::FollowExecEnabledOut { enabled: c.follow_exec_enabled() }),
    method!("function_args", "The arguments and results of a frame.", ListFunctionArgsIn as "rpc2.ListFunctionArgsIn", "rpc2.ListFunctionArgsOut", |c, q| r::ListFunctionArgsOut { args: c.list_function_args(q.scope, q.cfg)? }),
    method!("function_return_locations", "Where a function returns.", FunctionReturnLocationsIn as "rpc2.FunctionReturnLocationsIn", "rpc2.FunctionReturnLocationsOut", |c, q| r::FunctionReturnLocationsOut { addrs: c.function_return_locations(&q.fn_name)? }),
    method!("functions", "The functions whose name matches a regular expression.", ListFunctionsIn as "rpc2.ListFunctionsIn", "rpc2.ListFunctionsOut", |c, q| r::ListFunctionsOut { funcs: c.list_functions(&q.filter, q.follow_calls)? }),
    method!("get_breakpoint", "The breakpoint of that name, or else of that id.", GetBreakpointIn as "rpc2.GetBreakpointIn", "rpc2.GetBreakpointOut", |c, q| r::GetBreakpointOut { breakpoint: c.get_breakpoint(q.id, &q.name)? }),
    method!("get_buffered_tracepoints", "Hits of kernel tracepoints since the last call.", GetBufferedTracepointsIn as "rpc2.GetBufferedTracepointsIn", "rpc2.GetBufferedTracepointsOut", |c, q| r::GetBufferedTracepointsOut { tracepoint_results: c.get_buffered_tracepoints(&q)? }),
    method!("get_thread", "The thread of that id.", GetThreadIn as "rpc2.GetThreadIn", "rpc2.GetThreadOut", |c, q| r::GetThreadOut { thread: Some(c.get_thread(q.id)?) }),
    method!("goroutines", "The goroutines that pass the filters.", ListGoroutinesIn as "rpc2.ListGoroutinesIn", "rpc2.ListGoroutinesOut", |c, q| c.list_goroutines(&q)?),
    method!("guess_substitute_path", "Pairs of server and client folders, guessed from where the client's modules are.", GuessSubstitutePathIn as "rpc2.GuessSubstitutePathIn", "rpc2.GuessSubstitutePathOut", |c, q| r::GuessSubstitutePathOut { list: c.guess_substitute_path(&q.args)? }),
    method!("is_multiclient", "Whether the server accepts several clients.", IsMulticlientIn as "rpc2.IsMulticlientIn", "rpc2.IsMulticlientOut", |c, _q| r::IsMulticlientOut { is_multiclient: c.is_multiclient() }),
    method!("last_modified", "When the executable was last changed.", LastModifiedIn as "rpc2.LastModifiedIn", "rpc2.LastModifiedOut", |c, _q| r::LastModifiedOut { time: c.last_modified()? }),
    method!("local_vars", "The local variables of a frame.", ListLocalVarsIn as "rpc2.ListLocalVarsIn", "rpc2.ListLocalVarsOut", |c, q| r::ListLocalVarsOut { variables: c.list_local_vars(q.scope, q.cfg)? }),
    method!("package_vars", "The package variables whose name matches a regular expression.", ListPackageVarsIn as "rpc2.ListPackageVarsIn", "rpc2.ListPackageVarsOut", |c, q| r::ListPackageVarsOut { variables: c.list_package_vars(&q.filter, q.cfg)? }),
    method!("packages_build_info", "The packages of the program.", ListPackagesBuildInfoIn as "rpc2.ListPackagesBuildInfoIn", "rpc2.ListPackagesBuildInfoOut", |c, q| r::ListPackagesBuildInfoOut { list: c.list_packages_build_info(&q)? }),
    method!("process_pid", "The process id of the selected target.", ProcessPidIn as "rpc2.ProcessPidIn", "rpc2.ProcessPidOut", |c, _q| r::ProcessPidOut { pid: c.process_pid()? }),
    Method {
        name: RAW_COMMAND,
        request: "api.DebuggerCommand",
        reply: "rpc2.CommandOut",
        help: "Resumes, steps, switches or calls; see api.DebuggerCommand.",
        call: None,
    },
    method!("recorded", "Whether the target is a recording.", RecordedIn as "rpc2.RecordedIn", "rpc2.RecordedOut", |c, _q| c.recorded()?),
    method!("registers", "The registers of a thread or of a frame.", ListRegistersIn as "rpc2.ListRegistersIn", "rpc2.ListRegistersOut", |c, q| c.list_registers(&q)?),
    method!("restart", "Starts the target again.", RestartIn as "rpc2.RestartIn", "rpc2.RestartOut", |c, q| r::RestartOut { discarded_breakpoints: c.restart(&q)? }),
    method!("set_expr", "Assigns to an expression.", SetIn as "rpc2.SetIn", "rpc2.SetOut", |c, q| c.set(q.scope, &q.symbol, &q.value).map(|()| r::SetOut {})?),
    method!("sources", "The source files whose path matches a regular expression.", ListSourcesIn as "rpc2.ListSourcesIn", "rpc2.ListSourcesOut", |c, q| r::ListSourcesOut { sources: c.list_sources(&q.filter)? }),
    method!("stacktrace", "The frames of a goroutine.", StacktraceIn as "rpc2.StacktraceIn", "rpc2.StacktraceOut", |c, q| r::StacktraceOut { locations: c.stacktrace(&q)? }),
    method!("state", "What the target is doing.", StateIn as "rpc2.StateIn", "rpc2.StateOut", |c, q| r::StateOut { state: Some(c.state(q.non_blocking)?) }),
    method!("targets", "The processes of the session.", ListTargetsIn as "rpc2.ListTargetsIn", "rpc2.ListTargetsOut", |c, _q| r::ListTargetsOut { targets: c.list_targets()? }),
    method!("threads", "The threads.", ListThreadsIn as "rpc2.ListThreadsIn", "rpc2.ListThreadsOut", |c, _q| r::ListThreadsOut { threads: c.list_threads()? }),
    method!("toggle_breakpoint", "Enables or disables a breakpoint, by its name or else its id.", ToggleBreakpointIn as "rpc2.ToggleBreakpointIn", "rpc2.ToggleBreakpointOut", |c, q| r::ToggleBreakpointOut { breakpoint: Some(c.toggle_breakpoint(q.id, &q.name)?) }),
    method!("type_info", "What is known of a type.", TypeInfoIn as "rpc2.TypeInfoIn", "rpc2.TypeInfoOut", |c, q| r::TypeInfoOut { type_info: Some(c.type_info(&q.name)?) }),
    method!("types", "The types whose name matches a regular expression.", ListTypesIn as "rpc2.ListTypesIn", "rpc2.ListTypesOut", |c, q| r::ListTypesOut { types: c.list_types(&q.filter)? }),
];

/// The reply of the method that resumes the target.
pub(crate) fn command_reply(state: DebuggerState) -> Result<Json> {
    reply(r::CommandOut { state })
}

/// The request of the method that resumes the target.
pub(crate) fn command_request(json: Json) -> Result<DebuggerCommand> {
    request(json)
}
