//! Under which name the program runs: its own, or that of the debugger whose place it takes.

use std::ffi::OsStr;
use std::path::Path;

/// The version of Delve that adit answers as when it is called `dlv`: clients compare it with the oldest that
/// they work with.
const DELVE_VERSION: &str = "1.27.1";

/// The name that the user called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Identity {
    /// adit under its own, or any unknown, name.
    #[default]
    Adit,
    /// A link or copy called `dlv`, for editors and scripts that look for that.
    Dlv,
}

impl Identity {
    /// Reads the name from the program's first argument.
    pub(crate) fn from_argument(program: Option<&OsStr>) -> Self {
        match program.map(Path::new).and_then(Path::file_stem) {
            Some(name) if name == "dlv" => Identity::Dlv,
            _ => Identity::Adit,
        }
    }

    /// The name in usage texts and completions.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Identity::Adit => "adit",
            Identity::Dlv => "dlv",
        }
    }

    /// The prompt, unless the user configures another.
    pub(crate) fn prompt(self) -> &'static str {
        match self {
            Identity::Adit => "(adit) ",
            Identity::Dlv => "(dlv) ",
        }
    }

    /// The version and the build, a line each.
    pub(crate) fn version(self) -> String {
        let version = match self {
            Identity::Adit => env!("CARGO_PKG_VERSION"),
            Identity::Dlv => DELVE_VERSION,
        };
        format!("Version: {version}\nBuild: {}", env!("ADIT_COMMIT"))
    }

    /// What `version` prints.
    pub(crate) fn version_text(self, verbose: bool) -> String {
        let name = match self {
            Identity::Adit => "adit",
            Identity::Dlv => "Delve",
        };
        let mut text = format!("{name} Debugger\n{}\n", self.version());
        if verbose {
            let package = concat!(env!("CARGO_PKG_NAME"), "\t", env!("CARGO_PKG_VERSION"));
            text.push_str(&format!("Build Details: {}\n mod\t{package}\n", env!("ADIT_COMPILER")));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_files_without_folder_and_extension() {
        for (program, identity) in [
            ("dlv", Identity::Dlv),
            ("/usr/local/bin/dlv", Identity::Dlv),
            ("dlv.exe", Identity::Dlv),
            ("adit", Identity::Adit),
            ("./mydlv", Identity::Adit),
            ("dlv/adit", Identity::Adit),
        ] {
            assert_eq!(Identity::from_argument(Some(OsStr::new(program))), identity, "{program}");
        }
        assert_eq!(Identity::from_argument(None), Identity::Adit);
    }

    #[test]
    fn clients_read_the_version_from_the_second_line() {
        let lines: Vec<String> = Identity::Dlv.version_text(false).lines().map(str::to_owned).collect();
        assert_eq!(lines[..2], ["Delve Debugger", "Version: 1.27.1"]);
        assert!(lines[2].starts_with("Build: "));
        assert_eq!(lines.len(), 3);
        assert!(Identity::Adit.version_text(true).contains("\nBuild Details: "));
    }
}
