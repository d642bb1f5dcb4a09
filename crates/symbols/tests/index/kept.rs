//! Files of the cache that are contended, damaged or foreign.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Barrier;
use std::time::SystemTime;

use adit_symbols::{Cache, NameKind, Pattern};

use crate::program::{Program, answers, open};

#[test]
fn many_write_at_once() {
    let Some(program) = Program::build() else { return };
    let expected = answers(&program.open(None));
    let cache = program.cache();
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..3 {
                    assert_eq!(answers(&program.open(Some(&cache))), expected);
                }
            });
        }
    });
    let files = program.cached();
    assert_eq!(files.len(), 2, "nothing unfinished is left: {files:?}");
}

/// Fills the cache, changes a file of it, and checks that the answers do not change.
fn survives(program: &Program, what: &str, expected: &[Vec<String>], change: impl Fn(&mut Vec<u8>)) {
    let cache = program.cache();
    program.open(Some(&cache)).index_names();
    for file in program.cached() {
        let whole = fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        change(&mut bytes);
        fs::remove_file(&file).unwrap();
        fs::write(&file, &bytes).unwrap();
        assert_eq!(answers(&program.open(Some(&cache))), expected, "{what}, {}", file.display());
    }
}

#[test]
fn damage_anywhere_is_found() {
    let Some(program) = Program::build() else { return };
    let expected = answers(&program.open(None));
    for part in 0..24 {
        survives(&program, &format!("byte at {part}/24"), &expected, |bytes| {
            let at = bytes.len() * part / 24 + part;
            bytes[at] ^= 1 << (part % 8);
        });
    }
    survives(&program, "bytes all over", &expected, |bytes| {
        bytes.iter_mut().step_by(1000).for_each(|byte| *byte = byte.wrapping_add(1));
    });
}

#[test]
fn damaged_files_are_replaced() {
    let Some(program) = Program::build() else { return };
    let expected = answers(&program.open(None));
    let cache = program.cache();
    program.open(Some(&cache)).index_names();
    let whole: Vec<Vec<u8>> = program.cached().iter().map(|file| fs::read(file).unwrap()).collect();
    for file in program.cached() {
        let bytes = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes.iter().map(|byte| !byte).collect::<Vec<u8>>()).unwrap();
    }
    assert_eq!(answers(&program.open(Some(&cache))), expected);
    let again: Vec<Vec<u8>> = program.cached().iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(again == whole, "the same as before");
}

#[test]
fn what_is_cut_off_or_of_another_version_is_built_anew() {
    let Some(program) = Program::build() else { return };
    let expected = answers(&program.open(None));
    for part in 0..8 {
        survives(&program, &format!("cut at {part}/8"), &expected, |bytes| {
            bytes.truncate(bytes.len() * part / 8);
        });
    }
    survives(&program, "a byte too many", &expected, |bytes| bytes.push(0));
    survives(&program, "another version", &expected, |bytes| bytes[8] += 1);
    survives(&program, "another format", &expected, |bytes| bytes[0] = b'X');
}

/// Changes a program in place, so that ids, size and sections stay as they are.
fn rename(path: &Path, to: &Path, modified: Option<SystemTime>) {
    let mut bytes = fs::read(path).unwrap();
    let at: Vec<usize> = (0..bytes.len() - 11).filter(|at| &bytes[*at..at + 11] == b"main.worker").collect();
    assert!(!at.is_empty());
    for at in at {
        bytes[at + 6] = b'i';
    }
    fs::write(to, bytes).unwrap();
    if let Some(modified) = modified {
        File::options().append(true).open(to).unwrap().set_modified(modified).unwrap();
    }
}

#[test]
fn another_program_with_the_same_id_gets_its_own_answers() {
    let Some(program) = Program::build() else { return };
    let cache = program.cache();
    let worker = Pattern::new("^main\\.w[oi]rker$").unwrap();
    let find = |path: &Path| {
        let binary = open(path, Some(&cache));
        binary.index_names();
        binary.names_matching(NameKind::Function, &worker).unwrap()
    };
    let other = program.folder.path().join("other");
    rename(&program.path, &other, None);
    for _ in 0..2 {
        assert_eq!(find(&program.path), ["main.worker"]);
        assert_eq!(find(&other), ["main.wirker"]);
    }
    assert_eq!(program.cached().len(), 2, "ids, sizes and sections are the same");
}

#[test]
fn a_program_without_a_telling_id_is_told_by_its_contents() {
    let Some(program) = Program::build() else { return };
    // As some build systems have it: every program has the same id, and was written at the same time.
    let mut bytes = fs::read(&program.path).unwrap();
    let binary = program.open(None);
    let id = binary.build_id().unwrap();
    let at = bytes.windows(id.len()).position(|window| window == id.as_bytes()).unwrap();
    bytes[at..at + id.len()].fill(b'x');
    let plain = program.folder.path().join("plain");
    fs::write(&plain, bytes).unwrap();
    let time = SystemTime::UNIX_EPOCH;
    File::options().append(true).open(&plain).unwrap().set_modified(time).unwrap();
    let other = program.folder.path().join("other");
    rename(&plain, &other, Some(time));
    let cache = program.cache();
    let worker = Pattern::new("^main\\.w[oi]rker$").unwrap();
    for (path, name) in [(&plain, "main.worker"), (&other, "main.wirker"), (&plain, "main.worker")] {
        let binary = open(path, Some(&cache));
        assert_eq!(binary.names_matching(NameKind::Function, &worker).unwrap(), [name]);
    }
}

#[test]
fn a_touched_copy_uses_the_same_index() {
    let Some(program) = Program::build() else { return };
    let cache = program.cache();
    program.open(Some(&cache)).index_names();
    let before: Vec<Vec<u8>> = program.cached().iter().map(|file| fs::read(file).unwrap()).collect();
    let copy = program.folder.path().join("copy");
    fs::copy(&program.path, &copy).unwrap();
    File::options().append(true).open(&copy).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    open(&copy, Some(&cache)).index_names();
    let after: Vec<Vec<u8>> = program.cached().iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(before == after, "not built anew");
}

#[test]
fn without_room_or_folder_every_index_is_built() {
    let Some(program) = Program::build() else { return };
    let expected = answers(&program.open(None));
    let full = Cache::new(program.cache_folder(), 1);
    assert_eq!(answers(&program.open(Some(&full))), expected);
    assert!(program.cached().is_empty());
    let file = program.folder.path().join("go.mod");
    assert_eq!(answers(&program.open(Some(&Cache::new(file.join("cache"), 1 << 30)))), expected);
}

#[test]
fn parts_of_any_bytes_have_answers() {
    let mut state = 1u64;
    let mut random = || {
        // xorshift64*
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    for _ in 0..2000 {
        let size = random() % 2000;
        let small = random() % 3 == 0;
        let payload: Vec<u8> =
            (0..size).map(|_| (random() >> 32) as u8 & if small { 3 } else { 255 }).collect();
        let split: Vec<u16> =
            (0..36).map(|at| if at % 2 == 0 { random() as u16 % 1000 } else { 2000 }).collect();
        adit_symbols::ask_all_of_payload(&payload, &split, "main");
        adit_symbols::ask_all_of_file(&payload, "main");
    }
}
