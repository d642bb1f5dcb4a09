//! Where the built program goes, and that it does not stay there.

use std::fs::OpenOptions;
use std::hash::{BuildHasher, RandomState};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::Kind;

/// The file of a built program.
#[derive(Clone, Debug)]
pub struct Output {
    path: PathBuf,
    chosen: bool,
}

/// The program could not be removed after the session.
#[derive(Debug, Error)]
#[error("could not remove {path}: {error}")]
pub struct RemoveError {
    path: PathBuf,
    error: std::io::Error,
}

impl Output {
    /// The file that the user named; a relative path is one of the current directory, whatever directory the
    /// Go command is told to change to.
    pub fn named(path: &Path) -> Self {
        Output { path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()), chosen: true }
    }

    /// A file of the current directory that was not there before: `__debug_bin` or `debug.test` and a random
    /// number. It is created empty, so that no two sessions get the same. Where it cannot be created the name
    /// stands without a number, and the Go command will say what is wrong with the directory.
    pub fn unnamed(kind: Kind) -> Self {
        let prefix = match kind {
            Kind::Program => "__debug_bin",
            Kind::Test => "debug.test",
        };
        Self::unnamed_in(&std::env::current_dir().unwrap_or_default(), prefix)
    }

    fn unnamed_in(directory: &Path, prefix: &str) -> Self {
        let suffix = std::env::consts::EXE_SUFFIX;
        for _ in 0..100 {
            // A hasher of the standard library starts from random keys.
            let number = RandomState::new().hash_one(prefix) as u32;
            let path = directory.join(format!("{prefix}{number}{suffix}"));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => return Output { path, chosen: false },
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(_) => break,
            }
        }
        Output { path: directory.join(format!("{prefix}{suffix}")), chosen: false }
    }

    /// The absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the program at the end of the session, also if the user named it; that it is gone already is no
    /// error.
    pub fn remove(&self) -> Result<(), RemoveError> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(RemoveError { path: self.path.clone(), error })
            }
            _ => Ok(()),
        }
    }

    /// Removes what a failed build left: nothing of a file that the user named, which may be an older program.
    pub fn remove_after_failure(&self) -> Result<(), RemoveError> {
        if self.chosen { Ok(()) } else { self.remove() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sessions_get_two_files() {
        let directory = tempfile::tempdir().unwrap();
        let first = Output::unnamed_in(directory.path(), "__debug_bin");
        let second = Output::unnamed_in(directory.path(), "__debug_bin");
        assert_ne!(first.path(), second.path());
        let name = first.path().file_name().unwrap().to_str().unwrap().to_owned();
        let number = name.strip_prefix("__debug_bin").unwrap();
        assert!(number.trim_end_matches(std::env::consts::EXE_SUFFIX).parse::<u32>().is_ok(), "{name}");
        first.remove().unwrap();
        first.remove().unwrap();
        second.remove_after_failure().unwrap();
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_directory_without_room_gives_the_bare_name() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("missing");
        let output = Output::unnamed_in(&missing, "debug.test");
        assert_eq!(output.path(), missing.join(format!("debug.test{}", std::env::consts::EXE_SUFFIX)));
    }

    #[test]
    fn a_named_file_survives_a_failed_build_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("program");
        std::fs::write(&path, "an older program").unwrap();
        let output = Output::named(&path);
        output.remove_after_failure().unwrap();
        assert!(path.exists());
        output.remove().unwrap();
        assert!(!path.exists());
    }
}
