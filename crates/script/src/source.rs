//! A script as the user wrote it, and as the evaluator gets it.
//!
//! The evaluator's Starlark is the standard's, which has no `while`, and refuses tabs between words. So
//!
//! ```text
//! while a < b:      for __loop__ in __range__(2147483647):
//!     a += 1            if not ( a < b): break
//!                       a += 1
//! ```
//!
//! where `__range__` is the function `range`, and what it returns is longer than a script may make steps. A [`Source`] remembers where each piece of
//! the rewritten text comes from, so that errors name lines and columns of the user's file.

use crate::lexer::{Token, TokenKind, tokens};

/// The name under which `while` finds the function `range`, whatever the script calls so.
pub(crate) const RANGE: &str = "__range__";

/// The longest range there is: 2³¹ - 1 turns, more than a script may make steps.
const FOREVER: &str = "__range__(2147483647)";

/// A piece of the rewritten text: where it begins, and where the user's text that it stands for begins.
#[derive(Clone, Copy, Debug)]
struct Piece {
    rewritten: usize,
    original: usize,
    /// Whether the piece is the user's text, or was made in its place.
    copied: bool,
}

/// A script and what it was rewritten to.
#[derive(Debug)]
pub(crate) struct Source {
    /// What errors call the file.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) rewritten: String,
    pieces: Vec<Piece>,
}

impl Source {
    /// Rewrites `text`. What is no Starlark at all is left for the parser to complain about.
    pub(crate) fn new(name: &str, text: &str) -> Source {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let (rewritten, pieces) = Rewriter::new(&text).run();
        Source { name: name.to_owned(), text, rewritten, pieces }
    }

    /// The offset in the user's text of an offset in the rewritten one.
    pub(crate) fn original(&self, rewritten: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.rewritten <= rewritten);
        let Some(piece) = after.checked_sub(1).and_then(|i| self.pieces.get(i)) else { return 0 };
        let within = if piece.copied { rewritten - piece.rewritten } else { 0 };
        (piece.original + within).min(self.text.len())
    }

    /// `name:line:column` of an offset in the user's text; columns count characters.
    pub(crate) fn position(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.name)
    }
}

struct Rewriter<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    out: String,
    pieces: Vec<Piece>,
}

