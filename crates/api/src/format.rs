//! Text of values.
