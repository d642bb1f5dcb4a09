//! Damaged debug information: an error for what is damaged, never a panic, a hang or a huge allocation.
//!
//! `ADIT_FUZZ_SECONDS` says how long to look for trouble (5 by default), `ADIT_FUZZ_SEED` with what to start.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use adit_arch::ByteOrder;
use adit_symbols::{Dwarf, FileAddr, LocationContext, SectionBytes, SectionLoader, Variable};
use object::{Object as _, ObjectSection as _};

use crate::c_programs::{SHAPES, build};
use crate::program::{Build, Program, c_program, contents, toolchains};

/// One case that takes longer than this hangs. (Unoptimised, on a busy machine.)
const HANG: Duration = Duration::from_secs(60);

/// What one process may have mapped in all, in KiB, with a binary of two or three MiB.
const MEMORY: u64 = 3 << 20;

const CHILD: &str = "ADIT_FUZZ_CHILD";

const SECTIONS: [&str; 19] = [
    ".debug_info",
    ".debug_abbrev",
    ".debug_line",
    ".debug_loc",
    ".debug_loclists",
    ".debug_ranges",
    ".debug_rnglists",
    ".debug_addr",
    ".debug_frame",
    ".eh_frame",
    ".eh_frame_hdr",
    ".debug_str",
    ".debug_line_str",
    ".debug_str_offsets",
    ".debug_types",
    ".debug_names",
    ".debug_cu_index",
    ".debug_tu_index",
    ".gnu_debugaltlink",
];

/// What the names of a supplementary file's, and of a package's sections have in front.
const SUPPLEMENTARY: &str = "supplementary:";
const PACKAGE: &str = "package:";

/// (name, address, contents).
type Sections = Vec<(String, u64, Vec<u8>)>;

/// xorshift64*: the same cases from the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn sections(file: &[u8], prefix: &str) -> Sections {
    let file = object::File::parse(file).unwrap();
    let found = SECTIONS.iter().flat_map(|name| {
        let split = format!("{name}.dwo");
        [(*name).to_owned(), split].into_iter().filter_map(|name| {
            let section = file.section_by_name(&name)?;
            Some((format!("{prefix}{name}"), section.address(), contents(&section)))
        })
    });
    found.collect()
}

fn loader(sections: &Arc<Sections>, prefix: &'static str) -> SectionLoader {
    let sections = Arc::clone(sections);
    Box::new(move |name: &str| {
        let wanted = format!("{prefix}{name}");
        let (_, address, data) = sections.iter().find(|section| section.0 == wanted)?;
        Some(SectionBytes { data: Box::new(data.clone()), address: *address })
    })
}

fn open(sections: Sections) -> Dwarf {
    let sections = Arc::new(sections);
    let (shared, package) = (Arc::clone(&sections), Arc::clone(&sections));
    Dwarf::open(loader(&sections, ""), ByteOrder::Little, 8)
        .with_supplementary(Box::new(move |_| Some(loader(&shared, SUPPLEMENTARY))))
        .with_package(Box::new(move || Some(loader(&package, PACKAGE))))
}

fn mutate(sections: &mut Sections, random: &mut Random) {
    for _ in 0..1 + random.below(6) {
        // Half of all damage where it does most: the first two are `.debug_info` and `.debug_abbrev`.
        let chosen = if random.below(2) == 0 { random.below(2) } else { random.below(sections.len()) };
        let data = &mut sections[chosen].2;
        if data.is_empty() {
            continue;
        }
        // The start of a section has headers that everything depends on.
        let end = if random.below(4) == 0 { data.len().min(256) } else { data.len() };
        let at = random.below(end);
        match random.below(8) {
            0 => data[at] ^= 1 << random.below(8),
            1 => data[at] = [0, 0x7f, 0x80, 0xff][random.below(4)],
            2 => data[at] = random.next() as u8,
            3 => {
                let bytes = random.next().to_le_bytes();
                let count = (1 + random.below(8)).min(data.len() - at);
                data[at..at + count].copy_from_slice(&bytes[..count]);
            }
            4 => {
                let count = (1 + random.below(64)).min(data.len() - at);
                data[at..at + count].fill(0xff);
            }
            5 => {
                let from = random.below(data.len());
                let count = (1 + random.below(64)).min(data.len() - at.max(from));
                data.copy_within(from..from + count, at);
            }
            6 if random.below(8) == 0 => data.truncate(at),
            _ => {
                let count = 4.min(data.len() - at);
                let value = (random.below(data.len()) as u32).to_le_bytes();
                data[at..at + count].copy_from_slice(&value[..count]);
            }
        }
    }
}

/// A frame in which everything can be read.
struct Frame;

impl LocationContext for Frame {
    fn register(&self, dwarf_number: u16) -> Option<u64> {
        Some(0x1000 + u64::from(dwarf_number))
    }
    fn cfa(&self) -> Option<u64> {
        Some(0xc000)
    }
    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        assert!(size <= 8);
        Some(addr ^ 0x5555)
    }
    fn relocate(&self, addr: FileAddr) -> u64 {
        addr.0
    }
}

