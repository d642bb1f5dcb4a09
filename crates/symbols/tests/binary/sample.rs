//! The program `testdata/platforms.go`, and what must be known of it however it was built.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use adit_arch::disasm::{self, Flavor, Flow};
use adit_symbols::{Binary, Dwarf, FileAddr, LocationContext, Pclntab, PiecePlace, Shape};

use crate::program::line_marked;

/// Where it is.
pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/platforms.go")
}

/// Its text.
pub(crate) fn source() -> String {
    std::fs::read_to_string(path()).unwrap()
}

/// Names, bounds, files, lines and inlined calls, from Go's own table.
pub(crate) fn check_functions(table: &Pclntab) {
    let source = &source();
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

/// What the symbol table knows.
pub(crate) fn check_symbols(binary: &Binary) {
    let table = binary.pclntab().unwrap();
    let main = table.by_name("main.main").unwrap();
    let symbol = binary.symbol("main.main").unwrap();
    assert_eq!(symbol.addr, main.entry());
    assert!(symbol.is_function && symbol.size > 0);
    assert_eq!(binary.symbol_at(FileAddr(symbol.addr.0 + 4)).unwrap().name, "main.main");
    assert_eq!(table.text_range().0, binary.symbol("runtime.text").unwrap().addr);
    check_values(binary, |name| binary.symbol(name).unwrap().addr.0);
}

/// What the debug information knows.
pub(crate) fn check_debug_information(binary: &Binary) {
    let table = binary.pclntab().unwrap();
    let dwarf = binary.dwarf().unwrap();
    check_lines(table, dwarf);
    check_types(dwarf, u64::from(binary.arch().pointer_size));
    check_values(binary, |name| {
        let variable = dwarf.package_variable(name).unwrap().unwrap_or_else(|| panic!("{name}"));
        let pieces = dwarf.evaluate(&variable.location, &[], &Nowhere).unwrap();
        let PiecePlace::Memory(place) = pieces[0].place else { panic!("{pieces:?}") };
        place
    });
    let main = table.by_name("main.main").unwrap().entry();
    let function = dwarf.function_at(main).unwrap().unwrap();
    assert_eq!((&*function.name, function.low), ("main.main", main));
    let walk = table.by_name("main.walk").unwrap().entry();
    let inlined = &dwarf.function_at(walk).unwrap().unwrap().inlined;
    assert!(inlined.iter().any(|call| &*call.name == "main.add"));
}

/// The instructions of main.main, each with a text in each syntax, and its calls with the names of what they call.
pub(crate) fn check_disassembly(binary: &Binary) {
    let table = binary.pclntab().unwrap();
    let main = table.by_name("main.main").unwrap();
    let size = usize::try_from(main.end().0 - main.entry().0).unwrap();
    let mut code = vec![0; size];
    assert!(binary.read(main.entry(), &mut code));
    let symbol = |addr: u64| {
        let function = table.find(FileAddr(addr))?;
        Some((function.name().to_owned(), addr - function.entry().0))
    };
    let (mut at, mut count) = (0, 0);
    let mut called = Vec::new();
    while at < size {
        let (addr, rest) = (main.entry().0 + at as u64, &code[at..]);
        let instruction = disasm::decode(binary.arch(), addr, rest).unwrap();
        // The linker fills the gap behind a function.
        let is_padding = rest.iter().all(|byte| *byte == 0) || rest.iter().all(|byte| *byte == 0xcc);
        if is_padding {
            break;
        }
        // Behind a function's code, ARM has the constants that it loads.
        let last = called.len() >= 6 && binary.arch().name == "arm";
        if last && disasm::text(binary.arch(), addr, rest, Flavor::Go, &symbol) == "?" {
            break;
        }
        for flavor in [Flavor::Go, Flavor::Gnu, Flavor::Intel] {
            let text = disasm::text(binary.arch(), addr, rest, flavor, &symbol);
            assert!(!text.is_empty() && text != "?", "{addr:#x}: {:02x?}", &rest[..rest.len().min(8)]);
        }
        if let Flow::Call(Some(target)) = instruction.flow {
            let text = disasm::text(binary.arch(), addr, rest, Flavor::Go, &symbol);
            let name = symbol(target).unwrap().0;
            assert!(text.contains(&name), "{text} does not name {name}");
            called.push(name);
        }
        at += instruction.len;
        count += 1;
    }
    assert!(count > 20, "{count}");
    for name in ["main.twice", "main.walk", "runtime.printlock"] {
        assert!(called.iter().any(|known| known == name), "{name}: {called:?}");
    }
}
