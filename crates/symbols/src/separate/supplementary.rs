//! What the debug information of several files has in common, in a file of its own (dwz).
//!
//! `.gnu_debugaltlink` is the file's path, a zero byte, and its build ID. `.debug_sup` says the same since DWARF 5
//! (§7.3.6).

use std::path::{Path, PathBuf};

use adit_arch::ByteOrder;

use super::{Candidate, Proof, build_id, folders_of};
use crate::Binary;

/// Where the supplementary file of `binary` (the file that has the debug information itself) may be.
pub(super) fn candidates(binary: &Binary, directories: &[PathBuf]) -> Vec<Candidate> {
    let section = |name| binary.section(name);
    let link = section(".gnu_debugaltlink")
        .and_then(|link| parse_altlink(link.data()))
        .or_else(|| section(".debug_sup").and_then(|link| parse_sup(link.data(), binary.order())));
    let Some((path, id)) = link else { return Vec::new() };
    let path = Path::new(&path);
    let named = folders_of(binary.path()).into_iter().map(|folder| folder.join(path));
    let by_id = build_id::paths(&id, directories);
    let candidate = |path| Candidate { path, proof: Proof::Identity(id.clone()) };
    named.chain(by_id).map(candidate).collect()
}

fn parse_altlink(link: &[u8]) -> Option<(String, Vec<u8>)> {
    let end = link.iter().position(|byte| *byte == 0)?;
    let path = str::from_utf8(&link[..end]).ok()?;
    (!path.is_empty()).then(|| (path.to_owned(), link[end + 1..].to_vec()))
}

/// A version, whether this is the supplementary file itself, a path, the length of a checksum and the checksum.
fn parse_sup(link: &[u8], order: ByteOrder) -> Option<(String, Vec<u8>)> {
    let (head, rest) = link.split_at_checked(3)?;
    if order.uint(&head[..2]) != 5 || head[2] != 0 {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == 0)?;
    let path = str::from_utf8(&rest[..end]).ok()?;
    // An ULEB128; a checksum whose length takes a second byte is none.
    let (length, checksum) = rest[end + 1..].split_first()?;
    let id = checksum.get(..usize::from(*length)).filter(|_| *length < 0x80)?;
    (!path.is_empty()).then(|| (path.to_owned(), id.to_vec()))
}

#[cfg(test)]
mod tests {
    use adit_arch::ByteOrder;

    use super::{parse_altlink, parse_sup};

    #[test]
    fn links_are_paths_and_identities() {
        assert_eq!(parse_altlink(b"../x.dwz\0\xab\xcd"), Some(("../x.dwz".to_owned(), vec![0xab, 0xcd])));
        for bad in [&b""[..], b"x.dwz", b"\0\xab"] {
            assert_eq!(parse_altlink(bad), None, "{bad:?}");
        }
        let sup = b"\x05\0\0x.dwz\0\x02\xab\xcd";
        assert_eq!(parse_sup(sup, ByteOrder::Little), Some(("x.dwz".to_owned(), vec![0xab, 0xcd])));
        for bad in [&b""[..], b"\x04\0\0x\0\0", b"\x05\0\x01x\0\0", b"\x05\0\0x", b"\x05\0\0x\0\x09\xab"] {
            assert_eq!(parse_sup(bad, ByteOrder::Little), None, "{bad:?}");
        }
    }
}
