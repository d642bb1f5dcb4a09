//! The prompt against a canned client: what is printed for each command.

mod fake;
mod scripts;

use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use adit_api::{Breakpoint, BreakpointInfo, DebuggerState, LoadConfig, VariableFlags};

use crate::{Options, PlainInput, Terminal};
use fake::{Fake, int};

const SOURCE: &str = "package main\n\nfunc add(a, b int) int {\n\treturn a + b // sum\n}\n\nfunc main() {\n\tdefer println(\"x\")\n\tadd(1, 2)\n}\n";

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Run {
    text: String,
    status: i32,
    fake: Arc<Fake>,
}

/// Runs command lines at a prompt; both streams and the prompts come as one text.
fn run_with(lines: &str, prepare: impl FnOnce(&mut Fake), options: impl FnOnce(&mut Options, &Path)) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("main.go");
    std::fs::write(&source, SOURCE).unwrap();
    let mut fake = Fake { source: source.to_string_lossy().into_owned(), ..Fake::default() };
    prepare(&mut fake);
    let fake = Arc::new(fake);
    let screen = Shared::default();
    let input = PlainInput::new(Cursor::new(lines.to_owned()), screen.clone());
    let mut given = Options {
        prompt: "(adit) ".into(),
        input: Box::new(input),
        out: Box::new(screen.clone()),
        err: Box::new(screen.clone()),
        color: false,
        progress: None,
        pager: None,
        screen_rows: None,
        config_dir: None,
        fallback_config: None,
        init_file: None,
        current_dir: Some(dir.path().to_owned()),
        interrupts: None,
        wait_reason: |version, index| (version == "go1.26" && index == 14).then_some("chan receive"),
        local_sources: Box::new(|_| crate::LocalSources::default()),
        escape_module: str::to_owned,
        ask_before_kill: true,
        scripts: None,
    };
    options(&mut given, dir.path());
    let status = Terminal::new(fake.clone(), given).run();
    let text = String::from_utf8(screen.0.lock().unwrap().clone()).unwrap();
    Run { text: text.replace(&*dir.path().to_string_lossy(), "$DIR"), status, fake }
}

fn run(lines: &str) -> String {
    run_with(lines, |_| {}, |_, _| {}).text
}

macro_rules! session {
    ($name:ident, $lines:expr) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(run($lines));
        }
    };
}

session!(
    breakpoints,
    "break main.add\nbreak foo main.add if a == 1\nbreak nowhere\nbreak both\nbp\ncondition -hitcount foo > 2\ncond -clear foo\non 1 print a\non 1 stack 2\non 1 goroutine\non 1 args\non 1 locals -v\non 1 cond a == 3\non 1 trace\non 1 list\ntoggle foo\nbp\nclear foo\nclear 44\nclear\nclearall\nbp\n"
);
session!(watchpoints, "watch -w counter\nwatch\nwatch -x a\n");
session!(
    values,
    "print a\np %x a\nprint zz\nprint\nwhatis a\nwhatis main.Rect\nwhatis zz\nset a = 1\nset a\nargs\nargs ^a\nlocals\nvars\ndisplay -a a\ndisplay -a zz\ndisplay\ndisplay -d 5\ndisplay -d x\ndisplay -d 0\ndisplay x\n"
);
session!(
    stacks,
    "stack\nstack 0\nstack -full\nstack -defer -offsets\nstack x\nstack -mode y\nframe 1\nprint a\ndown\ndown\nup 5\nframe\nframe 1 print a\ndeferred 0 args\ndeferred 1 list\ndeferred 1 args\n"
);
session!(
    goroutines,
    "goroutines\ngrs -l -t 1\ngrs -group goloc\ngrs -x\ngrs -chan\ngoroutine\ngr 21\ngr 21 print a\ngrs -exec print a\nthreads\nthread\nthread 90\n"
);
session!(
    listings,
    "list\nlist main.add\nframe 1 list\nlist both\ndisassemble\ndisass -a 1\ndisass -a 1 x\ndisass -l both\nregs\nx -count 10 0x10\nx/2xw &a\nx/2dw 0x10\nx\n"
);
session!(
    program,
    "sources\nfuncs\ntypes\npackages\nlibraries\nlibraries x\ntarget list\ntarget follow-exec\ntarget follow-exec -x\ntarget switch 7\ntarget\ntarget foo\n"
);
session!(
    configuration,
    "config max-string-len 7\nconfig tab \"..\"\nconfig alias print pp\npp a\nconfig substitute-path /a /b\nconfig substitute-path\nconfig substitute-path /x\nconfig substitute-path a b c\nconfig foo 1\nconfig max-string-len x\nconfig show-location-expr maybe\nconfig\nconfig -list\nhelp config tab\nhelp config foo\n"
);
session!(unknown_commands, "pritn a\nxyzzy\n\nrewind\nrev next\ncheckpoint\n");
session!(
    running,
    "continue\nc main.add\nnext\nstep\nstepout\nsi\nnext 0\nframe 1 next\nrestart -v <in\nrebuild\ncall add(1, 2)\n"
);
session!(help, "help\nhelp break\nhelp foo\n");

