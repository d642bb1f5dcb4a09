//! Scripts that drive the debugger on a real program.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use adit_e2e::{Go, Program, Session, Signal, on_oldest_and_newest};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts").join(name)
}

/// The scripted program, where its values are made.
fn at_here(go: &Go) -> Session {
    let program = Program::build("scripted", go);
    let mut session = Session::exec(&program);
    session.send(&format!("break {}", program.at("here")));
    session.send("continue");
    session
}

/// What a script prints, without the folder it lies in.
fn source(session: &mut Session, name: &str) -> String {
    let path = script(name);
    let shown = session.send(&format!("source {}", path.display()));
    shown.replace(&format!("{}/", path.parent().unwrap().display()), "")
}

/// The lines of a script's output are those of the file beside it.
fn assert_prints(session: &mut Session, name: &str) {
    let expected = std::fs::read_to_string(script(name).with_extension("txt")).unwrap();
    assert_eq!(source(session, &format!("{name}.star")), expected, "{name}");
}

/// The blocks of the guide, each with what it is, in order.
fn blocks() -> Vec<(String, String)> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scripts.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let fenced = guide.split("\n```").skip(1).step_by(2);
    fenced
        .map(|block| block.split_once('\n').unwrap())
        .map(|(kind, text)| (kind.into(), format!("{text}\n")))
        .collect()
}

/// Whether a command printed what the guide says; `...` stands for any lines.
fn matches(shown: &str, expected: &str) -> bool {
    match expected.split_once("...\n") {
        Some((before, after)) => shown.starts_with(before) && shown.ends_with(after),
        None => shown == expected,
    }
}

on_oldest_and_newest! {
    fn the_guides_examples_do_what_it_says(go) {
        let program = Program::build("scripted", go);
        let folder = tempfile::tempdir().unwrap();
        let mut names = Vec::new();
        for (kind, text) in blocks() {
            if kind == "python" {
                let name = text.strip_prefix("# ").unwrap().split_once(':').unwrap().0;
                std::fs::write(folder.path().join(name), &text).unwrap();
                names.push(name.to_owned());
                continue;
            }
            let mut session = Session::exec(&program);
            for step in text.split("(adit) ").filter(|step| !step.is_empty()) {
                let (command, expected) = step.split_once('\n').unwrap();
                let file = command.strip_prefix("source ").map(|name| folder.path().join(name));
                let command = file.map_or(command.to_owned(), |path| format!("source {}", path.display()));
                let shown = session.send(&command);
                assert!(matches(&shown, expected), "{command}: {shown}\nnot: {expected}");
            }
            session.quit();
        }
        assert_eq!(names, ["first.star", "commands.star", "hits.star", "until.star", "walk.star"]);
    }

    fn values_of_the_program(go) {
        let mut session = at_here(go);
        assert_prints(&mut session, "values");
        session.quit();
    }

    fn the_language(go) {
        let mut session = at_here(go);
        assert_prints(&mut session, "language");
        session.quit();
    }

    fn the_api(go) {
        let mut session = at_here(go);
        assert_prints(&mut session, "calls");
        session.quit();
    }

    fn errors_name_what_went_wrong_and_where(go) {
        let mut session = at_here(go);
        source(&mut session, "errors.star");
        let folder = format!("{}/", script("").display()).replace("//", "/");
        let mut shown = String::new();
        let cases = [
            "divide", "index", "key", "types", "attribute", "value", "unhashable", "slice", "range", "iterate",
            "nosuch", "command", "not text", "unknown", "convert", "convert field", "convert key",
            "convert unknown", "too large", "read", "read what", "write", "fail", "recurse", "frozen", "api",
        ];
        for case in cases {
            let reply = session.send(&format!("does {case}")).replace(&folder, "");
            // The calls within each other are a thousand lines.
            let last = reply.lines().last().unwrap_or_default();
            writeln!(shown, "{case}: {last}").unwrap();
        }
        shown.push_str(&session.send("fails nosuch").replace(&folder, ""));
        assert_eq!(shown, std::fs::read_to_string(script("errors.txt")).unwrap());
        session.quit();
    }

    fn commands_stay_and_have_help(go) {
        let mut session = at_here(go);
        assert_eq!(source(&mut session, "commands.star"), "");
        assert_eq!(
            session.send("help whoami"),
            "Says where it was told to apply.\n\nwhoami [<anything>]\n"
        );
        let list = session.send("help");
        for line in ["whoami", "sum", "undocumented"] {
            assert!(list.lines().any(|shown| shown.trim_start().starts_with(line)), "{line}: {list}");
        }
        assert_eq!(session.send("whoami 'a  b"), "frame 0 arguments \"'a  b\"\n");
        assert_eq!(session.send("frame 1 whoami"), "frame 1 arguments \"\"\n");
        assert_eq!(session.send("sum 1"), "11\n");
        assert_eq!(session.send("sum 1, 2"), "3\n");
        assert!(session.send("sum b = 1").starts_with("Command failed: <input>:1:4: "));
        session.quit();
    }

    fn a_breakpoint_runs_a_command(go) {
        let program = Program::build("scripted", go);
        let mut session = Session::exec(&program);
        source(&mut session, "commands.star");
        session.send("break main.step");
        session.send("on 1 count");
        for hit in 0..3 {
            let stop = session.send("continue");
            assert!(stop.ends_with(&format!("hit {hit}\n")), "{stop}");
        }
        session.quit();
    }

    fn typed_statements(go) {
        let program = Program::build("scripted", go);
        let mut session = Session::exec_on_terminal(&program, &[]);
        session.send("break main.step");
        session.send("continue");
        session.type_line("source -");
        session.expect(">>> ");
        for (line, answer) in [
            ("eval(None,\"counter\").Variable.Value", "7\r\n>>> "),
            ("def double(a):", "... "),
            ("    return 2 * a", "... "),
            ("", ">>> "),
            ("double(21)", "42\r\n>>> "),
            (
                "eval(None,\"nosuch\")",
                "Traceback (most recent call last):\r\n  <stdin>:1:5: in <expr>\r\nError in eval: could not find symbol value for nosuch\r\n>>> ",
            ),
            ("turns = [0]", ">>> "),
            ("while True:", "... "),
            ("    turns[0] += 1", "... "),
            ("    if turns[0] == 1: print(\"turn\" + \"ing\")", "... "),
        ] {
            session.type_line(line);
            session.expect(answer);
        }
        session.type_line("");
        // A key that is pressed while the line is still being read is no signal.
        session.expect("turning\r\n");
        session.type_keys("\u{3}");
        session.expect("user interrupt");
        session.expect(">>> ");
        session.type_line("exit");
        session.reply();
        session.quit();
    }

    fn control_c_ends_a_script_that_waits_for_the_program(go) {
        let program = Program::build("waiting", go);
        let mut session = Session::exec_with(&program, &[], &["forever"]);
        session.type_line(&format!("source {}", script("waits.star").display()));
        session.expect("ready");
        session.signal(Signal::SIGINT);
        let reply = session.reply();
        assert!(reply.contains("user interrupt"), "{reply}");
        // The program was stopped too, and can be looked at.
        let list = session.send("goroutines");
        assert!(list.contains("Goroutine 1 - User: "), "{list}");
        session.quit();
    }
}
