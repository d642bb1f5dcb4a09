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
        // What a closure has captured is declared outside it; the line stated is the closure's.
        let is_captured = variable.closure_offset.is_some()
            || is_closure(&function.name) && self.begins_at(function) == Some(variable.decl_line);
        match variable.kind {
            VariableKind::Local if is_captured => true,
            VariableKind::Local if variable.decl_line == line && function.is_go => {
                self.comes_back_to(scope, function, line)
            }
            VariableKind::Local => variable.decl_line <= line,
            VariableKind::Parameter | VariableKind::Result => true,
        }
    }

    /// The line of a function's declaration. Until go1.20 it is not recorded: but its first instructions are those of its
    /// first line.
    fn begins_at(&self, function: &FunctionInfo) -> Option<u32> {
        match function.decl_line {
            // That of optimised code may be one of the body.
            0 if function.optimized => None,
            0 => self.line_at(self.image.to_target(function.low)),
            line => Some(line),
        }
    }

    /// Has code of lines below run before this place of the line? So it is in the part of a loop's header that comes
    /// after its body, which the compiler puts there; all other code of a line is run before its declarations are
    /// complete.
    fn comes_back_to(&self, scope: &Scope, function: &FunctionInfo, line: u32) -> bool {
        let module = self.module_at(scope.frame.lookup);
        let pc = module.to_file(scope.frame.lookup);
        let low = module.to_file(self.image.to_target(function.low));
        let Some(code) = module.function(scope.frame.lookup) else { return false };
        let file = scope.frame.source.as_ref().map_or("", |source| &source.file);
        let entries = code.line_entries();
        let own: Vec<(FileAddr, u32)> = entries
            .iter()
            .filter(|(start, _, of, _)| *of == file && *start <= pc && *start >= low)
            .map(|(start, _, _, line)| (*start, *line))
            .collect();
        let Some(first) = own.iter().position(|(_, of)| *of == line) else { return false };
        own[first..].iter().any(|(_, of)| *of > line)
    }
}

/// Is this the name of a function literal: `main.f.func1`, `main.f.func1.2`, `main.f-range1`
/// (`cmd/compile/internal/ir/func.go`, closureName)?
pub(super) fn is_closure(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let digits = last.strip_prefix("func").or_else(|| last.strip_prefix("gowrap")).unwrap_or(last);
    last.contains("-range") || !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_closure;

    #[test]
    fn closures_are_known_by_their_names() {
        for name in
            ["main.f.func1", "main.f.func1.2", "main.(*T).m.func3", "main.f-range1", "main.glob..func1"]
        {
            assert!(is_closure(name), "{name}");
        }
        for name in ["main.f", "main.function", "main.func1x", "memcpy", "main.(*T).func"] {
            assert!(!is_closure(name), "{name}");
        }
    }
}
