//! The chapter of the guide that lists the commands, made from the table that also makes `help`.

use crate::command::{Command, Group, all};
use crate::config::{Config, describe};

const INTRODUCTION: &str = "# Commands of the prompt

<!-- Made from the help of the commands: see `adit_terminal::command_reference`. -->

`help` at the prompt lists all commands, `help <command>` shows what stands here. An empty line repeats the last command.
Tab completes commands, locations, variables and their fields, goroutines, files, and what else a command takes; Ctrl-R
searches the history; Ctrl-C ends whatever takes too long, or stops the program while it runs, and gives the prompt back.

Prefixes choose what a command applies to, and leave the selection as it is:

| prefix | the command applies to |
| --- | --- |
| `goroutine <n> <command>` | another goroutine |
| `frame <n> <command>`, `up [<n>] <command>`, `down [<n>] <command>` | another frame |
| `deferred <n> <command>` | the arguments of a deferred call (`print`, `args`, `locals`) |
| `on <breakpoint> <command>` | every hit of a breakpoint from now on |
| `rev <command>` | the past, in a recording |

They can stand one behind another: `goroutine 7 frame 2 locals`.
";

/// The chapter, in Markdown.
pub fn command_reference() -> String {
    let mut text = INTRODUCTION.to_owned();
    for group in Group::ALL {
        text.push_str(&format!("\n## {}\n", group.title()));
        let mut commands: Vec<_> = all().filter(|command| command.group == group).collect();
        commands.sort_by_key(|command| command.name());
        for command in commands {
            text.push_str(&entry(command));
        }
    }
    text.push_str(
        "\n## Configuration\n\n`config.yml` in the folder `adit` of the user's configuration folder is made at the first \
         start, with every\nparameter as a comment; while there is none, `dlv`'s is read. `config` changes parameters for \
         the session, and\n`config -save` keeps them.\n\n| parameter | what it does |\n| --- | --- |\n",
    );
    for name in Config::NAMES {
        let what = describe(name).unwrap_or_default().replace('\n', " ").replace('|', "\\|");
        text.push_str(&format!("| `{name}` | {what} |\n"));
    }
    text
}

fn entry(command: &Command) -> String {
    let names: Vec<_> = command.names.iter().map(|name| format!("`{name}`")).collect();
    let mut blocks = command.help.split("\n\n");
    let summary = blocks.next().unwrap_or_default();
    let mut text = format!("\n### {}\n\n{}\n", names.join(", "), with_full_stop(summary));
    let mut blocks: Vec<_> = blocks.collect();
    // The last block is the example.
    let example = blocks.pop();
    for block in blocks {
        text.push_str(&section(block));
    }
    if let Some(example) = example {
        text.push_str(&format!("\nExample:\n{}", section(example)));
    }
    let prefixes: Vec<_> = [
        (command.prefixes.on, "`on`"),
        (command.prefixes.deferred, "`deferred`"),
        (command.prefixes.rev, "`rev`"),
    ]
    .into_iter()
    .filter_map(|(allowed, prefix)| allowed.then_some(prefix))
    .collect();
    if !prefixes.is_empty() {
        text.push_str(&format!("\nIt may stand behind {}.\n", prefixes.join(", ")));
    }
    text
}

fn with_full_stop(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// A block of help: code if it is indented by tabs, else text.
fn section(block: &str) -> String {
    if !block.starts_with('\t') {
        return format!("\n{}\n", block.replace('<', "\\<"));
    }
    let lines: String = block
        .trim_end()
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix('\t').unwrap_or(line).trim_end()))
        .collect();
    format!("\n```\n{lines}```\n")
}
