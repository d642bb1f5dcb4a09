//! Tracing from the command line and at the prompt, word for word.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use adit_e2e::{Debugger, Finished, Flavour, Go, Program, Session, binary, may_attach, on_oldest_and_newest};

/// Runs `trace` with these arguments before those of the program.
fn trace(program: &Program, line: &str, arguments: &[&str]) -> Finished {
    let path = program.path().to_str().unwrap();
    let mut all = vec!["trace", "--check-go-version=false", "-e", path];
    all.extend(line.split_whitespace());
    all.push("--");
    all.extend(arguments);
    Debugger::new(all).in_directory(program.source()).run()
}

/// Takes out what is different each time: addresses, goroutines' and processes' numbers.
fn normal(text: &str) -> String {
    let mut normal = String::new();
    let mut rest = text;
    while let Some(at) =
        ["0x", "goroutine(", "Process "].iter().filter_map(|mark| Some(rest.find(mark)? + mark.len())).min()
    {
        normal.push_str(&rest[..at]);
        normal.push('N');
        rest = rest[at..].trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    normal + rest
}

/// The lines of the calls of one function.
fn calls<'a>(said: &'a str, function: &str) -> Vec<&'a str> {
    let (call, end) = (format!(" {function}("), format!(" {function} =>"));
    said.lines().filter(|line| line.contains(&call) || line.contains(&end)).collect()
}

