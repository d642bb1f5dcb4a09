//! Programs that are looked at without being run.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

use adit_e2e::{Debugger, Flavour, Go, Program, Session, on_oldest_and_newest, skip};

/// What needs a process.
const REFUSED: [&str; 22] = [
    "continue",
    "next",
    "step",
    "stepout",
    "step-instruction",
    "restart",
    "rebuild",
    "call add(1, 2)",
    "goroutines",
    "goroutine 1",
    "threads",
    "thread 1",
    "stack",
    "frame 0",
    "locals",
    "args",
    "regs",
    "break main.main",
    "trace main.add",
    "watch -w counter",
    "set counter = 3",
    "list",
];

fn check_values(session: &mut Session) {
    for (expression, value) in [
        ("counter", "17"),
        ("main.counter + 1", "18"),
        ("greeting", "\"hello, world\""),
        ("greeting[7:]", "\"world\""),
        ("primes", "[]int len: 4, cap: 4, [2,3,5,7]"),
        ("table", "map[string]int nil"),
        ("len(table)", "0"),
        ("zeroes", "[4]int [0,0,0,0]"),
        ("held.(*getter).n", "7"),
        ("anything", "interface {} nil"),
        ("mixed.in", "main.inner {a: 1, b: 2}"),
        ("*pointer", "17"),
        ("pointer == &counter", "true"),
        ("function", "main.add"),
        ("ratio * 2", "5"),
        ("limit", "42"),
        ("paint", "green (1)"),
        ("*(*int)(&counter)", "17"),
        ("nothing", "Command failed: could not find symbol value for nothing"),
    ] {
        assert_eq!(session.send(&format!("print {expression}")), format!("{value}\n"), "{expression}");
    }
    let vars = session.send("vars ^main\\.(counter|greeting|table)$");
    assert_eq!(
        vars,
        "main.counter = 17\nmain.greeting = \"hello, world\"\nmain.table = map[string]int nil\n"
    );
    assert_eq!(session.send("whatis held"), "interface { Get() int }\nConcrete type: *main.getter\n");
    let address = session.send("print &counter");
    let address = address.trim_end().strip_prefix("(*int)(").unwrap().trim_end_matches(')').to_owned();
    assert!(session.send(&format!("examinemem {address}")).contains(&address));
    assert_eq!(session.send(&format!("print *(*int)({address})")), "17\n");
}

fn check_tables(session: &mut Session, program: &Program) {
    assert_eq!(session.send("funcs ^main\\.(add|main)$"), "main.add\nmain.main\n");
    assert!(session.send("types ^main\\.").contains("main.Mixed\n"));
    assert!(session.send("sources still").ends_with("/still/main.go\n"));
    assert!(session.send("packages ^runtime$").contains("runtime\n"));
    let line = program.line("sum");
    let listing = session.send(&format!("list main.go:{line}"));
    assert!(listing.starts_with("Showing ") && listing.contains("sum := a + b // stop: sum"), "{listing}");
    assert!(session.send("list main.nothing").contains("location \"main.nothing\" not found"));
}

fn numbers(session: &mut Session, name: &str) -> Vec<u64> {
    let text = session.send(&format!("print {name}"));
    let list = text.rsplit_once('[').unwrap().1.trim_end().trim_end_matches(']');
    list.split(',').map(|number| number.parse().unwrap()).collect()
}

