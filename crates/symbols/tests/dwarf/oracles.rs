//! C and C++ programs, against what other tools read in the same debug information.

use std::collections::BTreeSet;

use adit_symbols::{Binary, Dwarf, FileAddr, Shape};

use crate::c_programs::{CProgram, SHAPES, build, has_tool, run};
use crate::program::{Build, Program, toolchains};

/// The addresses of all rows of a program.
fn row_addresses(dwarf: &Dwarf) -> BTreeSet<FileAddr> {
    let rows = dwarf.line_rows(FileAddr(0), FileAddr(u64::MAX)).unwrap();
    rows.iter().filter(|row| !row.end_sequence).map(|row| row.addr).collect()
}

/// Functions and lines at every row's address, as LLVM says it: for each, the innermost first. (GNU's addr2line takes
/// DWARF 5's files for others.)
fn assert_frames_agree(program: &CProgram) {
    let binary = program.binary();
    let dwarf = binary.dwarf().unwrap();
    let addresses: Vec<String> = row_addresses(dwarf).iter().map(|addr| format!("{addr}")).collect();
    let mut command = vec!["llvm-addr2line", "-f", "-i", "-a", "-C", "-e", "program"];
    command.extend(addresses.iter().map(String::as_str));
    let theirs = run(program.folder.path(), &command).unwrap();
    let mut ours = String::new();
    for address in &addresses {
        let pc = FileAddr(u64::from_str_radix(&address[2..], 16).unwrap());
        ours += &format!("{address}\n");
        for frame in dwarf.foreign_frames(pc) {
            let name = frame.function.trim_start_matches("C.");
            ours += &format!("{name}\n{}:{}\n", frame.file, frame.line);
        }
    }
    let theirs: String = theirs
        .lines()
        .map(|line| {
            line.split('(')
                .next()
                .unwrap()
                .split(".constprop")
                .next()
                .unwrap()
                .split(".isra")
                .next()
                .unwrap()
                .trim_end()
        })
        .map(|line| format!("{}\n", line.replace("/./", "/")))
        .collect();
    let first = ours.lines().zip(theirs.lines()).position(|(a, b)| a != b);
    let around = |text: &str| {
        let from = first.unwrap_or(0).saturating_sub(6);
        text.lines().skip(from).take(12).collect::<Vec<_>>().join("\n")
    };
    assert!(ours == theirs, "{}: ours\n{}\ntheirs\n{}", program.description, around(&ours), around(&theirs));
    println!("{}: {} addresses", program.description, addresses.len());
}

#[test]
fn frames_agree_with_llvm() {
    if !has_tool("llvm-addr2line") {
        return;
    }
    for compiler in ["gcc", "clang"] {
        for flags in [["-gdwarf-5", "-O2"], ["-gdwarf-5", "-O0"], ["-gdwarf-4", "-O2"], ["-gdwarf-3", "-O1"]]
        {
            if let Some(program) = build(&[&[compiler, "-g"], &flags[..]].concat(), SHAPES, &[]) {
                assert_frames_agree(&program);
            }
        }
    }
}

#[test]
fn lines_have_discriminators_and_files_digests() {
    let Some(program) = build(&["clang", "-g", "-gdwarf-5", "-O2"], SHAPES, &[]) else { return };
    let binary = program.binary();
    let dwarf = binary.dwarf().unwrap();
    let rows = dwarf.line_rows(FileAddr(0), FileAddr(u64::MAX)).unwrap();
    assert!(rows.iter().any(|row| row.prologue_end));
    let files = dwarf.source_files();
    for name in ["main.c", "shapes.h"] {
        let file = files.iter().find(|file| file.path.ends_with(name)).unwrap();
        assert_eq!(&*file.path, format!("/build/{name}"));
        let digest: String = file.md5.unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
        let theirs = run(program.folder.path(), &["md5sum", name]).unwrap();
        assert_eq!(digest, theirs.split(' ').next().unwrap(), "{name}");
    }
    let Some(program) = build(&["gcc", "-g", "-gdwarf-5", "-O2"], SHAPES, &[]) else { return };
    let binary = program.binary();
    let rows = binary.dwarf().unwrap().line_rows(FileAddr(0), FileAddr(u64::MAX)).unwrap();
    let ours: BTreeSet<u64> = rows.iter().filter(|row| row.discriminator > 0).map(|row| row.addr.0).collect();
    let theirs = run(program.folder.path(), &["objdump", "--dwarf=rawline", "program"]).unwrap();
    assert_eq!(ours.is_empty(), !theirs.contains("set Discriminator"), "{theirs}");
}

