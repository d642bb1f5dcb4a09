//! C code in Go programs: types, variables, lines and frame rows.

use std::process::Command;

use adit_symbols::{CfaRule, Dwarf, Field, RegisterRule, Shape};

use crate::program::{Build, Program, c_program, each, skip};

fn programs() -> Vec<Program> {
    if Command::new("cc").arg("--version").output().is_err() {
        skip("no C compiler (cc)");
        return Vec::new();
    }
    each("cgozoo", Build::Debug)
}

/// The same C code without Go, in each version of DWARF.
fn c_programs() -> Vec<Program> {
    let programs: Vec<Program> = (2..=5).filter_map(|version| c_program("cgozoo", version)).collect();
    if programs.is_empty() {
        skip("no C compiler (cc)");
    }
    programs
}

fn bits(dwarf: &Dwarf) -> Vec<Field> {
    let found = dwarf.type_by_name("struct bits").unwrap().unwrap();
    assert_eq!((&*found.name, found.go_kind), ("struct bits", None));
    match &found.shape {
        Shape::Struct(fields) => fields.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn c_types_agree_with_the_compiler() {
    for program in programs().into_iter().chain(c_programs()) {
        let dwarf = program.dwarf();
        let fields = bits(&dwarf);
        let field = |name: &str| fields.iter().find(|field| &*field.name == name).unwrap();
        let mut checked = 0;
        for line in program.run().lines() {
            let words: Vec<&str> = line.split('\t').collect();
            match words[0] {
                "field" => {
                    assert_eq!(field(words[1]).offset.to_string(), words[2], "{line}");
                    let size = dwarf.type_of(field(words[1]).type_id).unwrap().size;
                    assert_eq!(size.to_string(), words[3], "{line}");
                    checked += 1;
                }
                "size" => {
                    let size = dwarf.type_by_name("struct bits").unwrap().unwrap().size;
                    assert_eq!(size.to_string(), words[1]);
                }
                _ => {}
            }
        }
        assert_eq!(checked, 10);
        let name = |field: &str| {
            let field = fields.iter().find(|known| &*known.name == field).unwrap();
            dwarf.type_of(field.type_id).unwrap().name.to_string()
        };
        assert_eq!(name("name"), "*const char");
        assert_eq!(name("v"), "volatile long int");
        assert_eq!(name("grid"), "[3][5]int");
        assert_eq!(name("fn"), "*func(int, *char) int");
        assert_eq!(name("any"), "*void");
        assert_eq!(name("next"), "*struct bits");
        // On little-endian targets the first bit field takes the lowest bits.
        let place = |name: &str| {
            let (bit, width) = field(name).bits.unwrap();
            (field(name).offset * 8 + bit, width)
        };
        assert_eq!([place("a"), place("b"), place("c")], [(0, 3), (3, 7), (10, 9)]);
        assert_eq!(place("d").1, 40);
        let anonymous = fields.iter().find(|field| field.name.is_empty()).unwrap();
        assert!(anonymous.embedded);
        assert!(
            matches!(&dwarf.type_of(anonymous.type_id).unwrap().shape, Shape::Union(fields) if fields.len() == 2)
        );
        let grid = dwarf.type_of(field("grid").type_id).unwrap();
        let Shape::Array { elem, count: 3 } = grid.shape else { panic!("{grid:?}") };
        let row = dwarf.type_of(elem).unwrap();
        assert!(matches!(row.shape, Shape::Array { count: 5, .. }), "{row:?}");
        assert_eq!((row.size, &*row.name), (20, "[5]int"));
        let color = dwarf.resolve(field("col").type_id).unwrap();
        let Shape::Enum(values) = &color.shape else { panic!("{color:?}") };
        let values: Vec<(&str, i64)> = values.iter().map(|(name, value)| (&**name, *value)).collect();
        assert_eq!(values, [("RED", 0), ("GREEN", 5), ("BLUE", 200), ("NEGATIVE", -3)]);
    }
}

#[test]
fn bit_fields_agree_with_gdb() {
    for program in c_programs() {
        let output = Command::new("gdb")
            .args(["-batch", "-nx", "-ex", "ptype /o struct bits"])
            .arg(&program.path)
            .output();
        let Ok(output) = output else { return skip("no gdb on PATH") };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let fields = bits(&program.dwarf());
        let mut checked = 0;
        for line in text.lines().filter(|line| line.contains(" : ")) {
            // "/*      0: 3   |       4 */    unsigned int b : 7;"
            let Some((place, rest)) = line.trim_start_matches("/*").split_once('|') else { continue };
            let Some((byte, bit)) = place.trim().split_once(':') else { continue };
            let name = rest.split_once(" : ").unwrap().0.rsplit(' ').next().unwrap();
            let field = fields.iter().find(|field| &*field.name == name).unwrap();
            let theirs = byte.trim().parse::<u64>().unwrap() * 8 + bit.trim().parse::<u64>().unwrap();
            assert_eq!(field.offset * 8 + field.bits.unwrap().0, theirs, "{line} {field:?}");
            checked += 1;
        }
        assert_eq!(checked, 4, "{text}");
    }
}

#[test]
fn c_functions_have_variables_lines_and_frames() {
    for program in programs() {
        let dwarf = program.dwarf();
        let leaf = dwarf.function_at(program.symbol("c_leaf")).unwrap().unwrap();
        assert_eq!((&*leaf.name, leaf.is_go), ("c_leaf", false));
        assert_eq!(leaf.variables.iter().map(|v| &*v.name).take(2).collect::<Vec<_>>(), ["depth", "b"]);
        assert!(leaf.decl_file.as_ref().unwrap().ends_with("main.go"), "{:?}", leaf.decl_file);
        let line = program.source.lines().position(|line| line.contains("int c_leaf(")).unwrap();
        assert_eq!(leaf.decl_line as usize, line + 1);
        let rows = dwarf.line_rows(leaf.low, leaf.high).unwrap();
        assert!(
            rows.iter().any(|row| row.line == leaf.decl_line && row.file == leaf.decl_file.clone().unwrap())
        );
        assert!(rows.iter().any(|row| row.column > 0));
        let entry = dwarf.unwind_row(leaf.low).unwrap().unwrap();
        // At its first instruction, a function's return address is on top of the stack (register 7 is RSP).
        assert_eq!(entry.cfa, CfaRule::RegisterOffset { register: 7, offset: 8 });
        assert_eq!(entry.return_address, 16);
        assert!(entry.registers.contains(&(16, RegisterRule::Offset(-8))), "{entry:?}");
        let again = dwarf.unwind_row(leaf.low).unwrap().unwrap();
        assert_eq!(entry, again);
        let variable = dwarf.package_variable("the_bits").unwrap().unwrap();
        assert_eq!(&*dwarf.type_of(variable.type_id.unwrap()).unwrap().name, "struct bits");
        assert!(variable.decl_line > 0 && variable.decl_file.is_some());
        let mixed = dwarf.package_variable("main.theMixed").unwrap().unwrap();
        assert_eq!(dwarf.type_of(mixed.type_id.unwrap()).unwrap().size, 16);
    }
}

#[test]
fn frame_rows_agree_with_readelf() {
    for program in programs() {
        let dwarf = program.dwarf();
        let output = Command::new("readelf").arg("--debug-dump=frames-interp").arg(&program.path).output();
        let Ok(output) = output else { return skip("no readelf on PATH") };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut function = None;
        let mut checked = 0;
        for line in text.lines() {
            if line.ends_with("CIE") || line.contains(" CIE \"") {
                function = None;
            }
            if let Some((_, range)) = line.split_once("pc=") {
                let (low, high) = range.split_once("..").unwrap();
                let address = |text: &str| u64::from_str_radix(text.trim(), 16).unwrap();
                function = Some((address(low), address(high)));
                continue;
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            let (Some((low, high)), Some(cfa)) = (function, words.get(1)) else { continue };
            let (Ok(pc), Some((register, offset))) = (u64::from_str_radix(words[0], 16), cfa.split_once('+'))
            else {
                continue;
            };
            let register = match register {
                "rsp" => 7,
                "rbp" => 6,
                _ => continue,
            };
            assert!((low..high).contains(&pc), "{line}");
            let row = dwarf.unwind_row(adit_symbols::FileAddr(pc)).unwrap().unwrap();
            let expected = CfaRule::RegisterOffset { register, offset: offset.parse().unwrap() };
            assert_eq!(row.cfa, expected, "{line} {row:?}");
            checked += 1;
        }
        println!("{}: {checked} rows", program.description);
        assert!(checked > 1000, "{checked}");
    }
}
