//! Locations of variables, against gdb's reading of the same debug information.

use std::process::Command;

use adit_symbols::{Location, Variable};

use crate::program::{Build, Program, each, skip};

/// gdb's `info scope`, by variable: for each range of PCs, how it words the location.
fn gdb_scope(program: &Program, function: &str) -> Option<Vec<(String, Vec<(u64, u64, String)>)>> {
    let output = Command::new("gdb")
        .args(["-batch", "-nx", "-ex", &format!("info scope {function}")])
        .arg(&program.path)
        .output()
        .ok()?;
    let mut found: Vec<(String, Vec<(u64, u64, String)>)> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some((name, rest)) = line.strip_prefix("Symbol ").and_then(|line| line.split_once(" is ")) {
            found.push((name.to_owned(), Vec::new()));
            if !rest.starts_with("multi-location") {
                found.last_mut()?.1.push((0, u64::MAX, rest.trim_end_matches('.').to_owned()));
            }
        } else if let Some((range, rest)) =
            line.split_once("Range 0x").and_then(|(_, rest)| rest.split_once(": "))
        {
            let (low, high) = range.split_once("-0x")?;
            let address = |text: &str| u64::from_str_radix(text, 16).ok();
            found.last_mut()?.1.push((address(low)?, address(high)?, rest.to_owned()));
        } else if let Some((_, operation)) = line.trim_start().split_once(": DW_OP_")
            && let Some(last) = found.last_mut().and_then(|variable| variable.1.last_mut())
        {
            last.2 = format!("{} DW_OP_{operation}", last.2);
        }
    }
    Some(found)
}

/// How gdb words an expression, of the few that are compared.
fn wording(expression: &[u8]) -> Option<String> {
    const REGISTERS: [&str; 16] = [
        "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13",
        "r14", "r15",
    ];
    match expression {
        [0x9c] => Some("a complex DWARF expression: DW_OP_call_frame_cfa".to_owned()),
        [register @ 0x50..=0x5f] => {
            Some(format!("a variable in ${}", REGISTERS[usize::from(register - 0x50)]))
        }
        [0x91, offset] => {
            // A signed LEB128 of one byte.
            let offset = (i32::from(*offset) << 25) >> 25;
            Some(format!("a complex DWARF expression: DW_OP_fbreg {offset}"))
        }
        _ => None,
    }
}

fn ranges(variable: &Variable) -> Vec<(u64, u64, Vec<u8>)> {
    match &variable.location {
        Location::Expr(expression) => vec![(0, u64::MAX, expression.clone())],
        Location::List(list) => list.iter().map(|(low, high, e)| (low.0, high.0, e.clone())).collect(),
        Location::Const(_) | Location::None => Vec::new(),
    }
}

#[test]
fn location_lists_agree_with_gdb() {
    for build in [Build::Debug, Build::Optimized] {
        for program in each("zoo", build) {
            let mut worded = 0;
            for name in ["main.lists", "main.results", "main.outer", "main.escapes", "main.describe"] {
                let function = program.dwarf().function_at(program.symbol(name)).unwrap().unwrap();
                let Some(scope) = gdb_scope(&program, name) else { return skip("no gdb on PATH") };
                for variable in &function.variables {
                    let Some((_, theirs)) = scope.iter().find(|(known, _)| *known == *variable.name) else {
                        continue;
                    };
                    let context = format!(
                        "{} {name} {}: {theirs:?} {:?}",
                        program.description, variable.name, variable.location
                    );
                    let ours = ranges(variable);
                    if ours.is_empty() {
                        assert!(theirs[0].2.contains("optimized out"), "{context}");
                        continue;
                    }
                    assert_eq!(ours.len(), theirs.len(), "{context}");
                    for (ours, theirs) in ours.iter().zip(theirs) {
                        assert_eq!((ours.0, ours.1), (theirs.0, theirs.1), "{context}");
                        if let Some(expected) = wording(&ours.2) {
                            assert_eq!(expected, theirs.2, "{context}");
                            worded += 1;
                        }
                    }
                }
            }
            println!("{}: {worded} locations agree", program.description);
            assert!(worded > 10, "{}: {worded}", program.description);
        }
    }
}

#[test]
fn a_variable_moves_between_registers() {
    for program in each("zoo", Build::Optimized) {
        let lists = program.dwarf().function_at(program.symbol("main.lists")).unwrap().unwrap();
        let sum = lists.variables.iter().find(|variable| &*variable.name == "s").unwrap();
        let Location::List(list) = &sum.location else { panic!("{sum:?}") };
        assert!(list.len() > 1);
        for (low, high, expression) in list {
            assert_eq!(sum.location_at(*low), Some(expression.as_slice()));
            assert!(low < high && lists.low <= *low && *high <= lists.high);
        }
        assert_eq!(sum.location_at(lists.low), None);
        assert_eq!(sum.location_at(lists.high), None);
    }
}
