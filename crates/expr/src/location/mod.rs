//! Location specifications: where a breakpoint goes, as people type it.
//!
//! `*0x4967b4`, `*f`, `/^main\./`, `+2`, `-1`, `42`, `file.go:42`, `pkg.(*T).Method:3`. What a text means beyond its
//! form, only the program can say: `a.b` may be a function and a file. So a [`Location`] of the last kind holds both
//! readings; see [`Normal`].

mod condition;
mod file;
mod function;
mod rules;
mod strconv;

pub use condition::{BreakArguments, split_condition};
pub use file::file_matches;
pub use function::{
    FunctionName, FunctionSpec, Imports, NoImports, function_matches, without_type_arguments,
};

pub use rules::PathRules;

use crate::quote::quote;

/// A parsed location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// `*expr`: an address or a function value. The expression's text, not yet parsed.
    Address(String),
    /// `/regex/`: every function whose full name it matches somewhere. The pattern, with `\/` made `/`.
    Regex(String),
    /// `+N`, `-N`: lines from the current one.
    Offset(i64),
    /// `N`: a line of the current file.
    Line(i64),
    /// `file:line`, `function` or `function:line`.
    Normal(Normal),
}

/// A location that names a file or a function.
///
/// Files are looked for first, then functions; if there are none of either, the whole text is tried as the
/// expression of [`Location::Address`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normal {
    /// The text without the line: a path, whole or its end.
    pub base: String,
    /// The same text as a function's name, if it has that form.
    pub function: Option<FunctionSpec>,
    /// Line of the file, or lines from the function's first one.
    pub line: Option<u32>,
}

/// A text that has no location's form. The texts are part of what clients rely on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Malformed breakpoint location {} at {position}: {reason}", quote(.text))]
pub struct MalformedLocation {
    /// The whole text.
    pub text: String,
    /// Offset in bytes of what is wrong.
    pub position: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// Parses a location specification.
pub fn parse_location(text: &str) -> Result<Location, MalformedLocation> {
    let malformed = |position: usize, reason: &str| MalformedLocation {
        text: text.into(),
        position,
        reason: reason.into(),
    };
    match text.as_bytes() {
        [] => Err(malformed(0, "empty string")),
        [b'+' | b'-', ..] => {
            strconv::atoi(text).map(Location::Offset).map_err(|reason| malformed(0, &reason))
        }
        // A path may start with a slash, but a pattern ends in one.
        [b'/', .., b'/'] | [b'/'] => {
            let (pattern, rest) = read_pattern(&text[1..]);
            match rest {
                "" => Err(malformed(0, "non-terminated regular expression")),
                "/" => Ok(Location::Regex(pattern)),
                _ => {
                    let reason = "no line offset can be specified for regular expression locations";
                    Err(malformed(0, reason))
                }
            }
        }
        [b'*', ..] => Ok(Location::Address(text[1..].into())),
        _ => parse_normal(text).map_err(|(position, reason)| malformed(position, reason)),
    }
}

/// Reads up to the first slash that no backslash stands before. A backslash before anything else stays.
fn read_pattern(text: &str) -> (String, &str) {
    let mut pattern = String::new();
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        match c {
            '/' if escaped => {
                pattern.pop();
                pattern.push('/');
                escaped = false;
                continue;
            }
            '/' => return (pattern, &text[i..]),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        pattern.push(c);
    }
    (pattern, "")
}

fn parse_normal(text: &str) -> Result<Location, (usize, &'static str)> {
    let Some((base, line)) = text.rsplit_once(':') else {
        if let Some(line) = strconv::parse_int(text) {
            return Ok(Location::Line(line));
        }
        return Ok(Location::Normal(normal(text, None)));
    };
    let line = strconv::atoi(line)
        .ok()
        .and_then(|line| u32::try_from(line).ok())
        .ok_or((text.len() - line.len(), "line offset negative or not a number"))?;
    Ok(Location::Normal(normal(base, Some(line))))
}

fn normal(base: &str, line: Option<u32>) -> Normal {
    Normal { base: base.into(), function: FunctionSpec::parse(base), line }
}

/// The text to tell that nothing is at a location.
pub fn location_not_found(text: &str) -> String {
    format!("location {} not found", quote(text))
}

/// The text to tell that a location fits several places, of which at most five are named.
pub fn location_ambiguous<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let named: Vec<&str> = candidates.into_iter().take(MAX_CANDIDATES).collect();
    format!("Location {} ambiguous: {}\u{2026}", quote(text), named.join(", "))
}

/// How many files and functions are looked at before a location counts as ambiguous.
pub const MAX_CANDIDATES: usize = 5;

/// The text for a file given without a line.
pub const NO_LINE_OFFSET: &str = "Malformed breakpoint location, no line offset specified";
