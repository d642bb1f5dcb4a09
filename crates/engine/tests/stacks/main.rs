//! Stacks and goroutines of real Go programs.

mod crossings;
mod goroutines;
mod program;
mod steps;