/// Asks everything; how many answers there were.
fn exercise(dwarf: &Dwarf, pcs: &[FileAddr], random: &mut Random) -> usize {
    let mut answers = 0;
    let examine = |variables: &[Variable], frame_base: &[u8], pc: FileAddr| {
        for variable in variables.iter().take(20) {
            if let Some(expression) = variable.location_at(pc) {
                let _ = dwarf.evaluate(expression, frame_base, &Frame);
                let _ = dwarf.implicit_pointee(expression, frame_base, &Frame);
            }
            if let Some(id) = variable.type_id {
                let _ = dwarf.type_of(id).map(|found| format!("{found:?}"));
                let _ = dwarf.resolve(id);
                let _ = dwarf.type_of(dwarf.pointer_to(id));
            }
        }
    };
    for _ in 0..12 {
        let pc = pcs[random.below(pcs.len())];
        if let Ok(Some(function)) = dwarf.function_at(pc) {
            answers += 1;
            examine(&function.variables, &function.frame_base, pc);
            for block in &function.blocks {
                examine(&block.variables, &function.frame_base, pc);
            }
            for call in &function.inlined {
                examine(&call.variables, &function.frame_base, pc);
            }
            answers += dwarf.line_rows(function.low, function.high).map_or(0, |rows| rows.len().min(1));
        }
        answers += usize::from(matches!(dwarf.unwind_row(pc), Ok(Some(_))));
    }
    let _ = dwarf.line_rows(FileAddr(0), FileAddr(u64::MAX)).map(|rows| rows.len());
    for function in dwarf.foreign_functions().iter().take(20) {
        answers += usize::from(!dwarf.foreign_frames(function.entry).is_empty());
        if let Ok(Some(function)) = dwarf.function_at(function.entry) {
            for call in &function.call_sites {
                let _ = dwarf.call_site(call.return_pc);
                let _ = dwarf.entry_value(&[0x55], call.return_pc, &Frame);
            }
        }
    }
    for file in dwarf.source_files().iter().take(5) {
        let _ = dwarf.foreign_pcs_of_line(&file.path, 30);
    }
    for name in ["main", "shape", "clamp", "int"] {
        answers += dwarf.debug_names(name).len().min(1);
    }
    let _ = (dwarf.supplementary_link(), dwarf.split_links());
    answers += dwarf.packages().len().min(1);
    let names = dwarf.type_names().unwrap();
    for _ in 0..names.len().min(40) {
        let name = &names[random.below(names.len())];
        if let Ok(Some(found)) = dwarf.type_by_name(name) {
            answers += 1;
            let _ = dwarf.resolve(found.id);
            let _ = dwarf.constants_of_type(found.id);
            if let Some(offset) = found.runtime_type {
                let _ = dwarf.type_by_runtime_offset(offset);
            }
        }
    }
    for variable in dwarf.package_variables().unwrap().iter().take(40) {
        answers += usize::from(dwarf.evaluate(&variable.location, &[], &Frame).is_ok());
        let _ = dwarf.package_variable(&variable.name);
    }
    for name in ["main.green", "main.root", "", "runtime.allgs", "*main.node"] {
        let _ = dwarf.package_constant(name);
        let _ = dwarf.package_variable(name);
        let _ = dwarf.type_by_name(name);
    }
    for _ in 0..10 {
        let _ = dwarf.type_of(adit_symbols::TypeId(random.next() >> random.below(64)));
    }
    answers
}

/// What is damaged: sections, and addresses that are in functions.
fn originals() -> Vec<(Sections, Vec<FileAddr>)> {
    let mut programs: Vec<Program> = c_program("cgozoo", 5).into_iter().collect();
    programs.extend(c_program("cgozoo", 3));
    for go in toolchains().iter().take(2) {
        programs.push(Program::build(go, "tiny", Build::Debug));
        programs.push(Program::build(go, "tiny", Build::Optimized));
    }
    let mut originals: Vec<_> = programs
        .iter()
        .map(|program| {
            let functions = program.functions();
            let pcs = functions.iter().map(|(_, low, size)| FileAddr(low.0 + size / 2));
            (sections(&program.data, ""), pcs.collect())
        })
        .collect();
    originals.extend(c_originals());
    originals
}

