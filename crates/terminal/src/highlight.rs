//! Classes of tokens in Go source, for colouring listings.

/// What a piece of source text is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Class {
    Plain,
    Keyword,
    String,
    Number,
    Comment,
}

const KEYWORDS: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Splits the lines of a Go file, from its first on, into tokens. Comments and raw strings may span lines.
pub(crate) struct Highlighter {
    open: Option<(Class, &'static str)>,
}

impl Highlighter {
    pub(crate) fn new() -> Self {
        Self { open: None }
    }

    /// The pieces of the next line, in order; together they are the line.
    pub(crate) fn line<'a>(&mut self, line: &'a str) -> Vec<(Class, &'a str)> {
        let mut pieces: Vec<(Class, &str)> = Vec::new();
        let mut rest = line;
        while !rest.is_empty() {
            let (class, len) = self.token(rest);
            let (text, after) = rest.split_at(len);
            pieces.push((class, text));
            rest = after;
        }
        pieces
    }

    /// The class and length of what `text`, which is not empty, starts with.
    fn token(&mut self, text: &str) -> (Class, usize) {
        if let Some((class, end)) = self.open {
            return self.until(class, end, text, 0);
        }
        if text.starts_with("//") {
            return (Class::Comment, text.len());
        }
        if text.starts_with("/*") {
            return self.until(Class::Comment, "*/", text, 2);
        }
        let first = text.chars().next().unwrap_or(' ');
        match first {
            '`' => self.until(Class::String, "`", text, 1),
            '"' | '\'' => (Class::String, quoted(text, first)),
            '0'..='9' => (Class::Number, span(text, |c| c.is_alphanumeric() || c == '.' || c == '_')),
            c if is_letter(c) => {
                let len = span(text, |c| is_letter(c) || c.is_numeric());
                (if KEYWORDS.contains(&&text[..len]) { Class::Keyword } else { Class::Plain }, len)
            }
            _ => (
                Class::Plain,
                span(text, |c| !is_letter(c) && !c.is_ascii_digit() && !"`\"'/".contains(c))
                    .max(first.len_utf8()),
            ),
        }
    }

    fn until(&mut self, class: Class, end: &'static str, text: &str, from: usize) -> (Class, usize) {
        match text[from..].find(end) {
            Some(at) => {
                self.open = None;
                (class, from + at + end.len())
            }
            None => {
                self.open = Some((class, end));
                (class, text.len())
            }
        }
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn span(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return i + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Class, Highlighter};

    #[test]
    fn classes() {
        let mut h = Highlighter::new();
        use Class::{Comment, Keyword, Number, Plain, String};
        assert_eq!(
            h.line("\treturn x1 + 0x1F // c"),
            [
                (Plain, "\t"),
                (Keyword, "return"),
                (Plain, " "),
                (Plain, "x1"),
                (Plain, " + "),
                (Number, "0x1F"),
                (Plain, " "),
                (Comment, "// c")
            ]
        );
        assert_eq!(
            h.line(r#"s("a\"b", '/')"#),
            [(Plain, "s"), (Plain, "("), (String, r#""a\"b""#), (Plain, ", "), (String, "'/'"), (Plain, ")")]
        );
        assert_eq!(h.line("a /* b"), [(Plain, "a"), (Plain, " "), (Comment, "/* b")]);
        assert_eq!(h.line("c */ `d"), [(Comment, "c */"), (Plain, " "), (String, "`d")]);
        assert_eq!(h.line("`/"), [(String, "`"), (Plain, "/")]);
    }
}
