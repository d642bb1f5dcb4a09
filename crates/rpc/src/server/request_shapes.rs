//! What each method takes, as Go types: the fields in the order of the structs, with the types that errors name.
//!
//! The structs of [`adit_api::requests`] are read from what has been fitted into these.

use super::shape::Shape::{Bool, List, Map, Signed, String, Struct as Nested, Unsigned};
use super::shape::Struct;

pub(super) static LOAD_CONFIG: Struct = Struct {
    name: "api.LoadConfig",
    fields: &[
        ("FollowPointers", Bool),
        ("MaxVariableRecurse", Signed("int")),
        ("MaxStringLen", Signed("int")),
        ("MaxArrayValues", Signed("int")),
        ("MaxStructFields", Signed("int")),
    ],
};

pub(super) static BREAKPOINT: Struct = Struct {
    name: "api.Breakpoint",
    fields: &[
        ("id", Signed("int")),
        ("name", String),
        ("addr", Unsigned("uint64", 64)),
        ("addrs", List("[]uint64", &Unsigned("uint64", 64), None)),
        ("addrpid", List("[]int", &Signed("int"), None)),
        ("file", String),
        ("line", Signed("int")),
        ("functionName", String),
        ("ExprString", String),
        ("Cond", String),
        ("HitCond", String),
        ("HitCondPerG", Bool),
        ("continue", Bool),
        ("traceReturn", Bool),
        ("goroutine", Bool),
        ("stacktrace", Signed("int")),
        ("variables", List("[]string", &String, None)),
        ("LoadArgs", Nested(&LOAD_CONFIG)),
        ("LoadLocals", Nested(&LOAD_CONFIG)),
        ("customCommands", List("[]string", &String, None)),
        ("WatchExpr", String),
        ("WatchType", Unsigned("api.WatchType", 8)),
        ("VerboseDescr", List("[]string", &String, None)),
        ("hitCount", Map("map[string]uint64", &Unsigned("uint64", 64))),
        ("totalHitCount", Unsigned("uint64", 64)),
        ("disabled", Bool),
        ("RootFuncName", String),
        ("TraceFollowCalls", Signed("int")),
    ],
};

pub(super) static DEBUGGER_COMMAND: Struct = Struct {
    name: "api.DebuggerCommand",
    fields: &[
        ("name", String),
        ("threadID", Signed("int")),
        ("goroutineID", Signed("int64")),
        ("ReturnInfoLoadConfig", Nested(&LOAD_CONFIG)),
        ("expr", String),
        ("WithEvents", Bool),
        ("unsafeCall", Bool),
    ],
};

pub(super) static EVAL_SCOPE: Struct = Struct {
    name: "api.EvalScope",
    fields: &[("GoroutineID", Signed("int64")), ("Frame", Signed("int")), ("DeferredCall", Signed("int"))],
};

pub(super) static GUESS_SUBSTITUTE_PATH_ARGS: Struct = Struct {
    name: "api.GuessSubstitutePathIn",
    fields: &[
        ("ImportPathOfMainPackage", String),
        ("ClientGOROOT", String),
        ("ClientModuleDirectories", Map("map[string]string", &String)),
    ],
};

pub(super) static LIST_GOROUTINES_FILTER: Struct = Struct {
    name: "api.ListGoroutinesFilter",
    fields: &[("Kind", Unsigned("api.GoroutineField", 8)), ("Negated", Bool), ("Arg", String)],
};

pub(super) static AMEND_BREAKPOINT_IN: Struct =
    Struct { name: "rpc2.AmendBreakpointIn", fields: &[("Breakpoint", Nested(&BREAKPOINT))] };

pub(super) static ANCESTORS_IN: Struct = Struct {
    name: "rpc2.AncestorsIn",
    fields: &[("GoroutineID", Signed("int64")), ("NumAncestors", Signed("int")), ("Depth", Signed("int"))],
};

pub(super) static ATTACHED_TO_EXISTING_PROCESS_IN: Struct =
    Struct { name: "rpc2.AttachedToExistingProcessIn", fields: &[] };

