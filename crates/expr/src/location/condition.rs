//! The arguments of `break` and `trace`: `[name] [location] [if condition]`.

/// One way to read the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakArguments<'a> {
    /// The breakpoint's name.
    pub name: Option<&'a str>,
    /// The location; empty for the current line.
    pub location: &'a str,
    /// The condition.
    pub condition: Option<&'a str>,
}

/// The ways to read the arguments of `break`, at least one and at most three.
///
/// Nothing in the text tells a name from the start of a location, nor whether ` if ` is part of an address
/// expression's string. So the readings are tried in order until one's location is found: without a condition; with
/// one, if there is an `if`; and that again with the name as part of the location, if there was a name. If none is
/// found, the last reading's error is the one to show.
pub fn split_condition(arguments: &str) -> Vec<BreakArguments<'_>> {
    let text = arguments.trim();
    let mut readings = vec![split_name(text, None)];
    let mut rest = text;
    if let Some((location, condition)) = split_at_if(text) {
        rest = location;
        readings.push(split_name(location, Some(condition)));
    }
    if let Some(BreakArguments { name: Some(_), condition, .. }) = readings.last().copied() {
        readings.push(BreakArguments { name: None, location: rest, condition });
    }
    readings
}

fn split_at_if(text: &str) -> Option<(&str, &str)> {
    let (location, condition) =
        text.strip_prefix("if ").map(|condition| ("", condition)).or_else(|| text.split_once(" if "))?;
    Some((location.trim_end(), condition.trim_start()))
}

fn split_name<'a>(text: &'a str, condition: Option<&'a str>) -> BreakArguments<'a> {
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if is_breakpoint_name(first) => {
            BreakArguments { name: Some(first), location: rest.trim_start(), condition }
        }
        _ => BreakArguments { name: None, location: text, condition },
    }
}

/// Names are of letters and digits, and no number.
fn is_breakpoint_name(word: &str) -> bool {
    word.chars().all(char::is_alphanumeric) && !word.chars().all(char::is_numeric)
}