/// The layout of a struct is what the compiler says of it.
fn check_layout(session: &mut Session) {
    let (sizes, offsets, aligns) =
        (numbers(session, "sizes"), numbers(session, "offsets"), numbers(session, "aligns"));
    let layout = session.send("layout Mixed");
    let head = format!("main.Mixed: {} bytes, alignment {}, ", sizes[0], sizes[1]);
    assert!(layout.starts_with(&head), "{head} is wanted:\n{layout}");
    let rows: Vec<Vec<u64>> = layout
        .lines()
        .skip(2)
        .filter(|row| !row.contains("(padding)"))
        .map(|row| row.split_whitespace().take(3).map(|number| number.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), offsets, "{layout}");
    assert_eq!(rows.iter().map(|row| row[2]).collect::<Vec<_>>(), aligns, "{layout}");
    let covered: u64 = layout
        .lines()
        .skip(2)
        .map(|row| row.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(covered, sizes[0], "fields and padding are the whole:\n{layout}");
    let nested = session.send("layout -r mixed");
    assert!(nested.contains("    a uint8\n") && nested.contains("[each] main.inner\n"), "{nested}");
    assert_eq!(session.send("layout -d 0 mixed"), layout);
    assert_eq!(session.send("layout &mixed"), layout);
}

fn check_refusals(session: &mut Session, reason: &str) {
    for command in REFUSED {
        let reply = session.send(command);
        assert_eq!(reply, format!("Command failed: there is no process: {reason}\n"), "{command}");
    }
    // The session goes on.
    assert_eq!(session.send("print counter"), "17\n");
    assert_eq!(session.send("breakpoints"), "");
}

fn check_foreign(platform: &str) {
    let Some(go) = Go::any() else { return };
    let program = Program::build_for("still", &go, platform);
    let path = program.path().to_str().unwrap();
    let line = ["exec", "--allow-non-terminal-interactive", path];
    let mut session = Debugger::new(line).in_directory(program.source()).start();
    let reason =
        format!("his is a {platform} program; it is opened for looking and can not be run on linux/amd64");
    let greeting = session.transcript();
    assert!(greeting.starts_with(&format!("T{reason}\n")), "{greeting}");
    check_values(&mut session);
    check_tables(&mut session, &program);
    check_layout(&mut session);
    check_headers(&mut session, platform);
    check_refusals(&mut session, &format!("t{reason}"));
    session.quit();
}

fn check_headers(session: &mut Session, platform: &str) {
    let headers = session.send("headers");
    let (format, text, library) = match platform.split_once('/').unwrap().0 {
        "windows" => ("PE", ".text", "kernel32.dll"),
        "darwin" => ("Mach-O", "__text", "/usr/lib/libSystem.B.dylib"),
        _ => ("ELF", ".text", ""),
    };
    let first = headers.lines().next().unwrap();
    assert!(first.contains(&format!(": {format}, {platform}, ")), "{headers}");
    assert_eq!(first.contains("big-endian"), platform.ends_with("/s390x"), "{headers}");
    assert_eq!(first.contains("32-bit"), platform.ends_with("/386"), "{headers}");
    assert!(
        headers.lines().any(|row| row.starts_with(' ') && row.ends_with(&format!(" {text}"))),
        "{headers}"
    );
    let libraries = session.send("libraries");
    assert!(
        if library.is_empty() { libraries.is_empty() } else { libraries.contains(library) },
        "{libraries}"
    );
    assert!(headers.contains(library), "{headers}");
}

#[test]
fn a_program_of_another_processor() {
    check_foreign("linux/arm64");
}

#[test]
fn a_program_of_a_big_endian_processor() {
    check_foreign("linux/s390x");
}

#[test]
fn a_program_of_a_32_bit_processor() {
    check_foreign("linux/386");
}

#[test]
fn a_program_of_windows() {
    check_foreign("windows/amd64");
}

#[test]
fn a_program_of_macos() {
    check_foreign("darwin/arm64");
}

const INSPECTED: &str = "the program is opened for looking and does not run; 'adit exec' runs it";

on_oldest_and_newest! {
    fn a_program_that_could_run_is_looked_at(go) {
        let program = Program::build("still", go);
        let mut session = Session::inspect(&program);
        check_values(&mut session);
        check_tables(&mut session, &program);
        check_layout(&mut session);
        check_refusals(&mut session, INSPECTED);
        session.quit();
    }

    fn pointers_of_a_position_independent_program_lead_somewhere(go) {
        let program = Program::build_as("still", go, Flavour::Pie);
        let mut session = Session::inspect(&program);
        check_values(&mut session);
        check_refusals(&mut session, INSPECTED);
        session.quit();
    }

    fn layouts_are_shown_while_the_program_runs(go) {
        let program = Program::build("still", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("sizes")));
        session.send("continue");
        check_layout(&mut session);
        let mutex = session.send("layout runtime.mutex");
        assert!(mutex.starts_with("runtime.mutex: "), "{mutex}");
        assert_eq!(session.send("layout"), "Command failed: not enough arguments\n");
        session.quit();
    }
}

#[test]
fn a_shared_library_is_looked_at() {
    let Some(go) = Go::any() else { return };
    if Command::new("cc").arg("--version").output().is_err() {
        skip("no C compiler: Go cannot build a shared library");
        return;
    }
    let arguments = ["-buildmode=c-shared", "-gcflags=-N -l"];
    let program = Program::build_custom("still", &go, "c-shared", &arguments, &[("CGO_ENABLED", "1")]);
    let mut session = Session::inspect(&program);
    check_values(&mut session);
    session.quit();
}

