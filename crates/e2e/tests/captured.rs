//! What closures have captured is known from their first instruction on, before they have copied it.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Program, Session, on_oldest_and_newest};

on_oldest_and_newest! {
    fn a_closure_has_captured_its_variables_where_it_begins(go) {
        let program = Program::build("opencoded", go);
        let mut session = Session::exec(&program);
        session.send("break main.plain.func1");
        session.send("continue");
        assert_eq!(session.send("print name"), "\"seven\"\n");
        assert_eq!(session.send("print amount + len(name)"), "12\n");
        session.send("next");
        assert_eq!(session.send("print amount + len(name)"), "12\n");
        // By reference, too.
        session.send("break main.failing.func1");
        session.send("continue");
        assert_eq!(session.send("print amount"), "3\n");
        assert_eq!(session.send("print result"), "0\n");
        session.send("set result = 8");
        session.send("next");
        assert_eq!(session.send("print result"), "8\n");
        session.quit();
    }
}
