//! Stacks that go from Go to C and back, and through signal handlers.

use adit_engine::unwind::Frame;

use crate::program::{DEBUG, Go, OPTIMISED, names, text};

/// The functions of the program itself, of Go and C.
fn own(frames: &[Frame]) -> Vec<String> {
    let is_own =
        |name: &&str| name.starts_with("main.") && !name.contains("_Cfunc_") || name.starts_with("C.c_");
    let without_suffix =
        |name: &str| name.split(".isra").next().unwrap().split(".part").next().unwrap().to_owned();
    names(frames)
        .into_iter()
        .filter(is_own)
        .map(without_suffix)
        .filter(|name| !name.contains(".func"))
        .collect()
}

pub(crate) fn has_c_compiler() -> bool {
    let found = std::process::Command::new("cc").arg("--version").output().is_ok();
    if !found {
        println!("SKIPPED: no C compiler");
    }
    found
}

#[test]
fn c_calls_go_calls_c() {
    let flavours: [&[&str]; 3] =
        [&["CGO_ENABLED=1", DEBUG[0]], &["CGO_ENABLED=1"], &["CGO_ENABLED=1", "-buildmode=pie", DEBUG[0]]];
    for go in Go::all().into_iter().filter(|_| has_c_compiler()) {
        for flavour in flavours {
            println!("Go 1.{} {flavour:?}", go.minor);
            let mut session = go.build("calls_c", flavour).start(&[]);
            session.run_to("main.innermost");
            let frames = session.stack();
            assert_eq!(
                own(&frames),
                [
                    "main.innermost",
                    "main.goCallback",
                    "C.c_inner",
                    "C.c_outer",
                    "main.deeper",
                    "main.goCallback",
                    "C.c_inner",
                    "C.c_outer",
                    "main.main"
                ],
                "{}",
                text(&frames)
            );
            assert!(frames.iter().all(|frame| frame.error.is_none()), "{}", text(&frames));
            assert_eq!(frames.last().unwrap().function(), "runtime.goexit", "{}", text(&frames));
            // A thread that C made.
            session.go();
            while own(&session.stack()).len() < 9 {
                session.go();
            }
            let frames = session.stack();
            assert!(frames.iter().any(|frame| frame.function() == "crosscall2"), "{}", text(&frames));
            assert_eq!(own(&frames).last().unwrap(), "C.c_calls_go", "{}", text(&frames));
        }
    }
}

#[test]
fn threads_in_c_libraries_are_followed_to_their_callers() {
    for go in Go::all().into_iter().filter(|_| has_c_compiler()) {
        println!("Go 1.{}", go.minor);
        let mut session = go.build("calls_c", &["CGO_ENABLED=1", DEBUG[0]]).start(&[]);
        session.run_to("main.innermost");
        let threads = session.0.target().threads();
        let stacks: Vec<_> = threads.iter().map(|thread| session.0.stack_of(*thread, 100).unwrap()).collect();
        let all: String = stacks.iter().map(|frames| text(frames) + "\n").collect();
        assert!(stacks.iter().any(|frames| own(frames) == ["C.c_waits"]), "{all}");
        assert!(stacks.iter().any(|frames| own(frames) == ["C.c_pauses", "main.pauses"]), "{all}");
    }
}

#[test]
fn faults_and_signals_are_followed_to_the_interrupted_code() {
    for go in Go::all() {
        for flavour in [DEBUG, OPTIMISED] {
            println!("Go 1.{} {flavour:?}", go.minor);
            let built = go.build("signals", flavour);
            let mut session = built.start(&[]);
            session.break_at("runtime.sighandler");
            session.break_at("main.recovered");
            session.break_at("main.spin");
            let mut interrupted = Vec::new();
            loop {
                session.go();
                let frames = session.stack();
                let (first, last) = (frames[0].function(), frames.last().unwrap());
                assert!(frames.iter().all(|frame| frame.error.is_none()), "{}", text(&frames));
                match first {
                    "main.spin" => break,
                    "main.recovered" => {
                        let own = own(&frames);
                        assert_eq!(
                            [own[0].as_str(), own[own.len() - 3].as_str(), own[own.len() - 2].as_str()],
                            ["main.recovered", "main.follow", "main.faulting"],
                            "{}",
                            text(&frames)
                        );
                        let faulting = frames.iter().find(|frame| frame.function() == "main.follow").unwrap();
                        assert_eq!(faulting.source.as_ref().unwrap().line, built.line("fault"));
                    }
                    "runtime.sighandler" => {
                        assert!(last.bottom, "{}", text(&frames));
                        interrupted.push(own(&frames));
                    }
                    other => panic!("{other}:\n{}", text(&frames)),
                }
            }
            let fault: &[String] = &["main.follow".into(), "main.faulting".into(), "main.main".into()];
            assert!(interrupted.iter().any(|own| own == fault), "{interrupted:?}");
        }
    }
}

#[test]
fn goroutines_preempted_by_a_signal_are_followed_to_the_interrupted_code() {
    for go in Go::all() {
        for flavour in [DEBUG, OPTIMISED] {
            println!("Go 1.{} {flavour:?}", go.minor);
            let mut session = go.build("signals", flavour).start_with(&[], &[("GOMAXPROCS", "1")]);
            session.run_to("main.spin");
            session.run_to("runtime.asyncPreempt2");
            for _ in 0..3 {
                let frames = session.stack();
                let functions = names(&frames);
                assert_eq!(
                    functions[..2],
                    ["runtime.asyncPreempt2", "runtime.asyncPreempt"],
                    "{}",
                    text(&frames)
                );
                assert!(["main.spin", "main.main"].contains(&functions[2]), "{}", text(&frames));
                assert_eq!(functions.last(), Some(&"runtime.goexit"), "{}", text(&frames));
                session.go();
            }
            // The one that does not run was preempted likewise.
            let list = session.0.goroutines(0, usize::MAX).unwrap().goroutines;
            let user = |goroutine: &adit_engine::goroutine::Goroutine| {
                goroutine.user.function.as_ref().map(|(name, _)| name.clone()).unwrap_or_default()
            };
            let own: Vec<String> =
                list.iter().map(user).filter(|name| name == "main.spin" || name == "main.main").collect();
            assert_eq!(own.len(), 2, "{list:#?}");
        }
    }
}
