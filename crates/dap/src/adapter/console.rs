//! `dlv …` in an editor's console: commands of the debugger's own.

use adit_api::command_name::SWITCH_THREAD;
use adit_api::requests::FollowExecIn;
use adit_api::{DebuggerCommand, EvalScope, Examine};

use crate::attributes::Common;
use crate::failure::{Failure, Kind};
use crate::protocol::types::CompletionItem;

use super::Adapter;

/// A command: its name, its other name, and what `dlv help` says of it in a line and at length.
struct Command {
    name: &'static str,
    alias: &'static str,
    summary: &'static str,
    help: &'static str,
    run: fn(&mut Adapter, &str) -> Result<String, String>,
}

const COMMANDS: [Command; 5] = [
    Command {
        name: "help",
        alias: "h",
        summary: "Prints the help message.",
        help: "Prints the help message.\n\n\tdlv help [command]\n\nType \"help\" followed by the name of a command for more \
               information about it.",
        run: Adapter::console_help,
    },
    Command {
        name: "config",
        alias: "",
        summary: "Changes configuration parameters.",
        help: "Changes configuration parameters.\n\n\tdlv config -list\n\n\tShow all configuration parameters.\n\n\tdlv \
               config -list <parameter>\n\n\tShow value of a configuration parameter.\n\n\tdlv config <parameter> \
               <value>\n\n\tChanges the value of a configuration parameter.\n\n\tdlv config substitutePath <from> \
               <to>\n\tdlv config substitutePath <from>\n\tdlv config substitutePath -clear\n\n\tAdds or removes a path \
               substitution rule. If -clear is used all\n\tsubstitutePath rules are removed.",
        run: Adapter::console_config,
    },
    Command {
        name: "sources",
        alias: "s",
        summary: "Print list of source files.",
        help: "Print list of source files.\n\n\tdlv sources [<regex>]\n\nIf regex is specified only the source files \
               matching it will be returned.",
        run: Adapter::console_sources,
    },
    Command {
        name: "target",
        alias: "",
        summary: "Manages child process debugging.",
        help: "Manages child process debugging.\n\n\ttarget follow-exec [-on [regex]] [-off]\n\nEnables or disables follow \
               exec mode. When follow exec mode Delve will automatically attach to new child processes executed by the \
               target process. An optional regular expression can be passed to 'target follow-exec', only child processes \
               with a command line matching the regular expression will be followed.\n\n\ttarget list\n\nList currently \
               attached processes.\n\n\ttarget switch [pid]\n\nSwitches to the specified process.",
        run: Adapter::console_target,
    },
    Command {
        name: "examinemem",
        alias: "x",
        summary: "Examine raw memory at the given address.",
        help: "Examine raw memory at the given address.\n\n\texaminemem [-fmt <format>] [-count|-len <count>] [-size <size>] \
               <address>\n\texaminemem [-fmt <format>] [-count|-len <count>] [-size <size>] -x <expression>",
        run: Adapter::console_memory,
    },
];

impl Adapter {
    /// Carries out what follows `dlv`.
    pub(super) fn console_command(&mut self, line: &str) -> Result<String, Failure> {
        let (name, arguments) = line.split_once(' ').unwrap_or((line, ""));
        let command = find(name).ok_or_else(|| Kind::RunCommand.because("command not available"))?;
        (command.run)(self, arguments.trim()).map_err(|error| Kind::RunCommand.because(error))
    }

    fn console_help(&mut self, arguments: &str) -> Result<String, String> {
        if !arguments.is_empty() {
            return find(arguments)
                .map(|command| command.help.to_owned())
                .ok_or("command not available".to_owned());
        }
        let mut text = "The following commands are available:\n\n".to_owned();
        for command in &COMMANDS {
            let alias = match command.alias {
                "" => String::new(),
                alias => format!(" (alias: {alias})"),
            };
            text.push_str(&format!("    dlv {}{alias} \t {}\n", command.name, command.summary));
        }
        text.push_str("\nType 'dlv help' followed by a command for full documentation.\n");
        Ok(text)
    }

    fn console_sources(&mut self, filter: &str) -> Result<String, String> {
        let client = self.client().map_err(|failure| failure.text())?;
        let mut sources = client.list_sources(filter).map_err(|error| error.to_string())?;
        sources.sort_unstable();
        Ok(sources.join("\n"))
    }

    /// What is wrong with the arguments is the result, as Delve has it.
    fn console_memory(&mut self, arguments: &str) -> Result<String, String> {
        let client = self.client().map_err(|failure| failure.text())?;
        let request = match Examine::parse(arguments) {
            Ok(request) => request,
            Err(error) => return Ok(format!("bad arguments: {error}")),
        };
        Ok(match request.read(&*client, EvalScope::CURRENT) {
            Ok((address, bytes, little_endian)) => request.rows(address, &bytes, little_endian),
            Err(error) => format!("examine memory error: {error}"),
        })
    }

