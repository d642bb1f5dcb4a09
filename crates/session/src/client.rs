//! The session's client: requests go to the thread that owns the process.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use adit_api::requests::{
    AmendBreakpointIn, CreateBreakpointIn, CreateWatchpointIn, DebugInfoDirectoriesIn, DisassembleIn,
    FindLocationIn, FindLocationOut, FollowExecIn, GetVersionOut, ListDynamicLibrariesOut, ListGoroutinesIn,
    ListGoroutinesOut, ListPackagesBuildInfoIn, ListRegistersIn, ListRegistersOut, RestartIn, StacktraceIn,
    TypeLayoutIn,
};
use adit_api::{
    AsmInstruction, Breakpoint, Client, ClientError, DebuggerCommand, DebuggerState, DiscardedBreakpoint,
    DumpState, EvalScope, Event, GuessSubstitutePathArgs, HandleSignalIn, LoadConfig, PackageBuildInfo,
    ProgramInfo, Result, SignalHandling, Stackframe, StepTarget, Target, Thread, TraceSink, TypeInfo,
    TypeLayout, Variable, command_name,
};
use adit_process::Interrupter;

use crate::breaking_off::BreakingOff;
use crate::debuginfod::Debuginfod;
use crate::dump::Dump;
use crate::events::{self, Events};
use crate::owner::Owner;
use crate::{Config, SessionError};

/// A piece of work for the thread that owns the process.
pub(crate) type Job = Box<dyn FnOnce(&mut Owner) + Send>;

/// Whether the program runs, and how to stop it. Shared with the owning thread.
pub(crate) struct RunState {
    running: AtomicBool,
    /// How many commands that let the program run wait in the queue or are under way.
    resuming: AtomicUsize,
    /// Held while a stop is asked for, so that none is asked for after the program has stopped.
    interrupter: Mutex<Option<Arc<dyn Interrupter>>>,
    /// How many wait in the queue for the program to be stopped.
    halts: AtomicUsize,
    /// Does a step wait, to be continued, where the program is stopped in the middle of it?
    pub(crate) keeps_step: Arc<AtomicBool>,
}

impl RunState {
    fn new() -> RunState {
        RunState {
            running: AtomicBool::new(false),
            resuming: AtomicUsize::new(0),
            interrupter: Mutex::new(None),
            keeps_step: Arc::default(),
            halts: AtomicUsize::new(0),
        }
    }

    /// The program is about to run, or has stopped.
    pub(crate) fn set(&self, interrupter: Option<Arc<dyn Interrupter>>) {
        let mut current = self.interrupter.lock().unwrap_or_else(PoisonError::into_inner);
        self.running.store(interrupter.is_some(), Ordering::SeqCst);
        *current = interrupter;
        // A halt that came before the program ran holds it back.
        if let Some(interrupter) = current.as_ref().filter(|_| self.halts.load(Ordering::SeqCst) > 0) {
            interrupter.interrupt();
        }
    }

    /// Does the program run, or is it about to?
    fn is_running(&self) -> bool {
        self.running.load(Ordering::SeqCst) || self.resuming.load(Ordering::SeqCst) > 0
    }

    fn interrupt(&self) {
        let current = self.interrupter.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(interrupter) = &*current {
            interrupter.interrupt();
        }
    }
}

/// A command that lets the program run, from when it is asked for until it is done.
struct Resuming(Arc<RunState>);

impl Resuming {
    fn new(run_state: &Arc<RunState>) -> Resuming {
        run_state.resuming.fetch_add(1, Ordering::SeqCst);
        Resuming(run_state.clone())
    }
}

