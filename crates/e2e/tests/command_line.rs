//! What the command line takes and refuses, word for word.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;

use adit_e2e::{Debugger, Go, Program, Session, on_oldest_and_newest};

const PROMPT: &str = "--allow-non-terminal-interactive";

#[test]
fn the_version_is_that_of_the_name_it_was_called_by() {
    let own = Debugger::new(["version"]).run();
    assert_eq!(own.status, 0);
    assert!(own.stdout.starts_with("adit Debugger\nVersion: "), "{own:?}");

    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("dlv");
    std::os::unix::fs::symlink(adit_e2e::binary(), &link).unwrap();
    let other = Debugger::new(["version"]).called(&link).run();
    assert!(other.stdout.starts_with("Delve Debugger\nVersion: 1.27.1\nBuild: "), "{other:?}");
    let verbose = Debugger::new(["version", "-v"]).run();
    assert!(verbose.stdout.contains("\nBuild Details: "), "{verbose:?}");
}

#[test]
fn missing_arguments_are_explained_with_the_usage() {
    for (command, error) in [
        ("exec", "Error: you must provide a path to a binary\n"),
        ("attach", "Error: you must provide a PID\n"),
    ] {
        let run = Debugger::new([command, PROMPT]).run();
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.stderr.starts_with(error), "{run:?}");
        assert!(run.stderr.contains("Usage:"), "{run:?}");
    }
}

#[test]
fn refusals_are_word_for_word() {
    for (arguments, stderr) in [
        (&["attach", "abc"] as &[&str], "Invalid pid: abc\n"),
        (&["exec", "--continue", "prog"], "Error: --continue only works with --headless; use an init file\n"),
        (&["exec", "--continue", "--headless", "prog"], "Error: --continue requires --accept-multiclient\n"),
        (&["exec", "--log-output=rpc", "prog"], "--log-output specified without --log\n"),
        (&["exec", PROMPT, "-r", "a", "--tty", "b", "prog"], "Can not use -r and --tty together\n"),
        (&["exec", PROMPT, "-r", "stdin:a", "-r", "b", "prog"], "redirect error: stdin redirected twice\n"),
        (
            &["exec", PROMPT, "-r", "stderr:a", "-r", "stderr:b", "prog"],
            "redirect error: stderr redirected twice\n",
        ),
        (
            &["exec", "prog"],
            "Stdin is not a terminal, use '-r' to specify redirects for the target process or \
             --allow-non-terminal-interactive=true if you really want to specify a redirect for Delve\n",
        ),
        (
            &["exec", PROMPT, "--backend=magic", "prog"],
            "could not launch process: unknown backend \"magic\"\n",
        ),
    ] {
        let run = Debugger::new(arguments).run();
        assert_eq!((run.status, run.stderr.as_str()), (1, stderr), "{arguments:?}");
    }
}

#[test]
fn what_is_no_program_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "no program\n").unwrap();
    let run = Debugger::new(["exec", PROMPT, text.to_str().unwrap()]).run();
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.ends_with("is not executable\n"), "{run:?}");

    let missing = folder.path().join("missing");
    let run = Debugger::new(["exec", PROMPT, missing.to_str().unwrap()]).run();
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.contains("could not launch process: "), "{run:?}");
    assert!(run.stderr.contains("no such file or directory"), "{run:?}");
}

#[test]
fn a_process_that_does_not_exist_cannot_be_attached_to() {
    // Above the largest process id of any kernel.
    let run = Debugger::new(["attach", PROMPT, "2147483647"]).run();
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.starts_with("could not attach to pid 2147483647: "), "{run:?}");
}

#[test]
fn completion_scripts_and_help_topics_are_there() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = Debugger::new(["completion", shell]).run();
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.stdout.contains("check-go-version"), "{shell}: {run:?}");
    }
    for (topic, word) in [("backend", "native"), ("log", "debugger"), ("redirect", "--tty")] {
        let run = Debugger::new(["help", topic]).run();
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.stdout.contains(word), "{topic}: {run:?}");
    }
}

