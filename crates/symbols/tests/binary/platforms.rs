//! Every platform that Go makes ELF, PE or Mach-O programs for.

use std::path::Path;
use std::process::Command;

use adit_arch::ByteOrder;
use adit_symbols::{Binary, FileFormat};

use crate::program::newest;
use crate::sample;

/// Their executables are XCOFF, a.out of Plan 9, and WebAssembly.
const OTHER_FORMATS: [&str; 6] =
    ["aix/ppc64", "js/wasm", "plan9/386", "plan9/amd64", "plan9/arm", "wasip1/wasm"];
/// Go leaves linking these to the system's own tools.
const EXTERNAL: [&str; 5] = ["android/386", "android/amd64", "android/arm", "ios/amd64", "ios/arm64"];

/// A platform, and its program.
struct Platform {
    goos: String,
    goarch: String,
    binary: Binary,
}

impl Platform {
    fn pointer_size(&self) -> u64 {
        if ["386", "arm", "mips", "mipsle"].contains(&self.goarch.as_str()) { 4 } else { 8 }
    }
}

fn all_platforms(go: &Path) -> Vec<String> {
    let mut command = Command::new(go);
    command.env("GOTOOLCHAIN", "local").env_remove("GOROOT").args(["tool", "dist", "list"]);
    let output = command.output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    list.lines().map(str::to_owned).collect()
}

fn wanted(go: &Path) -> Vec<String> {
    let mut all = all_platforms(go);
    all.retain(|name| !OTHER_FORMATS.contains(&name.as_str()) && !EXTERNAL.contains(&name.as_str()));
    all
}

fn build(go: &Path, platform: &str, arguments: &[&str]) -> Platform {
    let (goos, goarch) = platform.split_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    let mut command = Command::new(go);
    command.env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
    command.env_remove("GOROOT").env("GOOS", goos).env("GOARCH", goarch);
    let output =
        command.args(["build", "-o"]).arg(&path).args(arguments).arg(sample::path()).output().unwrap();
    assert!(output.status.success(), "{platform}: {}", String::from_utf8_lossy(&output.stderr));
    let binary = Binary::open(&path).unwrap_or_else(|error| panic!("{platform}: {error}"));
    Platform { goos: goos.to_owned(), goarch: goarch.to_owned(), binary }
}

fn check_headers(platform: &Platform) {
    let binary = &platform.binary;
    assert_eq!(binary.arch().name, platform.goarch);
    assert_eq!(binary.goos(), platform.goos);
    let format = match platform.goos.as_str() {
        "windows" => FileFormat::Pe,
        "darwin" => FileFormat::MachO,
        _ => FileFormat::Elf,
    };
    assert_eq!(binary.format(), format);
    assert_eq!(u64::from(binary.arch().pointer_size), platform.pointer_size());
    let big = ["s390x", "ppc64", "mips", "mips64"].contains(&platform.goarch.as_str());
    assert_eq!(binary.arch().byte_order == ByteOrder::Big, big);
    assert!(binary.is_go());
    let info = binary.build_info().unwrap();
    assert_eq!(info.setting("GOARCH"), Some(platform.goarch.as_str()));
    assert!(binary.go_version().is_some());
    let id = binary.build_id().unwrap();
    assert_eq!(id.split('/').count(), 4, "{id}");
    let table = binary.pclntab().unwrap();
    let entry = table.find(binary.entry()).unwrap();
    assert!(entry.name().starts_with("_rt0_"), "{}", entry.name());
}

/// Everything that a program with symbols and debug information must tell.
fn check(platform: &Platform) {
    check_headers(platform);
    sample::check_functions(platform.binary.pclntab().unwrap());
    sample::check_symbols(&platform.binary);
    sample::check_debug_information(&platform.binary);
    sample::check_disassembly(&platform.binary);
}

#[test]
fn every_platform() {
    let Some(go) = newest() else { return };
    let mut failed = Vec::new();
    let wanted = wanted(&go);
    assert!(wanted.len() > 30, "{wanted:?}");
    for name in wanted {
        println!("{name}");
        let run = || check(&build(&go, &name, &[]));
        if std::panic::catch_unwind(run).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

/// Without symbols and debug information, Go's own table must be found by itself.
#[test]
fn stripped_by_the_linker() {
    let Some(go) = newest() else { return };
    for name in ["darwin/amd64", "darwin/arm64", "linux/mips", "windows/386", "windows/arm64"] {
        for flags in ["-ldflags=-w", "-ldflags=-s", "-ldflags=-s -w"] {
            let platform = build(&go, name, &[flags, "-trimpath"]);
            println!("{name} {flags}");
            check_headers(&platform);
            let table = platform.binary.pclntab().unwrap();
            sample::check_functions(table);
            assert!(platform.binary.section(".debug_info").is_none());
            let main = table.by_name("main.main").unwrap();
            assert_eq!(main.file_line(main.entry()).unwrap().0, "./platforms.go");
        }
    }
}