#[test]
fn a_stripped_program_has_functions_lines_and_code() {
    let Some(go) = Go::any() else { return };
    let program = Program::build_as("still", &go, Flavour::Stripped);
    let mut session = Session::inspect(&program);
    check_tables_of_stripped(&mut session, &program);
    assert_eq!(session.send("continue"), format!("Command failed: there is no process: {INSPECTED}\n"));
    session.quit();
}

fn check_tables_of_stripped(session: &mut Session, program: &Program) {
    assert_eq!(session.send("funcs ^main\\.(add|main)$"), "main.add\nmain.main\n");
    let listing = session.send(&format!("list main.go:{}", program.line("sum")));
    assert!(listing.contains("sum := a + b // stop: sum"), "{listing}");
    let code = session.send("disassemble -l main.main");
    assert!(code.starts_with("TEXT main.main(SB) ") && code.contains("main.add"), "{code}");
}

#[test]
fn a_program_that_was_cut_off_says_so() {
    let Some(go) = Go::any() else { return };
    let whole = Program::build("still", &go);
    let bytes = std::fs::read(whole.path()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for part in [2, 3, 5] {
        let path = folder.path().join("cut");
        std::fs::write(&path, &bytes[..bytes.len() / part]).unwrap();
        let mut session = Debugger::new(["inspect", path.to_str().unwrap()]).start();
        for command in
            ["print counter", "funcs main", "vars main", "list main.main", "layout Mixed", "buildinfo"]
        {
            session.send(command);
        }
        if part == 5 {
            let said = session.transcript();
            assert!(said.contains("; its file is incomplete: it has "), "{said}");
        }
        session.quit();
    }
}

#[test]
fn code_is_shown_with_its_source() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("still", &go);
    let mut session = Session::inspect(&program);
    for flavour in ["intel", "gnu", "go"] {
        session.send(&format!("config disassemble-flavor {flavour}"));
        let code = session.send("disassemble -s -l main.add");
        let line = program.line("sum");
        let source = format!("/main.go:{line}: sum := a + b // stop: sum\n\tmain.go:{line}\t0x");
        assert!(code.contains(&source), "{code}");
    }
    let plain = session.send("disassemble -l main.main");
    assert!(
        plain.lines().any(|row| row.to_lowercase().contains("call") && row.contains("main.add")),
        "{plain}"
    );
    let addresses: Vec<&str> = plain.lines().filter_map(|row| row.split('\t').nth(2)).collect();
    let range = session.send(&format!("disassemble -a {} {}", addresses[1], addresses[3]));
    assert_eq!(range.lines().count(), 2, "{range}");
    session.quit();
}

#[test]
fn looking_takes_commands_from_files_and_pipes_and_refuses_what_is_no_program() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("still", &go);
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    std::fs::write(&script, "print counter\ncontinue\nprint greeting\n").unwrap();
    let (path, script) = (program.path().to_str().unwrap(), script.to_str().unwrap());
    let run = Debugger::new(["inspect", "--init", script, path]).run();
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("17\n") && run.stdout.contains("\"hello, world\"\n"), "{run:?}");
    assert!(run.stdout.contains("script:2: there is no process: "), "{run:?}");
    let text = program.source().join("main.go");
    let run = Debugger::new(["inspect", text.to_str().unwrap()]).run();
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.ends_with("not an executable file: it is text\n"), "{run:?}");
    let run = Debugger::new(["inspect", "/nonexistent"]).run();
    assert_eq!((run.status, &*run.stderr), (1, "open /nonexistent: no such file or directory\n"));
    // A program without the permission to be executed.
    let copy = folder.path().join("copy");
    std::fs::write(&copy, std::fs::read(program.path()).unwrap()).unwrap();
    let run = Debugger::new(["exec", "--allow-non-terminal-interactive", copy.to_str().unwrap()]).run();
    assert!(
        run.stdout.contains("/copy is not executable; it is opened for looking and can not be run\n"),
        "{run:?}"
    );
}

#[test]
fn build_information_is_what_the_go_command_says() {
    let Some(go) = Go::any() else { return };
    for program in [Program::build("still", &go), Program::build_for("still", &go, "linux/arm64")] {
        let mut session = Session::inspect(&program);
        let expected = go.command().args(["version", "-m"]).arg(program.path()).output().unwrap();
        assert_eq!(session.send("buildinfo"), String::from_utf8(expected.stdout).unwrap());
        session.quit();
    }
}
