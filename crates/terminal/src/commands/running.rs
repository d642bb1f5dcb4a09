//! Resuming, stepping, calling, restarting.

use adit_api::requests::{CreateBreakpointIn, RestartIn};
use adit_api::{Breakpoint, DebuggerCommand, DebuggerState, StepTarget, command_name, stop_reason};

use crate::argv::parse_argv;
use crate::command::{Command, Completes, Context, Group, Outcome, Prefix};
use crate::interrupt::Busy;
use crate::print::breakpoint::label;
use crate::print::stop::Position;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["continue", "c"],
        Group::Running,
        continue_command,
        "Run until breakpoint or program termination.

	continue [<locspec>]

With a location, stops there once, as if a breakpoint had been set and cleared again.

	continue main.go:42",
    )
    .rev()
    .completes(Completes::Locations),
    Command::new(
        &["step", "s"],
        Group::Running,
        step_into,
        "Single step through program.

	step [<function> | <n>]
	step -list

Enters the functions that the line calls. With a function's name, or the number of a call, enters that one and steps over
all others; -list shows the calls of the line.

	step
	step Validate
	goroutine 7 step",
    )
    .rev(),
    Command::new(
        &["next", "n"],
        Group::Running,
        next,
        "Step over to next source line.

	next [count]

With a count, steps that many lines, unless something else stops the program.

	next 3",
    )
    .rev(),
    Command::new(
        &["stepout", "so"],
        Group::Running,
        |t, c, _| step(t, c, command_name::STEP_OUT, command_name::REVERSE_STEP_OUT),
        "Step out of the current function.

	stepout

Shows the values it returned.

	so",
    )
    .rev(),
    Command::new(
        &["step-instruction", "si", "stepi"],
        Group::Running,
        |t, c, _| instruction(t, c, command_name::STEP_INSTRUCTION, command_name::REVERSE_STEP_INSTRUCTION),
        "Single step a single cpu instruction.

	step-instruction

	si",
    )
    .rev(),
    Command::new(
        &["next-instruction", "ni", "nexti"],
        Group::Running,
        |t, c, _| instruction(t, c, command_name::NEXT_INSTRUCTION, command_name::REVERSE_NEXT_INSTRUCTION),
        "Single step a single cpu instruction, skipping function calls.

	next-instruction

	ni",
    )
    .rev(),
    Command::new(
        &["call"],
        Group::Running,
        call,
        "Resumes process, injecting a function call.

	call [-unsafe] <function call or assignment>

All goroutines run while the function does. With -unsafe, pointers to the stack may be passed to functions that
might keep them.

	call main.add(1, 2)
	call name = \"a new string\"",
    ).completes(Completes::Variables).options(&["-unsafe"]),
    Command::new(
        &["restart", "r"],
        Group::Running,
        restart,
        "Restart process.

	restart [-noargs] [arguments...] [<in] [>out] [2>err]
	restart [checkpoint or event]	(recordings)
	restart -r [arguments...]	(recordings: record again)

Without arguments the program gets those it had; -noargs gives it none.

	restart -v input.txt >out.txt",
    ).completes(Completes::Files).options(&["-noargs", "-r"]),
    Command::new(
        &["rebuild"],
        Group::Running,
        rebuild,
        "Rebuild the target executable and restarts it.

	rebuild

Works only if the debugger built the executable. Breakpoints are kept where their lines still have code.

	rebuild",
    )
    .rev(),
];

impl Terminal {
    /// Runs a command of the target until it stops for more than a tracepoint, and shows the stop.
    pub(crate) fn resume(&mut self, mut command: DebuggerCommand, position: Position) -> Outcome {
        let step = command.name.clone();
        loop {
            self.frame = 0;
            let state = match self.while_busy(Busy::Running, |t| t.run_target(&command)) {
                Ok(state) => state,
                Err(error) => {
                    if let Ok(state) = self.client.state(true)
                        && !state.running
                        && !state.exited
                        && state.current_thread.is_some()
                    {
                        self.print_context(&state);
                    }
                    return Err(error.into());
                }
            };
            if state.exited {
                return Err(exit_text(&state).into());
            }
            if state.next_in_progress && is_step(&step) {
                return self.interrupted_step(state, &step, position);
            }
            if !only_tracepoints(&state) {
                return self.print_stop(&state, position);
            }
            self.print_context(&state);
            let before = self.resumptions;
            self.run_custom_commands(&state)?;
            if self.interrupts.cancelled() || self.resumptions != before {
                return Ok(());
            }
            command = simple(command_name::DIRECTION_CONGRUENT_CONTINUE);
        }
    }

