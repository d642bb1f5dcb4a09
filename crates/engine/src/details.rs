//! What can be asked of goroutines, types and packages besides where they are.

use std::collections::{BTreeMap, BTreeSet};

use adit_arch::disasm::{Flow, decode};
use adit_process::{Addr, ThreadId};
use adit_symbols::Shape;
use regex::Regex;

use crate::eval::EvalError;
use crate::goroutine::Goroutine;
use crate::scope::Scope;
use crate::unwind::Frame;
use crate::value::{Kind, LoadConfig, Variable, flags, kind_of};
use crate::{Debugger, EngineError};

/// A deferred call that has not run yet.
#[derive(Clone, Copy, Debug)]
pub struct DeferredCall {
    /// The function that will be called.
    pub function: Addr,
    /// Return address of the `defer` statement.
    pub pc: Addr,
    /// The stack pointer of the frame that deferred it.
    pub sp: Addr,
}

/// A type, described.
#[derive(Clone, Debug)]
pub struct TypeDescription {
    /// Its kind.
    pub kind: Kind,
    /// Bytes of a value.
    pub size: u64,
    /// The type beneath it, unless it is a struct or its own.
    pub real_type: String,
    /// Names and types of a struct's fields.
    pub fields: Vec<(String, String)>,
    /// Full names of its methods' functions.
    pub methods: Vec<String>,
}

impl Debugger {
    /// A goroutine's profiler labels.
    pub fn goroutine_labels(&self, goroutine: &Goroutine) -> BTreeMap<String, String> {
        let Ok(runtime) = self.runtime() else { return BTreeMap::new() };
        if goroutine.raw.labels.0 == 0 {
            return BTreeMap::new();
        }
        runtime.go.labels(&self.target, &goroutine.raw).unwrap_or_default().into_iter().collect()
    }

    /// Addresses of the `g`s that wait on the channel that `expression` denotes.
    pub fn goroutines_waiting_on(&self, scope: &Scope, expression: &str) -> Result<Vec<Addr>, EngineError> {
        let channel = self.eval(scope, expression, &LoadConfig::SHORT)?;
        if channel.kind != Kind::CHAN {
            return Err(EvalError(format!("expression {expression:?} is not a channel")).into());
        }
        if channel.base == 0 {
            return Ok(Vec::new());
        }
        let runtime = self.runtime()?;
        let channel = runtime
            .go
            .channel(&self.target, Addr(channel.base))
            .map_err(|error| EngineError::Runtime(error.to_string()))?;
        Ok(channel.receivers.iter().chain(&channel.senders).map(|waiter| waiter.g).collect())
    }

    /// The calls that a goroutine has deferred, latest first.
    fn deferred_calls(&self, goroutine: i64) -> Result<Vec<DeferredCall>, EngineError> {
        let id = if goroutine == -1 { self.selection.goroutine } else { Some(goroutine) };
        let raw = self.raw_goroutine(id.ok_or(EngineError::NoGoroutineSelected)?)?;
        let runtime = self.runtime()?;
        let defers =
            runtime.go.defers(&self.target, &raw).map_err(|error| EngineError::Runtime(error.to_string()))?;
        Ok(defers
            .into_iter()
            .map(|defer| DeferredCall { function: defer.code, pc: defer.pc, sp: defer.sp })
            .collect())
    }

    /// The deferred calls of one frame: those that were deferred with a stack pointer inside it.
    pub fn defers_of_frame(
        &self,
        goroutine: i64,
        frames: &[Frame],
        index: usize,
    ) -> Vec<Result<DeferredCall, String>> {
        let frame = &frames[index];
        let below = frames[..index]
            .iter()
            .rev()
            .find(|inner| inner.cfa < frame.cfa)
            .map_or(Addr(0), |inner| inner.cfa);
        match self.deferred_calls(goroutine) {
            Ok(all) => {
                all.into_iter().filter(|call| below <= call.sp && call.sp < frame.cfa).map(Ok).collect()
            }
            Err(EngineError::NoGoroutineSelected) => Vec::new(),
            Err(error) => vec![Err(error.to_string())],
        }
    }

    /// The function that would be called first if the selected goroutine panicked.
    pub(crate) fn latest_deferred_function(&self) -> Option<Addr> {
        let calls = self.deferred_calls(-1).ok()?;
        calls.first().map(|call| call.function).filter(|function| function.0 != 0)
    }

