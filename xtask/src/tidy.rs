//! The house rules that no compiler checks: which crate may know which, who may ask what it was compiled
//! for, how long a file may be, that each crate introduces itself, and that nothing in the tree belongs to
//! one machine or one network.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{metadata, process};

/// The crates from the lowest to the highest: each may use those before it, and no other.
const LAYERS: [&str; 17] = [
    "adit-arch",
    "adit-process",
    "adit-native",
    "adit-corefile",
    "adit-gdbremote",
    "adit-symbols",
    "adit-goruntime",
    "adit-expr",
    "adit-engine",
    // The API's types stand below the session that speaks them.
    "adit-api",
    "adit-session",
    "adit-rpc",
    "adit-dap",
    "adit-script",
    "adit-terminal",
    "adit-gobuild",
    "adit",
];

/// Packages beside the house: nothing of the house may use them, they may use anything.
const BESIDE: [&str; 3] = ["xtask", "adit-e2e", "adit-benches"];

/// A file longer than this has more than one subject.
const LONGEST_FILE: usize = 800;

/// Names that only make sense where one package registry is reachable under that name. They are put together
/// here so that this file passes its own check.
const REGISTRY_HOSTS: [&str; 5] = [
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("proxy.", "golang.org"),
];

/// Runs every check and reports all that is broken at once.
pub(crate) fn run() -> Result<()> {
    let files = Files::read()?;
    let mut broken = crate_edges(&metadata::packages()?);
    broken.extend(host_assumptions(&files));
    broken.extend(long_files(&files));
    broken.extend(introductions(&files));
    broken.extend(machine_paths(&files, &own_places()));
    broken.extend(registry_hosts(&files));
    broken.extend(open_ends(&files));
    if !broken.is_empty() {
        bail!("{}", broken.join("\n"));
    }
    println!("tidy: {} files, all rules kept", files.0.len());
    Ok(())
}

/// The text files of the tree, by path from its root, sorted.
struct Files(Vec<(String, String)>);

impl Files {
    fn read() -> Result<Files> {
        let mut files = Vec::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            let full = process::workspace().join(&folder);
            for entry in fs::read_dir(&full).with_context(|| format!("could not read {}", full.display()))? {
                let entry = entry?;
                let path = folder.join(entry.file_name());
                let kind = entry.file_type()?;
                if kind.is_dir() && !skipped(&path) {
                    folders.push(path);
                } else if kind.is_file() {
                    // What is no text has no rules to keep.
                    if let Ok(text) = fs::read_to_string(process::workspace().join(&path)) {
                        files.push((path.to_string_lossy().replace('\\', "/"), text));
                    }
                }
            }
        }
        files.sort();
        Ok(Files(files))
    }

    fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter(|(path, _)| path.ends_with(".rs"))
    }

    fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn skipped(folder: &Path) -> bool {
    [".git", "target", "fuzz/target", "fuzz/corpus", "fuzz/artifacts"]
        .iter()
        .any(|name| folder == Path::new(name))
}

fn crate_edges(packages: &[metadata::Package]) -> Vec<String> {
    let place = |name: &str| LAYERS.iter().position(|&layer| layer == name);
    let mut broken = Vec::new();
    for package in packages.iter().filter(|package| package.ours) {
        if BESIDE.contains(&package.name.as_str()) {
            continue;
        }
        let Some(own) = place(&package.name) else {
            broken
                .push(format!("{}: a crate without a place in the layers (xtask/src/tidy.rs)", package.name));
            continue;
        };
        for used in &package.uses {
            if place(used).is_none_or(|other| other >= own) {
                broken.push(format!("{}: may not depend on {used}, which is not below it", package.name));
            }
        }
    }
    broken
}

fn host_assumptions(files: &Files) -> Vec<String> {
    let questions = ["target_os", "target_arch", "target_pointer_width", "target_endian", "target_env"];
    matches(files.rust().filter(|(path, _)| is_house_source(path)), |line| {
        (line.contains("cfg(") || line.contains("cfg!(")) && questions.iter().any(|word| line.contains(word))
    })
    .map(|place| format!("{place}: only crates/native may ask what it was compiled for"))
    .collect()
}

/// Source of a crate other than `native`, tests aside.
fn is_house_source(path: &str) -> bool {
    path.starts_with("crates/") && path.contains("/src/") && !path.starts_with("crates/native/")
}

fn long_files(files: &Files) -> Vec<String> {
    files
        .rust()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|&(_, lines)| lines > LONGEST_FILE)
        .map(|(path, lines)| {
            format!("{path}: {lines} lines, over {LONGEST_FILE}: it has more than one subject")
        })
        .collect()
}

