//! One editor's session, from the first message to the last. Every message is held to the protocol's schema by the
//! editor.

#![allow(missing_docs, clippy::unwrap_used)]

use adit_e2e::{Debugger, Editor, Program, on_oldest_and_newest};
use serde_json::{Value, json};

fn named<'a>(variables: &'a [Value], name: &str) -> &'a Value {
    variables
        .iter()
        .find(|variable| variable["name"] == name)
        .unwrap_or_else(|| panic!("no {name}: {variables:?}"))
}

fn names(variables: &[Value]) -> Vec<&str> {
    variables.iter().map(|variable| variable["name"].as_str().unwrap()).collect()
}

on_oldest_and_newest! {
    fn a_session_from_launch_to_exit(go) {
        let program = Program::build("scopes", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"stopOnEntry": true}));
        editor.ask("configurationDone", json!(null));
        assert_eq!(editor.event("stopped"), json!({"reason": "entry", "threadId": 1, "allThreadsStopped": true}));
        let functions = json!({"breakpoints": [{"name": "main.main"}]});
        let set = editor.ask("setFunctionBreakpoints", functions);
        assert_eq!(set["breakpoints"][0]["verified"], true);
        let stopped = editor.go_on();
        assert_eq!((&stopped["reason"], &stopped["threadId"]), (&json!("function breakpoint"), &json!(1)));
        let threads = editor.ask("threads", json!(null));
        let name = threads["threads"][0]["name"].as_str().unwrap();
        assert!(name.starts_with("* [Go 1] main.main (Thread "), "{name}");
        let frames = editor.frames(&json!(1));
        assert_eq!(frames[0]["name"], "main.main");
        assert_eq!(frames[1]["presentationHint"], "subtle");
        editor.ask("next", json!({"threadId": 1}));
        assert_eq!(editor.event("stopped")["reason"], "step");
        editor.ask("setFunctionBreakpoints", json!({"breakpoints": []}));
        editor.ask("continue", json!({"threadId": 1}));
        assert_eq!(editor.event("exited")["exitCode"], 0);
        editor.event("terminated");
        assert_eq!(editor.finish(), 0);
    }

    fn an_editor_that_vanishes_leaves_nothing_behind(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"args": ["run"]}));
        editor.ask("configurationDone", json!(null));
        assert_eq!(editor.vanish(), 0);
    }

    fn breakpoints_take_effect_while_the_program_runs(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"args": ["run"]}));
        editor.ask("configurationDone", json!(null));
        let set = editor.break_at(&program, &["tick"]);
        assert_eq!(set[0]["verified"], true, "{set}");
        let stopped = editor.event("stopped");
        assert_eq!(stopped["reason"], "breakpoint");
        assert_eq!(stopped["hitBreakpointIds"], json!([set[0]["id"]]));
        editor.break_with(&program, &[]);
        editor.ask("continue", json!({"threadId": 1}));
        assert_eq!(editor.refused("stackTrace", json!({"threadId": 1})),
            "Unable to process `stackTrace`: debuggee is running");
        assert_eq!(editor.ask("threads", json!(null)), json!({"threads": [{"id": -1, "name": "Current"}]}));
        editor.ask("pause", json!({"threadId": 1}));
        assert_eq!(editor.event("stopped")["reason"], "pause");
        assert_eq!(editor.finish(), 0);
    }

    fn the_programs_output_comes_as_events(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"outputMode": "remote"}));
        editor.ask("configurationDone", json!(null));
        let (mut out, mut err) = (String::new(), String::new());
        let status = loop {
            let message = editor.receive().unwrap();
            let text = message["body"]["output"].as_str().unwrap_or_default();
            match (message["event"].as_str(), message["body"]["category"].as_str()) {
                (Some("output"), Some("stdout")) => out.push_str(text),
                (Some("output"), Some("stderr")) => err.push_str(text),
                (Some("exited"), _) => break message["body"]["exitCode"].clone(),
                _ => {}
            }
        };
        assert_eq!(status, 7);
        assert_eq!(err, "to standard error: ä\n");
        assert!(out.ends_with("sum 6\n"), "{out}");
        assert_eq!(editor.finish(), 0);
    }

    fn values_are_opened_part_by_part(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"showGlobalVariables": true}));
        editor.break_at(&program, &["show"]);
        editor.ask("configurationDone", json!(null));
        editor.event("stopped");
        let frame = editor.frames(&json!(1))[0].clone();
        let locals = editor.scope(&frame, "Locals");
        let unnamed = "~r0";
        assert_eq!(names(&locals),
            ["n", unnamed, "deep", "long", "text", "failure", "keyed", "small", "name"]);
        assert_eq!(named(&locals, "small")["value"], "98 = 0x62");
        assert_eq!(named(&locals, "failure")["type"], "error(*errors.errorString)");
        let deep = editor.variables(&named(&locals, "deep")["variablesReference"]);
        assert_eq!((&deep[0]["name"], &deep[0]["evaluateName"]), (&json!(""), &json!("(*deep)")));
        let fields = editor.variables(&deep[0]["variablesReference"]);
        assert_eq!(names(&fields), ["Name", "At", "Next", "Index"]);
        let next = editor.variables(&named(&fields, "Next")["variablesReference"]);
        let next = editor.variables(&next[0]["variablesReference"]);
        let last = editor.variables(&named(&next, "Next")["variablesReference"]);
        assert!(last[0]["value"].as_str().unwrap().contains("\"third\""), "{last:?}");
        let index = editor.variables(&named(&fields, "Index")["variablesReference"]);
        assert_eq!(names(&index), ["len()", "\"a\"", "\"b\""]);
        assert_eq!(named(&index, "\"b\"")["evaluateName"], "(*deep).Index[\"b\"]");
        let long = named(&locals, "long");
        assert_eq!(long["indexedVariables"], 1000);
        let page = json!({"variablesReference": long["variablesReference"], "filter": "indexed", "start": 990, "count": 3});
        let page = editor.ask("variables", page)["variables"].clone();
        assert_eq!((&page[0]["name"], &page[0]["value"]), (&json!("[990]"), &json!("980100")));
        let text = editor.variables(&named(&locals, "text")["variablesReference"]);
        assert_eq!((&text[0]["name"], &text[0]["value"]), (&json!("string()"), &json!("\"bytes\"")));
        let keyed = editor.variables(&named(&locals, "keyed")["variablesReference"]);
        assert_eq!(names(&keyed), ["len()", "[key 0]", "[val 0]"]);
        let globals = editor.scope(&frame, "Globals (package main)");
        assert_eq!(named(&globals, "global")["value"], "7");
        assert_eq!(editor.evaluate(&frame, "long[3] + n"), "9");
        assert_eq!(editor.finish(), 0);
    }

    fn variables_are_set_and_functions_called(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({}));
        editor.break_at(&program, &["show"]);
        editor.ask("configurationDone", json!(null));
        editor.event("stopped");
        let frame = editor.frames(&json!(1))[0].clone();
        let scopes = editor.ask("scopes", json!({"frameId": frame["id"]}));
        let reference = &scopes["scopes"][0]["variablesReference"];
        let set = |name: &str, value: &str| json!({"variablesReference": reference, "name": name, "value": value});
        assert_eq!(editor.ask("setVariable", set("n", "40"))["value"], "40");
        assert_eq!(editor.evaluate(&frame, "n"), "40");
        editor.ask("setVariable", set("name", "\"new\""));
        assert_eq!(editor.evaluate(&frame, "name"), "\"new\"");
        assert_eq!(editor.evaluate(&frame, "call tick(41)"), "42");
        let refused = editor.refused("setVariable", set("nope", "1"));
        assert_eq!(refused, "Unable to set variable: failed to find the named variable");
        assert_eq!(editor.finish(), 0);
    }

    fn a_step_goes_into_the_call_that_is_chosen(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({}));
        editor.break_at(&program, &["chain"]);
        editor.ask("configurationDone", json!(null));
        editor.event("stopped");
        let frame = editor.frames(&json!(1))[0].clone();
        let targets = editor.ask("stepInTargets", json!({"frameId": frame["id"]}))["targets"].clone();
        assert_eq!((&targets[0]["label"], &targets[1]["label"]), (&json!("main.tick"), &json!("main.double")));
        editor.ask("stepIn", json!({"threadId": 1, "targetId": targets[1]["id"]}));
        assert_eq!(editor.event("stopped")["reason"], "step");
        assert_eq!(editor.frames(&json!(1))[0]["name"], "main.double");
        assert_eq!(editor.finish(), 0);
    }

    fn data_breakpoints_stop_at_writes(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({}));
        editor.break_at(&program, &["chain"]);
        editor.ask("configurationDone", json!(null));
        editor.event("stopped");
        let frame = editor.frames(&json!(1))[0].clone();
        let info = editor.ask("dataBreakpointInfo", json!({"name": "main.global", "frameId": frame["id"]}));
        let wanted = json!([{"dataId": info["dataId"], "accessType": "write"}]);
        let set = editor.ask("setDataBreakpoints", json!({"breakpoints": wanted}));
        assert_eq!(set["breakpoints"][0]["verified"], true, "{set}");
        let stopped = editor.go_on();
        assert_eq!(stopped["reason"], "data breakpoint");
        assert_eq!(editor.finish(), 0);
    }

    fn code_and_memory_are_shown(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({}));
        editor.break_at(&program, &["show"]);
        editor.ask("configurationDone", json!(null));
        editor.event("stopped");
        let frame = editor.frames(&json!(1))[0].clone();
        let reference = frame["instructionPointerReference"].clone();
        let wanted = json!({"memoryReference": reference, "instructionOffset": -300, "instructionCount": 600});
        let code = editor.ask("disassemble", wanted)["instructions"].clone();
        assert_eq!(code.as_array().unwrap().len(), 600);
        assert_eq!(code[300]["address"], reference);
        let locals = editor.scope(&frame, "Locals");
        let text = named(&locals, "text");
        let read = editor.ask("readMemory", json!({"memoryReference": text["memoryReference"], "count": 100}));
        assert_eq!((&read["data"], &read["unreadableBytes"]), (&json!("Ynl0ZXM="), &json!(95)));
        let write = json!({"memoryReference": text["memoryReference"], "offset": 1, "data": "WFk="});
        assert_eq!(editor.ask("writeMemory", write)["bytesWritten"], 2);
        assert_eq!(editor.evaluate(&frame, "string(text)"), "\"bXYes\"");
        let set = json!({"expression": "deep.At.Y", "value": "9", "frameId": frame["id"]});
        assert_eq!(editor.ask("setExpression", set)["value"], "9");
        let completed = editor.ask("completions", json!({"text": "deep.N", "column": 7, "frameId": frame["id"]}));
        let labels: Vec<_> = completed["targets"].as_array().unwrap().iter().map(|target| &target["label"]).collect();
        assert_eq!(labels, ["Name", "Next"]);
        let path = program.source().join("main.go");
        let sources = editor.ask("loadedSources", json!(null))["sources"].clone();
        assert!(sources.as_array().unwrap().iter().any(|source| source["path"] == path.to_str().unwrap()));
        let line = program.line("show");
        let wanted = json!({"source": {"path": path}, "line": line - 10, "endLine": line});
        let places = editor.ask("breakpointLocations", wanted)["breakpoints"].clone();
        assert!(places.as_array().unwrap().iter().any(|place| place["line"] == line), "{places}");
        assert_eq!(editor.finish(), 0);
    }

    fn a_panic_is_an_exception(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({"args": ["panic"]}));
        editor.ask("configurationDone", json!(null));
        let stopped = editor.event("stopped");
        assert_eq!(stopped, json!({
            "reason": "exception", "description": "panic", "text": "\"as asked\"", "threadId": 1,
            "allThreadsStopped": true, "hitBreakpointIds": [-1],
        }));
        let info = editor.ask("exceptionInfo", json!({"threadId": 1}));
        assert_eq!((&info["exceptionId"], &info["description"]), (&json!("panic"), &json!("\"as asked\"")));
        let stack = info["details"]["stackTrace"].as_str().unwrap();
        assert!(stack.starts_with("Stack:\n\t") && stack.contains("in main.main\n\t    at "), "{stack}");
        assert_eq!(editor.finish(), 0);
    }

    fn log_points_write_and_do_not_stop(go) {
        let program = Program::build("edited", go);
        let mut editor = Editor::start();
        editor.launch(&program, json!({}));
        let line = program.line("show");
        editor.break_with(&program, &[json!({"line": line, "logMessage": "n is {n}, {nope}!"})]);
        editor.ask("configurationDone", json!(null));
        for n in 0..3 {
            let logged = loop {
                let output = editor.event("output");
                if output["category"] == "stdout" {
                    break output;
                }
            };
            let text = logged["output"].as_str().unwrap();
            assert!(text.starts_with(&format!("> [Go 1]: n is {n}, {{eval err: ")), "{text}");
            assert_eq!(logged["line"], line);
        }
        assert_eq!(editor.event("exited")["exitCode"], 7);
        assert_eq!(editor.finish(), 0);
    }
}

