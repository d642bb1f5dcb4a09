//! dwz: what several debug files have in common.

use std::fs;

use crate::files::{Folder, SOURCE, have, only};

/// Three programs whose debug files share `common.dwz`, by this path in them.
fn shared(folder: &Folder, link: &str) {
    // dwz shares nothing that takes less room than a reference to it.
    let fields: String = (0..40).map(|i| format!("long quite_long_field_name_{i}; ")).collect();
    let source = format!("struct large {{ {fields} }} large;\n{SOURCE}");
    for name in ["a", "b", "c"] {
        fs::write(folder.path(&format!("{name}.c")), &source).unwrap();
        folder.c_program(name, "sha1", &[]);
        folder.split(name, &format!("{name}.dbg"));
        folder.run("objcopy", &[&format!("--add-gnu-debuglink={name}.dbg"), name]);
    }
    folder.run("dwz", &["-m", "common.dwz", "-M", link, "a.dbg", "b.dbg", "c.dbg"]);
}

#[test]
fn the_supplementary_file_is_found_from_the_debug_file() {
    if !have(&["gcc", "objcopy", "dwz"]) {
        return;
    }
    let folder = Folder::new();
    shared(&folder, "./dwz/common.dwz");
    let (binary, refused) = folder.open("a", &["ids"]);
    assert!(binary.has_debug_info() && binary.supplementary_file().is_none() && refused.is_empty());
    fs::create_dir(folder.path("dwz")).unwrap();
    fs::rename(folder.path("common.dwz"), folder.path("dwz/common.dwz")).unwrap();
    let (binary, refused) = folder.open("a", &["ids"]);
    assert!(refused.is_empty(), "{refused:?}");
    assert!(binary.supplementary_file().unwrap().ends_with("dwz/common.dwz"));
}

#[test]
fn another_supplementary_file_is_refused() {
    if !have(&["gcc", "objcopy", "dwz"]) {
        return;
    }
    let folder = Folder::new();
    shared(&folder, "common.dwz");
    // The last byte of its build ID.
    let mut bytes = fs::read(folder.path("common.dwz")).unwrap();
    let note = bytes.windows(4).position(|window| window == b"GNU\0").unwrap();
    bytes[note + 23] ^= 1;
    fs::write(folder.path("common.dwz"), bytes).unwrap();
    let (binary, refused) = folder.open("a", &[]);
    assert!(binary.has_debug_info() && binary.supplementary_file().is_none());
    assert!(only(&refused).1.ends_with("it is of another build"));
}
