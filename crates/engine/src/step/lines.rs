//! The statements of a function: where its source lines begin in its code.

use std::collections::BTreeSet;
use std::rc::Rc;

use adit_process::Addr;

use crate::{Debugger, EngineError};

/// The statements of so many functions are kept: the next step mostly is in the same one.
const MOST_FUNCTIONS: usize = 256;

/// The beginning of a source line in a function's code.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) addr: Addr,
    pub(crate) file: String,
    pub(crate) line: u32,
    /// The functions at this address, innermost first: more than one in an inlined call.
    pub(crate) chain: Vec<String>,
}

impl Debugger {
    /// Start and end of the Go function around `pc`.
    pub(crate) fn function_range(&self, pc: Addr) -> Option<(Addr, Addr)> {
        let module = self.module_at(pc);
        let function = module.function(pc)?;
        Some((module.to_target(function.entry()), module.to_target(function.end())))
    }

    /// All statements of the function around `pc`, after its prologue, in ascending order of address.
    ///
    /// The line program knows which addresses begin a statement; of a stripped binary every change of line counts.
    pub(crate) fn statements(&self, pc: Addr) -> Result<Rc<[Statement]>, EngineError> {
        let (start, end) = self.function_range(pc).ok_or(EngineError::NoSource(pc))?;
        if let Some(known) = self.statements.borrow().get(&start) {
            return Ok(known.clone());
        }
        let first = self.after_prologue(start).unwrap_or(start);
        let mut seen = BTreeSet::new();
        let mut statements = Vec::new();
        let lines = self.line_starts(start, end);
        let inside = self.inside_instructions(start, end, &lines);
        for (addr, file, line) in lines {
            if addr < first || line == 0 || inside.contains(&addr) || !seen.insert(addr) {
                continue;
            }
            let frames = self.image.source_frames_anywhere(&self.target, addr);
            let chain = frames.iter().map(|frame| frame.function.clone()).collect();
            statements.push(Statement { addr, file, line, chain });
        }
        let statements: Rc<[Statement]> = statements.into();
        let mut known = self.statements.borrow_mut();
        if known.len() >= MOST_FUNCTIONS {
            known.clear();
        }
        known.insert(start, statements.clone());
        Ok(statements)
    }

    /// Beginnings of lines that are in the middle of an instruction, which a breakpoint there would damage: assembly that
    /// writes an instruction byte by byte has several lines for it (`runtime.sigreturn__sigaction` of go1.27).
    fn inside_instructions(&self, start: Addr, end: Addr, lines: &[(Addr, String, u32)]) -> BTreeSet<Addr> {
        if !lines.iter().any(|(_, file, _)| file.ends_with(".s")) {
            return BTreeSet::new();
        }
        let whole: Vec<Addr> = self.instructions(start, end).into_iter().map(|(addr, _)| addr).collect();
        // What follows something that is no instruction is not known.
        let known = whole.last().copied().unwrap_or(start);
        let addrs = lines.iter().map(|(addr, ..)| *addr);
        addrs.filter(|addr| *addr < known && whole.binary_search(addr).is_err()).collect()
    }

    /// Addresses at which a line begins, from the line program, or else from pclntab.
    fn line_starts(&self, start: Addr, end: Addr) -> Vec<(Addr, String, u32)> {
        let module = self.module_at(start);
        let (low, high) = (module.to_file(start), module.to_file(end));
        let rows = module
            .binary()
            .dwarf()
            .ok()
            .and_then(|dwarf| dwarf.line_rows(low, high).ok())
            .unwrap_or_default();
        if !rows.is_empty() {
            // Not only where the line changes: a loop jumps to a later statement of its own line.
            return rows
                .iter()
                .filter(|row| row.is_stmt && !row.end_sequence)
                .map(|row| (module.to_target(row.addr), row.file.to_string(), row.line))
                .collect();
        }
        let function = module.function(start);
        let entries = function.map(|function| function.line_entries()).unwrap_or_default();
        entries
            .into_iter()
            .map(|(addr, _, file, line)| (module.to_target(addr), file.to_owned(), line))
            .collect()
    }

    /// The ranges of code that belong to one line of the function that starts at `start`.
    pub(crate) fn ranges_of_line(&self, start: Addr, file: &str, line: u32) -> Vec<(Addr, Addr)> {
        let module = self.module_at(start);
        let function = module.function(start);
        let entries = function.map(|function| function.line_entries()).unwrap_or_default();
        entries
            .into_iter()
            .filter(|(_, _, entry_file, entry_line)| *entry_file == file && *entry_line == line)
            .map(|(from, to, _, _)| (module.to_target(from), module.to_target(to)))
            .collect()
    }
}

/// Does code with the functions `chain` (innermost first) belong to the innermost function of `current`, or to one of
/// those that it is inlined into?
pub(super) fn is_outer_or_same<T: AsRef<str>>(chain: &[String], current: &[T]) -> bool {
    chain.len() <= current.len()
        && chain.iter().rev().zip(current.iter().rev()).all(|(function, other)| function == other.as_ref())
}

#[cfg(test)]
mod tests {
    use super::is_outer_or_same;

    #[test]
    fn inlined_callees_are_not_in_the_way_of_next() {
        let chain = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let current = ["main.inner", "main.outer"];
        assert!(is_outer_or_same(&chain(&["main.inner", "main.outer"]), &current));
        assert!(is_outer_or_same(&chain(&["main.outer"]), &current));
        assert!(!is_outer_or_same(&chain(&["main.other", "main.outer"]), &current));
        assert!(!is_outer_or_same(&chain(&["main.deep", "main.inner", "main.outer"]), &current));
    }
}
