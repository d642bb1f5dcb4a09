//! The arguments of `goroutines`, which the prompt takes and an editor's configuration has.

use crate::requests::ListGoroutinesIn;
use crate::{EvalScope, GoroutineField, ListGoroutinesFilter};

const MAX_GROUP_MEMBERS: i64 = 5;
const MAX_GROUPS: i64 = 50;
const DEFAULT_DEPTH: i64 = 10;

/// Which of a goroutine's places its line shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GoroutinePlace {
    /// Where it is.
    Runtime,
    /// Where it is in the user's code.
    #[default]
    User,
    /// The go statement that made it.
    Go,
    /// The function with which it began.
    Start,
}

/// Which goroutines are to be listed, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GoroutineQuery {
    /// Filters and groups.
    pub list: ListGoroutinesIn,
    /// The place shown with each.
    pub place: GoroutinePlace,
    /// How many frames of each stack are shown, if any.
    pub stack: Option<i64>,
    /// Are labels shown?
    pub labels: bool,
    /// A command to carry out on each; empty for none.
    pub exec: String,
}

impl GoroutineQuery {
    /// Reads the arguments; expressions are those of `scope`. The errors' texts are Delve's.
    pub fn parse(args: &str, scope: EvalScope) -> Result<GoroutineQuery, String> {
        let mut query = GoroutineQuery::default();
        let mut rest = args;
        loop {
            let (word, after) = first_word(rest);
            rest = after;
            match word {
                "" => return Ok(query),
                "-u" => query.place = GoroutinePlace::User,
                "-r" => query.place = GoroutinePlace::Runtime,
                "-g" => query.place = GoroutinePlace::Go,
                "-s" => query.place = GoroutinePlace::Start,
                "-l" => query.labels = true,
                "-t" => {
                    let (depth, after) = first_word(rest);
                    query.stack = Some(DEFAULT_DEPTH);
                    if let Ok(depth) = depth.parse() {
                        query.stack = Some(depth);
                        rest = after;
                    }
                }
                "-with" | "-w" | "-without" | "-wo" => {
                    let (filter, after) = filter(word, rest)?;
                    query.list.filters.push(filter);
                    rest = after;
                }
                "-group" => rest = query.group(word, rest)?,
                "-chan" => {
                    let (expr, after) = first_word(rest);
                    if expr.is_empty() {
                        return Err("not enough arguments after -chan".to_owned());
                    }
                    query.list.filters.push(ListGoroutinesFilter {
                        kind: GoroutineField::WAITING_ON_CHANNEL,
                        arg: expr.to_owned(),
                        ..ListGoroutinesFilter::default()
                    });
                    query.list.eval_scope = Some(scope);
                    rest = after;
                }
                "-exec" => {
                    query.exec = rest.to_owned();
                    return Ok(query);
                }
                other => return Err(wrong(other)),
            }
        }
    }

    fn group<'a>(&mut self, word: &str, rest: &'a str) -> Result<&'a str, String> {
        let (name, mut rest) = first_word(rest);
        self.list.group_by = field(name).ok_or_else(|| wrong(word))?;
        if self.list.group_by == GoroutineField::LABEL {
            let (key, after) = first_word(rest);
            if key.is_empty() {
                return Err(wrong(word));
            }
            self.list.group_by_key = key.to_owned();
            rest = after;
        }
        self.list.max_group_members = MAX_GROUP_MEMBERS;
        self.list.max_groups = MAX_GROUPS;
        Ok(rest)
    }
}

fn filter<'a>(word: &str, rest: &'a str) -> Result<(ListGoroutinesFilter, &'a str), String> {
    let (name, rest) = first_word(rest);
    let kind = field(name).ok_or_else(|| wrong(word))?;
    let negated = matches!(word, "-without" | "-wo");
    let mut filter = ListGoroutinesFilter { kind, negated, arg: String::new() };
    if matches!(kind, GoroutineField::RUNNING | GoroutineField::USER) {
        return Ok((filter, rest));
    }
    let (arg, rest) = first_word(rest);
    if arg.is_empty() {
        return Err(wrong(word));
    }
    filter.arg = arg.to_owned();
    Ok((filter, rest))
}

fn field(name: &str) -> Option<GoroutineField> {
    Some(match name {
        "curloc" => GoroutineField::CURRENT_LOC,
        "userloc" => GoroutineField::USER_LOC,
        "goloc" => GoroutineField::GO_LOC,
        "startloc" => GoroutineField::START_LOC,
        "label" => GoroutineField::LABEL,
        "running" => GoroutineField::RUNNING,
        "user" => GoroutineField::USER,
        _ => return None,
    })
}

fn wrong(word: &str) -> String {
    format!("wrong argument: '{word}'")
}

/// The first word, and what follows it without the space between.
pub fn first_word(text: &str) -> (&str, &str) {
    match text.trim_start().split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text.trim(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_become_filters_and_groups() {
        let query =
            GoroutineQuery::parse("-t 3 -with user -wo userloc a.go -group label k", EvalScope::CURRENT);
        let query = query.unwrap();
        assert_eq!((query.stack, query.list.filters.len()), (Some(3), 2));
        assert!(query.list.filters[1].negated);
        assert_eq!((query.list.group_by, query.list.group_by_key.as_str()), (GoroutineField::LABEL, "k"));
        let wrong = GoroutineQuery::parse("-with nonsense", EvalScope::CURRENT);
        assert_eq!(wrong, Err("wrong argument: '-with'".to_owned()));
    }
}
