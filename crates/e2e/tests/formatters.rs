//! Values of well-known types are shown readably beside their raw values: the program `readable`, stopped in each of
//! its functions. What is to be shown of a variable stands behind its line there.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest};

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

    fn damaged_values_have_no_texts_and_take_no_time(go) {
        let program = Program::build("readable", go);
        at_each_stop(&program, |session, stop| {
            if stop.mark != "damaged" {
                return;
            }
            session.send("config max-variable-recurse 3");
            for index in 0..4 {
                let shown = session.send(&format!("print *wild[{index}]"));
                for name in ["Number", "Map", "Pool", "Value", "Network", "URL", "File", "Error", "Path"] {
                    let line = shown.lines().find(|line| line.starts_with(&format!("\t{name}: ")));
                    assert!(line.is_some_and(|line| line.ends_with(" {")), "{index} {name}: {line:?}");
                }
            }
            let circle = session.send("print looped");
            assert!(circle.contains("(\"loop: loop: loop: "), "{circle}");
            let deep = session.send("print deep");
            assert!(deep.contains("(\"op path: op path: "), "{deep}");
            let chain = session.send("print chain");
            assert!(chain.contains("(...WithValue(4992: 4992)."), "{chain}");
            let ring = session.send("print ring");
            assert!(ring.contains("1 element: *container/list.List("), "{ring}");
        });
    }

    fn the_forms_of_readable_texts(go) {
        let program = Program::build("readable", go);
        at_each_stop(&program, |session, stop| {
            let shown: &[(&str, &str, &str)] = match stop.mark.as_str() {
                "times" => &[
                    ("print short", "1500000000 (1.5s)", "1500000000"),
                    ("print waits", "[]time.Duration len: 2, cap: 2, [Second (1000000000) (1s),2000000 (2ms)]",
                        "[]time.Duration len: 2, cap: 2, [Second (1000000000),2000000]"),
                    ("print %x short", "59682f00", "59682f00"),
                ],
                "failures" => &[
                    ("print end", "error(*errors.errorString) *{s: \"EOF\"}", "error(*errors.errorString) *{s: \"EOF\"}"),
                    ("print deadline", "error(context.deadlineExceededError) (\"context deadline exceeded\"){}",
                        "error(context.deadlineExceededError) {}"),
                    ("print number", "ENOENT (2) (\"no such file or directory\")", "ENOENT (2)"),
                    ("print none", "error nil", "error nil"),
                ],
                "addresses" => &[
                    ("print short", "net.IP(192.168.0.1) len: 4, cap: 4, [192,168,0,1]", "net.IP len: 4, cap: 4, [192,168,0,1]"),
                    ("print noIP", "net.IP len: 0, cap: 0, nil", "net.IP len: 0, cap: 0, nil"),
                    ("print uuid[:2]", "[]uint8 len: 2, cap: 16, [107,167]", "[]uint8 len: 2, cap: 16, [107,167]"),
                    ("print uuid", "main.UUID(6ba7b810-9dad-11d1-80b4-00c04fd430c8) [107,167,184,16,157,173,17,209,128,180,0,192,79,212,48,200]",
                        "main.UUID [107,167,184,16,157,173,17,209,128,180,0,192,79,212,48,200]"),
                ],
                "numbers" => &[("locals ^value$", "value = math/big.Int(5){neg: false, abs: math/big.nat len: 1, cap: 1, [...]}",
                    "value = math/big.Int {neg: false, abs: math/big.nat len: 1, cap: 1, [...]}")],
                _ => &[],
            };
            for (switch, column) in [("true", 1), ("false", 2)] {
                session.send(&format!("config formatters {switch}"));
                for row in shown {
                    let expected = if column == 1 { row.1 } else { row.2 };
                    assert_eq!(session.send(row.0).trim_end(), expected, "{} {switch}", row.0);
                }
            }
            // Where pointers are not followed, the texts stand behind the addresses.
            session.send("config formatters true");
            if stop.mark == "failures" {
                let locals = session.send("locals");
                for (name, text) in [("end", "\"EOF\""), ("missing", "\"open /does/not/exist: no such file or directory\"")] {
                    let line = locals.lines().find(|line| line.starts_with(&format!("{name} = "))).unwrap();
                    assert!(line.contains(") 0x") && line.ends_with(&format!(" ({text})")), "{line}");
                }
            }
        });
    }
}

/// Programs of other processors and systems are read alike: 32 bits, the other order of bytes.
#[test]
fn values_of_other_platforms_are_read_alike() {
    let Some(go) = Go::newest() else { return };
    for platform in ["linux/386", "linux/s390x", "linux/mips", "darwin/arm64"] {
        let program = Program::build_for("readable", &go, platform);
        let mut session = Session::inspect(&program);
        let source = fs::read_to_string(program.source().join("static.go")).unwrap();
        let mut tried = 0;
        for line in source.lines().filter_map(|line| line.split_once("// static: ")) {
            let name = line.0.split_whitespace().next().unwrap();
            let shown = session.send(&format!("print {name}"));
            // Pointers may need the loader to be set.
            let is_said = shown.contains(line.1) || shown.contains(" nil");
            assert!(is_said, "{platform}: {name}: {shown}");
            tried += 1;
        }
        assert!(tried >= 10);
        session.quit();
    }
}
