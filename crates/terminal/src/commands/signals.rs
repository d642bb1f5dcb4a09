//! What is done with signals that arrive for the target.

use adit_api::HandleSignalIn;

use crate::command::{Command, Context, Group, Outcome};
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[Command] = &[Command::new(
    &["handle"],
    Group::Running,
    handle,
    "Changes what is done with signals of the program.

	handle
	handle <signal>... [stop | nostop] [print | noprint] [pass | nopass]
	handle <signal>... default

stop: the program stops when the signal is about to be delivered to one of its threads. print: its arrival is told of
when the program stops next. pass: the program gets it, after a stop when it goes on. What stops is also printed.

Signals are named with or without SIG, or by number: SIGUSR1, usr1, 10; real-time signals have only numbers. Without
arguments, shows what was asked for so far. All other signals are passed on unseen; one that is about to crash the
program because nothing handles it is a stop.

	handle SIGUSR1 SIGHUP stop nopass",
)];

fn handle(t: &mut Terminal, _: &Context, args: &str) -> Outcome {
    let mut signals = Vec::new();
    let mut wanted = HandleSignalIn::default();
    for word in args.split_whitespace() {
        match word {
            "stop" => wanted.stop = Some(true),
            "nostop" => wanted.stop = Some(false),
            "print" => wanted.print = Some(true),
            "noprint" => wanted.print = Some(false),
            "pass" => wanted.pass = Some(true),
            "nopass" => wanted.pass = Some(false),
            "default" => wanted.default = true,
            signal => signals.push(signal.to_owned()),
        }
    }
    let changes = wanted != HandleSignalIn::default();
    if changes && signals.is_empty() {
        return Err("name the signals, as in: handle SIGUSR1 stop nopass".into());
    }
    if !changes && !signals.is_empty() {
        return Err("say what is to be done: stop, nostop, print, noprint, pass, nopass or default".into());
    }
    if wanted.stop == Some(true) && wanted.print == Some(false) {
        return Err("a stop is always printed".into());
    }
    let mut handled = t.client.handle_signal(&HandleSignalIn::default())?;
    for signal in signals {
        handled = t.client.handle_signal(&HandleSignalIn { signal, ..wanted.clone() })?;
    }
    let word = |yes: bool| if yes { "yes" } else { "no" };
    if !handled.is_empty() {
        t.println("Signal      Stop  Print  Pass");
    }
    for known in handled {
        let (stop, print, pass) = (word(known.stop), word(known.print), word(known.pass));
        t.println(&format!("{:<10}  {stop:<4}  {print:<5}  {pass}", known.signal));
    }
    t.println("Other signals are passed to the program; one that is about to crash it is a stop.");
    Ok(())
}
