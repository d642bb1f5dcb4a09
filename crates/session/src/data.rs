//! Values, registers, memory, stacks and code.

use adit_api::requests::{
    DisassembleIn, ListPackagesBuildInfoIn, ListRegistersIn, ListRegistersOut, StacktraceIn,
};
use adit_api::{
    AsmInstruction, AssemblyFlavour, ClientError, EvalScope, LoadConfig, PackageBuildInfo, Register, Result,
    Stackframe, StacktraceOptions, TypeInfo, Variable,
};
use adit_engine::scope::Scope;
use adit_process::{Addr, Memory, Registers, ThreadId};

use crate::convert::{api_frame, api_location, api_variable, load_config};
use crate::owner::{Owner, client_error};
use crate::trace::scope_variables;

/// Most memory that is examined at once, in bytes.
const MOST_MEMORY: i64 = 1 << 16;

impl Owner {
    pub(crate) fn scope_of(&self, scope: EvalScope) -> Result<Scope> {
        let frame = usize::try_from(scope.frame).unwrap_or(0);
        if scope.deferred_call > 0 {
            let deferred = usize::try_from(scope.deferred_call).unwrap_or(0);
            return self.debugger.deferred_scope(scope.goroutine_id, frame, deferred).map_err(client_error);
        }
        self.debugger.scope(scope.goroutine_id, frame).map_err(client_error)
    }

    pub(crate) fn eval(
        &mut self,
        scope: EvalScope,
        text: &str,
        config: Option<LoadConfig>,
    ) -> Result<Variable> {
        let scope = self.scope_of(scope)?;
        let config = load_config(&config.unwrap_or(LoadConfig::FULL));
        self.debugger.eval(&scope, text, &config).map(api_variable).map_err(client_error)
    }

    pub(crate) fn set(&mut self, scope: EvalScope, left: &str, right: &str) -> Result<()> {
        let scope = self.scope_of(scope)?;
        self.debugger.set(&scope, left, right).map_err(client_error)
    }

    pub(crate) fn locals(&mut self, scope: EvalScope, config: LoadConfig) -> Result<Vec<Variable>> {
        let scope = self.scope_of(scope)?;
        self.scope_variables(&scope, &load_config(&config), false)
    }

    pub(crate) fn arguments(&mut self, scope: EvalScope, config: LoadConfig) -> Result<Vec<Variable>> {
        let scope = self.scope_of(scope)?;
        self.scope_variables(&scope, &load_config(&config), true)
    }

    /// The arguments and results of a frame, or its local variables.
    fn scope_variables(
        &self,
        scope: &Scope,
        config: &adit_engine::value::LoadConfig,
        arguments: bool,
    ) -> Result<Vec<Variable>> {
        scope_variables(&self.debugger, scope, config, arguments).map_err(client_error)
    }

    pub(crate) fn package_variables(&mut self, filter: &str, config: LoadConfig) -> Result<Vec<Variable>> {
        let config = load_config(&config);
        let variables = self.debugger.package_variables(filter, &config).map_err(client_error)?;
        Ok(variables.into_iter().map(api_variable).collect())
    }

    pub(crate) fn type_info(&mut self, name: &str) -> Result<TypeInfo> {
        let info = self.debugger.type_info(name).map_err(client_error)?;
        let field = |(name, type_name): (String, String)| adit_api::TypeInfoField { name, type_name };
        Ok(TypeInfo {
            kind: adit_api::Kind(u32::from(info.kind.0)),
            size: i64::try_from(info.size).unwrap_or(i64::MAX),
            real_type: info.real_type,
            fields: info.fields.into_iter().map(field).collect(),
            methods: info.methods.into_iter().map(|name| adit_api::TypeInfoMethod { name }).collect(),
        })
    }

    pub(crate) fn registers(&mut self, request: &ListRegistersIn) -> Result<ListRegistersOut> {
        self.debugger.check_started().map_err(client_error)?;
        let registers = match request.scope {
            Some(scope) => {
                let found = self.scope_of(scope)?;
                match found.thread.filter(|_| scope.frame == 0) {
                    Some(thread) => {
                        self.debugger.thread_registers(thread, request.include_fp).map_err(client_error)?
                    }
                    None => found.frame.registers,
                }
            }
            None => {
                let thread = match request.thread_id {
                    0 => self.debugger.selection().thread,
                    id if !self.debugger.target().threads().contains(&ThreadId(id)) => {
                        return Err(ClientError(format!("couldn't find thread {id}")));
                    }
                    id => ThreadId(id),
                };
                self.debugger.thread_registers(thread, request.include_fp).map_err(client_error)?
            }
        };
        let regs = api_registers(&registers);
        let width = regs.iter().map(|register| register.name.len()).max().unwrap_or(0);
        let lines = regs.iter().map(|register| format!("{:>width$} = {}\n", register.name, register.value));
        Ok(ListRegistersOut { registers: lines.collect(), regs })
    }

    pub(crate) fn examine_memory(&mut self, address: u64, length: i64) -> Result<(Vec<u8>, bool)> {
        self.debugger.check_alive().map_err(client_error)?;
        if length > MOST_MEMORY {
            return Err(ClientError(format!("len must be less than or equal to {MOST_MEMORY}")));
        }
        let mut memory = vec![0; usize::try_from(length).unwrap_or(0)];
        self.debugger
            .target()
            .read(Addr(address), &mut memory)
            .map_err(|error| ClientError(error.to_string()))?;
        let little = self.debugger.target().arch().byte_order == adit_process::ByteOrder::Little;
        Ok((memory, little))
    }