#[test]
fn a_package_that_does_not_build_says_why() {
    let Some(go) = Go::any() else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("go.mod"), "module broken\n\ngo 1.18\n").unwrap();
    fs::write(folder.path().join("main.go"), "package main\n\nfunc main() { undefined() }\n").unwrap();
    let run = Debugger::new(["debug", PROMPT]).in_directory(folder.path()).with_go(&go).run();
    assert_eq!(run.status, 1, "{run:?}");
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(said.contains("undefined: undefined"), "{run:?}");
    assert!(run.stderr.ends_with("exit status 1\n") || run.stderr.ends_with("exit status 2\n"), "{run:?}");

    fs::write(folder.path().join("main.go"), "package broken\n").unwrap();
    let run = Debugger::new(["debug", PROMPT]).in_directory(folder.path()).with_go(&go).run();
    assert_eq!((run.status, run.stderr.as_str()), (1, "Can not debug non-main package\n"));
    assert_eq!(names(folder.path()), ["go.mod", "main.go"]);
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

on_oldest_and_newest! {
    fn debug_builds_runs_and_cleans_up(go) {
        let hello = Program::build("hello", go);
        let flags = ["debug", PROMPT, "--check-go-version=false"];
        let mut session = Debugger::new(flags).in_directory(hello.source()).with_go(go).start();
        session.send("break main.greet");
        session.send("continue");
        assert_eq!(session.send("print name"), "\"world\"\n");
        let built = names(hello.source()).into_iter().filter(|name| name.starts_with("__debug_bin")).count();
        assert!(built >= 1);
        session.quit();
    }

    fn test_runs_in_the_packages_directory(go) {
        let hello = Program::build("hello", go);
        let module = hello.source().parent().unwrap();
        let flags = ["test", PROMPT, "--check-go-version=false", "./tested", "--", "-test.v"];
        let mut session = Debugger::new(flags).in_directory(module).with_go(go).start();
        session.send("break tested.Clamp");
        let stop = session.send("continue");
        assert!(stop.contains("e2e/tested.Clamp() "), "{stop}");
        assert_eq!(session.send("print n"), "-1\n");
        session.send("clearall");
        let end = session.send("continue");
        assert!(end.contains("--- PASS: TestClamp"), "{end}");
        session.quit();
    }

    fn streams_go_where_redirects_send_them(go) {
        let program = Program::build("waiting", go);
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("in"), folder.path().join("out"));
        fs::write(&input, "one\ntwo\n").unwrap();
        let input = format!("stdin:{}", input.display());
        let to = format!("stdout:{}", output.display());
        let mut session = Session::exec_with(&program, &["-r", &input, "-r", &to], &[]);
        let end = session.send("continue");
        assert!(!end.contains("alive"), "{end}");
        session.quit();
        assert_eq!(fs::read_to_string(output).unwrap(), "ready\nalive\nalive\nend of input\n");
    }

    fn an_init_file_runs_before_the_prompt(go) {
        let program = Program::build("hello", go);
        let folder = tempfile::tempdir().unwrap();
        let init = folder.path().join("init");
        fs::write(&init, "# a comment\n\nbreak main.greet\ncontinue\nnonsense\nprint name\n").unwrap();
        let mut session = Session::exec_with(&program, &["--init", init.to_str().unwrap()], &[]);
        let said = session.transcript();
        assert!(said.contains("Breakpoint 1 set at "), "{said}");
        assert!(said.contains(&format!("{}:5: ", init.display())), "{said}");
        assert!(said.contains("\"world\"\n"), "{said}");
        assert_eq!(session.send("print len(name)"), "5\n");
        session.quit();
    }

    fn the_working_directory_is_the_one_asked_for(go) {
        let program = Program::build("hello", go);
        let mut session = Session::exec_with(&program, &["--wd", "/"], &[]);
        session.send("break main.main");
        session.send("continue");
        let pid = session.debuggees()[0];
        assert_eq!(fs::read_link(format!("/proc/{pid}/cwd")).unwrap(), std::path::Path::new("/"));
        session.quit();
    }

    fn every_version_of_go_since_1_18_is_debugged_without_being_asked_for(go) {
        let program = Program::build("hello", go);
        let run = Debugger::new(["exec", PROMPT, program.path().to_str().unwrap()]).run();
        assert_eq!(run.status, 0, "{run:?}");
        assert_eq!(run.stderr, "", "{run:?}");
    }
}