#[test]
fn requests_that_come_too_early_are_refused() {
    let mut editor = Editor::start();
    let early = "No debug session started: Use launch or attach request first.";
    for command in ["threads", "configurationDone"] {
        assert_eq!(editor.refused(command, json!(null)), early);
    }
    editor.initialize();
    assert_eq!(editor.refused("continue", json!({"threadId": 1})), early);
    let wrong = editor.refused("launch", json!({"mode": "nope", "program": "x"}));
    assert_eq!(
        wrong,
        "Failed to launch: invalid debug configuration - unsupported 'mode' attribute \"nope\""
    );
    let missing = editor.refused("launch", json!({"mode": "exec", "program": "/does/not/exist"}));
    assert!(missing.starts_with("Failed to launch"), "{missing}");
    assert_eq!(editor.finish(), 0);
}

#[test]
fn what_is_no_message_does_no_harm() {
    let mut editor = Editor::start();
    editor.send_raw("{nonsense");
    assert_eq!(editor.receive().unwrap()["success"], false);
    editor.initialize();
    editor.send_bytes(b"Content-Length: 99999999999\r\n\r\n");
    assert!(editor.receive().is_none());
    assert_eq!(editor.end(), 0);
}

#[test]
fn flags_of_the_prompt_are_warned_of() {
    let editor = Editor::of(Debugger::new(["dap", "--headless", "--init", "x"]));
    assert_eq!(editor.finish(), 0);
}
