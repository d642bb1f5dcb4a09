//! Goroutines, the goroutine of a thread, deferred calls, panics and labels.

use std::collections::HashMap;

use adit_arch::Registers;
use adit_goruntime::{GPlace, Globals, Goroutine, Release, Status, TlsFacts, wait_reason};
use adit_process::{Addr, ThreadId};

use crate::program::{Program, each, number, section, skip, toolchains};

fn all(program: &Program) -> HashMap<i64, Goroutine> {
    let page = program.runtime.goroutines(&program.memory, 0, usize::MAX).unwrap();
    assert!(page.errors.is_empty() && page.next.is_none());
    page.goroutines.into_iter().map(|g| (g.id, g)).collect()
}

fn find(goroutines: &HashMap<i64, Goroutine>, id: &str) -> Goroutine {
    let found = goroutines.get(&number(id).cast_signed());
    found.unwrap_or_else(|| panic!("no goroutine {id} among {goroutines:?}")).clone()
}

#[test]
fn goroutines_are_as_the_program_says() {
    each(|program| {
        let goroutines = all(program);
        let release = program.runtime.layout.release;
        for fact in program.facts("go", ' ') {
            let goroutine = find(&goroutines, fact[0]);
            assert_eq!(goroutine.status, Status::WAITING);
            assert_eq!(wait_reason(release, goroutine.wait_reason), fact[1..].join(" "));
            assert!(program.modules.of_pc(goroutine.sched.pc).is_some());
            assert!(program.modules.of_pc(goroutine.go_pc).is_some());
            assert!(program.modules.of_pc(goroutine.start_pc).is_some());
            assert!((goroutine.stack.0..goroutine.stack.1).contains(&goroutine.sched.sp));
            assert_eq!(goroutine.thread, None);
            if release >= Release(21) {
                assert_eq!(goroutine.parent_id, Some(1));
            }
        }
        let main = program.facts("main", ' ').remove(0);
        // NumGoroutine leaves the runtime's own out; here they are the ones without a user's start function.
        assert!(goroutines.len() as u64 > number(main[3]));
        let main_goroutine = find(&goroutines, main[0]);
        assert_eq!(main_goroutine.thread, Some(ThreadId(number(main[1]).cast_signed())));
        assert!(main_goroutine.status.is_on_thread());
    });
}

#[test]
fn pages_add_up_to_the_whole() {
    each(|program| {
        let whole = program.runtime.goroutines(&program.memory, 0, usize::MAX).unwrap().goroutines;
        let (mut parts, mut next) = (Vec::new(), Some(0));
        while let Some(start) = next {
            let page = program.runtime.goroutines(&program.memory, start, 7).unwrap();
            assert!(page.goroutines.len() <= 7);
            parts.extend(page.goroutines);
            next = page.next;
        }
        let ids = |list: &[Goroutine]| list.iter().map(|g| g.id).collect::<Vec<_>>();
        assert_eq!(ids(&parts), ids(&whole));
        assert!(program.runtime.goroutine_count(&program.memory).unwrap() >= whole.len() as u64);
    });
}

#[test]
fn the_thread_of_main_runs_main() {
    each(|program| {
        let main = program.facts("main", ' ').remove(0);
        let place =
            GPlace::find("linux", &adit_arch::AMD64, program.runtime.layout.release, TlsFacts::default())
                .unwrap();
        let registers = Registers::new(&adit_arch::AMD64);
        let base = Addr(number(main[2]));
        let current = program.runtime.g_of_thread(&program.memory, place, base, &registers).unwrap().unwrap();
        let goroutine = program.runtime.goroutine(&program.memory, current.g).unwrap();
        assert_eq!((goroutine.id, current.goroutine), (1, Some(current.g)));
        assert!(!current.on_system_stack);
        assert_eq!(current.m, goroutine.m);

        // The m's g0 leads back to the goroutine.
        let mut g0 = [0; 8];
        adit_process::Memory::read(&program.memory, current.m, &mut g0).unwrap();
        let g0 = program.runtime.current_g(&program.memory, Addr(u64::from_le_bytes(g0))).unwrap();
        assert!(g0.on_system_stack);
        assert_eq!(g0.goroutine, Some(current.g));
    });
}

