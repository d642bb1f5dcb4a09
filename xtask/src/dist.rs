//! `cargo xtask dist`: what is given to others. A binary that needs nothing of the machine it runs on, its man pages, and
//! completions, all under `target/dist`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Named although it may be this very machine's: what is for the build itself, such as macros, stays dynamic then.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Shells with a completion script, and how its file is called.
const SHELLS: [(&str, &str); 4] =
    [("bash", "adit.bash"), ("zsh", "_adit"), ("fish", "adit.fish"), ("powershell", "adit.ps1")];

pub(crate) fn run() -> Result<()> {
    let mut build = process::cargo();
    build.args(["build", "--release", "--package", "adit", "--target", TARGET]);
    // glibc's allocator is many times as fast with several threads as that of musl.
    build.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-C target-feature=+crt-static");
    build.env_remove("RUSTFLAGS");
    process::run(&mut build)
        .context("the static C library may be missing (Debian: libc6-dev, Fedora: glibc-static)")?;
    let built = process::target_directory().join(TARGET).join("release/adit");
    check_static(&built)?;

    let folder = process::target_directory().join("dist");
    fs::create_dir_all(folder.join("completions")).context("could not make target/dist")?;
    let binary = folder.join("adit");
    // A name that some process executes cannot be written to, but it can be given to another file.
    let unfinished = folder.join("adit.new");
    fs::copy(&built, &unfinished).context("could not copy the binary")?;
    fs::rename(&unfinished, &binary).context("could not put the binary in place")?;
    process::run(Command::new(&binary).arg("man").arg(folder.join("man")))?;
    for (shell, name) in SHELLS {
        let script = process::output(Command::new(&binary).args(["completion", shell]))?;
        let path = folder.join("completions").join(name);
        fs::write(&path, script).with_context(|| format!("could not write {}", path.display()))?;
    }
    println!("{}", binary.display());
    Ok(())
}

/// Refuses a binary that wants a dynamic loader: the ELF program header PT_INTERP, elf(5).
fn check_static(binary: &Path) -> Result<()> {
    let file = fs::read(binary).with_context(|| format!("could not read {}", binary.display()))?;
    if program_header_types(&file).context("the binary is no ELF file")?.contains(&PT_INTERP) {
        bail!("{} is not static: it names a dynamic loader", binary.display());
    }
    Ok(())
}

const PT_INTERP: u32 = 3;

/// The types of the program headers of a 64-bit little-endian file.
fn program_header_types(file: &[u8]) -> Option<Vec<u32>> {
    let number = |at: usize, size: usize| {
        let bytes = file.get(at..at.checked_add(size)?)?;
        Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
    };
    if !file.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let (table, size, count) = (number(0x20, 8)?, number(0x36, 2)?, number(0x38, 2)?);
    (0..count).map(|index| u32::try_from(number(table.checked_add(index * size)?, 4)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn program_headers_are_read() {
        let mut file = vec![0; 64 + 2 * 56];
        file[..6].copy_from_slice(b"\x7fELF\x02\x01");
        (file[0x20], file[0x36], file[0x38]) = (64, 56, 2);
        (file[64], file[64 + 56]) = (1, 3);
        assert_eq!(program_header_types(&file), Some(vec![1, PT_INTERP]));
        file[0x38] = 3;
        assert_eq!(program_header_types(&file), None);
        assert_eq!(program_header_types(b"#!/bin/sh"), None);
    }
}
