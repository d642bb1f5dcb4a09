//! Lists of goroutines.

use std::collections::BTreeMap;

use adit_engine::goroutine::Goroutine;

use crate::program::{DEBUG, Go, OPTIMISED, Session, names, text};

fn list(session: &Session) -> Vec<Goroutine> {
    let list = session.0.goroutines(0, usize::MAX).unwrap();
    assert!(list.unreadable.is_empty(), "{:?}", list.unreadable);
    list.goroutines
}

fn function(place: &adit_engine::goroutine::SourcePlace) -> &str {
    place.function.as_ref().map_or("", |(name, _)| name)
}

/// How many goroutines of the program itself are where.
fn counts(goroutines: &[Goroutine]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for goroutine in goroutines.iter().filter(|goroutine| !goroutine.system) {
        *counts.entry(function(&goroutine.user).to_owned()).or_default() += 1;
    }
    counts
}

/// The stack of one goroutine in each of these functions.
fn check_stacks(session: &Session, goroutines: &[Goroutine]) {
    for name in ["main.receiver", "main.sender", "main.selecter", "main.locker", "main.sleeper"] {
        let start = |goroutine: &&Goroutine| function(&goroutine.start) == name;
        let goroutine = goroutines.iter().find(start).unwrap_or_else(|| panic!("nothing began with {name}"));
        let frames = session.0.stack(goroutine.raw.id, 100).unwrap();
        assert_eq!(frames[0].function(), "runtime.gopark", "{}", text(&frames));
        assert!(names(&frames).contains(&name), "{}", text(&frames));
        let last = frames.last().unwrap();
        assert!(last.bottom && last.function() == "runtime.goexit", "{}", text(&frames));
        assert_eq!(function(&goroutine.go_statement), "main.main");
    }
}

#[test]
fn waiting_goroutines_are_listed_with_their_places() {
    for go in Go::all() {
        for flavour in [DEBUG, OPTIMISED, &["-buildmode=pie"]] {
            println!("Go 1.{} {flavour:?}", go.minor);
            let mut session = go.build("many", flavour).start(&["1000"]);
            session.run_to("main.ready");
            let goroutines = list(&session);
            let counts = counts(&goroutines);
            let expected = [("main.locker", "sync.(*Mutex).Lock"), ("main.sleeper", "time.Sleep")];
            for (own, library) in expected {
                let found = counts.get(own).or(counts.get(library));
                assert!(
                    found == Some(&200)
                        || counts.get("sync.runtime_SemacquireMutex") == Some(&200)
                        || counts.get("internal/sync.runtime_SemacquireMutex") == Some(&200),
                    "{counts:?}"
                );
            }
            for own in ["main.receiver", "main.sender", "main.selecter"] {
                assert_eq!(counts.get(own), Some(&200), "{counts:?}");
            }
            let main = goroutines.iter().find(|goroutine| goroutine.raw.id == 1).unwrap();
            assert_eq!((main.thread, function(&main.current)), (Some(session.thread()), "main.ready"));
            check_stacks(&session, &goroutines);
        }
    }
}

#[test]
fn stripped_programs_have_goroutines_all_the_same() {
    let flavours: [&[&str]; 3] = [&["-ldflags=-s -w"], &["-ldflags=-s -w", "-buildmode=pie"], DEBUG];
    for go in Go::all() {
        for flavour in flavours {
            println!("Go 1.{} {flavour:?}", go.minor);
            let built = go.build("many", flavour);
            if flavour == DEBUG {
                let stripped = std::process::Command::new("strip").arg(&built.path).status();
                if !stripped.is_ok_and(|status| status.success()) {
                    println!("SKIPPED: no strip");
                    continue;
                }
            }
            let mut session = built.start(&["100"]);
            assert_eq!(session.0.selection().goroutine, None);
            session.run_to("main.ready");
            assert_eq!(session.0.selection().goroutine, Some(1));
            let frames = session.stack();
            assert_eq!(names(&frames), ["main.ready", "main.main", "runtime.main", "runtime.goexit"]);
            let goroutines = list(&session);
            assert_eq!(goroutines.iter().filter(|goroutine| !goroutine.system).count(), 101);
            check_stacks(&session, &goroutines);
        }
    }
}

#[test]
fn stripped_programs_with_c_code_have_goroutines_all_the_same() {
    for go in Go::all() {
        if !crate::crossings::has_c_compiler() {
            return;
        }
        println!("Go 1.{}", go.minor);
        let mut session = go.build("calls_c", &["CGO_ENABLED=1", "-ldflags=-s -w"]).start(&[]);
        session.run_to("main.goCallback");
        assert_eq!(session.0.selection().goroutine, Some(1));
        assert!(names(&session.stack()).contains(&"main.main"), "{}", text(&session.stack()));
        assert!(list(&session).iter().any(|goroutine| function(&goroutine.start) == "main.pauses"));
    }
}

#[test]
fn deep_stacks_are_walked_to_their_end() {
    for go in Go::all() {
        let mut session = go.build("deep", DEBUG).start(&["100000"]);
        session.run_to("main.bottom");
        let frames = session.0.stack(-1, usize::MAX).unwrap();
        let last = frames.last().unwrap();
        assert_eq!((frames.len(), last.function(), last.bottom), (100_005, "runtime.goexit", true));
        // Cut off, the last one is not the bottom.
        let frames = session.0.stack(-1, 50).unwrap();
        assert!(frames.len() == 50 && !frames[49].bottom);
    }
}

#[test]
fn corrupt_stacks_end_with_an_error() {
    let Some(go) = Go::any() else { return };
    let mut session = go.build("deep", DEBUG).start(&["10"]);
    session.run_to("main.bottom");
    let frames = session.stack();
    let goexit = frames.len() - 1;
    // Return addresses that lead to no code, and to an endless loop of the same frame.
    for address in [8_u64, frames[3].pc.0] {
        let mut session = go.build("deep", DEBUG).start(&["10"]);
        session.run_to("main.bottom");
        let frames = session.stack();
        let slot = frames[5].cfa.offset(-8);
        let scope = session.0.scope(-1, 0).unwrap();
        session.0.set(&scope, &format!("*(*uintptr)({slot})"), &address.to_string()).unwrap();
        let corrupt = session.0.stack(-1, 1_000_000).unwrap();
        let last = corrupt.last().unwrap();
        assert!(corrupt.len() <= 2 * goexit, "{}", text(&corrupt));
        assert!(last.error.is_some() || last.function() == "runtime.goexit", "{}", text(&corrupt));
    }
}
