//! The prompt as someone types at it: a pseudo-terminal with line editing.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use adit_e2e::{Marker, Program, Transcript, binary, on_oldest_and_newest};

const PATIENCE: Duration = Duration::from_secs(120);

/// The debugger on a terminal, with somebody at its keys.
struct Desk {
    child: Child,
    keys: File,
    screen: Transcript,
    /// How much of what was shown has been looked at.
    seen: usize,
    terminal: OwnedFd,
    marker: Marker,
}

impl Desk {
    fn exec(program: &Program, arguments: &[&str], home: &std::path::Path, pager: &str) -> Desk {
        let terminal = nix::pty::openpty(None, None).unwrap();
        let marker = Marker::new();
        let (name, value) = marker.variable();
        let mut command = Command::new("setsid");
        command.args(["--ctty", "--wait"]).arg(binary()).args(["exec", "--check-go-version=false"]);
        command.arg(program.path()).arg("--").args(arguments).current_dir(program.source());
        command.env("XDG_CONFIG_HOME", home).env("HOME", home).env("TERM", "xterm").env("NO_COLOR", "1");
        command.env_remove("DEBUGINFOD_URLS").env_remove("DELVE_PAGER").env("PAGER", pager).env(name, value);
        let end = || Stdio::from(terminal.slave.try_clone().unwrap());
        resize(&terminal.slave, 100);
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let keys = File::from(terminal.master);
        let screen = Transcript::of(keys.try_clone().unwrap());
        let mut desk = Desk { child, keys, screen, seen: 0, terminal: terminal.slave, marker };
        desk.expect("(adit) ");
        desk
    }

    fn keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until a text is shown, after what was waited for before; returns what was shown up to it.
    fn expect(&mut self, text: &str) -> String {
        let shown = self.screen.wait(self.seen, PATIENCE, |shown| shown.contains(text));
        match shown {
            Ok(shown) => {
                let end = shown.find(text).unwrap() + text.len();
                self.seen += end;
                shown[..end].to_owned()
            }
            Err(shown) => panic!("waited in vain for {text:?}; shown was {shown:?}"),
        }
    }

    /// Types a line, and waits for what its command prints.
    fn line(&mut self, line: &str, reply: &str) -> String {
        self.keys(&format!("{line}\r"));
        self.expect(reply)
    }

    fn resize(&self, rows: u16) {
        resize(&self.terminal, rows);
    }

    fn leave(mut self) {
        self.keys("exit\r");
        assert!(self.child.wait().unwrap().success());
        self.marker.assert_none_left(Duration::from_secs(20));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        for (pid, _) in self.marker.processes() {
            // Gone in the meantime is as good.
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
        }
    }
}

fn resize(terminal: &OwnedFd, rows: u16) {
    let terminal = Stdio::from(terminal.try_clone().unwrap());
    let stty = Command::new("stty").args(["rows", &rows.to_string(), "cols", "100"]).stdin(terminal).status();
    assert!(stty.unwrap().success());
}

on_oldest_and_newest! {
    fn tab_completes_commands_locations_variables_and_parameters(go) {
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::exec(&Program::build("hello", go), &[], home.path(), "cat");
        desk.line("breakp\t", "Breakpoint unrecovered-panic (enabled)");
        desk.line("break main.gre\t", "Breakpoint 1 set at");
        desk.line("continue", "> [Breakpoint 1] main.greet()");
        desk.line("print na\t", "\"world\"");
        desk.line("goroutine 1 frame 0 print na\t", "\"world\"");
        desk.line("config max-s\t 3", "(adit) ");
        desk.line("print name", "\"wor...+2 more\"");
        desk.leave();
    }

    fn the_history_is_searched_and_kept(go) {
        let home = tempfile::tempdir().unwrap();
        let program = Program::build("hello", go);
        let mut desk = Desk::exec(&program, &[], home.path(), "cat");
        desk.line("print 1000+41", "1041\r\n");
        desk.line("print 2000+42", "2042\r\n");
        // Before the prompt, the key would be the terminal's own.
        desk.expect("(adit) ");
        // Ctrl-R looks for the newest line with the text.
        desk.keys("\u{12}1000+");
        desk.expect("print 1000+41");
        desk.keys("\r");
        desk.expect("1041\r\n");
        desk.leave();
        let mut later = Desk::exec(&program, &[], home.path(), "cat");
        // Arrow up: exit, the search's result, and the one before.
        later.keys("\u{1b}[A\u{1b}[A\u{1b}[A\r");
        later.expect("2042\r\n");
        later.leave();
        let kept = std::fs::read_to_string(home.path().join("adit/.dbg_history")).unwrap();
        assert!(kept.contains("print 1000+41\n"), "{kept}");
        let config = std::fs::read_to_string(home.path().join("adit/config.yml")).unwrap();
        assert!(config.contains("\n# max-string-len: 64\n"), "{config}");
    }

    fn control_c_gives_the_prompt_back(go) {
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::exec(&Program::build("waiting", go), &["forever"], home.path(), "cat");
        // At the prompt it drops the line.
        desk.keys("print 1+\u{3}");
        desk.expect("(adit) ");
        desk.line("print 3000+3", "3003\r\n");
        desk.line("continue", "ready\r\n");
        desk.keys("\u{3}");
        desk.expect("received SIGINT, stopping process (will not forward signal)");
        desk.line("print 4000+4", "4004\r\n");
        desk.leave();
    }

    fn lines_typed_ahead_are_kept(go) {
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::exec(&Program::build("hello", go), &[], home.path(), "cat");
        desk.keys("print 1000+1\rprint 2000+2\rprint 3000+3\r");
        for reply in ["1001\r\n", "2002\r\n", "3003\r\n"] {
            desk.expect(reply);
        }
        desk.leave();
    }

    fn control_c_ends_a_long_list(go) {
        let home = tempfile::tempdir().unwrap();
        let program = Program::build("many", go);
        let mut desk = Desk::exec(&program, &[], home.path(), "cat");
        desk.line(&format!("break {}", program.at("parked")), "Breakpoint 1 set at");
        desk.line("continue", "> [Breakpoint 1] main.main()");
        desk.keys("goroutines -t -exec stack\r");
        desk.expect("Goroutine 1 - User: ");
        desk.keys("\u{3}");
        // On a fast machine it may be over before the key is seen.
        desk.expect("(adit) ");
        desk.line("print 5000+5", "5005\r\n");
        desk.leave();
    }

    fn the_pager_gets_what_exceeds_the_screen_as_it_is_now(go) {
        let home = tempfile::tempdir().unwrap();
        let mut desk = Desk::exec(&Program::build("hello", go), &[], home.path(), "sed -e s/^/PAGED:/");
        let short = desk.line("funcs ^main\\.", "main.main\r\n");
        assert!(!short.contains("PAGED"), "{short}");
        desk.resize(2);
        desk.line("print 1000+1", "1001\r\n");
        let long = desk.line("funcs ^main\\.", "PAGED:main.main\r\n");
        assert!(long.contains("Sending output to pager...\r\nPAGED:main.greet\r\n"), "{long}");
        desk.resize(100);
        desk.line("print 2000+2", "2002\r\n");
        let short = desk.line("funcs ^main\\.", "main.main\r\n");
        assert!(!short.contains("PAGED"), "{short}");
        desk.leave();
    }
}
