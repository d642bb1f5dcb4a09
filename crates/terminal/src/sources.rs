//! Finding source files that are not where the program says: in the module cache, in GOROOT, in the modules of the
//! current directory.

use std::collections::BTreeMap;
use std::path::Path;

use adit_api::{BuildInfo, BuildModule, GuessSubstitutePathArgs};
use adit_expr::PathRules;

use crate::terminal::Terminal;

/// Where Go's sources are on this machine. What is not known is empty.
#[derive(Clone, Debug, Default)]
pub struct LocalSources {
    /// GOROOT.
    pub goroot: String,
    /// The version of Go there.
    pub go_version: String,
    /// The module cache.
    pub module_cache: String,
    /// Directories of modules that are worked on, by path.
    pub modules: BTreeMap<String, String>,
}

/// How the Go command calls the package that is made of files named one by one.
const FILES: &str = "command-line-arguments";

/// The module cache's name for a module's path or version.
pub type EscapeModule = fn(&str) -> String;

/// Whether the sources of another version of Go than the program's will do.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Versions {
    /// They are all there is, and were asked for.
    Any,
    /// Showing the wrong lines would be worse than none.
    Equal,
}

impl Terminal {
    /// The path here of a path that the program has. If there is nothing at it, the file is looked for where this
    /// machine has such sources.
    pub(crate) fn source_path(&mut self, file: &str) -> String {
        let path = self.config.substitute_path(file);
        if Path::new(&path).exists() {
            return path;
        }
        let rules = self.own_rules().iter().map(|[from, to]| (from.clone(), to.clone()));
        let found = PathRules::new(rules).apply(file).into_owned();
        if Path::new(&found).is_file() { found } else { path }
    }

    /// Rules that nobody configured, from what the program says of its build and what is on this machine.
    pub(crate) fn own_rules(&mut self) -> &[[String; 2]] {
        if self.guessed_rules.is_none() {
            let mut rules = self.guess_rules(Versions::Equal).unwrap_or_default();
            if let Some((folder, _)) = self.client.program_info().unwrap_or_default().path.rsplit_once('/') {
                // `go build -trimpath main.go` records `./main.go`, and puts the program there unless told otherwise.
                rules.insert(0, [".".to_owned(), folder.to_owned()]);
            }
            self.guessed_rules = Some(rules);
        }
        self.guessed_rules.as_deref().unwrap_or_default()
    }

    /// Asks the session for rules that lead from the program's paths to those of this machine.
    pub(crate) fn guess_rules(&self, versions: Versions) -> Result<Vec<[String; 2]>, adit_api::ClientError> {
        let info = self.client.program_info().unwrap_or_default();
        let build = info.build.unwrap_or_default();
        let mut local = (self.local_sources)(Path::new("."));
        // The program may lie in its module.
        let main = build.main.as_ref().map_or("", |main| &main.path);
        if let Some(folder) = Path::new(&info.path).parent().filter(|folder| folder.is_dir())
            && !main.is_empty()
            && !local.modules.contains_key(main)
        {
            let there = (self.local_sources)(folder);
            if there.modules.contains_key(main) {
                local.modules = there.modules;
            }
        }
        let args = client_sources(&build, &local, versions, self.escape_module, Path::is_dir);
        self.client.guess_substitute_path(&args)
    }
}

/// What this machine has of the sources of a build.
fn client_sources(
    build: &BuildInfo,
    local: &LocalSources,
    versions: Versions,
    escape: EscapeModule,
    exists: impl Fn(&Path) -> bool,
) -> GuessSubstitutePathArgs {
    let mut modules = BTreeMap::new();
    let main = build.main.iter().filter(|main| main.version.starts_with('v'));
    for module in main.chain(&build.deps) {
        if let Some(directory) =
            cached(module, &local.module_cache, escape).filter(|dir| exists(dir.as_ref()))
        {
            modules.insert(module.path.clone(), directory);
        }
    }
    let is_main = |path: &str| build.main.as_ref().is_some_and(|main| main.path == path);
    for (path, directory) in &local.modules {
        // A module that is worked on is what was built, or what took a dependency's place. Of others, the version that
        // was built is in the cache.
        let replaced = build.deps.iter().any(|dep| dep.path == *path && dep.replace.is_some());
        if is_main(path) || replaced && !modules.contains_key(path) {
            modules.insert(path.clone(), directory.clone());
        }
    }
    // What the cache does not have may be vendored.
    if let Some(main) = build.main.as_ref().and_then(|main| modules.get(&main.path)).cloned() {
        for dep in &build.deps {
            let vendored = format!("{main}/vendor/{}", dep.path);
            if !modules.contains_key(&dep.path) && exists(vendored.as_ref()) {
                modules.insert(dep.path.clone(), vendored);
            }
        }
    }
    // What was built from files named one by one has no path.
    let main_package = if build.path == FILES { "" } else { &build.path };
    GuessSubstitutePathArgs {
        import_path_of_main_package: main_package.to_owned(),
        client_goroot: goroot(build, local, versions, exists),
        client_module_directories: modules,
    }
}

