//! Files named by a build ID.

use std::path::{Path, PathBuf};

use super::{Candidate, Proof};
use crate::Binary;

/// The longest build ID that a file is looked up by, in bytes; SHA-512 makes them so long.
const LONGEST: usize = 64;

/// Where the debug information of a binary with a build ID may be.
pub(super) fn candidates(binary: &Binary, directories: &[PathBuf]) -> Vec<Candidate> {
    let Some(id) = binary.identity() else { return Vec::new() };
    let candidate = |path| Candidate { path, proof: Proof::BuildId };
    paths(&id, directories).map(candidate).collect()
}

/// `ab/cdef….debug` in each directory, and in its `.build-id`, for those who configure what is above that.
pub(super) fn paths(id: &[u8], directories: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let usable = (2..=LONGEST).contains(&id.len());
    let relative = usable.then(|| Path::new(&hex[..2]).join(format!("{}.debug", &hex[2..])));
    directories.iter().flat_map(move |directory| {
        relative
            .iter()
            .flat_map(|relative| [directory.join(relative), directory.join(".build-id").join(relative)])
            .collect::<Vec<_>>()
    })
}
