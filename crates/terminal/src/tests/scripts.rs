//! The prompt with an engine for scripts that is none: its scripts are lists of commands.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{run, run_with};
use crate::{HostError, ScriptCommand, ScriptEngine, ScriptHost};

/// Knows a command `census`, and one that replaces `sources`.
#[derive(Default)]
struct Engine {
    calls: Mutex<Vec<String>>,
}

impl ScriptEngine for Engine {
    fn run_file(&self, path: &Path, host: &mut dyn ScriptHost) -> Result<(), String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        for line in text.lines() {
            match host.command(line) {
                Ok(()) => {}
                Err(HostError::Failed(error)) => host.error(&format!("script: {error}")),
                Err(HostError::Exit) => return Err("not shown: the session is over".to_owned()),
            }
        }
        Ok(())
    }

    fn read_interactive(&self, host: &mut dyn ScriptHost) -> Result<(), String> {
        while let Ok(Some(line)) = host.read_line(">>> ") {
            if line == "exit" {
                return Ok(());
            }
            host.print(&format!("{line}!\n"));
        }
        Err("the input ended".to_owned())
    }

    fn commands(&self) -> Vec<ScriptCommand> {
        let command = |name: &str, help: &str| ScriptCommand { name: name.to_owned(), help: help.to_owned() };
        vec![command("census", "Counts.\n\nIn full."), command("sources", "user defined")]
    }

    fn call(&self, name: &str, arguments: &str, host: &mut dyn ScriptHost) -> Result<(), String> {
        let scope = host.scope();
        self.calls
            .lock()
            .unwrap()
            .push(format!("{name}({arguments}) {} {}", scope.goroutine_id, scope.frame));
        match arguments {
            "again" => host.command("census again").map_err(|error| match error {
                HostError::Failed(text) => text,
                HostError::Exit => "not shown".to_owned(),
            }),
            "leave" => host.command("exit -d").map_err(|_| "not shown".to_owned()),
            "fail" => Err("it failed".to_owned()),
            _ => Ok(()),
        }
    }
}

#[test]
fn scripts_run_commands_and_are_commands() {
    let engine = Arc::new(Engine::default());
    let given: Arc<dyn ScriptEngine> = engine.clone();
    let ran = run_with(
        "source -\na\nexit\nsource nothing.star\ncensus one two\nsources\ngr 21 frame 1 census x\ncensus fail\nhelp census\nprint a\nrev census\n",
        |_| {},
        |options, dir| {
            std::fs::write(dir.join("s.star"), "print a\nnonsense\n").unwrap();
            std::fs::write(dir.join("init"), format!("source {}\n", dir.join("s.star").display())).unwrap();
            options.init_file = Some(dir.join("init"));
            options.scripts = Some(given);
        },
    );
    for expected in [
        "42\nscript: command not available\n",
        ">>> a!\n>>> ",
        "Command failed: No such file or directory",
        "Command failed: it failed\n",
        "Counts.\n\nIn full.\n",
    ] {
        assert!(ran.text.contains(expected), "{expected:?} in {}", ran.text);
    }
    let calls = engine.calls.lock().unwrap();
    assert_eq!(*calls, ["census(one two) -1 0", "sources() -1 0", "census(x) 21 1", "census(fail) -1 0"]);
}

#[test]
fn a_script_may_leave_but_not_call_itself_without_end() {
    let engine: Arc<dyn ScriptEngine> = Arc::new(Engine::default());
    let ran = run_with(
        "census again\ncensus leave\nprint a\n",
        |_| {},
        |options, _| options.scripts = Some(engine),
    );
    assert!(ran.text.contains("scripts run each other without end"), "{}", ran.text);
    assert!(!ran.text.contains("42"), "{}", ran.text);
    assert_eq!((ran.status, *ran.fake.detached.lock().unwrap()), (0, Some(false)));
}

#[test]
fn without_an_engine_scripts_are_refused() {
    assert!(run("source x.star\nsource -\n").matches("scripts are not available").count() == 2);
}
