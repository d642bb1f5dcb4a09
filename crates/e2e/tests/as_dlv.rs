//! What programs see that look for `dlv`, and what people read instead of it: man pages.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use adit_e2e::{Debugger, Go, Program, Server};

/// A folder with a link named `dlv` to the debugger.
fn link() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("dlv");
    std::os::unix::fs::symlink(adit_e2e::binary(), &link).unwrap();
    (folder, link)
}

#[test]
fn server_and_prompt_bear_the_name_they_were_called_by() {
    let Some(go) = Go::any() else { return };
    let program = Program::build("hello", &go);
    let (_folder, link) = link();
    let server = Server::spawn(program.source(), |home| {
        let mut command = Command::new(&link);
        command.args(["exec", "--headless", "--accept-multiclient", "--check-go-version=false"]);
        command.arg(program.path()).current_dir(program.source());
        command.env("HOME", home).env("XDG_CONFIG_HOME", home);
        command
    });
    let line = ["connect", "--allow-non-terminal-interactive", server.address()];
    let mut client = Debugger::new(line).in_directory(program.source()).start_other(&link, "(dlv) ");
    assert!(client.transcript().starts_with("Type 'help' for list of commands.\n(dlv) "));
    assert!(client.send("break main.greet").starts_with("Breakpoint 1 set at 0x"));
    client.type_line("exit");
    client.expect("Would you like to kill the headless instance? [Y/n] ");
    client.type_line("y");
    client.finish(0);
    server.finish(0);
}

#[test]
fn what_delve_once_had_is_answered_as_delve_does() {
    let (_folder, link) = link();
    let run = Debugger::new(["run", "prog", "--flag"]).called(&link).run();
    let said = "This command is deprecated, please use 'debug' instead.\n";
    assert_eq!((run.status, run.stdout.as_str()), (0, said), "{run:?}");

    let help = Debugger::new(["help", "connect"]).called(&link).run();
    assert!(help.stdout.contains("Usage: dlv connect "), "{help:?}");
    let help = Debugger::new(["--help"]).called(&link).run();
    for word in ["attach", "connect", "debug", "exec", "test", "trace", "version", "--headless", "--listen"] {
        assert!(help.stdout.contains(word), "{word}: {help:?}");
    }
    let input = Debugger::new(["substitute-path-guess-helper"]).called(&link).run();
    assert!(input.stdout.starts_with("{\"ImportPathOfMainPackage\":"), "{input:?}");
}

#[test]
fn man_pages_tell_of_every_command() {
    let (folder, link) = link();
    let pages = folder.path().join("pages");
    let write = |debugger: Debugger| {
        let run = debugger.run();
        assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    };
    write(Debugger::new(["man", pages.to_str().unwrap()]));
    write(Debugger::new(["man", pages.to_str().unwrap()]).called(&link));
    for name in ["adit", "dlv"] {
        for command in ["attach", "connect", "debug", "exec", "inspect", "test", "trace", "version"] {
            let page = fs::read_to_string(pages.join(format!("{name}-{command}.1"))).unwrap();
            assert!(page.contains(".TH ") && page.contains("\\-\\-headless"), "{name} {command}: {page}");
        }
        assert!(fs::read_to_string(pages.join(format!("{name}.1"))).unwrap().contains(".SH"));
    }
    let run = Debugger::new(["man", "/dev/null/pages"]).run();
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.starts_with("could not write the man pages to /dev/null/pages: "), "{run:?}");
}
