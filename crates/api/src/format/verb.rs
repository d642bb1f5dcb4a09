//! The verbs of Go's `fmt` package, as far as a single scalar can meet them (`fmt/print.go` and `fmt/format.go`, the
//! same in all releases).

use super::float::format_float;
use super::quote::{can_backquote, quote, quote_ascii, quote_char, quote_char_ascii};

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

/// Flags, width and precision.
#[derive(Clone, Copy, Default)]
struct Spec {
    plus: bool,
    minus: bool,
    sharp: bool,
    /// `%#v`: as Go syntax.
    sharp_v: bool,
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
    // Which argument is next: the only one, or none.
    let mut used = false;
    let mut reordered = false;
    let mut rest = format;
    while let Some(percent) = rest.find('%') {
        out.push_str(&rest[..percent]);
        let directive = Directive::parse(&rest[percent + 1..]);
        rest = directive.rest;
        if let Some(first) = directive.index {
            reordered = true;
            used &= !first;
        }
        let Some(verb) = directive.verb else {
            out.push_str("%!(NOVERB)");
            rest = "";
            break;
        };
        match verb {
            '%' => out.push('%'),
            _ if directive.bad_index => out.push_str(&format!("%!{verb}(BADINDEX)")),
            _ if used => out.push_str(&format!("%!{verb}(MISSING)")),
            _ => {
                used = true;
                out.push_str(&directive.spec.with_verb(verb).format(verb, scalar));
            }
        }
    }
    out.push_str(rest);
    if !used && !reordered {
        out.push_str(&format!("%!(EXTRA {}={})", type_name(scalar), Spec::default().format('v', scalar)));
    }
    out
}

/// One `%` and what belongs to it.
struct Directive<'a> {
    spec: Spec,
    /// An explicit index was there, and is that of the argument.
    index: Option<bool>,
    bad_index: bool,
    verb: Option<char>,
    /// What follows it.
    rest: &'a str,
}

impl<'a> Directive<'a> {
    fn parse(text: &'a str) -> Directive<'a> {
        let mut this =
            Directive { spec: Spec::default(), index: None, bad_index: false, verb: None, rest: text };
        while let Some(c) = this.rest.chars().next() {
            match c {
                '+' => this.spec.plus = true,
                '-' => this.spec.minus = true,
                '#' => this.spec.sharp = true,
                ' ' => this.spec.space = true,
                '0' => this.spec.zero = true,
                _ => break,
            }
            this.rest = &this.rest[1..];
        }
        let mut after_index = this.parse_index();
        this.spec.width = this.parse_number();
        this.bad_index |= after_index && this.spec.width.is_some();
        after_index &= this.spec.width.is_none();
        // A point at the very end is the verb.
        if this.rest.len() > 1
            && let Some(after) = this.rest.strip_prefix('.')
        {
            this.rest = after;
            this.bad_index |= after_index;
            after_index = this.parse_index();
            this.spec.precision = Some(this.parse_number().unwrap_or(0));
        }
        if !after_index {
            this.parse_index();
        }
        let mut chars = this.rest.chars();
        this.verb = chars.next();
        this.rest = chars.as_str();
        this
    }

    /// `[1]`: which argument. There is but one.
    fn parse_index(&mut self) -> bool {
        let Some(inside) = self.rest.strip_prefix('[') else { return false };
        let Some(end) = inside.find(']') else {
            (self.bad_index, self.index) = (true, Some(false));
            self.rest = inside;
            return false;
        };
        let is_first = inside[..end].parse::<usize>() == Ok(1);
        self.bad_index |= !is_first;
        self.index = Some(is_first);
        self.rest = &inside[end + 1..];
        is_first
    }

    /// A number; one that is too large takes all that follows with it.
    fn parse_number(&mut self) -> Option<usize> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        if digits.is_empty() {
            return None;
        }
        let number = digits.parse().ok().filter(|number| *number <= MAX_NUMBER);
        if number.is_none() {
            self.rest = "";
        }
        number
    }
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
    /// `#` and `+` mean something else to `v`.
    fn with_verb(self, verb: char) -> Spec {
        match verb {
            'v' | 'w' => Spec { sharp_v: self.sharp, sharp: false, plus: false, ..self },
            _ => self,
        }
    }

