//! The user's own flags for the Go command.

/// Build flags, as one string of the command line or as a list of an editor's launch request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flags {
    /// The words of one string, already split by [`split_quoted`].
    Words(Vec<String>),
    /// Flags given one by one.
    List(Vec<String>),
}

impl Flags {
    /// Flags of one string, as `--build-flags` gives them.
    pub fn parse(text: &str) -> Self {
        Flags::Words(split_quoted(text))
    }

    /// Separates a leading `-C dir` or `-C=dir`, which the Go command wants before every other flag.
    pub(crate) fn split_directory(&self) -> (&[String], &[String]) {
        let (Flags::Words(words) | Flags::List(words)) = self;
        let leading = match words.as_slice() {
            [first, _, ..] if matches!(first.as_str(), "-C" | "--C") => 2,
            [first, ..] if first.starts_with("-C=") || first.starts_with("--C=") => 1,
            _ => 0,
        };
        words.split_at(leading)
    }
}

/// Splits at blanks, except inside single quotes, where a backslash takes the next character as it is. Quotes
/// may stand anywhere in a word: `-ldflags='-s -w'` is one.
pub fn split_quoted(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(characters.next()),
            blank if blank.is_whitespace() && !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        for (text, words) in [
            ("", &[] as &[&str]),
            ("  -race   -v ", &["-race", "-v"]),
            ("-tags 'a b' -x", &["-tags", "a b", "-x"]),
            ("-ldflags='-X main.v=1 -s' -a", &["-ldflags=-X main.v=1 -s", "-a"]),
            (r"-ldflags='it\'s \\ so' -a", &["-ldflags=it's \\ so", "-a"]),
            (r"-tags=a\b", &["-tags=a\\b"]),
            ("-tags ''", &["-tags", ""]),
            ("-tags 'never closed ", &["-tags", "never closed "]),
        ] {
            assert_eq!(split_quoted(text), words, "{text}");
        }
    }

    #[test]
    fn only_a_leading_directory_is_moved() {
        let split = |text: &str| {
            let flags = Flags::parse(text);
            let (directory, rest) = flags.split_directory();
            (directory.join(" "), rest.join(" "))
        };
        assert_eq!(split("-C dir -race"), ("-C dir".to_owned(), "-race".to_owned()));
        assert_eq!(split("-C=dir"), ("-C=dir".to_owned(), String::new()));
        assert_eq!(split("-race -C dir"), (String::new(), "-race -C dir".to_owned()));
        assert_eq!(split("-C"), (String::new(), "-C".to_owned()));
    }
}
