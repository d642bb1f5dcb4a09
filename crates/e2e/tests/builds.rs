//! Programs built in other ways than a debugger builds them.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Flavour, Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_stripped_program_still_has_functions_lines_and_stacks(go) {
        let program = Program::build_as("hits", go, Flavour::Stripped);
        let mut session = Session::exec(&program);
        let set = session.send("break main.work");
        assert!(set.starts_with("Breakpoint 1 set at 0x"), "{set}");
        let stop = session.send("continue");
        assert!(stop.contains("main.work() "), "{stop}");
        assert!(stop.contains("main.go:"), "{stop}");
        let stack = session.send("stack");
        assert!(stack.contains(" in main.main.func1"), "{stack}");
        assert!(stack.contains(" in runtime.goexit\n"), "{stack}");
        let list = session.send("goroutines");
        assert!(list.contains("main.main"), "{list}");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("total 10000\n"), "{end}");
        session.quit();
    }

    fn a_position_independent_program_is_debugged_where_it_lies(go) {
        let program = Program::build_as("hello", go, Flavour::Pie);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("greet")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!("main.greet() ./main.go:{}", program.line("greet"))), "{stop}");
        assert_eq!(session.send("print name"), "\"world\"\n");
        let stack = session.send("stack");
        assert!(stack.contains(" in main.main\n"), "{stack}");
        let end = session.send("continue");
        assert!(end.contains("hello, world\n"), "{end}");
        session.quit();
    }

    fn an_optimised_program_says_so_and_shows_inlined_calls(go) {
        let program = Program::build_as("hello", go, Flavour::Optimised);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("greet")));
        let stop = session.send("continue");
        assert!(stop.contains(&format!(" ./main.go:{} ", program.line("greet"))), "{stop}");
        assert!(stop.contains("Warning: debugging optimized function"), "{stop}");
        let stack = session.send("stack");
        let functions: Vec<&str> = stack.lines().filter_map(|line| line.split_once(" in ")).map(|(_, f)| f).collect();
        assert_eq!(functions[..2], ["main.greet", "main.main"], "{stack}");
        let end = session.send("continue");
        assert!(end.contains("hello, world\n"), "{end}");
        session.quit();
    }
}
