//! `cargo xtask soak`: random commands against a busy program, for as long as one likes.
//!
//! What is done, and what must be true after each command, is `crates/e2e/tests/soak`; it is a part of every full test
//! for a few seconds. The time is shared by the oldest and the newest Go.

use anyhow::{Context, Result, bail};

use crate::{process, suite, toolchain};

/// For how long, and which commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Soak {
    seconds: u64,
    seed: u64,
}

impl Soak {
    /// Reads `--seconds N` and `--seed N`; by default ten minutes, and a seed that is always the same.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Soak> {
        let mut soak = Soak { seconds: 600, seed: 1 };
        for pair in arguments.chunks(2) {
            let &[flag, value] = pair else { bail!("{} needs a number", pair.join(" ")) };
            let number = value.parse().with_context(|| format!("{flag} {value}"))?;
            match flag {
                "--seconds" => soak.seconds = number,
                "--seed" => soak.seed = number,
                _ => bail!("there is no flag {flag}: --seconds N, --seed N"),
            }
        }
        Ok(soak)
    }

    pub(crate) fn run(self) -> Result<()> {
        println!("{} seconds with seed {}", self.seconds, self.seed);
        let toolchains = toolchain::setup()?;
        suite::build_debugger()?;
        let mut command = process::cargo();
        command.args(["test", "--package", "adit-e2e", "--test", "soak"]);
        command.args(["--", "--nocapture", "--test-threads=1"]);
        command.env("ADIT_SOAK_SECONDS", self.seconds.div_ceil(2).to_string());
        command.env("ADIT_SOAK_SEED", self.seed.to_string());
        command.env("ADIT_BIN", process::target_directory().join("debug").join("adit"));
        toolchains.hand_to(&mut command);
        process::run(&mut command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read() {
        let parse = |arguments: &[&str]| Soak::parse(arguments).ok();
        assert_eq!(parse(&[]), Some(Soak { seconds: 600, seed: 1 }));
        assert_eq!(parse(&["--seed", "7", "--seconds", "20"]), Some(Soak { seconds: 20, seed: 7 }));
        for wrong in [&["--seed"][..], &["--seed", "x"], &["--time", "3"]] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
