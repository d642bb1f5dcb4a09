//! Functions of the program, called from the prompt.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Program, Session, on_oldest_and_newest};

/// What `call` returned, one value a line, without the stop that is shown with it.
fn values(shown: &str) -> String {
    let Some((_, rest)) = shown.split_once("Values returned:\n") else { return String::new() };
    rest.split("\n\n").next().unwrap().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

fn at_the_stop(program: &Program) -> Session {
    let mut session = Session::exec(program);
    session.send(&format!("break {}", program.at("here")));
    session.send("continue");
    session
}

on_oldest_and_newest! {
    fn calls_return_what_the_functions_return(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        for (call, returned) in [
            ("add(1, 2)", "~r0: 3"),
            ("add(1, add(2, 3)) + 4", "add(1, add(2, 3)) + 4: 10"),
            ("mixed(-3, 2.5, true)", "~r0: \"-3 2.5 true\""),
            ("nothing()", ""),
            ("calls", "calls: 1"),
            ("several(\"\")", "n: 0\nerr: error(*errors.errorString) *{s: \"empty\"}"),
            ("several(\"abc\")", "n: 3\nerr: error nil"),
            ("unnamed(21)", "~r0: 42\n~r1: \"two\""),
            ("panics(\"x\")", "~panic: interface {}(string) \"about x\""),
            ("upper(text)", "~r0: \"TEXT\""),
            ("upper(\"lit\" + \"eral\")", "~r0: \"LITERAL\""),
            ("takeBig(b, 7)", "~r0: 12"),
            ("takeBig(makeBig(2), 7)", "~r0: 14"),
            ("makeBig(9)", "~r0: main.big {\nA: [4]int [9,9,9,9],\nB: \"big\",}"),
            ("floats(1.5, 2.25, 3)", "~r0: 6.75"),
            ("variadic(\"-\", numbers)", "~r0: \"-[1 2 3]\""),
            ("p.Sum()", "~r0: 7"),
            ("heap.Sum()", "~r0: 30"),
            ("heap.Move(5)", "~r0: 15"),
            ("heap.X", "heap.X: 15"),
            ("n.Sum()", "~r0: 3"),
            ("g.Greet(\"world\")", "~r0: \"hello, world\""),
            ("twice(4)", "~r0: 24"),
            ("twoPanics()", "~panic: interface {}(string) \"second\""),
            ("recovers()", "n: 7"),
            ("signals(20)", "~r0: 20"),
            ("waits()", "~r0: 7"),
            ("many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, \"s\", numbers, 1.5, 2)", "~r0: \"78s[1 2 3] 3.5\""),
            ("allFloats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)", "~r0: 136\n~r1: 0.5\n~r2: (16 + 15i)"),
            ("tiny(-1, true, 7, small, none, none2)", "~r0: -1\n~r1: true\n~r2: 7\n~r3: [1]int32 [3]"),
            ("sumHuge(hundred)", "n: 4950"),
            ("maker(6)(7)", "~r0: 42"),
            ("makesPointer().Y", "makesPointer().Y: 6"),
            ("*makesPointer()", "*makesPointer(): main.point {X: 5, Y: 6}"),
            ("bound() + pointed(1)", "bound() + pointed(1): 23"),
            ("numbers[add(0, 1)]", "numbers[add(0, 1)]: 2"),
            ("numbers[add(0, 1):add(1, 2)]", "numbers[add(0, 1):add(1, 2)]: []int len: 2, cap: 2, [2,3]"),
            ("add(1, 2) == 3 && add(2, 2) == 4", "add(1, 2) == 3 && add(2, 2) == 4: true"),
            ("false && panics(\"x\") == 1", "false && panics(\"x\") == 1: false"),
            ("len(fresh(\"x\")) + len(\"lit\")", "len(fresh(\"x\")) + len(\"lit\"): 23"),
            ("main.add(1, 2)", "~r0: 3"),
            ("point.Sum(p)", "~r0: 7"),
            ("(*point).Move(heap, 1)", "~r0: 17"),
            ("add(panics(\"z\"), 1)", "~panic: interface {}(string) \"about z\""),
        ] {
            assert_eq!(values(&session.send(&format!("call {call}"))), returned, "{call}");
        }
        session.quit();
    }

    fn assignments_may_call(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        session.send("call text = upper(\"assigned\")");
        assert_eq!(session.send("print text"), "\"ASSIGNED\"\n");
        session.send("call text = \"plain\"");
        session.send("call count = add(count, 100)");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("plain 105\n"), "{end}");
        session.quit();
    }

    fn calls_that_cannot_be_made_are_refused(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        for (call, reason) in [
            ("add(1)", "not enough arguments"),
            ("add(1, 2, 3)", "too many arguments"),
            ("add(1, \"x\")", "can not convert \"x\" constant to int"),
            ("escape(&p)", "cannot use &p as argument p in function main.escape: stack object passed to escaping pointer: p"),
            ("p.Move(1)", "could not set call receiver: cannot use p.Move as argument p in function main.(*point).Move: \
                           stack object passed to escaping pointer: p"),
            ("count()", "expression \"count\" is not a function"),
            ("nosuch(1)", "could not evaluate function or type nosuch: could not find symbol value for nosuch"),
            ("nosuch(1, 2)", "Command failed: could not find symbol value for nosuch"),
            ("nothing() + 1", "no return values"),
            ("upper(add(1, 2))", "can not convert value of type int to string"),
            ("add(nosuch, 1)", "error evaluating \"nosuch\" as argument 0 in function main.add: could not find symbol value for nosuch"),
            ("exits()", "the function that was called ended its goroutine"),
        ] {
            let answer = session.send(&format!("call {call}"));
            assert!(answer.contains(reason), "{call}: {answer}");
        }
        assert_eq!(session.send("print add(1, 2)"), "Command failed: function calls not allowed without using 'call'\n");
        assert_eq!(values(&session.send("call -unsafe p.Move(1)")), "~r0: 4");
        assert_eq!(session.send("print p.X"), "4\n");
        session.quit();
    }

    fn a_call_survives_collections_and_moved_stacks(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        for _ in 0..3 {
            assert_eq!(values(&session.send("call collects(20)")), "~r0: 20");
            assert_eq!(values(&session.send("call deep(5000)")), "~r0: 5000");
        }
        assert_eq!(session.send("print p"), "main.point {X: 3, Y: 4}\n");
        assert!(session.send("stack").contains("in main.main"));
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("done 1 10 text 5\n"), "{end}");
        session.quit();
    }

    fn a_breakpoint_in_the_function_stops_and_the_call_goes_on(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        session.send(&format!("break {}", program.at("inside")));
        let stop = session.send("call stops(20)");
        assert!(stop.contains("main.stops()"), "{stop}");
        assert_eq!(session.send("print n"), "21\n");
        let stack = session.send("stack");
        assert!(stack.contains("in debugCall") && stack.contains("in runtime.debugCallWrap1"), "{stack}");
        let again = session.send("call add(n, 1)");
        assert!(again.contains("cannot call function while another function call is already in progress"), "{again}");
        let done = session.send("continue");
        assert_eq!(values(&done), "~r0: 42", "{done}");
        assert!(done.contains(&format!("> main.main() ./main.go:{}", program.line("here"))), "{done}");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("done 1 10 text 5\n"), "{end}");
        session.quit();
    }

    fn instances_of_generic_functions_are_called_by_name(go) {
        let program = Program::build("generic_calls", go);
        let mut session = at_the_stop(&program);
        for (call, returned) in [
            ("identity[int](5)", "~r0: 5"),
            ("main.identity[int](5) + 1", "main.identity[int](5) + 1: 6"),
            ("identity[string](\"x\")", "~r0: \"x\""),
            ("identity[named](7)", "~r0: 7"),
            ("identity[*Pair[string, int]](nil)", "~r0: *main.Pair[string,int] nil"),
            ("typeName[named]()", "~r0: \"main.named\""),
            ("typeName[*main.named]()", "~r0: \"*main.named\""),
            ("typeName[Pair[string, int]]()", "~r0: \"main.Pair[string,int]\""),
            ("mapped[int, string](nil, nil)", "~r0: []string len: 0, cap: 0, nil"),
            ("p.String()", "~r0: \"b=5\""),
            ("q.String()", "~r0: \"3=[x]\""),
            ("Pair[string,int].String(p)", "~r0: \"b=5\""),
            ("-unsafe p.Set(77)", "~r0: 5"),
            ("-unsafe p.Swap(\"zz\", 8)", "~r0: \"b\"\n~r1: 77"),
            ("p.Val", "p.Val: 8"),
        ] {
            assert_eq!(values(&session.send(&format!("call {call}"))), returned, "{call}");
        }
        let refused = session.send("call identity[float32](1)");
        assert!(refused.contains("could not find symbol value for identity"), "{refused}");
        session.send("clearall");
        assert!(session.send("continue").contains("zz=8"));
        session.quit();
    }

    fn nothing_is_left_of_a_call(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        let registers = session.send("regs -a");
        let stack = session.send("examinemem -fmt hex -count 128 -size 8 -x _RSP");
        assert!(registers.contains("XMM15") && stack.lines().count() > 10, "{registers}{stack}");
        for call in ["add(1, 2)", "allFloats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)", "panics(\"x\")", "exits()",
                     "deep(5000)", "upper(fresh(\"x\") + fresh(\"y\"))"] {
            session.send(&format!("call {call}"));
            assert_eq!(session.send("regs -a"), registers, "{call}");
            assert_eq!(session.send("examinemem -fmt hex -count 128 -size 8 -x _RSP"), stack, "{call}");
        }
        session.send("clearall");
        assert!(session.send("continue").contains("done 2 10 text 5\n"));
        session.quit();
    }

    fn what_one_call_returns_is_kept_alive_for_the_next(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        // Without a pinner, the garbage collector must not run in between.
        let pins = session.send("funcs ^runtime.debugPinnerV1$").contains("debugPinnerV1");
        let between = if pins { "collected(2)" } else { "upper(\"2\")" };
        for _ in 0..5 {
            let kept = session.send(&format!("call keepsAll(fresh(\"x\"), {between}, makesPointer())"));
            assert!(kept.contains(&format!("{}2{{5 6}}", "x".repeat(20))), "{kept}");
        }
        session.quit();
    }

    fn a_program_may_end_in_a_call(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        let end = session.send("call ends(3)");
        assert!(end.contains("has exited with status 3"), "{end}");
        session.quit();
    }

    fn where_no_call_can_be_made_the_reason_is_said(go) {
        let program = Program::build("calls", go);
        let mut session = at_the_stop(&program);
        let all = session.send("goroutines");
        let parked = all.lines().find(|line| line.contains("runtime.gopark")).unwrap();
        let id = parked.trim_start_matches(['*', ' ']).split_whitespace().nth(1).unwrap();
        session.send(&format!("goroutine {id}"));
        let waiting = session.send("call add(1, 2)");
        assert!(waiting.ends_with("Command failed: selected goroutine not running\n"), "{waiting}");
        session.send("goroutine 1");
        session.send("break runtime.convTstring");
        session.send("continue");
        let inside = session.send("call main.add(1, 2)");
        assert!(inside.contains("call from within the Go runtime"), "{inside}");
        session.quit();

        let program = Program::build_as("calls", go, Flavour::Optimised);
        let mut session = at_the_stop(&program);
        let optimised = session.send("call strings.ToUpper(\"x\")");
        assert!(optimised.contains("can not call optimized function strings.ToUpper when regabi is in use"), "{optimised}");
        let inlined = session.send("call upper(\"x\")");
        assert!(inlined.contains("function main.upper is inlined"), "{inlined}");
        session.quit();
    }
}
