//! The command line: every flag and subcommand, as `dlv` has them.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::Styles;
use clap::{Arg, ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

use crate::identity::Identity;
use crate::topics;

/// A debugger for Go programs.
#[derive(Debug, Parser)]
#[command(
    disable_version_flag = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Additional help topics: help backend, help log, help redirect"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Action,
}

/// Flags that every subcommand takes, before or after its name.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global flags")]
pub(crate) struct Globals {
    /// Under which name the program runs
    #[arg(skip)]
    pub(crate) identity: Identity,
    /// Address the headless server listens on; unix:<path> is a unix socket
    #[arg(short, long, global = true, default_value = "127.0.0.1:0", value_name = "ADDR")]
    pub(crate) listen: String,
    /// Turn logging on
    #[arg(long, global = true)]
    pub(crate) log: bool,
    /// Comma-separated list of what is logged (see 'help log')
    #[arg(long, global = true, default_value = "", hide_default_value = true, value_name = "LIST")]
    pub(crate) log_output: String,
    /// File, or number of an open file descriptor, that the log goes to
    #[arg(long, global = true, default_value = "", hide_default_value = true, value_name = "DEST")]
    pub(crate) log_dest: String,
    /// Run as a server only, without a prompt
    #[arg(long, global = true)]
    pub(crate) headless: bool,
    /// Let the headless server serve several clients
    #[arg(long, global = true)]
    pub(crate) accept_multiclient: bool,
    /// Version of the JSON-RPC API; only 2 exists
    #[arg(long, global = true, default_value = "2", value_name = "N")]
    pub(crate) api_version: i64,
    /// File of commands that the prompt runs at start
    #[arg(long, global = true, default_value = "", hide_default_value = true, value_name = "FILE")]
    pub(crate) init: String,
    /// Flags for the Go command, for example: --build-flags="-tags=integration -mod=vendor"
    #[arg(
        long,
        global = true,
        default_value = "",
        hide_default_value = true,
        value_name = "FLAGS",
        allow_hyphen_values = true
    )]
    pub(crate) build_flags: String,
    /// Working directory of the program
    #[arg(long, global = true, default_value = "", hide_default_value = true, value_name = "DIR")]
    pub(crate) wd: String,
    /// Refuse programs of a Go version that is not supported
    #[arg(long, global = true, default_value = "true", action = ArgAction::Set)]
    pub(crate) check_go_version: bool,
    /// Only serve connections of the user who started the server
    #[arg(long, global = true, default_value = "true", action = ArgAction::Set)]
    pub(crate) only_same_user: bool,
    /// Listen where other machines can connect; clients then have to show a token
    #[arg(long, global = true)]
    pub(crate) allow_remote: bool,
    /// File with the token that clients of the server have to show, in its first line; for a server that other machines
    /// can reach, one is made and printed otherwise
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// What controls the program (see 'help backend')
    #[arg(long, global = true, default_value = "default", value_name = "NAME")]
    pub(crate) backend: String,
    /// Where the program's standard input, output and error go (see 'help redirect')
    #[arg(short, long, global = true, value_name = "REDIRECT")]
    pub(crate) redirect: Vec<String>,
    /// Allow a prompt although standard input, output and error are not all a terminal
    #[arg(long, global = true)]
    pub(crate) allow_non_terminal_interactive: bool,
    /// Load the program where it would lie without address space randomisation
    #[arg(long, global = true)]
    pub(crate) disable_aslr: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Attach to a running process and begin debugging
    Attach(Attach),
    /// Generate the completion script of a shell
    Completion {
        /// The shell
        shell: Shell,
    },
    /// Connect to a headless server with a prompt
    Connect(Connect),
    /// Serve one editor by the Debug Adapter Protocol
    ///
    /// The editor says what is to be built, launched or attached to.
    Dap(Dap),
    /// Compile and begin debugging the main package in the current directory, or the package named
    Debug(Debug),
    /// Execute a precompiled binary and begin debugging it
    Exec(Exec),
    /// Look at a binary of any platform without running it
    Inspect(Inspect),
    /// Compile the test binary and begin debugging it
    Test(Test),
    /// Compile and run a program, and print the calls of functions on standard error
    ///
    /// Sets a tracepoint on every function that the regular expression matches, and on its returns.
    Trace(Trace),
    /// Print the version
    Version {
        /// Print how the program was built too
        #[arg(short, long)]
        verbose: bool,
    },
    /// Write the man pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder; it is made if need be
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Deprecated: what 'debug' does
    #[command(hide = true)]
    Run {
        /// What it once took
        #[arg(trailing_var_arg = true, hide = true)]
        arguments: Vec<OsString>,
    },
    /// Print what a client tells a server to have it guess substitute-path rules
    #[command(hide = true)]
    SubstitutePathGuessHelper,
    /// Help about the --backend flag
    #[command(hide = true, about = topics::BACKEND, help_template = "{about}")]
    Backend,
    /// Help about logging flags
    #[command(hide = true, about = topics::LOG, help_template = "{about}")]
    Log,
    /// Help about redirection of the program's streams
    #[command(hide = true, about = topics::REDIRECT, help_template = "{about}")]
    Redirect,
}

