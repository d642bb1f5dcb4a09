//! `trace`: prints the calls of functions while the program runs.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use adit_api::requests::{CreateBreakpointIn, FindLocationIn};
use adit_api::{Breakpoint, Client, DebuggerCommand, EvalScope, command_name};
use adit_gobuild::{Kind, package_directory};
use adit_session::{Config, Target};
use adit_terminal::{Options, PlainInput, Terminal, TraceVerbosity};

use crate::cli::{Globals, Trace};
use crate::keeper;
use crate::launch::{
    Refusal, Wants, absolute, build, conclude, config, launched, prepare, run_built, streams,
    working_directory,
};
use crate::signals::Watch;

/// The stack that is asked for where calls are followed: clients that are sent every hit count a call's depth in it.
const FOLLOWED_STACK: i64 = 20;

pub(crate) fn trace(globals: &Globals, trace: &Trace) -> ExitCode {
    if trace.pid != 0
        && let Some(status) = keeper::keep(true)
    {
        return status;
    }
    conclude(run(globals, trace))
}

fn run(globals: &Globals, trace: &Trace) -> Result<u8, Refusal> {
    let mut globals = globals.clone();
    if std::mem::take(&mut globals.headless) {
        eprintln!("Warning: headless mode not supported with trace");
    }
    if std::mem::take(&mut globals.accept_multiclient) {
        eprintln!("Warning: accept multiclient mode not supported with trace");
    }
    let watch = prepare(&globals, false, Wants::AnyInput)?;
    let Some((regexp, packages)) = trace.arguments.split_last() else {
        return Err("you must supply a regexp for functions to trace".to_owned());
    };
    if packages.len() > 1 && trace.follow_calls <= 0 {
        return Err("Need to specify a trace depth of at least 1".to_owned());
    }
    if trace.pid != 0 {
        let target = Target::Attach { pid: trace.pid, executable: None };
        return trace_target(trace, regexp, watch, config(&globals, target));
    }
    let streams = streams(&globals, None)?;
    let directory = working_directory(&globals);
    let arguments = trace.program_arguments.clone();
    if let Some(program) = &trace.exec {
        if !packages.is_empty() {
            return Err("Cannot specify package when using --exec.".to_owned());
        }
        let target = launched(&globals, absolute(program), arguments, directory, streams);
        return trace_target(trace, regexp, watch, config(&globals, target));
    }
    let kind = if trace.test { Kind::Test } else { Kind::Program };
    let build = build(&globals, kind, packages.to_vec());
    let directory = directory.or_else(|| trace.test.then(|| package_directory(&build)).flatten());
    let output = trace.output.as_deref().map(Path::new);
    let run = |watch: Watch, config: Config| trace_target(trace, regexp, watch, config);
    run_built(&globals, watch, build, output, (arguments, directory, streams), run)
}

/// Traces until the program ends, or the user has seen enough.
fn trace_target(trace: &Trace, regexp: &str, watch: Watch, mut config: Config) -> Result<u8, Refusal> {
    let input = Box::new(PlainInput::new(BufReader::new(std::io::empty()), std::io::sink()));
    let mut options = Options::from_environment("", input);
    // Standard output is the program's own.
    options.out = Box::new(std::io::stderr());
    (options.color, options.pager) = (false, None);
    config.debug_info_directories = options.debug_info_directories();
    let client: Arc<dyn Client> = Arc::new(adit_session::start(config).map_err(|error| error.to_string())?);
    let interrupts = watch.guard_session(&client);
    let cancelled = Arc::new(AtomicBool::new(false));
    let (halted, halter) = (Arc::clone(&cancelled), Arc::clone(&client));
    std::thread::spawn(move || {
        for () in interrupts {
            halted.store(true, Ordering::SeqCst);
            let halt = DebuggerCommand { name: command_name::HALT.to_owned(), ..DebuggerCommand::default() };
            // Fails if the program has ended, which is as well.
            let _ = halter.command(&halt);
        }
    });
    let terminal = Terminal::new(Arc::clone(&client), options);
    let traced = set_tracepoints(&*client, trace, regexp).and_then(|()| {
        let verbosity = TraceVerbosity(trace.verbose);
        terminal.trace(verbosity, trace.timestamp, &cancelled).map_err(|error| error.to_string())
    });
    // One that was launched is killed, one that was attached to runs on.
    let left = client.detach(false).map_err(|error| error.to_string());
    traced.and(left).map(|()| 0)
}

/// Sets tracepoints on all functions that match, and on their returns.
fn set_tracepoints(client: &dyn Client, trace: &Trace, regexp: &str) -> Result<(), Refusal> {
    let listed = client.list_functions(regexp, trace.follow_calls).map_err(|error| error.to_string())?;
    let functions: BTreeSet<String> = listed.into_iter().chain(inlined_functions(client, regexp)).collect();
    let mut any = false;
    for function in functions {
        match set_tracepoint(client, trace, regexp, &function) {
            Ok(()) => any = true,
            Err(error) => eprintln!("unable to set tracepoint on function {function}: {:?}", error.0),
        }
    }
    if any { Ok(()) } else { Err("no breakpoints set".to_owned()) }
}

/// Functions that match and may be inlined everywhere, so that they are not among those with code of their own.
fn inlined_functions(client: &dyn Client, regexp: &str) -> Vec<String> {
    let request =
        FindLocationIn { scope: EvalScope::CURRENT, loc: format!("/{regexp}/"), ..FindLocationIn::default() };
    // What cannot be found so is not inlined.
    let found = client.find_location(&request).unwrap_or_default().locations;
    found.into_iter().filter_map(|location| Some(location.function?.name)).collect()
}

fn set_tracepoint(client: &dyn Client, trace: &Trace, regexp: &str, function: &str) -> adit_api::Result<()> {
    if trace.ebpf {
        return client.create_ebpf_tracepoint(function).map(|_| ());
    }
    let attributes = Breakpoint {
        line: -1,
        stacktrace: if trace.follow_calls > 0 { FOLLOWED_STACK } else { trace.stack },
        load_args: Some(TraceVerbosity(trace.verbose).load_config()),
        trace_follow_calls: trace.follow_calls,
        root_func_name: regexp.to_owned(),
        ..Breakpoint::default()
    };
    let entry = Breakpoint { tracepoint: true, function_name: function.to_owned(), ..attributes.clone() };
    create(client, entry)?;
    for addr in client.function_return_locations(function)? {
        create(client, Breakpoint { trace_return: true, addr, addrs: vec![addr], ..attributes.clone() })?;
    }
    Ok(())
}

fn create(client: &dyn Client, breakpoint: Breakpoint) -> adit_api::Result<()> {
    match client.create_breakpoint(&CreateBreakpointIn { breakpoint, ..CreateBreakpointIn::default() }) {
        // It is traced already.
        Err(error) if error.0.starts_with("Breakpoint exists at ") => Ok(()),
        created => created.map(|_| ()),
    }
}
