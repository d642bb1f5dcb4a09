//! Help.

use crate::argv::first_word;
use crate::command::{Command, Completes, Context, Group, Outcome, all};
use crate::config::describe;
use crate::print::columns::dashed;
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[Command::new(
    &["help", "h"],
    Group::Other,
    help,
    "Prints the help message.

	help [<command>]
	help config <parameter>

	help break",
)
.completes(Completes::Help)];

fn help(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let (name, rest) = first_word(args);
    if name.is_empty() {
        let text = overview(t);
        t.out.print(&text);
        return Ok(());
    }
    if let Some(command) = t.script_command(name) {
        t.println(&command.help);
        return Ok(());
    }
    let Some(command) = t.find_command(name) else { return Err("command not available".into()) };
    if command.name() == "config" && !rest.is_empty() {
        match describe(rest) {
            Some(text) => t.println(text),
            None => return Err("unknown config parameter".into()),
        }
        return Ok(());
    }
    t.println(command.help);
    Ok(())
}

fn overview(t: &Terminal) -> String {
    let scripted = t.script_commands();
    let mut text = "The following commands are available:\n".to_owned();
    for group in Group::ALL {
        text.push_str(&format!("\n{}:\n", group.title()));
        let mut commands: Vec<_> = all().filter(|c| c.group == group).collect();
        commands.retain(|c| scripted.iter().all(|s| s.name != c.name()));
        commands.sort_by_key(|c| c.name());
        let mut rows: Vec<_> = commands
            .iter()
            .map(|command| {
                let configured = t.config.aliases.get(command.name());
                let aliases: Vec<&str> = command.names[1..]
                    .iter()
                    .copied()
                    .chain(configured.into_iter().flatten().map(String::as_str))
                    .collect();
                let name = match aliases.is_empty() {
                    true => command.name().to_owned(),
                    false => format!("{} (alias: {})", command.name(), aliases.join(" | ")),
                };
                (name, command.help.lines().next().unwrap_or_default().to_owned())
            })
            .collect();
        if group == Group::Other {
            rows.extend(
                scripted
                    .iter()
                    .map(|s| (s.name.clone(), s.help.lines().next().unwrap_or_default().to_owned())),
            );
        }
        text.push_str(&dashed(&rows, "    "));
    }
    text.push_str("\nType help followed by a command for full documentation.\n");
    text
}
