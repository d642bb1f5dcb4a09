//! Text to tokens, with Go's automatic semicolons and the error texts of go/scanner (go1.26).

use crate::error::ErrorList;
use crate::quote::{quote_char, unicode_notation};
use crate::token::Token;

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A token and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scanned {
    pub(crate) token: Token,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Set on a semicolon that stands for a line end rather than for a `;`.
    pub(crate) automatic: bool,
}

/// Reads tokens off a text. Comments are skipped.
#[derive(Debug)]
pub(crate) struct Scanner<'t> {
    text: &'t str,
    /// The character at `offset`, `None` at the end.
    current: Option<char>,
    offset: usize,
    insert_semicolon: bool,
    /// First line end inside a comment that ended a line, for which a semicolon is due.
    comment_newline: Option<usize>,
}

pub(crate) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii() && c.is_alphabetic()
}

pub(crate) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && c.is_numeric()
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str, errors: &mut ErrorList) -> Scanner<'t> {
        let mut scanner = Scanner {
            text,
            current: text.chars().next(),
            offset: 0,
            insert_semicolon: false,
            comment_newline: None,
        };
        scanner.check_current(errors);
        if scanner.current == Some(BYTE_ORDER_MARK) {
            scanner.advance(errors);
        }
        scanner
    }

    fn check_current(&self, errors: &mut ErrorList) {
        match self.current {
            Some('\0') => errors.add(self.offset, "illegal character NUL".into()),
            Some(BYTE_ORDER_MARK) if self.offset > 0 => {
                errors.add(self.offset, "illegal byte order mark".into());
            }
            _ => {}
        }
    }

    fn advance(&mut self, errors: &mut ErrorList) {
        if let Some(c) = self.current {
            self.offset += c.len_utf8();
            self.current = self.text[self.offset..].chars().next();
            self.check_current(errors);
        }
    }

    fn next_byte(&self) -> u8 {
        let width = self.current.map_or(0, char::len_utf8);
        self.text.as_bytes().get(self.offset + width).copied().unwrap_or(0)
    }

    fn take(&mut self, c: char, errors: &mut ErrorList) -> bool {
        let found = self.current == Some(c);
        if found {
            self.advance(errors);
        }
        found
    }

    fn skip_whitespace(&mut self, errors: &mut ErrorList) {
        while match self.current {
            Some(' ' | '\t' | '\r') => true,
            Some('\n') => !self.insert_semicolon,
            _ => false,
        } {
            self.advance(errors);
        }
    }

    /// The next token; at the end of the text, [`Token::Eof`] again and again.
    pub(crate) fn scan(&mut self, errors: &mut ErrorList) -> Scanned {
        loop {
            if let Some(start) = self.comment_newline.take() {
                return Scanned { token: Token::Semicolon, start, end: start, automatic: true };
            }
            self.skip_whitespace(errors);
            let start = self.offset;
            let (token, automatic) = self.token(errors);
            if token == Token::Comment {
                continue;
            }
            return Scanned { token, start, end: self.offset, automatic };
        }
    }

    /// Scans one token at the current character; the flag is that of [`Scanned::automatic`].
    fn token(&mut self, errors: &mut ErrorList) -> (Token, bool) {
        let start = self.offset;
        let Some(c) = self.current else {
            let due = std::mem::take(&mut self.insert_semicolon);
            return if due { (Token::Semicolon, true) } else { (Token::Eof, false) };
        };
        if is_letter(c) {
            while self.current.is_some_and(|c| is_letter(c) || is_digit(c)) {
                self.advance(errors);
            }
            let word = Token::keyword(&self.text[start..self.offset]).unwrap_or(Token::Ident);
            self.insert_semicolon = matches!(
                word,
                Token::Ident | Token::Break | Token::Continue | Token::Fallthrough | Token::Return
            );
            return (word, false);
        }
        if c.is_ascii_digit() || c == '.' && self.next_byte().is_ascii_digit() {
            self.insert_semicolon = true;
            return (self.number(errors), false);
        }
        self.advance(errors);
        if c == '\n' {
            // Only reached with a semicolon due, else it is white space.
            self.insert_semicolon = false;
            return (Token::Semicolon, true);
        }
        let token = match c {
            '/' if matches!(self.current, Some('/' | '*')) => {
                self.comment(start, errors);
                return (Token::Comment, false);
            }
            '"' => self.string(start, errors),
            '\'' => self.rune(start, errors),
            '`' => self.raw_string(start, errors),
            _ => self.operator(c, start, errors),
        };
        self.insert_semicolon = match token {
            Token::String
            | Token::Char
            | Token::RightParen
            | Token::RightBracket
            | Token::RightBrace
            | Token::Inc
            | Token::Dec => true,
            Token::Illegal => self.insert_semicolon,
            _ => false,
        };
        (token, false)
    }

    fn comment(&mut self, start: usize, errors: &mut ErrorList) {
        if self.take('/', errors) {
            while self.current.is_some_and(|c| c != '\n') {
                self.advance(errors);
            }
            return;
        }
        self.advance(errors);
        let mut newline = None;
        let mut closed = false;
        while let Some(c) = self.current {
            if c == '\n' && newline.is_none() {
                newline = Some(self.offset);
            }
            self.advance(errors);
            if c == '*' && self.take('/', errors) {
                closed = true;
                break;
            }
        }
        if !closed {
            errors.add(start, "comment not terminated".into());
        }
        if self.insert_semicolon && newline.is_some() {
            self.comment_newline = newline;
            self.insert_semicolon = false;
        }
    }

    fn digits(&mut self, base: u32, invalid: &mut Option<usize>, errors: &mut ErrorList) -> Digits {
        let mut seen = Digits::default();
        let accepted = base.max(10);
        while let Some(c) = self.current.filter(|&c| c == '_' || c.is_digit(accepted)) {
            if c == '_' {
                seen.separator = true;
            } else {
                seen.digit = true;
                if !c.is_digit(base) && invalid.is_none() {
                    *invalid = Some(self.offset);
                }
            }
            self.advance(errors);
        }
        seen
    }

    fn number(&mut self, errors: &mut ErrorList) -> Token {
        let start = self.offset;
        let mut token = Token::Int;
        let (mut base, mut prefix) = (10, ' ');
        let mut seen = Digits::default();
        let mut invalid = None;
        if self.current != Some('.') {
            if self.take('0', errors) {
                (base, prefix) = match self.current {
                    Some('x' | 'X') => (16, 'x'),
                    Some('o' | 'O') => (8, 'o'),
                    Some('b' | 'B') => (2, 'b'),
                    _ => (8, '0'),
                };
                if prefix == '0' {
                    seen.digit = true;
                } else {
                    self.advance(errors);
                }
            }
            seen.merge(self.digits(base, &mut invalid, errors));
        }
        if self.current == Some('.') {
            token = Token::Float;
            if matches!(prefix, 'o' | 'b') {
                errors.add(self.offset, format!("invalid radix point in {}", literal_name(prefix)));
            }
            self.advance(errors);
            seen.merge(self.digits(base, &mut invalid, errors));
        }
        if !seen.digit {
            errors.add(self.offset, format!("{} has no digits", literal_name(prefix)));
        }
        self.exponent(&mut token, prefix, &mut seen, errors);
        if self.take('i', errors) {
            token = Token::Imag;
        }
        let literal = &self.text[start..self.offset];
        if let (Token::Int, Some(at)) = (token, invalid) {
            let digit = char::from(self.text.as_bytes()[at]);
            errors.add(at, format!("invalid digit '{digit}' in {}", literal_name(prefix)));
        }
        if seen.separator
            && let Some(at) = invalid_separator(literal.as_bytes())
        {
            errors.add(start + at, "'_' must separate successive digits".into());
        }
        token
    }

    fn exponent(&mut self, token: &mut Token, prefix: char, seen: &mut Digits, errors: &mut ErrorList) {
        let Some(mark @ ('e' | 'E' | 'p' | 'P')) = self.current else {
            if prefix == 'x' && *token == Token::Float {
                errors.add(self.offset, "hexadecimal mantissa requires a 'p' exponent".into());
            }
            return;
        };
        let decimal = mark.eq_ignore_ascii_case(&'e');
        if decimal && !matches!(prefix, ' ' | '0') {
            errors.add(self.offset, format!("'{mark}' exponent requires decimal mantissa"));
        } else if !decimal && prefix != 'x' {
            errors.add(self.offset, format!("'{mark}' exponent requires hexadecimal mantissa"));
        }
        self.advance(errors);
        *token = Token::Float;
        if matches!(self.current, Some('+' | '-')) {
            self.advance(errors);
        }
        let digits = self.digits(10, &mut None, errors);
        seen.merge(digits);
        if !digits.digit {
            errors.add(self.offset, "exponent has no digits".into());
        }
    }

    fn escape(&mut self, quote: char, errors: &mut ErrorList) -> bool {
        let start = self.offset;
        let (count, base, max) = match self.current {
            Some(c) if c == quote || matches!(c, 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\') => {
                self.advance(errors);
                return true;
            }
            Some('0'..='7') => (3, 8, 255),
            Some('x') => (2, 16, 255),
            Some('u') => (4, 16, 0x10_FFFF),
            Some('U') => (8, 16, 0x10_FFFF),
            Some(_) => {
                errors.add(start, "unknown escape sequence".into());
                return false;
            }
            None => {
                errors.add(start, "escape sequence not terminated".into());
                return false;
            }
        };
        if base == 16 {
            self.advance(errors);
        }
        let mut value = 0u32;
        for _ in 0..count {
            let Some(digit) = self.current.and_then(|c| c.to_digit(base)) else {
                let message = match self.current {
                    Some(c) => format!("illegal character {} in escape sequence", unicode_notation(c)),
                    None => "escape sequence not terminated".into(),
                };
                errors.add(self.offset, message);
                return false;
            };
            value = value.wrapping_mul(base).wrapping_add(digit);
            self.advance(errors);
        }
        if value > max || (0xD800..0xE000).contains(&value) {
            errors.add(start, "escape sequence is invalid Unicode code point".into());
            return false;
        }
        true
    }

    fn rune(&mut self, start: usize, errors: &mut ErrorList) -> Token {
        let (mut valid, mut count) = (true, 0);
        loop {
            let Some(c) = self.current.filter(|&c| c != '\n') else {
                if valid {
                    errors.add(start, "rune literal not terminated".into());
                }
                return Token::Char;
            };
            self.advance(errors);
            if c == '\'' {
                break;
            }
            count += 1;
            if c == '\\' && !self.escape('\'', errors) {
                valid = false;
            }
        }
        if valid && count != 1 {
            errors.add(start, "illegal rune literal".into());
        }
        Token::Char
    }

    fn string(&mut self, start: usize, errors: &mut ErrorList) -> Token {
        loop {
            let Some(c) = self.current.filter(|&c| c != '\n') else {
                errors.add(start, "string literal not terminated".into());
                return Token::String;
            };
            self.advance(errors);
            match c {
                '"' => return Token::String,
                '\\' => {
                    self.escape('"', errors);
                }
                _ => {}
            }
        }
    }

    fn raw_string(&mut self, start: usize, errors: &mut ErrorList) -> Token {
        loop {
            let Some(c) = self.current else {
                errors.add(start, "raw string literal not terminated".into());
                return Token::String;
            };
            self.advance(errors);
            if c == '`' {
                return Token::String;
            }
        }
    }

    /// An operator whose first character `c` is consumed already.
    fn operator(&mut self, c: char, start: usize, errors: &mut ErrorList) -> Token {
        if c == '.' && self.current == Some('.') && self.next_byte() == b'.' {
            self.advance(errors);
            self.advance(errors);
            return Token::Ellipsis;
        }
        let mut token = match c {
            ':' => Token::Colon,
            '.' => Token::Period,
            ',' => Token::Comma,
            ';' => Token::Semicolon,
            '(' => Token::LeftParen,
            ')' => Token::RightParen,
            '[' => Token::LeftBracket,
            ']' => Token::RightBracket,
            '{' => Token::LeftBrace,
            '}' => Token::RightBrace,
            '+' => Token::Add,
            '-' => Token::Sub,
            '*' => Token::Mul,
            '/' => Token::Quo,
            '%' => Token::Rem,
            '^' => Token::Xor,
            '<' => Token::Less,
            '>' => Token::Greater,
            '=' => Token::Assign,
            '!' => Token::Not,
            '&' => Token::And,
            '|' => Token::Or,
            '~' => Token::Tilde,
            _ => {
                report_illegal(c, start, errors);
                return Token::Illegal;
            }
        };
        while let Some(longer) = self.current.and_then(|c| extended(token, c)) {
            self.advance(errors);
            token = longer;
        }
        token
    }
}

