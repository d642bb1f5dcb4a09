//! Log points: breakpoints that write a text and let the target run on.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use adit_api::format::single_line;
use adit_api::{TraceHit, TraceSink, Variable};
use adit_expr::PathRules;

use crate::outgoing::Outgoing;
use crate::protocol::events::OutputEventBody;
use crate::protocol::types::Source;

/// A log point's message: texts and expressions by turns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LogPoint {
    /// What stands before each expression, and after the last.
    texts: Vec<String>,
    pub(super) expressions: Vec<String>,
}

impl LogPoint {
    /// Reads a message with expressions in braces, which may contain braces themselves. An empty one is none.
    pub(super) fn parse(message: &str) -> Result<Option<LogPoint>, String> {
        if message.is_empty() {
            return Ok(None);
        }
        let mut point = LogPoint { texts: vec![String::new()], expressions: Vec::new() };
        let mut depth = 0_usize;
        for letter in message.chars() {
            match (letter, depth) {
                ('{', 0) => {
                    depth = 1;
                    point.expressions.push(String::new());
                }
                ('}', 0) => return Err("invalid log point format, unexpected '}'".to_owned()),
                ('}', 1) => {
                    depth = 0;
                    let expression = point.expressions.last_mut().map(|text| text.trim().to_owned());
                    if expression.as_deref().is_none_or(str::is_empty) {
                        return Err("empty evaluation string".to_owned());
                    }
                    if let (Some(slot), Some(text)) = (point.expressions.last_mut(), expression) {
                        *slot = text;
                    }
                    point.texts.push(String::new());
                }
                (letter, depth_now) => {
                    match letter {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    let into =
                        if depth_now == 0 { point.texts.last_mut() } else { point.expressions.last_mut() };
                    if let Some(into) = into {
                        into.push(letter);
                    }
                }
            }
        }
        match depth {
            0 => Ok(Some(point)),
            _ => Err("invalid log point format".to_owned()),
        }
    }

    /// The message with the values of its expressions.
    fn text(&self, values: &[Variable]) -> String {
        let mut text = String::new();
        for (index, before) in self.texts.iter().enumerate() {
            text.push_str(before);
            if index < self.expressions.len() {
                text.push_str(&values.get(index).map(shown).unwrap_or_default());
            }
        }
        text
    }
}

fn shown(value: &Variable) -> String {
    match value.unreadable.strip_prefix("eval error: ") {
        Some(error) => format!("{{eval err: {error}}}"),
        None => single_line(value),
    }
}

/// The log points of a session, by the numbers of their breakpoints. Hits come from the session's thread, while the
/// target runs.
pub(super) struct LogPoints {
    out: Outgoing,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    points: BTreeMap<i64, LogPoint>,
    rules: PathRules,
}

impl LogPoints {
    pub(super) fn new(out: Outgoing) -> LogPoints {
        LogPoints { out, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_rules(&self, editor_and_program: &[[String; 2]]) {
        let rules = editor_and_program.iter().map(|[editor, program]| (program.clone(), editor.clone()));
        self.state().rules = PathRules::new(rules);
    }

    pub(super) fn add(&self, breakpoint: i64, point: LogPoint) {
        self.state().points.insert(breakpoint, point);
    }

    pub(super) fn remove(&self, breakpoint: i64) {
        self.state().points.remove(&breakpoint);
    }
}

impl TraceSink for LogPoints {
    fn is_open(&self) -> bool {
        true
    }

    fn hit(&self, hit: TraceHit) {
        let state = self.state();
        let message = match state.points.get(&hit.breakpoint.id) {
            Some(point) => point.text(&hit.info.variables),
            // Somebody else's tracepoint.
            None => hit.function.to_string(),
        };
        let path = state.rules.apply(&hit.breakpoint.file).into_owned();
        drop(state);
        self.out.event(
            "output",
            &OutputEventBody {
                category: Some("stdout".to_owned()),
                output: format!("> [Go {}]: {message}\n", hit.goroutine_id),
                source: Some(Source { path: Some(path), ..Source::default() }),
                line: Some(hit.breakpoint.line),
                ..OutputEventBody::default()
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(message: &str) -> LogPoint {
        LogPoint::parse(message).unwrap().unwrap()
    }

    #[test]
    fn messages_are_texts_and_expressions() {
        let point = parsed("a is {a}, b is { b[1] }!");
        assert_eq!(point.texts, ["a is ", ", b is ", "!"]);
        assert_eq!(point.expressions, ["a", "b[1]"]);
        assert_eq!(parsed("{T{1}.x}").expressions, ["T{1}.x"]);
        assert_eq!(LogPoint::parse(""), Ok(None));
    }

    #[test]
    fn broken_messages_are_refused() {
        assert_eq!(LogPoint::parse("a {} b"), Err("empty evaluation string".to_owned()));
        assert_eq!(LogPoint::parse("a } b"), Err("invalid log point format, unexpected '}'".to_owned()));
        assert!(LogPoint::parse("a {b").is_err());
    }

    #[test]
    fn values_stand_where_expressions_stood() {
        let number = Variable { kind: adit_api::Kind::INT, value: "3".to_owned(), ..Variable::default() };
        let failed = Variable { unreadable: "eval error: no b".to_owned(), ..Variable::default() };
        assert_eq!(parsed("a={a} b={b}.").text(&[number, failed]), "a=3 b={eval err: no b}.");
    }
}
