//! Line rows, against `go tool objdump`, which reads another table (pclntab) of the same program.

use std::collections::BTreeMap;

use adit_symbols::FileAddr;

use crate::program::{Build, each};

#[test]
fn rows_agree_with_objdump() {
    for build in [Build::Debug, Build::Optimized] {
        for program in each("zoo", build) {
            let dwarf = program.dwarf();
            let listing = program.go_tool(&["objdump", "-s", r"^(main|strconv)\."]);
            let mut instructions = BTreeMap::new();
            for line in listing.lines() {
                let mut words = line.split_whitespace();
                let (Some(position), Some(addr)) = (words.next(), words.next()) else { continue };
                let (Some((file, line)), Some(addr)) = (position.rsplit_once(':'), addr.strip_prefix("0x"))
                else {
                    continue;
                };
                instructions.insert(u64::from_str_radix(addr, 16).unwrap(), format!("{file}:{line}"));
            }
            assert!(instructions.len() > 2000, "{}", instructions.len());
            let mut functions = BTreeMap::new();
            let mut different = Vec::new();
            for (&addr, expected) in &instructions {
                let Some(function) = dwarf.function_at(FileAddr(addr)).unwrap() else {
                    panic!("no function at {addr:#x} ({expected})");
                };
                let rows = functions
                    .entry(function.low)
                    .or_insert_with(|| dwarf.line_rows(function.low, function.high).unwrap());
                assert!(rows.is_sorted_by_key(|row| row.addr));
                let row = rows.iter().rfind(|row| row.addr.0 <= addr && !row.end_sequence);
                // The compiler gives some generated functions' stack check no row.
                let Some(row) = row else {
                    different.push(format!("{addr:#x} {} {expected}: no row", function.name));
                    continue;
                };
                let file = row.file.rsplit('/').next().unwrap();
                if format!("{file}:{}", row.line) != *expected {
                    different.push(format!("{addr:#x} {} {expected} {file}:{}", function.name, row.line));
                }
            }
            // The compiler moves single instructions between statements after it made one of the tables.
            assert!(different.len() * 100 < instructions.len(), "{}: {different:#?}", program.description);
            println!("{}: {} of {} differ", program.description, different.len(), instructions.len());
            let results = dwarf.function_at(program.symbol("main.results")).unwrap().unwrap();
            let rows = &functions[&results.low];
            assert!(functions.values().flatten().any(|row| row.prologue_end));
            assert!(rows.iter().any(|row| row.is_stmt) && rows.iter().any(|row| !row.is_stmt));
            assert!(rows.iter().all(|row| row.file.starts_with('/') && row.file.ends_with("/main.go")));
            assert!(rows.iter().any(|row| row.line == program.line("deeper")));
        }
    }
}
