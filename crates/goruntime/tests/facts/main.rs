//! What this crate reads from living Go programs, against what the programs print of themselves.

mod goroutines;
mod layouts;
mod maps;
mod program;
mod types;
mod values;
