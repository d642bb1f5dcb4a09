//! Stacks and goroutines of real Go programs.

mod program;
mod steps;
