//! The binary that cargo builds beside the tests is the one that the end-to-end tests drive.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

#[test]
fn the_binary_says_its_version() {
    let output = Command::new(env!("CARGO_BIN_EXE_adit")).arg("version").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with(concat!("adit Debugger\nVersion: ", env!("CARGO_PKG_VERSION"), "\n")), "{said}");
    assert!(output.status.success());
}
