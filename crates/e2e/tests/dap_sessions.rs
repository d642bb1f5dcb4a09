//! How an editor's sessions begin and end: what is built, attached to, restarted, run without being debugged, or served
//! to others as well.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Debugger, Editor, Program, Server, Waiting, on_oldest_and_newest};
use serde_json::{Value, json};

/// All that is told on the way to the next event of a kind.
fn outputs_until(editor: &mut Editor, last: &str) -> String {
    let mut text = String::new();
    loop {
        let message = editor.receive().unwrap();
        match message["event"].as_str() {
            Some("output") => text.push_str(message["body"]["output"].as_str().unwrap()),
            Some(event) if event == last => return text,
            _ => {}
        }
    }
}

on_oldest_and_newest! {
    fn a_package_is_built_and_the_binary_removed(go) {
        let folder = tempfile::tempdir().unwrap();
        let package = Program::build("edited", go).source().to_owned();
        let mut editor = Editor::of(Debugger::new(["dap"]).in_directory(folder.path()).with_go(go));
        editor.initialize();
        let launch = editor.send("launch", json!({"mode": "debug", "program": package, "dlvCwd": package,
            "output": folder.path().join("built"), "stopOnEntry": true}));
        assert_eq!(editor.response(launch)["success"], true);
        assert!(folder.path().join("built").exists());
        let told = editor.take_events();
        assert_eq!(told[0]["body"]["output"], format!("Building {}\n", package.display()));
        assert_eq!(told[1]["event"], "process");
        assert_eq!(editor.finish(), 0);
        assert!(!folder.path().join("built").exists());
    }

    fn tests_are_built_and_run_where_they_are(go) {
        let folder = tempfile::tempdir().unwrap();
        let package = Program::build("hello", go).source().parent().unwrap().join("tested");
        let mut editor = Editor::of(Debugger::new(["dap"]).in_directory(&package).with_go(go));
        editor.initialize();
        editor.ask("launch", json!({"mode": "test", "program": ".", "output": folder.path().join("built"),
            "args": ["-test.v"], "outputMode": "remote"}));
        editor.ask("configurationDone", json!(null));
        let told = outputs_until(&mut editor, "terminated");
        assert!(told.contains("--- PASS") || told.contains("ok"), "{told}");
        assert_eq!(editor.finish(), 0);
    }

    fn what_does_not_compile_is_told_with_the_compilers_words(go) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("go.mod"), "module broken\n\ngo 1.18\n").unwrap();
        std::fs::write(folder.path().join("main.go"), "package main\n\nfunc main() { nonsense }\n").unwrap();
        let mut editor = Editor::of(Debugger::new(["dap"]).in_directory(folder.path()).with_go(go));
        editor.initialize();
        let refused = editor.refused("launch", json!({"mode": "debug", "program": "."}));
        assert_eq!(refused, "Failed to launch: Build error: Check the debug console for details.");
        let told: Vec<Value> = editor.take_events();
        let text = told.last().unwrap()["body"]["output"].as_str().unwrap();
        assert!(text.starts_with("Build Error: go build -o "), "{text}");
        assert!(text.contains("undefined: nonsense") && text.contains("\n (exit status "), "{text}");
        assert_eq!(editor.finish(), 0);
    }

    fn an_attached_process_runs_on(go) {
        let program = Program::build("waiting", go);
        let Some(mut waiting) = Waiting::start(&program) else { return };
        let mut editor = Editor::start();
        editor.initialize();
        editor.ask("attach", json!({"mode": "local", "processId": waiting.id()}));
        editor.ask("configurationDone", json!(null));
        waiting.assert_alive();
        editor.ask("pause", json!({"threadId": 1}));
        assert_eq!(editor.event("stopped")["reason"], "pause");
        editor.ask("disconnect", json!({"terminateDebuggee": false}));
        assert_eq!(editor.event("output")["output"], "Detaching without terminating target process\n");
        assert_eq!(editor.end(), 0);
        waiting.assert_alive();
        waiting.end();
    }

    fn a_program_is_started_again(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"outputMode": "remote"}));
        editor.break_at(&program, &["chain"]);
        editor.ask("configurationDone", json!(null));
        editor.event("stopped");
        editor.ask("restart", json!({"arguments": {"request": "launch", "mode": "exec", "program": program.path(),
            "args": ["panic"], "outputMode": "remote"}}));
        editor.event("initialized");
        editor.break_with(&program, &[]);
        editor.ask("configurationDone", json!(null));
        assert_eq!(editor.event("stopped")["description"], "panic");
        assert_eq!(editor.finish(), 0);
    }

    fn a_program_runs_without_being_debugged(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.initialize();
        editor.ask("launch", json!({"mode": "exec", "program": program.path(), "noDebug": true, "outputMode": "remote"}));
        let told = outputs_until(&mut editor, "exited");
        assert!(told.contains("sum 6\n") && told.contains("has exited with status 7\n"), "{told}");
        editor.event("terminated");
        assert_eq!(editor.finish(), 0);
        let mut editor = Editor::start();
        editor.initialize();
        editor.ask("launch", json!({"mode": "exec", "program": program.path(), "noDebug": true, "args": ["run"]}));
        assert_eq!(editor.refused("threads", json!(null)), "noDebug mode: unable to process 'threads' request");
        assert_eq!(editor.finish(), 0);
    }

    fn editors_and_prompts_share_a_servers_session(go) {
        let program = Program::build("edited", go);
        let server = Server::exec(&program, &["--accept-multiclient"], &["run"]);
        let mut editor = Editor::connect(server.address());
        editor.initialize();
        let refused = editor.refused("launch", json!({"mode": "exec", "program": program.path()}));
        assert!(refused.contains("debug session already in progress at "), "{refused}");
        editor.ask("attach", json!({"mode": "remote", "stopOnEntry": true}));
        editor.break_at(&program, &["tick"]);
        editor.ask("configurationDone", json!(null));
        assert_eq!(editor.event("stopped")["reason"], "entry");
        assert_eq!(editor.go_on()["reason"], "breakpoint");
        let mut prompt = server.connect();
        let listed = prompt.send("breakpoints");
        assert!(listed.contains("main.tick"), "{listed}");
        prompt.type_line("exit");
        prompt.expect("Would you like to kill the headless instance? [Y/n] ");
        prompt.type_line("n");
        prompt.finish(0);
        editor.ask("disconnect", json!({"terminateDebuggee": false}));
        assert!(outputs_until(&mut editor, "terminated").is_empty());
        let mut another = Editor::connect(server.address());
        another.initialize();
        another.ask("attach", json!({"mode": "remote", "stopOnEntry": true}));
        another.ask("configurationDone", json!(null));
        another.ask("disconnect", json!({"terminateDebuggee": true}));
        server.finish(0);
    }

    fn the_only_editor_of_a_server_ends_it(go) {
        let program = Program::build("edited", go);
        let server = Server::exec(&program, &[], &["run"]);
        let mut editor = Editor::connect(server.address());
        editor.initialize();
        editor.ask("attach", json!({"mode": "remote"}));
        editor.ask("configurationDone", json!(null));
        editor.vanish();
        server.finish(0);
    }
}