/// Where the module cache has the sources that a module was built from.
fn cached(module: &BuildModule, cache: &str, escape: EscapeModule) -> Option<String> {
    let source = module.replace.as_deref().unwrap_or(module);
    let is_version = source.version.starts_with('v');
    (is_version && !cache.is_empty())
        .then(|| format!("{cache}/{}@{}", escape(&source.path), escape(&source.version)))
}

/// GOROOT of the version that built the program: the one in use, or a toolchain that the Go command fetched.
fn goroot(
    build: &BuildInfo,
    local: &LocalSources,
    versions: Versions,
    exists: impl Fn(&Path) -> bool,
) -> String {
    // Experiments and the like are appended: `go1.26.1 X:jsonv2`.
    let version = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    let wanted = version(&build.go_version);
    if wanted == version(&local.go_version) && !wanted.is_empty() {
        return local.goroot.clone();
    }
    let toolchains = format!("{}/golang.org", local.module_cache);
    if !wanted.is_empty() && exists(toolchains.as_ref()) {
        let prefix = format!("toolchain@v0.0.1-{wanted}.");
        let entries = std::fs::read_dir(&toolchains).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        if let Some(name) = names.filter(|name| name.starts_with(&prefix)).min() {
            return format!("{toolchains}/{name}");
        }
    }
    if versions == Versions::Any { local.goroot.clone() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(path: &str, version: &str) -> BuildModule {
        BuildModule { path: path.to_owned(), version: version.to_owned(), ..BuildModule::default() }
    }

    fn build() -> BuildInfo {
        let replace = |by: BuildModule| Some(Box::new(by));
        BuildInfo {
            go_version: "go1.26.1".to_owned(),
            path: "a.io/app/cmd".to_owned(),
            main: Some(module("a.io/app", "(devel)")),
            deps: vec![
                module("b.io/Dep", "v1.0.0"),
                BuildModule { replace: replace(module("fork.io/c", "v2.0.0")), ..module("c.io/c", "v1.0.0") },
                BuildModule { replace: replace(module("../d", "")), ..module("d.io/d", "v1.0.0") },
                module("gone.io/e", "v1.0.0"),
                module("gone.io/vendored", "v1.0.0"),
            ],
            ..BuildInfo::default()
        }
    }

    fn local() -> LocalSources {
        let own = |path: &str, directory: &str| (path.to_owned(), directory.to_owned());
        LocalSources {
            goroot: "/go".to_owned(),
            go_version: "go1.26.1".to_owned(),
            module_cache: "/mod".to_owned(),
            modules: [
                own("a.io/app", "/w/app"),
                own("b.io/Dep", "/mod/b.io/!dep@v1.9.0"),
                own("d.io/d", "/w/d"),
                own("x.io/x", "/w/x"),
            ]
            .into(),
        }
    }

    fn escape(text: &str) -> String {
        text.replace('D', "!d")
    }

    #[test]
    fn modules_are_looked_for_in_the_cache_and_where_they_are_worked_on() {
        let absent = ["/mod/gone.io", "/mod/golang.org", "/w/app/vendor/gone.io/e"];
        let exists = |path: &Path| !absent.iter().any(|absent| path.starts_with(absent));
        let args = client_sources(&build(), &local(), Versions::Equal, escape, exists);
        let found: Vec<_> = args.client_module_directories.into_iter().collect();
        let pair = |path: &str, directory: &str| (path.to_owned(), directory.to_owned());
        assert_eq!(
            found,
            [
                pair("a.io/app", "/w/app"),
                pair("b.io/Dep", "/mod/b.io/!dep@v1.0.0"),
                pair("c.io/c", "/mod/fork.io/c@v2.0.0"),
                pair("d.io/d", "/w/d"),
                pair("gone.io/vendored", "/w/app/vendor/gone.io/vendored"),
            ]
        );
        assert_eq!(args.import_path_of_main_package, "a.io/app/cmd");
        assert_eq!(args.client_goroot, "/go");
    }

    #[test]
    fn another_version_of_go_has_other_lines() {
        let other = BuildInfo { go_version: "go1.25.0".to_owned(), ..build() };
        let nothing = |_: &Path| false;
        assert_eq!(goroot(&other, &local(), Versions::Equal, nothing), "");
        assert_eq!(goroot(&other, &local(), Versions::Any, nothing), "/go");
        let folder = tempfile::tempdir().unwrap();
        let toolchain = folder.path().join("golang.org/toolchain@v0.0.1-go1.25.0.linux-amd64");
        std::fs::create_dir_all(&toolchain).unwrap();
        let local = LocalSources { module_cache: folder.path().display().to_string(), ..local() };
        let found = goroot(&other, &local, Versions::Equal, Path::is_dir);
        assert_eq!(Path::new(&found), toolchain);
    }
}
