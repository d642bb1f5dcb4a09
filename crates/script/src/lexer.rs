//! The tokens of Starlark, as far as rewriting and positions need them: where words, strings and comments are.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name, a keyword or a number.
    Word,
    /// A string with its quotes; prefixes are words of their own.
    String,
    /// One character of punctuation.
    Punctuation,
    /// Blanks, tabs, and newlines inside brackets or behind a backslash.
    Blank,
    /// From `#` to the end of the line.
    Comment,
    /// The end of a logical line.
    Newline,
    /// Nothing: the text ends within brackets, a triple-quoted string, or behind a backslash.
    Unfinished,
}

/// A token and its range of bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The tokens of a text. They cover it without gaps.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (0, 0usize);
    let mut unfinished = false;
    while at < bytes.len() {
        let start = at;
        let kind = match bytes[at] {
            b'\n' if depth == 0 => {
                at += 1;
                TokenKind::Newline
            }
            b' ' | b'\t' | b'\r' | b'\n' => {
                while at < bytes.len() && matches!(bytes[at], b' ' | b'\t' | b'\r') {
                    at += 1;
                }
                at += usize::from(at == start);
                TokenKind::Blank
            }
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => {
                at += 2;
                unfinished |= at == bytes.len();
                TokenKind::Blank
            }
            b'#' => {
                at += bytes[at..].iter().position(|&b| b == b'\n').unwrap_or(bytes.len() - at);
                TokenKind::Comment
            }
            b'"' | b'\'' => {
                let (end, open) = string_end(bytes, at);
                at = end;
                unfinished |= open;
                TokenKind::String
            }
            byte if is_word(byte) => {
                at += bytes[at..].iter().position(|&b| !is_word(b)).unwrap_or(bytes.len() - at);
                TokenKind::Word
            }
            byte => {
                match byte {
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                at += 1;
                TokenKind::Punctuation
            }
        };
        tokens.push(Token { kind, start, end: at });
    }
    if unfinished || depth > 0 {
        tokens.push(Token { kind: TokenKind::Unfinished, start: at, end: at });
    }
    tokens
}

/// Whether a byte can stand in a word; those of characters beyond ASCII count as such, so that no token ends within one.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Where the string that begins at `start` ends, and whether it could go on in a further line.
fn string_end(bytes: &[u8], start: usize) -> (usize, bool) {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' if !triple => return (at, false),
            byte if byte == quote && !triple => return (at + 1, false),
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return (at + 3, false),
            _ => at += 1,
        }
    }
    // A backslash at the very end may have gone too far; so may one before a character of several bytes, which is
    // within the string.
    (bytes.len(), triple)
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, tokens};

    #[test]
    fn tokens_cover_every_text_at_character_boundaries() {
        for text in
            ["é = 'ü\\é' + \"\\", "a\\\nb", "'''a\\'''b''' c", "# é\n(\n)\n", "x\u{a0}y \u{1F600}", "\\"]
        {
            let mut end = 0;
            for token in tokens(text) {
                assert_eq!(token.start, end);
                assert!(text.get(token.start..token.end).is_some(), "{text}");
                end = token.end;
            }
            assert_eq!(end, text.len());
        }
    }

    #[test]
    fn newlines_count_only_outside_of_brackets_and_strings() {
        let newlines = |text: &str| tokens(text).iter().filter(|t| t.kind == TokenKind::Newline).count();
        assert_eq!(newlines("a\n(b\n)\n'''\n'''\n'x\ny\\\nz\n"), 5);
    }
}
