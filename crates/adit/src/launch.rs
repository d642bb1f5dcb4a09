//! The subcommands that debug something: each checks its flags, builds where there is something to build,
//! says what to launch or attach to, and hands over to the prompt or the server.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use adit_gobuild::{Build, Flags, Kind, Output, package_directory};
use adit_session::{Config, Target};

use crate::cli::{self, Attach, Debug, Exec, Globals, Inspect, Test};
use crate::headless::{self, Server};
use crate::identity::Identity;
use crate::keeper;
use crate::logging;
use crate::prompt;
use crate::redirect::{self, Redirects};
use crate::signals::Watch;

/// A reason to end with exit status 1; the text is for standard error, and empty where all is said.
pub(crate) type Refusal = String;

pub(crate) fn attach(globals: &Globals, attach: &Attach) -> ExitCode {
    // With --waitfor the process has no number yet: all arguments that there are are the executable.
    let (pid, rest) = match (&attach.waitfor, attach.arguments.split_first()) {
        (Some(_), _) => (None, attach.arguments.as_slice()),
        (None, Some((pid, rest))) => (Some(pid), rest),
        (None, None) => return usage(globals.identity, "attach", "you must provide a PID"),
    };
    // A terminal sends its Ctrl-C to both; a script knows one process only, and so does whoever ends a server.
    if let Some(status) = keeper::keep(globals.headless || !std::io::stdin().is_terminal()) {
        return status;
    }
    conclude((|| {
        let pid = pid.map(|pid| pid.parse().map_err(|_| format!("Invalid pid: {pid}"))).transpose()?;
        let watch = prepare(globals, attach.run_on, Wants::Terminal)?;
        let front_end = FrontEnd::open(globals, attach.run_on, &watch)?;
        let pid = pid.map_or_else(|| wait_for(attach, &watch), Ok)?;
        let executable = rest.first().map(absolute);
        front_end.run(globals, watch, config(globals, Target::Attach { pid, executable }))
    })())
}

/// Waits for the process that --waitfor describes.
fn wait_for(attach: &Attach, watch: &Watch) -> Result<i64, Refusal> {
    let milliseconds = |number: f64| Duration::try_from_secs_f64(number / 1000.0).unwrap_or_default();
    let patience = Some(milliseconds(attach.waitfor_duration)).filter(|patience| !patience.is_zero());
    // A pause of nothing would keep a processor busy.
    let interval = milliseconds(attach.waitfor_interval).max(Duration::from_micros(100));
    let prefix = attach.waitfor.as_deref().unwrap_or_default();
    let mut interrupted = false;
    let found = adit_session::wait_for_process(prefix, interval, patience, &mut || {
        interrupted = watch.is_interrupted();
        !interrupted
    });
    found.ok_or_else(|| match interrupted {
        true => "interrupted while waiting for a process".to_owned(),
        false => "waitfor duration expired".to_owned(),
    })
}

pub(crate) fn exec(globals: &Globals, exec: &Exec) -> ExitCode {
    let Some((path, arguments)) = exec.arguments.split_first() else {
        return usage(globals.identity, "exec", "you must provide a path to a binary");
    };
    conclude((|| {
        let watch = prepare(globals, exec.run_on, Wants::Terminal)?;
        let streams = streams(globals, exec.tty.as_deref())?;
        let directory = working_directory(globals);
        let target = launched(globals, absolute(path), arguments.to_vec(), directory, streams);
        FrontEnd::open(globals, exec.run_on, &watch)?.run(globals, watch, config(globals, target))
    })())
}

pub(crate) fn inspect(globals: &Globals, inspect: &Inspect) -> ExitCode {
    let Some(path) = &inspect.path else {
        return usage(globals.identity, "inspect", "you must provide a path to a binary");
    };
    conclude((|| {
        let watch = prepare(globals, false, Wants::AnyInput)?;
        let name = globals.identity.command();
        let reason = format!("the program is opened for looking and does not run; '{name} exec' runs it");
        let target = Target::Look { path: absolute(path), reason };
        FrontEnd::open(globals, false, &watch)?.run(globals, watch, config(globals, target))
    })())
}

