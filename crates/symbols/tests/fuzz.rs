//! Damaged binaries: whatever is asked of them must end soon, without a panic and without much memory.
//!
//! Mutates small real programs with a seeded generator. `ADIT_FUZZ_SECONDS` says for how long (default 5), and
//! `ADIT_FUZZ_SEED` where to start: a failure prints the seed of its input.

#![allow(clippy::unwrap_used)] // In a test, a panic is the report.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use adit_symbols::{Binary, FileAddr, NameKind};

/// Counts what is allocated now, and the most that ever was.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[allow(unsafe_code)] // An allocator cannot be written without.
// SAFETY: every call is the system allocator's, with the arguments as they came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Where the interesting bytes of a program are: damage elsewhere (code) is never looked at.
fn targets(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let find = |needle: &[u8]| bytes.windows(needle.len()).position(|window| window == needle);
    let mut found = vec![0..4096, bytes.len() - 4096..bytes.len()];
    let magics =
        [[0xf1, 0xff, 0xff, 0xff, 0, 0], [0xf0, 0xff, 0xff, 0xff, 0, 0], [0xff, 0xff, 0xff, 0xf1, 0, 0]];
    for at in magics.iter().filter_map(|magic| find(magic)) {
        found.extend([at..bytes.len().min(at + 72), at..bytes.len().min(at + 400_000)]);
    }
    found.extend(find(b"\xff Go buildinf:").map(|at| at..bytes.len().min(at + 600)));
    // The section headers, whose offset is in the file header.
    if bytes.starts_with(b"\x7fELF") {
        let at = u64::from_le_bytes(bytes[0x28..0x30].try_into().unwrap()) as usize;
        found.extend((at < bytes.len()).then(|| at..bytes.len().min(at + 2048)));
    }
    found
}

fn mutate(bytes: &mut Vec<u8>, targets: &[std::ops::Range<usize>], random: &mut Random) {
    const SURPRISES: [u64; 8] = [0, 1, u64::MAX, u64::MAX >> 1, 0x8000_0000, 0xffff_fff0, 1 << 40, 0x7f];
    for _ in 0..=random.below(6) {
        let target = targets[random.below(targets.len())].clone();
        let at = target.start + random.below(target.len());
        match random.below(8) {
            0 => bytes.truncate(random.below(bytes.len())),
            1..4 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            4 | 5 => {
                let word = SURPRISES[random.below(8)].to_le_bytes();
                let (at, size) = (at & !7, [1, 2, 4, 8][random.below(4)]);
                if let Some(place) = bytes.get_mut(at..at + size) {
                    place.copy_from_slice(&word[..size]);
                }
            }
            6 => {
                let (from, size) = (random.below(bytes.len()), 1 + random.below(64));
                if from + size <= bytes.len() && at + size <= bytes.len() {
                    bytes.copy_within(from..from + size, at);
                }
            }
            _ if at < bytes.len() => bytes[at] = random.next() as u8,
            _ => {}
        }
        if bytes.is_empty() {
            return;
        }
    }
}

/// Asks everything, and follows the answers.
fn exercise(bytes: Vec<u8>, random: &mut Random) {
    let Ok(binary) = Binary::from_bytes(Path::new("fuzzed"), bytes) else { return };
    let (_, _, _, _) = (binary.is_go(), binary.go_version(), binary.build_id(), binary.gnu_build_id());
    let (_, _, _) = (binary.tls_segment(), binary.text_range(), binary.symbol("main.main"));
    let (_, _, _) = (binary.goos(), binary.uuid(), binary.relocated_words().len());
    for name in [".debug_info", ".debug_line", ".symtab", ".text"] {
        let _ = binary.section(name);
    }
    let mut buffer = [0; 64];
    for addr in [0, binary.entry().0, random.next(), u64::MAX] {
        binary.read(FileAddr(addr), &mut buffer);
        let _ = binary.symbol_at(FileAddr(addr));
        let _ = binary.source_frames(FileAddr(addr));
    }
    for kind in [NameKind::Function, NameKind::Type, NameKind::Variable, NameKind::Constant] {
        let _ = binary.names_with_base(kind, "main");
    }
    let Ok(table) = binary.pclntab() else { return };
    let _ = (table.by_name("main.main"), table.inlined_copies("main.main"));
    let files: Vec<&str> = table.files().collect();
    if !files.is_empty() {
        let file = files[random.below(files.len())];
        let _ = table.lines_of_file(file);
        let _ = table.pcs_for_line(file, 10);
    }
    for _ in 0..20 {
        let function = table.function(random.below(table.len()));
        let _ = (function.name(), function.func_id(), function.flags(), function.start_line());
        let _ = (function.args_size(), function.deferreturn(), function.end(), function.line_entries());
        for pc in [function.entry(), FileAddr(function.entry().0.wrapping_add(random.next() % 200))] {
            let _ = (function.file_line(pc), function.sp_delta(pc), function.unsafe_point(pc));
            let _ = (function.inlined(pc), table.find(pc), binary.source_frames(pc));
        }
    }
}

