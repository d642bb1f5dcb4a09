//! A session whose program runs until somebody stops it.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

use adit_api::requests::*;
use adit_api::*;

/// Long enough for any machine; nothing waits for it to pass.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Running {
    pub(super) now: bool,
    pub(super) detached: Option<bool>,
    /// Commands that came, in order.
    pub(super) commands: Vec<String>,
    /// What an unasked stop is.
    pub(super) stop: DebuggerState,
}

/// The session.
#[derive(Default)]
pub(super) struct Fake {
    pub(super) running: Mutex<Running>,
    pub(super) changed: Condvar,
    pub(super) attached: bool,
}

fn refuse<T>() -> Result<T> {
    Err("not this one".into())
}

impl Fake {
    /// Waits until `done`.
    pub(super) fn wait(&self, done: impl Fn(&Running) -> bool) {
        let running = self.running.lock().unwrap();
        let waited = self.changed.wait_timeout_while(running, LIMIT, |running| !done(running)).unwrap();
        assert!(!waited.1.timed_out());
    }

    fn wait_for_stop(&self) -> DebuggerState {
        self.wait(|running| !running.now);
        self.running.lock().unwrap().stop.clone()
    }

    pub(super) fn stop(&self, stop: DebuggerState) {
        let mut running = self.running.lock().unwrap();
        running.now = false;
        running.stop = stop;
        self.changed.notify_all();
    }
}

impl Client for Fake {
    fn state(&self, non_blocking: bool) -> Result<DebuggerState> {
        if non_blocking && self.running.lock().unwrap().now {
            return Ok(DebuggerState { running: true, ..DebuggerState::default() });
        }
        Ok(self.wait_for_stop())
    }

    fn command(&self, command: &DebuggerCommand) -> Result<DebuggerState> {
        self.begin_command(command, &|| {})
    }

    fn begin_command(&self, command: &DebuggerCommand, begun: &dyn Fn()) -> Result<DebuggerState> {
        let mut running = self.running.lock().unwrap();
        running.commands.push(command.name.clone());
        match &*command.name {
            "continue" => running.now = true,
            "halt" => {
                drop(running);
                self.stop(DebuggerState { stop_reason: "manual".into(), ..DebuggerState::default() });
                return Ok(self.wait_for_stop());
            }
            _ => {}
        }
        self.changed.notify_all();
        drop(running);
        begun();
        Ok(self.wait_for_stop())
    }

    fn detach(&self, kill: bool) -> Result<()> {
        let mut running = self.running.lock().unwrap();
        running.detached = Some(kill);
        running.now = false;
        self.changed.notify_all();
        Ok(())
    }

    fn eval(&self, _: EvalScope, expr: &str, cfg: Option<LoadConfig>) -> Result<Variable> {
        if expr == "panic" {
            panic!("about {expr}");
        }
        self.wait_for_stop();
        let value = match expr {
            "long" => "x".repeat(8 << 20),
            _ => format!("{expr} {}", cfg.is_some()),
        };
        Ok(Variable { name: expr.to_owned(), value, ..Variable::default() })
    }

    fn process_pid(&self) -> Result<i64> {
        self.wait_for_stop();
        Ok(99)
    }

    fn stacktrace(&self, request: &StacktraceIn) -> Result<Vec<Stackframe>> {
        let frame =
            |line| Stackframe { location: Location { line, ..Location::default() }, ..Stackframe::default() };
        Ok((0..=request.depth).map(frame).collect())
    }

    fn get_version(&self) -> Result<GetVersionOut> {
        Ok(GetVersionOut { api_version: 2, ..GetVersionOut::default() })
    }

    fn attached_to_existing_process(&self) -> bool {
        self.attached
    }

    fn restart(&self, _: &RestartIn) -> Result<Vec<DiscardedBreakpoint>> {
        refuse()
    }
    fn cancel_next(&self) -> Result<()> {
        refuse()
    }
    fn create_breakpoint(&self, _: &CreateBreakpointIn) -> Result<Breakpoint> {
        refuse()
    }
    fn create_watchpoint(&self, _: &CreateWatchpointIn) -> Result<Breakpoint> {
        refuse()
    }
    fn amend_breakpoint(&self, _: &AmendBreakpointIn) -> Result<()> {
        refuse()
    }
    fn clear_breakpoint(&self, _: i64, _: &str) -> Result<Breakpoint> {
        refuse()
    }
    fn toggle_breakpoint(&self, _: i64, _: &str) -> Result<Breakpoint> {
        refuse()
    }
    fn get_breakpoint(&self, _: i64, _: &str) -> Result<Breakpoint> {
        refuse()
    }
    fn list_breakpoints(&self, _: bool) -> Result<Vec<Breakpoint>> {
        refuse()
    }
    fn set(&self, _: EvalScope, _: &str, _: &str) -> Result<()> {
        refuse()
    }
    fn list_local_vars(&self, _: EvalScope, _: LoadConfig) -> Result<Vec<Variable>> {
        refuse()
    }
    fn list_function_args(&self, _: EvalScope, _: LoadConfig) -> Result<Vec<Variable>> {
        refuse()
    }
    fn list_package_vars(&self, _: &str, _: LoadConfig) -> Result<Vec<Variable>> {
        refuse()
    }
    fn type_info(&self, _: &str) -> Result<TypeInfo> {
        refuse()
    }
    fn list_registers(&self, _: &ListRegistersIn) -> Result<ListRegistersOut> {
        refuse()
    }
    fn examine_memory(&self, _: u64, _: i64) -> Result<(Vec<u8>, bool)> {
        refuse()
    }
    fn disassemble(&self, _: &DisassembleIn) -> Result<Vec<AsmInstruction>> {
        refuse()
    }
    fn list_goroutines(&self, _: &ListGoroutinesIn) -> Result<ListGoroutinesOut> {
        refuse()
    }
    fn list_threads(&self) -> Result<Vec<Thread>> {
        refuse()
    }
    fn get_thread(&self, _: i64) -> Result<Thread> {
        refuse()
    }
    fn find_location(&self, _: &FindLocationIn) -> Result<FindLocationOut> {
        refuse()
    }
    fn function_return_locations(&self, _: &str) -> Result<Vec<u64>> {
        refuse()
    }
    fn list_sources(&self, _: &str) -> Result<Vec<String>> {
        refuse()
    }
    fn list_functions(&self, _: &str, _: i64) -> Result<Vec<String>> {
        refuse()
    }
    fn list_types(&self, _: &str) -> Result<Vec<String>> {
        refuse()
    }
    fn list_packages_build_info(&self, _: &ListPackagesBuildInfoIn) -> Result<Vec<PackageBuildInfo>> {
        refuse()
    }
    fn list_dynamic_libraries(&self) -> Result<ListDynamicLibrariesOut> {
        refuse()
    }
    fn debug_info_directories(&self, _: &DebugInfoDirectoriesIn) -> Result<Vec<String>> {
        refuse()
    }
    fn build_id(&self) -> Result<String> {
        refuse()
    }
    fn last_modified(&self) -> Result<String> {
        refuse()
    }
    fn list_targets(&self) -> Result<Vec<Target>> {
        refuse()
    }
    fn follow_exec(&self, _: &FollowExecIn) -> Result<()> {
        refuse()
    }
}
