//! What is done with signals that arrive for the program.

use adit_api::{ClientError, HandleSignalIn, Result, SignalHandling};
use adit_engine::signals::SignalPolicy;
use adit_process::Signal;

use crate::owner::{Owner, client_error};

impl Owner {
    pub(crate) fn handle_signal(&mut self, request: &HandleSignalIn) -> Result<Vec<SignalHandling>> {
        if !request.signal.is_empty() {
            let signal: Signal = request.signal.parse().map_err(ClientError)?;
            let policy = (!request.default).then(|| self.changed_policy(signal, request));
            self.debugger.handle_signal(signal, policy).map_err(client_error)?;
        }
        let policies = self.debugger.signal_policies().into_iter();
        let shown = policies.map(|(signal, SignalPolicy { stop, print, pass })| SignalHandling {
            signal: signal.name(),
            stop,
            print,
            pass,
        });
        Ok(shown.collect())
    }

    /// What was done with a signal so far, changed. What stops is told of, and what is not told of does not stop.
    fn changed_policy(&self, signal: Signal, request: &HandleSignalIn) -> SignalPolicy {
        let known = self.debugger.signal_policies().into_iter().find(|(known, _)| *known == signal);
        let before = known.map_or(SignalPolicy::DEFAULT, |(_, policy)| policy);
        let stop = request.stop.unwrap_or(before.stop && request.print != Some(false));
        SignalPolicy {
            stop,
            print: stop || request.print.unwrap_or(before.print),
            pass: request.pass.unwrap_or(before.pass),
        }
    }
}
