//! Why a file could not be opened as a binary.

use std::path::PathBuf;

/// A file that cannot be opened as a binary, and why, on one line for people.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("open {}: no such file or directory", .0.display())]
    NotFound(PathBuf),
    /// A directory, device or socket.
    #[error("not an executable file: {} is not a regular file", .0.display())]
    NotRegular(PathBuf),
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file has no bytes.
    #[error("not an executable file: it is empty")]
    Empty,
    /// No linked program of a known format; the text says what it looks like.
    #[error("not an executable file: it is {0}")]
    NotExecutableFormat(&'static str),
    /// The file ends before its headers do.
    #[error("the executable is incomplete: {0}")]
    Truncated(&'static str),
    /// The headers contradict their format.
    #[error("the executable is damaged: {0}")]
    Damaged(String),
    /// A universal binary that lacks the program asked for; the text lists what it has.
    #[error("the universal binary has no program for the architecture asked for, only for: {0}")]
    NoSlice(String),
    /// A program for a machine that adit has no table for.
    #[error("the executable is for {0}, which adit cannot read yet")]
    Foreign(String),
}
