//! Stacks and goroutines of real Go programs.

mod crossings;
mod program;
mod steps;
