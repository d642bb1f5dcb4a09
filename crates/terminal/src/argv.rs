//! Splitting a command's text into words as a shell would.

pub(crate) use adit_api::{first_word, parse_integer};

/// The arguments, and the redirections of standard input, output and error, of `restart`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Argv {
    pub(crate) arguments: Vec<String>,
    pub(crate) redirects: [String; 3],
}

/// Splits `text` at blanks, honouring quotes and backslashes, and takes out `<in`, `>out` and `2>err`.
pub(crate) fn parse_argv(text: &str) -> Result<Argv, String> {
    let mut argv = Argv::default();
    let mut pending = None;
    for (word, quoted) in split_words(text)? {
        if let Some(stream) = pending.take() {
            argv.redirects[stream] = word;
            continue;
        }
        let redirect = if quoted { None } else { redirect_of(&word) };
        let Some((stream, path)) = redirect else {
            argv.arguments.push(word);
            continue;
        };
        if !argv.redirects[stream].is_empty() {
            let name = ["stdin", "stdout", "stderr"][stream];
            return Err(format!("redirect error: {name} redirected twice"));
        }
        if path.is_empty() {
            pending = Some(stream);
        } else {
            argv.redirects[stream] = path.to_owned();
        }
    }
    if pending.is_some() { Err(format!("illegal commandline '{text}'")) } else { Ok(argv) }
}

fn redirect_of(word: &str) -> Option<(usize, &str)> {
    if let Some(path) = word.strip_prefix('<') {
        Some((0, path))
    } else if let Some(path) = word.strip_prefix("2>") {
        Some((2, path))
    } else {
        word.strip_prefix('>').map(|path| (1, path))
    }
}

/// The words of `text`, and whether each began with a quote.
pub(crate) fn split_words(text: &str) -> Result<Vec<(String, bool)>, String> {
    let mut words = Vec::new();
    let mut word: Option<(String, bool)> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '`' => return Err(format!("Backtick not supported in '{text}'")),
            '\'' | '"' => {
                let current = &mut word.get_or_insert((String::new(), true)).0;
                loop {
                    match chars.next() {
                        None => return Err(format!("illegal commandline '{text}'")),
                        Some(q) if q == c => break,
                        Some('\\') if c == '"' => current.extend(chars.next()),
                        Some(other) => current.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert((String::new(), true)).0.extend(chars.next()),
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert((String::new(), false)).0.push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::{Argv, parse_argv, parse_integer};

    #[test]
    fn words_and_redirects() {
        let argv = parse_argv(r#"a 'b c' "d\"e" f\ g <in >out 2> err"#).unwrap();
        assert_eq!(argv.arguments, ["a", "b c", "d\"e", "f g"]);
        assert_eq!(argv.redirects, ["in", "out", "err"]);
        assert_eq!(parse_argv("").unwrap(), Argv::default());
        assert_eq!(parse_argv("'<x'").unwrap().arguments, ["<x"]);
    }

    #[test]
    fn errors() {
        assert_eq!(parse_argv(">a >b").unwrap_err(), "redirect error: stdout redirected twice");
        assert_eq!(parse_argv("`ls`").unwrap_err(), "Backtick not supported in '`ls`'");
        assert_eq!(parse_argv("'a").unwrap_err(), "illegal commandline ''a'");
        assert_eq!(parse_argv("a >").unwrap_err(), "illegal commandline 'a >'");
    }

    #[test]
    fn integers() {
        for (text, value) in [
            ("10", Some(10)),
            ("0x1F", Some(31)),
            ("017", Some(15)),
            ("0b11", Some(3)),
            ("0", Some(0)),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(parse_integer(text), value, "{text}");
        }
    }
}