    fn console_target(&mut self, arguments: &str) -> Result<String, String> {
        let client = self.client().map_err(|failure| failure.text())?;
        let failed = |error: adit_api::ClientError| error.to_string();
        let words: Vec<&str> = arguments.split_whitespace().collect();
        match words.as_slice() {
            ["list"] => {
                let current = client.state(false).map_err(failed)?.pid;
                let line = |target: &adit_api::Target| {
                    let mark = if target.pid == current { "*" } else { " " };
                    format!("{mark}\t{}\t{}\n", target.pid, target.cmd_line)
                };
                Ok(client.list_targets().map_err(failed)?.iter().map(line).collect())
            }
            ["follow-exec"] => Ok(match client.follow_exec_enabled() {
                true => "Follow exec mode is enabled".to_owned(),
                false => "Follow exec mode is disabled".to_owned(),
            }),
            ["follow-exec", "-on", regex @ ..] => {
                let regex = regex.join(" ");
                client.follow_exec(&FollowExecIn { enable: true, regex: regex.clone() }).map_err(failed)?;
                self.settings.follow_exec = true;
                self.settings.follow_exec_regex.clone_from(&regex);
                Ok(match regex.as_str() {
                    "" => "Follow exec mode enabled".to_owned(),
                    regex => format!("Follow exec mode enabled with regex {regex:?}"),
                })
            }
            ["follow-exec", "-off"] => {
                client.follow_exec(&FollowExecIn::default()).map_err(failed)?;
                self.settings.follow_exec = false;
                Ok("Follow exec mode disabled".to_owned())
            }
            ["switch", pid] => {
                let wanted: i64 = pid.parse().map_err(|_| format!("could not find target {pid}"))?;
                let targets = client.list_targets().map_err(failed)?;
                let found = targets.into_iter().find(|target| target.pid == wanted);
                let thread = found.and_then(|target| target.current_thread);
                let thread = thread.ok_or_else(|| format!("could not find target {wanted}"))?;
                let switch = DebuggerCommand {
                    name: SWITCH_THREAD.to_owned(),
                    thread_id: thread.id,
                    ..DebuggerCommand::default()
                };
                client.command(&switch).map_err(failed)?;
                self.forget_stop();
                Ok(format!("Switched to process {wanted}"))
            }
            _ => Err("unknown target command".to_owned()),
        }
    }

    fn console_config(&mut self, arguments: &str) -> Result<String, String> {
        let (name, value) = arguments.split_once(char::is_whitespace).unwrap_or((arguments, ""));
        let value = value.trim();
        if name == "-list" {
            let mut lines = list(&self.settings).into_iter();
            return match value {
                "" => Ok(lines.map(|(name, value)| format!("{name}\t{value}\n")).collect()),
                wanted => lines
                    .find(|(name, _)| *name == wanted)
                    .map(|(name, value)| format!("{name}\t{value}\n"))
                    .ok_or_else(|| format!("{wanted:?} is not a configuration parameter")),
            };
        }
        if name.is_empty() {
            return Err("wrong number of arguments to \"config\"".to_owned());
        }
        set(&mut self.settings, name, value)?;
        self.settings_changed(name);
        let (name, value) =
            list(&self.settings).into_iter().find(|(listed, _)| *listed == name).unwrap_or_default();
        Ok(format!("{name}\t{value}\n\nUpdated"))
    }

    /// What the editor shows may be out of date now.
    fn settings_changed(&mut self, name: &str) {
        let area = match name {
            "showGlobalVariables" | "showRegisters" => "variables",
            "goroutineFilters" | "hideSystemGoroutines" | "showPprofLabels" => "threads",
            "substitutePath" => {
                self.breakpoints.set_rules(&self.settings);
                return;
            }
            _ => return,
        };
        if self.editor.supports_invalidated_event == Some(true) {
            self.out.event("invalidated", &serde_json::json!({"areas": [area]}));
        }
    }
}

/// What can follow `dlv` in the console.
pub(super) fn completions(typed: &str) -> Vec<CompletionItem> {
    let item = |label: &str| CompletionItem { label: label.to_owned(), ..CompletionItem::default() };
    match typed.split_once(' ') {
        None => COMMANDS
            .iter()
            .map(|command| command.name)
            .filter(|name| name.starts_with(typed))
            .map(item)
            .collect(),
        Some(("config", rest)) => {
            let settings = list(&Common::default());
            settings.iter().map(|(name, _)| *name).filter(|name| name.starts_with(rest)).map(item).collect()
        }
        Some(_) => Vec::new(),
    }
}

fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name || !command.alias.is_empty() && command.alias == name)
}

