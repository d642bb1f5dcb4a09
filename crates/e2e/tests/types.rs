//! Types: their parts and methods, with and without debug information.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest};

/// The address in what `print` shows of a pointer: `(*main.rect)(0xc000012345)`.
fn address(text: &str) -> String {
    let start = text.find("(0x").unwrap_or_else(|| panic!("no address in {text}")) + 1;
    text[start..].split(')').next().unwrap().to_owned()
}

on_oldest_and_newest! {
    fn types_that_reflection_made_are_shown(go) {
        let program = Program::build("types", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("values")));
        session.send("continue");
        assert_eq!(
            session.send("print values[2]"),
            "interface {}(struct { A int; M map[string]int8 }) {\n\tA: 42,\n\tM: map[string]int8 [\n\t\t\"k\": 3, \n\t],}\n"
        );
        let channel = session.send("print values[3]");
        assert!(channel.starts_with("interface {}(chan struct { A int; M map[string]int8 }) {\n\tqcount: 1,"), "{channel}");
        assert_eq!(session.send("print len(values[3].(data))"), "1\n");
        session.quit();
    }

    fn method_sets_are_listed(go) {
        let program = Program::build("types", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("values")));
        session.send("continue");
        let rect = session.send("whatis main.rect");
        assert!(rect.starts_with("struct type, size: 24 bytes\nFields:\n\tbase  main.base\n"), "{rect}");
        assert!(rect.contains("\tmain.(*rect).Area\n") && rect.contains("\tmain.rect.Name\n"), "{rect}");
        assert!(rect.contains("SetID"), "promoted from what is embedded: {rect}");
        let shape = session.send("whatis main.shape");
        assert!(shape.ends_with("Methods:\n\tmain.shape.Area\n\tmain.shape.Name\n"), "{shape}");
        let pair = session.send("whatis main.pair[string,[]int]");
        assert!(pair.contains("Methods:\n") && pair.contains("Text\n"), "{pair}");
        session.quit();
    }

    fn a_stripped_program_keeps_its_types(go) {
        let program = Program::build_as("types", go, Flavour::Stripped);
        let mut session = Session::exec(&program);
        let types = session.send("types ^main");
        for name in ["main.base", "main.pair[string,[]int]", "main.rect", "main.shape"] {
            assert!(types.lines().any(|line| line == name), "{name} in {types}");
        }
        let rect = session.send("whatis main.rect");
        assert!(rect.contains("\tbase  main.base\n\tW     float64\n\tH     float64\n"), "{rect}");
        session.send(&format!("break {}", program.at("generic")));
        session.send("continue");
        // Arguments are in registers: the dictionary, then the pointer to the pair.
        let registers = session.send("regs");
        let pair = registers.lines().find_map(|line| line.trim().strip_prefix("Rbx = ")).unwrap();
        let shown = session.send(&format!("print *(*\"main.pair[string,[]int]\")({pair})"));
        assert!(shown.contains("Key: \"a\"") && shown.contains("[2]"), "{pair}: {shown}");
        session.quit();
    }
}

#[test]
fn optimised_generic_code_knows_its_instance() {
    // Before Go 1.23, optimised generic code does not say which of its types depend on the instance.
    let Some(go) = Go::newest() else { return };
    let program = Program::build_as("types", &go, Flavour::Optimised);
    let mut session = Session::exec(&program);
    session.send(&format!("break {}", program.at("generic")));
    session.send("continue");
    let first = session.send("print *x");
    assert!(first.starts_with("main.pair[string,[]int] {"), "{first}");
    session.send("continue");
    let second = session.send("print *x");
    assert!(second.starts_with("main.rect {") && second.contains("id: 7"), "{second}");
    let place = address(&session.send("print x"));
    assert!(place.starts_with("0x"), "{place}");
    session.quit();
}
