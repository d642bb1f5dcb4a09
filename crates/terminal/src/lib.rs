//! The prompt: reads commands, carries them out through [`adit_api::Client`], and prints what they find.
//!
//! [`Terminal`] is one session at the prompt. It is made from a client and [`Options`] (where input comes from,
//! where output goes, which files it may use) and runs until the user leaves; [`Terminal::run`] returns the exit
//! status; [`Terminal::trace`] prints hits of tracepoints and nothing else. Commands live in one table, from which dispatch, completion and `help` are driven. Nothing here knows
//! whether the session is local or remote.

mod argv;
mod command;
mod commands;
mod completion;
mod config;
mod input;
mod interrupt;
mod options;
mod output;
mod print;
mod progress;
mod prompt;
mod reference;
mod script;
mod sources;
mod suggest;
mod terminal;
mod trace;

pub use completion::Vocabulary;
pub use input::{Input, LineEditor, PlainInput};
pub use options::Options;
pub use print::stack::stack_text;
pub use print::tracepoint::TraceVerbosity;
pub use reference::command_reference;
pub use script::{HostError, ScriptCommand, ScriptEngine, ScriptHost};
pub use sources::{EscapeModule, LocalSources};
pub use terminal::Terminal;

#[cfg(test)]
mod tests;
