//! Syntax errors, worded and placed as Go's parser does.

use std::fmt;

/// Why a text is not an expression. Displays as `1:4: expected operand, found 'EOF'`, with
/// ` (and 2 more errors)` behind it if there are several, as go/scanner's `ErrorList` prints itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SyntaxError {
    /// Line of the first error, from 1.
    pub line: usize,
    /// Column of the first error in bytes, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
    /// How many errors follow the first.
    pub more: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        if self.more > 0 {
            write!(f, " (and {} more errors)", self.more)?;
        }
        Ok(())
    }
}

/// The errors of one parse. Only what the final text needs is kept, however many there are.
#[derive(Debug)]
pub(crate) struct ErrorList {
    line_starts: Vec<usize>,
    first: Option<(usize, usize, String)>,
    count: usize,
    last_line: Option<usize>,
}

impl ErrorList {
    pub(crate) fn new(text: &str) -> ErrorList {
        let newlines = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i + 1);
        ErrorList {
            line_starts: std::iter::once(0).chain(newlines).collect(),
            first: None,
            count: 0,
            last_line: None,
        }
    }

    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn last_line(&self) -> Option<usize> {
        self.last_line
    }

    pub(crate) fn add(&mut self, offset: usize, message: String) {
        let line = self.line_of(offset);
        let column = offset - self.line_starts[line - 1] + 1;
        self.count += 1;
        self.last_line = Some(line);
        let error = (line, column, message);
        // Errors are reported sorted by position, then text: the least one is the first.
        if self.first.as_ref().is_none_or(|first| error < *first) {
            self.first = Some(error);
        }
    }

    pub(crate) fn into_result(self) -> Result<(), SyntaxError> {
        match self.first {
            None => Ok(()),
            Some((line, column, message)) => Err(SyntaxError { line, column, message, more: self.count - 1 }),
        }
    }
}
