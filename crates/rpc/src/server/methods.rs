//! The methods: what each takes, what it does to the session, what it answers.

use adit_api::requests::*;
use adit_api::{Client, ClientError, DebuggerCommand, HandleSignalIn, HandleSignalOut};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::reply::write_json;
use super::request_shapes as shapes;
use super::shape::Struct;

/// When a request is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// After those of its connection that came before, one at a time: it needs the target, and may have to wait for it to
    /// stop.
    InTurn,
    /// At once, whatever else is waiting.
    AtOnce,
}

/// What a method works on.
pub(super) struct Context<'a> {
    pub(super) session: &'a dyn Client,
    pub(super) multiclient: bool,
    /// Called when a command has been handed to the session, before its end is waited for.
    pub(super) begun: &'a dyn Fn(),
}

/// Carries a request out, and appends its result.
type Call = fn(&Context<'_>, Json, &mut Vec<u8>) -> Result<(), String>;

/// A method of the API.
pub(super) struct Method {
    /// Without `RPCServer.`.
    pub(super) name: &'static str,
    pub(super) shape: &'static Struct,
    pub(super) order: Order,
    pub(super) call: Call,
}

/// The method that a request names.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    let name = name.strip_prefix("RPCServer.")?;
    METHODS.binary_search_by(|method| method.name.cmp(name)).ok().map(|index| &METHODS[index])
}

fn answer<In: DeserializeOwned, Out: Serialize>(
    request: Json,
    out: &mut Vec<u8>,
    call: impl FnOnce(In) -> Result<Out, ClientError>,
) -> Result<(), String> {
    let request =
        serde_json::from_value(request).map_err(|error| format!("malformed request body: {error}"))?;
    let result = call(request).map_err(|error| error.0)?;
    write_json(out, &result).map_err(|error| format!("Internal debugger error: {error}"))
}

macro_rules! methods {
    ($($name:literal $shape:ident $order:ident |$context:ident, $request:ident: $In:ty| $call:expr;)*) => {
        /// Every method, by name.
        pub(super) static METHODS: &[Method] = &[$(Method {
            name: $name,
            shape: &shapes::$shape,
            order: Order::$order,
            call: |$context, request, out| answer(request, out, |$request: $In| $call),
        }),*];
    };
}

