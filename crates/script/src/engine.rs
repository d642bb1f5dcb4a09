//! Running scripts, and what they leave behind: commands and global variables.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use adit_api::Client;
use starlark::docs::{DocItem, DocMember};
use starlark::environment::{FrozenModule, Globals, GlobalsBuilder, LibraryExtension, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};
use starlark::values::tuple::TupleRef;
use starlark::values::{OwnedFrozenValue, Value};

use crate::builtins;
use crate::declared::{AtPrompt, Target};
use crate::host::Host;
use crate::session::Session;
use crate::source::{Completeness, RANGE, Source, completeness};
use crate::traceback::ScriptError;

/// Steps that a script may make: calls and turns of loops. A script that does nothing else gets there in minutes; one
/// that resumes the target, never. Ranges are no longer than 2³¹, and that for `while` must not end before.
const MOST_STEPS: u64 = 2_000_000_000;

/// Calls within calls.
const DEEPEST_CALLS: usize = 1000;

/// Memory that the values of a script may take, in bytes.
const LARGEST_HEAP: usize = 1 << 30;

/// The machine's stack that a script gets for its own: the evaluator calls itself where the script does.
const STACK: usize = 64 << 20;

/// A command that a script has defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name, without the `command_` of the function.
    pub name: String,
    /// The function's documentation, or `user defined`.
    pub help: String,
}

/// What scripts have left behind.
#[derive(Default)]
struct Kept {
    commands: BTreeMap<String, (OwnedFrozenValue, String)>,
    /// Global variables whose names begin with a capital letter.
    globals: BTreeMap<String, OwnedFrozenValue>,
}

/// Runs scripts that drive a session.
pub struct Engine {
    session: Arc<Session>,
    /// Made for the first script: most sessions have none.
    globals: OnceLock<Globals>,
    kept: Mutex<Kept>,
}

type Outcome<T> = Result<T, ScriptError>;

