//! Values of every kind, as they are printed: the program `zoo`, stopped in each of its functions.
//!
//! What is printed there is kept in `values/go1.*.txt`; `ADIT_UPDATE=1` writes these files anew. Where `dlv` is
//! installed and knows the toolchain, it must print the same but for what `values/expressions.txt` says.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest, skip, without_addresses};

const FILES: [&str; 4] = ["scalars.go", "containers.go", "references.go", "functions.go"];

/// Names of variables that dlv 1.20 shows wrongly: no invalid UTF-8, no infinite parts, no sign of zero, no zones.
const WRONG_IN_DLV: [&str; 6] = ["broken", "negative", "c128", "zoned", "noRaw", "offset"];

/// Lines of the program where it stops, with their marks.
fn stops(program: &Program) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in FILES.iter().copied().chain(["main.go"]) {
        let text = std::fs::read_to_string(program.source().join(file)).unwrap();
        for (i, line) in text.lines().enumerate() {
            if let Some((_, mark)) = line.split_once("// stop: ") {
                found.push((format!("{file}:{}", i + 1), mark.to_owned()));
            }
        }
    }
    found
}

/// The commands for each mark, and whether dlv answers them alike.
fn expressions() -> BTreeMap<String, Vec<(String, bool)>> {
    let mut found: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    let mut mark = String::new();
    for line in include_str!("values/expressions.txt").lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(name) => name.clone_into(&mut mark),
            None => {
                let (command, alike) = match line.split_once("\t// not as dlv") {
                    Some((command, _)) => (command, false),
                    None => (line, true),
                };
                found.entry(mark.clone()).or_default().push((command.to_owned(), alike));
            }
        }
    }
    found
}

/// Which stop a reply to `continue` reports.
fn mark_of<'a>(reply: &str, stops: &'a [(String, String)]) -> Option<&'a str> {
    let line = reply.lines().find(|line| line.starts_with('>'))?;
    let stop = stops.iter().find(|(place, _)| line.contains(&format!("/{place} ")))?;
    Some(&stop.1)
}

/// Addresses are not the same twice, nor are the order of a large map's entries and the runtime's type descriptors.
fn redacted(text: &str) -> String {
    let is_private = |line: &str| {
        let line = line.trim_start();
        let runtime =
            ["elemtype:", "timer:", "synctest:", "bubble:"].iter().any(|field| line.starts_with(field));
        let entry = line.split_once(": -").is_some_and(|(key, value)| {
            key.parse::<u32>().is_ok() && value.trim_end_matches(", ").parse::<u32>().is_ok()
        });
        runtime || entry
    };
    let mut out = String::new();
    for line in text.lines().filter(|line| !is_private(line)) {
        out.push_str(&without_addresses(line));
        out.push('\n');
    }
    out
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/values")
}

