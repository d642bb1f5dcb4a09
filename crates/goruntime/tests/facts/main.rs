//! What this crate reads from living Go programs, against what the programs print of themselves.

// Outside of test functions proper, clippy does not know that this is test code.
#![allow(clippy::unwrap_used)]

mod goroutines;
mod hashes;
mod layouts;
mod maps;
mod program;
mod type_list;
mod types;
mod values;
