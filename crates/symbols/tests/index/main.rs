//! The index of names: its answers, and what becomes of it when files of the cache are damaged, foreign or contended.

#![allow(clippy::unwrap_used)] // In a test, a panic is the report.

mod answers;
mod kept;
mod program;