    fn format(&self, verb: char, scalar: Scalar<'_>) -> String {
        let text = match (scalar, verb) {
            (_, 'T') => Some(self.pad(&self.truncated(type_name(scalar)))),
            (Scalar::Bool(b), 't' | 'v') => Some(self.pad(if b { "true" } else { "false" })),
            (Scalar::Bool(_), _) => None,
            (Scalar::Int(i), _) => self.integer(verb, i < 0, i.unsigned_abs()),
            (Scalar::Uint(u), 'v') if self.sharp_v => Spec { sharp: true, ..*self }.integer('x', false, u),
            (Scalar::Uint(u), _) => self.integer(verb, false, u),
            (Scalar::Float(f), _) => self.float(verb, f),
            (Scalar::Complex(re, im), _) => self.complex(verb, re, im),
            (Scalar::Str(s), _) => self.string(verb, s),
        };
        text.unwrap_or_else(|| format!("%!{verb}({}={})", type_name(scalar), self.format('v', scalar)))
    }

    fn pad(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        match (self.minus, self.zero) {
            (true, _) => format!("{text}{}", " ".repeat(missing)),
            (false, true) => format!("{}{text}", "0".repeat(missing)),
            (false, false) => format!("{}{text}", " ".repeat(missing)),
        }
    }

    fn without_zeros(&self) -> Spec {
        Spec { zero: false, ..*self }
    }

