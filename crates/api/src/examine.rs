//! `examinemem`: what it is asked for, and the rows that it shows.

use crate::format::quote;
use crate::{Client, EvalScope, Kind, LoadConfig, first_word};

/// How memory is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Radix {
    Hex,
    Dec,
    Oct,
    Bin,
    Raw,
}

/// What `examinemem` was asked to show.
#[derive(Debug, PartialEq)]
pub struct Examine<'a> {
    radix: Radix,
    count: u64,
    size: u64,
    operand: &'a str,
    is_expression: bool,
}

fn parse_radix(text: &str) -> Option<Radix> {
    Some(match text {
        "hex" | "hexadecimal" => Radix::Hex,
        "dec" | "decimal" => Radix::Dec,
        "oct" | "octal" => Radix::Oct,
        "bin" | "binary" => Radix::Bin,
        "raw" => Radix::Raw,
        _ => return None,
    })
}

impl<'a> Examine<'a> {
    /// Reads the arguments. The errors' texts are Delve's.
    pub fn parse(args: &'a str) -> Result<Examine<'a>, String> {
        parse_examine(args)
    }

    /// Is memory to be written as it is, without rows?
    pub fn is_raw(&self) -> bool {
        self.radix == Radix::Raw
    }

    /// Reads the memory that is asked for; an expression is one of `scope`. Returns where it is, its bytes, and whether
    /// the target is little-endian.
    pub fn read(&self, client: &dyn Client, scope: EvalScope) -> Result<(u64, Vec<u8>, bool), String> {
        let address = if self.is_expression {
            address_of(client, scope, self.operand)?
        } else {
            parse_integer(self.operand).ok_or_else(|| {
                let text = quote(self.operand.as_bytes());
                format!("convert address into uintptr type failed, strconv.ParseUint: parsing {text}: invalid syntax")
            })?
        };
        let length = i64::try_from(self.count.saturating_mul(self.size)).unwrap_or(i64::MAX);
        let (bytes, little_endian) =
            client.examine_memory(address, length).map_err(|error| error.to_string())?;
        Ok((address, bytes, little_endian))
    }

    /// The rows of what [`Examine::read`] returned.
    pub fn rows(&self, address: u64, bytes: &[u8], little_endian: bool) -> String {
        memory_rows(address, bytes, self, little_endian)
    }
}

fn parse_examine(args: &str) -> Result<Examine<'_>, String> {
    let mut request = Examine { radix: Radix::Hex, count: 1, size: 1, operand: "", is_expression: false };
    if let Some(short) = args.strip_prefix('/') {
        return parse_short(short, request);
    }
    let mut rest = args.trim();
    loop {
        let (word, after) = first_word(rest);
        let (value, next) = first_word(after);
        match word {
            "" => return Err("no address specified".to_owned()),
            "-fmt" => {
                if value.is_empty() {
                    return Err("expected argument after -fmt".to_owned());
                }
                request.radix = parse_radix(value)
                    .ok_or_else(|| format!("{} is not a valid format", quote(value.as_bytes())))?;
            }
            "-count" | "-len" => {
                if value.is_empty() {
                    return Err("expected argument after -count/-len".to_owned());
                }
                request.count =
                    parse_integer(value).filter(|&n| n > 0).ok_or("count/len must be a positive integer")?;
            }
            "-size" => {
                if value.is_empty() {
                    return Err("expected argument after -size".to_owned());
                }
                request.size = parse_integer(value)
                    .filter(|n| (1..=8).contains(n))
                    .ok_or("size must be a positive integer (<=8)")?;
            }
            "-x" => {
                if after.is_empty() {
                    return Err("no address specified".to_owned());
                }
                return Ok(Examine { operand: after, is_expression: true, ..request });
            }
            option if option.starts_with('-') => {
                return Err(format!("unknown option {}", quote(option.as_bytes())));
            }
            _ => {
                return Ok(Examine { operand: rest, ..request });
            }
        }
        rest = next;
    }
}

/// The short form `/8xg addr`: count, letter of the format, letter of the size, in any order after the count.
fn parse_short<'a>(text: &'a str, mut request: Examine<'a>) -> Result<Examine<'a>, String> {
    let (spec, operand) = first_word(text);
    let letters = spec.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &spec[..spec.len() - letters.len()];
    if !digits.is_empty() {
        request.count =
            digits.parse().ok().filter(|&n| n > 0).ok_or("count/len must be a positive integer")?;
    }
    for letter in letters.chars() {
        match letter {
            'x' | 'a' => request.radix = Radix::Hex,
            'd' | 'u' => request.radix = Radix::Dec,
            'o' => request.radix = Radix::Oct,
            't' => request.radix = Radix::Bin,
            'b' => request.size = 1,
            'h' => request.size = 2,
            'w' => request.size = 4,
            'g' => request.size = 8,
            other => {
                return Err(format!("{} is not a valid format", quote(other.to_string().as_bytes())));
            }
        }
    }
    if operand.is_empty() {
        return Err("no address specified".to_owned());
    }
    request.is_expression = parse_integer(operand).is_none();
    request.operand = operand;
    Ok(request)
}

