//! `cargo xtask matrix`: the end-to-end tests on programs of each supported version of Go.

use anyhow::{Result, bail};

use crate::{suite, toolchain};

/// Of each pair of tests for the oldest and the newest Go the latter: here they would be the same.
const SELECTION: [&str; 4] = ["--package", "adit-e2e", "--", "::newest"];

/// Runs the tests version by version and ends with a table; a version that cannot be had is a line of the
/// table, not a failure.
pub(crate) fn run() -> Result<()> {
    suite::build_debugger()?;
    let mut table = Vec::new();
    let mut failed = 0;
    for (version, go) in toolchain::every_version() {
        let line = match go {
            Err(error) => format!("not to be had: {error:#}"),
            Ok(go) => {
                println!("\n== go {} ==", go.version);
                match suite::cargo_test(&SELECTION, &toolchain::Toolchains::only(go)) {
                    Ok(count) => {
                        failed += count.failed;
                        count.to_string()
                    }
                    Err(error) => {
                        failed += 1;
                        format!("{error:#}")
                    }
                }
            }
        };
        table.push(format!("go {:<9} {line}", version.to_string()));
    }
    println!("\n{}", table.join("\n"));
    match failed {
        0 => Ok(()),
        _ => bail!("{failed} failures"),
    }
}