pub(super) static BUILD_ID_IN: Struct = Struct { name: "rpc2.BuildIDIn", fields: &[] };

pub(super) static CANCEL_DOWNLOADS_IN: Struct = Struct { name: "rpc2.CancelDownloadsIn", fields: &[] };

pub(super) static CANCEL_NEXT_IN: Struct = Struct { name: "rpc2.CancelNextIn", fields: &[] };

pub(super) static CHECKPOINT_IN: Struct = Struct { name: "rpc2.CheckpointIn", fields: &[("Where", String)] };

pub(super) static CLEAR_BREAKPOINT_IN: Struct =
    Struct { name: "rpc2.ClearBreakpointIn", fields: &[("Id", Signed("int")), ("Name", String)] };

pub(super) static CLEAR_CHECKPOINT_IN: Struct =
    Struct { name: "rpc2.ClearCheckpointIn", fields: &[("ID", Signed("int"))] };

pub(super) static CREATE_BREAKPOINT_IN: Struct = Struct {
    name: "rpc2.CreateBreakpointIn",
    fields: &[
        ("Breakpoint", Nested(&BREAKPOINT)),
        ("LocExpr", String),
        ("SubstitutePathRules", List("[][2]string", &List("[2]string", &String, Some(2)), None)),
        ("Suspended", Bool),
    ],
};

pub(super) static CREATE_EBPF_TRACEPOINT_IN: Struct =
    Struct { name: "rpc2.CreateEBPFTracepointIn", fields: &[("FunctionName", String)] };

pub(super) static CREATE_WATCHPOINT_IN: Struct = Struct {
    name: "rpc2.CreateWatchpointIn",
    fields: &[("Scope", Nested(&EVAL_SCOPE)), ("Expr", String), ("Type", Unsigned("api.WatchType", 8))],
};

pub(super) static DEBUG_INFO_DIRECTORIES_IN: Struct = Struct {
    name: "rpc2.DebugInfoDirectoriesIn",
    fields: &[("Set", Bool), ("List", List("[]string", &String, None))],
};

pub(super) static DETACH_IN: Struct = Struct { name: "rpc2.DetachIn", fields: &[("Kill", Bool)] };

pub(super) static DISASSEMBLE_IN: Struct = Struct {
    name: "rpc2.DisassembleIn",
    fields: &[
        ("Scope", Nested(&EVAL_SCOPE)),
        ("StartPC", Unsigned("uint64", 64)),
        ("EndPC", Unsigned("uint64", 64)),
        ("Flavour", Signed("api.AssemblyFlavour")),
    ],
};

pub(super) static DOWNLOAD_LIBRARY_DEBUG_INFO_IN: Struct =
    Struct { name: "rpc2.DownloadLibraryDebugInfoIn", fields: &[("N", Signed("int"))] };

pub(super) static DUMP_CANCEL_IN: Struct = Struct { name: "rpc2.DumpCancelIn", fields: &[] };

pub(super) static DUMP_START_IN: Struct =
    Struct { name: "rpc2.DumpStartIn", fields: &[("Destination", String)] };

pub(super) static DUMP_WAIT_IN: Struct =
    Struct { name: "rpc2.DumpWaitIn", fields: &[("Wait", Signed("int"))] };

pub(super) static EVAL_IN: Struct = Struct {
    name: "rpc2.EvalIn",
    fields: &[("Scope", Nested(&EVAL_SCOPE)), ("Expr", String), ("Cfg", Nested(&LOAD_CONFIG))],
};

pub(super) static EXAMINE_MEMORY_IN: Struct = Struct {
    name: "rpc2.ExamineMemoryIn",
    fields: &[("Address", Unsigned("uint64", 64)), ("Length", Signed("int"))],
};

pub(super) static FIND_LOCATION_IN: Struct = Struct {
    name: "rpc2.FindLocationIn",
    fields: &[
        ("Scope", Nested(&EVAL_SCOPE)),
        ("Loc", String),
        ("IncludeNonExecutableLines", Bool),
        ("SubstitutePathRules", List("[][2]string", &List("[2]string", &String, Some(2)), None)),
    ],
};