    /// A deferred call as a scope: it has no frame of its own yet, so its arguments are looked at from the function's
    /// entry.
    pub fn deferred_scope(
        &self,
        goroutine: i64,
        frame: usize,
        deferred: usize,
    ) -> Result<Scope, EngineError> {
        let frames = self.stack(goroutine, frame.saturating_add(2))?;
        let id = if goroutine == -1 { self.selection.goroutine.unwrap_or(0) } else { goroutine };
        if frame >= frames.len() {
            return Err(EngineError::NoFrame { frame, goroutine: id });
        }
        let calls = self.defers_of_frame(goroutine, &frames, frame);
        let Some(call) = deferred.checked_sub(1).and_then(|at| calls.get(at)) else {
            return Err(EngineError::Runtime(format!(
                "Frame {frame} only has {} deferred calls",
                calls.len()
            )));
        };
        let call = call.clone().map_err(EngineError::Runtime)?;
        let mut scope = self.scope_of_frame(&frames, frame, Some(id));
        let source = self.image.source_frames(call.function).last().cloned();
        scope.frame.pc = call.function;
        scope.frame.lookup = call.function;
        scope.frame.file_pc = self.image.to_file(call.function);
        scope.frame.source = source;
        scope.frame.cfa = call.sp;
        Ok(scope)
    }

    /// One of several frames as a scope.
    pub fn scope_of_frame(&self, frames: &[Frame], index: usize, goroutine: Option<i64>) -> Scope {
        let thread = match goroutine {
            Some(id) => self.thread_of_goroutine(id),
            None => Some(self.selection.thread),
        };
        Scope {
            frame: frames[index].clone(),
            callers: frames[index + 1..].to_vec(),
            goroutine,
            thread,
            stack: thread.map(|thread| self.stack_context_of_thread(thread)).unwrap_or_default(),
        }
    }

    /// The stack of a thread.
    pub fn stack_of(&self, thread: ThreadId, most: usize) -> Result<Vec<Frame>, EngineError> {
        self.check_alive()?;
        self.stack_of_thread(thread, most)
    }

    /// What the function returned that the last step left, and the thread on which it did.
    pub fn return_values(&self, config: &LoadConfig) -> Option<(Vec<Variable>, ThreadId)> {
        let (frame, thread) = self.returned_frame()?;
        let mut scope = self.scope_of_frame(std::slice::from_ref(frame), 0, self.selection.goroutine);
        // The results are where the function's last return instruction left them; its frame lies untouched below the
        // stack pointer, and registers are as it left them.
        let name = frame.function().to_owned();
        let returns = self.return_addresses(&name).ok()?;
        let last = returns.last().copied()?;
        scope.frame.lookup = last;
        scope.frame.file_pc = self.image.to_file(last);
        if let Some(source) = self.image.source_frames(last).last() {
            scope.frame.source = Some(source.clone());
        }
        if let Ok(registers) = self.target.all_registers(thread) {
            scope.frame.registers = registers;
        }
        let variables = self.variables(&scope).ok()?;
        let loader = self.loader();
        let results = variables.into_iter().filter(|variable| variable.flags & flags::RETURN_ARGUMENT != 0);
        let values = results
            .map(|variable| {
                let mut loaded = loader.load_named(&variable.name, &variable.value, config);
                loaded.flags |= variable.flags;
                loaded.decl_line = i64::from(variable.decl_line);
                loaded
            })
            .collect();
        Some((values, thread))
    }

    /// The package variables whose full names match, loaded.
    pub fn package_variables(&self, filter: &str, config: &LoadConfig) -> Result<Vec<Variable>, EngineError> {
        let filter = Regex::new(filter).map_err(|error| EngineError::Filter(error.to_string()))?;
        let loader = self.loader();
        let all = self.image.binary.dwarf()?.package_variables()?;
        Ok(all
            .iter()
            .filter(|variable| filter.is_match(&variable.name))
            .map(|variable| match self.package_variable_value(variable) {
                Ok(value) => loader.load_named(&variable.name, &value, config),
                Err(error) => Variable {
                    name: variable.name.to_string(),
                    unreadable: error.to_string(),
                    ..Variable::default()
                },
            })
            .collect())
    }

