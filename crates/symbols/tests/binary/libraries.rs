//! Small programs and libraries of C, as other linkers make them.

use std::path::{Path, PathBuf};

use adit_symbols::{Binary, FileAddr, FileFormat};

fn seed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name)
}

fn number(binary: &Binary, addr: u64, size: usize) -> u64 {
    let mut bytes = vec![0; size];
    assert!(binary.read(FileAddr(addr), &mut bytes), "{addr:#x}");
    binary.arch().byte_order.uint(&bytes)
}

fn pointer(binary: &Binary, addr: u64) -> u64 {
    number(binary, addr, usize::from(binary.arch().pointer_size))
}

/// `struct pair { long n; const long *a, *b; } pair = { 1, &seven, &eight };`
fn check_pair(binary: &Binary) {
    let pair = binary.symbol("pair").unwrap().addr.0;
    let size = u64::from(binary.arch().pointer_size);
    assert_eq!(number(binary, pair, 4), 1);
    assert_eq!(number(binary, pointer(binary, pair + size), 4), 7);
    assert_eq!(number(binary, pointer(binary, pair + 2 * size), 4), 8);
    // What is read from the middle of a pointer is that part of it.
    let mut bytes = [0; 4];
    assert!(binary.read(FileAddr(pair + size + 2), &mut bytes));
    let whole = binary.arch().byte_order.bytes(pointer(binary, pair + size), size as usize);
    assert_eq!(bytes[..2], whole[2..4]);
    assert!(!binary.is_go());
}

/// With chained fixups, pointers are in the file with the distance to the next; with the older commands, as they are.
#[test]
fn pointers_of_mach_o() {
    for (name, arch, chained) in [("chained.dylib", "arm64", true), ("rebase.dylib", "amd64", false)] {
        let binary = Binary::open(&seed("macho").join(name)).unwrap();
        assert_eq!((binary.format(), binary.arch().name, binary.goos()), (FileFormat::MachO, arch, "darwin"));
        assert_eq!(binary.relocated_words().is_empty(), !chained, "{name}");
        assert_eq!(binary.uuid().unwrap().len(), 32);
        assert!(binary.is_pie());
        let tls = binary.tls_segment().unwrap();
        assert_eq!(number(&binary, tls.addr.0, 8), 5);
        assert_eq!(tls.memsz, 8);
        assert!(binary.symbol("work").unwrap().is_function);
        check_pair(&binary);
    }
}

#[test]
fn programs_of_windows() {
    for (name, arch) in [("pe64.exe", "amd64"), ("pe32.exe", "386")] {
        let binary = Binary::open(&seed("pe").join(name)).unwrap();
        assert_eq!((binary.format(), binary.arch().name, binary.goos()), (FileFormat::Pe, arch, "windows"));
        assert!(binary.is_pie());
        let start = binary.symbol_at(binary.entry()).unwrap();
        assert!(start.is_function && start.name.ends_with("start"), "{start:?}");
        assert!(binary.section(".debug_info").is_some());
        if arch == "amd64" {
            check_pair(&binary);
            assert!(binary.dwarf().unwrap().package_variable("pair").unwrap().is_some());
        }
    }
}

#[test]
fn universal_binaries() {
    let path = seed("fat").join("fat");
    let slices = Binary::slices(&path).unwrap();
    let names: Vec<&str> = slices.iter().map(|slice| slice.arch.unwrap().name).collect();
    assert_eq!(names, ["arm64", "amd64"]);
    for name in names {
        let binary = Binary::open_slice(&path, name).unwrap();
        assert_eq!(binary.arch().name, name);
        check_pair(&binary);
    }
    // None is Go's: the first.
    assert_eq!(Binary::open(&path).unwrap().arch().name, "arm64");
    let error = Binary::open_slice(&path, "386").unwrap_err().to_string();
    assert_eq!(
        error,
        "the universal binary has no program for the architecture asked for, only for: arm64, amd64"
    );
    let thin = seed("macho").join("rebase.dylib");
    assert!(Binary::slices(&thin).unwrap().is_empty());
    assert_eq!(Binary::open_slice(&thin, "arm64").unwrap().arch().name, "amd64");
}
