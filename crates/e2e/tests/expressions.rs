//! The expression language, row by row: the program `expressions`, stopped once in each of its functions that say so.
//! What random expressions come to is in `properties`.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Go, Program, Session, on_oldest_and_newest};

/// Addresses are not the same twice.
fn redacted(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("0x") {
        let digits = rest[at + 2..].bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push_str(&rest[..at]);
        out.push_str(if digits >= 6 { "0xADDR" } else { &rest[at..at + 2 + digits] });
        rest = &rest[at + 2 + digits..];
    }
    out + rest
}

fn stopped_at(go: &Go, mark: &str) -> Session {
    let program = Program::build("expressions", go);
    let mut session = Session::exec(&program);
    session.send(&format!("break {}", program.at(mark)));
    session.send("continue");
    session
}

/// Each line of a table is an expression and, behind ` => `, what `print` answers; `! ` in front of that is an error.
fn check_table(session: &mut Session, table: &str) {
    let mut wrong = String::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, expected) = line.split_once(" => ").unwrap();
        let reply = redacted(session.send(&format!("print {}", expression.trim())).trim_end_matches('\n'));
        let shown = match reply.strip_prefix("Command failed: ") {
            Some(error) => format!("! {error}"),
            None => reply.replace('\n', "\\n").replace('\t', "\\t"),
        };
        if shown != expected {
            wrong.push_str(&format!(
                "{}\n    expected: {expected}\n    answered: {shown}\n",
                expression.trim()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

on_oldest_and_newest! {
    fn every_row_of_the_expression_language(go) {
        let mut session = stopped_at(go, "main");
        for table in [
            include_str!("expressions/syntax.txt"),
            include_str!("expressions/names.txt"),
            include_str!("expressions/selectors.txt"),
            include_str!("expressions/registers.txt"),
            include_str!("expressions/conversions.txt"),
            include_str!("expressions/builtins.txt"),
            include_str!("expressions/indices.txt"),
            include_str!("expressions/operators.txt"),
            include_str!("expressions/comparisons.txt"),
        ] {
            check_table(&mut session, table);
        }
        session.quit();
    }

    fn addresses_that_were_printed_are_read_as_any_type(go) {
        let mut session = stopped_at(go, "main");
        let address = |session: &mut Session, expression: &str| {
            let shown = session.send(&format!("print &{expression}"));
            let digits = shown.split("(0x").nth(1).unwrap().split(')').next().unwrap().to_owned();
            format!("0x{digits}")
        };
        let node = address(&mut session, "*node");
        for form in [
            "*(*\"e2e/expressions/deep/shapes.Node\")",
            "*(*\"e2e/expressions/deep/shapes\".Node)",
            "*(\"*e2e/expressions/deep/shapes.Node\")",
            "*(*shapes.Node)",
        ] {
            assert_eq!(session.send(&format!("print ({form}({node})).Next.Val")), "2\n", "{form}");
        }
        let ints = address(&mut session, "ints[0]");
        for (form, shown) in [
            ("*(*int)", "1\n"),
            ("*(*[2]int)", "[2]int [1,2]\n"),
            ("*(*[3]main.count)", "[3]main.count [1,2,3]\n"),
            ("*(*[2][2]int)", "[2][2]int [\n\t[1,2],\n\t[3,4],\n]\n"),
            ("*(*main.base)", "main.base {ID: 1, Level: 2}\n"),
        ] {
            assert_eq!(session.send(&format!("print {form}({ints})")), shown, "{form}");
        }
        session.quit();
    }

    fn frames_of_others_are_looked_into(go) {
        let mut session = stopped_at(go, "callee");
        check_table(&mut session, r#"
            local                      => "callee"
            runtime.frame(0).local     => "callee"
            runtime.frame(1).i         => 7
            runtime.frame(1).s.a.b + 1 => 9
            runtime.frame(1).local     => ! could not find symbol value for local
            depth                      => 1
            x                          => ! could not find symbol value for x
            shadow                     => "of the package"
        "#);
        session.quit();
    }

    fn values_of_generic_code_have_the_types_of_the_instance(go) {
        let mut session = stopped_at(go, "generic");
        assert_eq!(session.send("print v.Key"), "\"a\"\n");
        session.send("continue");
        assert_eq!(session.send("print v + \"s\""), "\"texts\"\n");
        session.quit();
    }
}