pub(crate) fn debug(globals: &Globals, debug: Debug) -> ExitCode {
    conclude((|| {
        let watch = prepare(globals, debug.run_on, Wants::Terminal)?;
        let streams = streams(globals, debug.tty.as_deref())?;
        let build = build(globals, Kind::Program, debug.packages);
        let directory = working_directory(globals);
        let start = (debug.program_arguments, directory, streams);
        let run =
            |watch: Watch, config| FrontEnd::open(globals, debug.run_on, &watch)?.run(globals, watch, config);
        run_built(globals, watch, build, debug.output.as_deref(), start, run)
    })())
}

pub(crate) fn test(globals: &Globals, test: Test) -> ExitCode {
    conclude((|| {
        let watch = prepare(globals, false, Wants::Terminal)?;
        let streams = streams(globals, None)?;
        let build = build(globals, Kind::Test, test.packages);
        let directory = working_directory(globals).or_else(|| package_directory(&build));
        let start = (test.program_arguments, directory, streams);
        let run = |watch: Watch, config| FrontEnd::open(globals, false, &watch)?.run(globals, watch, config);
        run_built(globals, watch, build, test.output.as_deref(), start, run)
    })())
}

/// Prints the refusal, if it came to one.
pub(crate) fn conclude(outcome: Result<u8, Refusal>) -> ExitCode {
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(refusal) => {
            if !refusal.is_empty() {
                eprintln!("{refusal}");
            }
            ExitCode::FAILURE
        }
    }
}

/// How the user gets at the session.
enum FrontEnd {
    Prompt,
    Server(Server),
}

impl FrontEnd {
    /// Makes ready what must be there before the program is started. `run_on`: clients find it running.
    fn open(globals: &Globals, run_on: bool, watch: &Watch) -> Result<FrontEnd, Refusal> {
        match globals.headless {
            true => Server::open(globals, run_on, watch).map(FrontEnd::Server),
            false => Ok(FrontEnd::Prompt),
        }
    }

    /// Debugs until the session ends; returns the exit status.
    fn run(self, globals: &Globals, watch: Watch, config: Config) -> Result<u8, Refusal> {
        match self {
            FrontEnd::Prompt => prompt::run(globals, watch, config),
            FrontEnd::Server(server) => server.run(globals, config),
        }
    }
}

/// A missing argument: the error and how the command is used. Scripts know this exit status as 0.
pub(crate) fn usage(identity: Identity, subcommand: &str, error: &str) -> ExitCode {
    let mut command = cli::command(identity);
    command.build();
    let help = command.find_subcommand_mut(subcommand).map(clap::Command::render_help);
    eprintln!("Error: {error}\n{}", help.map(|help| help.to_string()).unwrap_or_default());
    ExitCode::SUCCESS
}

/// Where a prompt's commands come from.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wants {
    /// A person at a terminal: a program that runs must not be left without one.
    Terminal,
    /// Anything.
    AnyInput,
}

/// What is checked before anything is built or started; then logging and the watch over signals begin.
pub(crate) fn prepare(globals: &Globals, run_on: bool, wants: Wants) -> Result<Watch, Refusal> {
    for warning in logging::start(globals.log, &globals.log_output, &globals.log_dest)
        .map_err(|error| error.to_string())?
    {
        eprintln!("{warning}");
    }
    if run_on && !globals.headless {
        return Err("Error: --continue only works with --headless; use an init file".to_owned());
    }
    if run_on && !globals.accept_multiclient {
        return Err("Error: --continue requires --accept-multiclient".to_owned());
    }
    match (globals.headless, globals.accept_multiclient, globals.init.is_empty()) {
        (false, true, _) => eprintln!("Warning accept-multi: ignored"),
        (true, _, false) => eprintln!("Warning: init file ignored with --headless"),
        _ => {}
    }
    match globals.api_version {
        2 => {}
        // There was one once.
        1 => return Err("unknown API version".to_owned()),
        other => {
            println!("Unknown API version: {other}");
            return Err(String::new());
        }
    }
    if globals.headless {
        headless::check(globals)?;
    }
    if !matches!(globals.backend.as_str(), "default" | "native") {
        return Err(format!("could not launch process: unknown backend \"{}\"", globals.backend));
    }
    if wants == Wants::Terminal && !globals.headless && !globals.allow_non_terminal_interactive {
        check_terminal()?;
    }
    Watch::start().map_err(|error| format!("could not watch for signals: {error}"))
}

