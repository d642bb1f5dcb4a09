//! Every platform that Go makes ELF, PE or Mach-O programs for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_arch::ByteOrder;
use adit_symbols::{Binary, Dwarf, FileAddr, FileFormat, LocationContext, Pclntab, PiecePlace, Shape};

use crate::program::{line_marked, newest};

/// One of each system and of each architecture; the others are built where there is time for it.
const SPREAD: [&str; 22] = [
    "android/arm64",
    "darwin/amd64",
    "darwin/arm64",
    "dragonfly/amd64",
    "freebsd/arm",
    "illumos/amd64",
    "linux/386",
    "linux/amd64",
    "linux/loong64",
    "linux/mips",
    "linux/mips64",
    "linux/mips64le",
    "linux/mipsle",
    "linux/ppc64",
    "linux/ppc64le",
    "linux/riscv64",
    "linux/s390x",
    "netbsd/arm64",
    "openbsd/amd64",
    "solaris/amd64",
    "windows/386",
    "windows/arm64",
];

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
    assert!(SPREAD.iter().all(|spread| all.iter().any(|platform| platform == spread)), "{all:?}");
    all.retain(|name| !OTHER_FORMATS.contains(&name.as_str()) && !EXTERNAL.contains(&name.as_str()));
    if std::env::var_os("ADIT_ALL_PLATFORMS").is_none() {
        all.retain(|name| SPREAD.contains(&name.as_str()));
    }
    all
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/platforms.go")
}

