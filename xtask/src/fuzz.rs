//! `cargo xtask fuzz`: each fuzz target for a while, and the tests that go on for as long as they are told to.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, toolchain};

/// Runs every target under `fuzz/fuzz_targets` for `seconds`; the first crash ends the run.
pub(crate) fn run(seconds: u32) -> Result<()> {
    let targets = targets()?;
    if targets.is_empty() {
        bail!("there is no target under fuzz/fuzz_targets");
    }
    let cargo_fuzz = cargo_fuzz()?;
    for target in targets {
        println!("fuzzing {target} for {seconds} s");
        // libFuzzer's instrumentation needs the nightly compiler; adit itself does not.
        let mut command = Command::new(&cargo_fuzz);
        command.current_dir(process::workspace()).env("RUSTUP_TOOLCHAIN", "nightly");
        command.args(["fuzz", "run", &target]);
        // What is found is kept in the first folder, which is made if there are others.
        let seeds = process::workspace().join("fuzz/seeds").join(&target);
        if seeds.is_dir() {
            let corpus = process::workspace().join("fuzz/corpus").join(&target);
            fs::create_dir_all(&corpus).with_context(|| format!("could not make {}", corpus.display()))?;
            command.arg(corpus).arg(seeds);
        }
        command.args(["--", &format!("-max_total_time={seconds}")]);
        process::run(&mut command)?;
    }
    live(seconds)
}

/// Damaged memory and random expressions, in programs that stand still under the debugger: `adit-engine`'s `hostile`.
fn live(seconds: u32) -> Result<()> {
    println!("looking at damaged memory, and evaluating what is random, for {seconds} s each");
    let toolchains = toolchain::setup()?;
    let mut command = process::cargo();
    command.args(["test", "--release", "--package", "adit-engine", "--test", "hostile"]);
    command.args(["--", "--nocapture", "--test-threads=1"]).env("ADIT_FUZZ_SECONDS", seconds.to_string());
    toolchains.hand_to(&mut command);
    process::run(&mut command)
}

fn targets() -> Result<Vec<String>> {
    let directory = process::workspace().join("fuzz/fuzz_targets");
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut targets = Vec::new();
    for entry in
        fs::read_dir(&directory).with_context(|| format!("could not read {}", directory.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            targets.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    targets.sort();
    Ok(targets)
}

/// The subcommand's program, installed under `target/tools` if the machine has none.
fn cargo_fuzz() -> Result<PathBuf> {
    if let Some(installed) = process::find_on_path("cargo-fuzz") {
        return Ok(installed);
    }
    let tools = process::target_directory().join("tools");
    let program = tools.join("bin/cargo-fuzz");
    if !program.exists() {
        println!("installing cargo-fuzz under {}", tools.display());
        process::run(process::cargo().args(["install", "--locked", "cargo-fuzz", "--root"]).arg(&tools))?;
    }
    Ok(program)
}
