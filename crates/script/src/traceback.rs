//! Errors of scripts, in Go's words and with the places of the user's text.

use starlark::ErrorKind;
use starlark::codemap::FileSpan;
use starlark::eval::Evaluator;

use crate::lexer::{Token, TokenKind, tokens};
use crate::session::{INTERRUPTED, Session};

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
        let plain = session.without_sources(&error.without_diagnostic().to_string());
        let place = error.span().and_then(|span| place(session, span));
        if matches!(error.kind(), ErrorKind::Parser(_) | ErrorKind::Scope(_)) {
            let message = syntax_error(&plain);
            return match place {
                Some(place) => format!("{place}: {message}").into(),
                None => message.into(),
            };
        }
        if session.check_interrupted().is_err() {
            let message = format!("Starlark computation cancelled: {INTERRUPTED}");
            return Self::placed(session, error, outermost, message, place);
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
                frames.push((place, function.clone()));
                last_call = Some(location.clone());
            }
            function.clone_from(&frame.name);
        }
        // A builtin has no place of its own: the call is where it failed.
        let called_wrongly =
            WRONG_CALLS.iter().any(|start| error.without_diagnostic().to_string().starts_with(start));
        let in_builtin = !called_wrongly
            && !frames.is_empty()
            && (error.span().is_none() || error.span() == last_call.as_ref());
        let builtin = if in_builtin {
            Some(function)
        } else {
            frames.extend(last.map(|place| (place, function)));
            None
        };
        ScriptError { message, frames, builtin }
    }
}

/// How the evaluator's errors begin that are about the arguments of a script's function.
const WRONG_CALLS: [&str; 2] = ["Missing ", "Found "];

/// The place of an expression as Go names it: that of its operator, bracket or dot.
fn place(session: &Session, span: &FileSpan) -> Option<String> {
    let source = session.source(span.file.filename())?;
    let (begin, end) = (span.span.begin().get() as usize, span.span.end().get() as usize);
    let within = operator(source.rewritten.get(begin..end)?);
    Some(source.position(source.original(begin + within)))
}

/// Where an expression's outermost operator, bracket or dot is in its text; 0 where there is none.
fn operator(text: &str) -> usize {
    let tokens = tokens(text);
    let is_blank = |kind| {
        matches!(kind, TokenKind::Blank | TokenKind::Comment | TokenKind::Newline | TokenKind::Unfinished)
    };
    let tokens: Vec<Token> = tokens.into_iter().filter(|token| !is_blank(token.kind)).collect();
    let word = |token: &Token| text.get(token.start..token.end).unwrap_or_default();
    binary_operator(&tokens, &word).or_else(|| bracket_or_dot(&tokens, &word)).unwrap_or_default()
}

/// How closely a binary operator binds; `None` for other words.
fn precedence(word: &str) -> Option<u8> {
    Some(match word {
        "or" => 0,
        "and" => 1,
        "in" | "<" | ">" | "=" | "!" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "+" | "-" => 7,
        "*" | "/" | "%" => 8,
        _ => return None,
    })
}

/// The binary operator outside of brackets that is carried out last.
fn binary_operator<'a>(tokens: &'a [Token], word: &impl Fn(&'a Token) -> &'a str) -> Option<usize> {
    let mut found: Option<(u8, usize)> = None;
    let mut depth = 0;
    // Behind an operator, and at the start, stands what is no binary operator: a sign, or an operator's second character.
    let mut after_operand = false;
    for token in tokens {
        let text = word(token);
        match text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        let operator = precedence(text).filter(|_| depth == 0 && after_operand);
        if let Some(precedence) = operator
            && found.is_none_or(|(lowest, _)| precedence <= lowest)
        {
            found = Some((precedence, token.start));
        }
        after_operand = operator.is_none() && text != "not" && (after_operand || precedence(text).is_none());
    }
    found.map(|(_, at)| at)
}

/// The bracket that the last one closes, or the dot before the last word.
fn bracket_or_dot<'a>(tokens: &'a [Token], word: &impl Fn(&'a Token) -> &'a str) -> Option<usize> {
    let (last, before) = tokens.split_last()?;
    if !matches!(word(last), ")" | "]") {
        return before.last().filter(|dot| word(dot) == ".").map(|dot| dot.start);
    }
    let mut depth = 1;
    let opening = before.iter().rev().find(|token| {
        match word(token) {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(opening.start)
}

/// The place of the call that a builtin answers.
pub(crate) fn call_position(session: &Session, eval: &Evaluator<'_, '_, '_>) -> Option<String> {
    place(session, &eval.call_stack_top_location()?)
}

/// The parser's errors without what says that they are such.
fn syntax_error(text: &str) -> String {
    let text = text.strip_prefix("Parse error: ").unwrap_or(text);
    if text.starts_with("`load` is not allowed") {
        return "load not implemented by this application".to_owned();
    }
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
    if let Some((parameter, function)) = text
        .strip_prefix("Missing parameter `")
        .and_then(|text| text.strip_suffix('`'))
        .and_then(|text| text.split_once("` for call to `"))
    {
        return format!("function {function} missing 1 argument ({parameter})");
    }
    for (division, words) in [
        ("Floor division by zero", "floored division by zero"),
        ("float division by zero", "floating-point division by zero"),
        ("Modulo by zero", "integer modulo by zero"),
    ] {
        if text.starts_with(division) {
            return words.to_owned();
        }
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
        return match operator {
            "compare" => format!("{left} < {right} not implemented"),
            "[]" => format!("unhandled index operation {left}[{right}]"),
            _ => format!("unknown binary op: {left} {operator} {right}"),
        };
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
    if let Some(index) = between(&text, "Index `", "` is out of bound") {
        return format!("index {index} out of range");
    }
    match text.as_str() {
        "Immutable" => "cannot modify frozen value".to_owned(),
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
            ("1/0", 1),
            ("f(x) + g(y)", 5),
            ("a * b + c * d - e", 14),
            ("a == -b", 2),
            ("-x.y", 2),
            ("a // b", 2),
            ("\"a\"+1", 3),
            ("a and b or c + f(1)", 8),
        ] {
            assert_eq!(operator(text), at, "{text}");
        }
    }
}
