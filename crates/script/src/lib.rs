//! Scripts in Starlark that drive a debugging session, over [`adit_api::Client`].
//!
//! An [`Engine`] runs scripts: files, commands that files define, and what is typed. A script finds each method of the
//! API as a function, and [`Host`] is what it needs of the prompt that it runs at. So scripts are the same against a local
//! and a remote session.
//!
//! The evaluator is the crate `starlark`. Around it: `source` rewrites what its dialect lacks (`while`) and knows where
//! everything was in the user's text; `traceback` words errors as users of Delve know them. `api_types` is the table of
//! the API's types under Go's names, `data` are values of them, `methods` the functions that take and return such;
//! `objects` shows them to scripts. `value` is a value of the program, of which more is loaded where a script looks.

mod api_types;
mod arguments;
mod builtins;
mod data;
mod declared;
mod docstring;
mod engine;
mod host;
mod lexer;
mod methods;
mod objects;
mod session;
mod source;
mod time;
mod traceback;
mod value;

pub use engine::{Command, Engine};
pub use host::{Host, HostError};

#[cfg(test)]
mod tests;
