//! Debug information in other files than the program, and C code, which mostly has its own there.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use adit_e2e::{Debugger, Go, Session, on_oldest_and_newest, skip, write_executable};

/// What a test needs: a program, its sources, and a folder that goes away with it.
struct Built {
    folder: tempfile::TempDir,
    source: PathBuf,
}

/// Builds a program of `testdata/e2e` with cgo, or says what is missing for it.
fn build(go: &Go, name: &str) -> Option<Built> {
    for tool in ["gcc", "objcopy", "readelf"] {
        if Command::new(tool).arg("--version").output().is_err() {
            skip(&format!("no {tool}"));
            return None;
        }
    }
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/e2e").canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let built = Built { source: folder.path().join("src"), folder };
    built.run("cp", &["-r", testdata.join(name).to_str().unwrap(), "src"]);
    built.run("cp", &[testdata.join("go.mod").to_str().unwrap(), "src"]);
    if built.source.join("counter").is_dir() {
        let library = built.source.join("counter/counter.c");
        built.run(
            "gcc",
            &[
                "-g",
                "-O0",
                "-shared",
                "-fPIC",
                "-Wl,--build-id=0x112233",
                "-o",
                "libcounter.so",
                library.to_str().unwrap(),
            ],
        );
    }
    let folder = built.folder.path().display();
    let mut command = go.command();
    command.current_dir(&built.source).env("CGO_ENABLED", "1").env("CGO_CFLAGS", "-g -O0");
    let libraries = format!("-L{folder} -lcounter -Wl,-rpath,{folder}");
    if built.path("libcounter.so").exists() {
        command.env("CGO_LDFLAGS", libraries);
    }
    // A build ID of the kind that distributions give.
    command.args([
        "build",
        "-gcflags=all=-N -l",
        "-ldflags=-linkmode=external -extldflags=-Wl,--build-id=0xaabbcc",
        "-o",
    ]);
    let output = command.arg(built.path("program")).arg(".").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(built)
}

impl Built {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, tool: &str, arguments: &[&str]) {
        let output = Command::new(tool).args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Takes the debug information of a file away, into another one.
    fn split(&self, name: &str, debug: &str) {
        fs::create_dir_all(self.path(debug).parent().unwrap()).unwrap();
        self.run("objcopy", &["--only-keep-debug", name, debug]);
        self.run("objcopy", &["--strip-all", name]);
    }

    fn debugger(&self) -> Debugger {
        let program = self.path("program");
        let flags = ["exec", "--allow-non-terminal-interactive", "--check-go-version=false"];
        Debugger::new(flags.into_iter().chain([program.to_str().unwrap()])).in_directory(&self.source)
    }

    /// The line of a source file that bears `// stop: <mark>`.
    fn line(&self, file: &str, mark: &str) -> usize {
        let text = fs::read_to_string(self.source.join(file)).unwrap();
        text.lines().position(|line| line.ends_with(&format!("// stop: {mark}"))).unwrap() + 1
    }

    /// Puts a program in front of PATH that stands for `debuginfod-find`.
    fn with_servers(&self, script: &str) -> Debugger {
        let program = self.path("bin/debuginfod-find");
        fs::create_dir(self.path("bin")).unwrap();
        let script = format!("#!/bin/sh\ncd {}\n{script}\n", self.folder.path().display());
        write_executable(&program, script.as_bytes());
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        self.debugger().with_variable("PATH", path).with_variable("DEBUGINFOD_URLS", "http://localhost:1")
    }
}

