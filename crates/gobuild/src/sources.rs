//! Where the user's Go sources are: the standard library, the module cache, the modules of the current directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the Go command says of where sources are. What it does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoSources {
    /// GOROOT.
    pub goroot: String,
    /// The version of Go there, `go1.27.3`.
    pub go_version: String,
    /// The module cache.
    pub module_cache: String,
    /// Directories of the modules that a build in the directory uses, by path.
    pub modules: BTreeMap<String, PathBuf>,
}

impl GoSources {
    /// Asks the Go command, in `directory`.
    pub fn find(directory: &Path) -> GoSources {
        let go = |arguments: &[&str]| output(directory, arguments);
        let environment = go(&["env", "GOROOT", "GOVERSION", "GOMODCACHE"]);
        if environment.is_empty() {
            // There is no Go here: the rest would say no more.
            return GoSources::default();
        }
        let mut lines = environment.lines().map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        let (goroot, go_version, module_cache) = (next(), next(), next());
        // A module without a directory is not in the cache.
        let modules = go(&["list", "-m", "-e", "-f", "{{if .Dir}}{{.Path}}\t{{.Dir}}{{end}}", "all"]);
        GoSources {
            goroot,
            go_version,
            module_cache,
            modules: modules.lines().filter_map(module_line).collect(),
        }
    }
}

/// The import path of the one main package in and below a directory; empty if there are none or several.
pub fn only_main_package(directory: &Path) -> String {
    let format = "{{if eq .Name \"main\"}}{{.ImportPath}}{{end}}";
    only_line(&output(directory, &["list", "-e", "-find", "-f", format, "./..."])).to_owned()
}

/// What the Go command prints, however it ends. It is not let on the network.
fn output(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("go");
    command.args(arguments).current_dir(directory).env("GOPROXY", "off");
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

fn module_line(line: &str) -> Option<(String, PathBuf)> {
    let (path, directory) = line.split_once('\t')?;
    Some((path.to_owned(), PathBuf::from(directory)))
}

/// The text's line, if it has one that is not empty, and no other.
fn only_line(text: &str) -> &str {
    let mut lines = text.lines().filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) => line,
        _ => "",
    }
}

/// A module's path or version as the module cache has it in names of files: an upper-case letter is an exclamation mark
/// and the lower-case one (`module.EscapePath` of golang.org/x/mod/module).
pub fn escape_module_path(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(c.to_ascii_lowercase());
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape_module_path, only_line};

    #[test]
    fn capitals_are_marked() {
        assert_eq!(escape_module_path("github.com/BurntSushi/toml"), "github.com/!burnt!sushi/toml");
    }

    #[test]
    fn one_main_package_is_meant_several_are_not() {
        assert_eq!(only_line("\na.io/a\n\n"), "a.io/a");
        assert_eq!(only_line("a.io/a\na.io/b\n"), "");
        assert_eq!(only_line(""), "");
    }
}
