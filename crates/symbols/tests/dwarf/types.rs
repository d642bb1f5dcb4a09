//! Types, against what the program itself prints of them with `reflect`.

use std::collections::HashMap;

use adit_symbols::{Dwarf, Field, GoKind, Shape, Type};

use crate::program::{Build, each};

/// The name of a type, as `reflect` prints it: DWARF names types with their full path.
fn printed(name: &str) -> String {
    name.replace("interface {}", "interface{}").replace("{ main.", "{ ").replace("; main.", "; ")
}

fn name_of(dwarf: &Dwarf, field: &Field) -> String {
    printed(&dwarf.type_of(field.type_id).unwrap().name)
}

#[test]
fn types_agree_with_reflect() {
    for build in [Build::Debug, Build::Optimized] {
        for program in each("zoo", build) {
            let dwarf = program.dwarf();
            let types_start = program.symbol("runtime.types").0;
            let output = program.run();
            let mut checked: HashMap<&str, usize> = HashMap::new();
            let known = |name: &str| -> Option<std::sync::Arc<Type>> {
                dwarf.type_by_name(&name.replace("interface{}", "interface {}")).unwrap()
            };
            for line in output.lines() {
                let words: Vec<&str> = line.split('\t').collect();
                let Some(found) = words.get(1).and_then(|name| known(name)) else { continue };
                let context = format!("{}: {line}: {found:?}", program.description);
                let actual = dwarf.resolve(found.id).unwrap();
                *checked.entry(words[0]).or_default() += 1;
                match words[0] {
                    "type" => {
                        assert_eq!(found.go_kind, Some(GoKind(words[2].parse().unwrap())), "{context}");
                        assert_eq!(found.size, words[3].parse().unwrap(), "{context}");
                        assert_eq!(actual.size, found.size, "{context}");
                        let descriptor = u64::from_str_radix(words[4].trim_start_matches("0x"), 16).unwrap();
                        if let Some(offset) = found.runtime_type {
                            // Some predeclared types had their address recorded in old versions.
                            let is_address = offset == descriptor && program.go_version() < 20;
                            assert!(is_address || offset == descriptor - types_start, "{context}");
                            let back = dwarf.type_by_runtime_offset(offset).unwrap().unwrap();
                            assert_eq!(back.id, found.id, "{context}: {back:?}");
                        }
                    }
                    "field" => {
                        let Shape::Struct(fields) = &actual.shape else { panic!("{context}: {actual:?}") };
                        let field = fields.iter().find(|field| &*field.name == words[2]);
                        let field = field.unwrap_or_else(|| panic!("{context}: {fields:?}"));
                        assert_eq!(field.offset, words[3].parse().unwrap(), "{context}");
                        assert_eq!(
                            name_of(&dwarf, field),
                            printed(&words[4].replace("interface {}", "interface{}")),
                            "{context}"
                        );
                        assert_eq!(field.embedded, words[5] == "true", "{context}");
                    }
                    "map" => {
                        let Shape::Map { key, elem, header } = &actual.shape else {
                            panic!("{context}: {actual:?}")
                        };
                        assert_eq!(dwarf.type_of(*key).unwrap().name.as_ref(), words[2], "{context}");
                        assert_eq!(dwarf.type_of(*elem).unwrap().name.as_ref(), words[3], "{context}");
                        let header = dwarf.type_of(*header).unwrap();
                        assert!(matches!(header.shape, Shape::Struct(_)), "{context}: {header:?}");
                        assert!(
                            header.name.starts_with("hash<") || header.name.starts_with("map<"),
                            "{header:?}"
                        );
                    }
                    "array" => {
                        let Shape::Array { elem, count } = &actual.shape else {
                            panic!("{context}: {actual:?}")
                        };
                        assert_eq!(dwarf.type_of(*elem).unwrap().name.as_ref(), words[2], "{context}");
                        assert_eq!(*count, words[3].parse().unwrap(), "{context}");
                    }
                    "elem" => {
                        let elem = match &actual.shape {
                            Shape::Slice { elem } | Shape::Chan { elem, .. } | Shape::Pointer(Some(elem)) => {
                                *elem
                            }
                            other => panic!("{context}: {other:?}"),
                        };
                        assert_eq!(
                            printed(&dwarf.type_of(elem).unwrap().name),
                            printed(words[2]),
                            "{context}"
                        );
                    }
                    "iface" => {
                        let Shape::Interface { empty } = &actual.shape else {
                            panic!("{context}: {actual:?}")
                        };
                        assert_eq!(*empty, words[2] == "0", "{context}");
                    }
                    _ => {}
                }
            }
            println!("{}: {checked:?}", program.description);
            for (what, least) in
                [("type", 40), ("field", 70), ("map", 4), ("array", 3), ("elem", 10), ("iface", 3)]
            {
                assert!(checked.get(what).is_some_and(|&count| count >= least), "{what}: {checked:?}");
            }
        }
    }
}

#[test]
fn kinds_have_their_shapes() {
    for program in each("zoo", Build::Debug) {
        let dwarf = program.dwarf();
        let everything = dwarf.type_by_name("main.Everything").unwrap().unwrap();
        assert!(matches!(everything.shape, Shape::Typedef(_)));
        let everything = dwarf.resolve(everything.id).unwrap();
        let Shape::Struct(fields) = &everything.shape else { panic!("{everything:?}") };
        let shape = |name: &str| {
            let field = fields.iter().find(|field| &*field.name == name).unwrap();
            dwarf.resolve(field.type_id).unwrap().shape.clone()
        };
        assert!(matches!(shape("b"), Shape::Bool));
        assert!(matches!(shape("i8"), Shape::Int));
        assert!(matches!(shape("up"), Shape::Uint));
        assert!(matches!(shape("f32"), Shape::Float));
        assert!(matches!(shape("c128"), Shape::Complex));
        assert!(matches!(shape("arr"), Shape::Array { count: 3, .. }));
        assert!(matches!(shape("rch"), Shape::Chan { .. }));
        assert!(matches!(shape("fn"), Shape::Func));
        assert!(matches!(shape("e"), Shape::Interface { empty: true }));
        assert!(matches!(shape("err"), Shape::Interface { empty: false }));
        assert!(matches!(shape("m2"), Shape::Map { .. }));
        assert!(matches!(shape("u_p"), Shape::Pointer(None)));
        assert!(matches!(shape("s"), Shape::Slice { .. }));
        assert!(matches!(shape("str"), Shape::String));
        assert!(matches!(shape("col"), Shape::Int));
        assert!(matches!(shape("none"), Shape::Array { count: 0, .. }));
    }
}

#[test]
fn pointers_that_the_program_lacks_are_made() {
    for program in each("zoo", Build::Debug) {
        let dwarf = program.dwarf();
        assert!(dwarf.type_by_name("main.Nonesuch").unwrap().is_none());
        assert!(dwarf.type_by_name("*main.Nonesuch").unwrap().is_none());
        let made = dwarf.type_by_name("****main.Color").unwrap().unwrap();
        assert_eq!((&*made.name, made.size, made.go_kind), ("****main.Color", 8, Some(GoKind::POINTER)));
        let mut inner = made;
        for name in ["***main.Color", "**main.Color", "*main.Color", "main.Color"] {
            let Shape::Pointer(Some(target)) = inner.shape else { panic!("{inner:?}") };
            inner = dwarf.type_of(target).unwrap();
            assert_eq!(&*inner.name, name);
        }
    }
}
