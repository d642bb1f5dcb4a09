//! Conversions to interface types: what is in memory is looked at where it is; what is nowhere is put there by a call.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn values_are_converted_to_interfaces_that_they_implement(go) {
        let program = Program::build("boxing", go);
        let mut session = Session::exec(&program);
        session.send(&format!("break {}", program.at("boxed")));
        session.send("continue");
        for (expression, value) in [
            ("any(p)", "interface {}(main.point) {x: 1, y: 2}"),
            ("any(q)", "interface {}(*main.point) *{x: 1, y: 2}"),
            ("any(n)", "interface {}(int) 7"),
            ("any(s)", "interface {}(main.small) 3"),
            ("interface{}(text)", "interface {}(string) \"hello\""),
            ("any(failure)", "interface {}(main.point) {x: 1, y: 2}"),
            ("error(p)", "error(main.point) {x: 1, y: 2}"),
            ("error(failure)", "error(main.point) {x: 1, y: 2}"),
            ("error(nil)", "error nil"),
            ("any(p).(point).y", "2"),
            ("any(p) == any(p)", "true"),
            ("any(n) == any(s)", "false"),
        ] {
            assert_eq!(session.send(&format!("print {expression}")).trim_end(), value, "{expression}");
        }
        let refused = session.send("print error(n)");
        assert!(refused.contains("can not convert value of type int to error"), "{refused}");
        // A constant is nowhere, and nothing is called by looking.
        let refused = session.send("print any(5)");
        assert!(refused.contains("can not convert 5 constant to interface {}"), "{refused}");
        let called = session.send("call any(5)");
        assert!(called.contains("any(5): interface {}(int) 5"), "{called}");
        session.quit();
    }
}
