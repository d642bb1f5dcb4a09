//! What names mean where: shadowing, declarations further down, results, closures, loops over functions, generic code,
//! packages of one name.
//!
//! What is to be printed is in `scopes/*.txt`: a mark of the program in a line with `##`, commands in lines with `>`,
//! and replies.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest, skip};

/// The marks of a program with their lines.
fn marks(program: &Program) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(program.source().join("main.go")).unwrap();
    let marked = text
        .lines()
        .enumerate()
        .filter_map(|(line, text)| text.split_once("// stop: ").map(|(_, mark)| (line + 1, mark.to_owned())));
    marked.collect()
}

/// Runs the program from mark to mark. At each one, the next section of that name is asked for and compared.
fn compare(program: &Program, expected: &str) {
    let marks = marks(program);
    let mut session = Session::exec(program);
    for (line, _) in &marks {
        session.send(&format!("break main.go:{line}"));
    }
    let mut different = Vec::new();
    for section in expected.split("## ").skip(1) {
        let (mark, commands) = section.split_once('\n').unwrap();
        let line = marks.iter().find(|(_, name)| name == mark).unwrap().0;
        loop {
            let stop = session.send("continue");
            assert!(!stop.contains("has exited"), "{mark} is not reached: {}", session.transcript());
            if stop.contains(&format!("/main.go:{line} ")) {
                break;
            }
        }
        for exchange in commands.split("> ").skip(1) {
            let (command, reply) = exchange.split_once('\n').unwrap();
            let said = session.send(command);
            let is_silent = command == "next";
            if !is_silent && said.trim_end() != reply.trim_end() {
                different.push(format!("{mark}: {command}\n{said}instead of\n{reply}"));
            }
        }
    }
    session.quit();
    assert!(different.is_empty(), "{}:\n{}", program.path().display(), different.join("\n"));
}

on_oldest_and_newest! {
    fn names_mean_what_they_mean_in_go(go) {
        compare(&Program::build("scopes", go), include_str!("scopes/scopes.txt"));
    }

    fn interfaces_hold_anything(go) {
        compare(&Program::build("interfaces", go), include_str!("scopes/interfaces.txt"));
    }

    fn optimised_code_has_scopes_too(go) {
        let program = Program::build_as("scopes", go, Flavour::Optimised);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("bottom")));
        session.send("continue");
        assert_eq!(session.send("frame 2 print main.sink"), session.send("print main.sink"));
        for frame in 0..3 {
            for line in session.send(&format!("frame {frame} args")).lines() {
                let known = ["n = 0", "n = 1", "n = 2", "path = \"root\"", "path = \"root/\"", "path = \"root//\""];
                assert!(known.contains(&line) || line.contains("(unreadable optimized out)"), "{frame}: {line}");
            }
        }
        session.quit();
    }
}

#[test]
fn bodies_of_nested_loops_over_functions_see_all_around_them() {
    let Some(go) = Go::newest() else { return };
    if go.minor() < 23 {
        return skip("this Go does not loop over functions");
    }
    compare(&Program::build("rangebodies", &go), include_str!("scopes/rangebodies.txt"));
}

#[test]
fn closures_show_what_they_have_captured() {
    let Some(go) = Go::newest() else { return };
    if go.minor() < 23 {
        return skip("this Go does not say what closures have captured");
    }
    compare(&Program::build("interfaces", &go), include_str!("scopes/closures.txt"));
    compare(&Program::build("scopes", &go), include_str!("scopes/deferred.txt"));
}
