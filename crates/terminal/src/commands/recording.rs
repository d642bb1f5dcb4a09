//! What only recordings can do.

use adit_api::command_name;

use super::running::simple;
use crate::command::{Command, Completes, Context, Failure, Group, Outcome, Prefix};
use crate::print::columns::spaced;
use crate::print::stop::Position;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[
    Command::new(
        &["rewind", "rw"],
        Group::Running,
        rewind,
        "Run backwards until breakpoint or start of recorded history.

	rewind

Works only on recordings.

	rw",
    ),
    Command::new(
        &["rev"],
        Group::Running,
        rev,
        "Reverses the execution of the target program for the command specified.

	rev <next|step|step-instruction|next-instruction|stepout|continue>

Works only on recordings.

	rev next",
    )
    .completes(Completes::Words(&[
        "next",
        "step",
        "step-instruction",
        "next-instruction",
        "stepout",
        "continue",
    ])),
    Command::new(
        &["check", "checkpoint"],
        Group::Running,
        check,
        "Creates a checkpoint at the current position.

	checkpoint [note]

Works only on recordings; without a note, the current location is noted.

	checkpoint before the loop",
    ),
    Command::new(
        &["checkpoints"],
        Group::Running,
        checkpoints,
        "Print out info for existing checkpoints.

	checkpoints

Works only on recordings; one line for each: its number, when it was made, and its note.

	checkpoints",
    ),
    Command::new(
        &["clear-checkpoint", "clearcheck"],
        Group::Running,
        clear_checkpoint,
        "Deletes checkpoint.

	clear-checkpoint <id>

	clear-checkpoint c1",
    ),
];

fn recorded(t: &Terminal) -> Outcome {
    if t.client.recorded()?.recorded {
        return Ok(());
    }
    Err("command not available\nThis works only on recordings, and the program is none.".into())
}

fn rewind(t: &mut Terminal, _: &Context, _: &str) -> Outcome {
    recorded(t)?;
    t.resume(simple(command_name::REWIND), Position::Source)
}

fn rev(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    recorded(t)?;
    if args.is_empty() {
        return Err("not enough arguments".into());
    }
    t.execute(args, &Context { prefix: Prefix::Rev, ..context.clone() })
}

fn check(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    recorded(t)?;
    let note = if args.is_empty() { default_note(t)? } else { args.to_owned() };
    let id = t.client.checkpoint(&note)?;
    t.println(&format!("Checkpoint c{id} created."));
    Ok(())
}

fn default_note(t: &Terminal) -> Result<String, Failure> {
    let state = t.state()?;
    let thread = state.current_thread.ok_or("no current thread")?;
    let function = thread.function.map_or_else(|| "???".to_owned(), |f| f.name);
    Ok(format!("{function}() {}:{} ({:#x})", thread.file, thread.line, thread.pc))
}

fn checkpoints(t: &mut Terminal, _: &Context, _: &str) -> Outcome {
    recorded(t)?;
    let list = t.client.list_checkpoints()?;
    let mut rows = vec![("ID".to_owned(), "When".to_owned())];
    rows.extend(list.iter().map(|c| (format!("c{}", c.id), c.when.clone())));
    let heads = spaced(&rows, "", 1);
    let width = heads.lines().map(|l| l.chars().count()).max().unwrap_or(0) + 1;
    let notes = std::iter::once("Note").chain(list.iter().map(|c| c.note.as_str()));
    for (head, note) in heads.lines().zip(notes) {
        t.println(&format!("{head:width$}{note}"));
    }
    Ok(())
}

fn clear_checkpoint(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    recorded(t)?;
    if args.is_empty() {
        return Err("not enough arguments to clear-checkpoint".into());
    }
    let id = args.strip_prefix('c').and_then(|id| id.parse().ok());
    let id = id.ok_or("clear-checkpoint argument must be a checkpoint ID")?;
    Ok(t.client.clear_checkpoint(id)?)
}
