//! Replies, as Go's `encoding/json` writes them.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

/// Appends `value` to `out`.
pub(super) fn write_json(out: &mut Vec<u8>, value: &impl Serialize) -> Result<(), serde_json::Error> {
    value.serialize(&mut Serializer::with_formatter(out, GoFormatter))
}

/// A whole reply. `result` appends the result, or returns the text of an error.
pub(super) fn envelope(id: &str, result: impl FnOnce(&mut Vec<u8>) -> Result<(), String>) -> Vec<u8> {
    let mut reply = Vec::with_capacity(256);
    reply.extend_from_slice(b"{\"id\":");
    reply.extend_from_slice(id.as_bytes());
    reply.extend_from_slice(b",\"result\":");
    let start = reply.len();
    match result(&mut reply) {
        Ok(()) => reply.extend_from_slice(b",\"error\":null}\n"),
        Err(text) => {
            reply.truncate(start);
            reply.extend_from_slice(b"null,\"error\":");
            // A text can always be written to memory.
            write_json(&mut reply, &text).expect("writing a string to memory");
            reply.extend_from_slice(b"}\n");
        }
    }
    reply
}

/// What is safe within HTML and JavaScript: `<`, `>`, `&`, U+2028 and U+2029 are escaped (`appendString` of
/// `encoding/json`, `escapeHTML`).
struct GoFormatter;

impl Formatter for GoFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let bytes = fragment.as_bytes();
        let mut written = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let (escape, length): (&[u8], usize) = match byte {
                b'<' => (b"\\u003c", 1),
                b'>' => (b"\\u003e", 1),
                b'&' => (b"\\u0026", 1),
                0xe2 if bytes[at..].starts_with("\u{2028}".as_bytes()) => (b"\\u2028", 3),
                0xe2 if bytes[at..].starts_with("\u{2029}".as_bytes()) => (b"\\u2029", 3),
                _ => continue,
            };
            writer.write_all(&bytes[written..at])?;
            writer.write_all(escape)?;
            written = at + length;
        }
        writer.write_all(&bytes[written..])
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::envelope;

    #[test]
    fn errors_and_strings_look_as_go_writes_them() {
        let reply = envelope("7", |out| {
            out.extend_from_slice(b"{\"half\":");
            Err("<a>&\u{2028}\u{2029}€\u{7f}\u{1}\u{8}\u{c}\n\r\t\"\\/".to_owned())
        });
        assert_eq!(
            String::from_utf8(reply).unwrap(),
            "{\"id\":7,\"result\":null,\"error\":\"\\u003ca\\u003e\\u0026\\u2028\\u2029€\u{7f}\\u0001\\b\\f\\n\\r\\t\\\"\\\\/\"}\n"
        );
    }
}
