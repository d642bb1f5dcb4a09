//! Go's quoted strings (`strconv.Quote`).

use std::fmt::Write;

/// The bytes of a string as a double-quoted Go literal.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    quote_contents(&mut out, bytes, '"');
    out.push('"');
    out
}

/// The same with nothing but ASCII in it (`%+q`).
pub(super) fn quote_ascii(bytes: &[u8]) -> String {
    ascii(&quote(bytes))
}

/// A character as a single-quoted Go literal.
pub(super) fn quote_char(c: char) -> String {
    let mut out = String::from("'");
    quote_contents(&mut out, c.encode_utf8(&mut [0; 4]).as_bytes(), '\'');
    out.push('\'');
    out
}

/// The same with nothing but ASCII in it.
pub(super) fn quote_char_ascii(c: char) -> String {
    ascii(&quote_char(c))
}

/// Can the text stand in backquotes (`strconv.CanBackquote`)?
pub(super) fn can_backquote(bytes: &[u8]) -> bool {
    let plain = |c: char| c == '\t' || !c.is_ascii_control() && c != '`' && c != '\u{feff}';
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain))
}

fn ascii(quoted: &str) -> String {
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            push_escape(&mut out, c);
        }
    }
    out
}

fn push_escape(out: &mut String, c: char) {
    let _ = match u32::from(c) {
        code @ ..0x10000 => write!(out, "\\u{code:04x}"),
        code => write!(out, "\\U{code:08x}"),
    };
}

pub(super) fn quote_contents(out: &mut String, bytes: &[u8], delimiter: char) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            quote_rune(out, c, delimiter);
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
}

fn quote_rune(out: &mut String, c: char, delimiter: char) {
    let _ = match c {
        '\x07' => out.write_str("\\a"),
        '\x08' => out.write_str("\\b"),
        '\x0c' => out.write_str("\\f"),
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\x0b' => out.write_str("\\v"),
        '\\' => out.write_str("\\\\"),
        _ if c == delimiter => write!(out, "\\{c}"),
        _ if is_print(c) => out.write_char(c),
        _ if c < ' ' || c == '\x7f' => write!(out, "\\x{:02x}", u32::from(c)),
        _ => {
            push_escape(out, c);
            Ok(())
        }
    };
}

/// Whether a character is shown as it is: `unicode.IsPrint`, by the table behind `escape_debug`, which
/// holds the same categories. The character comes second because a leading combining mark is escaped too.
pub(super) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let mut pair = String::from("a");
    pair.push(c);
    !pair.escape_debug().to_string().contains("\\u{")
}

#[cfg(test)]
mod tests {
    use super::{quote, quote_char};

    #[test]
    fn like_strconv_quote() {
        for (plain, text) in [
            (&b"hello"[..], r#""hello""#),
            (b"a\"b\\c\n\t\r\x07\x08\x0c\x0b\x00\x7f", r#""a\"b\\c\n\t\r\a\b\f\v\x00\x7f""#),
            ("héllo 世界\u{ad}\u{200b}e\u{301}".as_bytes(), "\"héllo 世界\\u00ad\\u200be\u{301}\""),
            ("\u{e0001}\u{1f600}\u{a0}".as_bytes(), "\"\\U000e0001\u{1f600}\\u00a0\""),
            (b"\xff\xfe\x00abc", r#""\xff\xfe\x00abc""#),
            (b"it's", r#""it's""#),
        ] {
            assert_eq!(quote(plain), text);
        }
        assert_eq!(quote_char('\''), r"'\''");
        assert_eq!(quote_char('"'), "'\"'");
    }
}
