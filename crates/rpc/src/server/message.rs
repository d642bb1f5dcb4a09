//! Messages out of a stream of bytes.

use std::io::{self, Read};

use crate::Stream;

const CHUNK: usize = 16 << 10;

/// Takes JSON objects, one after the other, from a connection.
pub(super) struct MessageReader {
    stream: Stream,
    buffer: Vec<u8>,
    /// How much of the buffer has been looked at.
    scanned: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

/// Why there is no further message.
#[derive(Debug)]
pub(super) enum NoMessage {
    /// The client has closed the connection, or it broke.
    Closed,
    /// It sent something that no message begins with.
    Malformed,
    /// Its message is longer than the limit.
    TooLong,
}

impl MessageReader {
    pub(super) fn new(stream: Stream) -> MessageReader {
        MessageReader { stream, buffer: Vec::new(), scanned: 0, depth: 0, in_string: false, escaped: false }
    }

    /// The first byte that the client sends, which remains to be read.
    pub(super) fn first_byte(&mut self) -> Option<u8> {
        if self.buffer.is_empty() && self.fill().ok()? == 0 {
            return None;
        }
        self.buffer.first().copied()
    }

    /// Gives the connection away, with what has been read of it.
    pub(super) fn take_stream(&mut self) -> Stream {
        let unread = std::mem::take(&mut self.buffer);
        self.stream.clone().with_unread(&unread)
    }

    fn fill(&mut self) -> io::Result<usize> {
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK, 0);
        let read = loop {
            match self.stream.read(&mut self.buffer[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(length + *read.as_ref().unwrap_or(&0));
        read
    }

    /// The next object, as text in which bytes that are no UTF-8 are replaced.
    pub(super) fn next(&mut self, limit: usize) -> Result<String, NoMessage> {
        loop {
            if let Some(end) = self.scan()? {
                if end > limit {
                    return Err(NoMessage::TooLong);
                }
                let rest = self.buffer.split_off(end);
                let message = std::mem::replace(&mut self.buffer, rest);
                self.scanned = 0;
                return Ok(String::from_utf8(message)
                    .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()));
            }
            if self.buffer.len() > limit {
                return Err(NoMessage::TooLong);
            }
            if !matches!(self.fill(), Ok(1..)) {
                return Err(NoMessage::Closed);
            }
        }
    }

    /// Looks at what has come since, and returns where the object ends if it does.
    fn scan(&mut self) -> Result<Option<usize>, NoMessage> {
        if self.depth == 0 {
            let space = self.buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.buffer.drain(..space);
            self.scanned = 0;
        }
        while let Some(&byte) = self.buffer.get(self.scanned) {
            self.scanned += 1;
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'{' | b'[' if self.depth > 0 || byte == b'{' => self.depth += 1,
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ if self.depth == 0 => return Err(NoMessage::Malformed),
                b'"' => self.in_string = true,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Ok(Some(self.scanned));
                    }
                }
                _ => {}
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::{MessageReader, NoMessage};

    fn reader_of(bytes: &[u8]) -> MessageReader {
        let (mut client, server) = UnixStream::pair().unwrap();
        client.write_all(bytes).unwrap();
        MessageReader::new(server.into())
    }

    #[test]
    fn objects_follow_each_other_with_or_without_space() {
        let mut reader = reader_of(b" {\"a\":\"}{\\\"\"}{\"b\":[{}]}\r\n\t{}\xff");
        assert_eq!(reader.first_byte(), Some(b' '));
        assert_eq!(reader.next(100).unwrap(), "{\"a\":\"}{\\\"\"}");
        assert_eq!(reader.next(100).unwrap(), "{\"b\":[{}]}");
        assert_eq!(reader.next(100).unwrap(), "{}");
        assert!(matches!(reader.next(100), Err(NoMessage::Malformed)));
    }

    #[test]
    fn a_message_cut_off_is_none() {
        let mut reader = reader_of(b"{\"a\":");
        assert!(matches!(reader.next(100), Err(NoMessage::Closed)));
    }

    #[test]
    fn a_message_may_be_too_long() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(50_000));
        let mut reader = reader_of(long.as_bytes());
        assert!(matches!(reader.next(40_000), Err(NoMessage::TooLong)));
        let mut reader = reader_of(long.as_bytes());
        assert_eq!(reader.next(60_000).unwrap(), long);
    }

    #[test]
    fn what_was_read_to_see_what_it_is_comes_again() {
        use std::io::Read;
        let mut reader = reader_of(b"Content-Length: 2\r\n\r\n{}");
        assert_eq!(reader.first_byte(), Some(b'C'));
        let mut bytes = [0; 23];
        reader.take_stream().read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"Content-Length: 2\r\n\r\n{}");
    }
}