    /// Asks what to do about a step that a breakpoint of another goroutine came in the way of.
    fn interrupted_step(&mut self, mut state: DebuggerState, step: &str, position: Position) -> Outcome {
        const QUESTION: &str =
            "[c] continue [s] stop here and cancel next, [f] finish next skipping all breakpoints? ";
        let name = step.to_lowercase().replace("reverse", "");
        let mut finish = false;
        loop {
            if state.exited {
                return Err(exit_text(&state).into());
            }
            if !state.next_in_progress {
                return self.print_stop(&state, position);
            }
            let tracing = only_tracepoints(&state);
            self.print_context(&state);
            if finish {
                self.println(&format!("\tbreakpoint hit during {name}, continuing..."));
            } else if !tracing {
                self.println(&format!("\tbreakpoint hit during {name}"));
                let answer = self.read_line(QUESTION).ok().flatten();
                match answer.as_deref().map(str::trim) {
                    Some("c") => self.println("continuing..."),
                    Some("f") => {
                        finish = true;
                        self.println("continuing...");
                    }
                    _ => {
                        self.client.cancel_next()?;
                        return Ok(self.print_position(&state, position)?);
                    }
                }
            }
            let command = simple(command_name::DIRECTION_CONGRUENT_CONTINUE);
            state = self.while_busy(Busy::Running, |t| t.run_target(&command))?;
        }
    }

    fn select_goroutine(&mut self, context: &Context) -> Outcome {
        if context.scope.goroutine_id > 0 {
            let command = DebuggerCommand {
                goroutine_id: context.scope.goroutine_id,
                ..simple(command_name::SWITCH_GOROUTINE)
            };
            self.client.command(&command)?;
        }
        Ok(())
    }

    fn topmost(&mut self, context: &Context) -> Outcome {
        if context.scope.frame != 0 {
            Err("not on topmost frame".into())
        } else {
            self.select_goroutine(context)
        }
    }
}

/// A command that is only a name, with the limits for return values.
pub(crate) fn simple(name: &str) -> DebuggerCommand {
    DebuggerCommand { name: name.to_owned(), ..DebuggerCommand::default() }
}

pub(crate) fn exit_text(state: &DebuggerState) -> String {
    format!("Process {} has exited with status {}", state.pid, state.exit_status)
}

fn is_step(name: &str) -> bool {
    !matches!(name, command_name::CONTINUE | command_name::REWIND | command_name::HALT)
}

/// Whether nothing but tracepoints stopped the target, so that it is to go on by itself.
fn only_tracepoints(state: &DebuggerState) -> bool {
    let mut hits = state.threads.iter().flat_map(adit_api::Thread::breakpoints).peekable();
    hits.peek().is_some()
        && state.stop_reason != stop_reason::MANUAL
        && hits.all(|breakpoint| breakpoint.tracepoint || breakpoint.trace_return)
}

fn direction(context: &Context, forward: &str, backward: &str) -> String {
    if matches!(context.prefix, Prefix::Rev) { backward } else { forward }.to_owned()
}

fn with_results(terminal: &Terminal, name: String) -> DebuggerCommand {
    DebuggerCommand {
        name,
        return_info_load_config: Some(terminal.config.load_config()),
        ..DebuggerCommand::default()
    }
}

fn continue_command(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let name = direction(context, command_name::CONTINUE, command_name::REWIND);
    if args.is_empty() {
        return t.resume(simple(&name), Position::Source);
    }
    let locations = t.find_location(context, args, false)?.0;
    if locations.len() > 1 {
        return Err(t.ambiguous(args, &locations).into());
    }
    let mut temporary = Vec::new();
    for location in locations {
        let addrs = if location.pcs.is_empty() { vec![location.pc] } else { location.pcs };
        let breakpoint =
            Breakpoint { addr: addrs[0], addrs, addr_pids: location.pc_pids, ..Breakpoint::default() };
        match t.client.create_breakpoint(&CreateBreakpointIn { breakpoint, ..CreateBreakpointIn::default() })
        {
            Ok(created) => temporary.push(created.id),
            // One that is there already stops the program as well.
            Err(error) if error.0.starts_with("Breakpoint exists at ") => {}
            Err(error) => return Err(error.into()),
        }
    }
    let outcome = t.resume(simple(&name), Position::Source);
    for id in temporary {
        if t.client.clear_breakpoint(id, "").is_err() {
            t.println(&format!("failed to clear temporary breakpoint: {id}"));
        }
    }
    outcome
}

fn step(t: &mut Terminal, context: &Context, forward: &str, backward: &str) -> Outcome {
    if forward == command_name::STEP {
        t.select_goroutine(context)?;
    } else {
        t.topmost(context)?;
    }
    let command = with_results(t, direction(context, forward, backward));
    t.resume(command, Position::Source)
}

