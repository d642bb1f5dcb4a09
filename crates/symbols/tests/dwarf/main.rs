//! Debug information of real Go and C programs, against what the programs and other tools say of themselves.

mod functions;
mod lines;
mod locations;
mod lookups;
mod program;
mod types;
