//! What tracepoints, and other breakpoints that collect something, tell of a hit.

use std::collections::HashMap;
use std::sync::Arc;

use adit_api::{BreakpointInfo, TraceHit, TraceSink};
use adit_engine::breakpoint::{Breakpoint, BreakpointId, BreakpointOptions};
use adit_engine::scope::Scope;
use adit_engine::trace::{TracedHit, Tracer};
use adit_engine::value::{LoadConfig, Variable, flags};
use adit_engine::{Debugger, EngineError};
use adit_process::ThreadId;

use crate::breakpoints::api_breakpoint;
use crate::convert::{api_frame, api_variable};
use crate::goroutines::api_goroutine;
use crate::owner::Owner;

impl Owner {
    /// Has hits of tracepoints given to `sink` while it is open.
    pub(crate) fn trace_into(&mut self, sink: Arc<dyn TraceSink>) {
        self.debugger.set_tracer(Some(Box::new(Collector { sink, tracepoints: HashMap::new() })));
    }
}

/// Collects what hits of tracepoints are to tell, and hands it to the front end.
struct Collector {
    sink: Arc<dyn TraceSink>,
    /// The tracepoints that were hit in this run, as the API has them.
    tracepoints: HashMap<BreakpointId, Arc<adit_api::Breakpoint>>,
}

impl Tracer for Collector {
    fn wants(&self, breakpoint: &Breakpoint) -> bool {
        // Commands need a program that is stopped.
        breakpoint.options.custom_commands.is_empty() && self.sink.is_open()
    }

    fn begin(&mut self) {
        self.tracepoints.clear();
    }

    fn hit(&mut self, debugger: &Debugger, hit: &TracedHit<'_>) {
        let options = &hit.breakpoint.options;
        let known = self.tracepoints.entry(hit.breakpoint.id);
        let breakpoint = known.or_insert_with(|| Arc::new(api_breakpoint(debugger, hit.breakpoint))).clone();
        let mut info = BreakpointInfo::default();
        // The stack of a call that is followed has been told by its depth.
        let quiet = BreakpointOptions { stacktrace: 0, ..BreakpointOptions::default() };
        let asked = if options.follow_calls > 0 { &quiet } else { options };
        collect(debugger, asked, hit.thread, hit.scope, &mut info);
        let config = options.load_args.unwrap_or(LoadConfig::SHORT);
        let mut return_values = Vec::new();
        if options.trace_return {
            let results = debugger.traced_results(hit.site, hit.scope, &config);
            return_values = results.into_iter().map(api_variable).collect();
        } else if options.load_args.is_some() {
            let arguments = debugger.traced_arguments(hit.site, hit.scope, &config);
            info.arguments = arguments.into_iter().map(api_variable).collect();
        }
        self.sink.hit(TraceHit {
            time: hit.time,
            breakpoint,
            goroutine_id: hit.scope.goroutine.unwrap_or(0),
            function: hit.site.function.clone(),
            has_results: hit.site.has_results,
            depth: hit.depth,
            info,
            return_values,
        });
    }
}

/// Collects what a breakpoint asks for, but for the arguments.
pub(crate) fn collect(
    debugger: &Debugger,
    asked: &BreakpointOptions,
    thread: ThreadId,
    scope: &Scope,
    info: &mut BreakpointInfo,
) {
    if let Some(id) = scope.goroutine.filter(|_| asked.goroutine) {
        info.goroutine = debugger.goroutine(id).ok().map(|found| api_goroutine(debugger, &found));
    }
    if asked.stacktrace > 0 {
        let frames = debugger.stack_of(thread, asked.stacktrace + 1).unwrap_or_default();
        info.stacktrace = frames.iter().map(|frame| api_frame(debugger, frame)).collect();
    }
    for expression in &asked.variables {
        let value = debugger.eval(scope, expression, &LoadConfig::FULL);
        let value = value.unwrap_or_else(|error| Variable {
            unreadable: format!("eval error: {error}"),
            ..Variable::default()
        });
        info.variables.push(api_variable(Variable { name: expression.clone(), ..value }));
    }
    if let Some(config) = &asked.load_locals {
        info.locals = scope_variables(debugger, scope, config, false).unwrap_or_default();
    }
}

/// The arguments and results, or the local variables, of a frame.
pub(crate) fn scope_variables(
    debugger: &Debugger,
    scope: &Scope,
    config: &LoadConfig,
    arguments: bool,
) -> Result<Vec<adit_api::Variable>, EngineError> {
    let loader = debugger.loader();
    let variables = debugger.variables(scope)?;
    let wanted = variables.into_iter().filter(|v| (v.flags & flags::ARGUMENT != 0) == arguments);
    let loaded = wanted.map(|variable| {
        let mut loaded = loader.load_named(&variable.name, &variable.value, config);
        loaded.flags |= variable.flags;
        loaded.decl_line = i64::from(variable.decl_line);
        api_variable(loaded)
    });
    Ok(loaded.collect())
}
