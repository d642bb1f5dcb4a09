//! Values of every kind, as they are printed: the program `zoo`, stopped in each of its functions.
//!
//! What is printed there is kept in `values/go1.*.txt`; `ADIT_UPDATE=1` writes these files anew. Where `dlv` is
//! installed and knows the toolchain, it must print the same but for what `values/expressions.txt` says.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest, skip};

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
        let runtime = ["elemtype:", "timer:", "bubble:"].iter().any(|field| line.starts_with(field));
        let entry = line.split_once(": -").is_some_and(|(key, value)| {
            key.parse::<u32>().is_ok() && value.trim_end_matches(", ").parse::<u32>().is_ok()
        });
        runtime || entry
    };
    let mut out = String::new();
    for line in text.lines().filter(|line| !is_private(line)) {
        let mut rest = line;
        while let Some(at) = rest.find("0x") {
            let digits = rest[at + 2..].bytes().take_while(u8::is_ascii_hexdigit).count();
            out.push_str(&rest[..at]);
            out.push_str(if digits >= 6 { "0xADDR" } else { &rest[at..at + 2 + digits] });
            rest = &rest[at + 2 + digits..];
        }
        out.push_str(rest);
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
        // Go 1.23 and later say what closures have captured.
        let kind = if go.minor() >= 23 { 23 } else { 19 };
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
fn dlv_prints_the_same_locals() {
    let Some(go) = Go::oldest() else { return };
    if go.minor() > 19 {
        return skip("this Go is newer than what the dlv that is compared with knows");
    }
    let program = Program::build("zoo", &go);
    for (place, mark) in stops(&program).into_iter().filter(|(_, mark)| mark != "cycles") {
        let Some(said) = dlv(&program, &format!("break {place}\ncontinue\nlocals\nexit\n")) else {
            return skip("no dlv to compare with");
        };
        let mut session = Session::exec(&program);
        session.send(&format!("break {place}"));
        session.send("continue");
        let own = redacted(&session.send("locals"));
        session.quit();
        let theirs: Vec<String> = redacted(&said).lines().map(|line| line.replace("(dlv) ", "")).collect();
        for line in own.lines() {
            let name = line.split(" = ").next().unwrap_or_default();
            if !WRONG_IN_DLV.contains(&name) {
                assert!(
                    theirs.iter().any(|theirs| theirs == line),
                    "{mark}: {line}\nis not in\n{}",
                    theirs.join("\n")
                );
            }
        }
    }
}
