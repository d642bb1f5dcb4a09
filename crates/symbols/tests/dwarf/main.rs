//! Debug information of real Go programs, against what the programs and other tools say of themselves.

mod program;
mod smoke;
