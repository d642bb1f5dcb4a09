//! `os.File`: its name and descriptor.

use super::view::View;
use super::{Family, Formatter};

pub(super) fn family(name: &str) -> Option<Family> {
    (name == "File").then_some(file)
}

/// Name and descriptor (`os.File` of all systems; `internal/poll/fd_mutex.go`: bit 0 says that it was closed).
fn file(f: &Formatter, view: &View<'_>) -> Option<String> {
    const CLOSED: u64 = 1;
    let Some(file) = view.field("file")?.pointee()? else { return Some("nil".to_owned()) };
    let name = file.field("name")?.text(f.limit)?.quoted();
    let Some(poll) = file.field("pfd") else { return Some(name) };
    let closed = poll.path(&["fdmu", "state"]).and_then(|state| state.uint()).unwrap_or(0) & CLOSED != 0;
    let descriptor = poll.field("Sysfd")?.int()?;
    match closed || descriptor < 0 {
        true => Some(format!("{name}, closed")),
        false => Some(format!("{name}, fd {descriptor}")),
    }
}
