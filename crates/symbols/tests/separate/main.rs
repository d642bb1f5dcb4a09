//! Debug information that was taken out of programs: found, held against the program, joined or refused.

#![allow(clippy::unwrap_used, reason = "what goes wrong must fail the test")]

mod bundle;
mod by_build_id;
mod by_link;
mod files;
mod shared;
