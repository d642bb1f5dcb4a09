//! The call stack and the frame that commands apply to.

use adit_api::requests::StacktraceIn;
use adit_api::{EvalScope, LoadConfig, StacktraceOptions};

use super::on::amend;
use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome, Prefix};
use crate::print::stack::StackStyle;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["stack", "bt"],
        Group::Stack,
        stack,
        "Print stack trace.

	stack [<depth>] [-full] [-offsets] [-defer] [-a <n>] [-adepth <depth>] [-mode <mode>]

-full adds local variables and arguments, -offsets the distance of each frame from the top of the stack, -defer the
deferred calls, -a the stacks of the goroutines that created this one. The mode is normal, simple (no switches
between stacks) or fromg (start at what the scheduler saved).

	stack 10 -full
	goroutine 7 stack 3",
    ).completes(Completes::Words(&["normal", "simple", "fromg"])).options(&["-full", "-offsets", "-defer", "-a", "-adepth", "-mode"])
    .on()
    .paged(),
    Command::new(
        &["frame"],
        Group::Stack,
        frame,
        "Set the current frame, or execute command on a different frame.

	frame <n>
	frame <n> <command>

	frame 2 print x",
    )
    .completes(Completes::Command),
    Command::new(
        &["up"],
        Group::Stack,
        |t, c, args| relative(t, c, args, 1),
        "Move the current frame up.

	up [<n>]
	up [<n>] <command>

Up is towards the caller.

	up 2",
    ).completes(Completes::Command),
    Command::new(
        &["down"],
        Group::Stack,
        |t, c, args| relative(t, c, args, -1),
        "Move the current frame down.

	down [<n>]
	down [<n>] <command>

	down",
    ).completes(Completes::Command),
    Command::new(
        &["deferred"],
        Group::Stack,
        deferred,
        "Executes command in the context of a deferred call.

	deferred <n> <command>

The commands are print, args and locals; 'stack -defer' shows the deferred calls.

	deferred 1 args",
    ).completes(Completes::Command),
];

/// What `stack` was asked to show.
struct Request {
    depth: i64,
    full: bool,
    offsets: bool,
    options: u16,
    ancestors: i64,
    ancestor_depth: i64,
}

fn parse(args: &str) -> Result<Request, String> {
    let mut request =
        Request { depth: 50, full: false, offsets: false, options: 0, ancestors: 0, ancestor_depth: 0 };
    let mut words = args.split_whitespace();
    while let Some(word) = words.next() {
        let number = |next: Option<&str>| next.and_then(|n| n.parse().ok());
        match word {
            "-full" => request.full = true,
            "-offsets" => request.offsets = true,
            "-defer" => request.options |= StacktraceOptions::READ_DEFERS.0,
            "-mode" => match words.next() {
                Some("normal") => {}
                Some("simple") => request.options |= StacktraceOptions::SIMPLE.0,
                Some("fromg") => request.options |= StacktraceOptions::FROM_G.0 | StacktraceOptions::SIMPLE.0,
                _ => return Err("expected normal, simple or fromg after -mode".to_owned()),
            },
            "-a" => request.ancestors = number(words.next()).ok_or("expected number after -a")?,
            "-adepth" => {
                request.ancestor_depth = number(words.next()).ok_or("expected number after -adepth")?;
            }
            other => request.depth = other.parse().map_err(|_| "depth must be a number".to_owned())?,
        }
    }
    if request.ancestors > 0 && request.ancestor_depth == 0 {
        request.ancestor_depth = request.depth;
    }
    Ok(request)
}

fn stack(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let request = parse(args)?;
    if let Prefix::On(breakpoint) = &context.prefix {
        return amend(t, breakpoint, |b| b.stacktrace = request.depth);
    }
    let frames = t.client.stacktrace(&StacktraceIn {
        id: context.scope.goroutine_id,
        depth: request.depth,
        opts: StacktraceOptions(request.options),
        cfg: request.full.then_some(LoadConfig::SHORT),
        ..StacktraceIn::default()
    })?;
    let text = t.stack_text(&frames, "", StackStyle { offsets: request.offsets });
    t.out.print(&text);
    if request.ancestors > 0 {
        let text = t.ancestors_text(context.scope.goroutine_id, request.ancestors, request.ancestor_depth)?;
        t.out.print(&text);
    }
    Ok(())
}

fn frame(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (number, command) = first_word(args);
    if number.is_empty() {
        return Err("not enough arguments".into());
    }
    let index: i64 = number.parse().map_err(|_| {
        let text = adit_api::format::quote(number.as_bytes());
        Failure::Message(format!("strconv.Atoi: parsing {text}: invalid syntax"))
    })?;
    select(t, context, index, command)
}

fn relative(t: &mut Terminal, context: &Context, args: &str, direction: i64) -> Outcome {
    let (first, rest) = first_word(args);
    let (count, command) = match first.parse::<i64>() {
        Ok(count) => (count, rest),
        Err(_) => (1, args),
    };
    let index = context.scope.frame.saturating_add(direction.saturating_mul(count));
    select(t, context, index, command)
}

/// Carries out a command on a frame, or selects the frame.
fn select(t: &mut Terminal, context: &Context, index: i64, command: &str) -> Outcome {
    if index < 0 {
        return Err(format!("Invalid frame {index}").into());
    }
    let scope = EvalScope { frame: index, ..context.scope };
    if !command.is_empty() {
        return t.execute(command, &Context { scope, prefix: Prefix::Scope });
    }
    let request = StacktraceIn { id: scope.goroutine_id, depth: index, ..StacktraceIn::default() };
    let frames = t.client.stacktrace(&request)?;
    let Some(frame) = usize::try_from(index).ok().and_then(|i| frames.get(i)) else {
        return Err(format!("Invalid frame {index}").into());
    };
    if !context.scoped() {
        t.frame = index;
    }
    let state = t.state()?;
    t.print_context(&state);
    let location = frame.location.clone();
    let path = t.path(&location.file);
    t.println(&format!("Frame {index}: {path}:{} (PC: {:x})", location.line, location.pc));
    Ok(t.list_source(&location.file, location.line, true)?)
}

fn deferred(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    const WRONG: &str = "argument of deferred must be a number greater than 0 (use 'stack -defer' to see the list of deferred calls)";
    let (number, command) = first_word(args);
    if command.is_empty() {
        return Err("not enough arguments".into());
    }
    let index: i64 = number.parse().ok().filter(|&n| n > 0).ok_or(WRONG)?;
    let scope = EvalScope { deferred_call: index, ..context.scope };
    t.execute(command, &Context { scope, prefix: Prefix::Deferred })
}
