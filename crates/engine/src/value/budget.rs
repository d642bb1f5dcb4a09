//! How much is loaded for one request, whatever the configuration says.

use std::cell::Cell;

/// About as many bytes as the text of one value may have: a graph that is followed in all directions has more paths than
/// anyone can read, and a header that is overwritten promises more elements than there is memory.
const MOST: usize = 192 << 20;

/// What a value costs that is nested no deeper than [`SHALLOW`]: a slice of a million structs can be loaded whole.
const VALUE: usize = 48;
const SHALLOW: usize = 4;

/// What one costs that is nested deeper, beside a byte for each level by which its line is indented, up to so many.
const DEEP_VALUE: usize = 768;
const DEEPEST_INDENT: usize = 100;

/// What a scalar or string in a column costs, beside its bytes.
pub(crate) const PACKED: usize = 16;

/// What is left of it.
#[derive(Debug, Default)]
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    /// Another request begins.
    pub(crate) fn renew(&self) {
        self.0.set(MOST);
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    /// Takes off a value at this depth; `false`: it shall not be loaded.
    pub(crate) fn take_value(&self, depth: usize) -> bool {
        self.take(if depth <= SHALLOW { VALUE } else { DEEP_VALUE + depth.min(DEEPEST_INDENT) })
    }

    /// So many bytes, or as many as are left.
    pub(crate) fn part(&self, bytes: usize) -> usize {
        bytes.min(self.0.get())
    }

    /// Takes off that many bytes; `false`: nothing was left of it before.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(bytes));
        left > 0
    }
}
