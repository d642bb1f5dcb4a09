//! Each method of a session as the request that it is.

use adit_api::requests::*;
use adit_api::{
    Ancestor, AsmInstruction, Breakpoint, Checkpoint, Client, ClientError, DebuggerCommand, DebuggerState,
    DiscardedBreakpoint, DumpState, EvalScope, Event, GuessSubstitutePathArgs, HandleSignalIn,
    HandleSignalOut, LoadConfig, PackageBuildInfo, ProgramInfo, Result, SignalHandling, Stackframe, Target,
    Thread, TracepointResult, TypeInfo, TypeLayout, Variable,
};

use super::RemoteClient;

/// A reply without what it is about.
fn missing(what: &str) -> ClientError {
    ClientError(format!("the server answered without {what}"))
}

/// The text with which [`Client`]s refuse what they cannot do.
fn refusal<T>(text: &str) -> Result<T> {
    Err(ClientError(text.to_owned()))
}

impl Client for RemoteClient {
    fn state(&self, non_blocking: bool) -> Result<DebuggerState> {
        self.call::<StateOut>("State", &StateIn { non_blocking })?.state.ok_or_else(|| missing("a state"))
    }

    fn command(&self, command: &DebuggerCommand) -> Result<DebuggerState> {
        self.call::<CommandOut>("Command", command).map(|out| out.state)
    }

    fn command_and_leave(&self, command: &DebuggerCommand) -> Result<()> {
        self.connection.send("Command", command, None)
    }

    fn restart(&self, request: &RestartIn) -> Result<Vec<DiscardedBreakpoint>> {
        self.call::<RestartOut>("Restart", request).map(|out| out.discarded_breakpoints)
    }

    fn detach(&self, kill: bool) -> Result<()> {
        self.call::<DetachOut>("Detach", &DetachIn { kill }).map(|_| ())
    }

    fn process_pid(&self) -> Result<i64> {
        self.call::<ProcessPidOut>("ProcessPid", &ProcessPidIn {}).map(|out| out.pid)
    }

    fn cancel_next(&self) -> Result<()> {
        self.call::<CancelNextOut>("CancelNext", &CancelNextIn {}).map(|_| ())
    }

    fn create_breakpoint(&self, request: &CreateBreakpointIn) -> Result<Breakpoint> {
        self.call::<CreateBreakpointOut>("CreateBreakpoint", request).map(|out| out.breakpoint)
    }

    fn create_watchpoint(&self, request: &CreateWatchpointIn) -> Result<Breakpoint> {
        self.call::<CreateWatchpointOut>("CreateWatchpoint", request).map(|out| out.breakpoint)
    }

    fn amend_breakpoint(&self, request: &AmendBreakpointIn) -> Result<()> {
        self.call::<AmendBreakpointOut>("AmendBreakpoint", request).map(|_| ())
    }

