//! A tour of the prompt: every command on a real program, compared with what was read and found good.
//!
//! With `ADIT_UPDATE_TRANSCRIPTS` set the transcripts are written instead.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, without_addresses};

/// Commands, and what of their replies is compared.
const TOUR: &str = include_str!("tour/commands.txt");

/// What differs from run to run, from machine to machine, or from one version of Go to the next, is left out.
fn redacted(reply: &str, program: &Program, goroot: &str) -> String {
    let mut text = String::new();
    for line in reply.lines() {
        let mut line = without_addresses(line);
        for (path, name) in [
            (program.path().to_str().unwrap(), "$PROGRAM"),
            (program.source().to_str().unwrap(), "$SOURCE"),
            (goroot, "$GOROOT"),
        ] {
            line = line.replace(path, name);
        }
        let is_number = |c: char| c.is_ascii_digit();
        for word in ["Goroutine ", "thread ", "Thread ", "goroutine(", "Process ", "* "] {
            line = without_number(&line, word, is_number);
        }
        for word in ["(PC: ", " at "] {
            line = without_number(&line, word, |c| c.is_ascii_hexdigit());
        }
        if let Some((before, after)) = line.split_once("$GOROOT") {
            // Lines of Go's own sources.
            let number = after.find(':').map_or(after.len(), |colon| colon + 1);
            let (path, rest) = after.split_at(number);
            line = format!("{before}$GOROOT{path}N{}", rest.trim_start_matches(is_number));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The line without the number behind a word, unless that has but one digit and is 1.
fn without_number(line: &str, word: &str, is_digit: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(word) {
        let (before, after) = rest.split_at(at + word.len());
        let end = after.find(|c| !is_digit(c)).unwrap_or(after.len());
        let number = &after[..end];
        out.push_str(before);
        let ends = !after[end..].starts_with(|c: char| c.is_alphanumeric());
        out.push_str(if number.is_empty() || number == "1" || !ends { number } else { "N" });
        rest = &after[end..];
    }
    out + rest
}

/// The replies to the tour's commands. A command behind `!` is given without looking at its reply.
fn transcript(program: &Program, go: &Go) -> String {
    let folder = tempfile::tempdir().unwrap();
    let goroot = go.command().args(["env", "GOROOT"]).output().unwrap().stdout;
    let goroot = String::from_utf8(goroot).unwrap().trim().to_owned();
    let mut session = Session::exec(program);
    let mut text = String::new();
    for line in TOUR.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (silent, command) = match line.strip_prefix('!') {
            Some(command) => (true, command),
            None => (false, line),
        };
        let mut given = command.replace("$DIR", folder.path().to_str().unwrap());
        while let Some(at) = given.find('{') {
            let end = at + given[at..].find('}').unwrap();
            given = format!("{}{}{}", &given[..at], program.line(&given[at + 1..end]), &given[end + 1..]);
        }
        let reply = session.send(&given).replace(folder.path().to_str().unwrap(), "$DIR");
        let _ = writeln!(text, "(adit) {command}");
        if !silent {
            text.push_str(&redacted(&reply, program, &goroot));
        }
    }
    session.quit();
    text
}

on_oldest_and_newest! {
    fn every_command_answers_as_it_should(go) {
        let program = Program::build("tour", go);
        let said = transcript(&program, go);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tour/transcript.txt");
        if std::env::var_os("ADIT_UPDATE_TRANSCRIPTS").is_some() {
            std::fs::write(&path, &said).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        let mut lines = expected.lines().zip(said.lines()).enumerate();
        if let Some((number, (old, new))) = lines.find(|(_, (old, new))| old != new) {
            panic!("line {} of {}:\nexpected {old:?}\nsaid     {new:?}", number + 1, path.display());
        }
        assert_eq!(expected.lines().count(), said.lines().count());
    }
}

/// A new command is to be shown, too.
#[test]
fn the_tour_leaves_out_no_command() {
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    let reference = std::fs::read_to_string(reference).unwrap();
    let given: Vec<_> = TOUR.lines().map(|line| line.trim_start_matches('!')).collect();
    for heading in reference.lines().filter_map(|line| line.strip_prefix("### ")) {
        let names: Vec<_> = heading.split(", ").map(|name| name.trim_matches('`')).collect();
        // Leaving is the end of the tour.
        let shown = names.contains(&"exit")
            || given.iter().any(|line| line.split_whitespace().any(|word| names.contains(&word)));
        assert!(shown, "{heading} is not shown");
    }
}
