//! `<directory>/ab/cdef….debug`.

use std::fs;
use std::os::unix::fs::symlink;

use crate::files::{Folder, answers, have, only};

#[test]
fn a_stripped_program_has_its_symbols_back() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "sha1", &[]);
    folder.split("p", "p.dbg");
    let (bare, refused) = folder.open("p", &["ids"]);
    assert!(bare.dwarf().is_ok_and(|dwarf| dwarf.type_by_name("struct point").unwrap().is_none()));
    assert!(bare.symbol("add").is_none() && !bare.has_debug_info() && refused.is_empty());

    let place = folder.file_by_id("p.dbg", "ids");
    let (binary, refused) = folder.open("p", &["nowhere", "ids"]);
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(binary.debug_file(), Some(&*place));
    answers(&binary);
    // Frame tables that the program itself has are used with debug information from elsewhere.
    let main = binary.symbol("main").unwrap();
    assert!(binary.dwarf().unwrap().unwind_row(main.addr).unwrap().is_some());
}

#[test]
fn the_directory_above_the_build_ids_does_as_well() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "0xabcdef", &[]);
    folder.split("p", "p.dbg");
    folder.file_by_id("p.dbg", "debug/.build-id");
    answers(&folder.open("p", &["debug"]).0);
}

#[test]
fn own_debug_information_comes_first() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "sha1", &[]);
    fs::copy(folder.path("p"), folder.path("copy")).unwrap();
    folder.split("copy", "p.dbg");
    folder.file_by_id("p.dbg", "ids");
    let (binary, _) = folder.open("p", &["ids"]);
    assert_eq!(binary.debug_file(), None);
    answers(&binary);
}

#[test]
fn another_build_is_refused() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "0x1111", &[]);
    folder.split("p", "p.dbg");
    folder.c_program("p", "0x2222", &[]);
    folder.split("p", "other.dbg");
    // The wrong file in the right place.
    fs::create_dir_all(folder.path("ids/22")).unwrap();
    fs::rename(folder.path("p.dbg"), folder.path("ids/22/22.debug")).unwrap();
    let (binary, refused) = folder.open("p", &["ids"]);
    assert!(!binary.has_debug_info());
    let (path, why) = only(&refused);
    assert_eq!(path, folder.path("ids/22/22.debug"));
    assert_eq!(why, "its build ID is 1111, not 2222: it is of another build");
    assert!(refused[0].to_string().contains("was not used as debug information of"));
    // The next directory may have the right one.
    folder.file_by_id("other.dbg", "right");
    let (binary, refused) = folder.open("p", &["ids", "right"]);
    answers(&binary);
    only(&refused);
}

#[test]
fn the_program_itself_and_parts_of_files_are_refused() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "0x1111", &[]);
    folder.split("p", "p.dbg");
    let debug = fs::read(folder.path("p.dbg")).unwrap();
    let place = folder.file_by_id("p.dbg", "ids");
    for cut in [0, 3, 40, 64, debug.len() / 3, debug.len() / 2, debug.len() - 1] {
        fs::write(&place, &debug[..cut]).unwrap();
        let (binary, refused) = folder.open("p", &["ids"]);
        assert!(!binary.has_debug_info(), "{cut}");
        only(&refused);
    }
    fs::remove_file(&place).unwrap();
    symlink(folder.path("p"), &place).unwrap();
    let (binary, refused) = folder.open("p", &["ids"]);
    assert_eq!(only(&refused).1, "it has no debug information, or is cut off");
    assert!(binary.symbol_at(binary.entry()).is_none());
    // A link to itself, and a folder.
    fs::remove_file(&place).unwrap();
    symlink(&place, &place).unwrap();
    assert!(folder.open("p", &["ids"]).1.is_empty());
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    assert!(only(&folder.open("p", &["ids"]).1).1.contains("not a regular file"));
    // The real one behind two symbolic links.
    fs::remove_dir(&place).unwrap();
    fs::write(folder.path("real"), &debug).unwrap();
    symlink(folder.path("real"), folder.path("second")).unwrap();
    symlink(folder.path("second"), &place).unwrap();
    answers(&folder.open("p", &["ids"]).0);
}

#[test]
fn absurd_build_ids_lead_nowhere() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    for (name, id) in [("one", "0xab".to_owned()), ("long", format!("0x{}", "ab".repeat(5000)))] {
        folder.c_program(name, &id, &[]);
        folder.split(name, "dbg");
        let (binary, refused) = folder.open(name, &["ids"]);
        assert!(!binary.has_debug_info() && refused.is_empty());
    }
    // A note that claims to be larger than the file.
    folder.c_program("p", "0x00112233445566778899", &[]);
    folder.run("objcopy", &["--strip-all", "p"]);
    let mut bytes = fs::read(folder.path("p")).unwrap();
    let at = bytes.windows(4).position(|window| window == [0x00, 0x11, 0x22, 0x33]).unwrap();
    bytes[at - 12..at - 8].copy_from_slice(&u32::MAX.to_le_bytes());
    fs::write(folder.path("p"), bytes).unwrap();
    let (binary, refused) = folder.open("p", &["ids"]);
    assert!(!binary.has_debug_info() && refused.is_empty() && binary.gnu_build_id().is_none());
}

#[test]
fn another_machine_is_refused() {
    if !have(&["gcc", "objcopy"]) {
        return;
    }
    let folder = Folder::new();
    folder.c_program("p", "0x1111", &[]);
    folder.split("p", "p.dbg");
    let place = folder.file_by_id("p.dbg", "ids");
    // e_machine: EM_AARCH64.
    let mut bytes = fs::read(&place).unwrap();
    bytes[18..20].copy_from_slice(&183_u16.to_le_bytes());
    fs::write(&place, bytes).unwrap();
    assert_eq!(only(&folder.open("p", &["ids"]).1).1, "it is for arm64, not amd64");
}
