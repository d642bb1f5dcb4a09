//! Optimised Go code: location lists with pieces, and inlined calls, against LLVM's reading of the same.

use std::collections::BTreeMap;

use adit_symbols::{FunctionInfo, InlinedCall, Location, ScopeBlock, Variable};

use crate::c_programs::{has_tool, run};
use crate::program::{Build, Program, each};

/// What two readers must agree on: how often there is each line of text.
type Facts = BTreeMap<String, usize>;

fn note(facts: &mut Facts, text: String) {
    *facts.entry(text).or_default() += 1;
}

/// An expression as LLVM words it, without the registers' names; `None` for operations that Go does not use.
fn wording(expression: &[u8]) -> Option<String> {
    let mut words = Vec::new();
    let mut rest = expression;
    while let Some((&code, after)) = rest.split_first() {
        rest = after;
        let mut number = |is_signed: bool| {
            let mut value = 0i64;
            let mut shift = 0;
            loop {
                let (&byte, after) = rest.split_first()?;
                rest = after;
                value |= i64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    let sign = if is_signed && byte & 0x40 != 0 { -1i64 << shift } else { 0 };
                    return Some(value | sign);
                }
            }
        };
        words.push(match code {
            0x50..=0x6f => format!("DW_OP_reg{}", code - 0x50),
            0x91 => format!("DW_OP_fbreg {:+}", number(true)?),
            0x93 => format!("DW_OP_piece {:#x}", number(false)?),
            0x9c => "DW_OP_call_frame_cfa".to_owned(),
            _ => return None,
        });
    }
    Some(words.join(", "))
}

fn of_variables(facts: &mut Facts, variables: &[Variable]) {
    for variable in variables {
        let Location::List(list) = &variable.location else { continue };
        for (low, high, expression) in list {
            let text = wording(expression).unwrap();
            note(facts, format!("{} {:#x}..{:#x} {text}", variable.name, low.0, high.0));
        }
    }
}

fn of_blocks(facts: &mut Facts, blocks: &[ScopeBlock]) {
    for block in blocks {
        of_variables(facts, &block.variables);
        of_blocks(facts, &block.blocks);
    }
}

fn of_calls(facts: &mut Facts, calls: &[InlinedCall]) {
    for call in calls {
        note(facts, format!("call of {} in line {}", call.name, call.call_line));
        of_variables(facts, &call.variables);
        of_blocks(facts, &call.blocks);
        of_calls(facts, &call.inlined);
    }
}

fn ours(function: &FunctionInfo) -> Facts {
    let mut facts = Facts::new();
    of_variables(&mut facts, &function.variables);
    of_blocks(&mut facts, &function.blocks);
    of_calls(&mut facts, &function.inlined);
    facts
}

/// The same from LLVM's text.
fn theirs(dump: &str) -> Facts {
    let quoted = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let mut facts = Facts::new();
    let (mut name, mut tag, mut is_location) = (String::new(), "", false);
    for line in dump.lines().map(str::trim) {
        if let Some((_, found)) = line.split_once(": ").filter(|_| line.contains("DW_TAG_")) {
            (tag, is_location) = (found.trim_start(), false);
        } else if line.starts_with("DW_AT_") {
            is_location = line.starts_with("DW_AT_location");
            if line.starts_with("DW_AT_name") || line.starts_with("DW_AT_abstract_origin") {
                name = quoted(line);
            } else if line.starts_with("DW_AT_call_line") && tag == "DW_TAG_inlined_subroutine" {
                let number = line.split(['(', ')']).nth(1).unwrap_or_default();
                note(&mut facts, format!("call of {name} in line {number}"));
            }
        } else if let Some((range, expression)) = line.split_once("): ").filter(|_| is_location) {
            let addresses: Vec<u64> = range
                .trim_start_matches('[')
                .split(", ")
                .map(|address| u64::from_str_radix(&address[2..], 16).unwrap())
                .collect();
            // The last line of a list closes the attribute.
            let expression = expression.strip_suffix(')').unwrap_or(expression);
            let operations = expression.split(", ").map(|operation| match operation.split_once(' ') {
                Some((register, _)) if register.starts_with("DW_OP_reg") => register,
                _ => operation,
            });
            let text = operations.collect::<Vec<_>>().join(", ");
            note(&mut facts, format!("{name} {:#x}..{:#x} {text}", addresses[0], addresses[1]));
        }
    }
    // Ranges that are empty hold nowhere, and so are left out.
    facts.retain(|fact, _| {
        let range = fact.split_whitespace().nth(1).and_then(|range| range.split_once(".."));
        range.is_none_or(|(low, high)| low != high)
    });
    facts
}

fn compare(program: &Program, name: &str) -> usize {
    let folder = program.path.parent().unwrap();
    let file = program.path.file_name().unwrap().to_str().unwrap();
    let dump = run(folder, &["llvm-dwarfdump", "--debug-info", "--name", name, "-c", file]).unwrap();
    // Of a function that is also inlined, the abstract entry has the name, and LLVM finds no other by it.
    let function = program.dwarf().function_at(program.symbol(name)).unwrap().unwrap();
    let (ours, theirs) = (ours(&function), theirs(&dump));
    assert_eq!(ours, theirs, "{} {name}:\n{dump}", program.description);
    ours.len()
}

#[test]
fn locations_and_inlined_calls_agree_with_llvm() {
    if !has_tool("llvm-dwarfdump") {
        return;
    }
    for program in each("zoo", Build::Optimized) {
        // What the runtime does most, and has no assembly, is inlined most.
        let wanted = ["main.lists", "main.main", "main.describe", "runtime.mallocgc", "runtime.findRunnable"];
        let functions = program.functions();
        let has = |name: &&&str| functions.iter().any(|(known, _, _)| known == *name);
        let agree: usize = wanted.iter().filter(has).map(|name| compare(&program, name)).sum();
        println!("{}: {agree} facts agree", program.description);
        assert!(agree > 200, "{}: {agree}", program.description);
    }
}