    fn clear_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let request = ClearBreakpointIn { id, name: name.to_owned() };
        let cleared = self.call::<ClearBreakpointOut>("ClearBreakpoint", &request)?.breakpoint;
        cleared.ok_or_else(|| missing("the breakpoint"))
    }

    fn toggle_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let request = ToggleBreakpointIn { id, name: name.to_owned() };
        let toggled = self.call::<ToggleBreakpointOut>("ToggleBreakpoint", &request)?.breakpoint;
        toggled.ok_or_else(|| missing("the breakpoint"))
    }

    fn get_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let request = GetBreakpointIn { id, name: name.to_owned() };
        self.call::<GetBreakpointOut>("GetBreakpoint", &request).map(|out| out.breakpoint)
    }

    fn list_breakpoints(&self, all: bool) -> Result<Vec<Breakpoint>> {
        self.call::<ListBreakpointsOut>("ListBreakpoints", &ListBreakpointsIn { all })
            .map(|out| out.breakpoints)
    }

    fn create_ebpf_tracepoint(&self, function: &str) -> Result<Breakpoint> {
        let request = CreateEbpfTracepointIn { function_name: function.to_owned() };
        self.call::<CreateEbpfTracepointOut>("CreateEBPFTracepoint", &request).map(|out| out.breakpoint)
    }

    fn get_buffered_tracepoints(&self, request: &GetBufferedTracepointsIn) -> Result<Vec<TracepointResult>> {
        self.call::<GetBufferedTracepointsOut>("GetBufferedTracepoints", request)
            .map(|out| out.tracepoint_results)
    }

    fn eval(&self, scope: EvalScope, expr: &str, cfg: Option<LoadConfig>) -> Result<Variable> {
        let request = EvalIn { scope, expr: expr.to_owned(), cfg };
        self.call::<EvalOut>("Eval", &request)?.variable.ok_or_else(|| missing("a value"))
    }

    fn set(&self, scope: EvalScope, symbol: &str, value: &str) -> Result<()> {
        let request = SetIn { scope, symbol: symbol.to_owned(), value: value.to_owned() };
        self.call::<SetOut>("Set", &request).map(|_| ())
    }

    fn list_local_vars(&self, scope: EvalScope, cfg: LoadConfig) -> Result<Vec<Variable>> {
        self.call::<ListLocalVarsOut>("ListLocalVars", &ListLocalVarsIn { scope, cfg })
            .map(|out| out.variables)
    }

    fn list_function_args(&self, scope: EvalScope, cfg: LoadConfig) -> Result<Vec<Variable>> {
        self.call::<ListFunctionArgsOut>("ListFunctionArgs", &ListFunctionArgsIn { scope, cfg })
            .map(|out| out.args)
    }

    fn list_package_vars(&self, filter: &str, cfg: LoadConfig) -> Result<Vec<Variable>> {
        let request = ListPackageVarsIn { filter: filter.to_owned(), cfg };
        self.call::<ListPackageVarsOut>("ListPackageVars", &request).map(|out| out.variables)
    }

    fn type_info(&self, name: &str) -> Result<TypeInfo> {
        let request = TypeInfoIn { name: name.to_owned() };
        let otherwise = || refusal("no type entry found, use 'types' for a list of valid types");
        let found = self.call_if_known::<TypeInfoOut>("TypeInfo", &request, otherwise)?;
        found.type_info.ok_or_else(|| missing("a type"))
    }

    fn list_registers(&self, request: &ListRegistersIn) -> Result<ListRegistersOut> {
        self.call("ListRegisters", request)
    }

    fn examine_memory(&self, address: u64, length: i64) -> Result<(Vec<u8>, bool)> {
        self.call::<ExaminedMemoryOut>("ExamineMemory", &ExamineMemoryIn { address, length })
            .map(|out| (out.mem, out.is_little_endian))
    }

    fn disassemble(&self, request: &DisassembleIn) -> Result<Vec<AsmInstruction>> {
        self.call::<DisassembleOut>("Disassemble", request).map(|out| out.disassemble)
    }

    fn stacktrace(&self, request: &StacktraceIn) -> Result<Vec<Stackframe>> {
        self.call::<StacktraceOut>("Stacktrace", request).map(|out| out.locations)
    }

    fn ancestors(&self, request: &AncestorsIn) -> Result<Vec<Ancestor>> {
        self.call::<AncestorsOut>("Ancestors", request).map(|out| out.ancestors)
    }

    fn list_goroutines(&self, request: &ListGoroutinesIn) -> Result<ListGoroutinesOut> {
        self.call("ListGoroutines", request)
    }

    fn list_threads(&self) -> Result<Vec<Thread>> {
        self.call::<ListThreadsOut>("ListThreads", &ListThreadsIn {}).map(|out| out.threads)
    }

    fn get_thread(&self, id: i64) -> Result<Thread> {
        let found = self.call::<GetThreadOut>("GetThread", &GetThreadIn { id })?.thread;
        found.ok_or_else(|| missing("the thread"))
    }

    fn find_location(&self, request: &FindLocationIn) -> Result<FindLocationOut> {
        self.call("FindLocation", request)
    }

    fn function_return_locations(&self, function: &str) -> Result<Vec<u64>> {
        let request = FunctionReturnLocationsIn { fn_name: function.to_owned() };
        self.call::<FunctionReturnLocationsOut>("FunctionReturnLocations", &request).map(|out| out.addrs)
    }

    fn list_sources(&self, filter: &str) -> Result<Vec<String>> {
        let request = ListSourcesIn { filter: filter.to_owned() };
        self.call::<ListSourcesOut>("ListSources", &request).map(|out| out.sources)
    }

    fn list_functions(&self, filter: &str, follow_calls: i64) -> Result<Vec<String>> {
        let request = ListFunctionsIn { filter: filter.to_owned(), follow_calls };
        self.call::<ListFunctionsOut>("ListFunctions", &request).map(|out| out.funcs)
    }

    fn list_types(&self, filter: &str) -> Result<Vec<String>> {
        let request = ListTypesIn { filter: filter.to_owned() };
        self.call::<ListTypesOut>("ListTypes", &request).map(|out| out.types)
    }

    fn list_packages_build_info(&self, request: &ListPackagesBuildInfoIn) -> Result<Vec<PackageBuildInfo>> {
        self.call::<ListPackagesBuildInfoOut>("ListPackagesBuildInfo", request).map(|out| out.list)
    }

    fn list_dynamic_libraries(&self) -> Result<ListDynamicLibrariesOut> {
        self.call("ListDynamicLibraries", &ListDynamicLibrariesIn {})
    }

    fn download_library_debug_info(&self, n: i64) -> Result<()> {
        let request = DownloadLibraryDebugInfoIn { n };
        let otherwise = || refusal("no debug information could be found for this library");
        self.call_if_known::<DownloadLibraryDebugInfoOut>("DownloadLibraryDebugInfo", &request, otherwise)
            .map(|_| ())
    }

    fn cancel_downloads(&self) -> Result<()> {
        let otherwise = || Ok(CancelDownloadsOut {});
        self.call_if_known("CancelDownloads", &CancelDownloadsIn {}, otherwise).map(|_| ())
    }

    /// A server that knows nothing of them looks nowhere else than it did.
    fn debug_info_directories(&self, request: &DebugInfoDirectoriesIn) -> Result<Vec<String>> {
        let otherwise = || Ok(DebugInfoDirectoriesOut { list: request.list.clone() });
        self.call_if_known("DebugInfoDirectories", request, otherwise).map(|out| out.list)
    }

    fn guess_substitute_path(&self, args: &GuessSubstitutePathArgs) -> Result<Vec<[String; 2]>> {
        let request = GuessSubstitutePathIn { args: args.clone() };
        let otherwise = || Ok(GuessSubstitutePathOut::default());
        self.call_if_known("GuessSubstitutePath", &request, otherwise).map(|out| out.list)
    }

    fn program_info(&self) -> Result<ProgramInfo> {
        let otherwise = || refusal("the server does not tell how the program was built");
        self.call_if_known::<ProgramInfoOut>("ProgramInfo", &ProgramInfoIn {}, otherwise).map(|out| out.info)
    }

    fn handle_signal(&self, request: &HandleSignalIn) -> Result<Vec<SignalHandling>> {
        let otherwise = || refusal("the server does not let signals be handled");
        self.call_if_known::<HandleSignalOut>("HandleSignal", request, otherwise).map(|out| out.signals)
    }

    fn type_layout(&self, request: &TypeLayoutIn) -> Result<TypeLayout> {
        let otherwise = || refusal("the server does not tell how types are laid out");
        self.call_if_known::<TypeLayoutOut>("TypeLayout", request, otherwise).map(|out| out.layout)
    }

    fn build_id(&self) -> Result<String> {
        self.call::<BuildIdOut>("BuildID", &BuildIdIn {}).map(|out| out.build_id)
    }

    fn last_modified(&self) -> Result<String> {
        self.call::<LastModifiedOut>("LastModified", &LastModifiedIn {}).map(|out| out.time)
    }

    fn get_version(&self) -> Result<GetVersionOut> {
        self.call("GetVersion", &GetVersionIn {})
    }

    fn set_api_version(&self, version: i64) -> Result<()> {
        let request =
            SetApiVersionIn { api_version: version, readable_texts: true, ..SetApiVersionIn::default() };
        self.call::<SetApiVersionOut>("SetApiVersion", &request).map(|_| ())
    }

    fn is_multiclient(&self) -> bool {
        self.learn(&self.is_multiclient, || {
            self.call::<IsMulticlientOut>("IsMulticlient", &IsMulticlientIn {}).map(|out| out.is_multiclient)
        })
    }

    fn attached_to_existing_process(&self) -> bool {
        self.learn(&self.is_attached, || {
            self.call::<AttachedToExistingProcessOut>(
                "AttachedToExistingProcess",
                &AttachedToExistingProcessIn {},
            )
            .map(|out| out.answer)
        })
    }

    /// A server that knows of one process only says so by its state.
    fn list_targets(&self) -> Result<Vec<Target>> {
        let only = || {
            let state = self.state(false)?;
            let pid = if state.pid == 0 { self.process_pid()? } else { state.pid };
            let (cmd_line, current_thread) = (state.target_command_line, state.current_thread);
            Ok(ListTargetsOut { targets: vec![Target { pid, cmd_line, current_thread }] })
        };
        self.call_if_known("ListTargets", &ListTargetsIn {}, only).map(|out| out.targets)
    }

    fn follow_exec(&self, request: &FollowExecIn) -> Result<()> {
        let otherwise = || refusal("the server does not follow child processes");
        self.call_if_known::<FollowExecOut>("FollowExec", request, otherwise).map(|_| ())
    }

    fn follow_exec_enabled(&self) -> bool {
        let asked = self.call::<FollowExecEnabledOut>("FollowExecEnabled", &FollowExecEnabledIn {});
        asked.is_ok_and(|out| out.enabled)
    }

    fn get_events(&self) -> Result<Vec<Event>> {
        let otherwise = || Ok(GetEventsOut::default());
        self.call_if_known("GetEvents", &GetEventsIn {}, otherwise).map(|out| out.events)
    }

    fn recorded(&self) -> Result<RecordedOut> {
        self.call("Recorded", &RecordedIn {})
    }

    fn stop_recording(&self) -> Result<()> {
        self.call::<StopRecordingOut>("StopRecording", &StopRecordingIn {}).map(|_| ())
    }

    fn checkpoint(&self, note: &str) -> Result<i64> {
        self.call::<CheckpointOut>("Checkpoint", &CheckpointIn { note: note.to_owned() }).map(|out| out.id)
    }

    fn list_checkpoints(&self) -> Result<Vec<Checkpoint>> {
        self.call::<ListCheckpointsOut>("ListCheckpoints", &ListCheckpointsIn {}).map(|out| out.checkpoints)
    }

    fn clear_checkpoint(&self, id: i64) -> Result<()> {
        self.call::<ClearCheckpointOut>("ClearCheckpoint", &ClearCheckpointIn { id }).map(|_| ())
    }

    fn dump_start(&self, destination: &str) -> Result<DumpState> {
        let request = DumpStartIn { destination: destination.to_owned() };
        self.call::<DumpStartOut>("DumpStart", &request).map(|out| out.state)
    }

    fn dump_wait(&self, milliseconds: i64) -> Result<DumpState> {
        self.call::<DumpWaitOut>("DumpWait", &DumpWaitIn { wait: milliseconds }).map(|out| out.state)
    }

    fn dump_cancel(&self) -> Result<()> {
        self.call::<DumpCancelOut>("DumpCancel", &DumpCancelIn {}).map(|_| ())
    }
}