#[test]
fn classes_and_namespaces() {
    for command in [["g++", "-gdwarf-5"], ["g++", "-gdwarf-2"], ["clang++", "-gdwarf-5"]] {
        let Some(program) = build(&[&command[..], &["-g", "-O0"]].concat(), &["classes.cc"], &[]) else {
            continue;
        };
        let binary = program.binary();
        let dwarf = binary.dwarf().unwrap();
        let names: Vec<&str> = dwarf.foreign_functions().iter().map(|function| &*function.name).collect();
        for name in ["C.geo::base::cost", "C.geo::derived::cost", "C.geo::flat::point::sum", "C.main"] {
            assert!(names.contains(&name), "{} {name} {names:?}", program.description);
        }
        let derived = dwarf.type_by_name("class derived").unwrap().unwrap();
        let Shape::Struct(fields) = &derived.shape else { panic!("{derived:?}") };
        let members: Vec<(&str, u64, bool)> =
            fields.iter().map(|field| (&*field.name, field.offset, field.embedded)).collect();
        assert_eq!(members, [("base", 0, true), ("point", 24, true), ("inner", 32, false)]);
        assert_eq!(derived.size, 40);
        let base = dwarf.resolve(fields[0].type_id).unwrap();
        let Shape::Struct(fields) = &base.shape else { panic!("{base:?}") };
        let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
        // Where its table of virtual functions is, then what is no static member.
        assert_eq!(names[1..], ["grade", "id"]);
        let cost = dwarf.foreign_functions().iter().find(|function| function.name == "C.geo::derived::cost");
        let cost = dwarf.function_at(cost.unwrap().entry).unwrap().unwrap();
        let of = |name: &str| {
            let variable = cost.variables.iter().find(|variable| &*variable.name == name).unwrap();
            dwarf.type_of(variable.type_id.unwrap()).unwrap().name.to_string()
        };
        assert_eq!(of("at"), "&const struct point");
        let made = dwarf.package_variable("made").unwrap().unwrap();
        assert_eq!(&*dwarf.type_of(made.type_id.unwrap()).unwrap().name, "int");
        if has_tool("llvm-addr2line") {
            assert_frames_agree(&program);
        }
    }
}

#[test]
fn names_that_the_compiler_indexed() {
    // A function and an inlined one, a type, a typedef, a variable; their tags are the standard's (§7.5.3).
    const NAMES: [(&str, u16); 6] = [
        ("weigh", 0x2e),
        ("clamp", 0x1d),
        ("shape", 0x13),
        ("shape_ref", 0x16),
        ("grand_total", 0x34),
        ("long", 0x24),
    ];
    for flags in [&["-O2"][..], &["-O2", "-gdwarf64"]] {
        let command = [&["clang", "-g", "-gdwarf-5", "-gpubnames", "-glldb"], flags].concat();
        let Some(program) = build(&command, SHAPES, &[]) else { return };
        let binary = program.binary();
        let dwarf = binary.dwarf().unwrap();
        assert!(dwarf.has_debug_names(), "{}", program.description);
        for (name, tag) in NAMES {
            let found = dwarf.debug_names(name);
            assert!(found.iter().any(|entry| entry.tag == tag), "{} {name} {found:?}", program.description);
            // Types are those that our own index finds.
            let keyword = if name == "shape" { "struct " } else { "" };
            if let Some(own) = dwarf.type_by_name(&format!("{keyword}{name}")).unwrap() {
                assert!(found.iter().any(|entry| entry.entry == own.id.0), "{name} {found:?} {:?}", own.id);
            }
        }
        assert_eq!(dwarf.debug_names("no such name"), []);
    }
    // Without an index nothing is found, and nothing is wrong.
    let Some(program) = build(&["gcc", "-g"], SHAPES, &[]) else { return };
    let binary = program.binary();
    let dwarf = binary.dwarf().unwrap();
    assert!(!dwarf.has_debug_names() && dwarf.debug_names("main").is_empty());
}

/// What is read of a Go program's functions and of the types that it needs.
fn of_go_program(dwarf: &Dwarf, program: &Program) -> Vec<String> {
    let functions = program.functions().into_iter().filter(|(name, _, _)| name.starts_with("main."));
    let read = functions.filter_map(|(_, low, _)| dwarf.function_at(low).unwrap());
    let mut found: Vec<String> = read
        .map(|function| {
            let variables = function.variables.iter().map(|variable| {
                let of = dwarf.resolve(variable.type_id.unwrap()).unwrap();
                (variable.name.clone(), variable.kind, of.name.clone(), of.go_kind, of.size)
            });
            let variables: Vec<_> = variables.collect();
            let calls: Vec<_> = function.inlined.iter().map(|call| (&call.name, call.call_line)).collect();
            format!("{} {} {variables:?} {calls:?}", function.name, function.is_go)
        })
        .collect();
    found.extend(dwarf.packages().iter().map(|package| format!("{package:?}")));
    found.sort();
    found
}

#[test]
fn a_go_program_after_dwz() {
    if !has_tool("dwz") {
        return;
    }
    for go in toolchains() {
        let program = Program::build(&go, "zoo", Build::Optimized);
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        std::fs::copy(&program.path, &plain).unwrap();
        // dwz does not read the `.debug_addr` of Go's DWARF 5, and has no option to leave it alone.
        if Binary::open(&plain).unwrap().section(".debug_addr").is_some() {
            continue;
        }
        run(folder.path(), &["objcopy", "--decompress-debug-sections", "plain"]).unwrap();
        run(folder.path(), &["dwz", "-o", "shrunk", "plain"]).unwrap();
        let expected = of_go_program(&program.dwarf(), &program);
        let shrunk = Binary::open(&folder.path().join("shrunk")).unwrap();
        let found = of_go_program(shrunk.dwarf().unwrap(), &program);
        assert!(expected.len() > 20);
        assert_eq!(expected, found, "{}", program.description);
    }
}
