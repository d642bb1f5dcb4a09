//! Which variables can be seen from a line. Debug information says in which code a variable's block is, but not where
//! in the block it is declared, other than by its line.

use adit_symbols::{FileAddr, FunctionInfo, Variable as Declared, VariableKind};

use super::Scope;
use crate::Debugger;

impl Debugger {
    /// Is it one that people declared, and is its declaration behind the place that is looked from?
    pub(super) fn is_visible(&self, scope: &Scope, function: &FunctionInfo, variable: &Declared) -> bool {
        let name = variable.name.strip_prefix('&').unwrap_or(&variable.name);
        // The compiler's own, and the parts of what it took apart (`text.len`), have names that nobody can declare.
        if name.is_empty() || name.starts_with('#') || name.contains('.') {
            return false;
        }
        let line = scope.line();
        match variable.kind {
            VariableKind::Local if variable.decl_line == line && function.is_go => {
                self.comes_back_to(scope, function, line)
            }
            VariableKind::Local => variable.decl_line <= line,
            VariableKind::Parameter | VariableKind::Result => true,
        }
    }

    /// Has code of lines below run before this place of the line? So it is in the part of a loop's header that comes
    /// after its body, which the compiler puts there; all other code of a line is run before its declarations are
    /// complete.
    fn comes_back_to(&self, scope: &Scope, function: &FunctionInfo, line: u32) -> bool {
        let pc = self.image.to_file(scope.frame.lookup);
        let Ok(table) = self.image.binary.pclntab() else { return false };
        let Some(code) = table.find(pc) else { return false };
        let file = scope.frame.source.as_ref().map_or("", |source| &source.file);
        let entries = code.line_entries();
        let own: Vec<(FileAddr, u32)> = entries
            .iter()
            .filter(|(start, _, of, _)| *of == file && *start <= pc && *start >= function.low)
            .map(|(start, _, _, line)| (*start, *line))
            .collect();
        let Some(first) = own.iter().position(|(_, of)| *of == line) else { return false };
        own[first..].iter().any(|(_, of)| *of > line)
    }
}