fn build(go: &Path, arguments: &[&str], goos: &str, goarch: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("main.go");
    std::fs::write(&main, "package main\n\nfunc main() { println(1) }\n").unwrap();
    let path = folder.path().join("program");
    let mut command = Command::new(go);
    command.env("GOTOOLCHAIN", "local").env("GOARCH", goarch).env("GOOS", goos).env("CGO_ENABLED", "0");
    command.env_remove("GOROOT").args(["build", "-o"]).arg(&path).args(arguments).arg(&main);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(&path).unwrap()
}

/// A universal binary with one program, for arm64.
fn fat(program: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [0xcafe_babe, 1, 0x0100_000c, 0, 0x4000, program.len() as u32, 14] {
        bytes.extend(u32::to_be_bytes(word));
    }
    bytes.resize(0x4000, 0);
    bytes.extend(program);
    bytes
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Notes that a test could not run, where the test run's summary finds it.
fn skip(reason: &str) {
    println!("SKIPPED: {reason}");
    if let Some(log) = std::env::var_os("ADIT_SKIP_LOG")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(log)
    {
        let _ = writeln!(file, "{reason}");
    }
}

#[test]
fn damaged_binaries() {
    let names = ["ADIT_GO_OLDEST", "ADIT_GO_NEWEST", "ADIT_GO"];
    let go = names.iter().find_map(std::env::var_os).unwrap_or_else(|| "go".into());
    if Command::new(&go).arg("version").output().is_err() {
        skip("no Go toolchain: set ADIT_GO or put go on PATH");
        return;
    }
    let go = Path::new(&go);
    let mut seeds = vec![
        build(go, &[], "linux", "amd64"),
        build(go, &["-ldflags=-s -w"], "linux", "amd64"),
        build(go, &["-buildmode=pie", "-ldflags=-s -w"], "linux", "amd64"),
        build(go, &["-ldflags=-s -w"], "linux", "s390x"),
        build(go, &["-ldflags=-w"], "windows", "amd64"),
        build(go, &["-ldflags=-s -w"], "windows", "386"),
        build(go, &["-ldflags=-w"], "darwin", "arm64"),
    ];
    // Without section headers, everything has to be searched for.
    let mut bare = seeds[1].clone();
    bare[0x28..0x30].fill(0);
    bare[0x3c..0x40].fill(0);
    seeds.push(bare);
    seeds.push(fat(&seeds[6]));
    for name in ["macho/chained.dylib", "macho/rebase.dylib", "pe/pe32.exe", "pe/pe64.exe", "fat/fat"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
        seeds.push(std::fs::read(folder.join(name)).unwrap());
    }
    let targets: Vec<_> = seeds.iter().map(|bytes| targets(bytes)).collect();
    let end = Instant::now() + Duration::from_secs(number("ADIT_FUZZ_SECONDS", 5));
    let mut seed = number("ADIT_FUZZ_SEED", 1);
    let mut inputs = 0;
    while Instant::now() < end {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let which = random.below(seeds.len());
        let mut bytes = seeds[which].clone();
        mutate(&mut bytes, &targets[which], &mut random);
        let size = bytes.len();
        let before = NOW.load(Ordering::Relaxed);
        MOST.store(before, Ordering::Relaxed);
        let start = Instant::now();
        let run = std::panic::catch_unwind(move || exercise(bytes, &mut random));
        assert!(run.is_ok(), "panic: ADIT_FUZZ_SEED={seed}");
        let took = start.elapsed();
        let grown = MOST.load(Ordering::Relaxed).saturating_sub(before);
        assert!(took < Duration::from_secs(5), "took {took:?}: ADIT_FUZZ_SEED={seed}");
        assert!(grown < 16 * size + (64 << 20), "{grown} bytes for {size}: ADIT_FUZZ_SEED={seed}");
        seed += 1;
        inputs += 1;
    }
    println!("{inputs} inputs, up to seed {}", seed - 1);
    assert!(inputs > 0);
}