methods! {
    "AmendBreakpoint" AMEND_BREAKPOINT_IN InTurn |context, request: AmendBreakpointIn|
        context.session.amend_breakpoint(&request).map(|()| AmendBreakpointOut {});
    "Ancestors" ANCESTORS_IN InTurn |context, request: AncestorsIn|
        context.session.ancestors(&request).map(|ancestors| AncestorsOut { ancestors });
    "AttachedToExistingProcess" ATTACHED_TO_EXISTING_PROCESS_IN AtOnce |context, _request: AttachedToExistingProcessIn|
        Ok(AttachedToExistingProcessOut { answer: context.session.attached_to_existing_process() });
    "BuildID" BUILD_ID_IN InTurn |context, _request: BuildIdIn|
        context.session.build_id().map(|build_id| BuildIdOut { build_id });
    "CancelDownloads" CANCEL_DOWNLOADS_IN AtOnce |context, _request: CancelDownloadsIn|
        context.session.cancel_downloads().map(|()| CancelDownloadsOut {});
    "CancelNext" CANCEL_NEXT_IN InTurn |context, _request: CancelNextIn|
        context.session.cancel_next().map(|()| CancelNextOut {});
    "Checkpoint" CHECKPOINT_IN InTurn |context, request: CheckpointIn|
        context.session.checkpoint(&request.note).map(|id| CheckpointOut { id });
    "ClearBreakpoint" CLEAR_BREAKPOINT_IN InTurn |context, request: ClearBreakpointIn|
        context.session.clear_breakpoint(request.id, &request.name)
            .map(|breakpoint| ClearBreakpointOut { breakpoint: Some(breakpoint) });
    "ClearCheckpoint" CLEAR_CHECKPOINT_IN InTurn |context, request: ClearCheckpointIn|
        context.session.clear_checkpoint(request.id).map(|()| ClearCheckpointOut {});
    "Command" DEBUGGER_COMMAND AtOnce |context, request: DebuggerCommand|
        context.session.begin_command(&request, context.begun).map(|state| CommandOut { state });
    "CreateBreakpoint" CREATE_BREAKPOINT_IN InTurn |context, request: CreateBreakpointIn|
        context.session.create_breakpoint(&request).map(|breakpoint| CreateBreakpointOut { breakpoint });
    "CreateEBPFTracepoint" CREATE_EBPF_TRACEPOINT_IN InTurn |context, request: CreateEbpfTracepointIn|
        context.session.create_ebpf_tracepoint(&request.function_name)
            .map(|breakpoint| CreateEbpfTracepointOut { breakpoint });
    "CreateWatchpoint" CREATE_WATCHPOINT_IN InTurn |context, request: CreateWatchpointIn|
        context.session.create_watchpoint(&request).map(|breakpoint| CreateWatchpointOut { breakpoint });
    "DebugInfoDirectories" DEBUG_INFO_DIRECTORIES_IN AtOnce |context, request: DebugInfoDirectoriesIn|
        context.session.debug_info_directories(&request).map(|list| DebugInfoDirectoriesOut { list });
    "Detach" DETACH_IN AtOnce |context, request: DetachIn|
        context.session.detach(request.kill || !context.session.attached_to_existing_process())
            .map(|()| DetachOut {});
    "Disassemble" DISASSEMBLE_IN InTurn |context, request: DisassembleIn|
        context.session.disassemble(&request).map(|disassemble| DisassembleOut { disassemble });
    "DownloadLibraryDebugInfo" DOWNLOAD_LIBRARY_DEBUG_INFO_IN InTurn |context, request: DownloadLibraryDebugInfoIn|
        context.session.download_library_debug_info(request.n).map(|()| DownloadLibraryDebugInfoOut {});
    "DumpCancel" DUMP_CANCEL_IN AtOnce |context, _request: DumpCancelIn|
        context.session.dump_cancel().map(|()| DumpCancelOut {});
    "DumpStart" DUMP_START_IN InTurn |context, request: DumpStartIn|
        context.session.dump_start(&request.destination).map(|state| DumpStartOut { state });
    "DumpWait" DUMP_WAIT_IN AtOnce |context, request: DumpWaitIn|
        context.session.dump_wait(request.wait).map(|state| DumpWaitOut { state });
    "Eval" EVAL_IN InTurn |context, request: EvalIn|
        context.session.eval(request.scope, &request.expr, request.cfg)
            .map(|variable| EvalOut { variable: Some(variable) });
    "ExamineMemory" EXAMINE_MEMORY_IN InTurn |context, request: ExamineMemoryIn|
        context.session.examine_memory(request.address, request.length)
            .map(|(mem, is_little_endian)| ExaminedMemoryOut { mem, is_little_endian });
    "FindLocation" FIND_LOCATION_IN InTurn |context, request: FindLocationIn|
        context.session.find_location(&request);
    "FollowExec" FOLLOW_EXEC_IN InTurn |context, request: FollowExecIn|
        context.session.follow_exec(&request).map(|()| FollowExecOut {});
    "FollowExecEnabled" FOLLOW_EXEC_ENABLED_IN InTurn |context, _request: FollowExecEnabledIn|
        Ok(FollowExecEnabledOut { enabled: context.session.follow_exec_enabled() });
    "FunctionReturnLocations" FUNCTION_RETURN_LOCATIONS_IN InTurn |context, request: FunctionReturnLocationsIn|
        context.session.function_return_locations(&request.fn_name)
            .map(|addrs| FunctionReturnLocationsOut { addrs });
    "GetBreakpoint" GET_BREAKPOINT_IN InTurn |context, request: GetBreakpointIn|
        context.session.get_breakpoint(request.id, &request.name)
            .map(|breakpoint| GetBreakpointOut { breakpoint });
    "GetBufferedTracepoints" GET_BUFFERED_TRACEPOINTS_IN InTurn |context, request: GetBufferedTracepointsIn|
        context.session.get_buffered_tracepoints(&request)
            .map(|tracepoint_results| GetBufferedTracepointsOut { tracepoint_results });
    "GetEvents" GET_EVENTS_IN AtOnce |context, _request: GetEventsIn|
        context.session.get_events().map(|events| GetEventsOut { events });
    "GetThread" GET_THREAD_IN InTurn |context, request: GetThreadIn|
        context.session.get_thread(request.id).map(|thread| GetThreadOut { thread: Some(thread) });
    "GetVersion" GET_VERSION_IN AtOnce |context, _request: GetVersionIn|
        context.session.get_version();
    "GuessSubstitutePath" GUESS_SUBSTITUTE_PATH_IN InTurn |context, request: GuessSubstitutePathIn|
        context.session.guess_substitute_path(&request.args).map(|list| GuessSubstitutePathOut { list });
    "HandleSignal" HANDLE_SIGNAL_IN InTurn |context, request: HandleSignalIn|
        context.session.handle_signal(&request).map(|signals| HandleSignalOut { signals });
    "IsMulticlient" IS_MULTICLIENT_IN AtOnce |context, _request: IsMulticlientIn|
        Ok(IsMulticlientOut { is_multiclient: context.multiclient });
    "LastModified" LAST_MODIFIED_IN InTurn |context, _request: LastModifiedIn|
        context.session.last_modified().map(|time| LastModifiedOut { time });
    "ListBreakpoints" LIST_BREAKPOINTS_IN InTurn |context, request: ListBreakpointsIn|
        context.session.list_breakpoints(request.all).map(|breakpoints| ListBreakpointsOut { breakpoints });
    "ListCheckpoints" LIST_CHECKPOINTS_IN InTurn |context, _request: ListCheckpointsIn|
        context.session.list_checkpoints().map(|checkpoints| ListCheckpointsOut { checkpoints });
    "ListDynamicLibraries" LIST_DYNAMIC_LIBRARIES_IN InTurn |context, _request: ListDynamicLibrariesIn|
        context.session.list_dynamic_libraries();
    "ListFunctionArgs" LIST_FUNCTION_ARGS_IN InTurn |context, request: ListFunctionArgsIn|
        context.session.list_function_args(request.scope, request.cfg)
            .map(|args| ListFunctionArgsOut { args });
    "ListFunctions" LIST_FUNCTIONS_IN InTurn |context, request: ListFunctionsIn|
        context.session.list_functions(&request.filter, request.follow_calls)
            .map(|funcs| ListFunctionsOut { funcs });
    "ListGoroutines" LIST_GOROUTINES_IN InTurn |context, request: ListGoroutinesIn|
        context.session.list_goroutines(&request);
    "ListLocalVars" LIST_LOCAL_VARS_IN InTurn |context, request: ListLocalVarsIn|
        context.session.list_local_vars(request.scope, request.cfg)
            .map(|variables| ListLocalVarsOut { variables });
    "ListPackageVars" LIST_PACKAGE_VARS_IN InTurn |context, request: ListPackageVarsIn|
        context.session.list_package_vars(&request.filter, request.cfg)
            .map(|variables| ListPackageVarsOut { variables });
    "ListPackagesBuildInfo" LIST_PACKAGES_BUILD_INFO_IN InTurn |context, request: ListPackagesBuildInfoIn|
        context.session.list_packages_build_info(&request).map(|list| ListPackagesBuildInfoOut { list });
    "ListRegisters" LIST_REGISTERS_IN InTurn |context, request: ListRegistersIn|
        context.session.list_registers(&request);
    "ListSources" LIST_SOURCES_IN InTurn |context, request: ListSourcesIn|
        context.session.list_sources(&request.filter).map(|sources| ListSourcesOut { sources });
    "ListTargets" LIST_TARGETS_IN InTurn |context, _request: ListTargetsIn|
        context.session.list_targets().map(|targets| ListTargetsOut { targets });
    "ListThreads" LIST_THREADS_IN InTurn |context, _request: ListThreadsIn|
        context.session.list_threads().map(|threads| ListThreadsOut { threads });
    "ListTypes" LIST_TYPES_IN InTurn |context, request: ListTypesIn|
        context.session.list_types(&request.filter).map(|types| ListTypesOut { types });
    "ProcessPid" PROCESS_PID_IN InTurn |context, _request: ProcessPidIn|
        context.session.process_pid().map(|pid| ProcessPidOut { pid });
    "ProgramInfo" PROGRAM_INFO_IN InTurn |context, _request: ProgramInfoIn|
        context.session.program_info().map(|info| ProgramInfoOut { info });
    "Recorded" RECORDED_IN InTurn |context, _request: RecordedIn|
        context.session.recorded();
    "Restart" RESTART_IN AtOnce |context, request: RestartIn|
        context.session.restart(&request)
            .map(|discarded_breakpoints| RestartOut { discarded_breakpoints });
    "Set" SET_IN InTurn |context, request: SetIn|
        context.session.set(request.scope, &request.symbol, &request.value).map(|()| SetOut {});
    "SetApiVersion" SET_API_VERSION_IN AtOnce |context, request: SetApiVersionIn|
        context.session.set_api_version(request.api_version).map(|()| SetApiVersionOut {});
    "Stacktrace" STACKTRACE_IN InTurn |context, request: StacktraceIn|
        context.session.stacktrace(&request).map(|locations| StacktraceOut { locations });
    "State" STATE_IN AtOnce |context, request: StateIn|
        context.session.state(request.non_blocking).map(|state| StateOut { state: Some(state) });
    "StopRecording" STOP_RECORDING_IN AtOnce |context, _request: StopRecordingIn|
        context.session.stop_recording().map(|()| StopRecordingOut {});
    "ToggleBreakpoint" TOGGLE_BREAKPOINT_IN InTurn |context, request: ToggleBreakpointIn|
        context.session.toggle_breakpoint(request.id, &request.name)
            .map(|breakpoint| ToggleBreakpointOut { breakpoint: Some(breakpoint) });
    "TypeInfo" TYPE_INFO_IN InTurn |context, request: TypeInfoIn|
        context.session.type_info(&request.name)
            .map(|type_info| TypeInfoOut { type_info: Some(type_info) });
    "TypeLayout" TYPE_LAYOUT_IN InTurn |context, request: TypeLayoutIn|
        context.session.type_layout(&request).map(|layout| TypeLayoutOut { layout });
}
