//! Errors of scripts, in Go's words and with the places of the user's text.

use std::sync::Arc;

use starlark::ErrorKind;
use starlark::codemap::FileSpan;
use starlark::eval::Evaluator;

use crate::lexer::{TokenKind, tokens};
use crate::session::{INTERRUPTED, Session};
use crate::source::Source;

/// Why a script failed.
#[derive(Debug)]
pub(crate) struct ScriptError {
    /// What is shown after `Command failed: `.
    pub(crate) message: String,
    /// The calls that led there, outermost first: place and function.
    frames: Vec<(String, String)>,
    /// The builtin that failed.
    builtin: Option<String>,
}

impl From<String> for ScriptError {
    fn from(message: String) -> Self {
        Self { message, frames: Vec::new(), builtin: None }
    }
}

impl ScriptError {
    /// The calls, a line each; `None` if it failed before anything was called.
    pub(crate) fn calls(&self) -> Option<String> {
        if self.frames.is_empty() {
            return None;
        }
        let mut text = "Traceback (most recent call last):".to_owned();
        for (place, function) in &self.frames {
            text.push_str(&format!("\n  {place}: in {function}"));
        }
        Some(text)
    }

    /// The calls and the message.
    pub(crate) fn traceback(&self) -> String {
        match (self.calls(), &self.builtin) {
            (Some(calls), Some(builtin)) => format!("{calls}\nError in {builtin}: {}", self.message),
            (Some(calls), None) => format!("{calls}\nError: {}", self.message),
            (None, _) => self.message.clone(),
        }
    }

    /// What the evaluator's error is to the user; `outermost` is the name of what was evaluated.
    pub(crate) fn new(session: &Session, error: &starlark::Error, outermost: &str) -> ScriptError {
        let attribute_error = session.take_attribute_error();
        let plain = error.without_diagnostic().to_string();
        let place = error.span().and_then(|span| place(session, span));
        if matches!(error.kind(), ErrorKind::Parser(_) | ErrorKind::Scope(_)) {
            let message = syntax_error(&plain);
            return match place {
                Some(place) => format!("{place}: {message}").into(),
                None => message.into(),
            };
        }
        if session.check_interrupted().is_err() {
            return Self::placed(session, error, outermost, INTERRUPTED.to_owned(), place);
        }
        let message = match attribute_error {
            Some(why) if plain.starts_with("Object of type ") => why,
            _ => in_gos_words(error.kind(), plain),
        };
        Self::placed(session, error, outermost, message, place)
    }

    fn placed(
        session: &Session,
        error: &starlark::Error,
        outermost: &str,
        message: String,
        last: Option<String>,
    ) -> ScriptError {
        let mut frames = Vec::new();
        let mut function = outermost.to_owned();
        let mut last_call = None;
        for frame in &error.call_stack().frames {
            if let Some(location) = &frame.location {
                let place = place(session, location).unwrap_or_else(|| "<builtin>".to_owned());
                frames.push((place, function));
                last_call = Some(location.clone());
            }
            function.clone_from(&frame.name);
        }
        // A builtin has no place of its own: the call is where it failed.
        let in_builtin = !frames.is_empty() && (error.span().is_none() || error.span() == last_call.as_ref());
        let builtin = if in_builtin {
            Some(function)
        } else {
            frames.extend(last.map(|place| (place, function)));
            None
        };
        ScriptError { message, frames, builtin }
    }
}

/// The source in which a span is, and where it begins and ends there.
fn original(session: &Session, span: &FileSpan) -> Option<(Arc<Source>, usize, usize)> {
    let source = session.source(span.file.filename())?;
    let (begin, end) = (span.span.begin().get() as usize, span.span.end().get() as usize);
    let text = source.rewritten.get(begin..end)?;
    let within = operator(text);
    let at = source.original(begin + within);
    Some((source, at, within))
}

/// The place of an expression as Go names it: that of its operator, bracket or dot.
fn place(session: &Session, span: &FileSpan) -> Option<String> {
    let (source, at, _) = original(session, span)?;
    Some(source.position(at))
}

