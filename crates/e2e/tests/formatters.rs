//! Values of well-known types are shown readably beside their raw values: the program `readable`, stopped in each of
//! its functions. What is to be shown of a variable stands behind its line there.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use adit_e2e::{Program, Session, on_oldest_and_newest};

/// A line where the program stops, and the variables that are looked at there with what is said of them.
struct Stop {
    place: String,
    mark: String,
    variables: Vec<(String, String)>,
}

/// The stops of a program, from its source.
fn stops(program: &Program) -> Vec<Stop> {
    let mut files: Vec<_> =
        fs::read_dir(program.source()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut stops = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let mut variables = Vec::new();
        for (i, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            if let Some((code, text)) = line.split_once("// = ") {
                let code = code.trim().trim_start_matches("var ").trim_start_matches("_, ");
                let end = code.find([' ', ',']).unwrap();
                variables.push((code[..end].to_owned(), text.to_owned()));
            }
            if let Some((_, mark)) = line.split_once("// stop: ") {
                let variables = std::mem::take(&mut variables);
                stops.push(Stop { place: format!("{name}:{}", i + 1), mark: mark.to_owned(), variables });
            }
        }
    }
    stops
}

/// Stops at each mark that the program comes to.
fn at_each_stop(program: &Program, mut look: impl FnMut(&mut Session, &Stop)) {
    let stops = stops(program);
    let mut session = Session::exec(program);
    for stop in &stops {
        session.send(&format!("break {}", stop.place));
    }
    loop {
        let reply = session.send("continue");
        let Some(line) = reply.lines().find(|line| line.starts_with('>')) else { break };
        let stop = stops.iter().find(|stop| line.contains(&format!("/{} ", stop.place)));
        look(&mut session, stop.unwrap_or_else(|| panic!("{line}")));
    }
    session.quit();
}

on_oldest_and_newest! {
    fn values_of_well_known_types_are_shown_readably(go) {
        let program = Program::build("readable", go);
        let mut wrong = Vec::new();
        let mut looked = 0;
        at_each_stop(&program, |session, stop| {
            for (name, text) in &stop.variables {
                looked += 1;
                let shown = session.send(&format!("print {name}"));
                let end = if text.ends_with("(0x") { "" } else { ")" };
                // Not said twice.
                let is_its_field = shown.contains(&format!(" *{{s: {text}}}")) || shown.contains(&format!("s: {text},}}"));
                if !shown.contains(&format!("({text}{end}")) && !is_its_field {
                    wrong.push(format!("{}: {name} ({text})\n{shown}", stop.mark));
                }
            }
        });
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(looked > 100, "{looked}");
    }
}
