//! Releases of Go that are too old to be debugged: what their tables say of functions and lines can be looked at.

use std::path::{Path, PathBuf};
use std::process::Command;

use adit_symbols::{Binary, FileAddr};

use crate::program::{newest, skip};

/// The last releases with each older form of the table.
const RELEASES: [&str; 2] = ["go1.15.15", "go1.17.13"];

const SOURCE: &str = "package main

type shape struct{ a, b int }

func (s *shape) area() int {
	return s.a * s.b // mark: area
}

//go:noinline
func call(f func() int) int {
	return f() + 1 // mark: call
}

func main() {
	s := shape{2, 3}
	println(call(func() int { return s.area() })) // mark: main
}
";

/// The Go client fetches other releases of itself; the result is where it put this one.
fn fetch(go: &Path, release: &str) -> Option<PathBuf> {
    let mut command = Command::new(go);
    command.env("GOTOOLCHAIN", release).env("GOFLAGS", "").env_remove("GOROOT").args(["env", "GOROOT"]);
    let output = command.output().ok()?;
    if !output.status.success() {
        skip(&format!("{release} cannot be fetched: {}", String::from_utf8_lossy(&output.stderr)));
        return None;
    }
    Some(Path::new(String::from_utf8(output.stdout).ok()?.trim()).join("bin/go"))
}

fn build(go: &Path, arguments: &[&str], goarch: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (main, path) = (folder.path().join("main.go"), folder.path().join("program"));
    std::fs::write(&main, SOURCE).unwrap();
    let mut command = Command::new(go);
    command
        .env("GOENV", "off")
        .env("GOFLAGS", "")
        .env("GO111MODULE", "off")
        .env_remove("GOROOT")
        .env("CGO_ENABLED", "0");
    command
        .env("GOARCH", goarch)
        .env("GOOS", "linux")
        .args(["build", "-o"])
        .arg(&path)
        .args(arguments)
        .arg(&main);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, path)
}

/// (address, name) of the functions in the symbol table.
fn nm(go: &Path, path: &Path) -> Vec<(u64, String)> {
    let output = Command::new(go)
        .env("GOENV", "off")
        .env("GOFLAGS", "")
        .env_remove("GOROOT")
        .args(["tool", "nm"])
        .arg(path)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let functions = output.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (addr, kind, name) = (fields.next()?, fields.next()?, fields.next()?);
        let wanted = kind == "T" && (name.starts_with("main.") || name.starts_with("runtime.g"));
        wanted.then(|| (u64::from_str_radix(addr, 16).unwrap(), name.to_owned()))
    });
    functions.collect()
}

fn check(binary: &Binary, nm: &[(u64, String)]) {
    let table = binary.pclntab().unwrap();
    for (addr, name) in nm {
        let function = table.find(FileAddr(*addr)).unwrap_or_else(|| panic!("{name}"));
        // nm writes a plain dot for the middle dot of names that the compiler makes up.
        assert_eq!(
            (function.name().replace('·', "."), function.entry().0),
            (name.trim_end_matches(".abi0").to_owned(), *addr)
        );
    }
    let mut at = Vec::new();
    for mark in ["area", "call", "main"] {
        let line = crate::program::line_marked(SOURCE, mark);
        let file = table.files().find(|file| file.ends_with("/main.go")).unwrap();
        let pcs = table.pcs_for_line(file, line);
        at.push(table.find(pcs[0]).unwrap().name());
        assert_eq!(table.find(pcs[0]).unwrap().file_line(pcs[0]), Some((file, line)), "{mark}");
        assert!(table.lines_of_file(file).contains(&(line, pcs[0])));
    }
    assert_eq!(at[1..], ["main.call", "main.main"]);
    let call = table.by_name("main.call").unwrap();
    assert_eq!(call.sp_delta(call.entry()), Some(0));
    assert!(call.inlined(call.entry()).is_empty());
    assert!(table.by_name("runtime.main").unwrap().func_id().is_runtime_main());
    assert!(table.by_name("runtime.goexit").unwrap().func_id().is_goexit());
    assert!(table.by_name("main.call").unwrap().func_id().is_normal());
    assert_eq!(table.text_range().0, table.function(0).entry());
}

#[test]
fn functions_and_lines_of_older_releases() {
    let Some(newest) = newest() else { return };
    for release in RELEASES {
        let Some(go) = fetch(&newest, release) else { continue };
        for goarch in ["amd64", "386", "s390x"] {
            let (_folder, path) = build(&go, &[], goarch);
            let names = nm(&go, &path);
            assert!(names.len() > 30);
            let binary = Binary::open(&path).unwrap();
            assert_eq!(binary.go_version().unwrap().to_string(), release);
            check(&binary, &names);
            let (_folder, path) = build(&go, &["-ldflags=-s -w"], goarch);
            let mut bytes = std::fs::read(&path).unwrap();
            if goarch == "amd64" {
                // Without section headers, it must be searched for.
                bytes[0x28..0x30].fill(0);
                bytes[0x3c..0x40].fill(0);
            }
            check(&Binary::from_bytes(&path, bytes).unwrap(), &names);
        }
        // Here the table has pointers that the loader fills in.
        let (_folder, path) = build(&go, &["-buildmode=pie"], "amd64");
        check(&Binary::open(&path).unwrap(), &nm(&go, &path));
    }
}
