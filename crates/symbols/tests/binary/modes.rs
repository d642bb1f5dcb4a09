//! Every way to build, link and strip a program of Go's.

use std::path::{Path, PathBuf};
use std::process::Command;

use adit_symbols::Binary;

use crate::program::{newest, skip, toolchains};
use crate::sample;

/// What makes a program use cgo, and gives C something to call.
const EXPORTS: &str = "package main

// static int twice_in_c(int n) { return 2 * n; }
import \"C\"

//export Doubled
func Doubled(n C.int) C.int {
	return C.twice_in_c(n)
}

var Exported = int(Doubled(21))
";

/// A C program that is linked with an archive of Go's.
const HOST: &str = "#include <stdio.h>
extern int Doubled(int);
int main(void) {
	printf(\"%d\\n\", Doubled(21));
	return 0;
}
";

/// How a program is built.
#[derive(Clone, Copy)]
struct Mode {
    arguments: &'static [&'static str],
    cgo: bool,
}

const MODES: [Mode; 7] = [
    Mode { arguments: &["-buildmode=exe"], cgo: false },
    Mode { arguments: &["-buildmode=pie"], cgo: false },
    Mode { arguments: &["-buildmode=exe"], cgo: true },
    Mode { arguments: &["-buildmode=pie"], cgo: true },
    Mode { arguments: &["-ldflags=-linkmode=internal"], cgo: true },
    Mode { arguments: &["-buildmode=c-shared"], cgo: true },
    Mode { arguments: &["-buildmode=c-archive"], cgo: true },
];

/// A folder with the program's source, and what is built there.
struct Workshop {
    folder: tempfile::TempDir,
    go: PathBuf,
}

impl Workshop {
    fn new(go: &Path, cgo: bool) -> Workshop {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("platforms.go", &sample::source());
        write("go.mod", "module example.com/modes\n\ngo 1.18\n");
        if cgo {
            write("exports.go", EXPORTS);
            write("host.c.txt", HOST);
        }
        Workshop { folder, go: go.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Builds, and links an archive into a C program.
    fn build(&self, mode: Mode, more: &[&str]) -> PathBuf {
        let archive = mode.arguments.contains(&"-buildmode=c-archive");
        let path = self.path(if archive { "lib.a" } else { "program" });
        let mut command = Command::new(&self.go);
        command.current_dir(self.folder.path()).env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local");
        command.env_remove("GOROOT").env("CGO_ENABLED", if mode.cgo { "1" } else { "0" });
        command.args(["build", "-o"]).arg(&path).args(mode.arguments).args(more).arg(".");
        run(&mut command);
        if !archive {
            return path;
        }
        let program = self.path("program");
        let mut cc = Command::new("gcc");
        cc.args(["-x", "c"]).arg(self.path("host.c.txt")).args(["-x", "none"]).arg(&path);
        run(cc.args(["-pthread", "-o"]).arg(&program));
        let output = Command::new(&program).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "42\n");
        program
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The oldest and the newest toolchain.
fn ends() -> Vec<PathBuf> {
    let all = toolchains();
    let mut ends: Vec<PathBuf> = all.first().cloned().into_iter().chain(newest()).collect();
    ends.dedup();
    ends
}

fn has_gcc() -> bool {
    let found = Command::new("gcc").arg("--version").output().is_ok();
    if !found {
        skip("no gcc: cgo programs cannot be built");
    }
    found
}

fn check_identity(binary: &Binary) {
    assert_eq!(binary.goos(), "linux");
    assert!(binary.is_go());
    assert!(binary.go_version().is_some());
    assert_eq!(binary.build_info().unwrap().path, "example.com/modes");
    assert!(binary.build_id().is_some());
}

#[test]
fn build_modes() {
    for go in ends() {
        for mode in MODES.into_iter().filter(|mode| !mode.cgo || has_gcc()) {
            println!("{} {:?} cgo: {}", go.display(), mode.arguments, mode.cgo);
            let workshop = Workshop::new(&go, mode.cgo);
            let path = workshop.build(mode, &[]);
            let binary = Binary::open(&path).unwrap();
            check_identity(&binary);
            assert!(binary.tls_segment().is_some() || !mode.cgo);
            sample::check_functions(binary.pclntab().unwrap());
            sample::check_symbols(&binary);
            sample::check_debug_information(&binary);
            if crate::program::strip(&path, &["--strip-all"]) {
                let binary = Binary::open(&path).unwrap();
                check_identity(&binary);
                sample::check_functions(binary.pclntab().unwrap());
                assert!(binary.symbol("main.main").is_none() && binary.section(".debug_info").is_none());
            }
        }
    }
}

#[test]
fn linker_flags() {
    for go in ends() {
        for mode in MODES.into_iter().filter(|mode| !mode.cgo || has_gcc()) {
            // Where the linker's mode was set already, its flags cannot be set another time.
            if mode.arguments.iter().any(|argument| argument.starts_with("-ldflags")) {
                continue;
            }
            let workshop = Workshop::new(&go, mode.cgo);
            for flags in ["-ldflags=-w", "-ldflags=-s -w"] {
                println!("{} {:?} {flags}", go.display(), mode.arguments);
                let binary = Binary::open(&workshop.build(mode, &[flags, "-trimpath"])).unwrap();
                check_identity(&binary);
                let table = binary.pclntab().unwrap();
                sample::check_functions(table);
                let main = table.by_name("main.main").unwrap();
                assert_eq!(main.file_line(main.entry()).unwrap().0, "example.com/modes/platforms.go");
                if flags == "-ldflags=-w" {
                    sample::check_symbols(&binary);
                }
            }
        }
    }
}

/// In a plugin, the main package has another name.
#[test]
fn plugins() {
    for go in ends().into_iter().filter(|_| has_gcc()) {
        for flags in ["-ldflags=", "-ldflags=-w", "-ldflags=-s -w"] {
            let workshop = Workshop::new(&go, true);
            let mode = Mode { arguments: &["-buildmode=plugin"], cgo: true };
            let binary = Binary::open(&workshop.build(mode, &[flags])).unwrap();
            // Older linkers leave the build information out.
            assert!(binary.is_go() && binary.build_id().is_some());
            let table = binary.pclntab().unwrap();
            let walk = table.functions().find(|function| function.name().ends_with(".walk")).unwrap();
            let file = walk.file_line(walk.entry()).unwrap().0;
            assert!(file.ends_with("/platforms.go"), "{file}");
            let line = crate::program::line_marked(&sample::source(), "inlined");
            let pcs = table.pcs_for_line(file, line);
            assert!(pcs.iter().any(|pc| table.find(*pc).unwrap().index() == walk.index()));
            assert_eq!(walk.inlined_calls().len(), 1);
        }
    }
}