#[test]
fn every_command_ends_its_help_with_an_example() {
    for command in crate::command::all() {
        let blocks: Vec<_> = command.help.split("\n\n").collect();
        let usages = blocks.iter().filter(|block| block.starts_with('\t')).count();
        assert!(usages > 1, "{} has no usage or no example", command.name());
        for line in blocks.last().unwrap().lines() {
            let example = line.strip_prefix('\t').unwrap_or_else(|| panic!("{}: {line}", command.name()));
            let mut words = example.split([' ', '/']);
            let own = words.any(|word| command.names.contains(&word));
            assert!(own, "{}: the example is of another command: {example}", command.name());
        }
        let names: Vec<_> =
            crate::command::all().flat_map(|c| c.names).filter(|n| command.names.contains(n)).collect();
        assert_eq!(names.len(), command.names.len(), "{} has a name twice", command.name());
    }
}

/// With `ADIT_UPDATE_DOCS` set the chapter is written instead.
#[test]
fn the_guides_chapter_of_commands_is_what_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    let chapter = crate::command_reference();
    if std::env::var_os("ADIT_UPDATE_DOCS").is_some() {
        std::fs::write(&path, &chapter).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = written.lines().zip(chapter.lines()).find(|(a, b)| a != b);
    assert!(written == chapter, "docs/commands.md is old (ADIT_UPDATE_DOCS=1 renews it): {differs:?}");
}

fn at_breakpoint(fake: &Fake, change: impl FnOnce(&mut Breakpoint, &mut BreakpointInfo)) -> DebuggerState {
    let mut breakpoint = Breakpoint {
        id: 1,
        total_hit_count: 3,
        hit_counts: [("1".into(), 2)].into(),
        ..Breakpoint::default()
    };
    let mut info = BreakpointInfo::default();
    change(&mut breakpoint, &mut info);
    let mut state = fake.stopped();
    let mut thread = fake.thread();
    thread.breakpoint = Some(breakpoint);
    thread.breakpoint_info = Some(info);
    state.threads = vec![thread.clone()];
    state.current_thread = Some(thread);
    state
}

#[test]
fn stop_at_a_breakpoint() {
    let ran = run_with(
        "continue\n",
        |fake| {
            let state = at_breakpoint(fake, |breakpoint, info| {
                breakpoint.load_args = Some(LoadConfig::SHORT);
                info.arguments = vec![int("a", "0"), int("b", "1")];
                info.variables = vec![int("a", "0")];
                info.goroutine = Some(fake.goroutine(1));
                info.stacktrace = adit_api::Client::stacktrace(fake, &Default::default()).unwrap();
            });
            fake.states.lock().unwrap().push(state);
        },
        |_, _| {},
    );
    insta::assert_snapshot!(ran.text);
}

#[test]
fn tracepoints_go_on() {
    let ran = run_with(
        "continue\n",
        |fake| {
            let entry = at_breakpoint(fake, |breakpoint, info| {
                breakpoint.tracepoint = true;
                info.arguments = vec![
                    int("a", "0"),
                    adit_api::Variable { flags: VariableFlags::RETURN_ARGUMENT, ..int("~r0", "0") },
                ];
            });
            let mut exit = at_breakpoint(fake, |breakpoint, _| breakpoint.trace_return = true);
            for thread in exit.threads.iter_mut().chain(exit.current_thread.as_mut()) {
                thread.return_values = vec![int("~r0", "1"), int("~r1", "2")];
            }
            let gone = DebuggerState { pid: 99, exited: true, exit_status: 3, ..DebuggerState::default() };
            fake.states.lock().unwrap().extend([entry, exit, gone]);
        },
        |_, _| {},
    );
    insta::assert_snapshot!(ran.text);
    assert_eq!(
        *ran.fake.commands.lock().unwrap(),
        ["continue", "directionCongruentContinue", "directionCongruentContinue"]
    );
}

#[test]
fn interrupted_step_asks() {
    for (answer, command) in [("c", "directionCongruentContinue"), ("s", "cancelNext")] {
        let ran = run_with(
            &format!("next\n{answer}\n"),
            |fake| {
                let mut state = at_breakpoint(fake, |_, _| {});
                state.next_in_progress = true;
                fake.states.lock().unwrap().push(state);
            },
            |_, _| {},
        );
        assert!(ran.text.contains("\tbreakpoint hit during next\n[c] continue"), "{}", ran.text);
        assert_eq!(*ran.fake.commands.lock().unwrap(), ["next", command]);
    }
}

