//! Files that a compiler put debug information in instead of the program (`-gsplit-dwarf`; DWARF 5 §7.3.2).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::{Binary, SectionLoader, SplitLink};

/// The sections of the file that a link of `program` leads to: where the compiler wrote it or, as programs are moved
/// with their files, beside the program. Whether it is of the same build is for its reader to see.
pub(crate) fn split_file(link: &SplitLink, program: &Path) -> Option<SectionLoader> {
    let written = Path::new(&link.folder).join(&link.path);
    let beside = Path::new(&link.path).file_name().map(|name| program.with_file_name(name));
    let mut candidates = [Some(written), beside].into_iter().flatten();
    candidates.find_map(|path| Binary::open_supplementary(&path).ok()).map(|file| file.unlinked_loader())
}

/// The sections of the package of all files that `program`'s units were split off to: beside it, named like it with
/// `.dwp` appended.
pub(crate) fn package(program: &Path) -> Option<SectionLoader> {
    let mut path = OsString::from(program);
    path.push(".dwp");
    Binary::open_supplementary(&PathBuf::from(path)).ok().map(|file| file.unlinked_loader())
}
