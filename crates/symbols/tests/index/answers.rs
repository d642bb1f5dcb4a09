//! The index says what the tables say that it was made from.

use std::collections::BTreeSet;

use adit_symbols::{NameKind, Pattern};

use crate::program::{Program, answers};

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn all_functions_are_in_it() {
    let Some(program) = Program::build() else { return };
    let binary = program.open(None);
    let table = binary.pclntab().unwrap();
    let all = Pattern::new("").unwrap();
    let functions = binary.names_matching(NameKind::Function, &all).unwrap();
    assert_eq!(functions, sorted(table.functions().map(|function| function.name())));
    let inlined: Vec<_> = table.functions().flat_map(|function| function.inlined_calls()).collect();
    let names = binary.names_matching(NameKind::Inlined, &all).unwrap();
    assert_eq!(names, sorted(inlined.iter().map(|(name, _)| *name)));
    for pattern in ["main", "^fmt\\.", "r$", "[qx][a-z]", "(?i)string", "a|b|c", "^$"] {
        let pattern = Pattern::new(pattern).unwrap();
        let expected: Vec<&String> = functions.iter().filter(|name| pattern.matches(name)).collect();
        let found = binary.names_matching(NameKind::Function, &pattern).unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{pattern:?}");
    }
}

#[test]
fn types_variables_and_constants_are_in_it() {
    let Some(program) = Program::build() else { return };
    let binary = program.open(None);
    let find = |kind, pattern| binary.names_matching(kind, &Pattern::new(pattern).unwrap()).unwrap();
    let types = find(NameKind::Type, "^main\\.");
    assert!(types.contains(&"main.Worker".to_owned()), "{types:?}");
    assert!(types.contains(&"main.Stack[int]".to_owned()), "{types:?}");
    assert_eq!(find(NameKind::Variable, "^main\\.[ct]o[a-z]*$"), ["main.counter", "main.total"]);
    assert_eq!(find(NameKind::Constant, "^main\\.[AL]"), ["main.Answer", "main.Limit"]);
    let dwarf = binary.dwarf().unwrap();
    let names: Vec<String> = dwarf.type_names().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(find(NameKind::Type, ""), names);
    let variables = dwarf.package_variables_matching(&Pattern::new("^main\\.c").unwrap()).unwrap();
    assert_eq!(variables.iter().map(|variable| &*variable.name).collect::<Vec<_>>(), ["main.counter"]);
}

#[test]
fn names_are_found_by_what_people_type() {
    let Some(program) = Program::build() else { return };
    let binary = program.open(None);
    assert!(binary.functions_with_base("worker").is_none(), "the index is not there yet");
    binary.index_names();
    assert_eq!(binary.names_with_base(NameKind::Function, "worker").unwrap(), ["main.worker"]);
    assert_eq!(binary.functions_with_base("worker").unwrap(), ["main.worker"]);
    let push = binary.functions_with_base("Push").unwrap();
    assert!(push.iter().any(|name| name.starts_with("main.(*Stack[")), "{push:?}");
    let starting = binary.names_starting(NameKind::Variable, "main.", 2).unwrap();
    assert_eq!(starting.len(), 2);
    assert!(binary.has_name(NameKind::Type, "main.Worker").unwrap());
    assert!(!binary.has_name(NameKind::Type, "main.Work").unwrap());
}

#[test]
fn a_copy_is_found_where_its_function_is_inlined() {
    let Some(program) = Program::build() else { return };
    let binary = program.open(None);
    let table = binary.pclntab().unwrap();
    let calls: Vec<_> = table.functions().flat_map(|function| function.inlined_calls()).collect();
    for name in ["main.small", "main.Worker.work", "main.worker", "fmt.Println", "nothing"] {
        let expected: Vec<_> =
            calls.iter().filter(|(callee, _)| *callee == name).map(|call| call.1).collect();
        assert_eq!(table.inlined_copies(name), expected, "{name}");
    }
    assert!(!table.inlined_copies("main.small").is_empty());
}

#[test]
fn answers_are_the_same_with_and_without_a_cache() {
    let Some(program) = Program::build() else { return };
    let expected = answers(&program.open(None));
    let cache = program.cache();
    assert_eq!(answers(&program.open(Some(&cache))), expected, "built");
    assert_eq!(program.cached().len(), 2, "{:?}", program.cached());
    assert_eq!(answers(&program.open(Some(&cache))), expected, "loaded");
}