impl Drop for Resuming {
    fn drop(&mut self) {
        self.0.resuming.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A session in this process.
pub struct LocalClient {
    jobs: Mutex<Option<Sender<Job>>>,
    run_state: Arc<RunState>,
    attached: bool,
    breaking_off: BreakingOff,
    debuginfod: Arc<Debuginfod>,
    directories: Arc<Mutex<Vec<PathBuf>>>,
    dump: Arc<Dump>,
    events: Arc<Events>,
    /// The debugger's own.
    version: String,
    owner: Mutex<Option<JoinHandle<()>>>,
}

pub(crate) fn start(mut config: Config) -> std::result::Result<LocalClient, SessionError> {
    let attached = matches!(config.target, crate::Target::Attach { .. });
    let version = config.version.clone();
    let run_state = Arc::new(RunState::new());
    let (jobs, queue) = channel::<Job>();
    let (ready, outcome) = channel();
    let shared = run_state.clone();
    let events = Arc::new(Events::default());
    let (progress, told) = (config.progress.take(), events.clone());
    let debuginfod = Arc::new(Debuginfod::new(Some(Box::new(move |download| {
        told.add(events::download(download));
        if let Some(progress) = &progress {
            progress(download);
        }
    }))));
    let directories = Arc::new(Mutex::new(config.debug_info_directories.clone()));
    let (downloads, searched, told) = (debuginfod.clone(), directories.clone(), events.clone());
    let thread = std::thread::Builder::new().name("debugger".to_owned()).spawn(move || {
        match Owner::new(config, shared, downloads, searched, told) {
            Ok(mut owner) => {
                // The receiver waits for exactly this.
                let _ = ready.send(Ok(()));
                // From here on there is a client that can call it off.
                owner.download_executable_debug_info();
                owner.serve(&queue);
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        }
    });
    let thread =
        thread.map_err(|error| SessionError(format!("could not start the debugger's thread: {error}")))?;
    match outcome.recv() {
        Ok(Ok(())) => Ok(LocalClient {
            jobs: Mutex::new(Some(jobs)),
            run_state,
            attached,
            breaking_off: BreakingOff::default(),
            debuginfod,
            directories,
            dump: Arc::default(),
            events,
            version,
            owner: Mutex::new(Some(thread)),
        }),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(SessionError("Internal debugger error: the debugger's thread ended".to_owned())),
    }
}

impl LocalClient {
    /// Has the owning thread do `work`, and waits for what comes of it.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Owner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.dump.is_running() {
            return Err(ClientError("core dump in progress".to_owned()));
        }
        Self::wait_for(self.queue(work)?)
    }

    /// As [`LocalClient::ask`], for work that changes nothing: it can be broken off.
    fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Owner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.dump.is_running() {
            return Err(ClientError("core dump in progress".to_owned()));
        }
        let (answer, outcome) = channel();
        let request = self.breaking_off.begin(&answer);
        let flag = request.flag.clone();
        let queued = self.queue(move |owner| {
            owner.debugger.break_off_when(Some(flag.clone()));
            let found = work(owner);
            owner.debugger.break_off_when(None);
            if flag.load(Ordering::SeqCst) {
                owner.debugger.forget_what_was_read();
            }
            // Nobody waits any more if it was broken off.
            let _ = answer.send(found);
            Ok(())
        })?;
        let outcome = Self::wait_for(outcome);
        drop(queued);
        outcome
    }

    /// As [`LocalClient::ask`], and stops the program if it runs. The work is in the queue before the program stops:
    /// it does not come after what others ask for then, which may be to let the program run again.
    fn interrupt_and_ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Owner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run_state.halts.fetch_add(1, Ordering::SeqCst);
        let run_state = self.run_state.clone();
        let outcome = self.queue(move |owner| {
            run_state.halts.fetch_sub(1, Ordering::SeqCst);
            work(owner)
        });
        self.run_state.interrupt();
        Self::wait_for(outcome?)
    }

    fn queue<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Owner) -> Result<T> + Send + 'static,
    ) -> Result<Receiver<Result<T>>> {
        let (answer, outcome) = channel();
        let job: Job = Box::new(move |owner| {
            // Nobody waits any more if the front end is gone.
            let _ = answer.send(work(owner));
        });
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        drop(jobs);
        if !sent {
            return Err(ClientError("detached from the process".to_owned()));
        }
        Ok(outcome)
    }

    fn lock_directories(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.directories.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for<T>(outcome: Receiver<Result<T>>) -> Result<T> {
        outcome
            .recv()
            .map_err(|_| ClientError("Internal debugger error: the request was not finished".to_owned()))?
    }
}

