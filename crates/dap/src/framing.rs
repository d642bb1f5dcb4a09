//! How messages lie on a connection: a header `Content-Length: N`, an empty line, and N bytes of JSON.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// No editor sends more; a header that says more is a mistake or an attack.
const LONGEST_MESSAGE: usize = 64 << 20;
const LONGEST_HEADER: u64 = 8 << 10;

/// The two directions of a connection to an editor, and a way to end both while somebody reads.
pub struct Connection {
    /// What the editor sends.
    pub reader: Box<dyn BufRead + Send>,
    /// What the editor gets.
    pub writer: Box<dyn Write + Send>,
    /// Ends the connection.
    pub close: Box<dyn Fn() + Send + Sync>,
}

/// Why no message could be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("{0}")]
    Io(#[from] io::Error),
    /// What follows cannot be told apart any more.
    #[error("{0}")]
    Header(String),
    /// The message is lost, the next one is not.
    #[error("{0}")]
    Json(serde_json::Error),
}

/// Reads the next message; `None` at the end of the connection.
pub(crate) fn read(reader: &mut dyn BufRead) -> Result<Option<Value>, ReadError> {
    let Some(length) = read_header(reader)? else { return Ok(None) };
    let mut content = Vec::new();
    // The buffer grows with what arrives, not with what was announced.
    reader.take(length as u64).read_to_end(&mut content)?;
    if content.len() < length {
        return Ok(None);
    }
    serde_json::from_slice(&content).map(Some).map_err(ReadError::Json)
}

fn read_header(reader: &mut dyn BufRead) -> Result<Option<usize>, ReadError> {
    let mut length = None;
    let mut header = reader.take(LONGEST_HEADER);
    loop {
        let mut line = Vec::new();
        if header.read_until(b'\n', &mut line)? == 0 {
            return match header.limit() {
                0 => Err(ReadError::Header("the header of a message does not end".to_owned())),
                _ => Ok(None),
            };
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| ReadError::Header("no Content-Length".to_owned()));
        }
        let value = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
        if let Some((_, number)) = value {
            let number = number.trim().parse().ok().filter(|&number| number <= LONGEST_MESSAGE);
            length = Some(number.ok_or_else(|| ReadError::Header(format!("a bad header: {line}")))?);
        }
    }
}

/// Writes a message.
pub(crate) fn write(writer: &mut dyn Write, message: &Value) -> io::Result<()> {
    let content = message.to_string();
    // One write: it becomes one packet.
    let mut bytes = format!("Content-Length: {}\r\n\r\n", content.len()).into_bytes();
    bytes.extend_from_slice(content.as_bytes());
    writer.write_all(&bytes)?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, &json!({"seq": 1, "text": "ä"})).unwrap();
        write(&mut bytes, &json!([])).unwrap();
        let mut reader = bytes.as_slice();
        assert_eq!(read(&mut reader).unwrap(), Some(json!({"seq": 1, "text": "ä"})));
        assert_eq!(read(&mut reader).unwrap(), Some(json!([])));
        assert_eq!(read(&mut reader).unwrap(), None);
    }

    #[test]
    fn broken_messages_are_told_apart() {
        let error = |text: &str| read(&mut text.as_bytes()).unwrap_err();
        assert!(matches!(error("Content-Length: 3\r\n\r\n{x}"), ReadError::Json(_)));
        assert!(matches!(error("Content-Length: x\r\n\r\n{}"), ReadError::Header(_)));
        assert!(matches!(error("Content-Length: 99999999999\r\n\r\n{}"), ReadError::Header(_)));
        assert!(matches!(error("Other: 1\r\n\r\n{}"), ReadError::Header(_)));
        assert!(matches!(error(&"x".repeat(10_000)), ReadError::Header(_)));
        assert_eq!(read(&mut "Content-Length: 30\r\n\r\n{}".as_bytes()).unwrap(), None);
    }
}
