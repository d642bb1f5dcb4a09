//! Debug information from a fuzzer's bytes, and everything that can be asked of it.

#![allow(dead_code)] // Each target uses a part.

use std::sync::Arc;

use adit_arch::ByteOrder;
use adit_symbols::{Dwarf, FileAddr, LocationContext, SectionBytes, TypeId, Variable};

/// Sections by name.
type Sections = Vec<(&'static str, Vec<u8>)>;

/// Debug information with these sections, of a 64-bit little-endian program.
fn open(sections: Sections) -> Dwarf {
    let sections = Arc::new(sections);
    let loader = move |name: &str| {
        let (_, data) = sections.iter().find(|section| section.0 == name)?;
        Some(SectionBytes { data: Box::new(data.clone()), address: 0x1000 })
    };
    Dwarf::open(Box::new(loader), ByteOrder::Little, 8)
}

/// Cuts bytes into `N` parts: the sizes of all but the last are in front, two bytes each.
fn parts<const N: usize>(data: &[u8]) -> [Vec<u8>; N] {
    let (sizes, mut rest) = data.split_at(data.len().min(2 * (N - 1)));
    let mut sizes =
        sizes.chunks(2).map(|size| usize::from(size[0]) | usize::from(*size.get(1).unwrap_or(&0)) << 8);
    std::array::from_fn(|index| {
        let size = if index + 1 == N { rest.len() } else { sizes.next().unwrap_or(0).min(rest.len()) };
        let (part, after) = rest.split_at(size);
        rest = after;
        part.to_vec()
    })
}

/// A unit of DWARF 5 with one function, from 0x1000 up to 0x2000, that has a variable. The unit's line table, the
/// function's ranges and the variable's location are at offset 0 of their sections, or with `version` 4 of the older
/// ones.
fn unit(version: u16) -> Sections {
    let abbreviations = [
        // DW_TAG_compile_unit: stmt_list (sec_offset), low_pc (addr), high_pc (data4).
        &[1, 0x11, 1, 0x10, 0x17, 0x11, 0x01, 0x12, 0x06, 0, 0][..],
        // DW_TAG_subprogram: name (string), low_pc, high_pc, ranges (sec_offset), frame_base (exprloc).
        &[2, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x06, 0x40, 0x18, 0, 0],
        // DW_TAG_variable: name, location (sec_offset).
        &[3, 0x34, 0, 0x03, 0x08, 0x02, 0x17, 0, 0],
        // DW_TAG_lexical_block: ranges (sec_offset).
        &[4, 0x0b, 1, 0x55, 0x17, 0, 0, 0],
    ];
    let mut info = version.to_le_bytes().to_vec();
    if version >= 5 {
        info.extend([1, 8, 0, 0, 0, 0]);
    } else {
        info.extend([0, 0, 0, 0, 8]);
    }
    let range = [&0x1000u64.to_le_bytes()[..], &0x1000u32.to_le_bytes()].concat();
    info.extend([1, 0, 0, 0, 0]);
    info.extend(&range);
    info.extend(b"\x02f\0");
    info.extend(&range);
    info.extend([1, 0x9c]);
    info.extend([4, 0, 0, 0, 0]);
    info.extend(b"\x03v\0\0\0\0\0");
    info.extend([0, 0, 0]);
    let length = u32::try_from(info.len()).unwrap_or(0).to_le_bytes();
    vec![(".debug_abbrev", abbreviations.concat()), (".debug_info", [&length[..], &info].concat())]
}

/// A frame in which everything can be read.
struct Frame;

impl LocationContext for Frame {
    fn register(&self, dwarf_number: u16) -> Option<u64> {
        Some(0x1000 + u64::from(dwarf_number))
    }
    fn cfa(&self) -> Option<u64> {
        Some(0xc000)
    }
    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        assert!(size <= 8);
        Some(addr ^ 0x5555)
    }
    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0
    }
    fn entry_value(&self, _: &[u8]) -> Option<u64> {
        Some(7)
    }
    fn thread_local(&self, offset: u64) -> Option<u64> {
        Some(offset)
    }
    fn object_address(&self) -> Option<u64> {
        Some(0xd000)
    }
}

fn variables(dwarf: &Dwarf, variables: &[Variable], frame_base: &[u8], pc: FileAddr) {
    for variable in variables.iter().take(32) {
        if let Some(expression) = variable.location_at(pc) {
            let _ = dwarf.evaluate(expression, frame_base, &Frame);
            let _ = dwarf.implicit_pointee(expression, frame_base, &Frame);
        }
        if let Some(id) = variable.type_id {
            let _ = dwarf.type_of(id);
            let _ = dwarf.resolve(id);
        }
    }
}