on_oldest_and_newest! {
    fn calls_and_returns_are_lines(go) {
        let program = Program::build("traced", go);
        let run = trace(&program, "main.(leaf|mid|factorial|mixed|empty|large)$", &[]);
        assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{run:?}");
        let expected = "\
> goroutine(N): main.mid(4)
> goroutine(N): main.leaf(4, \"str\", *main.pair nil)
>> goroutine(N): main.leaf => (7,error nil)
>> goroutine(N): main.mid => (7)
> goroutine(N): main.factorial(3)
> goroutine(N): main.factorial(2)
> goroutine(N): main.factorial(1)
>> goroutine(N): main.factorial => (1)
>> goroutine(N): main.factorial => (2)
>> goroutine(N): main.factorial => (6)
> goroutine(N): main.mixed(1.5, main.pair {X: 2, S: \"two\"}, (1 + 2i), true)
>> goroutine(N): main.mixed => (3,main.pair {X: 3, S: \"two?\"},false)
> goroutine(N): main.large(main.pair {X: 1, S: \"one\"}, []string len: 2, cap: 2, [...], map[string]int [...])
>> goroutine(N): main.large => ()
> goroutine(N): main.empty(9)
>> goroutine(N): main.empty => ()
Process N has exited with status 0
";
        assert_eq!(normal(&run.stderr), expected);
    }

    fn optimised_code_is_traced_by_the_calling_convention(go) {
        let program = Program::build_as("traced", go, Flavour::Optimised);
        let run = trace(&program, "main.(leaf|mid|mixed|factorial|empty)$", &[]);
        let said = normal(&run.stderr);
        assert_eq!(calls(&said, "main.leaf"), [
            "> goroutine(N): main.leaf(4, \"str\", *main.pair nil)",
            ">> goroutine(N): main.leaf => (7,error nil)",
        ]);
        assert_eq!(calls(&said, "main.mixed")[1..], [
            ">> goroutine(N): main.mixed => (3,main.pair {X: 3, S: \"two?\"},false)",
        ]);
        assert_eq!(calls(&said, "main.factorial").len(), 6, "{said}");
        // It is nothing but a return instruction, at which the call begins and ends.
        let empty = calls(&said, "main.empty");
        assert!(empty.len() == 2 && empty[0].starts_with("> ") && empty[1].ends_with("=> ()"), "{said}");
    }

    fn deferred_calls_and_panics_leave_functions(go) {
        let program = Program::build("traced", go);
        let run = trace(&program, "main.(deferring|saved|fails)", &[]);
        let said = normal(&run.stderr);
        // Once where deferred calls are run, and once at the return.
        assert_eq!(calls(&said, "main.deferring"), [
            "> goroutine(N): main.deferring(5)",
            ">> goroutine(N): main.deferring => (\"5\")",
            ">> goroutine(N): main.deferring => (\"5!\")",
        ]);
        assert_eq!(calls(&said, "main.fails"), ["> goroutine(N): main.fails(1)"]);
        assert_eq!(calls(&said, "main.saved").last(), Some(&">> goroutine(N): main.saved => ()"));
    }

    fn instances_of_a_generic_function_are_all_traced(go) {
        for flavour in [Flavour::Debug, Flavour::Optimised] {
            let program = Program::build_as("traced", go, flavour);
            let said = normal(&trace(&program, "main.first", &[]).stderr);
            let lines: Vec<&str> = said.lines().collect();
            assert_eq!(lines.len(), 5, "{said}");
            for (line, start, end) in [
                (0, "> goroutine(N): main.first[go.shape.string", "]([]string len: 2, cap: 2, [...], 1)"),
                (1, ">> goroutine(N): main.first[go.shape.string", "] => (\"b\")"),
                (2, "> goroutine(N): main.first[go.shape.int", "]([]int len: 1, cap: 1, [...], 0)"),
                (3, ">> goroutine(N): main.first[go.shape.int", "] => (7)"),
            ] {
                assert!(lines[line].starts_with(start) && lines[line].ends_with(end), "{said}");
            }
        }
    }

    fn stacks_follow_the_lines(go) {
        let program = Program::build("traced", go);
        let said = normal(&trace(&program, "-s 1 main.mid", &[]).stderr);
        let shape: Vec<&str> = said.lines().map(|line| line.split(" in ").next().unwrap()).collect();
        assert_eq!(shape[..4], ["> goroutine(N): main.mid(4)", "", "\tStack:", "\t\t0  0xN"], "{said}");
        assert_eq!(shape[5], "\t\t1  0xN", "{said}");
        assert_eq!(shape[7..10], ["\t\t(truncated)", ">> goroutine(N): main.mid => (7)", "\tStack:"], "{said}");
        let said = normal(&trace(&program, "-s 1 main.saved$", &[]).stderr);
        assert!(said.starts_with("> goroutine(N): main.saved()\n\tStack:\n\t\t0  0xN in main.saved\n"), "{said}");
    }

    fn calls_are_followed_and_indented(go) {
        let program = Program::build("traced", go);
        let said = normal(&trace(&program, "--follow-calls 2 main.mid", &[]).stderr);
        assert_eq!(said, "\
> goroutine(N):frame(1) main.mid(4)
 > goroutine(N):frame(2) main.leaf(4, \"str\", *main.pair nil)
 >> goroutine(N):frame(2) main.leaf => (7,error nil)
>> goroutine(N):frame(1) main.mid => (7)
Process N has exited with status 0
");
        let said = normal(&trace(&program, "--follow-calls 2 main.factorial", &[]).stderr);
        assert!(said.contains("\n  > goroutine(N):frame(3) main.factorial(1)\n  >> goroutine(N):frame(3) main.factorial => (1)\n"), "{said}");
    }

    fn verbosity_adds_names_types_and_lines(go) {
        let program = Program::build("traced", go);
        let at = |level: &str| {
            let said = normal(&trace(&program, &format!("-v {level} main.(large|leaf)"), &[]).stderr);
            said.split("Process").next().unwrap().to_owned()
        };
        assert_eq!(at("1"), "\
> goroutine(N): main.leaf(i: int, s: string, p: *main.pair)
>> goroutine(N): main.leaf => (int,error)
> goroutine(N): main.large(p: main.pair, list: []string, table: map[string]int)
>> goroutine(N): main.large => ()
");
        assert_eq!(at("2"), "\
> goroutine(N): main.leaf(i: 4, s: \"str\", p: *main.pair nil)
>> goroutine(N): main.leaf => (7,error nil)
> goroutine(N): main.large(p: main.pair {X: 1, S: \"one\"}, list: []string len: 2, cap: 2, [\"x\",\"y\"], table: map[string]int [\"k\": 1, ])
>> goroutine(N): main.large => ()
");
        assert!(at("3").starts_with("\
> goroutine(N): main.leaf(
  i: 4
  s: \"str\"
  p: *main.pair nil)
>> goroutine(N): main.leaf => (7,error nil)
> goroutine(N): main.large(
  p: main.pair {X: 1, S: \"one\"}
  list: []string len: 2, cap: 2, [\"x\",\"y\"]
"), "{}", at("3"));
    }

    fn goroutines_in_parallel_lose_no_call(go) {
        let program = Program::build("traced", go);
        let run = trace(&program, "main.work", &["storm"]);
        assert_eq!((run.status, run.stdout.as_str()), (0, "total 14998000\n"), "{}", run.stderr);
        // Of each goroutine, calls and returns by turns, and in order.
        let mut last: BTreeMap<&str, (bool, usize)> = BTreeMap::new();
        for line in run.stderr.lines().filter(|line| line.contains("main.work")) {
            let goroutine = line.split(')').next().unwrap().trim_start_matches('>');
            let returns = line.starts_with(">>");
            let call = line.trim_end_matches(')').rsplit([' ', '(']).next().unwrap();
            let call = call.parse::<usize>().unwrap() % 1000;
            let expected = match last.get(goroutine) {
                None => (false, 0),
                Some((false, call)) => (true, *call),
                Some((true, call)) => (false, call + 1),
            };
            assert_eq!((returns, call), expected, "{line}");
            last.insert(goroutine, (returns, call));
        }
        assert_eq!(last.len(), 8);
        assert!(last.values().all(|last| *last == (true, 499)), "{last:?}");
    }

    fn the_program_ends_as_it_would_and_says_why(go) {
        let program = Program::build("traced", go);
        let run = trace(&program, "main.work", &["status"]);
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert_eq!((run.status, lines.len()), (0, 3), "{run:?}");
        assert!(lines[2].starts_with("Process ") && lines[2].ends_with(" has exited with status 3"), "{run:?}");
        let run = trace(&program, "main.fails", &["panic"]);
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.stderr.contains("main.fails(3)\npanic: "), "{run:?}");
        assert!(run.stderr.ends_with(" has exited with status 2\n"), "{run:?}");
    }

    fn lines_are_in_order_with_the_programs_own(go) {
        let program = Program::build("traced", go);
        let run = trace(&program, "main.empty", &["order"]);
        let expected: String = (0..50)
            .map(|i| format!("before {i}\n> goroutine(N): main.empty({i})\n>> goroutine(N): main.empty => ()\nafter {i}\n"))
            .collect();
        assert_eq!(normal(&run.stderr), expected + "Process N has exited with status 0\n");
    }

    fn a_running_process_is_traced_and_left_running(go) {
        if !may_attach() {
            return;
        }
        let program = Program::build("traced", go);
        let mut served = Command::new(program.path()).arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut answers = BufReader::new(served.stdout.take().unwrap());
        let mut questions = served.stdin.take().unwrap();
        let mut answer = |expected: &str| {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            assert_eq!(line, expected);
        };
        answer("ready\n");
        for round in 0..2 {
            let pid = served.id().to_string();
            let mut tracer = Command::new(binary())
                .args(["trace", "-p", &pid, "main.work"])
                .stdin(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut said = BufReader::new(tracer.stderr.take().unwrap());
            // Asked until the tracer is there; what it says of one call is two lines.
            let mut lines = String::new();
            std::thread::scope(|scope| {
                let heard = scope.spawn(|| {
                    said.read_line(&mut lines).unwrap();
                    said.read_line(&mut lines).unwrap();
                });
                while !heard.is_finished() {
                    questions.write_all(b"abc\n").unwrap();
                    answer("3\n");
                }
            });
            assert_eq!(normal(&lines), "> goroutine(N): main.work(0, 3)\n>> goroutine(N): main.work => (3)\n", "{round}");
            let interrupt = Command::new("kill").args(["-INT", &tracer.id().to_string()]).status().unwrap();
            assert!(interrupt.success());
            let mut rest = String::new();
            said.read_to_string(&mut rest).unwrap();
            assert!(tracer.wait().unwrap().success());
            assert!(!rest.contains("exited"), "{rest}");
        }
        questions.write_all(b"x\n").unwrap();
        answer("1\n");
        drop(questions);
        answer("end of input\n");
        assert!(served.wait().unwrap().success());
    }

    fn tracepoints_at_the_prompt_go_on(go) {
        let program = Program::build("traced", go);
        let mut session = Session::exec(&program);
        let set = session.send("trace named main.factorial");
        assert!(set.starts_with("Tracepoint named set at 0x"), "{set}");
        session.send("cond named n < 3");
        session.send("break main.mixed");
        session.send("trace main.leaf");
        session.send("on 1 print n");
        let stop = normal(&session.send("continue"));
        assert_eq!(calls(&stop, "main.leaf"), [
            "> goroutine(N): main.leaf(4, \"str\", *main.pair nil)",
            ">> goroutine(N): main.leaf => (7,error nil)",
        ]);
        assert_eq!(calls(&stop, "[named] main.factorial"), [
            "> goroutine(N): [named] main.factorial(2)",
            "> goroutine(N): [named] main.factorial(1)",
        ]);
        assert!(stop.contains(">> goroutine(N): main.factorial => (6)\n"), "{stop}");
        assert!(stop.contains("main.mixed("), "{stop}");
        let list = session.send("breakpoints");
        assert!(list.contains("Tracepoint named (enabled)") && list.contains("(2)\n"), "{list}");
        session.send("config trace-show-timestamp true");
        session.send("trace main.empty");
        let end = session.send("continue");
        let line = calls(&end, "main.empty")[0];
        assert!(line.starts_with("20") && line.contains("Z > goroutine("), "{end}");
        session.quit();
    }
}

#[test]
fn packages_and_tests_are_built_and_removed() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("traced", &go);
    let folder = tempfile::tempdir().unwrap();
    for file in ["main.go", "main_test.go"] {
        std::fs::copy(program.source().join(file), folder.path().join(file)).unwrap();
    }
    std::fs::write(folder.path().join("go.mod"), "module traced\ngo 1.18\n").unwrap();
    let run = |line: &[&str]| {
        let line = ["trace"].iter().chain(line);
        Debugger::new(line).in_directory(folder.path()).with_go(&go).run()
    };
    let traced = run(&["main.mid"]);
    assert_eq!(traced.status, 0, "{traced:?}");
    assert!(normal(&traced.stderr).starts_with("> goroutine(N): main.mid(4)\n"), "{traced:?}");
    let traced = run(&["-t", ".", "traced.factorial", "--", "-test.run=Factorial"]);
    assert_eq!((traced.status, traced.stdout.as_str()), (0, "PASS\n"), "{traced:?}");
    let said = normal(&traced.stderr);
    assert!(said.starts_with("> goroutine(N): traced.factorial(4)\n"), "{said}");
    assert!(said.ends_with(" traced.factorial => (24)\nProcess N has exited with status 0\n"), "{said}");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn refusals_are_word_for_word() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("traced", &go);
    let path = program.path().to_str().unwrap();
    for (line, stderr) in [
        (&[] as &[&str], "you must supply a regexp for functions to trace\n"),
        (&["-e", path], "you must supply a regexp for functions to trace\n"),
        (&["-e", path, "a", "b"], "Cannot specify package when using --exec.\n"),
        (&["a", "b", "c"], "Need to specify a trace depth of at least 1\n"),
        (&["-e", path, "nothing.at.all"], "no breakpoints set\n"),
        (
            &["-e", path, "--ebpf", "main.mid"],
            "unable to set tracepoint on function main.mid: \"eBPF is not supported\"\nno breakpoints set\n",
        ),
    ] {
        let run = Debugger::new(["trace", "--check-go-version=false"].iter().chain(line)).run();
        assert_eq!((run.status, run.stderr.as_str()), (1, stderr), "{line:?}");
    }
    let run = Debugger::new(["trace", "--headless", "--accept-multiclient", "-e", path, "main.mid"]).run();
    assert_eq!(run.status, 0, "{run:?}");
    assert!(
        run.stderr.starts_with(
            "Warning: headless mode not supported with trace\nWarning: accept multiclient mode not supported with trace\n"
        ),
        "{run:?}"
    );
}