/// Compares with the file, or writes it if `ADIT_UPDATE` is set.
fn check_file(name: &str, text: &str) {
    let path = folder().join(name);
    if std::env::var_os("ADIT_UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap();
    for (i, (known, now)) in known.lines().zip(text.lines()).enumerate() {
        assert_eq!(now, known, "line {} of {name}", i + 1);
    }
    assert_eq!(text.lines().count(), known.lines().count(), "{name}");
}

on_oldest_and_newest! {
    fn every_kind_of_value_is_printed(go) {
        let program = Program::build("zoo", go);
        let stops = stops(&program);
        let expressions = expressions();
        let mut session = Session::exec(&program);
        session.send("config formatters false");
        for (place, _) in &stops {
            session.send(&format!("break {place}"));
        }
        let mut text = String::new();
        while let Some(mark) = mark_of(&session.send("continue"), &stops) {
            writeln!(text, "## {mark}").unwrap();
            let more = expressions.get(mark).into_iter().flatten().map(|(command, _)| command.as_str());
            for command in ["args", "args -v", "locals", "locals -v"].into_iter().chain(more) {
                let reply = redacted(&session.send(command));
                writeln!(text, "> {command}\n{reply}").unwrap();
            }
        }
        session.quit();
        // Go 1.21 and later end the scope of a loop's variables with the loop; 1.23 and later say what closures have
        // captured.
        let kind = match go.minor() {
            ..21 => 19,
            21 | 22 => 21,
            _ => 23,
        };
        check_file(&format!("go1.{kind}.txt"), &text);
    }

    fn optimised_code_shows_what_is_left_and_no_more(go) {
        let program = Program::build_as("zoo", go, Flavour::Optimised);
        let stops = stops(&program);
        let mut session = Session::exec(&program);
        for (mark, right) in [
            ("structs", &["number = 7", "name = \"seven\"", "plain = struct { X int; Y int } {X: 1, Y: 2}"][..]),
            ("unnamed", &["x = 4", "y = 16"]),
        ] {
            let (place, _) = stops.iter().find(|(_, name)| name == mark).unwrap();
            session.send(&format!("break {place}"));
            session.send("continue");
            let said = session.send("args") + &session.send("locals");
            for line in said.lines() {
                let name = line.split(" = ").next().unwrap();
                let known = right.iter().find(|right| right.starts_with(&format!("{name} = ")));
                let honest = known.is_none_or(|right| *right == line || line.contains("(unreadable optimized out)"));
                assert!(honest, "{mark}: {line}");
            }
        }
        session.quit();

        // The results are in registers, of which the debug information says nothing.
        let mut session = Session::exec(&program);
        let (place, _) = stops.iter().find(|(_, name)| name == "escaped").unwrap();
        session.send(&format!("break {place}"));
        session.send("continue");
        let said = session.send("stepout");
        assert!(said.contains("\ttotal: 3\n\terr: error nil\n"), "{said}");
        session.quit();
    }
}

/// What dlv prints for the same commands; `None` if it is not installed, or does not know the toolchain.
fn dlv(program: &Program, commands: &str) -> Option<String> {
    use std::io::Write;
    let mut command = Command::new("dlv");
    command.arg("exec").arg(program.path()).arg("--allow-non-terminal-interactive=true");
    command.current_dir(program.source()).env("TERM", "dumb");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(commands.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn dlv_prints_the_same() {
    let Some(go) = Go::oldest() else { return };
    if go.minor() > 19 {
        return skip("this Go is newer than what the dlv that is compared with knows");
    }
    let program = Program::build("zoo", &go);
    let expressions = expressions();
    // dlv 1.20 does not survive values that hold themselves; of the package, its linker order is another.
    let stops = stops(&program).into_iter().filter(|(_, mark)| mark != "cycles" && mark != "package");
    let mut different = Vec::new();
    for (place, mark) in stops {
        let more = expressions.get(&mark).into_iter().flatten().filter(|(_, alike)| *alike);
        let commands: Vec<&str> =
            std::iter::once("locals").chain(more.map(|(command, _)| command.as_str())).collect();
        let script = format!("break {place}\ncontinue\n{}\nexit\n", commands.join("\n"));
        let Some(said) = dlv(&program, &script) else { return skip("no dlv to compare with") };
        // Before the first prompt, and the replies to `break` and `continue`.
        let theirs: Vec<&str> = said.split("(dlv) ").skip(3).collect();
        let mut session = Session::exec(&program);
        session.send("config formatters false");
        session.send(&format!("break {place}"));
        session.send("continue");
        for (command, theirs) in commands.iter().zip(theirs) {
            let own = redacted(&session.send(command));
            let (own, theirs) = (comparable(&own), redacted(theirs));
            if own != comparable(&theirs) {
                different.push(format!("{mark}: {command}\n{own:#?}\n{theirs}"));
            }
        }
        session.quit();
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// Without what dlv 1.20 shows wrongly, without errors, which it writes elsewhere, and without the line with a
/// pointer's address, which later ones put in front of what it points to.
fn comparable(text: &str) -> Vec<&str> {
    let left_out = |line: &str| {
        let address = line.starts_with("(*") && line.ends_with(")(0xADDR)") && text.lines().count() > 1;
        let wrong = WRONG_IN_DLV.contains(&line.split(" = ").next().unwrap_or_default());
        address || wrong || line.starts_with("Command failed: ")
    };
    text.lines().filter(|line| !left_out(line)).collect()
}

on_oldest_and_newest! {
    fn damaged_values_say_so_at_once_and_the_rest_is_shown(go) {
        let program = Program::build("damaged", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("damaged")));
        session.send("continue");
        session.send("config max-array-values 1000000");
        session.send("config max-variable-recurse 100000");
        let unreadable = |at: &str| format!("(unreadable could not read 8 bytes of memory at {at}: input/output error)\n");
        for (name, shown) in [
            ("long", "(unreadable invalid slice: length 1152921504606846976, capacity 3)\n".to_owned()),
            ("negative", "(unreadable invalid slice: length -5, capacity 1)\n".to_owned()),
            ("nowhere", unreadable("0x10").replace("8 bytes", "4 bytes")),
            ("failure", unreadable("0xdead0008")),
            ("dict", unreadable("0x77")),
            ("function", unreadable("0x99")),
        ] {
            assert_eq!(session.send(&format!("print {name}")), shown, "{name}");
        }
        let texts = session.send("print texts");
assert!(texts.contains("\"before\",(unreadable ") && texts.ends_with(",\"after\"]\n"), "{texts}");
        for name in ["untyped", "channel"] {
            let shown = session.send(&format!("print {name}"));
            assert!(shown.starts_with("(unreadable "), "{name}: {shown}");
        }
        let huge = session.send("print huge");
        assert!(huge.matches("unreadable").count() <= 3 && huge.contains("...+"), "{huge}");
        let text = session.send("print longText");
        assert!(text.starts_with("\"text") && text.contains("...+1125899906842560 more"), "{text}");
        let wild = session.send("print wild");
        assert!(wild.contains("Value: (unreadable") && wild.contains("Next: (unreadable"), "{wild}");
        // A list is followed to its end; one that is its own tail is given up some time.
        for (name, value, nodes) in [("ring", "Value: 1,", 10_001..=20_001), ("list", "Value: 9999,", 10_000..=10_000)] {
            let shown = session.send(&format!("print {name}"));
            let depth = shown.matches("Value: ").count();
            assert!(shown.contains(value) && nodes.contains(&depth), "{name}: {depth} deep");
        }
        let locals = session.send("locals");
        assert!(locals.contains("ring = (*main.node)("), "{locals}");
        session.quit();
    }
}

#[test]
fn bodies_of_loops_over_functions_see_what_is_around_them() {
    let Some(go) = Go::newest() else { return };
    if go.minor() < 23 {
        return skip("this Go does not loop over functions");
    }
    let program = Program::build("ranges", &go);
    let mut session = Session::exec(&program);
    session.send(&format!("break {}", program.at("body")));
    session.send("continue");
    session.send("continue");
    for (command, reply) in [
        ("args", "i = 1\ntext = \"x\"\n"),
        ("locals", "unused = \"not in the body\"\nword = \"outer\"\ntotal = 1\nsquare = 1\n"),
        ("print square + total", "2\n"),
        ("print unused", "\"not in the body\"\n"),
        ("print runtime.rangeParentOffset > runtime.frameoff", "true\n"),
        ("print nothing", "Command failed: could not find symbol value for nothing\n"),
    ] {
        assert_eq!(session.send(command), reply, "{command}");
    }
    session.quit();
}
