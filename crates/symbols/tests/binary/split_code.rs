//! Code that the linker splits, because one section of it would be too large for branches (ppc64 and arm). Here a small
//! program is made to say so.

use adit_symbols::{Binary, FileAddr};

use crate::program::{Program, newest, skip};

/// Words of go1.26's and go1.27's moduledata: the slice `textsectmap`, and room where nothing is that is read.
const SECTIONS_OF_GO126: usize = 42;
const SECTIONS_OF_GO127: usize = 45;
const ROOM: usize = 48;

/// How far the second part is moved away from the first.
const GAP: u64 = 0x10_0000;

#[test]
fn parts_of_code_have_addresses_of_their_own() {
    let Some(go) = newest() else { return };
    let program = Program::build(&go, &[], &[("GOOS", "linux"), ("GOARCH", "amd64")]);
    let whole = program.open();
    let Some(module) = whole.section(".go.module") else {
        skip("the newest Go has no section for moduledata");
        return;
    };
    let table = whole.pclntab().unwrap();
    assert_eq!(table.moduledata(), Some(module.address()));
    let main = table.by_name("main.main").unwrap();
    let (text, etext) = table.text_range();
    let split = main.entry().0 - text.0;

    let mut bytes = std::fs::read(&program.path).unwrap();
    let start = bytes.windows(256).position(|window| window == &module.data()[..256]).unwrap();
    let mut put = |index: usize, value: u64| {
        bytes[start + 8 * index..start + 8 * index + 8].copy_from_slice(&value.to_le_bytes());
    };
    let sections =
        if whole.go_version().unwrap().at_least(1, 27) { SECTIONS_OF_GO127 } else { SECTIONS_OF_GO126 };
    put(sections, module.address().0 + 8 * ROOM as u64);
    put(sections + 1, 2);
    put(sections + 2, 2);
    // Of each part: its first offset, the one after its last, and its address.
    let parts = [0, split, text.0, split, etext.0 - text.0, main.entry().0 + GAP];
    for (index, word) in parts.into_iter().enumerate() {
        put(ROOM + index, word);
    }

    let split = Binary::from_bytes(&program.path, bytes).unwrap();
    let parted = split.pclntab().unwrap();
    assert_eq!(parted.len(), table.len());
    for (before, after) in table.functions().zip(parted.functions()) {
        let moved = if before.entry() >= main.entry() { GAP } else { 0 };
        assert_eq!(after.entry().0, before.entry().0 + moved, "{}", before.name());
        assert_eq!(parted.find(after.entry()).unwrap().index(), after.index());
    }
    let moved = parted.by_name("main.main").unwrap();
    let pc = FileAddr(moved.entry().0 + 20);
    assert_eq!(moved.file_line(pc), main.file_line(FileAddr(main.entry().0 + 20)));
    let file = moved.file_line(pc).unwrap().0;
    let line = program.line("only inlined");
    let frames = split.source_frames(parted.pcs_for_line(file, line)[0]);
    assert_eq!((frames[0].function.as_str(), frames[0].line), ("main.onlyInlined", line));
}
