//! Debug information of real Go and C programs, against what the programs and other tools say of themselves.

// What cannot be had while a test prepares is that test's failure.
#![allow(clippy::unwrap_used)]

mod arches;
mod c_programs;
mod cgo;
mod damage;
mod forms;
mod functions;
mod lines;
mod locations;
mod lookups;
mod optimized;
mod oracles;
mod program;
mod seeds;
mod types;