/// What a session says and does at a stop in the C code of `cgo`.
fn look_at_c(built: &Built, session: &mut Session) {
    let set = session.send("break c_sum");
    assert!(set.contains(" for C.c_sum() ./work.c:4\n"), "{set}");
    let scale = built.line("work.c", "scale");
    let set = session.send(&format!("break work.c:{scale}"));
    assert!(set.contains(&format!(" for C.c_work() ./work.c:{scale}\n")), "{set}");
    let comment = built.line("main.go", "in the comment");
    let set = session.send(&format!("break main.go:{comment}"));
    assert!(set.contains(&format!(" for C.in_comment() ./main.go:{comment}\n")), "{set}");
    assert!(session.send("break no_such_function").contains("Command failed"), "{}", session.transcript());

    let stop = session.send("continue");
    assert!(stop.contains(&format!("C.in_comment() ./main.go:{comment} ")), "{stop}");
    assert_eq!(session.send("print twice"), "10\n");
    let stop = session.send("continue");
    assert!(stop.contains("C.c_sum() ./work.c:4 "), "{stop}");
    assert!(stop.contains("=>   4:\t\tint sum = p->x + p->y;"), "{stop}");
    let stack = session.send("stack");
    let calls = built.line("main.go", "calls");
    for expected in [
        " in C.c_sum\n   at ./work.c:4\n".to_owned(),
        " in C.c_work\n   at ./work.c:9\n".to_owned(),
        format!(" in main.main\n   at ./main.go:{calls}\n"),
    ] {
        assert!(stack.contains(&expected), "{expected}: {stack}");
    }
    let list = session.send("frame 1 list");
    assert!(list.contains("=>   9:\t\tint sum = c_sum(p);"), "{list}");
    assert_eq!(session.send("print p.y"), "4\n");
    assert_eq!(session.send("frame 1 print scale"), "2\n");
    let stop = session.send("continue");
    assert!(stop.contains(&format!("C.c_work() ./work.c:{scale} ")), "{stop}");
    assert_eq!(session.send("print sum"), "7\n");
    assert_eq!(session.send("whatis p"), "*struct point\n");
    let described = session.send("whatis C.struct_point");
    assert!(described.contains("struct type, size: 8 bytes\n"), "{described}");
    assert_eq!(session.send("print *p"), "struct point {x: 3, y: 4}\n");
    assert!(session.send("types ^point").contains("point\n"), "{}", session.transcript());
    assert!(session.send("funcs ^C.c_").contains("C.c_sum\nC.c_work\n"), "{}", session.transcript());
    assert!(session.send("sources work").contains("/src/work.c\n"), "{}", session.transcript());
    assert!(session.send("continue").contains("10 14\n"), "{}", session.transcript());
}

on_oldest_and_newest! {
    fn c_code_has_files_lines_functions_and_types(go) {
        let Some(built) = build(go, "cgo") else { return };
        let mut session = built.debugger().start();
        look_at_c(&built, &mut session);
        session.quit();
    }

    fn a_stripped_program_is_whole_again_with_its_debug_file(go) {
        let Some(built) = build(go, "cgo") else { return };
        built.split("program", "program.debug");
        built.run("objcopy", &["--add-gnu-debuglink=program.debug", "program"]);
        let mut session = built.debugger().start();
        look_at_c(&built, &mut session);
        session.quit();

        // Another build's.
        let mut bytes = fs::read(built.path("program.debug")).unwrap();
        let id = bytes.windows(3).position(|window| window == [0xaa, 0xbb, 0xcc]).unwrap();
        bytes[id] = 0xdd;
        fs::write(built.path("program.debug"), bytes).unwrap();
        let mut session = built.debugger().start();
        let said = session.transcript();
        assert!(said.contains("program.debug was not used as debug information of "), "{said}");
        assert!(said.contains(": its build ID is ddbbcc, not aabbcc: it is of another build"), "{said}");
        let set = session.send("break main.main");
        assert!(set.contains(" for main.main() ./main.go:"), "{set}");
        assert!(session.send("break c_sum").contains("Command failed"), "{}", session.transcript());
        session.quit();
    }

    fn directories_are_searched_from_when_they_are_configured(go) {
        let Some(built) = build(go, "library") else { return };
        built.split("libcounter.so", "ids/11/2233.debug");
        let mut session = built.debugger().start();
        session.send("break main.main");
        session.send("continue");
        let second = built.line("main.go", "second");
        session.send(&format!("break main.go:{second}"));
        session.send("continue");
        // Of the library no more is known than what it exports.
        let set = session.send("break counter_add");
        assert!(set.contains(" for counter_add() :0\n"), "{set}");
        session.send("continue");
        let stack = session.send("stack");
        assert!(stack.contains(" in counter_add\n   at :0\n"), "{stack}");
        // Another build's, where this one's should be.
        fs::create_dir_all(built.path("bad/11")).unwrap();
        built.run("objcopy", &["--only-keep-debug", "program", "bad/11/2233.debug"]);
        let bad = built.path("bad").display().to_string();
        session.send(&format!("config debug-info-directories -add {bad}"));
        let list = session.send("libraries");
        let error = format!("    Load error: {bad}/11/2233.debug was not used as debug information of ");
        assert!(list.contains(&error), "{list}");
        assert!(list.contains(": its build ID is aabbcc, not 112233: it is of another build\n"), "{list}");
        session.send(&format!("config debug-info-directories -add {}", built.path("ids").display()));
        let stack = session.send("stack");
        assert!(stack.contains(" in C.counter_add\n   at ./counter/counter.c:9\n"), "{stack}");
        let line = built.line("counter/counter.c", "add");
        let set = session.send(&format!("break counter.c:{line}"));
        assert!(set.contains(&format!(" for C.add() ./counter/counter.c:{line}\n")), "{set}");
        let stop = session.send("continue");
        assert!(stop.contains(&format!("=>   {line}:\t\ttotal = sum; // stop: add")), "{stop}");
        assert!(session.send("frame 2 print 1").ends_with("1\n"), "{}", session.transcript());
        session.quit();
    }
}

