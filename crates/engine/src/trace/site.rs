//! An address at which hits of a tracepoint are reported.

use std::sync::Arc;

use adit_arch::disasm::{Flow, decode};
use adit_expr::without_type_arguments;
use adit_process::{Addr, Registers, ThreadId};
use adit_symbols::{FunctionInfo, TypeId, VariableKind};

use crate::breakpoint::Breakpoint;
use crate::call::abi::{Convention, Passable, Passed, from_registers};
use crate::scope::Scope;
use crate::unwind::Cursor;
use crate::value::{LoadConfig, Value, Variable, flags};
use crate::{Debugger, EngineError};

/// The longest instruction of any architecture, in bytes.
const LONGEST_INSTRUCTION: i64 = 16;

/// What is known of an address at which hits are reported, and stays so.
pub struct TraceSite {
    /// The full name of the function that is traced; empty if unknown.
    pub function: Arc<str>,
    /// Does it have results?
    pub has_results: bool,
    /// How many calls are inlined into it at this very address.
    pub(super) inlined_below: usize,
    /// Its variables and where they are.
    info: Option<Arc<FunctionInfo>>,
    /// At a return instruction: which registers hold the results.
    result_places: Option<Vec<Passed>>,
    /// Is something in floating-point registers?
    vectors: bool,
    /// Does the caller know what the types of the variables really are?
    generic: bool,
}

impl Debugger {
    /// Finds out what there is to know of an address at which hits of a tracepoint are to be reported.
    pub(super) fn find_trace_site(&self, breakpoint: &Breakpoint, pc: Addr) -> TraceSite {
        let frames = self.image.source_frames_anywhere(&self.target, pc);
        let wanted = &breakpoint.place.function;
        // A call may be inlined where the function around it begins, and both may be traced.
        let is_wanted =
            |name: &str| name == wanted || without_type_arguments(name) == without_type_arguments(wanted);
        let inlined_below = frames.iter().position(|frame| is_wanted(&frame.function)).unwrap_or(0);
        let frame = frames.get(inlined_below);
        let info = self.function_info(pc).ok().flatten();
        let is_inlined = frame.is_some_and(|frame| frame.inlined);
        // Debug information has the type arguments, which pclntab leaves out in older versions of Go.
        let function: Arc<str> = match (&info, frame) {
            (Some(info), Some(_)) if !is_inlined => info.name.clone(),
            (_, frame) => frame.map_or("", |frame| frame.function.as_str()).into(),
        };
        let mut site = TraceSite {
            generic: function.contains('['),
            function,
            has_results: false,
            inlined_below,
            info,
            result_places: None,
            vectors: false,
        };
        if let Some(info) = site.info.clone() {
            let parameters = self.passables(&info, VariableKind::Parameter);
            let results = self.passables(&info, VariableKind::Result);
            site.has_results = !is_inlined && !results.is_empty();
            let mut parts =
                parameters.iter().chain(&results).filter_map(|value| value.parts.as_ref()).flatten();
            site.vectors = parts.any(|part| part.float);
            if info.optimized && self.is_return_instruction(pc) {
                let word = u64::from(self.arch().pointer_size);
                let convention = Convention::of(self.arch());
                site.result_places =
                    convention.map(|convention| convention.assign(word, &[], &results).results);
            }
        }
        site
    }

    /// What passing the arguments or results of a function depends on; that of those whose types are not known is
    /// nothing.
    fn passables(&self, function: &FunctionInfo, kind: VariableKind) -> Vec<Passable> {
        let loader = self.loader();
        let unknown = || Passable { size: 0, align: 1, parts: None };
        let variables = function.variables.iter().filter(|variable| variable.kind == kind);
        let passable = |id: TypeId| loader.type_of(id).and_then(|ty| loader.passable(&ty)).ok();
        variables.map(|variable| variable.type_id.and_then(passable).unwrap_or_else(unknown)).collect()
    }

    fn is_return_instruction(&self, pc: Addr) -> bool {
        let code = self.code(pc, pc.offset(LONGEST_INSTRUCTION));
        decode(self.arch(), pc.0, &code).is_some_and(|instruction| instruction.flow == Flow::Return)
    }

    /// The frame of the function that is traced.
    pub(super) fn scope_at_site(
        &self,
        site: &TraceSite,
        thread: ThreadId,
        registers: &Registers,
    ) -> Result<Scope, EngineError> {
        let registers = if site.vectors { self.target.all_registers(thread)? } else { registers.clone() };
        let stack = self.stack_context_of_thread(thread);
        let most = if site.generic { site.inlined_below + 2 } else { 1 };
        let frames = self.unwinder().frames(Cursor::top(registers), &stack, most);
        let index = site.inlined_below.min(frames.len().saturating_sub(1));
        let mut frames = frames.into_iter().skip(index);
        let goroutine = self.goroutine_of_thread(thread);
        let missing = EngineError::NoFrame { frame: 0, goroutine: goroutine.unwrap_or(0) };
        let frame = frames.next().ok_or(missing)?;
        let callers = frames.collect();
        Ok(Scope { frame, callers, goroutine, thread: Some(thread), stack, closure: None })
    }

    /// The arguments of a call that has just begun.
    pub fn traced_arguments(&self, site: &TraceSite, scope: &Scope, config: &LoadConfig) -> Vec<Variable> {
        self.traced_variables(site, scope, config, VariableKind::Parameter)
    }

    /// The results of a call that is about to return.
    pub fn traced_results(&self, site: &TraceSite, scope: &Scope, config: &LoadConfig) -> Vec<Variable> {
        self.traced_variables(site, scope, config, VariableKind::Result)
    }

    fn traced_variables(
        &self,
        site: &TraceSite,
        scope: &Scope,
        config: &LoadConfig,
        kind: VariableKind,
    ) -> Vec<Variable> {
        let Some(info) = &site.info else { return Vec::new() };
        let loader = self.loader();
        let mut loaded = Vec::new();
        for (index, mut variable) in self.variables_of_kind(scope, info, kind) {
            // The calling convention knows better than optimised code's debug information.
            let place = site.result_places.as_ref().filter(|_| kind == VariableKind::Result);
            if let Some(Passed::Registers(parts)) = place.and_then(|places| places.get(index)) {
                let ty = variable.value.ty.clone();
                let bytes = from_registers(parts, ty.size, self.arch(), &scope.frame.registers);
                if let Some(bytes) = bytes {
                    variable.value = Value::of_bytes(ty, &bytes);
                    variable.flags |= flags::FAKE_ADDRESS;
                }
            }
            let mut value = loader.load(&variable.value, config);
            value.name = variable.name;
            value.flags |= variable.flags;
            value.decl_line = i64::from(variable.decl_line);
            loaded.push(value);
        }
        loaded
    }
}
