//! Functions of Go's table against `go tool nm`, in every form a program is shipped.

use std::collections::HashMap;

use adit_symbols::{Binary, FileAddr};

use crate::program::{Program, strip, toolchains};

/// (address, name, size) of the functions in the symbol table.
fn nm(program: &Program) -> Vec<(u64, String, u64)> {
    let output = program.go_tool(&["nm", "-size"], "");
    let lines = output.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (addr, size, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let name = fields.collect::<Vec<_>>().join(" ");
        if !matches!(kind, "T" | "t") {
            return None;
        }
        Some((u64::from_str_radix(addr, 16).ok()?, name, size.parse().ok()?))
    });
    lines.collect()
}

fn check_names(binary: &Binary, truth: &[(u64, String, u64)]) {
    let table = binary.pclntab().unwrap();
    let names: HashMap<u64, &str> = table.functions().map(|f| (f.entry().0, f.name())).collect();
    let mut compared = 0;
    for (addr, name, size) in truth.iter().filter(|(_, _, size)| *size > 0) {
        // The linker strips the ABI from names of its symbols, and shortens type arguments in the table.
        let (Some(known), false) = (names.get(addr), name.contains('[')) else { continue };
        let plain = name.trim_end_matches(".abi0").trim_end_matches(".abiinternal");
        // Before the toolchain wrote a plain dot there, nm turned the middle dot of local types into one.
        assert_eq!(known.replace('·', "."), plain.replace('·', "."), "{addr:#x}");
        let function = table.find(FileAddr(addr + size - 1)).unwrap();
        assert_eq!(function.entry().0, *addr, "{name}");
        compared += 1;
    }
    assert!(compared * 10 > table.len() * 9, "{compared} of {}", table.len());
}

/// What must be known of any program, however it was built.
fn check_inlining(binary: &Binary, program: &Program) {
    let table = binary.pclntab().unwrap();
    let main = table.by_name("main.main").expect("main.main");
    assert!(binary.is_go());
    assert_eq!(main.name(), "main.main");
    let file = main.file_line(main.entry()).unwrap().0;
    assert!(file.ends_with("inlining/main.go"), "{file}");
    let pcs = table.pcs_for_line(file, program.line("only inlined"));
    assert!(!pcs.is_empty());
    for pc in pcs {
        let frames = binary.source_frames(pc);
        assert_eq!(frames[0].function, "main.onlyInlined");
        assert_eq!(frames[0].line, program.line("only inlined"));
        assert!(frames[0].inlined && !frames.last().unwrap().inlined);
        assert_eq!(frames[1].line, program.line("closure"));
    }
    let deep = table.pcs_for_line(file, program.line("inlined twice over"));
    let deep: Vec<Vec<String>> =
        deep.iter().map(|pc| binary.source_frames(*pc).into_iter().map(|f| f.function).collect()).collect();
    assert!(deep.iter().any(|frames| frames[..2] == ["main.add", "main.twice"]), "{deep:?}");
}

fn check_ids(binary: &Binary) {
    let table = binary.pclntab().unwrap();
    let id = |name: &str| table.by_name(name).unwrap_or_else(|| panic!("{name}")).func_id();
    assert!(id("runtime.goexit").is_goexit());
    assert!(id("runtime.sigpanic").is_sigpanic());
    assert!(id("runtime.mcall").is_mcall());
    assert!(id("runtime.main").is_runtime_main());
    assert!(id("runtime.systemstack").is_systemstack());
    assert!(id("runtime.gopanic").is_gopanic());
    assert!(id("main.main").is_normal());
    assert!(id("main.(*rect).area").is_wrapper());
    assert!(table.by_name("runtime.goexit").unwrap().flags().top_frame);
    assert!(
        table.by_name("runtime.mcall").unwrap().flags().asm || !binary.go_version().unwrap().at_least(1, 19)
    );
    assert!(table.by_name("main.recovers").unwrap().deferreturn().is_some());
    assert!(table.by_name("main.main").unwrap().deferreturn().is_none());
    let main = table.by_name("main.main").unwrap();
    assert_eq!(main.start_line().is_some(), binary.go_version().unwrap().at_least(1, 20));
    assert_eq!(main.sp_delta(main.entry()), Some(0));
    assert_eq!(table.find(FileAddr(main.end().0 - 1)).unwrap().index(), main.index());
    assert!(table.find(FileAddr(table.text_range().0.0 - 1)).is_none());
}

#[test]
fn every_way_to_build_and_strip() {
    for go in toolchains() {
        for mode in ["-buildmode=exe", "-buildmode=pie"] {
            let whole = Program::build(&go, &[mode], &[]);
            let binary = whole.open();
            check_names(&binary, &nm(&whole));
            check_inlining(&binary, &whole);
            check_ids(&binary);
            let symbol = binary.symbol("main.main").unwrap();
            let table = binary.pclntab().unwrap();
            assert_eq!(symbol.addr, table.by_name("main.main").unwrap().entry());
            assert_eq!(binary.symbol_at(FileAddr(symbol.addr.0 + 1)).unwrap().name, "main.main");
            assert_eq!(table.text_range().0, binary.symbol("runtime.text").unwrap().addr);
            assert_eq!(table.text_range().1, binary.symbol("runtime.etext").unwrap().addr);
            let entry = table.by_name("main.main").unwrap().entry();

            let small = Program::build(&go, &[mode, "-ldflags=-s -w"], &[]);
            check_inlining(&small.open(), &small);
            check_ids(&small.open());
            assert!(small.open().symbol("main.main").is_none());

            if strip(&whole.path, &["--strip-all"]) {
                check_inlining(&whole.open(), &whole);
                check_ids(&whole.open());
            }
            without_section_headers(&whole);
            check_inlining(&whole.open(), &whole);
            check_ids(&whole.open());
            assert_eq!(whole.open().pclntab().unwrap().by_name("main.main").unwrap().entry(), entry);
        }
    }
}

/// Clears e_shoff, e_shnum and e_shstrndx, as `sstrip` does.
fn without_section_headers(program: &Program) {
    let mut bytes = std::fs::read(&program.path).unwrap();
    bytes[0x28..0x30].fill(0);
    bytes[0x3c..0x40].fill(0);
    std::fs::remove_file(&program.path).unwrap();
    std::fs::write(&program.path, bytes).unwrap();
}