    /// What is known of a type.
    pub fn type_info(&self, name: &str) -> Result<TypeDescription, EngineError> {
        let dwarf = self.image.binary.dwarf()?;
        let not_found =
            || EngineError::Runtime("no type entry found, use 'types' for a list of valid types".to_owned());
        let ty = dwarf.type_by_name(name)?.ok_or_else(not_found)?;
        let real = dwarf.resolve(ty.id)?;
        let fields = match &real.shape {
            Shape::Struct(fields) | Shape::Union(fields) => fields
                .iter()
                .map(|field| {
                    let ty = dwarf
                        .type_of(field.type_id)
                        .map_or_else(|_| "?".to_owned(), |ty| ty.name.to_string());
                    (field.name.to_string(), ty)
                })
                .collect(),
            _ => Vec::new(),
        };
        let real_type =
            if fields.is_empty() && real.name != ty.name { real.name.to_string() } else { String::new() };
        Ok(TypeDescription {
            kind: kind_of(&real),
            size: real.size,
            real_type,
            fields,
            methods: self.methods_of(name),
        })
    }

    /// Functions that are methods of a type: `pkg.T.m`, `pkg.(*T).m`.
    fn methods_of(&self, name: &str) -> Vec<String> {
        let Some(dot) = name.rfind('.') else { return Vec::new() };
        let (package, own) = (&name[..dot], &name[dot + 1..]);
        let prefixes = [format!("{package}.{own}."), format!("{package}.(*{own}).")];
        let Ok(table) = self.image.binary.pclntab() else { return Vec::new() };
        let names = table.functions().map(|function| function.name());
        let methods = names.filter(|function| {
            prefixes.iter().any(|prefix| {
                function.strip_prefix(prefix.as_str()).is_some_and(|method| !method.contains(['.', '-']))
            })
        });
        methods.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The functions given, and those that they call, to a depth.
    pub fn with_callees(&self, functions: Vec<String>, depth: usize) -> Vec<String> {
        let Ok(table) = self.image.binary.pclntab() else { return functions };
        let mut all: BTreeSet<String> = functions.iter().cloned().collect();
        let mut level = functions;
        for _ in 1..depth {
            let mut next = Vec::new();
            for function in level.iter().filter_map(|name| table.by_name(name)) {
                for target in self.direct_calls(self.image.to_target(function.entry())) {
                    let Some(callee) = self.function_at(target) else { continue };
                    let name = callee.name().to_owned();
                    if !adit_goruntime::functions::is_unexported_runtime(&name) && all.insert(name.clone()) {
                        next.push(name);
                    }
                }
            }
            level = next;
        }
        all.into_iter().collect()
    }

    /// Targets of the direct calls, and of the jumps to other functions, in the function at `entry`.
    pub(crate) fn direct_calls(&self, entry: Addr) -> Vec<Addr> {
        let Some((start, end)) = self.function_range(entry) else { return Vec::new() };
        let code = self.code(start, end);
        let mut targets = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let addr = start.offset(at as i64);
            let Some(instruction) = decode(self.arch(), addr.0, &code[at..]) else { break };
            match instruction.flow {
                Flow::Call(Some(to)) => targets.push(Addr(to)),
                Flow::Jump(Some(to)) if !(start.0..end.0).contains(&to) => targets.push(Addr(to)),
                _ => {}
            }
            at += instruction.len.max(1);
        }
        targets
    }

    /// First addresses of the places where a function is inlined. Programs built without inlining are not searched.
    pub(crate) fn inlined_copies(&self, name: &str) -> Vec<Addr> {
        self.inlined_functions().get(name).cloned().unwrap_or_default()
    }

    /// The functions that are inlined somewhere, and where; some have no code of their own.
    pub(crate) fn inlined_functions(&self) -> &BTreeMap<String, Vec<Addr>> {
        self.inlined_functions.get_or_init(|| {
            let mut found: BTreeMap<String, Vec<Addr>> = BTreeMap::new();
            let table = self.image.binary.pclntab().ok().filter(|_| !self.built_without_optimization());
            for (function, pc) in
                table.into_iter().flat_map(adit_symbols::Pclntab::functions).flat_map(|f| f.inlined_calls())
            {
                found.entry(function.to_owned()).or_default().push(self.image.to_target(pc));
            }
            found
        })
    }

    /// Was every package compiled with `-N -l`? The build settings in the binary say so, without debug information.
    pub(crate) fn built_without_optimization(&self) -> bool {
        let Some(info) = self.image.binary.build_info() else { return false };
        info.settings.iter().any(|(key, value)| {
            let flags: Vec<&str> = value.strip_prefix("all=").unwrap_or("").split_whitespace().collect();
            key == "-gcflags" && flags.contains(&"-N") && flags.contains(&"-l")
        })
    }
}
