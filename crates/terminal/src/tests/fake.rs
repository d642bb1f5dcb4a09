//! A client with one canned program, stopped in `main.add`.

use std::sync::Mutex;

use adit_api::requests::{
    AmendBreakpointIn, CreateBreakpointIn, CreateWatchpointIn, DebugInfoDirectoriesIn, DisassembleIn,
    FindLocationIn, FindLocationOut, FollowExecIn, GetVersionOut, ListDynamicLibrariesOut, ListGoroutinesIn,
    ListGoroutinesOut, ListPackagesBuildInfoIn, ListRegistersIn, ListRegistersOut, RestartIn, StacktraceIn,
};
use adit_api::*;

/// What the fake remembers and was told to answer.
#[derive(Default)]
pub(super) struct Fake {
    pub(super) source: String,
    pub(super) breakpoints: Mutex<Vec<Breakpoint>>,
    /// Names of the commands received.
    pub(super) commands: Mutex<Vec<String>>,
    /// States to answer the next commands with.
    pub(super) states: Mutex<Vec<DebuggerState>>,
    pub(super) attached: bool,
    pub(super) detached: Mutex<Option<bool>>,
}

pub(super) fn function(name: &str) -> Option<Function> {
    Some(Function { name: name.into(), value: 0x4de140, ..Function::default() })
}

pub(super) fn int(name: &str, value: &str) -> Variable {
    Variable {
        name: name.into(),
        type_name: "int".into(),
        real_type: "int".into(),
        kind: Kind::INT,
        value: value.into(),
        addr: 0xc000012000,
        ..Variable::default()
    }
}

impl Fake {
    fn location(&self, line: i64, pc: u64, name: &str) -> Location {
        Location {
            pc,
            file: self.source.clone(),
            line,
            function: function(name),
            pcs: vec![pc],
            pc_pids: vec![],
        }
    }

    pub(super) fn thread(&self) -> Thread {
        Thread {
            id: 100,
            pc: 0x4de164,
            file: self.source.clone(),
            line: 4,
            function: function("main.add"),
            goroutine_id: 1,
            ..Thread::default()
        }
    }

    pub(super) fn goroutine(&self, id: i64) -> Goroutine {
        let waiting = id != 1;
        Goroutine {
            id,
            current_loc: self.location(4, 0x4de164, "main.add"),
            user_current_loc: self.location(4, 0x4de164, "main.add"),
            go_statement_loc: self.location(9, 0x4de200, "main.main"),
            start_loc: self.location(1, 0x4de100, "main.main"),
            thread_id: if waiting { 0 } else { 100 },
            status: if waiting { GoroutineStatus::WAITING } else { GoroutineStatus::RUNNING },
            wait_reason: if waiting { 14 } else { 0 },
            labels: if waiting { [("k".to_owned(), "v".to_owned())].into() } else { Default::default() },
            ..Goroutine::default()
        }
    }

    pub(super) fn stopped(&self) -> DebuggerState {
        DebuggerState {
            pid: 99,
            current_thread: Some(self.thread()),
            current_goroutine: Some(self.goroutine(1)),
            threads: vec![self.thread()],
            ..DebuggerState::default()
        }
    }

    fn frames(&self) -> Vec<Stackframe> {
        let frame = |line, pc, name| Stackframe {
            location: self.location(line, pc, name),
            frame_offset: -0x1e0,
            frame_pointer_offset: -0x90,
            ..Stackframe::default()
        };
        let mut frames = vec![frame(4, 0x4de164, "main.add"), frame(9, 0x4de200, "main.main")];
        frames[1].bottom = true;
        frames
    }

    fn find(&self, id: i64, name: &str) -> Result<usize> {
        let list = self.breakpoints.lock().unwrap();
        let found = list.iter().position(|b| if name.is_empty() { b.id == id } else { b.name == name });
        found.ok_or_else(|| match name {
            "" => ClientError(format!("no breakpoint with id {id}")),
            name => ClientError(format!("no breakpoint with name {name}")),
        })
    }
}

impl Client for Fake {
    fn state(&self, _: bool) -> Result<DebuggerState> {
        Ok(self.stopped())
    }

    fn command(&self, command: &DebuggerCommand) -> Result<DebuggerState> {
        self.commands.lock().unwrap().push(command.name.clone());
        let mut states = self.states.lock().unwrap();
        Ok(if states.is_empty() { self.stopped() } else { states.remove(0) })
    }

    fn restart(&self, request: &RestartIn) -> Result<Vec<DiscardedBreakpoint>> {
        self.commands
            .lock()
            .unwrap()
            .push(format!("restart {:?} {:?}", request.new_args, request.new_redirects));
        let breakpoint = Some(Breakpoint { id: 7, file: "x.go".into(), line: 3, ..Breakpoint::default() });
        Ok(vec![DiscardedBreakpoint { breakpoint, reason: "gone".into() }])
    }