pub(super) static FOLLOW_EXEC_IN: Struct =
    Struct { name: "rpc2.FollowExecIn", fields: &[("Enable", Bool), ("Regex", String)] };

pub(super) static FOLLOW_EXEC_ENABLED_IN: Struct = Struct { name: "rpc2.FollowExecEnabledIn", fields: &[] };

pub(super) static FUNCTION_RETURN_LOCATIONS_IN: Struct =
    Struct { name: "rpc2.FunctionReturnLocationsIn", fields: &[("FnName", String)] };

pub(super) static GET_BREAKPOINT_IN: Struct =
    Struct { name: "rpc2.GetBreakpointIn", fields: &[("Id", Signed("int")), ("Name", String)] };

pub(super) static GET_BUFFERED_TRACEPOINTS_IN: Struct =
    Struct { name: "rpc2.GetBufferedTracepointsIn", fields: &[("LoadCfg", Nested(&LOAD_CONFIG))] };

pub(super) static GET_EVENTS_IN: Struct = Struct { name: "rpc2.GetEventsIn", fields: &[] };

pub(super) static GET_THREAD_IN: Struct =
    Struct { name: "rpc2.GetThreadIn", fields: &[("Id", Signed("int"))] };

pub(super) static GET_VERSION_IN: Struct = Struct { name: "api.GetVersionIn", fields: &[] };

pub(super) static GUESS_SUBSTITUTE_PATH_IN: Struct =
    Struct { name: "rpc2.GuessSubstitutePathIn", fields: &[("Args", Nested(&GUESS_SUBSTITUTE_PATH_ARGS))] };

pub(super) static IS_MULTICLIENT_IN: Struct = Struct { name: "rpc2.IsMulticlientIn", fields: &[] };

pub(super) static LAST_MODIFIED_IN: Struct = Struct { name: "rpc2.LastModifiedIn", fields: &[] };

pub(super) static LIST_BREAKPOINTS_IN: Struct =
    Struct { name: "rpc2.ListBreakpointsIn", fields: &[("All", Bool)] };

pub(super) static LIST_CHECKPOINTS_IN: Struct = Struct { name: "rpc2.ListCheckpointsIn", fields: &[] };

pub(super) static LIST_DYNAMIC_LIBRARIES_IN: Struct =
    Struct { name: "rpc2.ListDynamicLibrariesIn", fields: &[] };

pub(super) static LIST_FUNCTION_ARGS_IN: Struct = Struct {
    name: "rpc2.ListFunctionArgsIn",
    fields: &[("Scope", Nested(&EVAL_SCOPE)), ("Cfg", Nested(&LOAD_CONFIG))],
};

pub(super) static LIST_FUNCTIONS_IN: Struct =
    Struct { name: "rpc2.ListFunctionsIn", fields: &[("Filter", String), ("FollowCalls", Signed("int"))] };

pub(super) static LIST_GOROUTINES_IN: Struct = Struct {
    name: "rpc2.ListGoroutinesIn",
    fields: &[
        ("Start", Signed("int")),
        ("Count", Signed("int")),
        ("Filters", List("[]api.ListGoroutinesFilter", &Nested(&LIST_GOROUTINES_FILTER), None)),
        ("GroupBy", Unsigned("api.GoroutineField", 8)),
        ("GroupByKey", String),
        ("MaxGroupMembers", Signed("int")),
        ("MaxGroups", Signed("int")),
        ("EvalScope", Nested(&EVAL_SCOPE)),
    ],
};

pub(super) static LIST_LOCAL_VARS_IN: Struct = Struct {
    name: "rpc2.ListLocalVarsIn",
    fields: &[("Scope", Nested(&EVAL_SCOPE)), ("Cfg", Nested(&LOAD_CONFIG))],
};

