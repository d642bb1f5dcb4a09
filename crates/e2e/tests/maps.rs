//! Elements of maps by their keys: found by the keys' hashes as in Go, or among all entries where that cannot be.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Debugger, Flavour, Program, Session, on_oldest_and_newest};

/// The program's maps, each with a list of its keys.
const MAPS: [&str; 43] = [
    "bools",
    "ints",
    "int8s",
    "uint16s",
    "int32s",
    "uint64s",
    "uintptrs",
    "named",
    "float32s",
    "float64s",
    "complex64s",
    "complexes",
    "strs",
    "pointers",
    "unsafes",
    "chans",
    "units",
    "plains",
    "twelves",
    "singles",
    "tails",
    "paddeds",
    "mixeds",
    "blanks",
    "nesteds",
    "pointeds",
    "noInts",
    "bytes3",
    "bytes200",
    "floats1",
    "floats4",
    "strs2",
    "strs20",
    "paddeds7",
    "plains5",
    "mixeds3",
    "blanks13",
    "anys",
    "stringers",
    "holders",
    "pairs",
    "reflected",
    "tombs",
];

const ABSENT: &str = "Command failed: key not found\n";

/// Goes on to the line with this mark.
fn go_on(session: &mut Session, program: &Program, mark: &str) {
    session.send(&format!("break {}", program.at(mark)));
    let reply = session.send("continue");
    assert!(reply.contains(&format!("main.go:{} ", program.line(mark))), "{reply}");
}

fn number(session: &mut Session, expression: &str) -> usize {
    let reply = session.send(&format!("print {expression}"));
    reply.trim_end().parse().unwrap_or_else(|_| panic!("{expression}: {reply}"))
}

/// Samples of a map's keys: the number in the list, and whether the key is still in the map.
fn samples(session: &mut Session, map: &str) -> Vec<(usize, bool)> {
    let len = number(session, &format!("len({map}Keys)"));
    let gone = len / 64;
    let mut samples: Vec<usize> = [0, 1, gone.saturating_sub(1), gone].into();
    samples.extend((0..12).map(|i| gone + i * (len - gone) / 12));
    samples.push(len - 1);
    samples.retain(|i| *i < len);
    samples.into_iter().map(|i| (i, i >= gone)).collect()
}

/// Looks samples of all keys up.
fn check_all(session: &mut Session) {
    for map in MAPS.iter().filter(|map| **map != "tombs") {
        let asserted = if *map == "reflected" { "reflected.(data)" } else { map };
        for (i, is_there) in samples(session, map) {
            let expected = if is_there { format!("{i}\n") } else { ABSENT.to_owned() };
            let reply = session.send(&format!("print {asserted}[{map}Keys[{i}]]"));
            assert_eq!(reply, expected, "{map}[{map}Keys[{i}]]");
        }
    }
    for (expression, value) in [
        ("ints[7000]", "1000\n"),
        ("ints[7001]", ABSENT),
        ("int8s[-128]", "128\n"),
        ("uint64s[1 << 50]", "1024\n"),
        ("named[1000]", "1000\n"),
        ("named[id(1000)]", "1000\n"),
        ("float32s[12.5]", "50\n"),
        ("complexes[1000]", "1000\n"),
        ("complexes[1001+1i]", "1001\n"),
        ("strs[\"kkkkkkkkkk310\"]", "310\n"),
        ("strs[\"kkkkkkkkkk311\"]", ABSENT),
        ("anys[120]", "120\n"),
        ("anys[110.0]", "110\n"),
        ("anys[\"k301\"]", "301\n"),
        ("tombs[5]", "-5\n"),
        ("tombs[6]", ABSENT),
        ("tombs[16799]", "99\n"),
    ] {
        assert_eq!(session.send(&format!("print {expression}")), value, "{expression}");
    }
}

fn check_churned(session: &mut Session) {
    let last = number(session, "lastChurned");
    for key in last - 799..=last {
        assert_eq!(session.send(&format!("print churned[{key}]")), format!("-{key}\n"));
    }
    assert_eq!(session.send(&format!("print churned[{}]", last - 800)), ABSENT);
}

on_oldest_and_newest! {
    fn elements_are_found_by_keys_of_every_kind(go) {
        let program = Program::build("maps", go);
        let mut session = Session::exec(&program);
        go_on(&mut session, &program, "filled");
        if go.minor() < 24 {
            assert!(number(&mut session, "growing") > 20);
            assert!(number(&mut session, "grew") == 1);
        }
        check_all(&mut session);
        check_churned(&mut session);
        for (expression, value) in [
            ("odd[0]", "\"zero\"\n"),
            ("odd[1]", "\"one\"\n"),
            ("odd[2]", ABSENT),
        ] {
            assert_eq!(session.send(&format!("print {expression}")), value, "{expression}");
        }

        // The maps say that they have one entry: looking at all entries ends with the first.
        go_on(&mut session, &program, "hidden");
        assert_eq!(number(&mut session, "len(ints)"), 1);
        check_all(&mut session);
        check_churned(&mut session);

        // Nor are hashes trusted while a goroutine writes.
        go_on(&mut session, &program, "written");
        for map in MAPS.iter().filter(|map| !matches!(**map, "tombs" | "bools" | "units" | "noInts" | "reflected")) {
            let found = samples(&mut session, map).into_iter().filter(|(i, is_there)| {
                *is_there && session.send(&format!("print {map}[{map}Keys[{i}]]")) != ABSENT
            });
            assert!(found.count() <= 3, "{map}");
        }
        session.quit();
    }

    fn without_aes_instructions_elements_are_found_as_well(go) {
        let program = Program::build("maps", go);
        let path = program.path().to_str().unwrap();
        let debugger =
            Debugger::new(["exec", "--allow-non-terminal-interactive", "--check-go-version=false", path]);
        let mut session = debugger.with_variable("GODEBUG", "cpu.aes=off").start();
        go_on(&mut session, &program, "hidden");
        check_all(&mut session);
        session.quit();
    }

    fn maps_of_optimised_programs_are_searched_likewise(go) {
        let program = Program::build_as("maps", go, Flavour::Optimised);
        let mut session = Session::exec(&program);
        go_on(&mut session, &program, "hidden");
        for map in ["ints", "strs", "mixeds", "anys"] {
            for (i, is_there) in samples(&mut session, map) {
                let expected = if is_there { format!("{i}\n") } else { ABSENT.to_owned() };
                assert_eq!(session.send(&format!("print {map}[{map}Keys[{i}]]")), expected, "{map} {i}");
            }
        }
        session.quit();
    }
}
