//! `cargo xtask demo` and `cargo xtask bench`: programs of the workspace, run with a Go toolchain at hand.

use anyhow::Result;

use crate::toolchain::{self, Toolchains};
use crate::{process, suite};

/// Shows a debugging session on the example program.
pub(crate) fn run() -> Result<()> {
    let go = toolchain::at_hand()?;
    suite::build_debugger()?;
    let mut command = process::cargo();
    command.args(["run", "--quiet", "--package", "adit-e2e", "--example", "demo"]);
    Toolchains::only(go).hand_to(&mut command);
    command.env("ADIT_BIN", process::target_directory().join("debug").join("adit"));
    process::run(&mut command)
}

/// Measures adit, optimised, beside the other debuggers of this machine.
pub(crate) fn bench(part: Option<&str>) -> Result<()> {
    let toolchains = toolchain::setup()?;
    process::run(process::cargo().args(["build", "--release", "--package", "adit"]))?;
    let mut command = process::cargo();
    command.args(["run", "--release", "--quiet", "--package", "adit-benches", "--"]).args(part);
    toolchains.hand_to(&mut command);
    command.env("ADIT_BIN", process::target_directory().join("release").join("adit"));
    process::run(&mut command)
}
