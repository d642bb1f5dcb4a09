//! `.gnu_debuglink`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::files::{Folder, answers, have, only};

/// A program with a link to `p.dbg` and no build ID.
fn linked(folder: &Folder) {
    folder.c_program("p", "none", &[]);
    folder.split("p", "p.dbg");
    folder.run("objcopy", &["--add-gnu-debuglink=p.dbg", "p"]);
}

#[test]
fn beside_the_program_below_it_and_in_the_global_directories() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    linked(&folder);
    answers(&folder.open("p", &[]).0);

    let move_to = |from: &Path, to: &Path| {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(from, to).unwrap();
    };
    let hidden = folder.path(".debug/p.dbg");
    move_to(&folder.path("p.dbg"), &hidden);
    let (binary, refused) = folder.open("p", &[]);
    assert_eq!(binary.debug_file(), Some(&*hidden));
    assert!(refused.is_empty());

    let real = fs::canonicalize(folder.path("p")).unwrap();
    let inside = real.parent().unwrap().strip_prefix("/").unwrap().to_owned();
    let global = folder.path("global").join(inside).join("p.dbg");
    move_to(&hidden, &global);
    assert!(!folder.open("p", &[]).0.has_debug_info());
    answers(&folder.open("p", &["global/.build-id"]).0);
    answers(&folder.open("p", &["global"]).0);
}

#[test]
fn through_a_symbolic_link_to_the_program() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    linked(&folder);
    fs::create_dir(folder.path("bin")).unwrap();
    symlink(folder.path("p"), folder.path("bin/q")).unwrap();
    answers(&folder.open("bin/q", &[]).0);
}

#[test]
fn a_changed_file_is_refused() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    linked(&folder);
    let mut bytes = fs::read(folder.path("p.dbg")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.path("p.dbg"), bytes).unwrap();
    let (binary, refused) = folder.open("p", &[]);
    assert!(!binary.has_debug_info());
    let why = only(&refused).1;
    assert!(
        why.starts_with("its CRC is ") && why.ends_with("it is of another build, or was changed"),
        "{why}"
    );
}

#[test]
fn build_ids_say_more_than_checksums() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "sha1", &[]);
    folder.split("p", "p.dbg");
    folder.run("objcopy", &["--add-gnu-debuglink=p.dbg", "p"]);
    // Compressed after the link was made.
    folder.run("objcopy", &["--compress-debug-sections=zlib", "p.dbg"]);
    answers(&folder.open("p", &[]).0);
}

#[test]
fn a_link_to_the_program_itself_leads_nowhere() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "sha1", &[]);
    folder.run("objcopy", &["--strip-all", "p"]);
    fs::copy(folder.path("p"), folder.path("q")).unwrap();
    folder.run("objcopy", &["--add-gnu-debuglink=p", "q", "p"]);
    let (binary, refused) = folder.open("p", &[]);
    assert!(!binary.has_debug_info());
    assert_eq!(only(&refused).1, "it has no debug information, or is cut off");
}
