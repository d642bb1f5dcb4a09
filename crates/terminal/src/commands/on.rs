//! What happens when a breakpoint is hit.

use adit_api::Breakpoint;
use adit_api::requests::AmendBreakpointIn;

use super::session::edit_text;
use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Group, Outcome, Prefix};
use crate::print::breakpoint::attributes;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[Command::new(
    &["on"],
    Group::Breakpoints,
    on,
    "Executes a command when a breakpoint is hit.

	on <breakpoint name or id> <command>
	on <breakpoint name or id> -edit

The commands are print, stack, goroutine, trace, cond, args and locals. -edit opens what the breakpoint does in an
editor, a command a line.

	on 1 print i
	on loop locals -v",
)
.completes(Completes::On).options(&["-edit"])];

fn on(t: &mut Terminal, context: &Context, args: &str) -> Outcome {
    let (which, command) = first_word(args);
    if which.is_empty() || command.is_empty() {
        return Err("not enough arguments".into());
    }
    let breakpoint = t.breakpoint(which)?;
    if command == "-edit" {
        return edit(t, context, breakpoint);
    }
    t.execute(command, &Context { prefix: Prefix::On(Box::new(breakpoint)), ..context.clone() })
}

fn edit(t: &mut Terminal, context: &Context, breakpoint: Breakpoint) -> Outcome {
    let mut lines = attributes(&breakpoint);
    if breakpoint.tracepoint {
        lines.push("trace".to_owned());
    }
    let text = edit_text(t, &lines.iter().map(|l| format!("{l}\n")).collect::<String>())?;
    let bare = Breakpoint {
        cond: String::new(),
        hit_cond: String::new(),
        hit_cond_per_g: false,
        stacktrace: 0,
        goroutine: false,
        load_args: None,
        load_locals: None,
        variables: Vec::new(),
        custom_commands: Vec::new(),
        tracepoint: false,
        ..breakpoint
    };
    let id = bare.id;
    t.client.amend_breakpoint(&AmendBreakpointIn { breakpoint: bare })?;
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let current = t.client.get_breakpoint(id, "")?;
        t.execute(line, &Context { prefix: Prefix::On(Box::new(current)), ..context.clone() })?;
    }
    Ok(())
}

/// Changes the breakpoint that an `on` prefix names.
pub(crate) fn amend(t: &Terminal, breakpoint: &Breakpoint, change: impl FnOnce(&mut Breakpoint)) -> Outcome {
    let mut breakpoint = breakpoint.clone();
    change(&mut breakpoint);
    Ok(t.client.amend_breakpoint(&AmendBreakpointIn { breakpoint })?)
}
