//! What is done with signals that arrive for the target.

use serde::{Deserialize, Serialize};

use crate::json;

/// What is done with one signal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignalHandling {
    /// The signal's name, as `SIGUSR1`; `SIG34` for one that has none.
    #[serde(rename = "Signal")]
    pub signal: String,
    /// Its arrival stops the target.
    #[serde(rename = "Stop")]
    pub stop: bool,
    /// Its arrival is told of, by an event if it is no stop.
    #[serde(rename = "Print")]
    pub print: bool,
    /// The target gets it.
    #[serde(rename = "Pass")]
    pub pass: bool,
}

/// Request of `RPCServer.HandleSignal`, to change what is done with a signal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandleSignalIn {
    /// By its name, with or without `SIG`, or by its number.
    #[serde(rename = "Signal")]
    pub signal: String,
    /// What is to be changed, `None` leaves a part as it is.
    #[serde(rename = "Stop")]
    pub stop: Option<bool>,
    /// As for `stop`.
    #[serde(rename = "Print")]
    pub print: Option<bool>,
    /// As for `stop`.
    #[serde(rename = "Pass")]
    pub pass: Option<bool>,
    /// Forget all that was asked for before.
    #[serde(rename = "Default")]
    pub default: bool,
}

/// Reply of `RPCServer.HandleSignal`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandleSignalOut {
    /// Those for which something was asked, in the order of their numbers.
    #[serde(rename = "Signals", with = "json::nullable")]
    pub signals: Vec<SignalHandling>,
}
