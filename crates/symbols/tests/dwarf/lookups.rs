//! Package variables, constants, packages and names.

use adit_symbols::{FileAddr, LocationContext, PiecePlace, Shape};

use crate::program::{Build, each};

/// Nothing runs: only addresses can be evaluated.
struct Static;

impl LocationContext for Static {
    fn register(&self, _: u16) -> Option<u64> {
        None
    }
    fn cfa(&self) -> Option<u64> {
        None
    }
    fn read(&self, _: u64, _: u8) -> Option<u64> {
        None
    }
    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0 + 0x1000
    }
}

#[test]
fn package_variables_are_where_the_symbol_table_says() {
    for build in [Build::Debug, Build::Optimized] {
        for program in each("zoo", build) {
            let dwarf = program.dwarf();
            let all = dwarf.package_variables().unwrap();
            assert!(all.len() > 100, "{}", all.len());
            assert!(all.is_sorted_by(|a, b| a.name <= b.name));
            for (name, type_name) in [
                ("main.counter", "int"),
                ("main.table", "map[string]int"),
                ("main.theEverything", "main.Everything"),
                ("main.theColor", "main.Color"),
                ("runtime.allglen", "uintptr"),
                ("runtime.firstmoduledata", "runtime.moduledata"),
            ] {
                let variable = dwarf.package_variable(name).unwrap().unwrap_or_else(|| panic!("{name}"));
                assert_eq!(&*variable.name, name);
                let pieces = dwarf.evaluate(&variable.location, &[], &Static).unwrap();
                assert_eq!(pieces.len(), 1);
                assert_eq!(pieces[0].place, PiecePlace::Memory(program.symbol(name).0 + 0x1000), "{name}");
                assert_eq!(&*dwarf.type_of(variable.type_id.unwrap()).unwrap().name, type_name);
                assert!(all.contains(&variable));
            }
            assert_eq!(dwarf.package_variable("main.nonesuch").unwrap(), None);
            assert_eq!(dwarf.package_variable("no/such/package.x").unwrap(), None);
            assert_eq!(dwarf.package_variable("").unwrap(), None);
        }
    }
}

#[test]
fn constants_are_found_by_name_and_type() {
    for program in each("zoo", Build::Debug) {
        let dwarf = program.dwarf();
        let color = dwarf.type_by_name("main.Color").unwrap().unwrap();
        let mut values: Vec<(String, i64)> = dwarf
            .constants_of_type(color.id)
            .unwrap()
            .into_iter()
            .map(|constant| (constant.name.to_string(), constant.value))
            .collect();
        values.sort();
        let expected = [("main.Blue", 2), ("main.Green", 1), ("main.Red", 0)];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value)));
        let flag = dwarf.package_constant("main.FlagC").unwrap().unwrap();
        assert_eq!((&*flag.name, flag.value), ("main.FlagC", 4));
        assert_eq!(&*dwarf.type_of(flag.type_id.unwrap()).unwrap().name, "main.Flags");
        assert_eq!(dwarf.package_constant("main.Negative").unwrap().unwrap().value, -7);
        assert_eq!(dwarf.package_constant("main.counter").unwrap(), None);
    }
}

#[test]
fn packages_and_names_are_listed_once() {
    for program in each("zoo", Build::Debug) {
        let dwarf = program.dwarf();
        let packages = dwarf.packages();
        let listed = |path: &str| packages.iter().filter(|package| &*package.0 == path).collect::<Vec<_>>();
        assert_eq!(listed("main").len(), 1);
        assert_eq!(&*listed("main")[0].1, "main");
        assert_eq!(&*listed("internal/bytealg")[0].1, "bytealg");
        assert!(packages.is_sorted());
        let names = dwarf.type_names().unwrap();
        assert!(names.is_sorted() && names.windows(2).all(|pair| pair[0] != pair[1]));
        for name in
            ["int", "main.Everything", "map[string]*main.Point", "main.Pair[string,int]", "chan string"]
        {
            assert!(names.iter().any(|known| &**known == name), "{name}");
        }
        // Every name is found again, and every type that is found can be read.
        for name in &names {
            let found = dwarf.type_by_name(name).unwrap().unwrap_or_else(|| panic!("{name}"));
            if !matches!(found.shape, Shape::Void) {
                dwarf.resolve(found.id).unwrap();
            }
        }
    }
}
