//! Code that is not Go's: C units of cgo programs, C libraries. pclntab knows nothing of it.
//!
//! Its functions are named `C.name`, as they are called in Go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::functions::name_and_low;
use super::{Dwarf, LineRow, UnitInfo};
use crate::{FileAddr, FunctionInfo, InlinedCall, NameKind, SourceFrame};

/// What the names of C functions begin with.
const PREFIX: &str = "C.";

/// A function of another language than Go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignFunction {
    /// Its name: `C.name`.
    pub name: String,
    /// Its first address.
    pub entry: FileAddr,
}

impl Dwarf {
    /// The functions at `pc`, innermost first, if it is not Go code.
    pub fn foreign_frames(&self, pc: FileAddr) -> Vec<SourceFrame> {
        let function = self.function_at(pc).ok().flatten().filter(|function| !function.is_go);
        let Some(function) = function else { return Vec::new() };
        let (mut file, mut line) = match self.row_at(&function, pc) {
            Some(row) => (row.file.to_string(), row.line),
            None => Default::default(),
        };
        let mut frames = Vec::new();
        for call in inlined_at(&function.inlined, pc).into_iter().rev() {
            let function_name = format!("{PREFIX}{}", call.name);
            let call_file = call.call_file.as_deref().unwrap_or_default().to_owned();
            frames.push(SourceFrame {
                function: function_name,
                file: std::mem::replace(&mut file, call_file),
                line: std::mem::replace(&mut line, call.call_line),
                entry: function.low,
                inlined: true,
            });
        }
        let name = format!("{PREFIX}{}", function.name);
        frames.push(SourceFrame { function: name, file, line, entry: function.low, inlined: false });
        frames
    }

    /// All functions of other languages that have code, by name.
    pub fn foreign_functions(&self) -> &[ForeignFunction] {
        self.foreign_functions.get_or_init(|| self.read_foreign_functions())
    }

    fn read_foreign_functions(&self) -> Vec<ForeignFunction> {
        let mut found = Vec::new();
        for info in self.foreign_units() {
            let Ok(unit) = self.unit(info) else { continue };
            let Ok(top) = info.top(&unit) else { continue };
            // Of a function with several ranges, the first in its own order is where it begins.
            let entries: BTreeSet<u64> = top.functions.iter().map(|function| function.2).collect();
            for at in entries {
                let Some((name, low)) = name_and_low(self, &unit, at) else { continue };
                found.push(ForeignFunction { name: format!("{PREFIX}{name}"), entry: low });
            }
        }
        found.sort_unstable();
        found
    }

    /// The source files of other languages that have code, each once, sorted.
    pub fn foreign_files(&self) -> Vec<Arc<str>> {
        let mut found = BTreeSet::new();
        for info in self.foreign_units() {
            let Ok(unit) = self.unit(info) else { continue };
            found.extend(unit.files_with_code());
        }
        found.into_iter().collect()
    }

    /// Where a line of a source file of another language begins: its first statement in each function, behind the
    /// prologue if the function itself begins there.
    pub fn foreign_pcs_of_line(&self, file: &str, line: u32) -> Vec<FileAddr> {
        let mut first: BTreeMap<FileAddr, FileAddr> = BTreeMap::new();
        for info in self.foreign_units() {
            let Ok(unit) = self.unit(info) else { continue };
            for addr in unit.statements_of(file, line) {
                let entry =
                    self.function_in(info, addr.0).ok().flatten().map_or(addr, |function| function.low);
                let at = if addr == entry { self.foreign_body(entry) } else { addr };
                first.entry(entry).and_modify(|known| *known = at.min(*known)).or_insert(at);
            }
        }
        first.into_values().collect()
    }

    /// Where the body of the function at `entry` begins: where the line table says that its prologue ends, or at its
    /// second line, as C compilers that do not say so have it.
    pub fn foreign_body(&self, entry: FileAddr) -> FileAddr {
        let Some(function) = self.function_at(entry).ok().flatten() else { return entry };
        let (_, high) = range_of(&function, entry);
        let rows = self.line_rows(entry, high).unwrap_or_default();
        let is_own = |row: &&LineRow| row.addr < high && !row.end_sequence;
        let own = || rows.iter().filter(is_own);
        own()
            .find(|row| row.prologue_end)
            .or_else(|| own().find(|row| row.addr > entry && row.is_stmt && row.line != 0))
            .map_or(entry, |row| row.addr)
    }

    /// Is there code of another language? The index of names knows, without the units being read.
    pub fn has_foreign_code(&self) -> bool {
        self.ask_names(|index| Ok(index.table(NameKind::Function).len() > 0)).unwrap_or(true)
    }

    /// The units that are not Go's.
    pub(super) fn foreign_units(&self) -> impl Iterator<Item = &UnitInfo> {
        let units = self.has_foreign_code().then(|| self.units().list.iter());
        units.into_iter().flatten().filter(|info| info.root.as_ref().is_ok_and(|root| !root.is_go))
    }

    /// The row that `pc` belongs to.
    fn row_at(&self, function: &FunctionInfo, pc: FileAddr) -> Option<LineRow> {
        let (low, _) = range_of(function, pc);
        let rows = self.line_rows(low, FileAddr(pc.0.saturating_add(1))).ok()?;
        rows.into_iter().rfind(|row| row.addr <= pc).filter(|row| !row.end_sequence)
    }
}

/// The range of the function's code that contains `pc`.
fn range_of(function: &FunctionInfo, pc: FileAddr) -> (FileAddr, FileAddr) {
    let around = function.ranges.iter().find(|(low, high)| *low <= pc && pc < *high);
    around.copied().unwrap_or((function.low, function.high))
}

/// The calls inlined at `pc`, outermost first.
fn inlined_at(mut calls: &[InlinedCall], pc: FileAddr) -> Vec<&InlinedCall> {
    let mut found = Vec::new();
    while let Some(call) = calls.iter().find(|call| call.contains(pc)) {
        found.push(call);
        calls = &call.inlined;
    }
    found
}