impl Engine {
    /// An engine for the session of `client`.
    pub fn new(client: Arc<dyn Client>) -> Engine {
        Engine { session: Arc::new(Session::new(client)), globals: OnceLock::new(), kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The commands that scripts have defined so far, by name.
    pub fn commands(&self) -> Vec<Command> {
        let command = |(name, (_, help)): (&String, &(OwnedFrozenValue, String))| Command {
            name: name.clone(),
            help: help.clone(),
        };
        self.kept().commands.iter().map(command).collect()
    }

    /// Runs a file, and then its `main`. Where in the script it failed is written to the prompt's errors; the error
    /// returned is why.
    pub fn run_file(&self, path: &Path, host: &mut dyn Host) -> Result<(), String> {
        let name = path.to_string_lossy();
        let text = std::fs::read(path).map_err(|error| builtins::file_error(&name, &error))?;
        let source = Source::new(&name, &String::from_utf8_lossy(&text));
        self.guarded(host, |host| self.run_source(source, host))
    }

    fn run_source(&self, source: Source, host: &mut dyn Host) -> Outcome<()> {
        let (key, source) = self.session.add_source(source);
        let module = Module::with_temp_heap(|module| {
            self.prepare(&module);
            self.evaluate(&module, &key, &source, "<toplevel>", host)?;
            self.freeze(module)
        })?;
        self.keep(&module);
        if let Ok(main) = module.get("main") {
            self.call_main(&main, host)?;
        }
        Ok(())
    }

    fn call_main(&self, main: &OwnedFrozenValue, host: &mut dyn Host) -> Outcome<()> {
        match parameters(main.value()) {
            None => Err("main is not a function".to_owned().into()),
            Some(parameters) if !parameters.is_empty() => {
                Err("wrong number of arguments for main".to_owned().into())
            }
            Some(_) => Module::with_temp_heap(|module| {
                let function = module.heap().access_owned_frozen_value(main);
                self.with_evaluator(&module, "<toplevel>", host, |eval| {
                    eval.eval_function(function, &[], &[]).map(drop)
                })
            }),
        }
    }

    /// Carries out a command that a script has defined, with the text behind its name.
    pub fn call(&self, name: &str, arguments: &str, host: &mut dyn Host) -> Result<(), String> {
        let function = self.kept().commands.get(name).map(|(function, _)| function.clone());
        let function = function.ok_or("command not available")?;
        self.guarded(host, |host| self.call_command(&function, arguments, host))
    }

    fn call_command(&self, function: &OwnedFrozenValue, text: &str, host: &mut dyn Host) -> Outcome<()> {
        let takes_text = parameters(function.value()).is_some_and(|parameters| parameters == ["args"]);
        Module::with_temp_heap(|module| {
            self.prepare(&module);
            let arguments = if takes_text {
                vec![module.heap().alloc(text)]
            } else {
                let (key, source) = self.session.add_source(Source::new("<input>", &format!("({text})")));
                let value = self.evaluate(&module, &key, &source, "<expr>", host)?;
                match TupleRef::from_value(value) {
                    Some(tuple) => tuple.content().to_vec(),
                    None => vec![value],
                }
            };
            let function = module.heap().access_owned_frozen_value(function);
            self.with_evaluator(&module, "<toplevel>", host, |eval| {
                eval.eval_function(function, &arguments, &[]).map(drop)
            })
        })
    }

    /// Reads statements and carries them out, until the input ends or is `exit`.
    pub fn read_interactive(&self, host: &mut dyn Host) -> Result<(), String> {
        self.guarded(host, |host| {
            let module = Module::with_temp_heap(|module| {
                self.prepare(&module);
                while let Some(text) = read_statement(host)? {
                    self.interact(&module, &text, host);
                }
                self.freeze(module)
            })?;
            self.keep(&module);
            Ok(())
        })
    }

    /// Carries out what was typed, and shows what comes of it.
    fn interact(&self, module: &Module<'_>, text: &str, host: &mut dyn Host) {
        let (key, source) = self.session.add_source(Source::new("<stdin>", text));
        let outermost = if is_expression(text) { "<expr>" } else { "<toplevel>" };
        match self.evaluate(module, &key, &source, outermost, host) {
            Ok(value) if value.is_none() => {}
            Ok(value) => host.print(&format!("{}\n", self.session.without_sources(&value.to_repr()))),
            Err(error) => host.error(&error.traceback()),
        }
    }

    /// Does something with a script: on a stack of its own, and so that what is wrong with the evaluator is an error.
    fn guarded(
        &self,
        host: &mut dyn Host,
        work: impl FnOnce(&mut dyn Host) -> Outcome<()>,
    ) -> Result<(), String> {
        self.session.set_scope(host.scope());
        self.session.set_interrupted(host.interrupted());
        let outcome = stacker::grow(STACK, || catch_unwind(AssertUnwindSafe(|| work(host))));
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                if let Some(calls) = error.calls() {
                    host.error(&calls);
                }
                Err(error.message)
            }
            Err(panic) => Err(format!("panic executing starlark script: {}", panic_text(&*panic))),
        }
    }

    /// Gives a module what scripts find beside the builtins. It is not among those since the evaluator takes attributes
    /// of builtins for constants.
    fn prepare(&self, module: &Module<'_>) {
        module.set("tgt", module.heap().alloc(Target { session: Arc::clone(&self.session) }));
        for (name, value) in &self.kept().globals {
            module.set(name, module.heap().access_owned_frozen_value(value));
        }
    }

