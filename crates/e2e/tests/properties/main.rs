//! Expressions made at random mean to the debugger what they mean to Go: a program computes them all, the debugger
//! evaluates the same at a breakpoint in it.
//!
//! In an ordinary run these are some hundreds, always the same ones. `ADIT_EXPRESSIONS=<count>` makes that many, of the
//! seed `ADIT_SEED`.

#![allow(missing_docs, clippy::unwrap_used)]

mod generator;
mod random;
mod vocabulary;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_e2e::{Flavour, Go, Program, Session, skip};

use generator::{Expression, Generator};

/// Expressions of one program; more take the compiler too long at once.
const BATCH: usize = 600;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// The directory of a program with these expressions.
fn write_program(folder: &Path, expressions: &BTreeMap<usize, Expression>) {
    let mut lines = String::new();
    for (i, expression) in expressions {
        writeln!(lines, "\tshow({i}, func() any {{ return {} }})", expression.go).unwrap();
    }
    let text = include_str!("values.go").replace("//EXPRESSIONS\n", &lines);
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("go.mod"), "module expressions\n\ngo 1.21\n").unwrap();
    fs::write(folder.join("main.go"), text).unwrap();
}

/// Leaves out what the compiler refuses.
fn keep_what_compiles(go: &Go, folder: &Path, expressions: &mut BTreeMap<usize, Expression>) {
    loop {
        write_program(folder, expressions);
        let mut command = go.command();
        command.current_dir(folder).args(["build", "-gcflags=-e", "-o", "/dev/null", "."]);
        let output = command.output().unwrap();
        if output.status.success() {
            return;
        }
        let source = fs::read_to_string(folder.join("main.go")).unwrap();
        let source: Vec<&str> = source.lines().collect();
        let errors = String::from_utf8(output.stderr).unwrap();
        let before = expressions.len();
        for error in errors.lines() {
            let Some(line) = error.strip_prefix("./main.go:").and_then(|rest| rest.split(':').next()) else {
                continue;
            };
            let line = source[line.parse::<usize>().unwrap() - 1];
            if let Some(rest) = line.strip_prefix("\tshow(") {
                if std::env::var_os("ADIT_SHOW_REFUSED").is_some() {
                    println!("{error}\n{line}");
                }
                expressions.remove(&rest.split(',').next().unwrap().parse().unwrap());
            }
        }
        assert!(expressions.len() < before, "the program does not compile:\n{errors}");
    }
}

/// What the debugger says, in the words of the program.
fn answer(session: &mut Session, expression: &str) -> String {
    let value = session.send(&format!("print {expression}"));
    let value = value.trim_end_matches('\n');
    if let Some(error) = value.strip_prefix("Command failed: ") {
        return format!("panic\t{error}");
    }
    let ty = session.send(&format!("whatis {expression}"));
    format!("{}\t{value}", ty.lines().next().unwrap_or_default())
}

/// Go chooses how much more a slice has room for that it converts to.
fn without_capacity(text: &str) -> String {
    let Some((before, after)) = text.split_once(", cap: ") else { return text.to_owned() };
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Versions of Go differ in which of two shortest texts a float has that are equally near.
fn same_numbers(go: &str, adit: &str) -> bool {
    let bits = |text: &str| match go.contains("float32") || go.contains("complex64") {
        true => text.parse::<f32>().ok().map(|value| u64::from(value.to_bits())),
        false => text.parse::<f64>().ok().map(f64::to_bits),
    };
    let parts =
        |text: &str| text.split(['\t', ' ', '(', ')', 'i', ',']).map(str::to_owned).collect::<Vec<_>>();
    let (go_parts, adit_parts) = (parts(go), parts(adit));
    go_parts.len() == adit_parts.len()
        && go_parts
            .iter()
            .zip(&adit_parts)
            .all(|(x, y)| x == y || bits(x).is_some_and(|x| bits(y) == Some(x)))
}

fn agrees(expression: &str, go: &str, adit: &str) -> bool {
    if expression.starts_with("[]") && without_capacity(go) == without_capacity(adit) {
        return true;
    }
    go == "unspecified"
        || go == adit
        || same_numbers(go, adit)
        || go.starts_with("panic\t") && adit.starts_with("panic\t")
}

/// What differs in one batch, and how many expressions agreed.
fn differences(go: &Go, seed: u64, count: usize, folder: &Path) -> (Vec<String>, usize) {
    let mut generator = Generator::new(seed);
    let mut seen = HashSet::new();
    let mut expressions = BTreeMap::new();
    for i in 0..count {
        let expression = generator.expression();
        if seen.insert(expression.go.clone()) {
            expressions.insert(i, expression);
        }
    }
    keep_what_compiles(go, folder, &mut expressions);
    let program = Program::build_in(folder, go, Flavour::Debug);
    let output = Command::new(program.path()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let said: BTreeMap<usize, &str> = said
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(i, value)| (i.parse().unwrap(), value))
        .collect();
    assert_eq!(said.len(), expressions.len(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut session = Session::exec(&program);
    session.send(&format!("break {}", program.at("values")));
    for setting in ["max-string-len 100000", "max-array-values 1000"] {
        session.send(&format!("config {setting}"));
    }
    session.send("continue");
    let mut different = Vec::new();
    for (i, expression) in &expressions {
        let (theirs, ours) = (said[i], answer(&mut session, &expression.adit));
        if !agrees(&expression.adit, theirs, &ours) {
            different.push(format!("{}\n    Go:   {theirs}\n    adit: {ours}", expression.adit));
        }
    }
    session.quit();
    (different, expressions.len())
}

#[test]
fn expressions_mean_what_they_mean_to_go() {
    let Some(go) = Go::newest() else { return };
    if go.minor() < 21 {
        return skip("this Go has no min and max");
    }
    let seed = number("ADIT_SEED").unwrap_or(1);
    let count = number("ADIT_EXPRESSIONS").unwrap_or(BATCH as u64) as usize;
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut different = Vec::new();
    let mut checked = 0;
    for (i, first) in (0..count).step_by(BATCH).enumerate() {
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(i as u64);
        let (found, of) =
            differences(&go, seed, BATCH.min(count - first), &root.join(format!("expressions{i}")));
        different.extend(found);
        checked += of;
    }
    println!("{checked} expressions of {count} compile");
    assert!(checked * 2 > count, "only {checked} expressions of {count} compile");
    assert!(different.is_empty(), "{} of {checked} differ:\n{}", different.len(), different.join("\n"));
}
