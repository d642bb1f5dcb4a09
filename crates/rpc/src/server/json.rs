//! Requests as JSON, read the way Go's `encoding/json` reads it: bytes that are no UTF-8 and halves of surrogate pairs
//! become U+FFFD, numbers keep their text.

use std::borrow::Cow;

/// Requests are flat. Go stops at 10,000 levels.
const MAX_DEPTH: usize = 500;

/// A JSON value of a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    /// As it is written.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    /// In order, the same key perhaps several times.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// A text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid;

/// Reads one value, which is all that `text` is but for white space.
pub(super) fn parse(text: &str) -> Result<Value<'_>, Invalid> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.at == text.len() { Ok(value) } else { Err(Invalid) }
}

/// The members of the object that `text` is, each with the text of its value.
pub(super) fn members(text: &str) -> Result<Vec<(Cow<'_, str>, &str)>, Invalid> {
    let mut parser = Parser { text, at: 0 };
    let mut members = Vec::new();
    parser.skip_space();
    parser.object(|parser, key| {
        parser.skip_space();
        let start = parser.at;
        parser.value(1)?;
        members.push((key, &text[start..parser.at]));
        Ok(())
    })?;
    parser.skip_space();
    if parser.at == text.len() { Ok(members) } else { Err(Invalid) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), Invalid> {
        if self.peek() != Some(byte) {
            return Err(Invalid);
        }
        self.at += 1;
        Ok(())
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Invalid> {
        if depth > MAX_DEPTH {
            return Err(Invalid);
        }
        self.skip_space();
        match self.peek().ok_or(Invalid)? {
            b'{' => {
                let mut members = Vec::new();
                self.object(|parser, key| {
                    members.push((key, parser.value(depth + 1)?));
                    Ok(())
                })?;
                Ok(Value::Object(members))
            }
            b'[' => self.array(depth).map(Value::Array),
            b'"' => self.string().map(Value::String),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number().map(Value::Number),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Invalid> {
        if !self.text[self.at..].starts_with(word) {
            return Err(Invalid);
        }
        self.at += word.len();
        Ok(value)
    }

    fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), Invalid>,
    ) -> Result<(), Invalid> {
        self.take(b'{')?;
        self.skip_space();
        if self.take(b'}').is_ok() {
            return Ok(());
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            self.skip_space();
            self.take(b':')?;
            member(self, key)?;
            self.skip_space();
            if self.take(b',').is_err() {
                return self.take(b'}');
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value<'a>>, Invalid> {
        self.take(b'[')?;
        self.skip_space();
        let mut elements = Vec::new();
        if self.take(b']').is_ok() {
            return Ok(elements);
        }
        loop {
            elements.push(self.value(depth + 1)?);
            self.skip_space();
            if self.take(b',').is_err() {
                self.take(b']')?;
                return Ok(elements);
            }
        }
    }

    fn digits(&mut self) -> Result<(), Invalid> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(Invalid) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<&'a str, Invalid> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_err() {
            self.digits()?;
        }
        if self.take(b'.').is_ok() {
            self.digits()?;
        }
        if self.take(b'e').is_ok() || self.take(b'E').is_ok() {
            let _ = self.take(b'+').or_else(|_| self.take(b'-'));
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Invalid> {
        self.take(b'"')?;
        let start = self.at;
        let mut unescaped = String::new();
        let mut plain = start;
        loop {
            match self.peek().ok_or(Invalid)? {
                b'"' => {
                    let rest = &self.text[plain..self.at];
                    self.at += 1;
                    if plain == start {
                        return Ok(Cow::Borrowed(rest));
                    }
                    unescaped.push_str(rest);
                    return Ok(Cow::Owned(unescaped));
                }
                b'\\' => {
                    unescaped.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    unescaped.push(self.escape()?);
                    plain = self.at;
                }
                0..0x20 => return Err(Invalid),
                _ => self.at += 1,
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, Invalid> {
        let byte = self.peek().ok_or(Invalid)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex4()?;
                let after = self.at;
                if (0xd800..0xdc00).contains(&unit) && self.take(b'\\').is_ok() && self.take(b'u').is_ok() {
                    let low = self.hex4()?;
                    if (0xdc00..0xe000).contains(&low) {
                        let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        return char::from_u32(code).ok_or(Invalid);
                    }
                }
                self.at = after;
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(Invalid),
        })
    }

    fn hex4(&mut self) -> Result<u32, Invalid> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Invalid)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Invalid);
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| Invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::{Invalid, Value, members, parse};

    #[test]
    fn what_the_standard_allows_is_read() {
        let value = parse(
            r#" { "a" : [ 1 , -0.5e+3, true,false ,null, "x\n\u00e9\ud83d\ude00\/" ], "b":{} , "a":2}"#,
        );
        let list = vec![
            Value::Number("1"),
            Value::Number("-0.5e+3"),
            Value::Bool(true),
            Value::Bool(false),
            Value::Null,
            Value::String("x\né😀/".into()),
        ];
        let object = [("a", Value::Array(list)), ("b", Value::Object(vec![])), ("a", Value::Number("2"))];
        assert_eq!(value, Ok(Value::Object(object.map(|(key, value)| (key.into(), value)).into())));
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        for text in [r#""\ud800x""#, r#""\udc00x""#] {
            assert_eq!(parse(text), Ok(Value::String("\u{fffd}x".into())), "{text}");
        }
        assert_eq!(parse(r#""\ud800\u0041""#), Ok(Value::String("\u{fffd}A".into())));
    }

    #[test]
    fn what_the_standard_forbids_is_refused() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "+1",
            "1.",
            ".5",
            "1e",
            "-",
            "tru",
            "nul",
            "\"",
            "\"\\\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12é\"",
            "\"\u{1}\"",
            "1 2",
            "[1 2]",
            "{\"a\":1 \"b\":2}",
            &deep,
        ] {
            assert_eq!(parse(text), Err(Invalid), "{text:.40}");
        }
    }

    #[test]
    fn members_keep_the_text_of_their_values() {
        let found = members(r#"{"id": 18446744073709551616 ,"params" : [ {} ] }"#).unwrap();
        assert_eq!(found, [("id".into(), "18446744073709551616"), ("params".into(), "[ {} ]")]);
        for text in ["[]", "3", "{\"a\":[}", "{} {}", "{\"a\":1"] {
            assert!(members(text).is_err(), "{text}");
        }
    }
}
