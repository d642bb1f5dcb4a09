//! Programs for other architectures: 32-bit, and big-endian.

use adit_symbols::{FileAddr, LocationContext, PiecePlace, Shape};

use crate::program::{Build, Program, toolchains};

struct Frame;

impl LocationContext for Frame {
    fn register(&self, dwarf_number: u16) -> Option<u64> {
        Some(u64::from(dwarf_number))
    }
    fn cfa(&self) -> Option<u64> {
        Some(0x10_0000)
    }
    fn read(&self, _: u64, _: u8) -> Option<u64> {
        Some(0)
    }
    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0
    }
}

#[test]
fn other_pointer_sizes_and_byte_orders() {
    for go in toolchains().iter().take(2) {
        for (arch, pointer_size) in [("386", 4), ("s390x", 8)] {
            let program = Program::build_for(go, "tiny", Build::Debug, Some(arch));
            let dwarf = program.dwarf();
            let node = dwarf.type_by_name("main.node").unwrap().unwrap();
            assert_eq!(node.size, 5 * pointer_size + 8, "{arch} {node:?}");
            let Shape::Struct(fields) = &dwarf.resolve(node.id).unwrap().shape else { panic!("{node:?}") };
            let offsets: Vec<u64> = fields.iter().map(|field| field.offset).collect();
            assert_eq!(offsets, [0, pointer_size, 3 * pointer_size, 3 * pointer_size + 8], "{arch}");
            let variable = dwarf.package_variable("main.root").unwrap().unwrap();
            let pieces = dwarf.evaluate(&variable.location, &[], &Frame).unwrap();
            assert_eq!(pieces[0].place, PiecePlace::Memory(program.symbol("main.root").0), "{arch}");
            let walk = dwarf.function_at(program.symbol("main.walk")).unwrap().unwrap();
            assert_eq!(&*walk.variables[0].name, "n", "{arch}");
            let rows = dwarf.line_rows(walk.low, walk.high).unwrap();
            assert!(rows.iter().any(|row| row.line == program.line("walk")), "{arch} {rows:?}");
            let total = walk.variables.iter().find(|variable| &*variable.name == "total").unwrap();
            let location = total.location_at(FileAddr(walk.high.0 - 1)).unwrap();
            let pieces = dwarf.evaluate(location, &walk.frame_base, &Frame).unwrap();
            let PiecePlace::Memory(place) = pieces[0].place else { panic!("{pieces:?}") };
            assert!((0xff000..0x10_0100).contains(&place), "{arch} {place:#x}");
            let row = dwarf.unwind_row(walk.low).unwrap().unwrap();
            assert!(row.low <= walk.low && walk.low < row.high, "{arch} {row:?}");
        }
    }
}
