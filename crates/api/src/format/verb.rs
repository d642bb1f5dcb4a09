//! The verbs of Go's `fmt` package, as far as a single scalar can meet them.

use super::float::format_float;
use super::quote::{quote, quote_char};

/// The argument of a verb. Its Go type is shown where the verb does not fit: `%!d(bool=true)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// A `bool`.
    Bool(bool),
    /// A signed integer, widened to `int64`.
    Int(i64),
    /// An unsigned integer, widened to `uint64`.
    Uint(u64),
    /// A floating point number, widened to `float64`.
    Float(f64),
    /// Real and imaginary part, widened to `complex128`.
    Complex(f64, f64),
    /// A string.
    Str(&'a [u8]),
}

#[derive(Default)]
struct Spec {
    plus: bool,
    minus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Widths and precisions above this are an error, as in `fmt/print.go` (`tooLarge`).
const MAX_NUMBER: usize = 1_000_000;

/// What `fmt.Sprintf(format, scalar)` returns.
pub fn apply_verb(format: &str, scalar: Scalar<'_>) -> String {
    let mut out = String::new();
    let mut used = false;
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        out.push_str(&rest[..percent]);
        let (spec, after) = parse_spec(&rest[percent + 1..]);
        let mut chars = after.chars();
        match chars.next() {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) if used => {
                out.push_str("%!");
                out.push(verb);
                out.push_str("(MISSING)");
            }
            Some(verb) => {
                used = true;
                out.push_str(&spec.format(verb, scalar));
            }
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    if !used {
        out.push_str(&format!("%!(EXTRA {}={})", type_name(scalar), Spec::default().format('v', scalar)));
    }
    out
}

fn parse_spec(text: &str) -> (Spec, &str) {
    let mut spec = Spec::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '+' => spec.plus = true,
            '-' => spec.minus = true,
            '#' => spec.sharp = true,
            ' ' => spec.space = true,
            '0' => spec.zero = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    (spec.width, rest) = parse_number(rest);
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = parse_number(after);
        spec.precision = Some(precision.unwrap_or(0));
        rest = after;
    }
    (spec, rest)
}

fn parse_number(text: &str) -> (Option<usize>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (text[..end].parse().ok().filter(|&n| n <= MAX_NUMBER), &text[end..])
}

