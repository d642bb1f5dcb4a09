//! Values of C: in Go code, through cgo's types, and in C code, as compilers describe it, optimised or not.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, skip};

/// Builds the program with a C compiler; `None`, counted as a skip, if there is none.
fn build(go: &Go, compiler: &str, dwarf: &str) -> Option<Program> {
    if Command::new(compiler).arg("--version").output().is_err() {
        skip(&format!("no {compiler}"));
        return None;
    }
    let flags = format!("-g -O0 {dwarf}");
    let environment = [("CGO_ENABLED", "1"), ("CGO_CFLAGS", flags.as_str()), ("CC", compiler)];
    let tag = format!("{compiler}{dwarf}");
    Some(Program::build_custom("cgovalues", go, &tag, &["-gcflags=all=-N -l"], &environment))
}

fn stop(program: &Program, file: &str, mark: &str) -> Session {
    let mut session = Session::exec_with(program, &["-r", "stdout:/dev/null"], &[]);
    session.send(&format!("break {file}:{}", program.line_of(file, mark)));
    let reply = session.send("continue");
    assert!(reply.contains(&format!("{file}:")), "{reply}");
    session
}

fn ask(session: &mut Session, expected: &[(&str, &str)]) {
    let mut different = Vec::new();
    for (command, reply) in expected {
        let said = session.send(command);
        if said.trim_end() != *reply {
            different.push(format!("{command}\n{said}instead of\n{reply}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

const EVERYTHING: &str = "struct everything {
	letter: 99,
	small: -3,
	byte: 200,
	s: -300,
	l: 1099511627776,
	ull: 9223372036854775808,
	f: 1.5,
	d: -2.25,
	yes: true,
	name: [8]char [110,97,109,101,0,0,0,0],
	text: \"a text\",
	raw: unsafe.Pointer(RAW),
	numbers: *10,
	op: *C.add,
	color: GREEN (5),
	lv: BOTH (3),
	next: *struct everything nil,
	fixed: 11,
	grid: [2][3]int [
		[1,2,3],
		[4,5,6],
	],
	z: (1 + 0i),}";

fn look_in_c(program: &Program) {
    let mut session = stop(program, "things.c", "C frame");
    let raw = session.send("print e.raw");
    let raw = raw.lines().next().unwrap().rsplit_once('(').unwrap().1.trim_end_matches(')').to_owned();
    ask(&mut session, &[("print *e", &EVERYTHING.replace("RAW", &raw))]);
    ask(
        &mut session,
        &[
            ("print p", "point {x: 3, y: 4}"),
            ("args text", "text = \"from Go\""),
            ("print w", "union word {\n\twhole: 1065353216,\n\tbytes: [4]uint8_t [0,0,128,63],\n\treal: 1,}"),
            ("print f", "struct flags {ready: 1, mode: 5, delta: -2, wide: 4294967296, on: true}"),
            ("print f.delta + 1", "-1"),
            ("print ne.number", "131073"),
            ("print ne.low", "1"),
            ("print ne.high", "2"),
            ("print ne.named.tag", "116"),
            ("print ne.points[1].y", "4"),
            ("print fl.count", "3"),
            ("print fl.items[2]", "4"),
            ("print fl.items[0:3]", "[]int len: 3, cap: 3, [0,1,4]"),
            ("print *op", "C.add"),
            ("print buffer[0:3]", "[]char len: 3, cap: 16, [105,110,32]"),
            ("print strings[1]", "\"bonjour\""),
            ("print strings[0:3]", "[]*const char len: 3, cap: 3, [\"hello\",\"bonjour\",*nil]"),
            ("print variable[0]", "5"),
            ("print variable[5]", "Command failed: index out of bounds"),
            ("whatis variable", "[5]int"),
            ("print longer", "3.5"),
            ("print huge", "1267650600228229401496703205383"),
            ("print positive", "340282366920938463463374607431768211455"),
            ("print e.text[2]", "116"),
            ("print e.numbers[0:4]", "[]int len: 4, cap: 4, [10,20,30,40]"),
            ("print e.numbers[1] + 1", "21"),
            ("print e.color == 5", "true"),
            ("print hidden", "77"),
            ("print numbers", "[4]int [10,20,30,40]"),
            ("print global.color", "GREEN (5)"),
            ("print greetings", "[3]*const char [\"hello\",\"bonjour\",*nil]"),
            ("print per_thread", "9"),
            ("print nothing", "Command failed: could not find symbol value for nothing"),
        ],
    );
    session.quit();

    let mut session = stop(program, "things.c", "C block");
    assert!(session.send("locals").contains("\nx = 2\n"), "{}", session.transcript());
    assert!(session.send("locals").starts_with("(x) = "), "{}", session.transcript());
    ask(&mut session, &[("print x", "2"), ("frame 1 print p.y", "4"), ("frame 1 print w.real", "1")]);
    session.quit();
}

/// What gcc keeps of optimised code, or can tell from what the callers passed.
fn look_in_optimised_c(program: &Program) {
    let mut session = stop(program, "optimized.c", "C optimised, last");
    for (command, right) in [
        ("print n", "13"),
        ("print text", "\"constant\""),
        ("frame 1 print a", "13"),
        ("frame 1 print local.x", "13"),
        ("frame 1 print local.y", "26"),
        ("frame 1 print ratio", "2.5"),
        ("frame 1 print p.x", "6"),
        ("frame 1 print p.y", "7"),
        ("frame 2 print a", "6"),
        ("frame 2 print b", "7"),
        ("frame 2 print text", "\"from Go\""),
        ("frame 2 print here.y", "7"),
        ("frame 2 print kept", "13"),
    ] {
        let said = session.send(command);
        let unknown = ["optimized out", "not available"].iter().any(|text| said.contains(text));
        assert!(unknown || said.trim_end() == right, "{command}: {said}");
    }
    session.quit();
}

on_oldest_and_newest! {
    fn c_values_in_go_code(go) {
        let Some(program) = build(go, "gcc", "") else { return };
        let mut session = stop(&program, "main.go", "Go frame");
        ask(&mut session, &[
            ("print p", "main._Ctype_struct_point {x: 3, y: 4}"),
            ("locals text", "text = \"from Go\""),
            ("print text[3]", "109"),
            ("print *text", "102"),
            ("print numbers[2]", "30"),
            ("print numbers[0:4]", "[]main._Ctype_int len: 4, cap: 4, [10,20,30,40]"),
            ("print u", "[4]uint8 [0,0,128,63]"),
            ("print color", "6"),
            ("print level", "HIGH (2)"),
            ("print e.lv", "BOTH (3)"),
            ("print e.text", "\"a text\""),
            ("print *strings", "\"hello\""),
            ("print strings[1]", "\"bonjour\""),
            ("print e.grid[1][2]", "6"),
            ("print e.next", "*main._Ctype_struct_everything nil"),
            ("print h.text", "\"from Go\""),
            ("print any", "interface {}(main._Ctype_struct_point) {x: 3, y: 4}"),
            ("print yes", "true"),
            ("print C.greetings[1]", "\"bonjour\""),
            ("print C.global.lv", "BOTH (3)"),
            ("print C.nothing", "Command failed: could not find symbol value for C"),
        ]);
        session.quit();
    }

    fn c_values_in_c_code(go) {
        let Some(program) = build(go, "gcc", "") else { return };
        look_in_c(&program);
    }

    fn optimised_c_code(go) {
        let Some(program) = build(go, "gcc", "") else { return };
        look_in_optimised_c(&program);
        // What is nowhere any more in the middle one's frame is known from its caller's call.
        let mut session = stop(&program, "optimized.c", "C optimised, last");
        ask(&mut session, &[("frame 1 print a", "13"), ("frame 1 locals local", "local = point {x: 13, y: 26}")]);
        session.quit();
    }
}

#[test]
fn older_debug_information_says_the_same() {
    let Some(go) = Go::newest() else { return };
    let Some(program) = build(&go, "gcc", "-gdwarf-4") else { return };
    look_in_c(&program);
    look_in_optimised_c(&program);
}
