//! What is said of files that are no programs, and of the build of those that are.

use std::path::Path;

use adit_symbols::Binary;

use crate::program::{Program, toolchains};

fn refusal(bytes: &[u8]) -> String {
    Binary::from_bytes(Path::new("x"), bytes.to_vec()).unwrap_err().to_string()
}

#[test]
fn files_that_are_no_programs() {
    let folder = tempfile::tempdir().unwrap();
    let error = |path: &Path| Binary::open(path).unwrap_err().to_string();
    let missing = folder.path().join("missing");
    assert_eq!(error(&missing), format!("open {}: no such file or directory", missing.display()));
    assert_eq!(
        error(folder.path()),
        format!("not an executable file: {} is not a regular file", folder.path().display())
    );
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    assert_eq!(error(&empty), "not an executable file: it is empty");
    assert_eq!(refusal(b"#!/bin/sh\n"), "not an executable file: it is a script");
    assert_eq!(refusal(b"package main\n"), "not an executable file: it is text");
    let macho = "the executable is incomplete: its Mach-O header is cut off";
    assert_eq!(refusal(b"\xcf\xfa\xed\xfe\x07\0\0\x01"), macho);
    let mut dos = vec![0; 256];
    dos[..2].copy_from_slice(b"MZ");
    assert_eq!(refusal(&dos), "not an executable file: it is a program of MS-DOS or 16-bit Windows");
    assert_eq!(refusal(b"MZ"), "the executable is incomplete: its PE header is cut off");
    assert_eq!(refusal(b"\x7fELF"), "the executable is incomplete: its ELF header is cut off");
    assert_eq!(refusal(b"\x7fELF\x02\x01\x01"), "the executable is incomplete: its ELF header is cut off");
}

#[test]
fn a_machine_without_a_table() {
    let mut sparc = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    sparc[18] = 43;
    assert_eq!(refusal(&sparc), "the executable is for ELF machine 43, which adit cannot read yet");
}

#[test]
fn a_program_that_is_not_go() {
    let binary = Binary::open(&std::env::current_exe().unwrap()).unwrap();
    assert!(!binary.is_go());
    assert!(binary.build_info().is_none());
    assert!(binary.pclntab().unwrap_err().to_string().contains("not built by Go"));
    let symbol = binary.symbol("main").unwrap();
    let frames = binary.source_frames(symbol.addr);
    assert_eq!((frames[0].function.as_str(), frames[0].line), ("main", 0));
    assert!(binary.tls_segment().is_some());
}

#[test]
fn the_build_is_what_go_version_says() {
    for go in toolchains() {
        let program = Program::build(&go, &[], &[]);
        let output =
            std::process::Command::new(&go).args(["version", "-m"]).arg(&program.path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let binary = program.open();
        let info = binary.build_info().unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next().unwrap().rsplit(": ").next().unwrap(), info.go_version);
        let settings = lines.filter_map(|line| line.strip_prefix("\tbuild\t")?.split_once('='));
        let settings: Vec<(String, String)> = settings.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        assert_eq!(info.settings, settings);
        assert_eq!(info.path, "command-line-arguments");
        let id = program.go_tool(&["buildid"], "");
        assert_eq!(binary.build_id().as_deref(), Some(id.trim()));
    }
}

#[test]
fn debug_sections_inflate() {
    for go in toolchains() {
        let packed = Program::build(&go, &[], &[]);
        let plain = Program::build(&go, &["-ldflags=-compressdwarf=false"], &[]);
        for name in [".debug_abbrev", ".debug_line", ".debug_frame"] {
            let (packed, plain) = (packed.open().section(name).unwrap(), plain.open().section(name).unwrap());
            assert_eq!(packed.data().len(), plain.data().len(), "{name}");
        }
        assert!(packed.open().section(".nonsense").is_none());
        assert!(packed.open().dwarf().is_ok());
    }
}

#[test]
fn the_version_without_build_information() {
    for go in toolchains() {
        let program = Program::build(&go, &[], &[]);
        let mut bytes = std::fs::read(&program.path).unwrap();
        let at = bytes.windows(14).position(|window| window == b"\xff Go buildinf:").unwrap();
        bytes[at] = 0;
        let binary = Binary::from_bytes(&program.path, bytes).unwrap();
        assert!(binary.build_info().is_none() && binary.is_go());
        assert_eq!(binary.go_version(), program.open().go_version());
    }
}
