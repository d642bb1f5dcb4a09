//! One debugging session, local or remote.

use std::path::PathBuf;
use std::sync::Arc;

use crate::requests::{
    AmendBreakpointIn, AncestorsIn, CreateBreakpointIn, CreateWatchpointIn, DebugInfoDirectoriesIn,
    DisassembleIn, FindLocationIn, FindLocationOut, FollowExecIn, GetBufferedTracepointsIn, GetVersionOut,
    ListDynamicLibrariesOut, ListGoroutinesIn, ListGoroutinesOut, ListPackagesBuildInfoIn, ListRegistersIn,
    ListRegistersOut, RecordedOut, RestartIn, StacktraceIn, TypeLayoutIn,
};
use crate::{
    Ancestor, AsmInstruction, Breakpoint, Checkpoint, DebuggerCommand, DebuggerState, DiscardedBreakpoint,
    DumpState, EvalScope, Event, GuessSubstitutePathArgs, HandleSignalIn, LoadConfig, PackageBuildInfo,
    ProgramInfo, SignalHandling, Stackframe, StepTarget, Target, Thread, TraceSink, TracepointResult,
    TypeInfo, TypeLayout, Variable, command_name,
};

/// Why a method failed, in the words shown after `Command failed: ` and sent as the error of a JSON-RPC reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ClientError(pub String);

impl From<String> for ClientError {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ClientError {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// What a method of a [`Client`] returns.
pub type Result<T> = std::result::Result<T, ClientError>;

fn unsupported<T>(text: &str) -> Result<T> {
    Err(ClientError(text.to_owned()))
}

/// One debugging session, local or remote: the methods of the JSON-RPC API.
///
/// Methods that need the target wait until it is stopped, except those that say otherwise. A client is shared
/// between threads: while one waits in [`Client::command`], another may call it with `halt`.
pub trait Client: Send + Sync {
    /// What the target is doing. With `non_blocking` the answer comes at once, with nothing but
    /// [`DebuggerState::running`] set if the target runs.
    fn state(&self, non_blocking: bool) -> Result<DebuggerState>;

    /// Resumes, steps, switches or calls, and returns the state once the target has stopped (at once for
    /// switches). The end of the process is not an error but a state with [`DebuggerState::exited`] set.
    /// `halt` may be sent while another thread waits here; both then return after the stop.
    fn command(&self, command: &DebuggerCommand) -> Result<DebuggerState>;

    /// As [`Client::command`], and calls `begun` as soon as whatever is asked for from then on comes after the command:
    /// [`Client::state`] without blocking says that the target runs, if the command lets it.
    fn begin_command(&self, command: &DebuggerCommand, begun: &dyn Fn()) -> Result<DebuggerState> {
        begun();
        self.command(command)
    }

    /// Sends a command whose outcome nobody waits for, because this client leaves; the target goes on without it.
    fn command_and_leave(&self, _command: &DebuggerCommand) -> Result<()> {
        unsupported("not connected to an --accept-multiclient server")
    }

    /// Stops the target, as `halt` does, but leaves a step that is under way waiting, to be continued. Not one of
    /// Delve's methods.
    fn halt_and_keep_step(&self) -> Result<DebuggerState> {
        let halt = DebuggerCommand { name: command_name::HALT.to_owned(), ..DebuggerCommand::default() };
        self.command(&halt)
    }

    /// Starts the target again, and returns the breakpoints that could not be set again.
    fn restart(&self, request: &RestartIn) -> Result<Vec<DiscardedBreakpoint>>;

    /// Lets go of the target, killing it if `kill` or if it was launched by the debugger.
    fn detach(&self, kill: bool) -> Result<()>;

    /// The calls of the line at which the selected goroutine is, in the order of the code. Not one of Delve's methods.
    fn step_targets(&self) -> Result<Vec<StepTarget>> {
        unsupported("the server does not tell which calls a line has")
    }

    /// Process id of the selected target.
    fn process_pid(&self) -> Result<i64>;

    /// Drops the stepping breakpoints of an interrupted step.
    fn cancel_next(&self) -> Result<()>;

    /// Sets a breakpoint.
    fn create_breakpoint(&self, request: &CreateBreakpointIn) -> Result<Breakpoint>;

    /// Sets a hardware watchpoint.
    fn create_watchpoint(&self, request: &CreateWatchpointIn) -> Result<Breakpoint>;

    /// Replaces the attributes of a breakpoint, enabling or disabling it.
    fn amend_breakpoint(&self, request: &AmendBreakpointIn) -> Result<()>;

    /// Removes the breakpoint `name`, or `id` if the name is empty, and returns what it was.
    fn clear_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint>;