impl<'a> Rewriter<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, tokens: tokens(text), out: String::new(), pieces: Vec::new() }
    }

    fn run(mut self) -> (String, Vec<Piece>) {
        let lines: Vec<(usize, usize)> = logical_lines(&self.tokens);
        for (number, &(start, end)) in lines.iter().enumerate() {
            let indent = self.indent(start);
            let first = self.significant(start, end).next();
            match first.filter(|&i| self.word(i) == "while").and_then(|i| self.colon(i, end).map(|c| (i, c)))
            {
                Some((keyword, colon)) => {
                    let next =
                        lines[number + 1..].iter().find(|&&(s, e)| self.significant(s, e).next().is_some());
                    let body = next.map(|&(s, _)| self.indent(s));
                    self.rewrite_while(indent, keyword, colon, end, body);
                }
                None => self.copy_line(indent, start, end),
            }
        }
        (self.out, self.pieces)
    }

    /// The columns that a line's indentation is wide; tabs go to the next multiple of 8, as in Python.
    fn indent(&self, line: usize) -> usize {
        let Some(token) = self.tokens.get(line).filter(|t| t.kind == TokenKind::Blank) else { return 0 };
        self.text[token.start..token.end].bytes().fold(0, |width, byte| match byte {
            b'\t' => width / 8 * 8 + 8,
            _ => width + 1,
        })
    }

    fn word(&self, token: usize) -> &'a str {
        let token = &self.tokens[token];
        &self.text[token.start..token.end]
    }

    /// The tokens from `start` to `end` that mean something.
    fn significant(&self, start: usize, end: usize) -> impl Iterator<Item = usize> + '_ {
        (start..end).filter(|&i| {
            !matches!(self.tokens[i].kind, TokenKind::Blank | TokenKind::Comment | TokenKind::Newline)
        })
    }

    /// The colon that ends the condition behind the keyword; those of lambdas and in brackets are others.
    fn colon(&self, keyword: usize, end: usize) -> Option<usize> {
        let (mut depth, mut lambdas) = (0usize, 0usize);
        for i in self.significant(keyword + 1, end) {
            match self.word(i) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "lambda" if depth == 0 => lambdas += 1,
                ":" if depth == 0 && lambdas > 0 => lambdas -= 1,
                ":" if depth == 0 => return Some(i),
                _ => {}
            }
        }
        None
    }

    fn rewrite_while(
        &mut self,
        indent: usize,
        keyword: usize,
        colon: usize,
        end: usize,
        next: Option<usize>,
    ) {
        let anchor = self.tokens[keyword].start;
        let one_line = self.significant(colon + 1, end).next().is_some();
        let body = if one_line { indent + 1 } else { next.filter(|&width| width > indent).unwrap_or(indent) };
        self.made(&" ".repeat(indent), anchor);
        self.made(&format!("for __loop__ in {FOREVER}:\n"), anchor);
        if body == indent {
            // There is no body: the parser says so.
            self.copy(colon + 1, end);
            return;
        }
        self.made(&format!("{}if not (", " ".repeat(body)), anchor);
        self.copy(keyword + 1, colon);
        self.made("): break", self.tokens[colon].start);
        if one_line {
            self.made(&format!("\n{}", " ".repeat(body)), self.tokens[colon].start);
            let first = self.significant(colon + 1, end).next().unwrap_or(end);
            self.copy(first, end);
        } else {
            self.copy(colon + 1, end);
        }
    }

    fn copy_line(&mut self, indent: usize, start: usize, end: usize) {
        let Some(first) = self.tokens.get(start) else { return };
        let blank = first.kind == TokenKind::Blank;
        let anchor = first.start;
        self.made(&" ".repeat(indent), anchor);
        self.copy(start + usize::from(blank), end);
    }

    /// Copies tokens; tabs between them become blanks.
    fn copy(&mut self, start: usize, end: usize) {
        for i in start..end {
            let token = self.tokens[i];
            let text = &self.text[token.start..token.end];
            self.pieces.push(Piece { rewritten: self.out.len(), original: token.start, copied: true });
            match token.kind {
                TokenKind::Blank => self.out.push_str(&text.replace('\t', " ")),
                _ => self.out.push_str(text),
            }
        }
    }

    fn made(&mut self, text: &str, anchor: usize) {
        self.pieces.push(Piece { rewritten: self.out.len(), original: anchor, copied: false });
        self.out.push_str(text);
    }
}

/// The ranges of tokens that are one logical line each, with the newline that ends it.
fn logical_lines(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (i, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Newline {
            lines.push((start, i + 1));
            start = i + 1;
        }
    }
    if start < tokens.len() {
        lines.push((start, tokens.len()));
    }
    lines
}

/// How a text that is typed line by line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completeness {
    /// It can be carried out.
    Complete,
    /// A bracket, a string or a line goes on.
    Open,
    /// It is a statement with a body, which ends at an empty line.
    Block,
}

/// Whether more lines belong to a text that was typed.
pub(crate) fn completeness(text: &str) -> Completeness {
    let tokens = tokens(text);
    if tokens.iter().any(|token| token.kind == TokenKind::Unfinished) {
        return Completeness::Open;
    }
    let words = tokens
        .iter()
        .filter(|token| !matches!(token.kind, TokenKind::Blank | TokenKind::Comment | TokenKind::Newline));
    match words.map(|token| &text[token.start..token.end]).next() {
        Some("def" | "for" | "if" | "while") => Completeness::Block,
        _ => Completeness::Complete,
    }
}

#[cfg(test)]
mod tests {
    use super::{Completeness, Source, completeness};

    fn rewritten(text: &str) -> String {
        Source::new("t", text).rewritten
    }

    #[test]
    fn while_becomes_a_loop_with_a_way_out() {
        assert_eq!(
            rewritten("while a < b:\n    a += 1\nprint(a)\n"),
            "for __loop__ in __range__(2147483647):\n    if not ( a < b): break\n    a += 1\nprint(a)\n"
        );
    }

