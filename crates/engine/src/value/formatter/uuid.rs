//! UUIDs: arrays of sixteen bytes, named `UUID` in whatever package.

use std::fmt::Write;

use super::Formatter;
use super::view::View;

/// Sixteen bytes as RFC 9562 §4 writes them.
pub(super) fn uuid(_: &Formatter, view: &View<'_>) -> Option<String> {
    let bytes = view.slice()?.bytes(16).filter(|bytes| bytes.len() == 16)?;
    let mut text = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        let dash = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
        let _ = write!(text, "{dash}{byte:02x}");
    }
    Some(text)
}