/// Where the outermost operator of a call, an index or an attribute is in its text; 0 for other expressions.
fn operator(text: &str) -> usize {
    let tokens = tokens(text);
    let mut significant = tokens.iter().rev().filter(|token| {
        !matches!(
            token.kind,
            TokenKind::Blank | TokenKind::Comment | TokenKind::Newline | TokenKind::Unfinished
        )
    });
    let of = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    let Some(last) = significant.next() else { return 0 };
    if !matches!(of(last.start, last.end), ")" | "]") {
        return match significant.next() {
            Some(dot) if of(dot.start, dot.end) == "." => dot.start,
            _ => 0,
        };
    }
    let mut depth = 1;
    for token in significant {
        match of(token.start, token.end) {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return token.start;
        }
    }
    0
}

/// The place of the call that a builtin answers.
pub(crate) fn call_position(session: &Session, eval: &Evaluator<'_, '_, '_>) -> Option<String> {
    place(session, &eval.call_stack_top_location()?)
}

/// The parser's errors without what says that they are such.
fn syntax_error(text: &str) -> String {
    let text = text.strip_prefix("Parse error: ").unwrap_or(text);
    match between(text, "Variable `", "` not found") {
        Some(name) => format!("undefined: {name}"),
        None => text.to_owned(),
    }
}

/// The text between two others, of which the first begins it.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.strip_prefix(before)?.split_once(after)?.0)
}

/// An error of the evaluator as Go's has it, where users know that by heart.
fn in_gos_words(kind: &ErrorKind, text: String) -> String {
    if let ErrorKind::StackOverflow(_) = kind {
        return "stack overflow".to_owned();
    }
    if text.starts_with("Execution duration limit of ") {
        return "Starlark computation cancelled: too many steps".to_owned();
    }
    if text.starts_with("fail: ") {
        return text;
    }
    if let Some((name, attribute)) = between(&text, "Object of type `", "`, did you")
        .or_else(|| text.strip_prefix("Object of type `")?.strip_suffix('`'))
        .and_then(|text| text.split_once("` has no attribute `"))
    {
        return format!("{name} has no .{attribute} field or method");
    }
    if let Some(key) = between(&text, "Key `", "` was not found") {
        return format!("key {key} not in dict");
    }
    if let Some(name) = between(&text, "Local variable `", "` referenced before assignment") {
        return format!("local variable {name} referenced before assignment");
    }
    if let Some(name) = between(&text, "Value of type `", "` is not hashable") {
        return match name {
            "struct" | "slice" | "Variable" | "value" => "not hashable".to_owned(),
            name => format!("unhashable type: {name}"),
        };
    }
    if let Some((operator, types)) =
        text.strip_prefix("Operation `").and_then(|text| text.split_once("` not supported for types `"))
        && let Some((left, right)) = types.strip_suffix('`').and_then(|types| types.split_once("` and `"))
    {
        return format!("unknown binary op: {left} {operator} {right}");
    }
    if let Some((operator, name)) =
        text.strip_prefix("Operation `").and_then(|text| text.split_once("` not supported on type `"))
    {
        let name = name.trim_end_matches('`');
        return match operator {
            "(iter)" => format!("{name} value is not iterable"),
            "len()" => format!("len: value of type {name} has no len"),
            "call()" => format!("invalid call of non-function ({name})"),
            _ => format!("unknown unary op: {operator} {name}"),
        };
    }
    match text.as_str() {
        "Immutable" => "cannot change a frozen value".to_owned(),
        "Cannot divide by zero" => "division by zero".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::operator;

    #[test]
    fn operators_are_where_go_has_them() {
        for (text, at) in [
            ("f(a, (b))", 1),
            ("f(1)(2)", 4),
            ("x.y(1)[\"a)\"]", 6),
            ("x.y.z", 3),
            ("x", 0),
            ("(x)", 0),
            ("", 0),
            ("f( # (\n)", 1),
        ] {
            assert_eq!(operator(text), at, "{text}");
        }
    }
}