impl Drop for LocalClient {
    /// The owning thread lets go of the process when no more work can come.
    fn drop(&mut self) {
        self.run_state.interrupt();
        self.debuginfod.cancel();
        self.dump.cancel();
        self.events.close();
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(owner) = self.owner.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // It reports its own panics.
            let _ = owner.join();
        }
    }
}

impl Client for LocalClient {
    fn state(&self, non_blocking: bool) -> Result<DebuggerState> {
        if self.dump.is_running() {
            return Ok(DebuggerState { core_dumping: true, ..DebuggerState::default() });
        }
        if non_blocking && self.run_state.is_running() {
            return Ok(DebuggerState { running: true, ..DebuggerState::default() });
        }
        self.ask(Owner::state)
    }

    fn command(&self, command: &DebuggerCommand) -> Result<DebuggerState> {
        self.begin_command(command, &|| {})
    }

    fn begin_command(&self, command: &DebuggerCommand, begun: &dyn Fn()) -> Result<DebuggerState> {
        if self.dump.is_running() {
            return Err(ClientError("core dump in progress".to_owned()));
        }
        let resuming = match &*command.name {
            command_name::HALT => {
                begun();
                return self.interrupt_and_ask(Owner::state);
            }
            command_name::SWITCH_THREAD | command_name::SWITCH_GOROUTINE => None,
            _ => Some(Resuming::new(&self.run_state)),
        };
        let command = command.clone();
        let outcome = self.queue(move |owner| {
            let outcome = owner.command(&command);
            drop(resuming);
            outcome
        })?;
        begun();
        Self::wait_for(outcome)
    }

    fn halt_and_keep_step(&self) -> Result<DebuggerState> {
        self.run_state.keeps_step.store(true, Ordering::SeqCst);
        let state = self.interrupt_and_ask(Owner::state);
        self.run_state.keeps_step.store(false, Ordering::SeqCst);
        state
    }

    fn restart(&self, request: &RestartIn) -> Result<Vec<DiscardedBreakpoint>> {
        let request = request.clone();
        self.ask(move |owner| owner.restart(&request))
    }

    fn detach(&self, kill: bool) -> Result<()> {
        self.dump.cancel();
        let done = self.interrupt_and_ask(move |owner| owner.detach(kill));
        self.events.close();
        done
    }

    fn step_targets(&self) -> Result<Vec<StepTarget>> {
        self.ask(|owner| owner.step_targets())
    }

    fn process_pid(&self) -> Result<i64> {
        self.ask(|owner| Ok(owner.pid()))
    }

    fn cancel_next(&self) -> Result<()> {
        self.ask(Owner::cancel_next)
    }

    fn create_breakpoint(&self, request: &CreateBreakpointIn) -> Result<Breakpoint> {
        let request = request.clone();
        self.ask(move |owner| owner.create_breakpoint(&request))
    }

    fn create_watchpoint(&self, request: &CreateWatchpointIn) -> Result<Breakpoint> {
        let request = request.clone();
        self.ask(move |owner| owner.create_watchpoint(&request))
    }

    fn amend_breakpoint(&self, request: &AmendBreakpointIn) -> Result<()> {
        let request = request.clone();
        self.ask(move |owner| owner.amend_breakpoint(&request.breakpoint))
    }

