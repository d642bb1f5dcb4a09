//! Separate debug information: what was taken out of a program (`objcopy --only-keep-debug`) and put elsewhere.
//!
//! [`Binary::with_separate`] looks for it where the program's own sections say ([`build_id`], [`debuglink`], [`bundle`]), holds
//! each file that it finds against the program ([`check`]), and joins the first that belongs to it: the debug
//! sections and the symbol table then come from there, code and Go's tables stay the program's. What several files
//! share (dwz) is found in the same way ([`supplementary`]).
//!
//! Files that were fetched from a server take the same way in: [`Binary::with_debug_file`].

mod build_id;
mod bundle;
mod check;
mod debuglink;
pub(crate) mod split;
mod supplementary;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Binary;
pub use check::Mismatch;

/// What other files add to a binary.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    /// The file with its debug information.
    pub(crate) debug: Option<Arc<Binary>>,
    /// The file with what its debug information shares with that of others.
    pub(crate) supplementary: Option<Arc<Binary>>,
}

/// A file that should have been the debug information of a binary and is not. Its text is for people.
#[derive(Debug, thiserror::Error)]
#[error("{} was not used as debug information of {}: {reason}", path.display(), program.display())]
pub struct Refused {
    /// The file.
    pub path: PathBuf,
    /// The program or library that it was looked up for.
    pub program: PathBuf,
    /// What is wrong with it.
    pub reason: Mismatch,
}

impl Binary {
    /// Does it have debug information, of its own or joined to it?
    pub fn has_debug_info(&self) -> bool {
        self.has_own_debug_info() || self.joined().debug.is_some()
    }

    /// The file that its debug information comes from, if that is another one.
    pub fn debug_file(&self) -> Option<&Path> {
        self.joined().debug.as_deref().map(Binary::path)
    }

    /// The file that its debug information shares with others (dwz).
    pub fn supplementary_file(&self) -> Option<&Path> {
        self.joined().supplementary.as_deref().map(Binary::path)
    }

    /// Looks for separate debug information, if the binary has none of its own, and for the supplementary file of
    /// either; joins what belongs to it. `directories` are searched like `/usr/lib/debug/.build-id`: for
    /// `ab/cdef….debug`, and above `.build-id` for what a debug link names.
    ///
    /// Returns the files that were there and could not be used, too.
    pub fn with_separate(self, directories: &[PathBuf]) -> (Binary, Vec<Refused>) {
        let mut refused = Vec::new();
        let mut binary = self;
        if !binary.has_debug_info() {
            let candidates = build_id::candidates(&binary, directories)
                .into_iter()
                .chain(debuglink::candidates(&binary, directories))
                .chain(bundle::candidates(&binary));
            let mut refuse = |path: PathBuf, reason| {
                refused.push(Refused { path, program: binary.path().to_owned(), reason });
            };
            let found =
                first_that_fits(candidates, &mut refuse, |candidate| check::debug_file(&binary, candidate));
            if let Some(debug) = found {
                binary = binary.joining(|joined| joined.debug = Some(Arc::new(debug)));
            }
        }
        let found = {
            let holder = binary.joined().debug.as_deref().unwrap_or(&binary);
            let candidates = supplementary::candidates(holder, directories);
            let mut refuse = |path: PathBuf, reason| {
                refused.push(Refused { path, program: holder.path().to_owned(), reason });
            };
            first_that_fits(candidates.into_iter(), &mut refuse, check::supplementary_file)
        };
        if let Some(found) = found {
            binary = binary.joining(|joined| joined.supplementary = Some(Arc::new(found)));
        }
        (binary, refused)
    }

    /// Joins the debug information in the file at `path`, which must have the same build ID.
    pub fn with_debug_file(
        self,
        path: &Path,
        directories: &[PathBuf],
    ) -> Result<Binary, (Box<Binary>, Refused)> {
        let candidate = Candidate { path: path.to_owned(), proof: Proof::BuildId };
        match check::debug_file(&self, &candidate) {
            Ok(debug) => {
                let joined = self.joining(|joined| joined.debug = Some(Arc::new(debug)));
                Ok(joined.with_separate(directories).0)
            }
            Err(reason) => {
                let refused = Refused { path: candidate.path, program: self.path().to_owned(), reason };
                Err((Box::new(self), refused))
            }
        }
    }
}

/// A place where a file may be, and what has to be true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    path: PathBuf,
    proof: Proof,
}

/// What shows that a file belongs to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Proof {
    /// Its build ID is the program's.
    BuildId,
    /// Its build ID is this one.
    Identity(Vec<u8>),
    /// Its bytes have this CRC-32.
    Crc(u32),
}

/// Opens one candidate after the other. Those that do not exist are passed over in silence.
fn first_that_fits(
    candidates: impl Iterator<Item = Candidate>,
    refuse: &mut dyn FnMut(PathBuf, Mismatch),
    open: impl Fn(&Candidate) -> Result<Binary, Mismatch>,
) -> Option<Binary> {
    let mut seen: Vec<PathBuf> = Vec::new();
    for candidate in candidates {
        // The same file may be reached in several ways; it is looked at once.
        let Ok(real) = std::fs::canonicalize(&candidate.path) else { continue };
        if seen.contains(&real) {
            continue;
        }
        seen.push(real);
        match open(&candidate) {
            Ok(found) => return Some(found),
            Err(reason) => refuse(candidate.path, reason),
        }
    }
    None
}

/// The folders of a file: of the path it was opened by, and of what that path leads to.
fn folders_of(path: &Path) -> Vec<PathBuf> {
    let Ok(real) = std::fs::canonicalize(path) else { return Vec::new() };
    let given = std::path::absolute(path).ok();
    let mut folders: Vec<PathBuf> =
        given.iter().chain([&real]).filter_map(|path| path.parent()).map(Path::to_owned).collect();
    folders.dedup();
    folders
}