fn introductions(files: &Files) -> Vec<String> {
    files
        .rust()
        .filter(|(path, _)| path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs"))
        .filter(|(_, text)| !introduces_itself(text))
        .map(|(path, _)| format!("{path}: does not open with a `//!` text that says what the crate is for"))
        .collect()
}

fn introduces_itself(text: &str) -> bool {
    let introduction: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
    introduction.iter().map(|line| line.len()).sum::<usize>() > 60
}

/// The folders of this machine that no file may name.
fn own_places() -> Vec<String> {
    let mut places = vec![process::workspace().to_string_lossy().into_owned()];
    places.extend(std::env::var("HOME").ok().map(|home| format!("{}/", home.trim_end_matches('/'))));
    // A tree at `/src` or a home of `/` would be found in every other path.
    places.retain(|place| place.len() > 5);
    places
}

fn machine_paths(files: &Files, places: &[String]) -> Vec<String> {
    matches(files.all(), |line| places.iter().any(|place| line.contains(place)))
        .map(|place| format!("{place}: a path of this machine"))
        .collect()
}

fn registry_hosts(files: &Files) -> Vec<String> {
    matches(files.all().filter(|(path, _)| *path != "Cargo.lock"), |line| {
        REGISTRY_HOSTS.iter().any(|host| line.contains(host))
    })
    .map(|place| format!("{place}: the host of a package registry"))
    .collect()
}

fn open_ends(files: &Files) -> Vec<String> {
    let marks = [
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("#[ig", "nore"),
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
    ];
    matches(files.rust(), |line| marks.iter().any(|mark| line.contains(mark)))
        .map(|place| format!("{place}: left open, or never run"))
        .collect()
}

/// The places, as `path:line`, of the lines that `is_match` finds.
fn matches<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
    is_match: impl Fn(&str) -> bool,
) -> impl Iterator<Item = String> {
    files.flat_map(move |(path, text)| {
        let hits = text.lines().enumerate().filter(|(_, line)| is_match(line));
        hits.map(|(index, _)| format!("{path}:{}", index + 1)).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod checks {
    use super::*;

    fn tree(path: &str, text: &str) -> Files {
        Files(vec![(path.to_owned(), text.to_owned())])
    }

    fn package(name: &str, uses: &[&str]) -> metadata::Package {
        metadata::Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            license: None,
            ours: true,
            uses: uses.iter().map(|&used| used.to_owned()).collect(),
        }
    }

    #[test]
    fn the_tree_keeps_its_rules() -> Result<()> {
        run()
    }

    #[test]
    fn a_crate_may_only_use_those_below_it() {
        assert!(crate_edges(&[package("adit-engine", &["adit-expr"])]).is_empty());
        assert_eq!(crate_edges(&[package("adit-expr", &["adit-engine"])]).len(), 1);
        assert_eq!(crate_edges(&[package("adit-engine", &["adit-e2e"])]).len(), 1);
        assert_eq!(crate_edges(&[package("adit-newcomer", &[])]).len(), 1);
    }

    #[test]
    fn only_native_asks_what_it_was_compiled_for() {
        let question = concat!("#[cfg(target_", "os = \"linux\")]");
        assert_eq!(host_assumptions(&tree("crates/engine/src/lib.rs", question)).len(), 1);
        assert!(host_assumptions(&tree("crates/native/src/lib.rs", question)).is_empty());
        assert!(host_assumptions(&tree("crates/engine/tests/all.rs", question)).is_empty());
    }

    #[test]
    fn files_are_short_and_crates_introduce_themselves() {
        assert_eq!(long_files(&tree("crates/expr/src/parse.rs", &"\n".repeat(LONGEST_FILE + 1))).len(), 1);
        assert_eq!(introductions(&tree("crates/expr/src/lib.rs", "//! Expressions.\n")).len(), 1);
        assert_eq!(introductions(&tree("crates/expr/src/lib.rs", "use std::fs;\n")).len(), 1);
    }

    #[test]
    fn nothing_names_this_machine_or_a_registry() {
        let places = ["/elsewhere/adit".to_owned()];
        assert_eq!(machine_paths(&tree("README.md", "cd /elsewhere/adit"), &places).len(), 1);
        let host = format!("https://{}/simple", REGISTRY_HOSTS[2]);
        assert_eq!(
            registry_hosts(&tree("docs/install.md", &host)),
            ["docs/install.md:1: the host of a package registry"]
        );
        assert!(registry_hosts(&tree("Cargo.lock", &host)).is_empty());
    }
}