    /// Enables or disables the breakpoint `name`, or `id` if the name is empty, and returns it.
    fn toggle_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint>;

    /// The breakpoint `name`, or `id` if the name is empty.
    fn get_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint>;

    /// The breakpoints, in no particular order; with `all`, every address that holds one, for whatever purpose.
    fn list_breakpoints(&self, all: bool) -> Result<Vec<Breakpoint>>;

    /// Sets a tracepoint that runs inside the kernel.
    fn create_ebpf_tracepoint(&self, _function: &str) -> Result<Breakpoint> {
        unsupported("eBPF is not supported")
    }

    /// Hits of kernel tracepoints since the last call.
    fn get_buffered_tracepoints(&self, _request: &GetBufferedTracepointsIn) -> Result<Vec<TracepointResult>> {
        Ok(Vec::new())
    }

    /// From now on hits of tracepoints do not end commands while `sink` is open, but are given to it. `false`: this
    /// client cannot do that, and every hit ends the command.
    fn trace_into(&self, _sink: &Arc<dyn TraceSink>) -> bool {
        false
    }

    /// Evaluates an expression without calling functions; no load limits means the defaults.
    fn eval(&self, scope: EvalScope, expr: &str, cfg: Option<LoadConfig>) -> Result<Variable>;

    /// Assigns to an expression.
    fn set(&self, scope: EvalScope, symbol: &str, value: &str) -> Result<()>;

    /// The local variables of a frame.
    fn list_local_vars(&self, scope: EvalScope, cfg: LoadConfig) -> Result<Vec<Variable>>;

    /// The arguments and results of a frame.
    fn list_function_args(&self, scope: EvalScope, cfg: LoadConfig) -> Result<Vec<Variable>>;

    /// The package variables whose qualified name matches the regular expression `filter`.
    fn list_package_vars(&self, filter: &str, cfg: LoadConfig) -> Result<Vec<Variable>>;

    /// What is known of the type `name`.
    fn type_info(&self, name: &str) -> Result<TypeInfo>;

    /// The registers of a thread or of a frame.
    fn list_registers(&self, request: &ListRegistersIn) -> Result<ListRegistersOut>;

    /// `length` bytes at `address`, and whether the target is little-endian.
    fn examine_memory(&self, address: u64, length: i64) -> Result<(Vec<u8>, bool)>;

    /// The instructions of a function or of a range of addresses.
    fn disassemble(&self, request: &DisassembleIn) -> Result<Vec<AsmInstruction>>;

    /// The frames of a goroutine.
    fn stacktrace(&self, request: &StacktraceIn) -> Result<Vec<Stackframe>>;

    /// The innermost frames, at most `depth` + 1, of several goroutines, without variables. Goroutines that stand alike
    /// may share one list. Not one of Delve's methods.
    fn stacktraces(&self, goroutines: &[i64], depth: i64) -> Result<Vec<Result<Arc<[Stackframe]>>>> {
        let request = |id: &i64| StacktraceIn { id: *id, depth, ..StacktraceIn::default() };
        Ok(goroutines.iter().map(|id| self.stacktrace(&request(id)).map(Arc::from)).collect())
    }

    /// The stacks of the goroutines that created a goroutine.
    fn ancestors(&self, _request: &AncestorsIn) -> Result<Vec<Ancestor>> {
        unsupported("tracebackancestors is disabled")
    }

    /// The goroutines that pass the filters, a batch at a time.
    fn list_goroutines(&self, request: &ListGoroutinesIn) -> Result<ListGoroutinesOut>;

    /// The threads.
    fn list_threads(&self) -> Result<Vec<Thread>>;

    /// The thread `id`.
    fn get_thread(&self, id: i64) -> Result<Thread>;

    /// Resolves a location.
    fn find_location(&self, request: &FindLocationIn) -> Result<FindLocationOut>;

    /// The addresses of the instructions by which a function returns.
    fn function_return_locations(&self, function: &str) -> Result<Vec<u64>>;

    /// The source files whose path matches the regular expression `filter`, sorted.
    fn list_sources(&self, filter: &str) -> Result<Vec<String>>;

    /// The functions whose name matches the regular expression `filter`, sorted; with `follow_calls` above 0,
    /// also what they call, to that depth.
    fn list_functions(&self, filter: &str, follow_calls: i64) -> Result<Vec<String>>;

    /// The types whose name matches the regular expression `filter`, sorted.
    fn list_types(&self, filter: &str) -> Result<Vec<String>>;

    /// The packages of the program.
    fn list_packages_build_info(&self, request: &ListPackagesBuildInfoIn) -> Result<Vec<PackageBuildInfo>>;