#[test]
fn tls_offsets_follow_the_binary() {
    let find = |goos, tlsg, segment| {
        let facts = TlsFacts { tlsg, tls_g: None, segment };
        GPlace::find(goos, &adit_arch::AMD64, Release(24), facts)
    };
    assert_eq!(find("linux", None, None), Some(GPlace::Tls(-8)));
    assert_eq!(find("linux", Some(0), Some((0x1000, 8, 8))), Some(GPlace::Tls(-8)));
    assert_eq!(find("freebsd", Some(16), Some((0x1000, 40, 32))), Some(GPlace::Tls(16 - 64)));
    assert_eq!(find("darwin", None, None), Some(GPlace::Tls(0x30)));
    assert_eq!(find("windows", None, None), None);
    assert_eq!(find("linux", Some(0), Some((0, u64::MAX, u64::MAX - 1))), Some(GPlace::Tls(1)));
}

#[test]
fn deferred_calls_and_panics_are_listed() {
    each(|program| {
        let goroutines = all(program);
        for fact in program.facts("defers", ' ').into_iter().chain(program.facts("rangedefers", ' ')) {
            let goroutine = find(&goroutines, fact[0]);
            let defers = program.runtime.defers(&program.memory, &goroutine).unwrap();
            // The bottom of a goroutine's stack may have open-coded ones that are not on the list.
            let code: Vec<u64> = defers.iter().map(|defer| defer.code.0).filter(|code| *code != 0).collect();
            assert_eq!(code, fact[1..].iter().map(|pc| number(pc)).collect::<Vec<_>>());
            assert!(defers.iter().all(|defer| (goroutine.stack.0..goroutine.stack.1).contains(&defer.sp)));
        }
        let fact = program.facts("panic", ' ').remove(0);
        let panics = program.runtime.panics(&program.memory, &find(&goroutines, fact[0])).unwrap();
        assert_eq!(panics.len(), 1);
        assert!(!panics[0].recovered && !panics[0].goexit);
        let value = program.runtime.interface(&program.memory, &program.modules, panics[0].arg, true);
        let value = value.unwrap().unwrap();
        assert_eq!((value.typ.name.as_deref(), program.hex(value.value, 4)), (Some(fact[1]), fact[2].into()));
    });
}

#[test]
fn labels_are_read() {
    each(|program| {
        let goroutines = all(program);
        for fact in program.facts("labels", ' ') {
            let labels = program.runtime.labels(&program.memory, &find(&goroutines, fact[0])).unwrap();
            let text: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            assert_eq!(text, fact[1..]);
        }
    });
}

#[test]
fn stripped_programs_keep_their_goroutines() {
    for go in toolchains() {
        let program = Program::start(&go, "-s -w");
        assert_eq!(program.runtime.globals, Globals::default());
        let Some((pclntab, _)) = section(&program.data, ".gopclntab") else {
            skip(&format!("{}: no .gopclntab section", go.display()));
            continue;
        };
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", program.pid)).unwrap();
        let writable: Vec<_> =
            maps.lines().filter(|line| line.contains(" rw-p ")).map(range).take(2).collect();
        let mut runtime = program.runtime.clone();
        runtime.globals = Globals::search(&program.memory, &runtime.layout, pclntab, &writable).unwrap();
        let found = runtime.goroutines(&program.memory, 0, usize::MAX).unwrap();
        let waiting = program.facts("go", ' ');
        for fact in &waiting {
            assert!(found.goroutines.iter().any(|g| g.id == number(fact[0]).cast_signed()));
        }
    }
}

fn range(line: &str) -> (Addr, Addr) {
    let (start, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
    let hex = |text| Addr(u64::from_str_radix(text, 16).unwrap());
    (hex(start), hex(end))
}

#[test]
fn reading_errors_stay_with_their_item() {
    each(|program| {
        let bad = Addr(8);
        assert!(program.runtime.goroutine(&program.memory, bad).is_err());
        let mut runtime = program.runtime.clone();
        // The text taken for the list of goroutines: its length is nonsense.
        runtime.globals.allgs = Some(program.modules.0[0].text.0);
        runtime.globals.allglen = None;
        let _ = runtime.goroutines(&program.memory, 0, 100);
        runtime.globals.allgs = None;
        let error = runtime.goroutines(&program.memory, 0, 100).unwrap_err();
        assert_eq!(error.to_string(), "could not find symbol value for runtime.allgs");
    });
}