    fn detach(&self, kill: bool) -> Result<()> {
        *self.detached.lock().unwrap() = Some(kill);
        Ok(())
    }

    fn process_pid(&self) -> Result<i64> {
        Ok(99)
    }

    fn cancel_next(&self) -> Result<()> {
        self.commands.lock().unwrap().push("cancelNext".into());
        Ok(())
    }

    fn create_breakpoint(&self, request: &CreateBreakpointIn) -> Result<Breakpoint> {
        let mut list = self.breakpoints.lock().unwrap();
        let mut breakpoint = request.breakpoint.clone();
        breakpoint.id = list.len() as i64 + 1;
        breakpoint.file = self.source.clone();
        breakpoint.line = 4;
        breakpoint.function_name = "main.add".into();
        list.push(breakpoint.clone());
        Ok(breakpoint)
    }

    fn create_watchpoint(&self, request: &CreateWatchpointIn) -> Result<Breakpoint> {
        Ok(Breakpoint {
            id: 9,
            name: request.expr.clone(),
            watch_expr: request.expr.clone(),
            addrs: vec![0x5dc8f8],
            ..Breakpoint::default()
        })
    }

    fn amend_breakpoint(&self, request: &AmendBreakpointIn) -> Result<()> {
        let index = self.find(request.breakpoint.id, "")?;
        self.breakpoints.lock().unwrap()[index] = request.breakpoint.clone();
        Ok(())
    }

