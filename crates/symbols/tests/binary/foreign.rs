//! Programs for other machines: other byte orders, other word sizes, other systems.

use adit_arch::ByteOrder;
use adit_symbols::{Binary, FileAddr};

use crate::program::{Program, toolchains};

fn check(program: &Program, goarch: &str) {
    let binary: Binary = program.open();
    assert_eq!(binary.arch().name, goarch);
    let big = ["s390x", "ppc64", "mips", "mips64"].contains(&goarch);
    assert_eq!(binary.arch().byte_order == ByteOrder::Big, big, "{goarch}");
    let wide = !["386", "arm", "mips", "mipsle"].contains(&goarch);
    assert_eq!(binary.arch().pointer_size == 8, wide, "{goarch}");
    let table = binary.pclntab().unwrap();
    let main = table.by_name("main.main").unwrap();
    assert_eq!(binary.symbol("main.main").unwrap().addr, main.entry());
    let file = main.file_line(main.entry()).unwrap().0;
    let pcs = table.pcs_for_line(file, program.line("only inlined"));
    assert_eq!(binary.source_frames(pcs[0])[0].function, "main.onlyInlined", "{goarch}");
    assert!(binary.go_version().is_some());
    let info = binary.build_info().unwrap();
    assert!(info.settings.contains(&("GOARCH".to_owned(), goarch.to_owned())), "{:?}", info.settings);
    assert!(binary.build_id().is_some(), "{goarch}");
    assert!(binary.section(".debug_info").is_some(), "{goarch}");
    let mut code = [0; 4];
    assert!(binary.read(main.entry(), &mut code));
    assert!(!binary.read(FileAddr(u64::MAX - 1), &mut code));
}

#[test]
fn every_architecture_of_linux() {
    let all = [
        "386", "arm", "arm64", "ppc64", "ppc64le", "riscv64", "s390x", "loong64", "mips", "mipsle", "mips64",
    ];
    for go in toolchains().into_iter().take(2) {
        let arches = if std::env::var_os("ADIT_ALL_ARCHES").is_some() { &all[..] } else { &["386", "s390x"] };
        for goarch in arches {
            let program = Program::build(&go, &[], &[("GOOS", "linux"), ("GOARCH", goarch)]);
            check(&program, goarch);
        }
    }
}

#[test]
fn other_systems() {
    for go in toolchains().into_iter().take(1) {
        let program = Program::build(&go, &[], &[("GOOS", "freebsd"), ("GOARCH", "amd64")]);
        assert_eq!(program.open().goos(), "freebsd");
        check(&program, "amd64");
    }
}
