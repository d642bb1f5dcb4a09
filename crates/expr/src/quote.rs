//! Go's quoting of text: `%q`, `%#U` and what counts as printable.

use std::fmt::Write;

/// Whether Go prints `c` as itself inside quotes (`strconv.IsPrint`).
pub fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    // Rust's escape_debug leaves exactly the printable characters alone, but for grapheme extenders and
    // quotes; spaces other than U+0020 are no printable characters for Go.
    !c.is_whitespace() && !c.is_control() && matches!(c.escape_debug().next(), Some(e) if e == c)
        || is_grapheme_extender(c)
}

fn is_grapheme_extender(c: char) -> bool {
    // escape_debug escapes extenders as `\u{...}` at the start of a string only, where they would combine
    // with the quote: behind a letter, they stay as they are if printable.
    let mut pair = String::from("a");
    pair.push(c);
    let escaped: String = pair.escape_debug().collect();
    !c.is_whitespace() && escaped == pair
}

/// `text` in double quotes with Go's escapes (`strconv.Quote`, `%q`).
pub fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes())
}

/// Bytes as a Go string in double quotes; what is no UTF-8 becomes `\xNN`.
pub fn quote_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push_escaped(&mut out, c, '"');
        }
        for byte in chunk.invalid() {
            push_hex(&mut out, 'x', 2, u32::from(*byte));
        }
    }
    out.push('"');
    out
}

/// `c` in single quotes with Go's escapes (`strconv.QuoteRune`).
pub fn quote_char(c: char) -> String {
    let mut out = String::from("'");
    push_escaped(&mut out, c, '\'');
    out.push('\'');
    out
}

/// `U+0041 'A'`, or `U+0000` alone for what cannot be printed (`%#U`).
pub fn unicode_notation(c: char) -> String {
    let code = format!("U+{:04X}", u32::from(c));
    if is_printable(c) { format!("{code} '{c}'") } else { code }
}

fn push_escaped(out: &mut String, c: char, quote: char) {
    match c {
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        _ if c == quote || c == '\\' => {
            out.push('\\');
            out.push(c);
        }
        _ if is_printable(c) => out.push(c),
        ..' ' | '\x7f' => push_hex(out, 'x', 2, u32::from(c)),
        ..'\u{10000}' => push_hex(out, 'u', 4, u32::from(c)),
        _ => push_hex(out, 'U', 8, u32::from(c)),
    }
}

fn push_hex(out: &mut String, mark: char, width: usize, value: u32) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\\{mark}{value:0width$x}");
}