/// Flags of `attach`.
#[derive(Debug, Args)]
pub(crate) struct Attach {
    /// Process id, and the executable where the process's own cannot be read
    #[arg(value_name = "PID [EXECUTABLE]", allow_hyphen_values = false)]
    pub(crate) arguments: Vec<String>,
    /// Let the process run on at once
    #[arg(long = "continue")]
    pub(crate) run_on: bool,
    /// Wait for a process with a name beginning with this prefix
    #[arg(long, value_name = "PREFIX")]
    pub(crate) waitfor: Option<String>,
    /// Interval between checks of the process list, in milliseconds
    #[arg(long, default_value = "1", value_name = "MS")]
    pub(crate) waitfor_interval: f64,
    /// Total time to wait for a process, in milliseconds; 0 is for ever
    #[arg(long, default_value = "0", value_name = "MS")]
    pub(crate) waitfor_duration: f64,
}

/// Flags of `connect`.
#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// Where the server listens: host:port, or unix:<path>
    #[arg(value_name = "ADDR")]
    pub(crate) address: Option<String>,
}

/// Flags of `dap`.
#[derive(Debug, Args)]
pub(crate) struct Dap {
    /// Connect to an editor that waits at this address, in place of listening
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) client_addr: Option<String>,
}

/// Flags of `debug`.
#[derive(Debug, Args)]
pub(crate) struct Debug {
    /// Packages, as the Go command takes them
    #[arg(value_name = "PACKAGE")]
    pub(crate) packages: Vec<String>,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) program_arguments: Vec<String>,
    /// Name of the compiled program, in place of a generated one
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Let the program run at once
    #[arg(long = "continue")]
    pub(crate) run_on: bool,
    /// Terminal that the program gets
    #[arg(long, value_name = "PATH")]
    pub(crate) tty: Option<PathBuf>,
    /// Remove an rr recording afterwards
    #[arg(long, hide = true, default_value = "true", action = ArgAction::Set)]
    pub(crate) rr_cleanup: bool,
}

/// Flags of `exec`.
#[derive(Debug, Args)]
pub(crate) struct Exec {
    /// The program and, best after `--`, its arguments
    #[arg(value_name = "PATH [-- ARGS]")]
    pub(crate) arguments: Vec<String>,
    /// Let the program run at once
    #[arg(long = "continue")]
    pub(crate) run_on: bool,
    /// Terminal that the program gets
    #[arg(long, value_name = "PATH")]
    pub(crate) tty: Option<PathBuf>,
    /// Remove an rr recording afterwards
    #[arg(long, hide = true, default_value = "true", action = ArgAction::Set)]
    pub(crate) rr_cleanup: bool,
}

/// Flags of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The program, library or plugin
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
}

