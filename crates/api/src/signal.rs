//! What is done with signals that arrive for the target.

/// What is done with one signal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignalHandling {
    /// The signal's name, as `SIGUSR1`; `SIG34` for one that has none.
    pub signal: String,
    /// Its arrival stops the target.
    pub stop: bool,
    /// Its arrival is told of, by an event if it is no stop.
    pub print: bool,
    /// The target gets it.
    pub pass: bool,
}

/// A request to change what is done with a signal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandleSignalIn {
    /// By its name, with or without `SIG`, or by its number.
    pub signal: String,
    /// What is to be changed, `None` leaves a part as it is.
    pub stop: Option<bool>,
    /// As for `stop`.
    pub print: Option<bool>,
    /// As for `stop`.
    pub pass: Option<bool>,
    /// Forget all that was asked for before.
    pub default: bool,
}
