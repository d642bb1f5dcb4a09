//! The JSON-RPC API, driven by clients that are written in another language.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

use adit_e2e::{Go, Program, binary, on_oldest_and_newest, skip};

/// Runs a script of `tests/rpc` with the debugger and a program; returns what it prints.
fn run(script: &str, program: &Program) -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    command.arg("-B").arg(here.join("tests/rpc").join(script)).arg(binary()).arg(program.path());
    command.arg(program.source().join("main.go")).arg(here.join("../../testdata/rpc-v2.json"));
    let Ok(output) = command.output() else {
        skip("no python3 on PATH");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said)
}

on_oldest_and_newest! {
    fn every_method_answers_with_every_field(go) {
        run("methods.py", &Program::build("served", go));
    }
}

#[test]
fn clients_come_go_and_halt_while_the_program_runs() {
    let Some(go) = Go::any() else { return };
    let said = run("running.py", &Program::build("served", &go)).unwrap_or_default();
    said.lines().filter_map(|line| line.strip_prefix("SKIPPED: ")).for_each(skip);
}
