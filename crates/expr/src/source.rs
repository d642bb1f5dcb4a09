//! Go source to coloured pieces, a line at a time.
//!
//! A listing shows a few lines of a file, so the scanner works line by line and carries over what a line left open:
//! a comment or a raw string. Nothing is an error here; what is no Go is [`PieceKind::Other`].

use std::ops::Range;

use crate::scanner::{is_digit, is_letter};
use crate::token::Token;

/// What a piece of source is, as far as colours go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PieceKind {
    /// One of Go's keywords.
    Keyword,
    /// A string or rune literal, or the part of one on this line.
    String,
    /// A number.
    Number,
    /// A comment, or the part of one on this line.
    Comment,
    /// Names, operators, white space.
    Other,
}

/// Some bytes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What they are.
    pub kind: PieceKind,
    /// Where they are in the line.
    pub range: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Open {
    #[default]
    Nothing,
    Comment,
    RawString,
}

/// Cuts lines into pieces. Feed it the lines of a file from the first one on, as what a line means can depend on
/// all before it.
#[derive(Debug, Clone, Default)]
pub struct LineScanner {
    open: Open,
}

impl LineScanner {
    /// A scanner at the start of a file.
    pub fn new() -> LineScanner {
        LineScanner::default()
    }

    /// The pieces of the next line, in order and without gaps.
    pub fn line(&mut self, line: &str) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        while at < line.len() {
            let (kind, length) = self.piece(&line[at..]);
            let end = at + length;
            match pieces.last_mut() {
                Some(last) if last.kind == kind && kind == PieceKind::Other => last.range.end = end,
                _ => pieces.push(Piece { kind, range: at..end }),
            }
            at = end;
        }
        pieces
    }

    /// The kind and length of the piece that `rest`, which is not empty, starts with.
    fn piece(&mut self, rest: &str) -> (PieceKind, usize) {
        match self.open {
            Open::Comment => return self.until(rest, 0, "*/", Open::Comment, PieceKind::Comment),
            Open::RawString => return self.until(rest, 0, "`", Open::RawString, PieceKind::String),
            Open::Nothing => {}
        }
        if rest.starts_with("//") {
            return (PieceKind::Comment, rest.len());
        }
        if rest.starts_with("/*") {
            return self.until(rest, 2, "*/", Open::Comment, PieceKind::Comment);
        }
        let first = rest.chars().next().unwrap_or(' ');
        match first {
            '`' => self.until(rest, 1, "`", Open::RawString, PieceKind::String),
            '"' | '\'' => (PieceKind::String, quoted_length(rest, first)),
            _ if is_letter(first) => {
                let end = rest.find(|c| !is_letter(c) && !is_digit(c)).unwrap_or(rest.len());
                let keyword = Token::keyword(&rest[..end]).is_some();
                (if keyword { PieceKind::Keyword } else { PieceKind::Other }, end)
            }
            _ if starts_number(rest) => (PieceKind::Number, number_length(rest)),
            _ => (PieceKind::Other, first.len_utf8()),
        }
    }

    fn until(
        &mut self,
        rest: &str,
        from: usize,
        closing: &str,
        kind: Open,
        piece: PieceKind,
    ) -> (PieceKind, usize) {
        match rest[from..].find(closing) {
            Some(at) => {
                self.open = Open::Nothing;
                (piece, from + at + closing.len())
            }
            None => {
                self.open = kind;
                (piece, rest.len())
            }
        }
    }
}

/// Length of a literal in quotes, which the line's end closes at the latest.
fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return i + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

fn starts_number(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    digit(0) || bytes[0] == b'.' && digit(1)
}

fn number_length(rest: &str) -> usize {
    let hex = rest.starts_with("0x") || rest.starts_with("0X");
    let mut previous = b' ';
    for (i, byte) in rest.bytes().enumerate() {
        let exponent = if hex { matches!(previous, b'p' | b'P') } else { matches!(previous, b'e' | b'E') };
        let part = byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'.')
            || exponent && matches!(byte, b'+' | b'-');
        if !part {
            return i;
        }
        previous = byte;
    }
    rest.len()
}