    /// Evaluates a text in a module; the result is the value of its last expression.
    fn evaluate<'v>(
        &self,
        module: &Module<'v>,
        key: &str,
        source: &Source,
        outermost: &str,
        host: &mut dyn Host,
    ) -> Outcome<Value<'v>> {
        let parsed = AstModule::parse(key, source.rewritten.clone(), &dialect());
        let ast = parsed.map_err(|error| ScriptError::new(&self.session, &error, outermost))?;
        self.with_evaluator(module, outermost, host, |eval| {
            eval.eval_module(ast, self.globals.get_or_init(|| globals(&self.session)))
        })
    }

    fn with_evaluator<'v, T>(
        &self,
        module: &Module<'v>,
        outermost: &str,
        host: &mut dyn Host,
        work: impl for<'a, 'e> FnOnce(&mut Evaluator<'v, 'a, 'e>) -> starlark::Result<T>,
    ) -> Outcome<T> {
        let interrupted = host.interrupted();
        self.session.set_interrupted(Arc::clone(&interrupted));
        let at_prompt = AtPrompt::new(host);
        let mut eval = Evaluator::new(module);
        eval.set_check_cancelled(Box::new(move || interrupted.load(Ordering::SeqCst)));
        eval.extra = Some(&at_prompt);
        eval.set_max_callstack_size(DEEPEST_CALLS)
            .and_then(|()| eval.set_max_tick_count(MOST_STEPS))
            .and_then(|()| eval.set_max_heap_size(LARGEST_HEAP))
            .map_err(|error| ScriptError::from(error.to_string()))?;
        work(&mut eval).map_err(|error| ScriptError::new(&self.session, &error, outermost))
    }

    fn freeze(&self, module: Module<'_>) -> Outcome<FrozenModule> {
        self.session
            .keeping_still(|| module.freeze())
            .map_err(|error| ScriptError::from(format!("{error:?}")))
    }

    /// Keeps what a script leaves behind.
    fn keep(&self, module: &FrozenModule) {
        let mut kept = self.kept();
        for name in module.names() {
            let name = name.as_str();
            let Ok(value) = module.get(name) else { continue };
            if let Some(command) = name.strip_prefix("command_")
                && parameters(value.value()).is_some()
                && !command.is_empty()
            {
                let help = self.session.docstring(name).unwrap_or_else(|| "user defined".to_owned());
                kept.commands.insert(command.to_owned(), (value, help));
            } else if name.starts_with(|first: char| first.is_ascii_uppercase()) {
                kept.globals.insert(name.to_owned(), value);
            }
        }
    }
}

/// What all scripts find.
fn globals(session: &Arc<Session>) -> Globals {
    let standard = Globals::extended_by(&[LibraryExtension::SetType]);
    let mut builder = GlobalsBuilder::extended_by(&[LibraryExtension::SetType]);
    for builtin in builtins::all(session) {
        builder.set(builtin.name(), builtin);
    }
    crate::time::register(&mut builder);
    builder.frozen_heap().add_reference(standard.heap());
    if let Some((_, range)) = standard.iter().find(|(name, _)| *name == "range") {
        builder.set(RANGE, range);
    }
    builder.build()
}

/// Starlark with all that scripts may use.
fn dialect() -> Dialect {
    Dialect {
        enable_keyword_only_arguments: true,
        enable_top_level_stmt: true,
        enable_load: false,
        ..Dialect::Standard
    }
}

/// The names of a function's parameters, with the stars of the last ones; `None` if the value is no function of a
/// script.
fn parameters(value: Value<'_>) -> Option<Vec<String>> {
    value.parameters_spec()?;
    let DocItem::Member(DocMember::Function(function)) = value.documentation() else { return None };
    let params = function.params;
    let plain = params.pos_only.into_iter().chain(params.pos_or_named).map(|param| param.name);
    let starred = params.args.map(|param| format!("*{}", param.name)).into_iter();
    let named = params.named_only.into_iter().map(|param| param.name);
    let double = params.kwargs.map(|param| format!("**{}", param.name));
    Some(plain.chain(starred).chain(named).chain(double).collect())
}

/// Reads a statement, of several lines if it is one; `None` at the end.
fn read_statement(host: &mut dyn Host) -> Outcome<Option<String>> {
    let mut text = String::new();
    loop {
        let prompt = if text.is_empty() { ">>> " } else { "... " };
        let line = host.read_line(prompt).map_err(|error| ScriptError::from(error.to_string()))?;
        let Some(line) = line else {
            return Ok((!text.is_empty()).then_some(text));
        };
        if text.is_empty() && line.trim() == "exit" {
            return Ok(None);
        }
        text.push_str(&line);
        text.push('\n');
        match completeness(&text) {
            Completeness::Complete => return Ok(Some(text)),
            Completeness::Block if line.trim().is_empty() => return Ok(Some(text)),
            Completeness::Block | Completeness::Open => {}
        }
    }
}

/// Whether what was typed is an expression and no statement.
fn is_expression(text: &str) -> bool {
    let as_value = format!("(\n{text}\n)");
    AstModule::parse("", as_value, &dialect()).is_ok()
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