    pub(crate) fn disassemble(&mut self, request: &DisassembleIn) -> Result<Vec<AsmInstruction>> {
        use adit_arch::disasm::Flavor;
        let flavor = match request.flavour {
            AssemblyFlavour::GNU => Flavor::Gnu,
            AssemblyFlavour::GO => Flavor::Go,
            _ => Flavor::Intel,
        };
        let current = self.scope_of(request.scope).ok().filter(Scope::has_frame).map(|scope| scope.frame.pc);
        let lines = self
            .debugger
            .disassemble(Addr(request.start_pc), Addr(request.end_pc), flavor)
            .map_err(client_error)?;
        Ok(lines
            .into_iter()
            .map(|line| AsmInstruction {
                loc: api_location(&self.debugger, line.addr),
                dest_loc: line.destination.map(|to| api_location(&self.debugger, to)),
                text: line.text,
                bytes: line.bytes,
                breakpoint: line.breakpoint,
                at_pc: current == Some(line.addr),
            })
            .collect())
    }

    pub(crate) fn stacktrace(&mut self, request: &StacktraceIn) -> Result<Vec<Stackframe>> {
        let depth = usize::try_from(request.depth)
            .map_err(|_| ClientError("negative maximum stack depth".to_owned()))?;
        let skip = usize::try_from(request.skip).unwrap_or(0);
        let most = depth.saturating_add(skip).saturating_add(1);
        let frames = self.debugger.stack(request.id, most).map_err(client_error)?;
        let config = request.cfg.or(request.full.then_some(LoadConfig::FULL));
        let defers = request.defers || request.opts.0 & StacktraceOptions::READ_DEFERS.0 != 0;
        let mut shown = Vec::new();
        for (i, frame) in frames.iter().enumerate().skip(skip) {
            let mut api = api_frame(&self.debugger, frame);
            if let Some(config) = &config {
                self.add_variables(&mut api, &frames, i, request.id, config);
            }
            if defers {
                api.defers = self.frame_defers(request.id, &frames, i);
            }
            shown.push(api);
        }
        Ok(shown)
    }

    /// Frames that have no variables are shown all the same.
    fn add_variables(
        &self,
        api: &mut Stackframe,
        frames: &[adit_engine::unwind::Frame],
        index: usize,
        goroutine: i64,
        config: &LoadConfig,
    ) {
        let goroutine = if goroutine == -1 { self.debugger.selection().goroutine } else { Some(goroutine) };
        let scope = self.debugger.scope_of_frame(frames, index, goroutine);
        let config = load_config(config);
        api.arguments = self.scope_variables(&scope, &config, true).unwrap_or_default();
        api.locals = self.scope_variables(&scope, &config, false).unwrap_or_default();
    }

    fn frame_defers(
        &self,
        goroutine: i64,
        frames: &[adit_engine::unwind::Frame],
        index: usize,
    ) -> Vec<adit_api::Defer> {
        let defers = self.debugger.defers_of_frame(goroutine, frames, index);
        defers
            .into_iter()
            .map(|defer| match defer {
                Ok(defer) => adit_api::Defer {
                    deferred_loc: api_location(
                        &self.debugger,
                        self.debugger.unwrapped(defer.function).unwrap_or(defer.function),
                    ),
                    defer_loc: crate::convert::api_place(
                        &self.debugger,
                        &self.debugger.source_place(defer.pc, defer.pc.offset(-1)),
                    ),
                    sp: defer.sp.0,
                    unreadable: String::new(),
                },
                Err(error) => adit_api::Defer { unreadable: error, ..adit_api::Defer::default() },
            })
            .collect()
    }

    pub(crate) fn sources(&mut self, filter: &str) -> Result<Vec<String>> {
        self.debugger.sources(filter).map_err(client_error)
    }

    pub(crate) fn functions(&mut self, filter: &str, follow_calls: i64) -> Result<Vec<String>> {
        let depth = usize::try_from(follow_calls).unwrap_or(0);
        let functions = self.debugger.functions(filter).map_err(client_error)?;
        if depth == 0 { Ok(functions) } else { Ok(self.debugger.with_callees(functions, depth)) }
    }

    pub(crate) fn types(&mut self, filter: &str) -> Result<Vec<String>> {
        self.debugger.types(filter).map_err(client_error)
    }

    pub(crate) fn packages(&mut self, request: &ListPackagesBuildInfoIn) -> Result<Vec<PackageBuildInfo>> {
        let packages = self.debugger.packages(&request.filter).map_err(client_error)?;
        Ok(packages
            .into_iter()
            .map(|package| PackageBuildInfo {
                import_path: package.path,
                directory_path: package.directory,
                files: if request.include_files { package.files } else { Vec::new() },
            })
            .collect())
    }

    pub(crate) fn last_modified(&mut self) -> Result<String> {
        let path = self.debugger.image().binary.path();
        let modified = std::fs::metadata(path).and_then(|file| file.modified());
        let since = modified.ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let Some(since) = since else { return Err(ClientError(format!("{} is gone", path.display()))) };
        Ok(adit_engine::value::rfc3339(since.as_secs().cast_signed(), since.subsec_nanos()))
    }
}

/// Registers, as the API shows them.
fn api_registers(registers: &Registers) -> Vec<Register> {
    let arch = registers.arch();
    registers
        .known()
        .map(|id| {
            let info = arch.info(id);
            Register {
                name: info.name.to_owned(),
                value: registers.text(id).unwrap_or_default(),
                dwarf_number: info.dwarf.map_or(-1, i64::from),
            }
        })
        .collect()
}