    fn clear_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let index = self.find(id, name)?;
        Ok(self.breakpoints.lock().unwrap().remove(index))
    }

    fn toggle_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let index = self.find(id, name)?;
        let mut list = self.breakpoints.lock().unwrap();
        list[index].disabled = !list[index].disabled;
        Ok(list[index].clone())
    }

    fn get_breakpoint(&self, id: i64, name: &str) -> Result<Breakpoint> {
        let index = self.find(id, name)?;
        Ok(self.breakpoints.lock().unwrap()[index].clone())
    }

    fn list_breakpoints(&self, _: bool) -> Result<Vec<Breakpoint>> {
        Ok(self.breakpoints.lock().unwrap().clone())
    }

    fn eval(&self, _: EvalScope, expr: &str, _: Option<LoadConfig>) -> Result<Variable> {
        match expr {
            "a" => Ok(int("a", "42")),
            "&a" => Ok(Variable {
                kind: Kind::POINTER,
                type_name: "*int".into(),
                children: [int("", "42")].into(),
                ..int("", "1")
            }),
            _ => Err(ClientError(format!("could not find symbol value for {expr}"))),
        }
    }

    fn set(&self, _: EvalScope, symbol: &str, value: &str) -> Result<()> {
        self.commands.lock().unwrap().push(format!("set {symbol} {value}"));
        Ok(())
    }

    fn list_local_vars(&self, _: EvalScope, _: LoadConfig) -> Result<Vec<Variable>> {
        let shadowed = Variable { flags: VariableFlags::SHADOWED, ..int("sum", "1") };
        Ok(vec![shadowed, int("sum", "3")])
    }

    fn list_function_args(&self, _: EvalScope, _: LoadConfig) -> Result<Vec<Variable>> {
        Ok(vec![int("a", "1"), int("b", "2")])
    }

    fn list_package_vars(&self, _: &str, _: LoadConfig) -> Result<Vec<Variable>> {
        Ok(vec![])
    }

    fn type_info(&self, name: &str) -> Result<TypeInfo> {
        if name != "main.Rect" {
            return Err("no type entry found, use 'types' for a list of valid types".into());
        }
        let field = |name: &str, kind: &str| TypeInfoField { name: name.into(), type_name: kind.into() };
        Ok(TypeInfo {
            kind: Kind::STRUCT,
            size: 32,
            fields: vec![field("W", "float64"), field("Name", "string")],
            methods: vec![TypeInfoMethod { name: "main.(*Rect).Area".into() }],
            ..TypeInfo::default()
        })
    }

    fn list_registers(&self, _: &ListRegistersIn) -> Result<ListRegistersOut> {
        let register =
            |name: &str, value: &str| Register { name: name.into(), value: value.into(), dwarf_number: 0 };
        let regs = vec![register("Rip", "0x00000000004de164"), register("R8", "0x0000000000000000")];
        Ok(ListRegistersOut { registers: String::new(), regs })
    }

    fn examine_memory(&self, _: u64, length: i64) -> Result<(Vec<u8>, bool)> {
        Ok(((0..length).map(|i| i as u8).collect(), true))
    }

    fn disassemble(&self, _: &DisassembleIn) -> Result<Vec<AsmInstruction>> {
        let loc = self.location(3, 0x4de140, "main.add");
        let first = AsmInstruction {
            loc,
            text: "sub rsp, 0x18".into(),
            bytes: vec![0x48, 0x83, 0xec, 0x18],
            breakpoint: true,
            ..AsmInstruction::default()
        };
        let loc = self.location(4, 0x4de144, "main.add");
        let second = AsmInstruction {
            loc,
            text: "ret".into(),
            bytes: vec![0xc3],
            at_pc: true,
            ..AsmInstruction::default()
        };
        Ok(vec![first, second])
    }

    fn stacktrace(&self, request: &StacktraceIn) -> Result<Vec<Stackframe>> {
        let mut frames = self.frames();
        if request.cfg.is_some() {
            frames[0].arguments = vec![int("a", "1")];
        }
        if request.opts.0 & StacktraceOptions::READ_DEFERS.0 != 0 {
            let deferred_loc = self.location(7, 0x495fa0, "fmt.Println");
            frames[1].defers = vec![Defer {
                deferred_loc,
                defer_loc: self.location(8, 0x4de1f0, "main.main"),
                ..Defer::default()
            }];
        }
        frames.truncate(request.depth as usize + 1);
        Ok(frames)
    }

    fn list_goroutines(&self, request: &ListGoroutinesIn) -> Result<ListGoroutinesOut> {
        let goroutines = vec![self.goroutine(1), self.goroutine(21)];
        let group =
            GoroutineGroup { name: "/src/main.go:86 in main.main".into(), offset: 0, count: 2, total: 7 };
        let groups = if request.group_by == GoroutineField::NONE { vec![] } else { vec![group] };
        Ok(ListGoroutinesOut { goroutines, nextg: -1, groups, too_many_groups: false })
    }

    fn list_threads(&self) -> Result<Vec<Thread>> {
        let futex = Thread {
            id: 90,
            pc: 0x48be63,
            line: 576,
            function: function("runtime.futex"),
            file: "/go/sys.s".into(),
            ..Thread::default()
        };
        let bare = Thread { id: 95, function: None, ..futex.clone() };
        Ok(vec![self.thread(), futex, bare])
    }

    fn get_thread(&self, _: i64) -> Result<Thread> {
        Ok(self.thread())
    }

    fn find_location(&self, request: &FindLocationIn) -> Result<FindLocationOut> {
        let locations = match request.loc.as_str() {
            "main.add" | "+0" => vec![self.location(4, 0x4de164, "main.add")],
            "both" => vec![self.location(4, 1, "a"), self.location(5, 2, "b")],
            other => return Err(ClientError(format!("location \"{other}\" not found"))),
        };
        Ok(FindLocationOut { locations, substitute_loc_expr: String::new() })
    }

    fn function_return_locations(&self, _: &str) -> Result<Vec<u64>> {
        Ok(vec![0x4de180])
    }

    fn list_sources(&self, _: &str) -> Result<Vec<String>> {
        Ok(vec!["/b.go".into(), "/a.go".into()])
    }

    fn list_functions(&self, filter: &str, _: i64) -> Result<Vec<String>> {
        Ok(if filter.contains("plugin") { vec![] } else { vec!["main.add".into(), "main.main".into()] })
    }

    fn list_types(&self, _: &str) -> Result<Vec<String>> {
        Ok(vec!["main.Rect".into()])
    }

    fn list_packages_build_info(&self, _: &ListPackagesBuildInfoIn) -> Result<Vec<PackageBuildInfo>> {
        Ok(vec![PackageBuildInfo { import_path: "main".into(), ..PackageBuildInfo::default() }])
    }

    fn list_dynamic_libraries(&self) -> Result<ListDynamicLibrariesOut> {
        let image = Image {
            path: "/lib/libc.so.6".into(),
            address: 0x7f00,
            load_error: "no debug info".into(),
            trimpath: false,
        };
        Ok(ListDynamicLibrariesOut { list: vec![image], executable_trimpath: false })
    }

    fn debug_info_directories(&self, request: &DebugInfoDirectoriesIn) -> Result<Vec<String>> {
        Ok(request.list.clone())
    }

    fn build_id(&self) -> Result<String> {
        Ok(String::new())
    }

    fn last_modified(&self) -> Result<String> {
        Ok("2100-01-01T00:00:00Z".into())
    }

    fn get_version(&self) -> Result<GetVersionOut> {
        Ok(GetVersionOut { target_go_version: "go1.26".into(), ..GetVersionOut::default() })
    }

    fn attached_to_existing_process(&self) -> bool {
        self.attached
    }

    fn list_targets(&self) -> Result<Vec<Target>> {
        let target = |pid, cmd_line: &str| Target { pid, cmd_line: cmd_line.into(), current_thread: None };
        Ok(vec![target(99, "./prog -v"), target(1234, "child")])
    }

    fn follow_exec(&self, _: &FollowExecIn) -> Result<()> {
        Ok(())
    }
}