#[test]
fn debug_information_and_sources_are_downloaded_where_servers_are_configured() {
    let Some(go) = Go::newest() else { return };
    let Some(built) = build(&go, "cgo") else { return };
    built.split("program", "program.debug");
    fs::rename(built.path("src/work.c"), built.path("copy.c")).unwrap();
    let source = built.path("src/work.c").display().to_string();
    let script = format!(
        r#"echo "$*" >> asked
        case "$2 $3" in
        "debuginfo aabbcc") printf 'Progress 1 / 4\n' >&2; echo $PWD/program.debug;;
        "source aabbcc") [ "$4" = {source} ] && echo $PWD/copy.c;;
        *) echo "Server query failed: No such file or directory" >&2; exit 1;;
        esac"#
    );
    let mut session = built.with_servers(&script).start();
    let path = built.path("program");
    let said = session.transcript();
    assert!(said.contains(&format!("Download debug info for {}: done\n", path.display())), "{said}");
    session.send("break c_sum");
    let stop = session.send("continue");
    assert!(stop.contains("=>   4:\t\tint sum = p->x + p->y;"), "{stop}");
    session.quit();
    assert_eq!(
        fs::read_to_string(built.path("asked")).unwrap(),
        format!("-v debuginfo aabbcc\n-v source aabbcc {source}\n")
    );
}

#[test]
fn a_program_with_debug_information_asks_no_server() {
    let Some(go) = Go::newest() else { return };
    let Some(built) = build(&go, "cgo") else { return };
    let mut session = built.with_servers("touch asked; exit 1").start();
    session.send("break main.main");
    session.send("continue");
    session.quit();
    assert!(!built.path("asked").exists());
}

#[test]
fn downloads_of_libraries_are_shown_and_can_be_cancelled() {
    let Some(go) = Go::newest() else { return };
    let Some(built) = build(&go, "library") else { return };
    built.split("libcounter.so", "counter.debug");
    let script = "[ $3 = 112233 ] || exit 1
        [ -e go-on ] && echo $PWD/counter.debug && exit
        printf 'Progress 1 / 4\\n' >&2; exec sleep 1000";
    let mut session = built.with_servers(script).start_on_terminal();
    session.send("break main.main");
    session.send("continue");
    let list = session.send("libraries");
    let line = list.lines().find(|line| line.ends_with("libcounter.so")).unwrap();
    let command = format!("libraries -d {}", line.split('.').next().unwrap().trim());
    session.type_line(&command);
    session.expect("libcounter.so: 25% of 4 bytes (Ctrl-C cancels)");
    session.type_keys("\u{3}");
    let cancelled = session.reply();
    assert!(cancelled.contains("libcounter.so: cancelled\n"), "{cancelled}");
    // What was cancelled may be asked for again.
    fs::write(built.path("go-on"), "").unwrap();
    let done = session.send(&command);
    assert!(done.contains("libcounter.so: done\n"), "{done}");
    let set = session.send("break counter_add");
    assert!(set.contains(" for C.counter_add() ./counter/counter.c:10\n"), "{set}");
    session.quit();
}

#[test]
fn a_missing_downloader_is_named_once() {
    let Some(go) = Go::newest() else { return };
    let Some(built) = build(&go, "library") else { return };
    built.split("program", "program.debug");
    let debugger = built.debugger().with_variable("DEBUGINFOD_URLS", "http://localhost:1");
    let mut session = debugger.with_variable("PATH", "/nowhere").start();
    let hint = "DEBUGINFOD_URLS is set, but debuginfod-find is not installed";
    assert_eq!(session.transcript().matches(hint).count(), 1, "{}", session.transcript());
    session.send("break main.main");
    session.send("continue");
    let answer = session.send("libraries -d 100");
    assert!(answer.contains("Command failed: no library 100: there are "), "{answer}");
    session.quit();
}
