//! The index of names: its answers, and what becomes of it when files of the cache are damaged, foreign or contended.

mod answers;
mod kept;
mod program;
