//! How places and values are shown, apart from the terminal that shows them.

use crate::config::Config;

/// What decides how places and values are written.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) config: &'a Config,
    pub(crate) color: bool,
    /// The folder that paths are shown relative to.
    pub(crate) current_dir: Option<&'a str>,
}

impl View<'_> {
    /// A path of the target as it is shown: here instead of there, and relative to the current folder.
    pub(crate) fn path(&self, path: &str) -> String {
        let path = self.config.substitute_path(path);
        match self.current_dir {
            Some(dir) if dir.len() > 1 => path.replacen(dir, ".", 1),
            _ => path,
        }
    }
}