/// Flags of `test`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Packages, as the Go command takes them
    #[arg(value_name = "PACKAGE")]
    pub(crate) packages: Vec<String>,
    /// Arguments of the test binary, each with the -test. prefix
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) program_arguments: Vec<String>,
    /// Name of the compiled test binary, in place of a generated one
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Flags of `trace`.
#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// Packages, as the Go command takes them, and the regular expression of the functions to trace
    #[arg(value_name = "[PACKAGE] REGEXP")]
    pub(crate) arguments: Vec<String>,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) program_arguments: Vec<String>,
    /// Trace this process, which runs already
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "PID")]
    pub(crate) pid: i64,
    /// Trace this program, which is compiled already
    #[arg(short, long, value_name = "PATH")]
    pub(crate) exec: Option<PathBuf>,
    /// Trace the test binary
    #[arg(short, long)]
    pub(crate) test: bool,
    /// Trace with eBPF (not supported)
    #[arg(hide = true, long)]
    pub(crate) ebpf: bool,
    /// Begin each line with the time
    #[arg(long)]
    pub(crate) timestamp: bool,
    /// Print the stack of each call, with this many callers
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "DEPTH")]
    pub(crate) stack: i64,
    /// Name of the compiled program, in place of a generated one
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Trace the functions called by the matching ones too, to this depth
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "DEPTH")]
    pub(crate) follow_calls: i64,
    /// How much to print of arguments and results, 0 to 4
    #[arg(short, long, default_value_t = 0, hide_default_value = true, value_name = "LEVEL")]
    pub(crate) verbose: i64,
}

/// The description of the command line under the name that was called.
pub(crate) fn command(identity: Identity) -> Command {
    let command = Cli::command().name(identity.command()).bin_name(identity.command());
    with_go_switches(command.styles(Styles::plain()))
}

/// Lets every switch be written as Go's flag parsers have it: `--headless` and `--headless=false`.
fn with_go_switches(command: Command) -> Command {
    let switch = |argument: Arg| {
        if argument.get_value_parser().type_id() != TypeId::of::<bool>() {
            return argument;
        }
        let off = argument.get_default_values().first().is_none_or(|value| value == "false");
        let argument = if off { argument.default_value("false").hide_default_value(true) } else { argument };
        let argument = argument.action(ArgAction::Set).num_args(0..=1).require_equals(true);
        argument.default_missing_value("true").value_name("BOOL").value_parser(parse_bool)
    };
    command.mut_args(switch).mut_subcommands(with_go_switches)
}

/// Reads the arguments; the error says what is wrong with them, or is the help that was asked for.
pub(crate) fn parse(
    identity: Identity,
    arguments: impl Iterator<Item = OsString>,
) -> Result<Cli, clap::Error> {
    let matches = command(identity).try_get_matches_from(arguments)?;
    Cli::from_arg_matches(&matches)
}

/// The spellings of a truth value that Go's flag parsers take (`strconv.ParseBool`).
fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        other => Err(format!("{other:?} is neither true nor false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        parse(Identity::Adit, line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_description_is_sound() {
        command(Identity::Dlv).debug_assert();
    }

    #[test]
    fn global_flags_stand_before_and_after_the_command_and_its_arguments() {
        for line in [
            "adit --headless --wd=/tmp -r a exec prog",
            "adit exec --headless --wd /tmp -r a prog",
            "adit exec prog --headless=true --wd /tmp --redirect=a",
        ] {
            let cli = parsed(line).unwrap();
            assert!(cli.globals.headless, "{line}");
            assert_eq!(cli.globals.wd, "/tmp", "{line}");
            assert_eq!(cli.globals.redirect, ["a"], "{line}");
        }
    }

    #[test]
    fn switches_take_the_truth_values_of_go() {
        assert!(parsed("adit exec prog").unwrap().globals.check_go_version);
        assert!(!parsed("adit exec prog --check-go-version=f").unwrap().globals.check_go_version);
        assert!(!parsed("adit exec prog --headless=0").unwrap().globals.headless);
        assert!(parsed("adit exec prog --headless=maybe").is_err());
    }

    #[test]
    fn what_follows_two_dashes_is_the_programs() {
        let Action::Exec(exec) = parsed("adit exec prog a -- --headless").unwrap().command else { panic!() };
        assert_eq!(exec.arguments, ["prog", "a", "--headless"]);
        let Action::Debug(debug) = parsed("adit debug ./a ./b -- -x y").unwrap().command else { panic!() };
        assert_eq!(debug.packages, ["./a", "./b"]);
        assert_eq!(debug.program_arguments, ["-x", "y"]);
    }

    #[test]
    fn build_flags_may_begin_with_a_dash() {
        let cli = parsed("adit debug --build-flags -race").unwrap();
        assert_eq!(cli.globals.build_flags, "-race");
    }
}
