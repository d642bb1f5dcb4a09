//! `cargo xtask isa-tables`: the instruction tables of `adit-arch`, taken as data from the Go project's
//! `golang.org/x/arch` as a Go toolchain vendors it. Run it with a newer Go to renew them.

mod arm;
mod arm64;
mod field_rows;
mod loong64;
mod ppc64;
mod riscv64;
mod s390x;
mod source;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// One instruction set's table: where it goes below `crates/arch/src/disasm`, and what writes it, given the folder
/// of `golang.org/x/arch`.
type Extractor = (&'static str, fn(&Path) -> Result<String>);

const EXTRACTORS: [Extractor; 6] = [
    ("arm/tables.rs", arm::tables),
    ("arm64/tables.rs", arm64::tables),
    ("loong64/tables.rs", loong64::tables),
    ("ppc64/tables.rs", ppc64::tables),
    ("riscv64/tables.rs", riscv64::tables),
    ("s390x/tables.rs", s390x::tables),
];

/// Writes every table from the Go at `goroot`, or from the one on PATH.
pub(crate) fn run(goroot: Option<&str>) -> Result<()> {
    let goroot = match goroot {
        Some(goroot) => PathBuf::from(goroot),
        None => PathBuf::from(process::output(Command::new("go").args(["env", "GOROOT"]))?.trim()),
    };
    let version = source::read(&goroot.join("VERSION"))?;
    let release = version.lines().next().context("the VERSION file of the toolchain is empty")?;
    let arch = goroot.join("src/cmd/vendor/golang.org/x/arch");
    for (place, tables) in EXTRACTORS {
        let path = process::workspace().join("crates/arch/src/disasm").join(place);
        let text = format!(
            "// Written by `cargo xtask isa-tables` from golang.org/x/arch as vendored in {release}; do not edit.\n\
             // The data is that of the Go authors, under the licence in LICENSE-x-arch (BSD-3-Clause).\n\n{}",
            tables(&arch)?
        );
        std::fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
        process::output(Command::new("rustfmt").args(["--edition", "2024"]).arg(&path))?;
        println!("{}", path.display());
    }
    Ok(())
}
