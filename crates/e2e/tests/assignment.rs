//! Changing the program's variables from the prompt.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Program, Session, on_oldest_and_newest};

fn at_the_stop(program: &Program) -> Session {
    let mut session = Session::exec(program);
    session.send(&format!("break {}", program.at("here")));
    session.send("continue");
    session
}

/// Gives each command, and compares what is printed of an expression afterwards.
fn changed(session: &mut Session, changes: &[(&str, &str, &str)]) {
    for (change, shown, text) in changes {
        let said = session.send(change);
        assert!(!said.contains("Command failed"), "{change}: {said}");
        assert_eq!(session.send(&format!("print {shown}")).trim_end(), *text, "{change}");
    }
}

fn refused(session: &mut Session, changes: &[(&str, &str)]) {
    for (change, reason) in changes {
        assert_eq!(
            session.send(change).lines().last(),
            Some(&*format!("Command failed: {reason}")),
            "{change}"
        );
    }
}

on_oldest_and_newest! {
    fn everything_addressable_is_assigned_to(go) {
        let program = Program::build("assignment", go);
        let mut session = at_the_stop(&program);
        changed(&mut session, &[
            ("set b = false", "b", "false"),
            ("set i8 = -5", "i8", "-5"),
            ("set i8 = 300", "i8", "44"),
            ("set u16 = -1", "u16", "65535"),
            ("set i64 = i64 + 4", "i64", "7"),
            ("set i64 = int64(i8)", "i64", "44"),
            ("set f32 = 1.25", "f32", "1.25"),
            ("set f64 = 3", "f64", "3"),
            ("set c64 = 2 + 3i", "c64", "(2 + 3i)"),
            ("set c128 = complex(5, 6)", "c128", "(5 + 6i)"),
            ("set text = other", "text", "\"other\""),
            ("set text = \"\"", "text", "\"\""),
            ("set slice = rest", "slice", "[]int len: 2, cap: 2, [7,8]"),
            ("set slice = rest[1:]", "slice", "[]int len: 1, cap: 1, [8]"),
            ("set slice[0] = 9", "rest", "[]int len: 2, cap: 2, [7,9]"),
            ("set named = rest", "named", "main.list len: 2, cap: 2, [7,9]"),
            ("set slice = nil", "slice", "[]int len: 0, cap: 0, nil"),
            ("set array = arrays", "array", "[3]int [4,5,6]"),
            ("set array[1] = 50", "array", "[3]int [4,50,6]"),
            ("set p = q", "p", "main.point {X: 3, Y: 4}"),
            ("set p.X = 77", "p", "main.point {X: 77, Y: 4}"),
            ("set s.At = p", "s.At", "main.point {X: 77, Y: 4}"),
            ("set s.Next = t", "s.Next.Name", "\"t\""),
            ("set s.small = -1", "s.small", "-1"),
            ("set *s = *t", "s.Name", "\"t\""),
            ("set f = g", "f", "main.half"),
            ("set hue = 7", "hue", "7"),
            ("set hue = color(i8)", "hue", "44"),
            ("set ch = nil", "ch == nil", "true"),
            ("set ch = channel", "len(ch) + cap(ch)", "2"),
            ("set m = nil", "m", "map[string]int nil"),
            ("set m = known", "len(m)", "1"),
            ("set m[\"one\"] = 11", "known[\"one\"]", "11"),
            ("set failed = fail", "failed", "error(*main.failure) *{code: 3}"),
            ("set failed = problem", "failed.(*errors.errorString).s", "\"problem\""),
            ("set anything = failed", "anything", "interface {}(*errors.errorString) *{s: \"problem\"}"),
            ("set anything = fail", "anything", "interface {}(*main.failure) *{code: 3}"),
            ("set failed = nil", "failed", "error nil"),
            ("set global = global + 1", "main.global", "2"),
            ("set _XMM3.uint32[1] = 5", "XMM3.uint32[1]", "5"),
            ("set XMM4.float64[0] = 1.5", "XMM4.float64[0]", "1.5"),
        ]);
        session.send("clearall");
        let end = session.send("continue");
        let lines = "false 44 65535 44 1.25 3 (2+3i) (5+6i)  other [] [7 9] [4 50 6] [4 5 6] <77 4> <3 4>\n";
        assert!(end.contains(lines), "{end}");
        assert!(end.contains("[7 9] 44 1 1 0 map[one:11] <nil> failure 3 <0 0> failure 3 problem 2"), "{end}");
        session.quit();
    }

    fn what_does_not_fit_is_refused(go) {
        let program = Program::build("assignment", go);
        let mut session = at_the_stop(&program);
        refused(&mut session, &[
            ("set i64 = i8", "can not convert value of type int8 to int64"),
            ("set text = \"new\"", "literal string can not be allocated because function calls are not allowed without using 'call'"),
            ("set text = 5", "can not convert 5 constant to string"),
            ("set b = 1", "can not convert 1 constant to bool"),
            ("set hue = i8", "can not convert value of type int8 to main.color"),
            ("set p = t", "can not convert value of type *main.shape to main.point"),
            ("set p = nil", "can not convert nil to main.point"),
            ("set f = whole", "can not convert value of type func(main.point) int to func(int) int"),
            ("set known[\"two\"] = 2", "key not found"),
            ("set empty[\"one\"] = 2", "assignment to entry in nil map"),
            ("set failed = p", "can not convert value of type main.point to error"),
            ("set failed = anything", "can not convert value of type interface {} to error"),
            ("set anything = 5", "can not convert 5 constant to interface {}"),
            ("set anything = p", "can not convert value of type main.point to interface {}"),
            ("set 5 = 3", "can not assign to 5"),
            ("set &p = nil", "can not assign to &p"),
            ("set nil = 4", "can not assign to nil"),
            ("set double = half", "can not assign to function expression"),
            ("set nosuch = 3", "could not find symbol value for nosuch"),
            ("set global = total(slice)", "function calls not allowed without using 'call'"),
        ]);
        session.quit();
    }

    fn under_call_the_program_allocates(go) {
        let program = Program::build("assignment", go);
        let mut session = at_the_stop(&program);
        changed(&mut session, &[
            ("call text = \"con\" + \"cat\" + text", "text", "\"concattext\""),
            ("call anything = 5", "anything", "interface {}(int) 5"),
            ("call anything = \"boxed\"", "anything", "interface {}(string) \"boxed\""),
            ("call anything = 'x'", "anything", "interface {}(int32) 120"),
            ("call anything = p", "anything", "interface {}(main.point) {X: 1, Y: 2}"),
            ("call stringer = q", "stringer", "fmt.Stringer(main.point) {X: 3, Y: 4}"),
            ("call f = half", "f", "main.half"),
            ("call global = f(global + 9) + g(4)", "global", "7"),
            ("call known[\"two\"] = half(8)", "known", "map[string]int [\n\t\"one\": 1, \n\t\"two\": 4, \n]"),
            ("call points[p] = text", "points", "map[main.point]string [\n\t{X: 1, Y: 2}: \"concattext\", \n]"),
            ("call slice[f(2)] = collect() + 42", "slice", "[]int len: 3, cap: 3, [1,42,3]"),
            ("call s.Name = text + \"!\"", "s.Name", "\"concattext!\""),
        ]);
        let nil = session.send("call empty[\"x\"] = 1");
        assert!(nil.contains("assignment to entry in nil map"), "{nil}");
        session.send("call collect()");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("map[one:1 two:4] <nil> <1 2> <3 4>"), "{end}");
        assert!(end.contains("map[<1 2>:concattext]"), "{end}");
        session.quit();
    }

    fn composite_literals_are_made_where_the_runtime_can_keep_them(go) {
        let program = Program::build("assignment", go);
        let mut session = at_the_stop(&program);
        // Go 1.25 and later, and late patches of 1.23 and 1.24.
        if !session.send("funcs ^runtime.debugPinnerV1$").contains("debugPinnerV1") {
            refused(&mut session, &[
                ("print point{3, 4}", "expression *ast.CompositeLit not implemented"),
                ("call s.Next = &shape{}", "expression *ast.CompositeLit not implemented"),
            ]);
            session.quit();
            return;
        }
        changed(&mut session, &[
            ("set p = point{3, 4}", "p", "main.point {X: 3, Y: 4}"),
            ("set p = point{Y: 5}", "p", "main.point {X: 0, Y: 5}"),
            ("set s.At = point{}", "s.At", "main.point {X: 0, Y: 0}"),
            ("set array = [3]int{2: 7}", "array", "[3]int [0,0,7]"),
            ("set array = [...]int{1, 2, 3}", "array", "[3]int [1,2,3]"),
            ("set p = point{1, 2}", "point{1, 2} == p", "true"),
            ("call slice = []int{1, 2, 5: 6}", "slice", "[]int len: 6, cap: 6, [1,2,0,0,0,6]"),
            ("call named = []int{4, 5}", "named", "main.list len: 2, cap: 2, [4,5]"),
            ("call s.Next = &shape{Name: \"made\", At: point{8, 9}, Next: &shape{Name: \"in\"}}", "s.Next.Next.Name", "\"in\""),
            ("call s.Next.Tags = []string{\"a\", \"b\"}", "s.Next.Tags", "[]string len: 2, cap: 2, [\"a\",\"b\"]"),
            ("call m = map[string]int{\"a\": 1, \"b\": half(4)}", "m", "map[string]int [\n\t\"a\": 1, \n\t\"b\": 2, \n]"),
            ("call points[point{5, 6}] = \"five\"", "points[point{5, 6}]", "\"five\""),
            ("call global = whole(point{Y: 3, X: 4}) + total([]int{1, 2})", "global", "15"),
            ("call anything = point{7, 8}", "anything", "interface {}(main.point) {X: 7, Y: 8}"),
            ("call failed = &failure{12}", "failed", "error(*main.failure) *{code: 12}"),
            ("call text = describe(&shape{Name: \"arg\", Any: 3, Tags: []string{\"t\"}})", "text",
             "\"{Name:arg At:<0 0> Next:<nil> Tags:[t] Any:3 small:0}\""),
        ]);
        refused(&mut session, &[
            ("print &point{1, 2}", "literal can not be allocated because function calls are not allowed without using 'call'"),
            ("print []int{1, 2}", "literal can not be allocated because function calls are not allowed without using 'call'"),
            ("print shape{Name: \"x\"}", "literal string can not be allocated because function calls are not allowed without using 'call'"),
            ("print point{1}", "too few values in struct literal of type main.point"),
            ("print point{1, 2, 3}", "too many values in struct literal of type main.point"),
            ("print point{Z: 1}", "unknown field Z in struct literal of type main.point"),
            ("print point{X: 1, 2}", "mixture of field:value and value elements in struct literal"),
            ("print [2]int{1, 2, 3}", "index 2 is out of bounds (2 elements)"),
            ("print int{1}", "allocating a literal of type int not implemented"),
        ]);
        // What was made lives on.
        for _ in 0..3 {
            session.send("call collect()");
        }
        assert_eq!(session.send("print s.Next.Next.Name"), "\"in\"\n");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("map[a:1 b:2] failure 12 <7 8>"), "{end}");
        session.quit();
    }

    fn variables_in_registers_are_assigned_to_where_they_are(go) {
        let program = Program::build_as("assignment", go, Flavour::Optimised);
        let mut session = Session::exec(&program);
        session.send("break main.inRegisters");
        session.send("continue");
        changed(&mut session, &[
            ("set n = -7", "n", "-7"),
            ("set text = \"\"", "text", "\"\""),
            ("set p.Y = 9", "p", "main.point {X: 1, Y: 9}"),
            ("set p.X = p.Y - 1", "p", "main.point {X: 8, Y: 9}"),
        ]);
        // Whether the place is a safe point is up to the compiler.
        let said = session.send("call text = \"longer\"");
        let text = if said.contains("call not at safe point") { "" } else { "longer" };
        assert_eq!(session.send("print text"), format!("\"{text}\"\n"), "{said}");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains(&format!("-7{text}5.5 <8 9>\n")), "{end}");
        session.quit();
    }
}
