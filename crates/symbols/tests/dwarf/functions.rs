//! Functions: names, variables, blocks, closures and inlined calls.

use adit_symbols::{FunctionInfo, InlinedCall, Location, Shape, Variable, VariableKind};

use crate::program::{Build, Program, each};

fn names(variables: &[Variable]) -> Vec<&str> {
    variables.iter().map(|variable| &*variable.name).collect()
}

fn function(program: &Program, name: &str) -> std::sync::Arc<FunctionInfo> {
    let low = program.symbol(name);
    let found = program.dwarf().function_at(low).unwrap().unwrap_or_else(|| panic!("{name}"));
    assert_eq!((&*found.name, found.low), (name, low));
    found
}

#[test]
fn scopes_hold_their_variables() {
    for program in each("zoo", Build::Debug) {
        let results = function(&program, "main.results");
        assert!(!results.optimized && results.is_go && !results.trampoline);
        assert_eq!(results.frame_base, [0x9c]);
        assert_eq!(names(&results.variables), ["a", "s", "n", "err"]);
        let kinds: Vec<VariableKind> = results.variables.iter().map(|variable| variable.kind).collect();
        use VariableKind::{Local, Parameter, Result};
        assert_eq!(kinds, [Parameter, Parameter, Result, Result]);
        let dwarf = program.dwarf();
        let type_names: Vec<String> = results
            .variables
            .iter()
            .map(|variable| dwarf.type_of(variable.type_id.unwrap()).unwrap().name.to_string())
            .collect();
        assert_eq!(type_names, ["int", "string", "int", "error"]);
        assert_eq!(results.blocks.len(), 1);
        assert_eq!(names(&results.blocks[0].variables), ["inner"]);
        let deeper = &results.blocks[0].blocks[0];
        assert_eq!(names(&deeper.variables), ["deeper"]);
        assert_eq!(deeper.variables[0].decl_line, program.line("deeper"));
        assert_eq!(deeper.variables[0].kind, Local);
        assert!(deeper.ranges.iter().all(|range| results.blocks[0].contains(range.0)));
        assert!(!deeper.contains(results.low));
        let unnamed = function(&program, "main.unnamed");
        let results: Vec<&Variable> = unnamed.variables.iter().filter(|v| v.kind == Result).collect();
        assert_eq!(results.iter().map(|v| &*v.name).collect::<Vec<_>>(), ["~r0", "~r1"]);
    }
}

#[test]
fn escaped_and_captured_variables() {
    for program in each("zoo", Build::Debug) {
        let dwarf = program.dwarf();
        let escapes = function(&program, "main.escapes");
        let local = escapes.variables.iter().find(|variable| &*variable.name == "&local").unwrap();
        assert_eq!(&*dwarf.type_of(local.type_id.unwrap()).unwrap().name, "*int");
        let closure = function(&program, "main.escapes.func1");
        let find = |name: &str| closure.variables.iter().find(|variable| &*variable.name == name);
        let other = find("other").or_else(|| find("&other")).unwrap();
        // Since Go 1.23, the compiler says where in the closure a captured variable is.
        let is_new = program.go_version() >= 23;
        assert_eq!(other.closure_offset.is_some(), is_new, "{}: {closure:#?}", program.description);
    }
}

#[test]
fn generic_functions_have_a_dictionary() {
    for program in each("zoo", Build::Debug) {
        let dwarf = program.dwarf();
        let name = program.symbol_starting_with("main.Map[go.shape.int");
        let map = function(&program, &name);
        assert!(map.variables.iter().any(|variable| &*variable.name == ".dict"), "{map:#?}");
        let input = map.variables.iter().find(|variable| &*variable.name == "in").unwrap();
        let parametric = dwarf.type_of(input.type_id.unwrap()).unwrap();
        assert!(parametric.dict_index.is_some(), "{parametric:?}");
        assert!(matches!(dwarf.resolve(parametric.id).unwrap().shape, Shape::Slice { .. }));
        let indices: Vec<u64> =
            map.variables.iter().filter_map(|v| dwarf.type_of(v.type_id?).unwrap().dict_index).collect();
        assert!(indices.len() >= 2, "{indices:?}");
    }
}

#[test]
fn inlined_calls_have_their_call_lines() {
    for program in each("zoo", Build::Optimized) {
        let outer = function(&program, "main.outer");
        assert!(outer.optimized);
        let middle = outer.inlined.iter().find(|call| &*call.name == "main.middle").unwrap();
        assert_eq!(middle.call_line, program.line("call of middle"));
        assert!(middle.call_file.as_ref().unwrap().ends_with("/main.go"));
        let small = middle.inlined.iter().find(|call| &*call.name == "main.small").unwrap();
        assert_eq!(small.call_line, program.line("call of small"));
        assert!(names(&middle.variables).contains(&"x"), "{middle:#?}");
        for variable in &middle.variables {
            assert_eq!(variable.kind, VariableKind::Parameter);
            assert!(variable.type_id.is_some() && variable.location != Location::None, "{variable:?}");
        }
        for (low, high) in &small.ranges {
            assert!(outer.low <= *low && *high <= outer.high && low < high);
        }
        inlined_agrees_with_objdump(&program, &outer);
    }
}

/// Within an inlined call's code, the line table's positions are those of the callee.
fn inlined_agrees_with_objdump(program: &Program, outer: &FunctionInfo) {
    let rows = program.dwarf().line_rows(outer.low, outer.high).unwrap();
    let lines_of = |call: &InlinedCall| -> Vec<u32> {
        rows.iter().filter(|row| call.contains(row.addr) && !row.end_sequence).map(|row| row.line).collect()
    };
    let small = &outer.inlined[0].inlined[0];
    let first = program.line("call of small") - 5;
    assert!(lines_of(small).iter().any(|line| (first..first + 3).contains(line)), "{small:#?} {rows:#?}");
}

#[test]
fn every_function_can_be_read() {
    for build in [Build::Debug, Build::Optimized] {
        for program in each("zoo", build) {
            let dwarf = program.dwarf();
            let mut count = 0;
            let mut variables = 0;
            for (name, low, size) in program.functions() {
                let Some(found) = dwarf.function_at(low).unwrap() else { continue };
                count += 1;
                variables += found.variables.len();
                assert_eq!(found.low, low, "{name}");
                assert!(found.high.0 - found.low.0 <= size.max(1), "{name}");
                for variable in &found.variables {
                    dwarf.type_of(variable.type_id.unwrap()).unwrap();
                }
            }
            println!("{}: {count} functions, {variables} variables", program.description);
            assert!(count > 1000 && variables > 2000, "{}: {count} {variables}", program.description);
        }
    }
}
