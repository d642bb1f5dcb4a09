//! Guessing `substitute-path` rules: where the client has the sources that the program was built from.

use std::collections::BTreeMap;

use adit_api::{GuessSubstitutePathArgs, Result};
use adit_engine::source::Package;

use crate::owner::{Owner, client_error};

impl Owner {
    pub(crate) fn guess_substitute_path(
        &mut self,
        args: &GuessSubstitutePathArgs,
    ) -> Result<Vec<[String; 2]>> {
        let packages = self.debugger.packages("").map_err(client_error)?;
        Ok(guess(&packages, args))
    }
}

/// Rules that lead from the directories recorded in the program to the client's: for each of the client's modules, the
/// directory from which most of its packages were built; for GOROOT, the one of package runtime.
fn guess(packages: &[Package], args: &GuessSubstitutePathArgs) -> Vec<[String; 2]> {
    let mut votes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for package in packages.iter().filter(|package| !package.directory.is_empty()) {
        let path = match package.path.as_str() {
            "main" if args.import_path_of_main_package.is_empty() => continue,
            "main" => &args.import_path_of_main_package,
            path => path,
        };
        let Some((client, within)) = module_of(path, &args.client_module_directories) else { continue };
        if let Some(server) = without_end(&package.directory, within) {
            *votes.entry(client).or_default().entry(server).or_default() += 1;
        }
    }
    let mut rules: Vec<[String; 2]> = Vec::new();
    for (client, servers) in votes {
        // The first of equals by name: the same answer each time.
        let most = servers.iter().max_by_key(|(server, count)| (**count, std::cmp::Reverse(**server)));
        if let Some((server, _)) = most.filter(|(server, _)| !same_directory(server, client)) {
            rules.push([(*server).to_owned(), client.to_owned()]);
        }
    }
    // A module may be within another's directory: the longer path is meant first.
    rules.sort_by(|a, b| b[0].len().cmp(&a[0].len()).then_with(|| a.cmp(b)));
    rules.extend(goroot_rule(packages, &args.client_goroot));
    rules
}

/// The directory of the client's module that a package is in, and the package's path within it.
fn module_of<'a>(path: &'a str, modules: &'a BTreeMap<String, String>) -> Option<(&'a str, &'a str)> {
    let within = |module: &str| {
        let rest = path.strip_prefix(module)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    };
    let found =
        modules.iter().filter_map(|(module, directory)| Some((module.len(), directory, within(module)?)));
    let (_, directory, rest) = found.max_by_key(|(length, ..)| *length)?;
    Some((directory, rest))
}

/// `directory` without `end`, which is whole names of directories; `None` if it does not end so.
fn without_end<'a>(directory: &'a str, end: &str) -> Option<&'a str> {
    if end.is_empty() {
        return Some(directory);
    }
    let start = directory.len().checked_sub(end.len())?;
    let matches = directory.is_char_boundary(start) && directory[start..].replace('\\', "/") == end;
    if !matches {
        return None;
    }
    directory[..start].strip_suffix(['/', '\\']).filter(|rest| !rest.is_empty())
}

fn goroot_rule(packages: &[Package], client: &str) -> Option<[String; 2]> {
    if client.is_empty() {
        return None;
    }
    let runtime = packages.iter().find(|package| package.path == "runtime")?;
    if runtime.directory == "runtime" {
        // -trimpath: the paths of the standard library begin with its packages' own.
        return Some([String::new(), format!("{}/src", client.trim_end_matches(['/', '\\']))]);
    }
    let server = without_end(&runtime.directory, "src/runtime")?;
    (!same_directory(server, client)).then(|| [server.to_owned(), client.to_owned()])
}

fn same_directory(a: &str, b: &str) -> bool {
    a.trim_end_matches(['/', '\\']) == b.trim_end_matches(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(list: &[(&str, &str)]) -> Vec<Package> {
        let package = |(path, directory): &(&str, &str)| Package {
            path: (*path).to_owned(),
            directory: (*directory).to_owned(),
            files: Vec::new(),
        };
        list.iter().map(package).collect()
    }

    fn args(main: &str, goroot: &str, modules: &[(&str, &str)]) -> GuessSubstitutePathArgs {
        let own = |(module, directory): &(&str, &str)| ((*module).to_owned(), (*directory).to_owned());
        GuessSubstitutePathArgs {
            import_path_of_main_package: main.to_owned(),
            client_goroot: goroot.to_owned(),
            client_module_directories: modules.iter().map(own).collect(),
        }
    }

    fn rule(from: &str, to: &str) -> [String; 2] {
        [from.to_owned(), to.to_owned()]
    }

    #[test]
    fn modules_and_the_standard_library_are_found_elsewhere() {
        let built = packages(&[
            ("main", "/build/app/cmd/app"),
            ("a.io/app/store", "/build/app/store"),
            ("a.io/app/odd", "/generated"),
            ("b.io/dep/sub", "/builder/go/pkg/mod/b.io/dep@v1.2.0/sub"),
            ("runtime", "/usr/local/go/src/runtime"),
            ("fmt", "/usr/local/go/src/fmt"),
        ]);
        let client = args(
            "a.io/app/cmd/app",
            "/opt/go",
            &[
                ("a.io/app", "/home/me/app"),
                ("b.io/dep", "/home/me/go/pkg/mod/b.io/dep@v1.2.0"),
                ("c.io", "/c"),
            ],
        );
        assert_eq!(
            guess(&built, &client),
            [
                rule("/builder/go/pkg/mod/b.io/dep@v1.2.0", "/home/me/go/pkg/mod/b.io/dep@v1.2.0"),
                rule("/build/app", "/home/me/app"),
                rule("/usr/local/go", "/opt/go"),
            ]
        );
        assert_eq!(guess(&built, &args("", "", &[])), Vec::<[String; 2]>::new());
    }

    #[test]
    fn trimmed_paths_lead_back() {
        let built = packages(&[
            ("main", "a.io/app/cmd/app"),
            ("a.io/app/store", "a.io/app/store"),
            ("b.io/Dep", "b.io/Dep@v1.2.0"),
            ("runtime", "runtime"),
        ]);
        let client =
            args("", "/opt/go/", &[("a.io/app", "/home/me/app"), ("b.io/Dep", "/mod/b.io/!dep@v1.2.0")]);
        assert_eq!(
            guess(&built, &client),
            [
                rule("b.io/Dep@v1.2.0", "/mod/b.io/!dep@v1.2.0"),
                rule("a.io/app", "/home/me/app"),
                rule("", "/opt/go/src"),
            ]
        );
    }

    #[test]
    fn paths_of_windows_and_what_is_here_already() {
        let built = packages(&[
            ("a.io/app/store", "C:\\build\\app\\store"),
            ("runtime", "C:/Program Files/Go/src/runtime"),
            ("same.io/x", "/same/x"),
        ]);
        let client = args("", "/opt/go", &[("a.io/app", "/home/me/app"), ("same.io/x", "/same/x")]);
        assert_eq!(
            guess(&built, &client),
            [rule("C:\\build\\app", "/home/me/app"), rule("C:/Program Files/Go", "/opt/go")]
        );
    }

    #[test]
    fn the_longest_module_path_is_the_packages_module() {
        let built = packages(&[("a.io/app/v2/x", "/b/v2/x"), ("a.io/app/x", "/b/x")]);
        let client = args("", "", &[("a.io/app", "/h"), ("a.io/app/v2", "/h2")]);
        assert_eq!(guess(&built, &client), [rule("/b/v2", "/h2"), rule("/b", "/h")]);
    }
}