/// The settings as `config -list` shows them.
fn list(settings: &Common) -> Vec<(&'static str, String)> {
    let rules: Vec<String> = settings
        .substitute_path
        .iter()
        .map(|[from, to]| format!("{{\"from\":{from:?},\"to\":{to:?}}}"))
        .collect();
    let labels: Vec<String> = settings.show_pprof_labels.iter().map(|label| format!("{label:?}")).collect();
    vec![
        ("stackTraceDepth", settings.stack_trace_depth.to_string()),
        ("maxStringLen", settings.max_string_len.to_string()),
        ("maxArrayValues", settings.max_array_values.to_string()),
        ("showGlobalVariables", settings.show_global_variables.to_string()),
        ("showRegisters", settings.show_registers.to_string()),
        ("goroutineFilters", format!("{:?}", settings.goroutine_filters)),
        ("showPprofLabels", format!("[{}]", labels.join(","))),
        ("hideSystemGoroutines", settings.hide_system_goroutines.to_string()),
        ("substitutePath", format!("[{}]", rules.join(","))),
        ("followExec", settings.follow_exec.to_string()),
        ("followExecRegex", format!("{:?}", settings.follow_exec_regex)),
        ("showRawStrings", settings.show_raw_strings.to_string()),
    ]
}

fn set(settings: &mut Common, name: &str, value: &str) -> Result<(), String> {
    let number = || {
        let number: i64 = value.parse().map_err(|_| format!("argument to {name:?} must be a number"))?;
        match number {
            1.. => Ok(number),
            _ => Err(format!("argument to {name:?} must be a number greater than zero")),
        }
    };
    let flag = || value.parse().map_err(|_| format!("argument to {name:?} must be true or false"));
    match name {
        "stackTraceDepth" => settings.stack_trace_depth = number()?,
        "maxStringLen" => settings.max_string_len = number()?,
        "maxArrayValues" => settings.max_array_values = number()?,
        "showGlobalVariables" => settings.show_global_variables = flag()?,
        "showRegisters" => settings.show_registers = flag()?,
        "hideSystemGoroutines" => settings.hide_system_goroutines = flag()?,
        "showRawStrings" => settings.show_raw_strings = flag()?,
        "followExec" => settings.follow_exec = flag()?,
        "goroutineFilters" => settings.goroutine_filters = value.to_owned(),
        "followExecRegex" => settings.follow_exec_regex = value.to_owned(),
        "showPprofLabels" => set_labels(&mut settings.show_pprof_labels, value),
        "substitutePath" => set_rule(&mut settings.substitute_path, value)?,
        name => return Err(format!("{name:?} is not a configuration parameter")),
    }
    Ok(())
}

/// `key` adds, `-clear` removes all, `-clear key` one.
fn set_labels(labels: &mut Vec<String>, value: &str) {
    match value.strip_prefix("-clear").map(str::trim) {
        Some("") => labels.clear(),
        Some(key) => labels.retain(|label| label != key),
        None => labels.push(value.to_owned()),
    }
}

/// `from to` adds or replaces, `from` removes, `-clear` removes all. Quotes hold blanks together.
fn set_rule(rules: &mut Vec<[String; 2]>, value: &str) -> Result<(), String> {
    if value == "-clear" {
        rules.clear();
        return Ok(());
    }
    let mut words = quoted_words(value).into_iter();
    match (words.next(), words.next(), words.next()) {
        (Some(from), None, None) => {
            let before = rules.len();
            rules.retain(|[editor, _]| *editor != from);
            if rules.len() == before {
                return Err(format!("could not find rule for {from:?}"));
            }
        }
        (Some(from), Some(to), None) => match rules.iter_mut().find(|[editor, _]| *editor == from) {
            Some([_, there]) => *there = to,
            None => rules.push([from, to]),
        },
        (None, _, _) => return Err("too few arguments to \"config substitutePath\"".to_owned()),
        _ => return Err("too many arguments to \"config substitutePath\"".to_owned()),
    }
    Ok(())
}

/// The words of a text; double quotes hold blanks together.
fn quoted_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            letter if letter.is_whitespace() && !quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_set_and_listed() {
        let mut settings = Common::default();
        set(&mut settings, "stackTraceDepth", "7").unwrap();
        set(&mut settings, "substitutePath", "\"/a b\" /c").unwrap();
        set(&mut settings, "showPprofLabels", "k").unwrap();
        let list = list(&settings);
        let value = |name| &list.iter().find(|(listed, _)| *listed == name).unwrap().1;
        assert_eq!(value("stackTraceDepth"), "7");
        assert_eq!(value("substitutePath"), "[{\"from\":\"/a b\",\"to\":\"/c\"}]");
        assert_eq!(value("showPprofLabels"), "[\"k\"]");
        set(&mut settings, "substitutePath", "\"/a b\"").unwrap();
        assert!(settings.substitute_path.is_empty());
    }

    #[test]
    fn wrong_values_are_refused() {
        let mut settings = Common::default();
        let mut wrong = |name, value| set(&mut settings, name, value).unwrap_err();
        assert_eq!(wrong("nope", "1"), "\"nope\" is not a configuration parameter");
        assert_eq!(wrong("maxStringLen", "x"), "argument to \"maxStringLen\" must be a number");
        assert_eq!(
            wrong("maxStringLen", "0"),
            "argument to \"maxStringLen\" must be a number greater than zero"
        );
        assert_eq!(wrong("showRegisters", "1"), "argument to \"showRegisters\" must be true or false");
        assert_eq!(wrong("substitutePath", "/x"), "could not find rule for \"/x\"");
    }
}
