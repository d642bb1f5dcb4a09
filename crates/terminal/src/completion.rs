//! What the tab key offers.

use std::path::Path;

use adit_api::requests::ListGoroutinesIn;
use adit_api::{Client, EvalScope, Kind, LoadConfig, Variable};

use crate::command::{self, Command, Completes};
use crate::config::Config;
use crate::suggest::fuzzy;

/// More candidates than this help nobody.
const MAX_CANDIDATES: usize = 200;
/// Prefixes of commands may stand one behind another.
const MAX_PREFIXES: usize = 8;

/// What can be typed beside the names of the prompt's own commands, and where it applies.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Other names of commands, each with the command's own.
    pub aliases: Vec<(String, String)>,
    /// Commands that scripts have defined.
    pub scripted: Vec<String>,
    /// The frame that is selected at the prompt.
    pub frame: i64,
}

/// Where the word to complete starts in `line`, and what it may become, best first.
pub(crate) fn complete(
    client: Option<&dyn Client>,
    vocabulary: &Vocabulary,
    line: &str,
) -> (usize, Vec<String>) {
    let scope = EvalScope { frame: vocabulary.frame, ..EvalScope::CURRENT };
    Completer { client, vocabulary, line, scope }.complete(0, MAX_PREFIXES)
}

struct Completer<'a> {
    client: Option<&'a dyn Client>,
    vocabulary: &'a Vocabulary,
    line: &'a str,
    /// Where the command will apply.
    scope: EvalScope,
}

impl Completer<'_> {
    /// Completes the command that begins at `from`.
    fn complete(&self, from: usize, prefixes: usize) -> (usize, Vec<String>) {
        let rest = &self.line[from..];
        let from = from + rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let Some((name, arguments)) = rest.split_once(char::is_whitespace) else {
            return (from, best(rest, self.command_names()));
        };
        let own = |alias: &&(String, String)| alias.0 == name;
        let name = self.vocabulary.aliases.iter().find(own).map_or(name, |(_, command)| command);
        let start = self.line.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
        let Some(command) = command::find(name) else { return (start, Vec::new()) };
        let leads_to_another =
            matches!(command.completes, Completes::Goroutines | Completes::Command | Completes::On)
                || command.name() == "rev";
        // What a prefix applies to is one word.
        let words = if command.name() == "rev" { 0 } else { 1 };
        if leads_to_another
            && prefixes > 0
            && arguments.split_whitespace().count() + blank_end(arguments) > words
        {
            let at = self.line.len() - arguments.len();
            let skipped = if words == 0 { 0 } else { after_word(arguments) };
            let scope = self.scope_behind(command.name(), arguments);
            let (start, mut found) = Completer { scope, ..*self }.complete(at + skipped, prefixes - 1);
            if command.completes == Completes::On {
                found.extend(best(&self.line[start..], vec!["-edit".to_owned()]));
            }
            return (start, found);
        }
        self.arguments(command, arguments, start)
    }

    /// Where commands apply behind this prefix.
    fn scope_behind(&self, prefix: &str, arguments: &str) -> EvalScope {
        let number = arguments.split_whitespace().next().and_then(|word| word.parse().ok());
        let Some(number) = number else { return self.scope };
        let frame = self.scope.frame;
        match prefix {
            "goroutine" => EvalScope { goroutine_id: number, frame: 0, deferred_call: 0 },
            "frame" => EvalScope { frame: number, ..self.scope },
            "up" => EvalScope { frame: frame.saturating_add(number), ..self.scope },
            "down" => EvalScope { frame: frame.saturating_sub(number), ..self.scope },
            "deferred" => EvalScope { deferred_call: number, ..self.scope },
            _ => self.scope,
        }
    }

    fn command_names(&self) -> Vec<String> {
        let names = command::all().flat_map(|c| c.names).map(|n| (*n).to_owned());
        let aliases = self.vocabulary.aliases.iter().map(|(alias, _)| alias.clone());
        names.chain(aliases).chain(self.vocabulary.scripted.iter().cloned()).collect()
    }

    fn arguments(&self, command: &Command, arguments: &str, start: usize) -> (usize, Vec<String>) {
        let word = &self.line[start..];
        if word.starts_with('-') && !command.options.is_empty() {
            return (start, best(word, command.options.iter().map(|o| (*o).to_owned()).collect()));
        }
        let before: Vec<_> = arguments[..arguments.len() - word.len()].split_whitespace().collect();
        let candidates = match command.completes {
            Completes::Nothing | Completes::Command => Vec::new(),
            Completes::Help if before.first() == Some(&"config") => config_names(),
            Completes::Help if before.is_empty() => self.command_names(),
            Completes::Help => Vec::new(),
            Completes::Config => self.config(&before),
            Completes::Words(words) => words.iter().map(|w| (*w).to_owned()).collect(),
            Completes::Files => files(word),
            _ => return self.of_program(command.completes, word, start),
        };
        (start, best(word, candidates))
    }

    fn config(&self, before: &[&str]) -> Vec<String> {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
        match before {
            [] => config_names(),
            ["alias"] => self.command_names(),
            ["position"] => words(&["source", "disassembly", "default"]),
            ["disassemble-flavor"] => words(&["intel", "gnu", "go"]),
            ["show-location-expr" | "trace-show-timestamp" | "show-raw-strings" | "formatters"] => {
                words(&["true", "false"])
            }
            ["substitute-path" | "debug-info-directories", ..] => {
                files(self.line.rsplit(char::is_whitespace).next().unwrap_or_default())
            }
            _ => Vec::new(),
        }
    }

    /// What only the session knows.
    fn of_program(&self, completes: Completes, word: &str, start: usize) -> (usize, Vec<String>) {
        let Some(client) = self.client else { return (start, Vec::new()) };
        // A running target answers nothing; ask before asking for lists.
        if client.state(true).is_ok_and(|state| state.running) {
            return (start, Vec::new());
        }
        let candidates = match completes {
            Completes::Locations => locations(client, word),
            Completes::Functions => functions(client, word),
            Completes::Goroutines => goroutines(client),
            Completes::Threads => {
                client.list_threads().unwrap_or_default().iter().map(|t| t.id.to_string()).collect()
            }
            Completes::Breakpoints | Completes::On => breakpoints(client),
            Completes::Variables | Completes::Types => {
                let inner = word.rfind(is_operator).map_or(0, |at| at + 1);
                let chain = &word[inner..];
                let mut found = self.variables(client, chain);
                if completes == Completes::Types && !chain.is_empty() {
                    let pattern = format!("^{}", regex::escape(chain));
                    found.extend(client.list_types(&pattern).unwrap_or_default());
                }
                return (start + inner, best(chain, found));
            }
            _ => Vec::new(),
        };
        (start, best(word, candidates))
    }

    /// Variables, fields of the variable before the last dot, or package variables.
    fn variables(&self, client: &dyn Client, chain: &str) -> Vec<String> {
        let scope = self.scope;
        let names = LoadConfig::default();
        let Some((base, _)) = chain.rsplit_once('.') else {
            let mut found = client.list_local_vars(scope, names).unwrap_or_default();
            found.extend(client.list_function_args(scope, names).unwrap_or_default());
            return found.into_iter().map(|v| v.name).collect();
        };
        let fields = LoadConfig {
            follow_pointers: true,
            max_variable_recurse: 1,
            max_struct_fields: -1,
            ..LoadConfig::default()
        };
        if let Ok(value) = client.eval(scope, base, Some(fields)) {
            return field_names(&value).map(|name| format!("{base}.{name}")).collect();
        }
        let pattern = format!("^{}", regex::escape(chain));
        let found = client.list_package_vars(&pattern, names).unwrap_or_default();
        found.into_iter().map(|v| v.name).collect()
    }
}

