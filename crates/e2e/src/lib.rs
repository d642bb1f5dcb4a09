//! Drives the real debugger on real programs, for the tests of this crate and for the demo.
//!
//! A [`Program`] is one of `testdata/`, built with a [`Go`] toolchain; its source marks lines by comments
//! (`// stop: inner loop`), and tests name the mark. A [`Session`] is the debugger running on it, over pipes
//! or on a terminal of its own: a command goes in, its reply comes out when the next prompt appears. A
//! session that ends must leave no process behind; [`Session::finish`] sees to that. A [`Server`] is the debugger without
//! a prompt, whose clients are sessions, too.
//!
//! All of this is for tests: what goes wrong is a panic with everything that was said.

#![allow(clippy::unwrap_used, reason = "a test harness: what goes wrong must fail the test")]

mod busy;
mod debuggee;
mod debugger;
mod editor;
mod go;
mod leftover;
mod program;
mod random;
mod redact;
mod server;
mod session;
mod transcript;
mod waiting;
mod walk;

pub use busy::{BUSY_WITHOUT_ERRORS, Busy};
pub use debuggee::{Task, assert_untouched, changed_code, tasks};
pub use debugger::{Debugger, Finished, binary};
pub use editor::Editor;
pub use go::{Go, skip};
pub use leftover::{Marker, may_attach, wait_until};
pub use nix::sys::signal::Signal;
pub use program::{Flavour, Program, write_executable};
pub use random::Random;
pub use redact::without_addresses;
pub use server::Server;
pub use session::{Reply, Session};
pub use transcript::Transcript;
pub use waiting::Waiting;
pub use walk::{check_walks, place};

/// Makes two tests of one function that takes a [`Go`]: on the oldest and on the newest toolchain.
#[macro_export]
macro_rules! on_oldest_and_newest {
    ($($(#[$attribute:meta])* fn $name:ident($go:ident) $body:block)*) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn check($go: &$crate::Go) $body

            #[test]
            fn oldest() {
                if let Some(go) = $crate::Go::oldest() {
                    check(&go);
                }
            }

            #[test]
            fn newest() {
                if let Some(go) = $crate::Go::newest() {
                    check(&go);
                }
            }
        }
    )*};
}
