//! What holds text, or shows as its text: buffers, readers, JSON, regular expressions.

use std::fmt::Write;

use super::view::View;
use super::{Family, Formatter, plain};

/// Text of the program, perhaps cut off.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    /// What was read; bytes that are no UTF-8 are replaced.
    pub(super) shown: String,
    /// Bytes that were not read.
    pub(super) more: u64,
}

impl Text {
    pub(super) fn new(bytes: &[u8], more: u64) -> Text {
        Text { shown: String::from_utf8_lossy(bytes).into_owned(), more }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.more == 0
    }

    pub(super) fn push(&mut self, text: &str) {
        self.shown.push_str(text);
    }

    /// Adds a text that may be cut off.
    pub(super) fn append(&mut self, text: &Text) {
        self.shown.push_str(&text.shown);
        self.more = self.more.saturating_add(text.more);
    }

    /// Cuts it off after so many bytes.
    pub(super) fn limited(mut self, most: usize) -> Text {
        if self.shown.len() > most {
            let end = (0..=most).rev().find(|end| self.shown.is_char_boundary(*end)).unwrap_or(0);
            self.more = self.more.saturating_add((self.shown.len() - end) as u64);
            self.shown.truncate(end);
        }
        self
    }

    /// In quotes, with `...+N more` inside if it was cut off, as strings are shown.
    pub(super) fn quoted(&self) -> String {
        let mut quoted = adit_expr::quote(&self.shown);
        if self.more > 0 {
            quoted.pop();
            let _ = write!(quoted, "...+{} more\"", self.more);
        }
        quoted
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text { shown: text.to_owned(), more: 0 }
    }
}

pub(super) fn family(package: &str, name: &str) -> Option<Family> {
    Some(match (package, name) {
        ("bytes", "Buffer") => |f, view| unread(f, view, "buf", "off"),
        ("bytes" | "strings", "Reader") => |f, view| unread(f, view, "s", "i"),
        ("strings", "Builder") => |f, view| unread(f, view, "buf", ""),
        ("regexp", "Regexp") => |f, view| Some(plain(&view.field("expr")?.text(f.limit)?)),
        // Two names of one type where encoding/json is made of its second version (go1.25 as an experiment).
        ("encoding/json", "RawMessage") | ("encoding/json/jsontext", "Value") => |f, view| {
            let elements = view.slice()?;
            Some(plain(&elements.text(0, f.limit)?))
        },
        _ => return None,
    })
}

/// What is still to be read of a buffer: its field `from` says how much was.
fn unread(f: &Formatter, view: &View<'_>, bytes: &str, from: &str) -> Option<String> {
    let bytes = view.field(bytes)?;
    let from = view.field(from).map_or(Some(0), |from| from.uint())?;
    let text = match bytes.slice() {
        Some(elements) => elements.text(from, f.limit)?,
        None => {
            // A string: as much more of it as was read already.
            let most = usize::try_from(from).ok()?.checked_add(f.limit).filter(|most| *most < 1 << 20)?;
            let mut text = bytes.text(most)?;
            let read = (0..=text.shown.len().min(from as usize))
                .rev()
                .find(|at| text.shown.is_char_boundary(*at))?;
            text.shown.drain(..read);
            text
        }
    };
    Some(text.quoted())
}
