//! The thread that waits while the target runs.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use adit_api::{Client, DebuggerCommand, DebuggerState, Result};

use crate::adapter::Message;

/// Carries out commands that let the target run, one after the other.
pub(crate) struct Runner(Sender<DebuggerCommand>);

impl Runner {
    /// Starts the thread; what comes of each command goes to `done`. It ends with the runner.
    pub(crate) fn start(client: Arc<dyn Client>, done: Sender<Message>) -> std::io::Result<Runner> {
        let (commands, queue) = channel::<DebuggerCommand>();
        std::thread::Builder::new().name("runner".to_owned()).spawn(move || {
            for command in queue {
                let outcome = run(&*client, &command);
                if done.send(Message::Ran(Box::new(outcome))).is_err() {
                    return;
                }
            }
        })?;
        Ok(Runner(commands))
    }

    pub(crate) fn run(&self, command: DebuggerCommand) {
        // The thread ends with this value only.
        let _ = self.0.send(command);
    }
}

fn run(client: &dyn Client, command: &DebuggerCommand) -> Result<DebuggerState> {
    client.command(command)
}
