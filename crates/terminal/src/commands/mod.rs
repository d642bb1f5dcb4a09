//! The commands, a file for each group.

mod breakpoints;
mod config;
mod data;
mod goroutines;
mod help;
mod inspect;
mod memory;
mod on;
mod program;
mod recording;
pub(crate) mod running;
mod session;
mod signals;
mod source;
mod stack;

use crate::command::Command;

/// The tables that together list every command.
pub(crate) const TABLES: &[&[Command]] = &[
    running::COMMANDS,
    signals::COMMANDS,
    recording::COMMANDS,
    breakpoints::COMMANDS,
    on::COMMANDS,
    data::COMMANDS,
    memory::COMMANDS,
    goroutines::COMMANDS,
    stack::COMMANDS,
    source::COMMANDS,
    program::COMMANDS,
    inspect::COMMANDS,
    config::COMMANDS,
    session::COMMANDS,
    help::COMMANDS,
];