/// A prompt wants a person in front of it.
fn check_terminal() -> Result<(), Refusal> {
    let streams = [
        ("Stdin", std::io::stdin().is_terminal()),
        ("Stdout", std::io::stdout().is_terminal()),
        ("Stderr", std::io::stderr().is_terminal()),
    ];
    match streams.iter().find(|(_, is_terminal)| !is_terminal) {
        Some((stream, _)) => Err(format!(
            "{stream} is not a terminal, use '-r' to specify redirects for the target process or \
             --allow-non-terminal-interactive=true if you really want to specify a redirect for Delve"
        )),
        None => Ok(()),
    }
}

/// What the program's standard streams are.
pub(crate) struct Streams {
    redirects: Redirects,
    tty: Option<PathBuf>,
}

pub(crate) fn streams(globals: &Globals, tty: Option<&Path>) -> Result<Streams, Refusal> {
    if tty.is_some() && !globals.redirect.is_empty() {
        return Err("Can not use -r and --tty together".to_owned());
    }
    let redirects = redirect::parse(&globals.redirect).map_err(|error| error.to_string())?;
    Ok(Streams { redirects, tty: tty.map(Path::to_owned) })
}

pub(crate) fn working_directory(globals: &Globals) -> Option<PathBuf> {
    (!globals.wd.is_empty()).then(|| absolute(&globals.wd))
}

/// The path as it is from everywhere; symbolic links stay.
pub(crate) fn absolute(path: impl AsRef<Path>) -> PathBuf {
    std::path::absolute(&path).unwrap_or_else(|_| path.as_ref().to_owned())
}

pub(crate) fn build(globals: &Globals, kind: Kind, packages: Vec<String>) -> Build {
    Build { kind, packages, flags: Flags::parse(&globals.build_flags), environment: Vec::new() }
}

/// Builds, debugs what was built as `run` does, and removes it. The program starts with arguments, in a directory, and
/// with standard streams.
pub(crate) fn run_built(
    globals: &Globals,
    watch: Watch,
    build: Build,
    output: Option<&Path>,
    (arguments, directory, streams): (Vec<String>, Option<PathBuf>, Streams),
    run: impl FnOnce(Watch, Config) -> Result<u8, Refusal>,
) -> Result<u8, Refusal> {
    if build.cgo_flags_are_the_users() {
        tracing::warn!("CGO_CFLAGS already set, Cgo code could be optimized.");
    }
    let output = output.map_or_else(|| Output::unnamed(build.kind), Output::named);
    watch.guard_output(&output);
    if let Err(error) = build.run(&output) {
        report_removal(output.remove_after_failure());
        return Err(error.to_string());
    }
    let target = launched(globals, output.path().to_owned(), arguments, directory, streams);
    let mut config = config(globals, target);
    let again = output.clone();
    config.rebuild = Some(Box::new(move || {
        build.run(&again).map(|()| again.path().to_owned()).map_err(|error| error.to_string())
    }));
    let outcome = run(watch, config);
    report_removal(output.remove());
    outcome
}

fn report_removal(removed: Result<(), adit_gobuild::RemoveError>) {
    if let Err(error) = removed {
        eprintln!("{error}");
    }
}

pub(crate) fn launched(
    globals: &Globals,
    path: PathBuf,
    args: Vec<String>,
    working_dir: Option<PathBuf>,
    streams: Streams,
) -> Target {
    let foreground = globals.headless && streams.tty.is_none();
    Target::Launch {
        path,
        args,
        working_dir,
        environment: Vec::new(),
        disable_aslr: globals.disable_aslr,
        redirects: streams.redirects,
        tty: streams.tty,
        // A prompt has the terminal: the program shares it, but not the keys that interrupt. A server has no use for it.
        foreground,
    }
}

pub(crate) fn config(globals: &Globals, target: Target) -> Config {
    Config {
        target,
        check_go_version: globals.check_go_version,
        debug_info_directories: Vec::new(),
        progress: None,
        version: globals.identity.version(),
        rebuild: None,
    }
}
