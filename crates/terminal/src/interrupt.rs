//! Ctrl-C while the prompt is busy.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adit_api::{Client, DebuggerCommand, command_name};

use crate::input::Input;

/// What Ctrl-C stops.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Busy {
    /// Nothing; the prompt is shown or a quick command runs.
    #[default]
    No,
    /// The target runs.
    Running,
    /// A core file is being written.
    Dumping,
}

/// Shared by the prompt and the thread that waits for Ctrl-C.
#[derive(Default)]
pub(crate) struct Interrupts {
    /// Locked while something is said of it, so that nothing is said when it is over and the prompt is shown.
    busy: Mutex<Busy>,
    cancelled: Arc<AtomicBool>,
    quit: AtomicBool,
}

impl Interrupts {
    /// Says what Ctrl-C stops from now on.
    pub(crate) fn set_busy(&self, busy: Busy) {
        *self.lock() = busy;
    }

    /// Forgets an earlier Ctrl-C, at the start of a command.
    pub(crate) fn reset(&self) {
        self.cancelled.store(false, Ordering::SeqCst);
    }

    /// Whether Ctrl-C was pressed since the command started.
    pub(crate) fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// What is set by Ctrl-C, for those who cannot ask.
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// Whether the user chose to leave a shared target running.
    pub(crate) fn quit(&self) -> bool {
        self.quit.load(Ordering::SeqCst)
    }

    fn is(&self, busy: Busy) -> bool {
        *self.lock() == busy
    }

    /// Says why it stops what is under way. `false`: that is over.
    fn announce(&self, busy: Busy, say: impl FnOnce()) -> bool {
        let now = self.lock();
        let under_way = *now == busy;
        if under_way {
            say();
        }
        under_way
    }

    fn lock(&self) -> MutexGuard<'_, Busy> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers every message from `events` until its sender is gone.
pub(crate) fn watch(
    events: Receiver<()>,
    shared: Arc<Interrupts>,
    client: Arc<dyn Client>,
    input: Arc<Mutex<Box<dyn Input>>>,
) {
    std::thread::spawn(move || {
        while events.recv().is_ok() {
            shared.cancelled.store(true, Ordering::SeqCst);
            let _ = client.cancel_downloads();
            if shared.announce(Busy::Dumping, || eprintln!("received SIGINT, stopping dump")) {
                report(client.dump_cancel());
            } else if shared.is(Busy::Running) {
                stop(&shared, client.as_ref(), &input);
            } else {
                client.break_off();
            }
        }
    });
}

fn stop(shared: &Interrupts, client: &dyn Client, input: &Mutex<Box<dyn Input>>) {
    if client.state(true).is_ok_and(|state| state.recording) {
        eprintln!("received SIGINT, stopping recording (will not forward signal)");
        report(client.stop_recording());
        return;
    }
    if client.is_multiclient() {
        let mut input = input.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let question = "Would you like to [p]ause the target (returning to Delve's prompt) or [q]uit this client (leaving the target running) [p/q]? ";
            match input.read_line(question).ok().flatten().as_deref().map(str::trim) {
                Some("p") => break,
                Some("q") | None => {
                    shared.quit.store(true, Ordering::SeqCst);
                    return;
                }
                Some(_) => println!("only p or q allowed"),
            }
        }
    } else {
        let said = || println!("received SIGINT, stopping process (will not forward signal)");
        if !shared.announce(Busy::Running, said) {
            return;
        }
    }
    let halt = DebuggerCommand { name: command_name::HALT.to_owned(), ..DebuggerCommand::default() };
    report(client.command(&halt));
}

fn report<T>(result: adit_api::Result<T>) {
    if let Err(error) = result {
        eprintln!("{error}");
    }
}
