//! Opening real Go programs of several versions, architectures and degrees of stripping, against what Go's own
//! tools say of them.

#![allow(clippy::unwrap_used)] // In a test, a panic is the report.

mod foreign;
mod functions;
mod libraries;
mod lines;
mod modes;
mod old;
mod opening;
mod platforms;
mod program;
mod sample;
mod split_code;
