//! Numbers as Go's strconv reads them, with its error texts, which malformed locations quote.

use crate::quote::quote;

/// Reads a decimal number with an optional sign (`strconv.Atoi`).
pub(super) fn atoi(text: &str) -> Result<i64, String> {
    let failure = |reason| format!("strconv.Atoi: parsing {}: {reason}", quote(text));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(failure("invalid syntax"));
    }
    text.parse().map_err(|_| failure("value out of range"))
}

/// Reads a number whose prefix gives its base, `_` allowed between digits (`strconv.ParseInt` with base 0).
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let bytes = digits.as_bytes();
    let (radix, skip) = match bytes {
        [b'0', p, _, ..] if p.eq_ignore_ascii_case(&b'x') => (16, 2),
        [b'0', p, _, ..] if p.eq_ignore_ascii_case(&b'o') => (8, 2),
        [b'0', p, _, ..] if p.eq_ignore_ascii_case(&b'b') => (2, 2),
        [b'0', _, ..] => (8, 1),
        _ => (10, 0),
    };
    let mut value: i128 = 0;
    // The prefix counts as a digit for what may stand before a `_`.
    let mut after_digit = skip > 0;
    let mut any = false;
    for &byte in &bytes[skip..] {
        if byte == b'_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
            continue;
        }
        let digit = char::from(byte).to_digit(radix)?;
        value = value.checked_mul(i128::from(radix))?.checked_add(i128::from(digit))?;
        (after_digit, any) = (true, true);
    }
    if !any || !after_digit {
        return None;
    }
    i64::try_from(if negative { -value } else { value }).ok()
}
