//! Signals to the debugger itself.
//!
//! An interrupt (Ctrl-C) is a wish of the user at the prompt; to a server, which has none, it is one to end. A wish to end is carried out here: the program
//! under the debugger is let go of, or killed if it was launched, and what was built is removed, as it is when
//! the user leaves the prompt. Otherwise an attached process would be left with breakpoints in its code.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use adit_api::Client;
use adit_gobuild::Output;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// What must not be left behind.
#[derive(Default)]
struct Custody {
    client: Option<Arc<dyn Client>>,
    server: Option<Box<dyn Fn() + Send>>,
    output: Option<Output>,
}

/// The watch over signals, from before anything is built to the end.
pub(crate) struct Watch {
    custody: Arc<Mutex<Custody>>,
    interrupts: Receiver<()>,
}

impl Watch {
    /// Takes the signals over, on a thread of its own.
    pub(crate) fn start() -> std::io::Result<Watch> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let custody: Arc<Mutex<Custody>> = Arc::default();
        let (sender, interrupts) = channel();
        let shared = Arc::clone(&custody);
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || signals.forever().for_each(|signal| receive(signal, &sender, &shared)))?;
        Ok(Watch { custody, interrupts })
    }

    /// Has there been an interrupt since the last time this was asked?
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupts.try_recv().is_ok()
    }

    /// Has a file removed should a signal end the debugger.
    pub(crate) fn guard_output(&self, output: &Output) {
        self.custody.lock().unwrap_or_else(PoisonError::into_inner).output = Some(output.clone());
    }

    /// Has a session let go of should a signal end the debugger; returns what yields a message for every
    /// interrupt.
    pub(crate) fn guard_session(self, client: &Arc<dyn Client>) -> Receiver<()> {
        self.custody.lock().unwrap_or_else(PoisonError::into_inner).client = Some(Arc::clone(client));
        self.interrupts
    }

    /// Has a server end should a signal want it; an interrupt is no wish of a user at a prompt then.
    pub(crate) fn guard_server(&self, stop: impl Fn() + Send + 'static) {
        if self.is_interrupted() {
            stop();
        }
        self.custody.lock().unwrap_or_else(PoisonError::into_inner).server = Some(Box::new(stop));
    }

    /// What yields a message for every interrupt. Other signals end the debugger, and nothing else.
    pub(crate) fn interrupts(self) -> Receiver<()> {
        self.interrupts
    }
}

fn receive(signal: i32, interrupts: &Sender<()>, custody: &Mutex<Custody>) {
    let guarded = custody.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(stop) = &guarded.server {
        stop();
        // Should it still wait for a process to appear, it waits no more.
        let _ = interrupts.send(());
        return;
    }
    drop(guarded);
    if signal == SIGINT {
        // With no prompt yet there is nothing to interrupt: whatever is being built has got the signal itself.
        let _ = interrupts.send(());
        return;
    }
    let custody = custody.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = &custody.client {
        // It stops a program that runs. A halt before it would give the prompt time for another command: calls of
        // functions that nobody could let return any more.
        if let Err(error) = client.detach(false) {
            eprintln!("could not let go of the process: {error}");
        }
    }
    if let Some(output) = &custody.output
        && let Err(error) = output.remove()
    {
        eprintln!("{error}");
    }
    // Whoever waits for us sees that it was the signal.
    if emulate_default_handler(signal).is_err() {
        std::process::exit(128 + signal);
    }
}
