//! `.dSYM` bundles: folders into which Apple's `dsymutil` puts the debug information of a Mach-O file. Its UUID
//! (LC_UUID) shows that it belongs to it, as a build ID does.

use std::path::{Path, PathBuf};

use super::{Candidate, Proof, folders_of};
use crate::Binary;

/// Where the bundle of a program for macOS or iOS may be: beside it.
pub(super) fn candidates(binary: &Binary) -> Vec<Candidate> {
    if !matches!(binary.goos(), "darwin" | "ios") {
        return Vec::new();
    }
    let Some(name) = binary.path().file_name().map(Path::new) else { return Vec::new() };
    let candidate = |folder: PathBuf| Candidate { path: inside(&folder, name), proof: Proof::BuildId };
    folders_of(binary.path()).into_iter().map(candidate).collect()
}

/// `program.dSYM/Contents/Resources/DWARF/program`.
fn inside(folder: &Path, name: &Path) -> PathBuf {
    let bundle = format!("{}.dSYM", name.display());
    folder.join(bundle).join("Contents/Resources/DWARF").join(name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::inside;

    #[test]
    fn bundles_are_beside_the_program() {
        let path = inside(Path::new("/opt/bin"), Path::new("server.test"));
        assert_eq!(path, Path::new("/opt/bin/server.test.dSYM/Contents/Resources/DWARF/server.test"));
    }
}
