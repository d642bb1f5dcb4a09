//! From code to source and back, for code that Go's pclntab does not know: C, C++ and assembly of cgo programs.

use std::sync::Arc;

use super::Dwarf;
use super::functions::{FunctionInfo, InlinedCall};
use super::units::UnitInfo;
use crate::{FileAddr, SourceFrame, SymbolError};

/// Where a function's code is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedFunction {
    /// Its name, as [`FunctionInfo::name`] has it.
    pub name: Arc<str>,
    /// First address of a range of its code.
    pub low: FileAddr,
    /// The address after the last of that range.
    pub high: FileAddr,
}

impl Dwarf {
    /// What `pc` belongs to, the innermost function first: calls that were inlined there, and the function that
    /// contains them; empty if no unit has one. Each but the innermost is at the line of the call in it.
    pub fn frames_at(&self, pc: FileAddr) -> Result<Vec<SourceFrame>, SymbolError> {
        let Some(function) = self.function_at(pc)? else { return Ok(Vec::new()) };
        let (mut file, mut line) = self.position(&function, pc);
        let mut frames = Vec::new();
        for call in inlined_at(&function, pc).into_iter().rev() {
            frames.push(SourceFrame {
                function: call.name.to_string(),
                file,
                line,
                entry: function.low,
                inlined: true,
            });
            file = call.call_file.as_deref().unwrap_or_default().to_owned();
            line = call.call_line;
        }
        let name = function.name.to_string();
        frames.push(SourceFrame { function: name, file, line, entry: function.low, inlined: false });
        Ok(frames)
    }

    /// File and line of the row that holds at `pc`.
    fn position(&self, function: &FunctionInfo, pc: FileAddr) -> (String, u32) {
        let part = function.ranges.iter().find(|(low, high)| *low <= pc && pc < *high);
        let (low, high) = part.copied().unwrap_or((function.low, function.high));
        // What holds may start before the function's part: compilers align, and move parts away.
        let rows = self.line_rows(low, high).unwrap_or_default();
        let row = rows.iter().rfind(|row| row.addr <= pc && !row.end_sequence);
        row.map_or_else(Default::default, |row| (row.file.to_string(), row.line))
    }

    /// All functions with code that are not Go's, sorted by name. One with several ranges is there several times.
    /// Units that are damaged are left out.
    pub fn foreign_functions(&self) -> Vec<NamedFunction> {
        let mut found = Vec::new();
        for info in self.foreign_units() {
            let Ok(unit) = self.unit(info) else { continue };
            let Ok(top) = info.top(&unit) else { continue };
            found.extend(top.functions.iter().filter_map(|&(low, high, entry)| {
                let name = self.function_name(usize::try_from(entry).ok()?)?;
                Some(NamedFunction { name, low: FileAddr(low), high: FileAddr(high) })
            }));
        }
        found.sort_unstable();
        found
    }

    /// The addresses where code of a line that is not Go's begins, sorted; for each function and inlined copy. `file`
    /// is as [`crate::LineRow::file`] has it. Units that are damaged are left out.
    pub fn foreign_line(&self, file: &str, line: u32) -> Vec<FileAddr> {
        let mut found = Vec::new();
        for info in self.foreign_units() {
            let Ok(unit) = self.unit(info) else { continue };
            // Type units share the table of the unit that they were taken out of.
            if unit.root.ranges.is_empty() {
                continue;
            }
            found.extend(unit.starts_of_line(file, line).unwrap_or_default());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The units that are not Go's.
    pub(super) fn foreign_units(&self) -> impl Iterator<Item = &UnitInfo> {
        self.units().list.iter().filter(|unit| unit.root.as_ref().is_ok_and(|root| !root.is_go))
    }
}

/// The calls that were inlined at `pc`, the outermost first.
fn inlined_at(function: &FunctionInfo, pc: FileAddr) -> Vec<&InlinedCall> {
    let mut found = Vec::new();
    let mut calls = &function.inlined;
    while let Some(call) = calls.iter().find(|call| call.contains(pc)) {
        found.push(call);
        calls = &call.inlined;
    }
    found
}
