//! `.gnu_debuglink`: the name of the debug file, padded with zeros to a multiple of four bytes, and its CRC-32 in the
//! binary's byte order (the GDB manual, "Debugging Information in Separate Files").

use std::path::{Path, PathBuf};

use super::{Candidate, Proof, folders_of};
use crate::Binary;

/// Where the file that the link names may be: beside the binary, in `.debug` beside it, and below the global
/// directories at the place where the binary is.
pub(super) fn candidates(binary: &Binary, directories: &[PathBuf]) -> Vec<Candidate> {
    let link = binary.section(".gnu_debuglink");
    let Some((name, crc)) = link.and_then(|link| parse(link.data(), binary.order())) else {
        return Vec::new();
    };
    let folders = folders_of(binary.path());
    let beside = folders.iter().flat_map(|folder| [folder.join(&name), folder.join(".debug").join(&name)]);
    let global = directories.iter().flat_map(|directory| {
        let root = root_of(directory);
        let inside =
            folders.iter().map(|folder| root.join(folder.strip_prefix("/").unwrap_or(folder)).join(&name));
        inside.chain([root.join(&name)]).collect::<Vec<_>>()
    });
    let candidate = |path| Candidate { path, proof: Proof::Crc(crc) };
    beside.chain(global).map(candidate).collect()
}

/// A name and a CRC. A name with a slash would lead anywhere: no tool writes one.
fn parse(link: &[u8], order: adit_arch::ByteOrder) -> Option<(String, u32)> {
    let end = link.iter().position(|byte| *byte == 0)?;
    let name = str::from_utf8(&link[..end]).ok()?;
    let at = (end + 1).next_multiple_of(4);
    let crc = u32::try_from(order.uint(link.get(at..at + 4)?)).ok()?;
    let is_plain = !matches!(name, "" | "." | "..") && !name.contains(['/', '\\']);
    is_plain.then(|| (name.to_owned(), crc))
}

/// `/usr/lib/debug` of `/usr/lib/debug/.build-id`.
fn root_of(directory: &Path) -> &Path {
    match (directory.file_name(), directory.parent()) {
        (Some(name), Some(parent)) if name == ".build-id" => parent,
        _ => directory,
    }
}

#[cfg(test)]
mod tests {
    use adit_arch::ByteOrder;

    use super::{parse, root_of};
    use std::path::Path;

    #[test]
    fn links_are_names_and_checksums() {
        let link = b"a.debug\0\x01\x02\x03\x04";
        assert_eq!(parse(link, ByteOrder::Little), Some(("a.debug".to_owned(), 0x0403_0201)));
        assert_eq!(parse(link, ByteOrder::Big), Some(("a.debug".to_owned(), 0x0102_0304)));
        assert_eq!(parse(b"ab\0\0\x01\0\0\0", ByteOrder::Little), Some(("ab".to_owned(), 1)));
        for bad in
            [&b""[..], b"a.debug", b"a.debug\0\x01\x02", b"\0\0\0\0\x01\0\0\0", b"../x\0\0\0\0\x01\0\0\0"]
        {
            assert_eq!(parse(bad, ByteOrder::Little), None, "{bad:?}");
        }
    }

    #[test]
    fn global_directories_are_above_the_build_ids() {
        assert_eq!(root_of(Path::new("/usr/lib/debug/.build-id")), Path::new("/usr/lib/debug"));
        assert_eq!(root_of(Path::new("/srv/debug")), Path::new("/srv/debug"));
    }
}