pub(super) static LIST_PACKAGE_VARS_IN: Struct =
    Struct { name: "rpc2.ListPackageVarsIn", fields: &[("Filter", String), ("Cfg", Nested(&LOAD_CONFIG))] };

pub(super) static LIST_PACKAGES_BUILD_INFO_IN: Struct =
    Struct { name: "rpc2.ListPackagesBuildInfoIn", fields: &[("IncludeFiles", Bool), ("Filter", String)] };

pub(super) static LIST_REGISTERS_IN: Struct = Struct {
    name: "rpc2.ListRegistersIn",
    fields: &[("ThreadID", Signed("int")), ("IncludeFp", Bool), ("Scope", Nested(&EVAL_SCOPE))],
};

pub(super) static LIST_SOURCES_IN: Struct =
    Struct { name: "rpc2.ListSourcesIn", fields: &[("Filter", String)] };

pub(super) static LIST_TARGETS_IN: Struct = Struct { name: "rpc2.ListTargetsIn", fields: &[] };

pub(super) static LIST_THREADS_IN: Struct = Struct { name: "rpc2.ListThreadsIn", fields: &[] };

pub(super) static LIST_TYPES_IN: Struct = Struct { name: "rpc2.ListTypesIn", fields: &[("Filter", String)] };

pub(super) static PROCESS_PID_IN: Struct = Struct { name: "rpc2.ProcessPidIn", fields: &[] };

pub(super) static RECORDED_IN: Struct = Struct { name: "rpc2.RecordedIn", fields: &[] };

pub(super) static RESTART_IN: Struct = Struct {
    name: "rpc2.RestartIn",
    fields: &[
        ("Position", String),
        ("ResetArgs", Bool),
        ("NewArgs", List("[]string", &String, None)),
        ("Rerecord", Bool),
        ("Rebuild", Bool),
        ("NewRedirects", List("[3]string", &String, Some(3))),
    ],
};

pub(super) static SET_IN: Struct = Struct {
    name: "rpc2.SetIn",
    fields: &[("Scope", Nested(&EVAL_SCOPE)), ("Symbol", String), ("Value", String)],
};

pub(super) static SET_API_VERSION_IN: Struct = Struct {
    name: "api.SetAPIVersionIn",
    fields: &[("APIVersion", Signed("int")), ("Token", String), ("ReadableTexts", Bool)],
};

pub(super) static STACKTRACE_IN: Struct = Struct {
    name: "rpc2.StacktraceIn",
    fields: &[
        ("Id", Signed("int64")),
        ("Depth", Signed("int")),
        ("Full", Bool),
        ("Defers", Bool),
        ("Opts", Unsigned("api.StacktraceOptions", 16)),
        ("Cfg", Nested(&LOAD_CONFIG)),
        ("Skip", Signed("int")),
    ],
};

pub(super) static STATE_IN: Struct = Struct { name: "rpc2.StateIn", fields: &[("NonBlocking", Bool)] };

pub(super) static STOP_RECORDING_IN: Struct = Struct { name: "rpc2.StopRecordingIn", fields: &[] };

pub(super) static TOGGLE_BREAKPOINT_IN: Struct =
    Struct { name: "rpc2.ToggleBreakpointIn", fields: &[("Id", Signed("int")), ("Name", String)] };

pub(super) static TYPE_INFO_IN: Struct = Struct { name: "rpc2.TypeInfoIn", fields: &[("Name", String)] };

pub(super) static PROGRAM_INFO_IN: Struct = Struct { name: "rpc2.ProgramInfoIn", fields: &[] };

pub(super) static TYPE_LAYOUT_IN: Struct = Struct {
    name: "rpc2.TypeLayoutIn",
    fields: &[("Scope", Nested(&EVAL_SCOPE)), ("Expr", String), ("Depth", Signed("int"))],
};

pub(super) static HANDLE_SIGNAL_IN: Struct = Struct {
    name: "api.HandleSignalIn",
    fields: &[("Signal", String), ("Stop", Bool), ("Print", Bool), ("Pass", Bool), ("Default", Bool)],
};
