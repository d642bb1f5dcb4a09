//! Stacks and goroutines of real Go programs.

#![allow(clippy::unwrap_used)]

mod crossings;
mod goroutines;
mod interrupted;
mod program;
mod steps;
mod targets;
mod traces;
