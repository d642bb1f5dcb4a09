//! Optimised programs: what is shown of their variables is true, or said to be unknown.
//!
//! Generated programs say what their variables hold at numbered marks; the debugger is asked the same there, in the
//! frame that has the mark's line, and again from within the function that is called there.

#![allow(missing_docs, clippy::unwrap_used)]

#[path = "optimized/generator.rs"]
mod generator;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_e2e::{Flavour, Go, Program, Session, on_oldest_and_newest};

/// What the program said at one passing of a mark.
#[derive(Debug, Default)]
struct Passing {
    mark: usize,
    /// Expressions and their values.
    truth: Vec<(String, String)>,
}

/// Generates and builds the program of a seed.
fn build(seed: u64, functions: usize, reassigns: bool, go: &Go) -> Program {
    let name = format!("{}{seed}", if reassigns { "changing" } else { "steady" });
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("optimized");
    let source = folder.join(&name);
    std::fs::create_dir_all(&source).unwrap();
    write_if_new(&folder.join("go.mod"), "module generated\n\ngo 1.18\n");
    write_if_new(&source.join("main.go"), &generator::program(seed, functions, reassigns));
    Program::build_in(&source, go, Flavour::Optimised)
}

/// Tests of both toolchains share the source, of which a program that is built is to be newer.
fn write_if_new(path: &PathBuf, text: &str) {
    if std::fs::read_to_string(path).ok().as_deref() != Some(text) {
        let unfinished = tempfile::NamedTempFile::new_in(path.parent().unwrap()).unwrap();
        std::fs::write(unfinished.path(), text).unwrap();
        unfinished.persist(path).unwrap();
    }
}

/// What the program says when it runs by itself.
fn passings(program: &Program) -> Vec<Passing> {
    let output = Command::new(program.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut all: Vec<Passing> = Vec::new();
    let mut next = Passing::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (what, value) = line.split_once('\t').unwrap();
        let (side, what) = what.split_once(' ').unwrap();
        let said = (what.to_owned(), value.to_owned());
        match side {
            "B" => next.truth.push(said),
            "A" => all.last_mut().unwrap().truth.push(said),
            _ => all.push(Passing { mark: value.parse().unwrap(), ..std::mem::take(&mut next) }),
        }
    }
    all
}

/// The lines of the marks.
fn lines(program: &Program) -> BTreeMap<usize, usize> {
    let text = std::fs::read_to_string(program.source().join("main.go")).unwrap();
    let marked = text
        .lines()
        .enumerate()
        .filter_map(|(line, text)| Some((text.split_once("// mark ")?.1.parse().unwrap(), line + 1)));
    marked.collect()
}

#[derive(Default)]
struct Score {
    right: usize,
    unknown: usize,
    wrong: Vec<String>,
}

impl Score {
    fn judge(&mut self, place: &str, expression: &str, truth: &str, shown: &str) {
        let shown = shown.trim_end();
        let is_unknown = ["optimized out", "could not find symbol value", "not available"];
        if shown == truth {
            self.right += 1;
        } else if is_unknown.iter().any(|text| shown.contains(text)) {
            self.unknown += 1;
        } else {
            self.wrong.push(format!("{place}: {expression} is {truth}, shown as {shown}"));
        }
    }

    fn known(&self) -> usize {
        100 * self.right / (self.right + self.unknown + self.wrong.len()).max(1)
    }
}

fn compare(seed: u64, functions: usize, reassigns: bool, go: &Go) -> (Score, Score) {
    let program = build(seed, functions, reassigns, go);
    let passings = passings(&program);
    let lines = lines(&program);
    let mut session = Session::exec_with(&program, &["-r", "stdout:/dev/null"], &[]);
    session.send("config max-string-len 1000");
    session.send("break main.mark");
    for line in lines.values() {
        session.send(&format!("break main.go:{line}"));
    }
    let (mut top, mut caller) = (Score::default(), Score::default());
    let mut stopped_at = 0;
    for passing in &passings {
        let line = lines[&passing.mark];
        loop {
            let stop = session.send("continue");
            let place = format!("go{} seed {seed} mark {} (line {line})", go.version(), passing.mark);
            if stop.contains(" main.mark(") {
                assert_eq!(session.send("print number"), format!("{}\n", passing.mark), "{place}: {stop}");
                for (expression, truth) in &passing.truth {
                    let shown = session.send(&format!("frame 1 print {expression}"));
                    caller.judge(&format!("{place}, from below"), expression, truth, &shown);
                }
                break;
            }
            assert!(stop.contains(&format!("/main.go:{line} ")), "{place}: {stop}");
            stopped_at += 1;
            for (expression, truth) in &passing.truth {
                let shown = session.send(&format!("print {expression}"));
                top.judge(&place, expression, truth, &shown);
            }
        }
    }
    assert!(stopped_at > 0);
    session.quit();
    (top, caller)
}

fn check_all(reassigns: bool, seeds: std::ops::RangeInclusive<u64>, go: &Go) {
    let mut wrong = Vec::new();
    for seed in seeds {
        let (top, caller) = compare(seed, 24, reassigns, go);
        println!(
            "go{} seed {seed}: {} right, {}% known at the mark, {} right, {}% known in the caller's frame",
            go.version(),
            top.right,
            top.known(),
            caller.right,
            caller.known()
        );
        wrong.extend(top.wrong);
        wrong.extend(caller.wrong);
    }
    assert!(wrong.is_empty(), "{} are wrong: {wrong:#?}", wrong.len());
}

on_oldest_and_newest! {
    fn what_is_shown_of_unchanging_variables_is_true(go) {
        check_all(false, 1..=8, go);
    }

    fn what_is_shown_of_changing_variables_is_true(go) {
        check_all(true, 1..=8, go);
    }
}
