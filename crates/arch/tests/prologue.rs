//! The end of a prologue by code shape against the line table's `prologue_end`, over every function of real Go
//! programs.
#![allow(clippy::unwrap_used)]

mod go_program;

use std::collections::BTreeSet;

use adit_arch::{Arch, by_name, prologue};
use gimli::{
    BaseAddresses, CfaRule, CieOrFde, DebugFrame, DwarfSections, EndianSlice, RunTimeEndian, UnwindContext,
    UnwindSection,
};
use go_program::{Symbols, oldest_and_newest, toolchains};
use object::{Object, ObjectSection};

fn order(file: &object::File<'_>) -> RunTimeEndian {
    if file.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big }
}

fn flagged(file: &object::File<'_>) -> BTreeSet<u64> {
    let load = |id: gimli::SectionId| -> Result<Vec<u8>, gimli::Error> {
        Ok(file.section_by_name(id.name()).map(|s| s.data().unwrap().to_vec()).unwrap_or_default())
    };
    let sections = DwarfSections::load(load).unwrap();
    let dwarf = sections.borrow(|bytes| EndianSlice::new(bytes, order(file)));
    let mut ends = BTreeSet::new();
    let mut units = dwarf.units();
    while let Some(header) = units.next().unwrap() {
        let Some(program) = dwarf.unit(header).unwrap().line_program else { continue };
        let mut rows = program.rows();
        while let Some((_, row)) = rows.next_row().unwrap() {
            if row.prologue_end() {
                ends.insert(row.address());
            }
        }
    }
    ends
}

fn compare(arch: &Arch, executable: &std::path::Path, what: &str) {
    let data = std::fs::read(executable).unwrap();
    let file = object::File::parse(&*data).unwrap();
    let (ends, symbols) = (flagged(&file), Symbols::of(&file));
    let (mut compared, mut wrong) = (0, Vec::new());
    for (entry, name, code) in symbols.functions(&file) {
        let Some(end) = ends.range(entry..entry + code.len() as u64).next() else { continue };
        compared += 1;
        let ours = prologue::end(arch, entry, code);
        if entry + ours as u64 != *end {
            wrong.push(format!("{name}: +{ours}, the line table says +{}", end - entry));
        }
    }
    println!("{what}: {} of {compared} agree", compared - wrong.len());
    assert!(compared > 1000, "{what}: {compared} functions");
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

/// Each function's entry, and the first address where it has a frame by the call frame information.
fn frames(arch: &Arch, file: &object::File<'_>) -> Vec<(u64, u64)> {
    let section = file.section_by_name(".debug_frame").unwrap().uncompressed_data().unwrap();
    let mut frame = DebugFrame::new(&section, order(file));
    frame.set_address_size(arch.pointer_size);
    let (bases, mut context, mut frames) = (BaseAddresses::default(), UnwindContext::new(), Vec::new());
    let mut entries = frame.entries(&bases);
    while let Some(entry) = entries.next().unwrap() {
        let CieOrFde::Fde(partial) = entry else { continue };
        let fde = partial.parse(DebugFrame::cie_from_offset).unwrap();
        let mut rows = fde.rows(&frame, &bases, &mut context).unwrap();
        let first = rows.next_row().unwrap().unwrap().cfa().clone();
        while let Some(row) = rows.next_row().unwrap() {
            if *row.cfa() != first && matches!(row.cfa(), CfaRule::RegisterAndOffset { .. }) {
                frames.push((fde.initial_address(), row.start_address()));
                break;
            }
        }
    }
    frames
}

/// Assembly that has no frame of its own: the call frame information tells of the other stack.
fn moves_to_another_stack(name: &str) -> bool {
    matches!(
        name.trim_end_matches(".abi0"),
        "runtime.mcall" | "runtime.morestack" | "runtime.clone" | "runtime.asyncPreempt"
    )
}

/// The prologue's end is where the stack pointer is lowered: right before the frame stands.
fn compare_with_frames(arch: &Arch, executable: &std::path::Path, what: &str) {
    let data = std::fs::read(executable).unwrap();
    let file = object::File::parse(&*data).unwrap();
    let symbols = Symbols::of(&file);
    let functions = symbols.functions(&file);
    let mut wrong = Vec::new();
    let frames = frames(arch, &file);
    for (entry, frame) in &frames {
        let Ok(at) = functions.binary_search_by_key(entry, |function| function.0) else { continue };
        let (_, name, code) = functions[at];
        if moves_to_another_stack(name) {
            continue;
        }
        let end = entry + prologue::end(arch, *entry, code) as u64;
        // A large frame takes up to four instructions more.
        // On ARM the frame's first instruction is a function's first, where no check comes before.
        let is_nothing = end == *entry && !arch.name.starts_with("arm");
        if is_nothing || !(2..=20).contains(&frame.wrapping_sub(end)) {
            wrong.push(format!("{name}: +{}, the frame stands at +{}", end - entry, frame - entry));
        }
    }
    println!("{what}: {} of {} agree with the frames", frames.len() - wrong.len(), frames.len());
    assert!(frames.len() > 1000, "{what}: {} functions", frames.len());
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

#[test]
fn ends_where_the_line_table_says() {
    for go in toolchains() {
        for (goarch, flags) in [("amd64", ""), ("amd64", "-N -l"), ("386", "")] {
            let dir = tempfile::tempdir().unwrap();
            let executable = go.build(dir.path(), goarch, flags);
            compare(by_name(goarch).unwrap(), &executable, &format!("go1.{} {goarch} {flags}", go.minor));
        }
    }
}

#[test]
fn ends_where_the_frame_stands() {
    for go in oldest_and_newest() {
        for goarch in ["arm", "arm64", "loong64", "mips", "mips64le", "ppc64", "ppc64le", "riscv64", "s390x"]
        {
            let dir = tempfile::tempdir().unwrap();
            let executable = go.build(dir.path(), goarch, "");
            let (arch, what) = (by_name(goarch).unwrap(), format!("go1.{} {goarch}", go.minor));
            let is_flagged = match goarch {
                "arm64" | "ppc64" | "ppc64le" => true,
                "loong64" | "riscv64" => go.minor >= 24,
                // No release flags it.
                _ => false,
            };
            if is_flagged {
                compare(arch, &executable, &what);
            }
            // On Power the link register is fetched first, wherever the frame is big.
            if !goarch.starts_with("ppc64") {
                compare_with_frames(arch, &executable, &what);
            }
        }
    }
}

#[test]
fn code_without_a_prologue_has_none() {
    let amd64 = by_name("amd64").unwrap();
    for code in [&[0xc3][..], &[], &[0x0f], &[0x48, 0x89, 0xd8, 0xc3], &[0x64, 0x48, 0x8b, 0x0c, 0x25]] {
        assert_eq!(prologue::end(amd64, 0x1000, code), 0);
    }
    assert_eq!(prologue::end(by_name("arm64").unwrap(), 0x1000, &[0; 64]), 0);
}