fn build(go: &Path, platform: &str, arguments: &[&str]) -> Platform {
    let (goos, goarch) = platform.split_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program");
    let mut command = Command::new(go);
    command.env("GOFLAGS", "-buildvcs=false").env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
    command.env_remove("GOROOT").env("GOOS", goos).env("GOARCH", goarch);
    let output = command.args(["build", "-o"]).arg(&path).args(arguments).arg(source()).output().unwrap();
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

fn check_functions(table: &Pclntab, source: &str) {
    let names = ["main.main", "main.walk", "main.twice", "main.main.func1"];
    for name in names {
        let function = table.by_name(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(table.find(function.entry()).unwrap().index(), function.index());
        assert_eq!(table.find(FileAddr(function.end().0 - 1)).unwrap().index(), function.index());
        let (file, _) = function.file_line(function.entry()).unwrap();
        assert!(file.ends_with("/platforms.go"), "{file}");
        assert_eq!(function.sp_delta(function.entry()), Some(0));
    }
    let file = table.by_name("main.main").unwrap();
    let file = file.file_line(file.entry()).unwrap().0;
    let marks = [
        ("walk", "main.walk"),
        ("calls", "main.twice"),
        ("closure", "main.main.func1"),
        ("generic", "main.apply["),
        ("inlined", "main.walk"),
    ];
    for (mark, name) in marks {
        let pcs = table.pcs_for_line(file, line_marked(source, mark));
        let functions: Vec<&str> = pcs.iter().map(|pc| table.find(*pc).unwrap().name()).collect();
        assert!(functions.iter().any(|known| known.starts_with(name)), "{mark}: {functions:?}");
    }
    assert!(table.by_name("runtime.main").unwrap().func_id().is_runtime_main());
    assert!(table.by_name("runtime.goexit").unwrap().flags().top_frame);
    let walk = table.by_name("main.walk").unwrap();
    let inlined = walk.inlined_calls();
    assert_eq!(inlined.iter().map(|call| call.0).collect::<Vec<_>>(), ["main.add"]);
    let calls = walk.inlined(inlined[0].1);
    assert_eq!((calls[0].name, calls[0].call_line), ("main.add", line_marked(source, "walk") + 1));
}

/// DWARF's line tables are made from the same data as Go's own, so they agree at each address.
fn check_lines(table: &Pclntab, dwarf: &Dwarf) {
    let mut compared = 0;
    for function in table.functions().filter(|function| function.name().starts_with("main.")) {
        let rows = dwarf.line_rows(function.entry(), function.end()).unwrap();
        // Of several rows with one address, the last counts.
        let last: BTreeMap<FileAddr, _> =
            rows.iter().filter(|r| !r.end_sequence).map(|r| (r.addr, r)).collect();
        for (addr, row) in last {
            let Some((file, line)) = function.file_line(addr) else { continue };
            assert_eq!((file, line), (&*row.file, row.line), "{addr} in {}", function.name());
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}

struct Nowhere;

impl LocationContext for Nowhere {
    fn register(&self, _: u16) -> Option<u64> {
        None
    }
    fn cfa(&self) -> Option<u64> {
        None
    }
    fn read(&self, _: u64, _: u8) -> Option<u64> {
        None
    }
    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0
    }
}

fn check_types(dwarf: &Dwarf, word: u64) {
    let node = dwarf.type_by_name("main.node").unwrap().unwrap();
    let Shape::Struct(fields) = &dwarf.resolve(node.id).unwrap().shape else { panic!("{node:?}") };
    let offsets: Vec<u64> = fields.iter().map(|field| field.offset).collect();
    let place = (3 * word + 3).next_multiple_of(4);
    let any = (place + 8).next_multiple_of(word);
    assert_eq!(offsets, [0, 2 * word, 3 * word, place, any]);
    assert_eq!(node.size, any + 2 * word);
    let pair = dwarf.type_by_name("main.pair[string,int]").unwrap().unwrap();
    assert_eq!(pair.size, 3 * word);
    assert_eq!(dwarf.type_by_name("main.point").unwrap().unwrap().size, 8);
}

fn pointer(binary: &Binary, addr: u64) -> u64 {
    let mut bytes = vec![0; usize::from(binary.arch().pointer_size)];
    assert!(binary.read(FileAddr(addr), &mut bytes), "{addr:#x}");
    binary.arch().byte_order.uint(&bytes)
}

fn text(binary: &Binary, header: u64) -> String {
    let length = pointer(binary, header + u64::from(binary.arch().pointer_size));
    let mut bytes = vec![0; usize::try_from(length).unwrap()];
    assert!(binary.read(FileAddr(pointer(binary, header)), &mut bytes));
    String::from_utf8(bytes).unwrap()
}

/// The initial values of package variables.
fn check_values(binary: &Binary, place: impl Fn(&str) -> u64) {
    assert_eq!(pointer(binary, place("main.answer")), 42_424_242);
    assert_eq!(text(binary, place("main.greeting")), "the same on every platform");
    assert_eq!(text(binary, pointer(binary, place("main.root"))), "root");
}

/// Everything that a program with symbols and debug information must tell.
fn check(platform: &Platform, source: &str) {
    let binary = &platform.binary;
    check_headers(platform);
    let table = binary.pclntab().unwrap();
    check_functions(table, source);
    let symbol = binary.symbol("main.main").unwrap();
    assert_eq!(symbol.addr, table.by_name("main.main").unwrap().entry());
    assert!(symbol.is_function && symbol.size > 0);
    assert_eq!(binary.symbol_at(FileAddr(symbol.addr.0 + 4)).unwrap().name, "main.main");
    assert_eq!(table.text_range().0, binary.symbol("runtime.text").unwrap().addr);
    let dwarf = binary.dwarf().unwrap();
    check_lines(table, dwarf);
    check_types(dwarf, platform.pointer_size());
    let place = |name: &str| {
        let variable = dwarf.package_variable(name).unwrap().unwrap_or_else(|| panic!("{name}"));
        let pieces = dwarf.evaluate(&variable.location, &[], &Nowhere).unwrap();
        let PiecePlace::Memory(place) = pieces[0].place else { panic!("{pieces:?}") };
        assert_eq!(place, binary.symbol(name).unwrap().addr.0);
        place
    };
    check_values(binary, place);
    let function = dwarf.function_at(symbol.addr).unwrap().unwrap();
    assert_eq!((&*function.name, function.low), ("main.main", symbol.addr));
    let inlined = &dwarf.function_at(table.by_name("main.walk").unwrap().entry()).unwrap().unwrap().inlined;
    assert!(inlined.iter().any(|call| &*call.name == "main.add"));
}

#[test]
fn every_platform() {
    let Some(go) = newest() else { return };
    let source = std::fs::read_to_string(source()).unwrap();
    let mut failed = Vec::new();
    for name in wanted(&go) {
        println!("{name}");
        let run = || check(&build(&go, &name, &[]), &source);
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
    let source = std::fs::read_to_string(source()).unwrap();
    for name in ["darwin/amd64", "darwin/arm64", "linux/mips", "windows/386", "windows/arm64"] {
        for flags in ["-ldflags=-w", "-ldflags=-s", "-ldflags=-s -w"] {
            let platform = build(&go, name, &[flags, "-trimpath"]);
            println!("{name} {flags}");
            check_headers(&platform);
            let table = platform.binary.pclntab().unwrap();
            check_functions(table, &source);
            assert!(platform.binary.section(".debug_info").is_none());
            let main = table.by_name("main.main").unwrap();
            assert_eq!(main.file_line(main.entry()).unwrap().0, "./platforms.go");
        }
    }
}