fn step_into(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    if args.is_empty() {
        return step(t, context, command_name::STEP, command_name::REVERSE_STEP);
    }
    if matches!(context.prefix, Prefix::Rev) {
        return Err("a call can not be chosen for a step backward".into());
    }
    t.select_goroutine(context)?;
    let calls = t.client.step_targets()?;
    if args == "-list" {
        let lines =
            calls.iter().enumerate().map(|(index, call)| format!("{}\t{}\n", index + 1, called(call)));
        let text: String = lines.collect();
        t.out.print(&text);
        return Ok(());
    }
    let number = args.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let chosen = match number {
        Some(index) => calls.get(index),
        None => calls.iter().find(|call| is_named(&call.function, args)),
    };
    let Some(call) = chosen else {
        let all: Vec<String> = calls.iter().map(called).collect();
        let all = if all.is_empty() { "nothing".to_owned() } else { all.join(", ") };
        return Err(format!("the line does not call {args}; it calls {all}").into());
    };
    let command = DebuggerCommand {
        expr: format!("{:#x}", call.addr),
        ..with_results(t, command_name::STEP_INTO_CALL.to_owned())
    };
    t.resume(command, Position::Source)
}

fn called(call: &StepTarget) -> String {
    match call.function.as_str() {
        "" => "(a function value or a method of an interface)".to_owned(),
        function => function.to_owned(),
    }
}

/// Is it the function's full name, or its end: `Method`, `(*T).Method`, `pkg.Function`?
fn is_named(function: &str, name: &str) -> bool {
    function.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with(['.', '/']))
}

fn next(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    t.topmost(context)?;
    let count = match args {
        "" => 1,
        text => text.parse::<u64>().ok().filter(|&n| n > 0).ok_or("Invalid next count")?,
    };
    let name = direction(context, command_name::NEXT, command_name::REVERSE_NEXT);
    for _ in 1..count {
        let command = with_results(t, name.clone());
        let state = t.while_busy(Busy::Running, |t| t.run_target(&command))?;
        if state.exited {
            return Err(exit_text(&state).into());
        }
        // What stops in between ends the count; so does anything but the end of the step.
        if state.next_in_progress
            || state.stop_reason != stop_reason::NEXT_FINISHED && !state.stop_reason.is_empty()
        {
            if state.next_in_progress {
                return t.interrupted_step(state, &name, Position::Source);
            }
            return t.print_stop(&state, Position::Source);
        }
    }
    let command = with_results(t, name);
    t.resume(command, Position::Source)
}

fn instruction(t: &mut Terminal, context: &Context, forward: &str, backward: &str) -> Outcome {
    t.topmost(context)?;
    let command = with_results(t, direction(context, forward, backward));
    t.resume(command, Position::Instruction)
}

fn call(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (unsafe_call, expr) = match args.strip_prefix("-unsafe ") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, args),
    };
    t.select_goroutine(context)?;
    let command = DebuggerCommand {
        expr: expr.to_owned(),
        unsafe_call,
        ..with_results(t, command_name::CALL.to_owned())
    };
    t.resume(command, Position::Source)
}

fn restart(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let mut request = RestartIn::default();
    if t.client.recorded()?.recorded {
        match args.strip_prefix("-r").filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            Some(rest) => {
                request.rerecord = true;
                set_arguments(&mut request, rest)?;
            }
            None if args.split_whitespace().count() > 1 => return Err("too many arguments to restart".into()),
            None => request.position = args.to_owned(),
        }
    } else {
        set_arguments(&mut request, args)?;
    }
    do_restart(t, &request)?;
    if t.client.recorded()?.recorded {
        let state = t.state()?;
        return t.print_stop(&state, Position::Source);
    }
    let pid = t.client.process_pid()?;
    t.println(&format!("Process restarted with PID {pid}"));
    Ok(())
}

fn set_arguments(request: &mut RestartIn, text: &str) -> Outcome {
    let argv = parse_argv(text)?;
    let redirected = argv.redirects.iter().any(|r| !r.is_empty());
    if argv.arguments.is_empty() && !redirected {
        return Ok(());
    }
    request.reset_args = true;
    request.new_redirects = argv.redirects;
    if argv.arguments.first().is_some_and(|first| first == "-noargs") {
        if argv.arguments.len() > 1 {
            return Err("too many arguments to restart".into());
        }
    } else {
        request.new_args = argv.arguments;
    }
    Ok(())
}

fn do_restart(t: &mut Terminal, request: &RestartIn) -> Result<bool, crate::command::Failure> {
    let discarded = t.client.restart(request)?;
    t.forget_program();
    for discarded in &discarded {
        if let Some(breakpoint) = &discarded.breakpoint {
            let place = t.breakpoint_place(breakpoint);
            t.println(&format!(
                "Discarded breakpoint {} at {place}: {}",
                label(breakpoint),
                discarded.reason
            ));
        }
    }
    Ok(!discarded.is_empty())
}

fn rebuild(t: &mut Terminal, _: &Context, _: &str) -> Outcome {
    let lost = do_restart(t, &RestartIn { rebuild: true, ..RestartIn::default() })?;
    if lost {
        t.println("not all breakpoints could be restored.");
    }
    let pid = t.client.process_pid()?;
    t.println(&format!("Process restarted with PID {pid}"));
    Ok(())
}
