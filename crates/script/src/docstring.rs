//! What scripts say of their functions: the text that stands first in a function's body.

use crate::lexer::{Token, TokenKind, tokens};

/// The texts of the functions defined at the top level of a script, by name.
pub(crate) fn docstrings(text: &str) -> Vec<(String, String)> {
    let tokens = tokens(text);
    let word = |token: &Token| &text[token.start..token.end];
    let mut found = Vec::new();
    let mut line = 0;
    for i in 0..tokens.len() {
        if i == line && word(&tokens[i]) == "def" {
            let significant: Vec<&Token> = tokens[i + 1..]
                .iter()
                .filter(|token| !matches!(token.kind, TokenKind::Blank | TokenKind::Comment))
                .collect();
            if let Some(docs) = body_text(&significant, &word) {
                found.push((word(significant[0]).to_owned(), docs));
            }
        }
        if tokens[i].kind == TokenKind::Newline {
            line = i + 1;
        }
    }
    found
}

/// The text that begins the body of the function whose tokens follow `def`.
fn body_text<'a>(tokens: &[&'a Token], word: &impl Fn(&'a Token) -> &'a str) -> Option<String> {
    let mut depth = 0;
    let colon = tokens.iter().position(|token| {
        match word(token) {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        depth == 0 && word(token) == ":"
    })?;
    let mut body = tokens[colon + 1..].iter().skip_while(|token| token.kind == TokenKind::Newline);
    let mut first = body.next()?;
    let raw = word(first) == "r";
    if raw {
        first = body.next()?;
    }
    (first.kind == TokenKind::String).then(|| dedent(&unquote(word(first), raw)))
}

/// The text between a string's quotes.
fn unquote(text: &str, raw: bool) -> String {
    let quotes = if text.starts_with("\"\"\"") || text.starts_with("'''") { 3 } else { 1 };
    let inner = text.get(quotes..text.len().saturating_sub(quotes)).unwrap_or_default();
    if raw {
        return inner.to_owned();
    }
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        match (char, char == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('\n') | None => {}
                Some(other @ ('\\' | '\'' | '"')) => out.push(other),
                Some(other) => out.extend(['\\', other]),
            },
            (char, _) => out.push(char),
        }
    }
    out
}

/// The text without blank lines around it, and without the indentation that its lines after the first have in common.
fn dedent(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let rest = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let common = rest.map(indent).min().unwrap_or_default();
    let mut out = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        out.push(if i == 0 { line } else { line.get(common..).unwrap_or_default() }.trim_end());
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use super::docstrings;

    #[test]
    fn texts_of_functions() {
        let text = concat!(
            "def a(x = {1: 2}): # c\n\n    # c\n    \"\"\"One.\n\n    Two \\\"\n      three.\n    \"\"\"\n    return 1\n",
            "def b(): 'short'\ndef c():\n    return 'no'\nx = 'def d(): \"no\"'\n",
            "def e():\n  r'raw\\n'\n",
            "if x:\n  def f():\n    'inner'\ndef"
        );
        let expected = [("a", "One.\n\nTwo \"\n  three."), ("b", "short"), ("e", "raw\\n")];
        let expected: Vec<(String, String)> =
            expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        assert_eq!(docstrings(text), expected);
    }
}
