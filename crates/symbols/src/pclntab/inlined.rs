//! Where a function was inlined, found without decoding what was inlined everywhere else.

use std::collections::BTreeSet;

use super::header::Format;
use super::{Function, Pclntab};
use crate::FileAddr;

/// More than the records of one inline tree take, in bytes: ends the search behind the last tree.
const LONGEST_TREE: usize = 1 << 20;

impl Pclntab {
    /// First addresses of the places where the function whose full name is `name` was inlined, by address.
    pub fn inlined_copies(&self, name: &str) -> Vec<FileAddr> {
        let (Some(data), names) = (self.function_data.as_ref(), self.name_offsets(name)) else {
            return Vec::new();
        };
        if names.is_empty() {
            return Vec::new();
        }
        // Equal trees are stored once: several functions may have the same.
        let with_tree = self.functions().filter_map(|f| Some((f.inline_tree()?, f.index())));
        let mut trees: Vec<(u32, usize)> = with_tree.collect();
        trees.sort_unstable();
        let (Some(first), Some(last)) = (trees.first(), trees.last()) else { return Vec::new() };
        let end = data.data().len().min((last.0 as usize).saturating_add(LONGEST_TREE));
        let searched = data.data().get(first.0 as usize..end).unwrap_or_default();
        let mut functions = BTreeSet::new();
        for offset in names {
            let size = size_of::<u32>();
            let word = self.order.bytes(u64::from(offset), size);
            for at in memchr::memmem::find_iter(searched, &word) {
                // The tree that starts last before the word has it, if any does.
                let at = first.0.saturating_add(at as u32);
                let after = trees.partition_point(|tree| tree.0 <= at);
                let Some(tree) = after.checked_sub(1).and_then(|index| trees.get(index)) else { continue };
                let same = trees[..after].iter().rev().take_while(|other| other.0 == tree.0);
                functions.extend(same.map(|other| other.1));
            }
        }
        let calls = functions.into_iter().flat_map(|index| Function::new(self, index).inlined_calls());
        calls.filter(|(callee, _)| *callee == name).map(|(_, start)| start).collect()
    }

    /// Where a name stands in the table of names, in bytes from its start; empty if no function has it.
    pub(super) fn name_offsets(&self, name: &str) -> Vec<u32> {
        let parts = [self.header.units, self.header.files, self.header.pc_values, self.header.function_table];
        let end = parts.into_iter().filter(|part| *part > self.header.names).min();
        let names = self.data().get(self.header.names..end.unwrap_or(self.data().len())).unwrap_or_default();
        if name.is_empty() || name.contains('\0') {
            return Vec::new();
        }
        if self.header.format < Format::Go116 {
            // Names are scattered over the table, and what comes before one may end with any byte.
            let ended = [name.as_bytes(), b"\0"].concat();
            return memchr::memmem::find_iter(self.data(), &ended)
                .filter_map(|at| u32::try_from(at).ok())
                .collect();
        }
        let whole = [b"\0", name.as_bytes(), b"\0"].concat();
        // Names are never the end of others: each starts behind another's NUL, or at the start of the table.
        let at_start = names.strip_prefix(&whole[1..]).map(|_| 0);
        let elsewhere = memchr::memmem::find_iter(names, &whole).map(|at| at + 1);
        at_start.into_iter().chain(elsewhere).filter_map(|at| u32::try_from(at).ok()).collect()
    }
}