/// The operator that `token` followed by `c` is, if that is one.
fn extended(token: Token, c: char) -> Option<Token> {
    Some(match (token, c) {
        (Token::Colon, '=') => Token::Define,
        (Token::Add, '=') => Token::AddAssign,
        (Token::Add, '+') => Token::Inc,
        (Token::Sub, '=') => Token::SubAssign,
        (Token::Sub, '-') => Token::Dec,
        (Token::Mul, '=') => Token::MulAssign,
        (Token::Quo, '=') => Token::QuoAssign,
        (Token::Rem, '=') => Token::RemAssign,
        (Token::Xor, '=') => Token::XorAssign,
        (Token::Less, '-') => Token::Arrow,
        (Token::Less, '=') => Token::LessEqual,
        (Token::Less, '<') => Token::Shl,
        (Token::Shl, '=') => Token::ShlAssign,
        (Token::Greater, '=') => Token::GreaterEqual,
        (Token::Greater, '>') => Token::Shr,
        (Token::Shr, '=') => Token::ShrAssign,
        (Token::Assign, '=') => Token::Equal,
        (Token::Not, '=') => Token::NotEqual,
        (Token::And, '^') => Token::AndNot,
        (Token::AndNot, '=') => Token::AndNotAssign,
        (Token::And, '=') => Token::AndAssign,
        (Token::And, '&') => Token::LogicalAnd,
        (Token::Or, '=') => Token::OrAssign,
        (Token::Or, '|') => Token::LogicalOr,
        _ => return None,
    })
}