/// The names of a struct's fields, also behind a pointer.
fn field_names(value: &Variable) -> impl Iterator<Item = &str> {
    let value = value.children.first().filter(|_| value.kind == Kind::POINTER).unwrap_or(value);
    let fields = if value.kind == Kind::STRUCT { &value.children[..] } else { &[] };
    fields.iter().map(|field| field.name.as_str())
}

/// Whether a name cannot go on behind this character.
fn is_operator(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '~'))
}

fn blank_end(text: &str) -> usize {
    usize::from(text.ends_with(char::is_whitespace))
}

/// Where the second word of a text may begin.
fn after_word(text: &str) -> usize {
    let blanks = text.len() - text.trim_start().len();
    text.trim_start().find(char::is_whitespace).map_or(text.len(), |end| blanks + end)
}

fn best(word: &str, candidates: Vec<String>) -> Vec<String> {
    let mut scored: Vec<_> = candidates.into_iter().filter_map(|c| Some((fuzzy(word, &c)?, c))).collect();
    scored.sort();
    scored.dedup();
    // What starts with the word is what is meant, if there is such a thing.
    if scored.iter().any(|(_, c)| c.starts_with(word)) {
        scored.retain(|(_, c)| c.starts_with(word));
    }
    scored.into_iter().take(MAX_CANDIDATES).map(|(_, c)| c).collect()
}

fn config_names() -> Vec<String> {
    Config::NAMES.iter().copied().chain(["alias"]).map(str::to_owned).collect()
}

/// The files in the folder that a path leads to; folders end in a slash.
fn files(word: &str) -> Vec<String> {
    let (folder, _) =
        word.rsplit_once('/').map_or(("", word), |(folder, name)| (&word[..=folder.len()], name));
    let path = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    entries
        .flatten()
        .map(|entry| {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{folder}{}{slash}", entry.file_name().to_string_lossy())
        })
        .collect()
}

/// A pattern of the names that have these characters in this order.
fn loose(word: &str) -> String {
    word.chars().map(|c| regex::escape(&c.to_string())).collect::<Vec<_>>().join(".*")
}

fn functions(client: &dyn Client, word: &str) -> Vec<String> {
    if word.is_empty() {
        return Vec::new();
    }
    client.list_functions(&loose(word), 0).unwrap_or_default()
}

fn locations(client: &dyn Client, word: &str) -> Vec<String> {
    if word.is_empty() {
        return Vec::new();
    }
    let mut found = functions(client, word);
    // file: becomes file:line only by typing the number, so files end in the colon.
    let sources = client.list_sources(&loose(word)).unwrap_or_default();
    found.extend(sources.iter().filter_map(|path| path.rsplit('/').next()).map(|file| format!("{file}:")));
    found
}

fn breakpoints(client: &dyn Client) -> Vec<String> {
    let list = client.list_breakpoints(false).unwrap_or_default();
    let name = |b: adit_api::Breakpoint| if b.name.is_empty() { b.id.to_string() } else { b.name };
    list.into_iter().filter(|b| b.id > 0).map(name).collect()
}

fn goroutines(client: &dyn Client) -> Vec<String> {
    let request = ListGoroutinesIn { count: MAX_CANDIDATES as i64, ..ListGoroutinesIn::default() };
    let reply = client.list_goroutines(&request).unwrap_or_default();
    reply.goroutines.into_iter().map(|g| g.id.to_string()).collect()
}
