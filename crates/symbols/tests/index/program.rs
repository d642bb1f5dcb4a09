//! A Go program to index, and everything that an index says about it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_symbols::{Binary, Cache, NameKind, Pattern};

pub(crate) const KINDS: [NameKind; 5] =
    [NameKind::Function, NameKind::Type, NameKind::Variable, NameKind::Constant, NameKind::Inlined];

const SOURCE: &str = r#"package main

import "fmt"

const Answer, Limit = 42, 7

var counter, total = 1, Answer

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(item T) { s.items = append(s.items, item) }

type Worker struct{ name string }

func (w Worker) work() int { return len(w.name) + counter }

func small(x int) int { return x + total }

//go:noinline
func worker() int { return Worker{"w"}.work() + small(Limit) }

func main() {
	var s Stack[int]
	s.Push(worker())
	fmt.Println(s, Worker{"v"}, func() int { return small(len(s.items)) }())
}
"#;

pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) folder: tempfile::TempDir,
}

impl Program {
    /// `None`, noted where skipped tests are counted, if there is no Go toolchain.
    pub(crate) fn build() -> Option<Program> {
        let go = std::env::var_os("ADIT_GO").unwrap_or_else(|| "go".into());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.go"), SOURCE).unwrap();
        std::fs::write(folder.path().join("go.mod"), "module example.com/indexed\n\ngo 1.18\n").unwrap();
        let path = folder.path().join("indexed");
        let mut command = Command::new(&go);
        command.current_dir(folder.path()).env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local");
        command.env_remove("GOROOT").env("CGO_ENABLED", "0");
        // Uncompressed, so that a test can change what it says.
        command.args(["build", "-ldflags=-compressdwarf=false", "-o"]).arg(&path).arg(".");
        let Ok(output) = command.output() else {
            println!("SKIPPED: no Go toolchain: set ADIT_GO or put go on PATH");
            if let Some(log) = std::env::var_os("ADIT_SKIP_LOG") {
                let mut log = std::fs::OpenOptions::new().append(true).create(true).open(log).unwrap();
                writeln!(log, "no Go toolchain: set ADIT_GO or put go on PATH").unwrap();
            }
            return None;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(Program { path, folder })
    }

    pub(crate) fn open(&self, cache: Option<&Cache>) -> Binary {
        open(&self.path, cache)
    }

    pub(crate) fn cache(&self) -> Cache {
        Cache::new(self.cache_folder(), 1 << 30)
    }

    pub(crate) fn cache_folder(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// The files of the cache, sorted.
    pub(crate) fn cached(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.cache_folder()) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

pub(crate) fn open(path: &Path, cache: Option<&Cache>) -> Binary {
    Binary::open(path).unwrap().with_cache(cache.cloned())
}

/// Answers to questions of each form, about each kind of names.
pub(crate) fn answers(binary: &Binary) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for kind in KINDS {
        for pattern in
            ["", "main", "^main\\.", "w[ioa]rker$", "(?i)STACK", "^runtime\\.(m|g)", "[a-c][x-z]", "no such"]
        {
            all.push(binary.names_matching(kind, &Pattern::new(pattern).unwrap()).unwrap());
        }
        for base in ["worker", "Push", "Stack", "Answer", "counter", "int", "nothing"] {
            all.push(binary.names_with_base(kind, base).unwrap());
        }
        all.push(binary.names_starting(kind, "main.", 3).unwrap());
    }
    let dwarf = binary.dwarf().unwrap();
    for name in ["main.Worker", "main.Stack[int]", "int", "*main.Worker", "nothing"] {
        let found = dwarf.type_by_name(name).unwrap();
        all.push(found.iter().map(|ty| format!("{} {:?}", ty.name, ty.id)).collect());
        let by_runtime = found.and_then(|ty| dwarf.type_by_runtime_offset(ty.runtime_type?).unwrap());
        all.push(by_runtime.iter().map(|ty| ty.name.to_string()).collect());
    }
    for name in ["main.counter", "runtime.allgs", "main.nothing"] {
        all.push(dwarf.package_variable(name).unwrap().iter().map(|v| format!("{v:?}")).collect());
    }
    all.push(dwarf.package_constant("main.Answer").unwrap().iter().map(|c| format!("{c:?}")).collect());
    all
}