fn address_of(client: &dyn Client, scope: EvalScope, expr: &str) -> Result<u64, String> {
    let value = client.eval(scope, expr, Some(LoadConfig::SHORT)).map_err(|error| error.to_string())?;
    let bad = |text: &str| format!("bad expression result: {}: {text}", quote(expr.as_bytes()));
    match value.kind {
        Kind::POINTER => value.children.first().map(|target| target.addr).ok_or_else(|| bad("nil pointer")),
        Kind::UNSAFE_POINTER => Ok(value.children.first().map_or(0, |target| target.addr)),
        Kind::UINTPTR
        | Kind::INT
        | Kind::INT8
        | Kind::INT16
        | Kind::INT32
        | Kind::INT64
        | Kind::UINT
        | Kind::UINT8
        | Kind::UINT16
        | Kind::UINT32
        | Kind::UINT64 => value.value.parse().map_err(|_| bad("not an address")),
        kind => Err(format!("unsupported expression type: {}", kind_text(kind))),
    }
}

fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::STRUCT => "struct".to_owned(),
        Kind::STRING => "string".to_owned(),
        Kind::SLICE => "slice".to_owned(),
        Kind::ARRAY => "array".to_owned(),
        Kind::MAP => "map".to_owned(),
        Kind::FUNC => "func".to_owned(),
        Kind::CHAN => "chan".to_owned(),
        Kind::INTERFACE => "interface".to_owned(),
        Kind::BOOL => "bool".to_owned(),
        Kind::FLOAT32 => "float32".to_owned(),
        Kind::FLOAT64 => "float64".to_owned(),
        Kind(number) => format!("kind {number}"),
    }
}

fn memory_rows(address: u64, bytes: &[u8], request: &Examine<'_>, little_endian: bool) -> String {
    let size = request.size as usize;
    let columns = if request.radix == Radix::Bin { 4 } else { 8 };
    let last = address.saturating_add(bytes.len() as u64);
    let width = format!("{last:#x}").len();
    let mut text = String::new();
    for (row, chunk) in bytes.chunks(size * columns).enumerate() {
        let start = address.wrapping_add((row * size * columns) as u64);
        text.push_str(&format!("{start:#0width$x}:   "));
        for cell in chunk.chunks_exact(size) {
            let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
            let value =
                if little_endian { cell.iter().rev().fold(0, fold) } else { cell.iter().fold(0, fold) };
            let cell = match request.radix {
                Radix::Hex => format!("0x{value:0w$x}", w = 2 * size),
                Radix::Oct => format!("0{value:0w$o}", w = 3 * size),
                Radix::Dec => format!("{value:0w$}", w = 3 * size),
                Radix::Bin | Radix::Raw => format!("{value:0w$b}", w = 8 * size),
            };
            text.push_str(&cell);
            text.push_str("   ");
        }
        text.push('\n');
    }
    text
}

/// The value of a Go integer literal: decimal, `0x`, `0o` or leading `0`, `0b`.
pub fn parse_integer(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', b'b' | b'B', ..] => (&text[2..], 2),
        [b'0', b'o' | b'O', ..] => (&text[2..], 8),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, radix).ok() }
}

#[cfg(test)]
mod tests {
    use super::{Examine, Radix, memory_rows, parse_examine};

    #[test]
    fn long_and_short_forms() {
        let long = parse_examine("-fmt dec -size 4 -count 10 -x &main.counter").unwrap();
        assert_eq!(
            long,
            Examine { radix: Radix::Dec, count: 10, size: 4, operand: "&main.counter", is_expression: true }
        );
        let short = parse_examine("/8xg 0xc0").unwrap();
        assert_eq!(
            short,
            Examine { radix: Radix::Hex, count: 8, size: 8, operand: "0xc0", is_expression: false }
        );
    }

    #[test]
    fn errors() {
        for (args, error) in [
            ("", "no address specified"),
            ("-fmt", "expected argument after -fmt"),
            ("-fmt foo 1", "\"foo\" is not a valid format"),
            ("-count", "expected argument after -count/-len"),
            ("-count 0 1", "count/len must be a positive integer"),
            ("-size", "expected argument after -size"),
            ("-size 9 1", "size must be a positive integer (<=8)"),
            ("-foo 1", "unknown option \"-foo\""),
            ("/3z 1", "\"z\" is not a valid format"),
        ] {
            assert_eq!(parse_examine(args).unwrap_err(), error, "{args}");
        }
    }

    #[test]
    fn rows() {
        let request = Examine { radix: Radix::Dec, count: 10, size: 4, operand: "", is_expression: false };
        let bytes: Vec<u8> = (0..40u8).map(|i| if i % 4 == 0 { i / 4 } else { 0 }).collect();
        let text = memory_rows(0x5d_c8f8, &bytes, &request, true);
        assert_eq!(
            text,
            "0x5dc8f8:   000000000000   000000000001   000000000002   000000000003   000000000004   000000000005   000000000006   000000000007   \n0x5dc918:   000000000008   000000000009   \n"
        );
        let hex = Examine { radix: Radix::Hex, size: 2, ..request };
        assert_eq!(memory_rows(0x10, &[1, 2], &hex, true), "0x10:   0x0201   \n");
        assert_eq!(memory_rows(0x10, &[1, 2], &hex, false), "0x10:   0x0102   \n");
    }
}
