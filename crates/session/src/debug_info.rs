//! Debug information from elsewhere: searched for in folders, and downloaded.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use adit_api::requests::ListDynamicLibrariesOut;
use adit_api::{ClientError, Result};

use crate::debuginfod::{NotFetched, Wanted};
use crate::owner::{Owner, client_error};

impl Owner {
    pub(crate) fn libraries(&mut self) -> Result<ListDynamicLibrariesOut> {
        let libraries = self.debugger.libraries().map_err(client_error)?;
        let list = libraries
            .into_iter()
            .map(|library| adit_api::Image {
                path: library.path.display().to_string(),
                address: library.address.0,
                load_error: library.load_error,
                trimpath: false,
            })
            .collect();
        let info = self.debugger.image().binary.build_info();
        let executable_trimpath = info.is_some_and(|info| {
            info.settings.iter().any(|(key, value)| key == "-trimpath" && value == "true")
        });
        Ok(ListDynamicLibrariesOut { list, executable_trimpath })
    }

    /// Looks in the folders that the client has set since.
    pub(crate) fn apply_debug_info_directories(&mut self) {
        let directories = self.wanted_directories();
        if directories != self.debugger.debug_info_directories() {
            crate::launch::warn_of(&self.debugger.set_debug_info_directories(directories));
        }
    }

    pub(crate) fn wanted_directories(&self) -> Vec<PathBuf> {
        self.debug_info_directories.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Downloads the debug information of the executable, if it has none and servers are configured. Without it, the
    /// session goes on as with any stripped program.
    pub(crate) fn download_executable_debug_info(&mut self) {
        let binary = &self.debugger.image().binary;
        if binary.has_debug_info() || !self.debuginfod.is_configured() {
            return;
        }
        let Some(build_id) = binary.gnu_build_id() else { return };
        let path = binary.path().to_owned();
        match self.debuginfod.fetch(Wanted::DebugInfo, &build_id, &path) {
            Ok(file) => {
                if let Err(refused) = self.debugger.join_executable(&file) {
                    crate::launch::warn_of(&[refused]);
                }
            }
            Err(error @ (NotFetched::NotInstalled | NotFetched::Failed(_) | NotFetched::TimedOut)) => {
                tracing::warn!(target: "debugger", "debug information of {}: {error}", path.display());
            }
            Err(_) => {}
        }
    }

    /// Looks again for the debug information of a library: in the folders, then on the servers.
    pub(crate) fn download_library_debug_info(&mut self, index: i64) -> Result<()> {
        let directories = self.wanted_directories();
        self.debugger.search_debug_info_in(directories);
        let libraries = self.debugger.libraries().map_err(client_error)?;
        let library = usize::try_from(index).ok().and_then(|index| libraries.get(index));
        let Some(library) = library else {
            return Err(ClientError(format!("no library {index}: there are {}", libraries.len())));
        };
        if library.has_debug_info {
            return Ok(());
        }
        let failed = |why: &dyn std::fmt::Display| {
            let path = library.path.display();
            ClientError(format!("no debug information could be found for {path}: {why}"))
        };
        let Some(build_id) = &library.build_id else {
            return Err(failed(&"it has no build ID to look it up by"));
        };
        let file = self.debuginfod.fetch(Wanted::DebugInfo, build_id, &library.path);
        let file = file.map_err(|error| failed(&error))?;
        self.debugger.join_library(&library.path, &file).map_err(|refused| failed(&refused))
    }

    /// A copy of a source file that is not on this machine: from the servers, which know it by the build ID of what
    /// was built from it.
    pub(crate) fn source_file(&mut self, path: &str) -> Option<PathBuf> {
        if !self.debuginfod.is_configured() || !Path::new(path).is_absolute() {
            return None;
        }
        let (holder, build_id) = self.debugger.holder_of_source(path)?;
        self.debuginfod.fetch(Wanted::Source(path), &build_id, &holder).ok()
    }
}
