//! Records what `adit version` says about the build: the commit and the compiler.

use std::path::Path;
use std::process::Command;

fn main() {
    let commit = say("git", &["rev-parse", "HEAD"]);
    println!("cargo:rustc-env=ADIT_COMMIT={}", commit.unwrap_or_else(|| "unknown".to_owned()));
    // The log of HEAD changes with every commit, HEAD itself only with every branch.
    if let Some(log) = say("git", &["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| Path::new(log).exists()) {
        println!("cargo:rerun-if-changed={log}");
    }
    println!("cargo:rerun-if-changed=build.rs");

    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let compiler = say(&rustc, &["--version"]);
    println!("cargo:rustc-env=ADIT_COMPILER={}", compiler.unwrap_or_else(|| "rustc".to_owned()));
}

fn say(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