    #[test]
    fn bodies_on_one_line_and_nested_ones() {
        assert_eq!(
            rewritten("while a: a -= 1; b += 1\n"),
            "for __loop__ in __range__(2147483647):\n if not ( a): break\n a -= 1; b += 1\n"
        );
        assert_eq!(
            rewritten("while a:\n  while b: pass\n  x()\n"),
            concat!(
                "for __loop__ in __range__(2147483647):\n  if not ( a): break\n",
                "  for __loop__ in __range__(2147483647):\n   if not ( b): break\n   pass\n  x()\n"
            )
        );
    }

    #[test]
    fn what_only_looks_like_while_stays() {
        for text in [
            "x = 'while a:'\n",
            "# while a:\n",
            "\"\"\"doc\nwhile a:\n    b\n\"\"\"\n",
            "whiles = 1\n",
            "x.while_ = 2\n",
            "x = r'\\'\ny = 'it''s'\n",
            "f(\n  'while',\n)\n",
            "x = '\\'while'\n",
        ] {
            assert_eq!(rewritten(text), text);
        }
    }

    #[test]
    fn conditions_with_colons_brackets_and_comments() {
        assert_eq!(
            rewritten("while {1: 2}[(lambda: 1)()] and x[1:2]: # c:\n\n  # c\n  pass\n"),
            concat!(
                "for __loop__ in __range__(2147483647):\n",
                "  if not ( {1: 2}[(lambda: 1)()] and x[1:2]): break # c:\n\n  # c\n  pass\n"
            )
        );
        assert_eq!(
            rewritten("while f(lambda x: x, [\n1]) or \\\n  c:\n pass"),
            "for __loop__ in __range__(2147483647):\n if not ( f(lambda x: x, [\n1]) or \\\n  c): break\n pass"
        );
        assert_eq!(
            rewritten("while lambda: x:\n pass\n"),
            "for __loop__ in __range__(2147483647):\n if not ( lambda: x): break\n pass\n"
        );
    }

    #[test]
    fn tabs_are_columns_outside_of_strings() {
        assert_eq!(rewritten("if x:\n\ty\t= 1\n  \tz = '\t'\n"), "if x:\n        y = 1\n        z = '\t'\n");
    }

    #[test]
    fn what_is_broken_stays_broken() {
        for text in ["while a\n  b\n", "while", "while (a:\n b\n", "x = 'while\ny\n", "x = \"\"\"while"] {
            assert!(!rewritten(text).contains("break"), "{text}");
        }
        assert_eq!(rewritten("while a:\nb\n"), "for __loop__ in __range__(2147483647):\n\nb\n");
    }

    #[test]
    fn positions_are_those_of_the_users_text() {
        let text = "def f():\n\twhile a(1):\n\t\tb(2)\n\n\t\twhile c: d(3)\n";
        let source = Source::new("f.star", text);
        for (word, position) in
            [("a(", "2:8"), ("b(", "3:3"), ("c)", "5:9"), ("d(", "5:12"), ("if not", "2:2")]
        {
            let at = source.rewritten.find(word).unwrap();
            assert_eq!(source.position(source.original(at)), format!("f.star:{position}"), "{word}");
        }
        let source = Source::new("crlf", "a\r\nb\r\n  c");
        assert_eq!(source.position(source.original(source.rewritten.find('c').unwrap())), "crlf:3:3");
    }

    #[test]
    fn typed_lines() {
        assert_eq!(completeness("x = 1\n"), Completeness::Complete);
        assert_eq!(completeness("f(1,\n"), Completeness::Open);
        assert_eq!(completeness("x = '''\n"), Completeness::Open);
        assert_eq!(completeness("x = 1 + \\\n"), Completeness::Open);
        assert_eq!(completeness("while x:\n"), Completeness::Block);
        assert_eq!(completeness("def f(): pass\n"), Completeness::Block);
        assert_eq!(completeness("define = 1\n"), Completeness::Complete);
        assert_eq!(completeness("# def\n"), Completeness::Complete);
        assert_eq!(completeness(")\n"), Completeness::Complete);
    }
}
