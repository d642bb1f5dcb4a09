//! How many entries a `sync.Map` has.

use adit_symbols::Shape;

use super::super::Value;
use super::Formatter;
use super::view::View;

/// Entries that are counted.
const MOST_ENTRIES: u64 = 2000;

pub(super) fn summary(f: &Formatter, view: &View<'_>) -> Option<String> {
    // Since go1.24 the one in `internal/sync` is wrapped, unless the program was built without it.
    let count = match view.field("m") {
        Some(trie) => trie_entries(f, &trie)?,
        None if view.field("root").is_some() => trie_entries(f, view)?,
        None => table_entries(f, view)?,
    };
    Some(match count {
        0 => "empty".to_owned(),
        1 => "1 entry".to_owned(),
        2..MOST_ENTRIES => format!("{count} entries"),
        _ => format!("over {MOST_ENTRIES} entries"),
    })
}

/// A hash trie (`internal/sync/hashtriemap.go`): nodes with 16 children each, entries at the ends, those with the same
/// hash chained.
fn trie_entries(f: &Formatter, trie: &View<'_>) -> Option<u64> {
    if trie.field("inited")?.uint()? == 0 {
        return Some(0);
    }
    let Some(root) = trie.field("root")?.pointee()? else { return Some(0) };
    let indirect = root.value.ty.clone();
    let mut nodes = vec![root];
    let mut count = 0;
    while let Some(node) = nodes.pop() {
        f.step()?;
        for child in node.field("children")?.slice()?.iter(16) {
            let Some(child) = child.pointee()? else { continue };
            let addr = child.value.addr()?.0;
            if child.field("isEntry")?.uint()? == 0 {
                nodes.push(child.at(indirect.clone(), addr));
                continue;
            }
            count += 1;
            // The type of entries is not in the debug information: behind `isEntry` is the next with the same hash.
            let next = |entry: u64| {
                let place = adit_process::Addr(entry).offset(trie.loader.word_size() as i64);
                trie.loader.target.read_pointer(place).ok().map(|pointer| pointer.0)
            };
            let mut same_hash = next(addr)?;
            while same_hash != 0 {
                f.step()?;
                count += 1;
                same_hash = next(same_hash)?;
            }
            if count >= MOST_ENTRIES {
                return Some(count);
            }
        }
    }
    Some(count)
}

/// Two tables (`sync/map.go`, or `sync/oldmap.go`): the one for reading, which may lack some, and `dirty`, which has
/// all if it is there. Entries whose pointer is nil or `expunged` were deleted.
fn table_entries(f: &Formatter, view: &View<'_>) -> Option<u64> {
    let mut table = view.field("dirty")?;
    if table.word(0)? == 0 {
        let read = view.field("read")?;
        // An atomic.Value of readOnly before go1.20, a pointer to it since.
        let read = match read.field("v")?.dynamic() {
            Some(inner) => inner,
            None => read.pointee()?,
        };
        let Some(read) = read else { return Some(0) };
        table = read.field("m")?;
    }
    let expunged = view.global_pointer("sync.expunged");
    let Shape::Map { key, elem, header } = table.real()?.shape else { return None };
    let mut live = 0;
    let mut visit = |_, entry: Value| {
        let entry = View::new(view.loader, entry).behind();
        let pointer = entry.and_then(|entry| entry.field("p")?.uint()).unwrap_or(0);
        live += u64::from(pointer != 0 && Some(pointer) != expunged);
        Ok(live < MOST_ENTRIES && f.step().is_some())
    };
    view.loader.each_entry(&table.value, (key, elem, header), &mut visit).ok()?;
    Some(live)
}
