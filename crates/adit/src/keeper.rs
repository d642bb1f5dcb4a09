//! Attaching is done by a child process.
//!
//! A debugger that is killed by SIGKILL can do nothing any more, and an attached program would run into its breakpoints.
//! So the process that the user started, and may kill, only keeps watch: the debugger itself is its child, which hears
//! of its end as a SIGTERM, and lets go of the program as it should. (A launched program needs none of this: it ends
//! together with the debugger.)

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitCode};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Tells the child who its keeper is: the keeper's process id.
const KEEPER: &str = "ADIT_KEEPER";

/// In the process that the user started: runs the debugger as a child, and returns its exit status. `None`: this is that
/// child, or there can be none, so the caller goes on itself.
///
/// `interrupts`: Ctrl-C is sent on to the child, which may then hear of it twice. It gets that of the terminal anyway,
/// but not one that a script sends.
pub(crate) fn keep(interrupts: bool) -> Option<ExitCode> {
    let keeper = std::env::var(KEEPER).ok().and_then(|pid| pid.parse().ok());
    if keeper.is_some_and(adit_native::end_with_parent) {
        return None;
    }
    // From here on Ctrl-C and the like are the child's business; it is in the same process group.
    let mut signals = Signals::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP]).ok()?;
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_else(|| "adit".into());
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.arg0(name).args(arguments).env(KEEPER, std::process::id().to_string());
    let mut child = command.spawn().ok()?;
    let id = child.id();
    let forward = move || {
        let is_sent_on = |signal| matches!(signal, SIGTERM | SIGHUP) || interrupts && signal == SIGINT;
        for signal in signals.forever().filter(|signal| is_sent_on(*signal)) {
            adit_native::send_signal(id, signal);
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(forward).ok()?;
    let status = child.wait().ok()?;
    if let Some(signal) = status.signal() {
        // Whoever waits for us sees that it was the signal. If that fails, the exit status says so.
        let _ = emulate_default_handler(signal);
    }
    let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Some(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}
