//! What clients show to be let in.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A secret that the server and its clients share.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No random bytes are to be had.
    #[error("could not make a token: {0}")]
    NotRandom(io::Error),
    /// The file cannot be read.
    #[error("could not read the token from {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// There is nothing that could be a token in the file.
    #[error("{0} has no token: its first line must be at least 16 characters long")]
    TooShort(PathBuf),
}

/// Shorter ones are guessed too easily.
const MIN_LENGTH: usize = 16;

impl Token {
    /// A new one: 32 hexadecimal digits.
    pub fn generate() -> Result<Token, TokenError> {
        let mut bytes = [0; 16];
        let random = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
        random.map_err(TokenError::NotRandom)?;
        Ok(Token(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The first line of a file, without space around it.
    pub fn from_file(path: &Path) -> Result<Token, TokenError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| TokenError::Unreadable(path.to_owned(), error))?;
        let token = text.lines().next().unwrap_or_default().trim();
        if token.len() < MIN_LENGTH {
            return Err(TokenError::TooShort(path.to_owned()));
        }
        Ok(Token(token.to_owned()))
    }

    /// The token itself, to be shown to those who may connect.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Is `shown` this token? How long that takes says nothing about it but its length.
    pub fn is(&self, shown: &str) -> bool {
        let (own, shown) = (self.0.as_bytes(), shown.as_bytes());
        own.len() == shown.len() && own.iter().zip(shown).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
}

/// Logs are read by others.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
