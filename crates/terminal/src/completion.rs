//! What the tab key offers.

use adit_api::requests::ListGoroutinesIn;
use adit_api::{Client, EvalScope, LoadConfig};

use crate::command::{self, Completes};
use crate::suggest::fuzzy;

/// More candidates than this help nobody.
const MAX_CANDIDATES: usize = 200;

/// Where the word to complete starts in `line`, and what it may become, best first.
pub(crate) fn complete(client: Option<&dyn Client>, line: &str) -> (usize, Vec<String>) {
    let start = line.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
    let word = &line[start..];
    let Some((command, _)) = line.trim_start().split_once(char::is_whitespace) else {
        return (start, best(word, command::all().flat_map(|c| c.names).map(|n| (*n).to_owned()).collect()));
    };
    let (Some(client), Some(command)) = (client, command::find(command)) else { return (start, Vec::new()) };
    // A running target answers nothing; ask before asking for lists.
    if client.state(true).is_ok_and(|state| state.running) {
        return (start, Vec::new());
    }
    let candidates = match command.completes {
        Completes::Nothing => Vec::new(),
        Completes::Commands => command::all().flat_map(|c| c.names).map(|n| (*n).to_owned()).collect(),
        Completes::Locations => locations(client, word),
        Completes::Variables => variables(client),
        Completes::Goroutines => goroutines(client),
    };
    (start, best(word, candidates))
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

fn locations(client: &dyn Client, word: &str) -> Vec<String> {
    if word.is_empty() {
        return Vec::new();
    }
    let pattern = word.chars().map(|c| regex::escape(&c.to_string())).collect::<Vec<_>>().join(".*");
    let mut found = client.list_functions(&pattern, 0).unwrap_or_default();
    // file: becomes file:line only by typing the number, so files end in the colon.
    let sources = client.list_sources(&pattern).unwrap_or_default();
    found.extend(sources.iter().filter_map(|path| path.rsplit('/').next()).map(|file| format!("{file}:")));
    found
}

fn variables(client: &dyn Client) -> Vec<String> {
    let names = LoadConfig::default();
    let mut found = client.list_local_vars(EvalScope::CURRENT, names).unwrap_or_default();
    found.extend(client.list_function_args(EvalScope::CURRENT, names).unwrap_or_default());
    found.into_iter().map(|v| v.name).collect()
}

fn goroutines(client: &dyn Client) -> Vec<String> {
    let request = ListGoroutinesIn { count: MAX_CANDIDATES as i64, ..ListGoroutinesIn::default() };
    let reply = client.list_goroutines(&request).unwrap_or_default();
    reply.goroutines.into_iter().map(|g| g.id.to_string()).collect()
}
