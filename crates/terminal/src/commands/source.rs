//! Showing and editing source.

use std::process::Command as Process;

use adit_api::requests::StacktraceIn;

use super::session::editor;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome};
use crate::print::stop::Position;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["list", "ls", "l"],
        Group::Other,
        list,
        "Show source code.

	list [<locspec>]

Without a location, around the current line; in front of the prefixes goroutine and frame, around theirs.

	list main.add
	frame 1 list",
    )
    .completes(Completes::Locations),
    Command::new(
        &["edit", "ed"],
        Group::Other,
        edit,
        "Open where you are in $DELVE_EDITOR or $EDITOR

	edit [<locspec>]

	edit main.go:42",
    )
    .completes(Completes::Locations),
];

fn list(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    if !args.is_empty() {
        let locations = t.find_location(context, args, true)?.0;
        let [location] = &locations[..] else {
            return Err(t.ambiguous(args, &locations).into());
        };
        t.println(&format!("Showing {}:{} (PC: {:#x})", location.file, location.line, location.pc));
        return Ok(t.list_source(&location.file, location.line, false)?);
    }
    if !context.scoped() && context.scope.frame == 0 {
        let state = t.state()?;
        if state.current_thread.is_none() && !state.exited {
            // Says why there is no current line.
            t.find_location(context, "+0", true)?;
        }
        t.print_context(&state);
        return Ok(t.print_position(&state, Position::Source)?);
    }
    let (file, line, pc, goroutine) = frame_place(t, context)?;
    t.println(&format!("Goroutine {goroutine} frame {} at {file}:{line} (PC: {pc:#x})", context.scope.frame));
    Ok(t.list_source(&file, line, true)?)
}

/// File, line, PC and goroutine of the frame a command applies to.
fn frame_place(t: &Terminal, context: &Context) -> Result<(String, i64, u64, i64), Failure> {
    let (mut goroutine, frame) = (context.scope.goroutine_id, context.scope.frame);
    let frames =
        t.client.stacktrace(&StacktraceIn { id: goroutine, depth: frame, ..StacktraceIn::default() })?;
    let found = usize::try_from(frame).ok().and_then(|i| frames.get(i));
    if goroutine < 0 {
        goroutine = t.state()?.current_goroutine.map_or(goroutine, |g| g.id);
    }
    let found = found.ok_or_else(|| format!("Frame {frame} does not exist in goroutine {goroutine}"))?;
    Ok((found.location.file.clone(), found.location.line, found.location.pc, goroutine))
}

fn edit(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (file, line) = if args.is_empty() {
        let (file, line, ..) = frame_place(t, context)?;
        (file, line)
    } else {
        let locations = t.find_location(context, args, true)?.0;
        let [location] = &locations[..] else {
            return Err(t.ambiguous(args, &locations).into());
        };
        (location.file.clone(), location.line)
    };
    let file = t.source_path(&file);
    let editor = editor()?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default();
    let mut process = Process::new(program);
    process.args(words);
    match name {
        "code" => process.args(["--goto", &format!("{file}:{line}")]),
        "zed" => process.arg(format!("{file}:{line}:0")),
        "hx" => process.arg(format!("{file}:{line}")),
        _ => process.args([&format!("+{line}"), &file]),
    };
    t.work_ends();
    process.status().map_err(|e| Failure::Message(format!("could not run {program}: {e}")))?;
    Ok(())
}
