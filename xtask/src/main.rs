//! The project's own automation: `cargo xtask <command>`.
//!
//! [`toolchain`] finds or installs the Go toolchains that the tests debug programs of; [`suite`] runs the
//! whole test suite with them and counts what passed, failed and was skipped; [`tidy`] and [`licenses`]
//! check the rules that no compiler checks. Everything that a machine must have is either found here or
//! installed under `target/`, so a fresh clone needs nothing but Rust and the network of its package
//! registries.

mod dap_types;
mod demo;
mod dist;
mod fuzz;
mod isa;
mod licenses;
mod matrix;
mod metadata;
mod process;
mod soak;
mod suite;
mod tidy;
mod toolchain;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask <command>

  setup            find or install the Go toolchains the tests need, and say which they are
  test [--quick]   run every test on real Go programs, tidy and licences included; --quick leaves out the
                   end-to-end tests and uses only the Go at hand
  matrix           the end-to-end tests on each supported version of Go, and reading programs of every
                   platform; one table
  demo             build the example program and show a debugging session on it
  dist             the static binary, its man pages and completions, under target/dist
  bench [PART]     adit side by side with the other debuggers on this machine; table and target/bench.json
  fuzz [seconds]   run each fuzz target, and each test of the engine on damage, for that long (default 60)
  soak [--seconds N] [--seed N]
                   random commands against a busy program, checked after each (default 600 seconds)
  dap-types        make the types of the Debug Adapter Protocol from its schema
  isa-tables [goroot]
                   write the disassemblers' tables anew from a Go toolchain (default: the go on PATH)
  tidy             the house rules: crate edges, host assumptions, file sizes, crate introductions
  licenses         each dependency's licence is a free one
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(())
        }
        ["setup"] => toolchain::setup().map(|_| ()),
        ["test"] => suite::run(suite::Extent::Full),
        ["test", "--quick"] => suite::run(suite::Extent::Quick),
        ["matrix"] => matrix::run(),
        ["demo"] => demo::run(),
        ["dist"] => dist::run(),
        ["bench"] => demo::bench(None),
        ["bench", part] => demo::bench(Some(part)),
        ["fuzz"] => fuzz::run(60),
        ["fuzz", seconds] => fuzz::run(seconds.parse()?),
        ["soak", flags @ ..] => soak::Soak::parse(flags)?.run(),
        ["isa-tables"] => isa::run(None),
        ["isa-tables", goroot] => isa::run(Some(goroot)),
        ["dap-types"] => dap_types::run(),
        ["tidy"] => tidy::run(),
        ["licenses"] => licenses::run(),
        other => bail!("there is no `cargo xtask {}`\n\n{USAGE}", other.join(" ")),
    }
}