    fn clear_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let name = name.to_owned();
        self.ask(move |owner| owner.clear_breakpoint(id, &name))
    }

    fn toggle_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let name = name.to_owned();
        self.ask(move |owner| owner.toggle_breakpoint(id, &name))
    }

    fn get_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let name = name.to_owned();
        self.ask(move |owner| owner.get_breakpoint(id, &name))
    }

    fn list_breakpoints(&self, all: bool) -> Result<Vec<Breakpoint>> {
        self.ask(move |owner| Ok(owner.list_breakpoints(all)))
    }

    fn trace_into(&self, sink: &Arc<dyn TraceSink>) -> bool {
        let sink = Arc::clone(sink);
        let set = self.queue(move |owner| {
            owner.trace_into(sink);
            Ok(())
        });
        set.is_ok()
    }

    fn eval(&self, scope: EvalScope, expr: &str, cfg: Option<LoadConfig>) -> Result<Variable> {
        let expr = expr.to_owned();
        self.look(move |owner| owner.eval(scope, &expr, cfg))
    }

    fn set(&self, scope: EvalScope, symbol: &str, value: &str) -> Result<()> {
        let (symbol, value) = (symbol.to_owned(), value.to_owned());
        self.ask(move |owner| owner.set(scope, &symbol, &value))
    }

    fn list_local_vars(&self, scope: EvalScope, cfg: LoadConfig) -> Result<Vec<Variable>> {
        self.look(move |owner| owner.locals(scope, cfg))
    }

    fn list_function_args(&self, scope: EvalScope, cfg: LoadConfig) -> Result<Vec<Variable>> {
        self.look(move |owner| owner.arguments(scope, cfg))
    }

    fn list_package_vars(&self, filter: &str, cfg: LoadConfig) -> Result<Vec<Variable>> {
        let filter = filter.to_owned();
        self.look(move |owner| owner.package_variables(&filter, cfg))
    }

    fn type_info(&self, name: &str) -> Result<TypeInfo> {
        let name = name.to_owned();
        self.look(move |owner| owner.type_info(&name))
    }

    fn list_registers(&self, request: &ListRegistersIn) -> Result<ListRegistersOut> {
        let request = request.clone();
        self.look(move |owner| owner.registers(&request))
    }

    fn examine_memory(&self, address: u64, length: i64) -> Result<(Vec<u8>, bool)> {
        self.look(move |owner| owner.examine_memory(address, length))
    }

    fn disassemble(&self, request: &DisassembleIn) -> Result<Vec<AsmInstruction>> {
        let request = request.clone();
        self.look(move |owner| owner.disassemble(&request))
    }

    fn stacktrace(&self, request: &StacktraceIn) -> Result<Vec<Stackframe>> {
        let request = request.clone();
        self.look(move |owner| owner.stacktrace(&request))
    }

    fn stacktraces(&self, goroutines: &[i64], depth: i64) -> Result<Vec<Result<Arc<[Stackframe]>>>> {
        let goroutines = goroutines.to_vec();
        self.look(move |owner| owner.stacktraces(&goroutines, depth))
    }

    fn list_goroutines(&self, request: &ListGoroutinesIn) -> Result<ListGoroutinesOut> {
        let request = request.clone();
        self.look(move |owner| owner.goroutines(&request))
    }

    fn list_threads(&self) -> Result<Vec<Thread>> {
        self.look(Owner::threads)
    }

    fn get_thread(&self, id: i64) -> Result<Thread> {
        self.ask(move |owner| owner.thread(id))
    }

    fn find_location(&self, request: &FindLocationIn) -> Result<FindLocationOut> {
        let request = request.clone();
        self.look(move |owner| owner.find_location(&request))
    }

    fn function_return_locations(&self, function: &str) -> Result<Vec<u64>> {
        let function = function.to_owned();
        self.ask(move |owner| owner.return_addresses(&function))
    }

    fn list_sources(&self, filter: &str) -> Result<Vec<String>> {
        let filter = filter.to_owned();
        self.look(move |owner| owner.sources(&filter))
    }

    fn list_functions(&self, filter: &str, follow_calls: i64) -> Result<Vec<String>> {
        let filter = filter.to_owned();
        self.look(move |owner| owner.functions(&filter, follow_calls))
    }

    fn list_types(&self, filter: &str) -> Result<Vec<String>> {
        let filter = filter.to_owned();
        self.look(move |owner| owner.types(&filter))
    }

    fn list_packages_build_info(&self, request: &ListPackagesBuildInfoIn) -> Result<Vec<PackageBuildInfo>> {
        let request = request.clone();
        self.look(move |owner| owner.packages(&request))
    }

    fn list_dynamic_libraries(&self) -> Result<ListDynamicLibrariesOut> {
        self.ask(Owner::libraries)
    }

    fn download_library_debug_info(&self, n: i64) -> Result<()> {
        self.ask(move |owner| owner.download_library_debug_info(n))
    }

    fn cancel_downloads(&self) -> Result<()> {
        self.debuginfod.cancel();
        Ok(())
    }

    fn break_off(&self) {
        self.breaking_off.break_off();
    }

    fn source_file(&self, path: &str) -> Result<Option<PathBuf>> {
        let path = path.to_owned();
        self.ask(move |owner| Ok(owner.source_file(&path)))
    }

    fn debug_info_directories(&self, request: &DebugInfoDirectoriesIn) -> Result<Vec<String>> {
        if request.set {
            *self.lock_directories() = request.list.iter().map(PathBuf::from).collect();
            let applied = self.queue(|owner| {
                owner.apply_debug_info_directories();
                Ok(())
            })?;
            // Of a program that runs it is looked for when it has stopped.
            if !self.run_state.running.load(Ordering::SeqCst) {
                Self::wait_for(applied)?;
            }
        }
        Ok(self.lock_directories().iter().map(|path| path.display().to_string()).collect())
    }

    fn guess_substitute_path(&self, args: &GuessSubstitutePathArgs) -> Result<Vec<[String; 2]>> {
        let args = args.clone();
        self.ask(move |owner| owner.guess_substitute_path(&args))
    }

    fn program_info(&self) -> Result<ProgramInfo> {
        self.ask(|owner| Ok(owner.program_info()))
    }

    fn type_layout(&self, request: &TypeLayoutIn) -> Result<TypeLayout> {
        let request = request.clone();
        self.look(move |owner| owner.type_layout(&request))
    }

    fn build_id(&self) -> Result<String> {
        self.ask(|owner| Ok(owner.build_id()))
    }

    fn last_modified(&self) -> Result<String> {
        self.ask(Owner::last_modified)
    }

    fn get_version(&self) -> Result<GetVersionOut> {
        if self.run_state.is_running() {
            return Ok(crate::state::version(&self.version, ""));
        }
        self.ask(|owner| Ok(owner.version()))
    }

    fn attached_to_existing_process(&self) -> bool {
        self.attached
    }

    fn list_targets(&self) -> Result<Vec<Target>> {
        self.ask(Owner::targets)
    }

    fn follow_exec(&self, request: &FollowExecIn) -> Result<()> {
        let request = request.clone();
        self.ask(move |owner| owner.follow_exec(&request))
    }

    fn follow_exec_enabled(&self) -> bool {
        self.ask(|owner| Ok(owner.debugger.follows_exec())).unwrap_or(false)
    }

    fn handle_signal(&self, request: &HandleSignalIn) -> Result<Vec<SignalHandling>> {
        let request = request.clone();
        self.ask(move |owner| owner.handle_signal(&request))
    }

    fn get_events(&self) -> Result<Vec<Event>> {
        self.events.take()
    }

    fn dump_start(&self, destination: &str) -> Result<DumpState> {
        let (dump, path) = (self.dump.clone(), PathBuf::from(destination));
        dump.begin()?;
        let (answer, begun) = channel();
        let queued = self.queue(move |owner| {
            // Nobody waits any more if the front end is gone.
            owner.dump(&dump, &path, |state| drop(answer.send(state)));
            Ok(())
        });
        if let Err(error) = queued {
            self.dump.give_up();
            return Err(error);
        }
        Self::wait_for(begun)
    }

    fn dump_wait(&self, milliseconds: i64) -> Result<DumpState> {
        Ok(self.dump.wait(Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))))
    }

    fn dump_cancel(&self) -> Result<()> {
        self.dump.cancel();
        Ok(())
    }
}