fn type_name(scalar: Scalar<'_>) -> &'static str {
    match scalar {
        Scalar::Bool(_) => "bool",
        Scalar::Int(_) => "int64",
        Scalar::Uint(_) => "uint64",
        Scalar::Float(_) => "float64",
        Scalar::Complex(..) => "complex128",
        Scalar::Str(_) => "string",
    }
}

impl Spec {
    fn format(&self, verb: char, scalar: Scalar<'_>) -> String {
        if verb == 'T' {
            return self.pad_text(type_name(scalar));
        }
        let text = match scalar {
            Scalar::Bool(b) if matches!(verb, 't' | 'v') => {
                Some(self.pad_text(if b { "true" } else { "false" }))
            }
            Scalar::Bool(_) => None,
            Scalar::Int(i) => self.integer(verb, i < 0, i.unsigned_abs()),
            Scalar::Uint(u) => self.integer(verb, false, u),
            Scalar::Float(f) => self.float(verb, f, self.plus),
            Scalar::Complex(re, im) => self.complex(verb, re, im),
            Scalar::Str(s) => self.string(verb, s),
        };
        text.unwrap_or_else(|| {
            let plain = Self::default().format('v', scalar);
            format!("%!{verb}({}={plain})", type_name(scalar))
        })
    }

    fn pad_text(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        let fill = if self.zero && !self.minus { "0" } else { " " };
        if self.minus {
            format!("{text}{}", " ".repeat(missing))
        } else {
            format!("{}{text}", fill.repeat(missing))
        }
    }

    /// Pads a number with spaces, or with zeros after its sign.
    fn pad_number(&self, sign: &str, digits: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        if self.minus {
            format!("{sign}{digits}{}", " ".repeat(missing))
        } else if self.zero {
            format!("{sign}{}{digits}", "0".repeat(missing))
        } else {
            format!("{}{sign}{digits}", " ".repeat(missing))
        }
    }

    fn sign(&self, negative: bool, plus: bool) -> &'static str {
        match (negative, plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn integer(&self, verb: char, negative: bool, magnitude: u64) -> Option<String> {
        let (prefix, mut digits) = match verb {
            'd' | 'v' => ("", magnitude.to_string()),
            'b' => (if self.sharp { "0b" } else { "" }, format!("{magnitude:b}")),
            'o' => (if self.sharp { "0" } else { "" }, format!("{magnitude:o}")),
            'O' => ("0o", format!("{magnitude:o}")),
            'x' => (if self.sharp { "0x" } else { "" }, format!("{magnitude:x}")),
            'X' => (if self.sharp { "0X" } else { "" }, format!("{magnitude:X}")),
            'c' => return Some(self.pad_text(&rune(negative, magnitude).to_string())),
            'q' => return Some(self.pad_text(&quote_char(rune(negative, magnitude)))),
            'U' => return Some(self.unicode(negative, magnitude)),
            _ => return None,
        };
        let sign = self.sign(negative, self.plus);
        if let Some(precision) = self.precision {
            digits = if precision == 0 && magnitude == 0 {
                String::new()
            } else {
                format!("{digits:0>precision$}")
            };
            let spaces =
                Self { zero: false, ..Self { minus: self.minus, width: self.width, ..Self::default() } };
            return Some(spaces.pad_number("", &format!("{sign}{prefix}{digits}")));
        }
        if self.zero && !self.minus && self.width.is_some() {
            // fmt counts the prefix outside the width of zero padding.
            let width = self.width.map(|w| w.saturating_sub(sign.len())).unwrap_or(0);
            return Some(format!("{sign}{prefix}{digits:0>width$}"));
        }
        Some(self.pad_number("", &format!("{sign}{prefix}{digits}")))
    }

    fn unicode(&self, negative: bool, magnitude: u64) -> String {
        let value = if negative { magnitude.wrapping_neg() } else { magnitude };
        let mut text = format!("U+{value:04X}");
        if self.sharp
            && let Some(c) = u32::try_from(value).ok().and_then(char::from_u32)
        {
            text.push_str(&format!(" '{c}'"));
        }
        Self { zero: false, minus: self.minus, width: self.width, ..Self::default() }.pad_text(&text)
    }

    fn float(&self, verb: char, value: f64, plus: bool) -> Option<String> {
        let (verb, precision) = match verb {
            'v' => ('g', self.precision),
            'e' | 'E' | 'f' | 'F' => (verb, Some(self.precision.unwrap_or(6))),
            'g' | 'G' | 'x' | 'X' | 'b' => (verb, self.precision),
            _ => return None,
        };
        let text = format_float(value, verb, precision);
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => (self.sign(false, plus), text.strip_prefix('+').unwrap_or(&text)),
        };
        let sign = if digits == "Inf" && sign.is_empty() { "+" } else { sign };
        if value.is_finite() {
            return Some(self.pad_number(sign, digits));
        }
        Some(
            Self { zero: false, minus: self.minus, width: self.width, ..Self::default() }
                .pad_number(sign, digits),
        )
    }

    fn complex(&self, verb: char, re: f64, im: f64) -> Option<String> {
        Some(format!("({}{}i)", self.float(verb, re, self.plus)?, self.float(verb, im, true)?))
    }

    fn string(&self, verb: char, bytes: &[u8]) -> Option<String> {
        let cut = match (self.precision, verb) {
            (Some(precision), 's' | 'v' | 'q') => cut_chars(bytes, precision),
            (Some(precision), _) => &bytes[..precision.min(bytes.len())],
            (None, _) => bytes,
        };
        let text = match verb {
            's' | 'v' => String::from_utf8_lossy(cut).into_owned(),
            'q' => quote(cut),
            'x' | 'X' => self.hex_bytes(verb, cut),
            _ => return None,
        };
        Some(self.pad_text(&text))
    }

    fn hex_bytes(&self, verb: char, bytes: &[u8]) -> String {
        let prefix = match (self.sharp, verb) {
            (false, _) => "",
            (true, 'x') => "0x",
            (true, _) => "0X",
        };
        let hex = |b: &u8| if verb == 'x' { format!("{b:02x}") } else { format!("{b:02X}") };
        if self.space {
            return bytes.iter().map(|b| format!("{prefix}{}", hex(b))).collect::<Vec<_>>().join(" ");
        }
        if bytes.is_empty() {
            return String::new();
        }
        format!("{prefix}{}", bytes.iter().map(hex).collect::<String>())
    }
}

fn rune(negative: bool, magnitude: u64) -> char {
    let value = if negative { None } else { u32::try_from(magnitude).ok() };
    value.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The first `count` characters; every byte of invalid UTF-8 counts as one.
fn cut_chars(bytes: &[u8], count: usize) -> &[u8] {
    let mut left = count;
    let mut end = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if left == 0 {
                return &bytes[..end];
            }
            left -= 1;
            end += c.len_utf8();
        }
        for _ in chunk.invalid() {
            if left == 0 {
                return &bytes[..end];
            }
            left -= 1;
            end += 1;
        }
    }
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::{Scalar, apply_verb};

    #[test]
    fn like_sprintf() {
        use Scalar::{Bool, Complex, Float, Int, Str, Uint};
        for (format, scalar, text) in [
            ("%d", Int(42), "42"),
            ("%x", Int(42), "2a"),
            ("%x", Int(-3), "-3"),
            ("%#x", Int(42), "0x2a"),
            ("%08b", Int(42), "00101010"),
            ("%o", Uint(200), "310"),
            ("%O", Uint(8), "0o10"),
            ("%c", Int(42), "*"),
            ("%c", Uint(200), "È"),
            ("%q", Int(42), "'*'"),
            ("%U", Int(42), "U+002A"),
            ("%#U", Int(0x41), "U+0041 'A'"),
            ("%+d", Int(42), "+42"),
            ("% d", Int(42), " 42"),
            ("%-8dx", Int(42), "42      x"),
            ("%5d|%d", Int(42), "   42|%!d(MISSING)"),
            ("%.5d", Int(42), "00042"),
            ("%08d", Int(-42), "-0000042"),
            ("%s", Int(42), "%!s(int64=42)"),
            ("%z", Int(42), "%!z(int64=42)"),
            ("%T", Int(42), "int64"),
            ("%%d", Int(42), "%d%!(EXTRA int64=42)"),
            ("%", Int(42), "%!(NOVERB)%!(EXTRA int64=42)"),
            ("%t", Bool(true), "true"),
            ("%d", Bool(true), "%!d(bool=true)"),
            ("%f", Float(1.5), "1.500000"),
            ("%08.3f", Float(1.5), "0001.500"),
            ("%08.3f", Float(-1.5), "-001.500"),
            ("%x", Float(1.5), "0x1.8p+00"),
            ("%d", Float(f64::NAN), "%!d(float64=NaN)"),
            ("%5.1f", Float(f64::INFINITY), " +Inf"),
            ("%.2f", Complex(1.0, -2.0), "(1.00-2.00i)"),
            ("%v", Complex(1.0, -2.0), "(1-2i)"),
            ("%x", Complex(1.0, -2.0), "(0x1p+00-0x1p+01i)"),
            ("%s", Str(b"hello"), "hello"),
            ("%x", Str(b"hello"), "68656c6c6f"),
            ("%X", Str(b"hello"), "68656C6C6F"),
            ("% x", Str(b"hi"), "68 69"),
            ("%#x", Str(b"hi"), "0x6869"),
            ("%10s", Str(b"hello"), "     hello"),
            ("%-10q", Str(b"hello"), "\"hello\"   "),
            ("%.2s", Str("äöü".as_bytes()), "äö"),
            ("%d", Str(b"hello"), "%!d(string=hello)"),
            ("%99999999d", Int(1), "1"),
        ] {
            assert_eq!(apply_verb(format, scalar), text, "{format} of {scalar:?}");
        }
    }
}
