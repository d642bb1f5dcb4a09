//! The tables of layouts, against the DWARF of each toolchain's programs.

use std::path::Path;

use adit_goruntime::Layout;

use crate::program::{build, dwarf, each, go_command, release_of, toolchains};

#[test]
fn tables_equal_dwarf() {
    each(|program| {
        let dwarf = program.dwarf();
        let table = program.runtime.layout.clone();
        let (stated, changed) = table.clone().with_dwarf(&dwarf);
        assert!(changed.is_empty(), "{changed:?}");
        assert!(stated.facts().eq(table.facts()));
    });
}

#[test]
fn tables_hold_for_other_targets() {
    /// A 386 with what layouts depend on: its pointers.
    static I386: adit_arch::Arch = adit_arch::Arch { name: "386", pointer_size: 4, ..adit_arch::AMD64 };
    for go in toolchains() {
        for (goos, arch) in [("linux", &I386), ("freebsd", &adit_arch::AMD64), ("openbsd", &adit_arch::AMD64)]
        {
            let dwarf = small(&go, goos, arch.name);
            let table = Layout::of_release(release_of(&go), arch).on_os(goos);
            let (_, changed) = table.with_dwarf(&dwarf);
            assert!(changed.is_empty(), "{} {goos}: {changed:?}", go.display());
        }
    }
}

/// Debug information of a small program for another target.
fn small(go: &Path, goos: &str, goarch: &str) -> adit_symbols::Dwarf {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("go.mod"), "module example.com/small\n\ngo 1.18\n").unwrap();
    let source = "package main\n\nfunc main() { println(len(make(chan int))) }\n";
    std::fs::write(folder.path().join("main.go"), source).unwrap();
    let path = folder.path().join("small");
    let mut command = go_command(go, folder.path());
    command.envs([("GOOS", goos), ("GOARCH", goarch), ("CGO_ENABLED", "0")]);
    command.args(["build", "-ldflags=-compressdwarf=false", "-o"]).arg(&path).arg(".");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    dwarf(std::fs::read(&path).unwrap())
}

#[test]
fn the_generator_makes_these_tables() {
    let Some(go) = toolchains().pop() else { return };
    let (_folder, path) = build(&go, "");
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/layouts");
    let output = go_command(&go, &tool).args(["run", ".", "-dump"]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let table = Layout::of_release(release_of(&go), &adit_arch::AMD64);
    let mut lines = text.lines();
    for (fact, value) in table.facts() {
        let words: Vec<&str> = lines.next().unwrap().split(' ').collect();
        assert_eq!(words[3], format!("{fact:?}"));
        // -2: this program's DWARF does not have the struct.
        if words[4] != "-2" {
            assert_eq!(words[4].parse::<i64>().unwrap(), value.map_or(-1, u64::cast_signed), "{fact:?}");
        }
    }
}
