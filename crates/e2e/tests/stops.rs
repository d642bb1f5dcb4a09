//! Stopping in programs and looking around: breakpoints, stacks, variables, goroutines, and steps.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_breakpoint_by_function_stops_there(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        let set = session.send("break main.main");
        assert!(set.starts_with("Breakpoint 1 set at 0x"), "{set}");
        assert!(set.contains(&format!(" for main.main() ./main.go:{}", program.line("main"))), "{set}");
        let stop = session.send("continue");
        assert!(stop.contains("main.main() ./main.go:"), "{stop}");
        assert!(stop.contains("(hits goroutine(1):1 total:1) (PC: 0x"), "{stop}");
        // The listing around the line, with its arrow.
        assert!(stop.contains(&format!("=>{:>4}:\tfunc main() {{", program.line("main"))), "{stop}");
        let end = session.send("continue");
        assert!(end.contains("hello, world\n"), "{end}");
        assert!(end.contains("has exited with status 0"), "{end}");
        session.quit();
    }

    fn a_breakpoint_in_a_worker_goroutine_shows_its_stack_and_variables(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("work")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("main.work() ./main.go:{}", program.line("work"))), "{stop}");
        assert!(!stop.contains("hits goroutine(1):"), "{stop}");

        let stack = session.send("stack");
        let functions: Vec<&str> = stack.lines().filter_map(|line| line.split_once(" in ")).map(|(_, f)| f).collect();
        assert_eq!(functions[0], "main.work", "{stack}");
        assert!(functions[1].starts_with("main.main.func1"), "{stack}");
        assert_eq!(*functions.last().unwrap(), "runtime.goexit", "{stack}");

        let arguments = session.send("args");
        let names: Vec<&str> = arguments.lines().filter_map(|line| line.split(" = ").next()).collect();
        assert_eq!(names, ["worker", "call"], "{arguments}");
        assert_eq!(session.send("print workers"), "8\n");

        let up = session.send("frame 1 print call");
        assert!(up.trim().parse::<u32>().is_ok(), "{up}");
        session.quit();
    }

    fn locals_are_those_of_the_line(go) {
        let program = Program::build("closures", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("done")));
        session.send("continue");
        let locals = session.send("locals");
        assert!(locals.contains("factor = 3"), "{locals}");
        assert!(locals.contains("values = []int len: 3, cap: 3, [...]"), "{locals}");
        assert_eq!(session.send("print values"), "[]int len: 3, cap: 3, [3,6,9]\n");
        session.quit();
    }

    fn captured_variables_are_shown_in_a_closure(go) {
        let program = Program::build("closures", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("product")));
        session.send("continue");
        assert_eq!(session.send("print factor"), "3\n");
        assert_eq!(session.send("print value"), "1\n");
        session.send("next");
        assert_eq!(session.send("print product"), "3\n");
        session.quit();
    }

    fn every_goroutine_is_listed_once(go) {
        let program = Program::build("hits", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("done")));
        session.send("continue");
        let list = session.send("goroutines");
        let count = list.lines().filter(|line| line.contains("Goroutine ")).count();
        assert!(list.trim_end().ends_with(&format!("[{count} goroutines]")), "{list}");
        assert_eq!(list.lines().filter(|line| line.starts_with("* Goroutine 1 - User: ./main.go:")).count(), 1, "{list}");
        session.quit();
    }

    fn ten_thousand_goroutines_are_listed(go) {
        let program = Program::build("many", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("parked")));
        session.send("continue");
        let list = session.send("goroutines");
        let parked = list.lines().filter(|line| line.contains("main.park (0x")).count();
        assert_eq!(parked, 10_000, "{}", &list[..list.len().min(2000)]);
        let waiting = list.lines().filter(|line| line.contains("[chan receive")).count();
        // The last ones may still be on their way into the channel.
        assert!(waiting >= 9_990, "{waiting}");
        session.quit();
    }

    fn steps_go_over_into_and_out_of_a_call(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec(&program);
        session.send("break main.main");
        session.send("continue");
        let to_call = session.send("next");
        assert!(to_call.contains(&format!("main.main() ./main.go:{}", program.line("main") + 1)), "{to_call}");
        let inside = session.send("step");
        assert!(inside.contains("main.greet() ./main.go:"), "{inside}");
        assert_eq!(session.send("print name"), "\"world\"\n");
        let outside = session.send("stepout");
        assert!(outside.contains("main.main() ./main.go:"), "{outside}");
        assert!(outside.contains("Values returned:"), "{outside}");
        assert!(outside.contains("\"hello, world\""), "{outside}");
        session.quit();
    }

    fn a_generic_function_is_found_by_name_and_stops_for_each_type(go) {
        let program = Program::build("generics", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("sum")));
        let first = session.send("continue");
        assert!(first.contains("main.sum["), "{first}");
        assert_eq!(session.send("print value"), "1\n");
        for _ in 0..2 {
            session.send("continue");
        }
        assert_eq!(session.send("print value"), "3\n");
        session.send("continue");
        assert_eq!(session.send("print value"), "1.5\n");
        session.quit();
    }

    fn values_of_every_kind_are_shown(go) {
        let program = Program::build("kinds", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("kinds")));
        session.send("continue");
        for (expression, value) in [
            ("yes", "true"),
            ("i8", "-8"),
            ("i16", "-16"),
            ("i32", "-32"),
            ("i64", "-64"),
            ("u8", "8"),
            ("u16", "16"),
            ("u32", "32"),
            ("u64", "18446744073709551615"),
            ("f32", "1.5"),
            ("f64", "2.25"),
            ("c64", "(1 + 2i)"),
            ("c128", "(3 + -4i)"),
            ("text", "\"grüß dich\""),
            ("empty", "\"\""),
            ("letter", "955"),
            ("when", "summer (1)"),
            ("array", "[3]int [1,2,3]"),
            ("slice", "[]string len: 2, cap: 2, [\"a\",\"b\"]"),
            ("noSlice", "[]int len: 0, cap: 0, nil"),
            ("noDict", "map[string]int nil"),
            ("dict[\"two\"]", "2"),
            ("pt", "main.point {X: 3, Y: 4}"),
            ("noPtr", "*main.point nil"),
            ("any1", "interface {} nil"),
            ("any2", "interface {}(int) 42"),
            ("shown", "main.shape(main.point) {X: 3, Y: 4}"),
            ("noErr", "error nil"),
            ("root.Left.Value", "1"),
            ("fn", "main.double"),
            ("noFn", "nil"),
            ("multiarray[1][0]", "3"),
            ("len(dict)", "2"),
            ("pt.X + 2*pt.Y", "11"),
        ] {
            let shown = session.send(&format!("print {expression}"));
            assert_eq!(shown.trim_end(), value, "{expression}");
        }
        let pointer = session.send("print ppt");
        assert!(pointer.ends_with("*main.point {X: 3, Y: 4}\n"), "{pointer}");
        let queue = session.send("print queue");
        assert!(queue.starts_with("chan int "), "{queue}");
        assert_eq!(session.send("print len(queue)"), "2\n");
        let err = session.send("print err");
        assert!(err.contains("went wrong"), "{err}");
        session.quit();
    }
}
