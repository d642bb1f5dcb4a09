//! Values as they are printed without readable texts: the program `printing` has a variable for each row of the table
//! of formats, and `verbs` prints what package fmt makes of its variables, which the debugger must print, too.
//!
//! What is printed of `printing` is kept in `printing/go1.*.txt`; `ADIT_UPDATE=1` writes these files anew. Where `dlv`
//! is installed and knows the toolchain, it must print the same but for what [`is_known`] lists.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, skip, without_addresses};

/// The variables that are declared before a stop.
fn variables(program: &Program, mark: &str) -> Vec<String> {
    let text = std::fs::read_to_string(program.source().join("main.go")).unwrap();
    let line = program.line(mark);
    let lines: Vec<&str> = text.lines().take(line).collect();
    let start = lines.iter().rposition(|line| line.starts_with("func ")).unwrap();
    let mut names = Vec::new();
    for line in &lines[start + 1..] {
        let declared = match line.strip_prefix("\tvar ") {
            Some(declaration) => declaration.split(' ').next(),
            None => line.strip_prefix('\t').and_then(|line| line.split_once(" := ")).map(|(names, _)| names),
        };
        let declared = declared.filter(|names| !names.starts_with('\t')).into_iter();
        names.extend(declared.flat_map(|names| names.split(", ")).map(str::to_owned));
    }
    names
}

/// Addresses are not the same twice; the runtime's own fields not the same in two releases.
fn redacted(text: &str) -> String {
    let is_private = |line: &str| {
        let name = line.trim_start().split(": ").next().unwrap_or_default();
        ["elemtype", "timer", "synctest", "bubble", "lock"].contains(&name)
    };
    let mut out = String::new();
    for line in text.lines().filter(|line| !is_private(line)) {
        out.push_str(&without_addresses(line));
        out.push('\n');
    }
    out
}

fn check_file(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/printing").join(name);
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

/// A session at a stop, without readable texts.
fn at(program: &Program, mark: &str) -> Session {
    let mut session = Session::exec(program);
    session.send("config formatters false");
    session.send(&format!("break {}", program.at(mark)));
    session.send("continue");
    session
}

/// The configurations in which all variables are printed.
const LIMITS: [&[&str]; 4] = [
    &[],
    &["config max-array-values 2", "config max-string-len 5"],
    &["config max-variable-recurse 0"],
    &["config max-array-values 0", "config max-string-len 0"],
];

on_oldest_and_newest! {
    fn every_row_of_the_table_is_printed(go) {
        let program = Program::build("printing", go);
        let mut text = String::new();
        for mark in ["all", "cycles"] {
            let mut session = at(&program, mark);
            for command in ["locals", "locals -v"] {
                writeln!(text, "> {command}\n{}", redacted(&session.send(command))).unwrap();
            }
            for limits in LIMITS {
                for limit in limits {
                    writeln!(text, "> {limit}").unwrap();
                    session.send(limit);
                }
                for name in variables(&program, mark) {
                    writeln!(text, "> print {name}\n{}", redacted(&session.send(&format!("print {name}")))).unwrap();
                }
            }
            session.quit();
        }
        // Since go1.23 the debug information says what closures have captured.
        check_file(if go.minor() < 23 { "go1.19.txt" } else { "go1.23.txt" }, &text);
    }

    fn verbs_are_those_of_package_fmt(go) {
        let program = Program::build("verbs", go);
        let mut session = at(&program, "verbs");
        let output = Command::new(program.path()).output().unwrap();
        let mut wrong = Vec::new();
        let mut tried = 0;
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let mut parts = line.splitn(3, '\t');
            let (Some(format), Some(name), Some(text)) = (parts.next(), parts.next(), parts.next()) else { continue };
            tried += 1;
            let shown = session.send(&format!("print {format} {name}"));
            // The program's own value of a string literal is what package fmt has made.
            let expected = session.send(&format!("print %s {text}"));
            if shown != expected {
                wrong.push(format!("print {format} {name}\n{shown}{expected}"));
            }
        }
        session.quit();
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
        assert!(tried > 2000, "{tried}");
    }
}

/// What dlv 1.20 prints otherwise than later ones, or wrongly: it quotes the type without its star, knows no
/// `unsafe.Pointer(nil)`, and cuts characters in two.
fn is_known(theirs: &str, own: &str) -> bool {
    let modern = theirs.replace("(*\"", "(\"*").replace("unsafe.Pointer(0x0)", "unsafe.Pointer(nil)");
    modern == own || theirs.contains('\u{fffd}')
}

#[test]
fn dlv_prints_the_same() {
    let Some(go) = Go::oldest() else { return };
    if go.minor() > 19 {
        return skip("this Go is newer than what the dlv that is compared with knows");
    }
    let program = Program::build("printing", &go);
    let names = variables(&program, "all");
    let mut commands = vec!["locals".to_owned()];
    for limits in LIMITS {
        commands.extend(limits.iter().map(|limit| (*limit).to_owned()));
        commands.extend(names.iter().map(|name| format!("print {name}")));
    }
    let script = format!("break {}\ncontinue\n{}\nexit\n", program.at("all"), commands.join("\n"));
    let mut dlv = Command::new("dlv");
    dlv.arg("exec").arg(program.path()).arg("--allow-non-terminal-interactive=true");
    dlv.current_dir(program.source()).env("TERM", "dumb");
    dlv.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = dlv.spawn() else { return skip("no dlv to compare with") };
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap().stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let mut session = at(&program, "all");
    let mut different = Vec::new();
    // Before the first prompt, and the replies to `break` and `continue`.
    for (command, theirs) in commands.iter().zip(said.split("(dlv) ").skip(3)) {
        let (own, theirs) = (redacted(&session.send(command)), redacted(theirs));
        // The address of what a pointer points to has a line of its own since.
        let first = own.lines().next().unwrap_or_default();
        let has_address = first.starts_with('(') && first.ends_with(")(0xADDR)") && own.lines().count() > 1;
        let own: Vec<&str> = own.lines().skip(usize::from(has_address)).collect();
        let theirs: Vec<&str> = theirs.lines().collect();
        let alike = own.len() == theirs.len()
            && own.iter().zip(&theirs).all(|(own, theirs)| own == theirs || is_known(theirs, own));
        if !alike {
            different.push(format!("{command}\n{own:#?}\n{theirs:#?}"));
        }
    }
    session.quit();
    assert!(different.is_empty(), "{}", different.join("\n"));
}
