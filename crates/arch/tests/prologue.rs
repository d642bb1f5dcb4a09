//! The end of a prologue by code shape against the line table's `prologue_end`, over every function of real Go
//! programs.
#![allow(clippy::unwrap_used)]

mod go_program;

use std::collections::BTreeSet;

use adit_arch::{Arch, by_name, prologue};
use gimli::{DwarfSections, EndianSlice, LittleEndian};
use go_program::{Symbols, toolchains};
use object::{Object, ObjectSection};

fn flagged(file: &object::File<'_>) -> BTreeSet<u64> {
    let load = |id: gimli::SectionId| -> Result<Vec<u8>, gimli::Error> {
        Ok(file.section_by_name(id.name()).map(|s| s.data().unwrap().to_vec()).unwrap_or_default())
    };
    let sections = DwarfSections::load(load).unwrap();
    let dwarf = sections.borrow(|bytes| EndianSlice::new(bytes, LittleEndian));
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
fn code_without_a_prologue_has_none() {
    let amd64 = by_name("amd64").unwrap();
    for code in [&[0xc3][..], &[], &[0x0f], &[0x48, 0x89, 0xd8, 0xc3], &[0x64, 0x48, 0x8b, 0x0c, 0x25]] {
        assert_eq!(prologue::end(amd64, 0x1000, code), 0);
    }
    assert_eq!(prologue::end(by_name("arm64").unwrap(), 0x1000, &[0; 64]), 0);
}