fn report_illegal(c: char, start: usize, errors: &mut ErrorList) {
    match c {
        // Reported where it was read.
        BYTE_ORDER_MARK => {}
        '\u{201C}' | '\u{201D}' => {
            let message = format!("curly quotation mark {} (use neutral '\"')", quote_char(c));
            errors.add(start, message);
        }
        _ => errors.add(start, format!("illegal character {}", unicode_notation(c))),
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Digits {
    digit: bool,
    separator: bool,
}

impl Digits {
    fn merge(&mut self, other: Digits) {
        self.digit |= other.digit;
        self.separator |= other.separator;
    }
}

fn literal_name(prefix: char) -> &'static str {
    match prefix {
        'x' => "hexadecimal literal",
        'o' | '0' => "octal literal",
        'b' => "binary literal",
        _ => "decimal literal",
    }
}

/// Index of the first `_` that does not stand between digits (a base prefix counts as a digit).
fn invalid_separator(literal: &[u8]) -> Option<usize> {
    let prefix = match literal {
        [b'0', p, ..] => p.to_ascii_lowercase(),
        _ => b' ',
    };
    let prefixed = matches!(prefix, b'x' | b'o' | b'b');
    let (mut after_digit, mut after_separator) = (prefixed, false);
    for (i, &byte) in literal.iter().enumerate().skip(if prefixed { 2 } else { 0 }) {
        if byte == b'_' {
            if !after_digit {
                return Some(i);
            }
            (after_digit, after_separator) = (false, true);
        } else if byte.is_ascii_digit() || prefix == b'x' && byte.is_ascii_hexdigit() {
            (after_digit, after_separator) = (true, false);
        } else {
            if after_separator {
                return Some(i - 1);
            }
            after_digit = false;
        }
    }
    after_separator.then(|| literal.len() - 1)
}
