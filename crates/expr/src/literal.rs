//! Literals and what they stand for, exactly.
//!
//! Go's constants know no limits of size, so numbers stay digits here: an integer is a base and its digits, a
//! float those of its mantissa and an exponent. Whoever computes makes numbers of them in whatever form it has.

use crate::token::Token;

/// A literal as it was typed (carriage returns of raw strings removed, as the language says).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    pub(crate) token: Token,
    pub(crate) text: Box<str>,
}

/// What a literal stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralValue {
    /// An integer.
    Int(IntLiteral),
    /// A floating-point number.
    Float(FloatLiteral),
    /// An imaginary number; its text had no point and exponent: an integer times i.
    ImaginaryInt(IntLiteral),
    /// An imaginary number, a float times i.
    ImaginaryFloat(FloatLiteral),
    /// A character. A number rather than a `char`, as `'\xff'` and the like are byte values.
    Rune(u32),
    /// A string: bytes, as escapes can make it other than UTF-8.
    String(Vec<u8>),
}

/// A whole number of any size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntLiteral {
    /// 2, 8, 10 or 16.
    pub radix: u32,
    /// The digits in that base without prefix and separators; at least one.
    pub digits: String,
}

/// A non-negative number `0.digits...`: `digits` read as a whole number in base `radix`, times
/// `exponent_base` to the power `exponent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloatLiteral {
    /// Base of the digits, 10 or 16.
    pub radix: u32,
    /// All digits of the mantissa, before and after the point, without separators.
    pub digits: String,
    /// 10, or 2 for hexadecimal mantissas.
    pub exponent_base: u32,
    /// The exponent, less the places after the point. Saturates at the ends of `i64`.
    pub exponent: i64,
}

impl Literal {
    /// [`Token::Int`], [`Token::Float`], [`Token::Imag`], [`Token::Char`] or [`Token::String`].
    pub fn kind(&self) -> Token {
        self.token
    }

    /// The literal as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the literal stands for.
    pub fn value(&self) -> LiteralValue {
        match self.token {
            Token::Int => LiteralValue::Int(int_value(&self.text)),
            Token::Float => LiteralValue::Float(float_value(&self.text)),
            Token::Imag => imaginary_value(self.text.trim_end_matches('i')),
            Token::Char => LiteralValue::Rune(rune_value(&self.text)),
            _ => LiteralValue::String(string_value(&self.text)),
        }
    }
}

fn digits_of(text: &str) -> String {
    text.chars().filter(|&c| c != '_').collect()
}

fn int_value(text: &str) -> IntLiteral {
    let (radix, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', ..] => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        _ => (10, text),
    };
    IntLiteral { radix, digits: digits_of(digits) }
}

fn float_value(text: &str) -> FloatLiteral {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (radix, exponent_base, bits_per_place, body, mark) = match hex {
        Some(body) => (16, 2, 4, body, ['p', 'P']),
        None => (10, 10, 1, text, ['e', 'E']),
    };
    let (mantissa, exponent) = body.split_once(mark).unwrap_or((body, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = digits_of(fraction);
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_mul(bits_per_place);
    FloatLiteral {
        radix,
        digits: digits_of(whole) + &fraction,
        exponent_base,
        exponent: saturating_exponent(exponent).saturating_sub(places),
    }
}

fn saturating_exponent(text: &str) -> i64 {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(0i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit)));
    if negative { -magnitude } else { magnitude }
}

fn imaginary_value(text: &str) -> LiteralValue {
    let hex = text.starts_with("0x") || text.starts_with("0X");
    let float = if hex { text.contains(['.', 'p', 'P']) } else { text.contains(['.', 'e', 'E']) };
    if float {
        return LiteralValue::ImaginaryFloat(float_value(text));
    }
    // `0123i` is decimal, for compatibility with the time before Go 1.13.
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return LiteralValue::ImaginaryInt(IntLiteral { radix: 10, digits: digits_of(text) });
    }
    LiteralValue::ImaginaryInt(int_value(text))
}

fn rune_value(text: &str) -> u32 {
    let body = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).unwrap_or(text);
    match unescape(body) {
        Some((Unit::Char(c), _)) => u32::from(c),
        Some((Unit::Byte(b), _)) => u32::from(b),
        None => 0,
    }
}

fn string_value(text: &str) -> Vec<u8> {
    if let Some(raw) = text.strip_prefix('`') {
        return raw.strip_suffix('`').unwrap_or(raw).as_bytes().to_vec();
    }
    let mut rest = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((unit, length)) = unescape(rest) {
        match unit {
            Unit::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Unit::Byte(b) => bytes.push(b),
        }
        rest = &rest[length..];
    }
    bytes
}

enum Unit {
    Char(char),
    Byte(u8),
}

/// The first character or escape of `text` and its length in bytes; `None` if there is none or it is bad.
fn unescape(text: &str) -> Option<(Unit, usize)> {
    let first = text.chars().next()?;
    if first != '\\' {
        return Some((Unit::Char(first), first.len_utf8()));
    }
    let mark = *text.as_bytes().get(1)?;
    let number = |range: std::ops::Range<usize>, radix| u32::from_str_radix(text.get(range)?, radix).ok();
    Some(match mark {
        b'x' => (Unit::Byte(u8::try_from(number(2..4, 16)?).ok()?), 4),
        b'0'..=b'7' => (Unit::Byte(u8::try_from(number(1..4, 8)?).ok()?), 4),
        b'u' => (Unit::Char(char::from_u32(number(2..6, 16)?)?), 6),
        b'U' => (Unit::Char(char::from_u32(number(2..10, 16)?)?), 10),
        _ => {
            let c = match mark {
                b'a' => '\x07',
                b'b' => '\x08',
                b'f' => '\x0c',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'v' => '\x0b',
                b'\\' | b'\'' | b'"' => char::from(mark),
                _ => return None,
            };
            (Unit::Char(c), 2)
        }
    })
}
