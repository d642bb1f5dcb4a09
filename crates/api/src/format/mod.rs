//! Text of values, as people and clients read it.
//!
//! [`Format`] says how: on one line or several, with or without type names, with a verb of Go's `fmt` for the
//! scalars. [`single_line`] and [`multi_line`] are the two usual ways; [`quote`] is Go's `%q` and
//! [`shorten_type`] drops the leading parts of long package paths.

mod float;
mod quote;
mod types;
mod verb;
mod writer;

pub use quote::quote;
pub use types::shorten_type;
pub use verb::{Scalar, apply_verb};
pub use writer::Format;

use crate::Variable;

/// The value on one line, with its type.
pub fn single_line(variable: &Variable) -> String {
    Format::default().text(variable)
}

/// The value on several lines where it is large; lines after the first start with `indent`.
pub fn multi_line(variable: &Variable, indent: &str) -> String {
    Format { multi_line: true, indent, ..Format::default() }.text(variable)
}

#[cfg(test)]
mod tests;