#[test]
fn leaving() {
    let attached = |fake: &mut Fake| fake.attached = true;
    for (lines, attach, status, killed) in [
        ("exit\n", false, 0, Some(true)),
        ("", false, 0, Some(true)),
        ("q\nn\n", true, 0, Some(false)),
        ("q\n\n", true, 0, Some(true)),
        ("q\n", true, 2, None),
        ("exit -d\n", true, 0, Some(false)),
        ("exit -c\nexit -d\n", false, 0, Some(false)),
    ] {
        let ran = run_with(
            lines,
            |fake| {
                if attach {
                    attached(fake);
                }
            },
            |_, _| {},
        );
        assert_eq!((ran.status, *ran.fake.detached.lock().unwrap()), (status, killed), "{lines:?}");
    }
}

#[test]
fn init_file() {
    let ran = run_with(
        "",
        |_| {},
        |options, dir| {
            let path = dir.join("init");
            std::fs::write(&path, "# comment\n\nprint a\nnonsense\nexit\nprint a\n").unwrap();
            options.init_file = Some(path);
        },
    );
    insta::assert_snapshot!(ran.text);
    assert_eq!(ran.status, 0);
}

#[test]
fn configuration_is_kept_and_the_other_debuggers_read() {
    let kept = tempfile::tempdir().unwrap();
    let other = kept.path().join("other.yml");
    std::fs::write(&other, "aliases:\n  # none\nmax-string-len: 5\n").unwrap();
    let dir = kept.path().join("adit");
    let set = |options: &mut Options| {
        options.config_dir = Some(dir.clone());
        options.fallback_config = Some(other.clone());
    };
    let first = run_with("config -list\nconfig max-array-values 3\nconfig -save\n", |_| {}, |o, _| set(o));
    assert!(first.text.contains("max-string-len            5\n"), "{}", first.text);
    std::fs::write(&other, "max-string-len: 6\n").unwrap();
    let second = run_with("config -list\n", |_| {}, |o, _| set(o));
    assert!(second.text.contains("max-string-len            5\n"), "{}", second.text);
    assert!(second.text.contains("max-array-values          3\n"), "{}", second.text);
}

#[test]
fn colours() {
    let ran = run_with("list main.add\nstack 0\n", |_| {}, |options, _| options.color = true);
    insta::assert_snapshot!(ran.text.replace('\x1b', "ESC"));
}

#[test]
fn transcripts() {
    let kept = tempfile::tempdir().unwrap();
    let path = kept.path().join("t.txt");
    run(&format!("transcript -t {}\nprint a\ntranscript -off\nprint a\n", path.display()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "(adit) print a\n42\n(adit) transcript -off\n");
}

#[test]
fn completion() {
    let fake = Fake::default();
    let vocabulary = crate::Vocabulary {
        aliases: vec![("show".to_owned(), "print".to_owned())],
        scripted: vec!["census".to_owned()],
        frame: 0,
    };
    let complete = |line: &str| crate::completion::complete(Some(&fake), &vocabulary, line);
    assert_eq!(complete("brea").1, ["break", "breakpoints"]);
    assert_eq!(complete("break main.a"), (6, vec!["main.add".to_owned()]));
    assert_eq!(complete("print su"), (6, vec!["sum".to_owned()]));
    assert_eq!(complete("gr 2").1, ["21"]);
    assert_eq!(complete("cens").1, ["census"]);
    assert_eq!(complete("show su").1, ["sum"]);
    assert_eq!(complete("print len(su"), (10, vec!["sum".to_owned()]));
    // Behind prefixes there are commands again.
    assert_eq!(complete("gr 21 frame 1 pri"), (14, vec!["print".to_owned()]));
    assert_eq!(complete("frame 1 print su"), (14, vec!["sum".to_owned()]));
    assert_eq!(complete("rev ste").1, ["step", "step-instruction", "stepi", "stepout"]);
    assert_eq!(complete("goroutines -wi").1, ["-with", "-without"]);
    assert_eq!(complete("goroutines -group st").1, ["startloc"]);
    assert_eq!(complete("config max-s").1, ["max-string-len"]);
    assert_eq!(complete("config position d").1, ["default", "disassembly"]);
    assert_eq!(complete("help config tab").1, ["tab"]);
    assert_eq!(complete("target fo").1, ["follow-exec"]);
    assert_eq!(complete("exit -").1, ["-c", "-d"]);
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("sub")).unwrap();
    std::fs::write(dir.path().join("setup.dlv"), "").unwrap();
    let word = format!("{}/s", dir.path().display());
    assert_eq!(complete(&format!("source {word}")).1, [format!("{word}etup.dlv"), format!("{word}ub/")]);
}
