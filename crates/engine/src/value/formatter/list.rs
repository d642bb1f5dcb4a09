//! `container/list.List`: its first elements.

use std::fmt::Write;

use super::view::View;
use super::{Family, Formatter, plural};

/// Elements that are shown.
const MOST_ELEMENTS: usize = 8;

pub(super) fn family(name: &str) -> Option<Family> {
    (name == "List").then_some(list)
}

/// `container/list/list.go`: a ring through `root`.
fn list(f: &Formatter, view: &View<'_>) -> Option<String> {
    let len = view.field("len")?.uint()?;
    let root = view.field("root")?;
    let mut text = plural(len, "element");
    let mut next = root.field("next")?.pointee()?;
    let mut shown = 0;
    while let Some(element) = next.take() {
        if root.value.addr().is_some() && element.value.addr() == root.value.addr() {
            break;
        }
        if shown >= MOST_ELEMENTS.min(usize::try_from(len).unwrap_or(0)) {
            text.push_str(if shown < usize::try_from(len).unwrap_or(usize::MAX) { ", ..." } else { "" });
            break;
        }
        let value = f.nested(|| f.brief(&element.field("Value")?))?;
        let _ = write!(text, "{}{value}", if shown == 0 { ": " } else { ", " });
        shown += 1;
        next = element.field("next")?.pointee()?;
    }
    Some(text)
}