/// Asks what there is to know about a place in the code.
fn ask_at(dwarf: &Dwarf, pc: FileAddr) {
    if let Ok(Some(function)) = dwarf.function_at(pc) {
        let base = function.frame_base_at(pc);
        variables(dwarf, &function.variables, base, pc);
        for block in &function.blocks {
            variables(dwarf, &block.variables, base, pc);
        }
        for call in &function.inlined {
            variables(dwarf, &call.variables, base, pc);
        }
        let _ = dwarf.line_rows(function.low, function.high);
    }
    let _ = dwarf.foreign_frames(pc);
    let _ = dwarf.call_site(pc);
    let _ = dwarf.unwind_row(pc);
}

/// Asks everything.
fn ask_all(dwarf: &Dwarf) {
    for function in dwarf.foreign_functions().iter().take(32) {
        ask_at(dwarf, function.entry);
    }
    ask_at(dwarf, FileAddr(0x1000));
    let _ = dwarf.line_rows(FileAddr(0), FileAddr(u64::MAX));
    for file in dwarf.source_files().iter().take(4) {
        let _ = dwarf.foreign_pcs_of_line(&file.path, 1);
    }
    let _ = (dwarf.packages(), dwarf.split_links(), dwarf.supplementary_link());
    for name in dwarf.type_names().unwrap_or_default().iter().take(32) {
        if let Ok(Some(found)) = dwarf.type_by_name(name) {
            let _ = dwarf.resolve(dwarf.pointer_to(found.id));
            let _ = dwarf.constants_of_type(found.id);
        }
    }
    for variable in dwarf.package_variables().unwrap_or_default().iter().take(32) {
        let _ = dwarf.evaluate(&variable.location, &[], &Frame);
    }
    for id in 0..64 {
        let _ = dwarf.type_of(TypeId(id));
    }
}

/// Entries and abbreviations.
pub(crate) fn info(data: &[u8]) {
    let [abbreviations, strings, types, info] = parts(data);
    ask_all(&open(vec![
        (".debug_abbrev", abbreviations),
        (".debug_str", strings),
        (".debug_types", types),
        (".debug_info", info),
    ]));
}

/// A line program.
pub(crate) fn lines(data: &[u8]) {
    let mut sections = unit(5);
    let [strings, lines] = parts(data);
    sections.extend([(".debug_line_str", strings), (".debug_line", lines)]);
    ask_all(&open(sections));
}

/// Range and location lists, of DWARF 5 and as they were before it.
pub(crate) fn lists(data: &[u8]) {
    let [addresses, ranges, locations] = parts(data);
    for (version, names) in
        [(5, [".debug_rnglists", ".debug_loclists"]), (4, [".debug_ranges", ".debug_loc"])]
    {
        let mut sections = unit(version);
        sections.extend([
            (".debug_addr", addresses.clone()),
            (names[0], ranges.clone()),
            (names[1], locations.clone()),
        ]);
        ask_all(&open(sections));
    }
}

/// Frame tables, with a search table or without.
pub(crate) fn frames(data: &[u8]) {
    let [search_table, frames] = parts(data);
    for name in [".eh_frame", ".debug_frame"] {
        let dwarf = open(vec![(".eh_frame_hdr", search_table.clone()), (name, frames.clone())]);
        for pc in [0, 0x1000, 0x1010, 0x1100, 0x2000, 0x40_1000, u64::MAX] {
            let _ = dwarf.unwind_row(FileAddr(pc));
        }
    }
}

/// An expression.
pub(crate) fn expressions(data: &[u8]) {
    let dwarf = open(unit(5));
    let [frame_base, expression] = parts(data);
    let _ = dwarf.evaluate(&expression, &frame_base, &Frame);
    let _ = dwarf.implicit_pointee(&expression, &frame_base, &Frame);
}

/// A compiler's index of names.
pub(crate) fn names(data: &[u8]) {
    let mut sections = unit(5);
    let [strings, names] = parts(data);
    sections.extend([(".debug_str", strings), (".debug_names", names)]);
    let dwarf = open(sections);
    for name in ["f", "v", "main", "int", ""] {
        let _ = dwarf.debug_names(name);
    }
}
