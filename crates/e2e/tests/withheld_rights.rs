//! A program that is to run with another user's rights does not get them under a debugger, and that is said.

#![allow(missing_docs, clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use adit_e2e::{Go, Program, binary, skip, write_executable};

/// As a user without rights.
const NOBODY: [&str; 4] = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];

fn runs_as_nobody(path: &std::path::Path) -> bool {
    let mut command = Command::new("setpriv");
    command.args(NOBODY).arg(path).arg("version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn a_set_user_id_program_runs_without_its_rights() {
    let Some(go) = Go::any() else { return };
    let folder = tempfile::tempdir().unwrap();
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(folder.path(), 0o755);
    let debugger = folder.path().join("adit");
    write_executable(&debugger, &std::fs::read(binary()).unwrap());
    if !runs_as_nobody(&debugger) {
        return skip("this user can not become another one");
    }
    let program = folder.path().join("program");
    std::fs::copy(Program::build("hello", &go).path(), &program).unwrap();
    allow(&program, 0o4755);
    let mut command = Command::new("setpriv");
    command.args(NOBODY).arg(&debugger);
    command.args(["exec", "--allow-non-terminal-interactive=true", "--check-go-version=false"]).arg(&program);
    let output = command.stdin(Stdio::null()).env("HOME", folder.path()).current_dir("/").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("it runs as user 65534, not as user 0 as its file wants (set-user-ID)"), "{said}");
}
