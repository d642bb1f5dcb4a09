//! The binary that is given to others: it needs nothing of the machine it runs on.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adit_e2e::{Go, Program, Waiting, skip, write_executable};

/// What `cargo xtask dist` made; `None`, counted as a skip, where it was not run.
fn distributed() -> Option<PathBuf> {
    let own = std::env::current_exe().unwrap();
    let target = own.ancestors().find(|folder| folder.ends_with("debug") || folder.ends_with("release"));
    let binary = target.and_then(Path::parent).unwrap().join("dist/adit");
    if binary.is_file() {
        return Some(binary);
    }
    skip("there is no static binary: cargo xtask dist makes it");
    None
}

/// The types of the program headers, elf(5).
fn program_headers(file: &[u8]) -> Vec<u32> {
    let number = |at: usize, size: usize| {
        file[at..at + size].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
    };
    let (table, size, count) = (number(0x20, 8), number(0x36, 2), number(0x38, 2));
    (0..count).map(|index| number(table + index * size, 4) as u32).collect()
}

#[test]
fn it_names_no_loader_and_brings_its_pages_along() {
    let Some(binary) = distributed() else { return };
    let headers = program_headers(&fs::read(&binary).unwrap());
    let (load, interpreter) = (1, 3);
    assert!(headers.contains(&load) && !headers.contains(&interpreter), "{headers:?}");
    let folder = binary.parent().unwrap();
    for file in ["man/adit.1", "man/adit-connect.1", "completions/adit.bash", "completions/_adit"] {
        assert!(fs::read_to_string(folder.join(file)).unwrap().contains("adit"), "{file}");
    }
}

#[test]
fn it_attaches_from_where_there_is_nothing() {
    let Some(binary) = distributed() else { return };
    let Some(go) = Go::any() else { return };
    if !nix::unistd::geteuid().is_root() {
        skip("chroot(2) and /proc in it are for root");
        return;
    }
    let program = Program::build("waiting", &go);
    let Some(waiting) = Waiting::start(&program) else { return };

    // Nothing but the binary and the kernel's /proc, as in a container made of that alone.
    let root = tempfile::tempdir().unwrap();
    write_executable(&root.path().join("adit"), &fs::read(&binary).unwrap());
    fs::create_dir(root.path().join("proc")).unwrap();
    let commands = "break main.tick\ncontinue\nprint ticks > 0\nstack\nexit -d\n";
    fs::write(root.path().join("commands"), commands).unwrap();
    // A mount namespace of its own, so that the mount is gone with it.
    let script = "mount --rbind /proc \"$0/proc\" && exec chroot \"$0\" /adit attach \
                  --allow-non-terminal-interactive --init /commands \"$1\"";
    let mut debugger = Command::new("unshare");
    debugger.args(["--mount", "sh", "-c", script]).arg(root.path()).arg(waiting.id().to_string());
    let Ok(run) =
        debugger.stdin(Stdio::null()).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").output()
    else {
        skip("unshare(1) is not there");
        return;
    };
    let (said, errors) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    if errors.contains("unshare failed") || errors.contains("mount:") {
        skip("this machine lets nobody mount");
        return;
    }
    assert!(run.status.success(), "{said}\n{errors}");
    assert!(said.contains("> [Breakpoint 1] main.tick() "), "{said}\n{errors}");
    assert!(said.contains("\ntrue\n") && said.contains("in main.tick\n"), "{said}\n{errors}");

    waiting.end();
}