    /// The images mapped into the target, without the executable.
    fn list_dynamic_libraries(&self) -> Result<ListDynamicLibrariesOut>;

    /// Tries again to load the debug information of image `n`.
    fn download_library_debug_info(&self, _n: i64) -> Result<()> {
        unsupported("no debug information could be found for this library")
    }

    /// Cancels running downloads of debug information. Usable while the target runs.
    fn cancel_downloads(&self) -> Result<()> {
        Ok(())
    }

    /// Has requests under way that change nothing fail, with `interrupted`, and the next one begin soon. Not one of
    /// Delve's methods.
    fn break_off(&self) {}

    /// A copy, on this machine, of a source file of the target that is not here under its own path; `None` if there is
    /// no way to get one. Only a session in this process can have one: there is no such request.
    fn source_file(&self, _path: &str) -> Result<Option<PathBuf>> {
        Ok(None)
    }

    /// The folders searched for separate debug information; replaces them first if the request says so. Usable
    /// while the target runs.
    fn debug_info_directories(&self, request: &DebugInfoDirectoriesIn) -> Result<Vec<String>>;

    /// Pairs of server and client folders, guessed from where the client's modules are.
    fn guess_substitute_path(&self, _args: &GuessSubstitutePathArgs) -> Result<Vec<[String; 2]>> {
        Ok(Vec::new())
    }

    /// What the program is and how it was built. Not one of Delve's methods.
    fn program_info(&self) -> Result<ProgramInfo> {
        unsupported("the server does not tell how the program was built")
    }

    /// Where a type's parts are in its memory. Not one of Delve's methods.
    fn type_layout(&self, _request: &TypeLayoutIn) -> Result<TypeLayout> {
        unsupported("the server does not tell how types are laid out")
    }

    /// Build ID of the image that contains the current PC.
    fn build_id(&self) -> Result<String>;

    /// When the executable was last changed (RFC 3339).
    fn last_modified(&self) -> Result<String>;

    /// Versions of the debugger, the API and the target. Usable while the target runs.
    fn get_version(&self) -> Result<GetVersionOut>;

    /// Chooses the version of the API; there is only 2.
    fn set_api_version(&self, version: i64) -> Result<()> {
        if version == 2 { Ok(()) } else { unsupported("unknown API version") }
    }

    /// Whether the server accepts several clients. Usable while the target runs.
    fn is_multiclient(&self) -> bool {
        false
    }

    /// Whether the target was attached to by its process id. Usable while the target runs.
    fn attached_to_existing_process(&self) -> bool;

    /// The processes of the session.
    fn list_targets(&self) -> Result<Vec<Target>>;

    /// Whether processes started by the target are to be debugged too: all, or those whose command line matches.
    fn follow_exec(&self, request: &FollowExecIn) -> Result<()>;

    /// Whether processes started by the target are debugged too.
    fn follow_exec_enabled(&self) -> bool {
        false
    }

    /// Changes what is done with a signal, if the request names one, and returns what is done with those for which
    /// something was asked, in the order of their numbers. Not one of Delve's methods.
    fn handle_signal(&self, _request: &HandleSignalIn) -> Result<Vec<SignalHandling>> {
        unsupported("the server does not let signals be handled")
    }

    /// Waits for events of commands with [`DebuggerCommand::with_events`] and returns them, oldest first. At most 100
    /// are kept. Usable while the target runs.
    fn get_events(&self) -> Result<Vec<Event>> {
        Ok(Vec::new())
    }

    /// Whether the target is a recording, and where it is kept.
    fn recorded(&self) -> Result<RecordedOut> {
        Ok(RecordedOut::default())
    }

    /// Ends a recording that is being made.
    fn stop_recording(&self) -> Result<()> {
        unsupported("debugger is not recording")
    }

    /// Marks the current position of a recording, and returns the id of the mark.
    fn checkpoint(&self, _note: &str) -> Result<i64> {
        unsupported("not a recording")
    }

    /// The marks set in a recording.
    fn list_checkpoints(&self) -> Result<Vec<Checkpoint>> {
        unsupported("not a recording")
    }

    /// Removes a mark from a recording.
    fn clear_checkpoint(&self, _id: i64) -> Result<()> {
        unsupported("not a recording")
    }

    /// Starts writing a core file.
    fn dump_start(&self, _destination: &str) -> Result<DumpState> {
        unsupported("core dumping not supported")
    }

    /// Waits up to `milliseconds` for the core file, and says how far it is. Usable while dumping.
    fn dump_wait(&self, _milliseconds: i64) -> Result<DumpState> {
        unsupported("core dumping not supported")
    }

    /// Stops writing the core file. Usable while dumping.
    fn dump_cancel(&self) -> Result<()> {
        Ok(())
    }
}