    fn truncated<'t>(&self, text: &'t str) -> std::borrow::Cow<'t, str> {
        match self.precision {
            Some(precision) => String::from_utf8_lossy(cut_chars(text.as_bytes(), precision)),
            None => text.into(),
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn integer(&self, verb: char, negative: bool, magnitude: u64) -> Option<String> {
        let mut digits = match verb {
            'd' | 'v' => magnitude.to_string(),
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            'c' => return Some(self.pad(&rune(negative, magnitude).to_string())),
            'q' if self.plus => return Some(self.pad(&quote_char_ascii(rune(negative, magnitude)))),
            'q' => return Some(self.pad(&quote_char(rune(negative, magnitude)))),
            'U' => return Some(self.unicode(negative, magnitude)),
            _ => return None,
        };
        let sign = self.sign(negative);
        if self.precision == Some(0) && magnitude == 0 {
            return Some(self.without_zeros().pad(""));
        }
        // Zeros that fill the width are digits; prefixes come in addition.
        let least = match self.precision {
            Some(precision) => precision,
            None if self.zero && !self.minus => self.width.unwrap_or(0).saturating_sub(sign.len()),
            None => 0,
        };
        digits = format!("{digits:0>least$}");
        let prefix = match verb {
            'b' if self.sharp => "0b",
            'o' | 'O' if self.sharp && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        let octal = if verb == 'O' { "0o" } else { "" };
        Some(self.without_zeros().pad(&format!("{sign}{octal}{prefix}{digits}")))
    }

    fn unicode(&self, negative: bool, magnitude: u64) -> String {
        let value = if negative { magnitude.wrapping_neg() } else { magnitude };
        let least = self.precision.unwrap_or(0).max(4);
        let mut text = format!("U+{value:0>least$X}");
        let c = u32::try_from(value).ok().and_then(char::from_u32);
        if let Some(c) = c.filter(|c| self.sharp && super::quote::is_print(*c)) {
            text.push_str(&format!(" '{c}'"));
        }
        self.without_zeros().pad(&text)
    }

    fn float(&self, verb: char, value: f64) -> Option<String> {
        let (verb, usual) = match verb {
            'v' => ('g', None),
            'f' | 'F' => ('f', Some(6)),
            'e' | 'E' => (verb, Some(6)),
            'g' | 'G' | 'x' | 'X' | 'b' => (verb, None),
            _ => return None,
        };
        let precision = self.precision.or(usual);
        let text = format_float(value, verb, precision);
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        };
        if !value.is_finite() {
            // Infinities always have a sign.
            let sign =
                if digits == "Inf" && self.sign(negative).is_empty() { "+" } else { self.sign(negative) };
            return Some(self.without_zeros().pad(&format!("{sign}{digits}")));
        }
        let sign = self.sign(negative);
        let digits =
            if self.sharp && verb != 'b' { with_point(digits, verb, precision) } else { digits.to_owned() };
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
        Some(match self.zero && !self.minus && !sign.is_empty() {
            true => format!("{sign}{}{digits}", "0".repeat(missing)),
            false => self.pad(&format!("{sign}{digits}")),
        })
    }

    fn complex(&self, verb: char, re: f64, im: f64) -> Option<String> {
        let imaginary = Spec { plus: true, ..*self };
        Some(format!("({}{}i)", self.float(verb, re)?, imaginary.float(verb, im)?))
    }

    fn string(&self, verb: char, bytes: &[u8]) -> Option<String> {
        let by_chars = self.precision.map_or(bytes, |precision| cut_chars(bytes, precision));
        let is_quoted = verb == 'q' || verb == 'v' && self.sharp_v;
        let text = match verb {
            'q' if self.sharp && can_backquote(by_chars) => {
                format!("`{}`", String::from_utf8_lossy(by_chars))
            }
            _ if is_quoted && self.plus => quote_ascii(by_chars),
            _ if is_quoted => quote(by_chars),
            's' | 'v' => String::from_utf8_lossy(by_chars).into_owned(),
            'x' | 'X' => {
                let len = self.precision.unwrap_or(bytes.len()).min(bytes.len());
                self.hex_bytes(verb, &bytes[..len])
            }
            _ => return None,
        };
        Some(self.pad(&text))
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

/// With `#`, floats have a decimal point always, and `%g` keeps trailing zeros (`fmt/format.go`, `fmtFloat`).
fn with_point(digits: &str, verb: char, precision: Option<usize>) -> String {
    let is_hexadecimal = matches!(verb, 'x' | 'X');
    let is_exponent = |c: char| matches!(c, 'p' | 'P') || !is_hexadecimal && matches!(c, 'e' | 'E');
    let (number, exponent) = digits.split_at(digits.find(is_exponent).unwrap_or(digits.len()));
    let mut missing = if matches!(verb, 'g' | 'G' | 'x') { precision.unwrap_or(6) } else { 0 };
    // The first digit that is not zero counts, and all after it; the `x` of a prefix does, too.
    let significant = number.chars().filter(|c| *c != '.').skip_while(|c| *c == '0').count();
    missing = missing.saturating_sub(significant);
    let has_point = number.contains('.');
    if !has_point && number == "0" {
        missing = missing.saturating_sub(1);
    }
    let point = if has_point { "" } else { "." };
    format!("{number}{point}{}{exponent}", "0".repeat(missing))
}

/// Go's `rune` of a number: numbers above the last character, and surrogates, are the replacement character.
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
            ("%99999999d", Int(1), "%!(NOVERB)%!(EXTRA int64=1)"),
            ("%+v", Int(1), "1"),
            ("%#v", Uint(255), "0xff"),
            ("%#v", Str(b"a"), "\"a\""),
            ("%[1]d %[1]x", Int(10), "10 a"),
            ("%[2]d", Int(10), "%!d(BADINDEX)"),
            ("%#x", Float(1.5), "0x1.8000p+00"),
            ("%#g", Float(1.0), "1.00000"),
            ("%#.0f", Float(1.0), "1."),
            ("%+q", Str("é".as_bytes()), "\"\\u00e9\""),
            ("%#q", Str(b"a"), "`a`"),
            ("%5d", Bool(true), "%!d(bool= true)"),
            ("%.2f", Int(7), "%!f(int64=07)"),
            ("%06s", Str(b"ab"), "0000ab"),
            ("%06d", Float(-1.5), "%!d(float64=-001.5)"),
        ] {
            assert_eq!(apply_verb(format, scalar), text, "{format} of {scalar:?}");
        }
    }
}
