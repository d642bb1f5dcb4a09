//! The arguments of `break` and `trace`: `[name] [location] [if condition]`.

/// What the arguments are if read that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakArguments<'a> {
    /// The breakpoint's name.
    pub name: Option<&'a str>,
    /// The location; empty for the current line.
    pub location: &'a str,
    /// The condition, not empty.
    pub condition: Option<&'a str>,
}

/// Takes the arguments of `break` apart.
///
/// Whether the first word is a name depends on what the program has in it: if the readings that follow one
/// another here, each tried when the one before finds no location, are all
/// that is needed: first the whole text as a location, then the location without condition and name, then
/// (with a name given) the name as part of the location.
pub fn split_condition(arguments: &str) -> Vec<BreakArguments<'_>> {
    let text = arguments.trim();
    let mut readings = vec![BreakArguments { name: None, location: text, condition: None }];
    let (location, condition) = split_at_if(text);
    if let Some((first, rest)) = split_word(location)
        && is_breakpoint_name(first)
    {
        readings.push(BreakArguments { name: Some(first), location: rest, condition });
    }
    if condition.is_some() {
        readings.push(BreakArguments { name: None, location, condition });
    }
    readings
}

fn split_at_if(text: &str) -> (&str, Option<&str>) {
    let (location, condition) = match text.strip_prefix("if ") {
        Some(condition) => ("", condition),
        None => match text.split_once(" if ") {
            Some((location, condition)) => (location.trim_end(), condition),
            None => return (text, None),
        },
    };
    let condition = condition.trim();
    (location, (!condition.is_empty()).then_some(condition))
}

fn split_word(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    Some((word, rest.trim_start()))
}

/// Names are letters and digits, and no number.
fn is_breakpoint_name(word: &str) -> bool {
    word.chars().all(char::is_alphanumeric) && !word.chars().all(|c| c.is_ascii_digit())
}