/// The forms that only C compilers and tools for their output make.
fn c_originals() -> Vec<(Sections, Vec<FileAddr>)> {
    let forms: [(&[&str], &[&[&str]]); 4] = [
        (&["clang", "-g", "-gdwarf-5", "-O2", "-gpubnames", "-glldb"], &[]),
        (&["gcc", "-g", "-gdwarf-4", "-O2", "-fdebug-types-section"], &[]),
        (
            &["gcc", "-g", "-gdwarf-5", "-O2"],
            &[&["cp", "program", "twin"], &["dwz", "-m", "shared", "program", "twin"]],
        ),
        (
            &["clang", "-g", "-gdwarf-5", "-O2", "-gsplit-dwarf", "-fdebug-types-section"],
            &[&["llvm-dwp", "-o", "package", "main.c.dwo", "other.c.dwo"]],
        ),
    ];
    let mut originals = Vec::new();
    for (command, tools) in forms {
        let Some(mut program) = build(command, SHAPES, &[]) else { continue };
        if !tools.iter().all(|tool| program.transform(tool)) {
            continue;
        }
        let mut found = sections(&std::fs::read(&program.path).unwrap(), "");
        for (name, prefix) in [("shared", SUPPLEMENTARY), ("package", PACKAGE)] {
            if let Ok(data) = std::fs::read(program.folder.path().join(name)) {
                found.extend(sections(&data, prefix));
            }
        }
        let binary = program.binary();
        let functions = binary.dwarf().unwrap().foreign_functions();
        originals.push((found, functions.iter().map(|function| function.entry).collect()));
    }
    originals
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn random_damage() {
    if std::env::var_os(CHILD).is_some() {
        return damage_until_time_is_up();
    }
    // Limits on memory are a process's: the cases run in one of their own, this same test again.
    let status = Command::new("sh")
        .args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "damage::random_damage", "--nocapture"])
        .env(CHILD, "1")
        .status()
        .unwrap();
    assert!(status.success(), "run it again with ADIT_FUZZ_SEED set to the last seed above");
}

fn damage_until_time_is_up() {
    let originals = originals();
    if originals.is_empty() {
        return;
    }
    let end = Instant::now() + Duration::from_secs(number("ADIT_FUZZ_SECONDS", 5));
    let mut seed = number("ADIT_FUZZ_SEED", 1);
    let started = Arc::new(AtomicU64::new(0));
    watch(&started);
    let (mut cases, mut answers) = (0u64, 0);
    while Instant::now() < end || cases == 0 {
        println!("seed {seed}");
        let mut random = Random::new(seed);
        let (original, pcs) = &originals[random.below(originals.len())];
        let mut damaged = original.clone();
        mutate(&mut damaged, &mut random);
        started.fetch_add(1, Ordering::Relaxed);
        answers += exercise(&open(damaged), pcs, &mut random);
        cases += 1;
        seed += 1;
    }
    println!("{cases} damaged programs, {answers} answers");
    assert!(answers > 0, "damage left nothing at all");
}

/// Ends the process when a case does not end.
fn watch(started: &Arc<AtomicU64>) {
    let started = Arc::clone(started);
    std::thread::spawn(move || {
        let mut last = (0, Instant::now());
        loop {
            std::thread::park_timeout(Duration::from_secs(1));
            let now = started.load(Ordering::Relaxed);
            if now != last.0 {
                last = (now, Instant::now());
            } else if last.1.elapsed() > HANG {
                println!("the last seed takes longer than {HANG:?}");
                std::process::exit(1);
            }
        }
    });
}

#[test]
fn a_damaged_unit_leaves_the_others() {
    for go in toolchains().iter().take(1) {
        let program = Program::build(go, "tiny", Build::Debug);
        let mut sections = sections(&program.data, "");
        let position = |sections: &Sections, text: &[u8]| {
            let info = &sections.iter().find(|section| section.0 == ".debug_info").unwrap().2;
            info.windows(text.len()).position(|window| window == text).unwrap()
        };
        // The entry of main.walk starts before its name with an abbreviation that does not exist.
        let at = position(&sections, b"main.walk\0");
        let info = &mut sections.iter_mut().find(|section| section.0 == ".debug_info").unwrap().2;
        info[at - 1] = 0x7f;
        let dwarf = open(sections);
        let error = dwarf.function_at(program.symbol("main.walk")).unwrap_err().to_string();
        assert!(error.starts_with(".debug_info is damaged at offset 0x"), "{error}");
        assert!(dwarf.package_variable("main.root").is_err());
        let intact = dwarf.function_at(program.symbol("runtime.mallocgc")).unwrap().unwrap();
        assert_eq!(&*intact.name, "runtime.mallocgc");
        assert!(dwarf.type_by_name("main.node").unwrap().is_some(), "types are in the runtime's unit");
        assert!(dwarf.package_variable("runtime.allglen").unwrap().is_some());
    }
}

#[test]
fn nothing_at_all_is_no_error() {
    let dwarf = open(Vec::new());
    assert!(dwarf.function_at(FileAddr(0x1000)).unwrap().is_none());
    assert!(dwarf.type_by_name("int").unwrap().is_none());
    assert!(dwarf.package_variable("main.x").unwrap().is_none());
    assert!(dwarf.packages().is_empty() && dwarf.type_names().unwrap().is_empty());
    assert!(dwarf.line_rows(FileAddr(0), FileAddr(u64::MAX)).unwrap().is_empty());
    assert!(dwarf.unwind_row(FileAddr(0x1000)).unwrap().is_none());
    assert!(dwarf.type_of(adit_symbols::TypeId(u64::MAX)).is_err());
}
