//! `dump`: core files of live programs, as other debuggers read them.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use adit_e2e::{Program, Session, on_oldest_and_newest, skip};

/// What a command prints, both ways; `None` if it is not installed.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        ),
        Err(_) => {
            skip(&format!("no {program}"));
            None
        }
    }
}

/// Makes a core file at the mark, and lets the program go on to its end. Returns the address of the text in the middle
/// of its empty memory.
fn dump(program: &Program, core: &Path) -> String {
    let mut session = Session::exec(program);
    session.send(&format!("break {}", program.at("dump")));
    session.send("continue");
    let reply = session.send(&format!("dump {}", core.display()));
    let (_, last) = reply.trim_end().rsplit_once('\r').unwrap();
    let (done, total) = last.strip_prefix("Dumping memory ").unwrap().split_once(" / ").unwrap();
    assert_eq!(total, format!("{done}..."), "all of it was written");
    let middle = session.send("print &sparse[536870912]");
    let middle = middle.trim_end().strip_prefix("(*uint8)(").unwrap().trim_end_matches(')').to_owned();
    // The program is as it was.
    assert_eq!(session.send("print text"), "\"known text\"\n");
    let ended = session.send("continue");
    assert!(ended.contains("999 known text in the"), "{ended}");
    session.quit();
    middle
}

on_oldest_and_newest! {
    fn gdb_reads_what_was_dumped(go) {
        let program = Program::build("dumped", go);
        let folder = tempfile::tempdir().unwrap();
        let core = folder.path().join("core");
        let middle = dump(&program, &core);
        let about = fs::metadata(&core).unwrap();
        assert!(about.len() > 1 << 30, "{} bytes", about.len());
        assert!(about.blocks() * 512 < 200 << 20, "empty memory takes {} bytes of the disk", about.blocks() * 512);
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
        let (path, core) = (program.path().to_str().unwrap(), core.to_str().unwrap());
        let line = program.line("dump");
        let commands = ["-batch", "-ex", "bt", "-ex", "info threads", "-ex", "p head.Value", "-ex", "p head.Next.Next.Value",
            "-ex", "info auxv", "-ex", &format!("x/s {middle}"), path, core];
        let Some(said) = output("gdb", &commands) else { return };
        assert!(said.contains(&format!("main.go:{line}")), "{said}");
        assert!(said.contains("* 1    LWP") && said.contains("  2    LWP"), "{said}");
        assert!(said.contains("$1 = 999") && said.contains("$2 = 997"), "{said}");
        assert!(said.contains("AT_ENTRY"), "{said}");
        assert!(said.contains("in the middle of nothing"), "{said}");
    }

    fn delve_reads_what_was_dumped(go) {
        // Debian's is of Go 1.20's time.
        if go.minor() > 20 {
            return;
        }
        let program = Program::build("dumped", go);
        let folder = tempfile::tempdir().unwrap();
        let (core, script) = (folder.path().join("core"), folder.path().join("script"));
        dump(&program, &core);
        fs::write(&script, "print head.Next.Value\nprint text\ngoroutines\nexit\n").unwrap();
        let files = [program.path(), &core].map(|path| path.to_str().unwrap().to_owned());
        let arguments =
            ["core", &files[0], &files[1], "--allow-non-terminal-interactive=true", "--init", script.to_str().unwrap()];
        let Some(said) = output("dlv", &arguments) else { return };
        assert!(said.contains("998\n\"known text\"\n"), "{said}");
        assert_eq!(said.matches("main.main.func1").count(), 3, "{said}");
        assert!(said.contains("* Goroutine 1 - User:"), "{said}");
    }

    fn a_file_that_cannot_be_made_is_said_so(go) {
        let program = Program::build("dumped", go);
        let mut session = Session::exec(&program);
        let reply = session.send("dump /nowhere/core");
        assert_eq!(reply, "Command failed: open /nowhere/core: no such file or directory\n");
        assert_eq!(session.send("dump"), "Command failed: not enough arguments\n");
        session.quit();
    }
}
