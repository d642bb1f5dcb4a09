//! Types without debug information, and the ways between descriptors and debug information.

use std::collections::BTreeMap;

use adit_process::Addr;

use crate::program::{each, number};

#[test]
fn all_types_are_found_without_debug_information() {
    each(|program| {
        let all = program.runtime.all_types(&program.memory, &program.modules).unwrap();
        let by_addr: BTreeMap<Addr, _> = all.iter().map(|typ| (typ.addr, typ)).collect();
        assert_eq!(by_addr.len(), all.len());
        // Those that the program itself asked reflection for.
        for fact in program.facts("type", '\t') {
            assert!(by_addr.contains_key(&Addr(number(fact[0]))), "{}: {}", program.go, fact[1]);
        }
        let dwarf = program.dwarf();
        let module = &program.modules.0[0];
        let (mut linked, mut unlinked) = (0, 0);
        for typ in &all {
            let offset = module.type_offset(typ.addr).unwrap();
            match dwarf.type_by_runtime_offset(offset).unwrap() {
                Some(stated) => {
                    linked += 1;
                    assert_eq!(stated.size, typ.size, "{:?}", typ.name);
                    assert_eq!(stated.go_kind.map(|kind| kind.0), Some(typ.kind.0), "{:?}", typ.name);
                }
                // The linker leaves types out of DWARF that no code or data has.
                None => unlinked += 1,
            }
        }
        println!("{} descriptors, {linked} of them in DWARF", all.len());
        assert!(linked > 500 && unlinked < linked, "{linked} {unlinked}");
    });
}

#[test]
fn debug_information_leads_to_descriptors_and_back() {
    each(|program| {
        let all = program.runtime.all_types(&program.memory, &program.modules).unwrap();
        let dwarf = program.dwarf();
        let module = &program.modules.0[0];
        let (mut there, mut unlisted) = (0, Vec::new());
        for name in dwarf.type_names().unwrap() {
            let Some(stated) = dwarf.type_by_name(&name).unwrap() else { continue };
            let Some(at) = stated.runtime_type.and_then(|offset| module.type_address(offset)) else {
                continue;
            };
            let typ = program.runtime.runtime_type(&program.memory, &program.modules, at).unwrap();
            assert_eq!(
                (typ.size, Some(typ.kind.0)),
                (stated.size, stated.go_kind.map(|kind| kind.0)),
                "{name}"
            );
            there += 1;
            // The compiler's own (buckets, closures), and interfaces that only a type assertion names.
            let hidden = ["noalg.", "interface {"].iter().any(|start| name.starts_with(start));
            if !hidden && all.binary_search_by_key(&at, |typ| typ.addr).is_err() {
                unlisted.push(name);
            }
        }
        println!("{there} types of DWARF have descriptors, not listed: {unlisted:?}");
        assert!(there > 500 && unlisted.len() * 200 < there, "{there} {unlisted:?}");
    });
}
