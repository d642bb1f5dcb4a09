//! `.dSYM` bundles. Apple's `dsymutil` is not to be had everywhere: what it would make is a program of Go's own linker,
//! with its debug information, whose header says that it is a bundle's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_symbols::{Binary, FileFormat};

use crate::files::{Folder, only, skip};

/// `MH_DSYM` of Apple's `<mach-o/loader.h>`, and where the header has the file's type.
const MH_DSYM: u8 = 0xa;
const FILE_TYPE: usize = 12;

fn build(folder: &Folder, name: &str, flags: &str) -> Option<PathBuf> {
    let go = ["ADIT_GO_NEWEST", "ADIT_GO"].iter().find_map(std::env::var_os).unwrap_or_else(|| "go".into());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/platforms.go");
    let mut command = Command::new(go);
    command.env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local").env_remove("GOROOT");
    command.envs([("GOOS", "darwin"), ("GOARCH", "arm64"), ("CGO_ENABLED", "0")]);
    let path = folder.path(name);
    let Ok(output) = command.args(["build", "-o"]).arg(&path).arg(flags).arg(source).output() else {
        skip("no Go toolchain: set ADIT_GO or put go on PATH");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(path)
}

fn uuid(bytes: &[u8]) -> Vec<u8> {
    let text = Binary::from_bytes(Path::new("x"), bytes.to_vec()).unwrap().uuid().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_bundle_beside_a_program_of_macos() {
    let folder = Folder::new();
    let Some(bare) = build(&folder, "program", "-ldflags=-w -buildid=same") else { return };
    let Some(whole) = build(&folder, "whole", "-ldflags=-buildid=same") else { return };
    let wanted = uuid(&fs::read(&bare).unwrap());
    let mut bytes = fs::read(whole).unwrap();
    let own = uuid(&bytes);
    bytes[FILE_TYPE] = MH_DSYM;
    let inside = folder.path("program.dSYM/Contents/Resources/DWARF");
    fs::create_dir_all(&inside).unwrap();

    let (alone, refused) = folder.open("program", &[]);
    assert!(alone.format() == FileFormat::MachO && !alone.has_debug_info() && refused.is_empty());
    if own != wanted {
        fs::write(inside.join("program"), &bytes).unwrap();
        let (alone, refused) = folder.open("program", &[]);
        assert!(!alone.has_debug_info());
        assert!(only(&refused).1.contains("it is of another build"), "{refused:?}");
        let at = bytes.windows(own.len()).position(|part| part == own).unwrap();
        bytes[at..at + wanted.len()].copy_from_slice(&wanted);
    }
    fs::write(inside.join("program"), &bytes).unwrap();
    let (binary, refused) = folder.open("program", &[]);
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(binary.debug_file(), Some(&*inside.join("program")));
    let dwarf = binary.dwarf().unwrap();
    assert!(dwarf.type_by_name("main.node").unwrap().is_some());
    let main = binary.pclntab().unwrap().by_name("main.main").unwrap();
    assert_eq!(&*dwarf.function_at(main.entry()).unwrap().unwrap().name, "main.main");
}
