//! What the source says of variables and optimised code's debug information does not: that another variable of the
//! same name is meant, which the compiler did without, or that a variable has been given a value since, which it keeps
//! no place for.
//!
//! Only sources that are where they were compiled, and no newer than the program, are asked.

use std::collections::HashMap;
use std::rc::Rc;

use adit_expr::Bindings;
use adit_symbols::{FileAddr, FunctionInfo, GoKind, Type, Variable as Declared, VariableKind};

use super::Scope;
use super::misstated::FrameStores;
use crate::Debugger;

/// Where functions' sources declare and change variables, by file and line; `None`: the source is not there.
pub(crate) type KnownBindings = HashMap<(String, u32), Option<Rc<Bindings>>>;

/// The part of a function that one frame shows: itself, or a call inlined into it.
pub(super) struct Part<'a> {
    /// The file that it is declared in.
    file: &'a str,
    /// The line of its declaration.
    line: u32,
    /// Its code.
    ranges: &'a [(FileAddr, FileAddr)],
}

/// One entry of a location list, and what the function does.
pub(super) struct Stated<'a> {
    pub(super) range: (FileAddr, FileAddr),
    /// Where the variable's places begin that lead to this one without a gap.
    pub(super) since: FileAddr,
    /// Is it the place of another variable too?
    pub(super) shared: bool,
    pub(super) stores: &'a FrameStores,
}

impl Debugger {
    /// Does the source declare another variable of this name, further in, that debug information does not know? Or is this
    /// one's block at an end, of which code that was moved knows nothing?
    pub(super) fn is_hidden_in_source(
        &self,
        scope: &Scope,
        function: &FunctionInfo,
        variable: &Declared,
    ) -> bool {
        let Some(bindings) = self.bindings(scope, function) else { return false };
        let name = variable.name.strip_prefix('&').unwrap_or(&variable.name);
        let meant = bindings.declaration(name, scope.line());
        let is_outside =
            || scope.line() > variable.decl_line && bindings.is_declared_on(name, variable.decl_line);
        match (variable.kind, meant) {
            (VariableKind::Local, Some(line)) if line > variable.decl_line => true,
            (VariableKind::Local, meant) => meant != Some(variable.decl_line) && is_outside(),
            (VariableKind::Parameter | VariableKind::Result, meant) => meant.is_some(),
        }
    }

    /// Has the variable been changed since its place was stated to be this, without that place having to do with it?
    pub(super) fn is_stale_in_source(
        &self,
        scope: &Scope,
        function: &FunctionInfo,
        (variable, ty): (&Declared, &Type),
        stated: &Stated<'_>,
    ) -> bool {
        // Where a variable is that escaped never changes.
        if variable.name.starts_with('&') {
            return false;
        }
        let Some(bindings) = self.bindings(scope, function) else { return false };
        let Some(part) = self.part_of(function, scope) else { return false };
        let declared = (variable.kind == VariableKind::Local).then_some(variable.decl_line);
        let by_parts = has_parts(ty);
        let code = self.lines_of(scope, function, &part);
        let changes: Vec<u32> = bindings
            .changes(&variable.name, declared)
            .filter(|(_, whole)| *whole || by_parts)
            .map(|(line, _)| line)
            .collect();
        if stated.shared && !changes.is_empty() {
            // One of them is the other's value from before or after a change: which, nobody says.
            return true;
        }
        let pc = self.image.to_file(scope.frame.pc);
        changes.iter().chain(&declared).any(|line| {
            let change = Change { line: *line, at: scope.line(), pc };
            change.passed_by(&code, &bindings, stated, &changes)
        })
    }

    /// The lines of the part's code, in the order of addresses: (from, up to, line).
    fn lines_of(
        &self,
        scope: &Scope,
        function: &FunctionInfo,
        part: &Part<'_>,
    ) -> Vec<(FileAddr, FileAddr, u32)> {
        let table = self.image.binary.pclntab().ok().and_then(|table| table.find(function.low));
        let entries = table.map(|table| table.line_entries()).unwrap_or_default();
        let file = scope.frame.source.as_ref().map_or("", |source| &source.file);
        let is_of_part =
            |start: FileAddr| part.ranges.iter().any(|(low, high)| *low <= start && start < *high);
        entries
            .into_iter()
            .filter(|(start, _, of, _)| *of == file && is_of_part(*start))
            .map(|(start, end, _, line)| (start, end, line))
            .collect()
    }

    /// The part of the function that the scope's frame shows.
    fn part_of<'a>(&self, function: &'a FunctionInfo, scope: &'a Scope) -> Option<Part<'a>> {
        let file = &scope.frame.source.as_ref()?.file;
        let (line, ranges) = if scope.frame.inlined() {
            let call = super::find_inlined(&function.inlined, scope.frame.function(), &scope.frame)?;
            (call.decl_line, &call.ranges)
        } else {
            // Until go1.20 it is not recorded: but its first instructions are those of its first line.
            let table = self.image.binary.pclntab().ok()?.find(function.low)?;
            let first = || table.file_line(function.low).map_or(0, |(_, line)| line);
            (if function.decl_line == 0 { first() } else { function.decl_line }, &function.ranges)
        };
        let parameter = || {
            let call = super::find_inlined(&function.inlined, scope.frame.function(), &scope.frame)?;
            call.variables
                .iter()
                .find(|variable| variable.kind != VariableKind::Local)
                .map(|first| first.decl_line)
        };
        let line = if line == 0 { parameter()? } else { line };
        (line != 0).then_some(Part { file, line, ranges })
    }

    fn bindings(&self, scope: &Scope, function: &FunctionInfo) -> Option<Rc<Bindings>> {
        if !function.optimized || !function.is_go {
            return None;
        }
        let part = self.part_of(function, scope)?;
        let key = (part.file.to_owned(), part.line);
        if let Some(known) = self.bindings.borrow().get(&key) {
            return known.clone();
        }
        let found = self.source_text(part.file).and_then(|text| Bindings::of_function(&text, part.line));
        let found = found.map(Rc::new);
        self.bindings.borrow_mut().insert(key, found.clone());
        found
    }

    /// A source file as it was when the program was built, as far as one can tell.
    fn source_text(&self, path: &str) -> Option<String> {
        /// Longer files are not read, in bytes.
        const LONGEST: u64 = 4 << 20;
        let data = std::fs::metadata(path).ok()?;
        let built = std::fs::metadata(self.image.binary.path()).and_then(|data| data.modified()).ok()?;
        let is_as_built = data.is_file() && data.len() <= LONGEST && data.modified().ok()? <= built;
        std::fs::read_to_string(path).ok().filter(|_| is_as_built)
    }
}

/// A change of a variable on one line of the source, seen from another.
struct Change {
    line: u32,
    at: u32,
    pc: FileAddr,
}

impl Change {
    /// Was it made before this place in the code was reached, while the stated place stayed the same?
    fn passed_by(
        &self,
        code: &[(FileAddr, FileAddr, u32)],
        bindings: &Bindings,
        stated: &Stated<'_>,
        others: &[u32],
    ) -> bool {
        let (low, high) = stated.range;
        let mut own = code.iter().filter(|(_, _, line)| *line == self.line).peekable();
        if own.peek().is_none() {
            // A later change, in whose code the range begins, makes this one history.
            let is_later = |line: u32| self.line < line && line < self.at && others.contains(&line);
            let begins = code.iter().any(|(start, end, line)| is_later(*line) && *start < low && low <= *end);
            return !begins && self.was_folded(code, bindings, stated.since);
        }
        let own: Vec<_> = own.collect();
        // Where a part of its code was put off, the variable still has its old value; where that is the end of a loop's
        // header, it has its new one.
        let begun = own.iter().any(|(_, end, _)| *end <= self.pc);
        let put_off = own.iter().any(|(start, _, _)| *start > self.pc);
        let of_header = bindings.loops().iter().any(|(first, _)| *first == self.line);
        if begun && put_off && self.line < self.at && !of_header {
            return true;
        }
        // Where the stated range begins or ends within the line's code, it is about the change.
        // But not before its last call has returned: there, the old value has only been moved out of the way.
        let unaware = own.iter().all(|(start, end, _)| {
            let is_before =
                low <= *start || stated.stores.last_return(*start, *end).is_some_and(|back| low < back);
            is_before && *end < high
        });
        unaware
            && own.iter().any(|(_, end, _)| *end <= self.pc || stated.stores.comes_back(*end, high, self.pc))
    }

    /// The compiler needed no code for the change: was the place stated further up, and is the change in between?
    fn was_folded(&self, code: &[(FileAddr, FileAddr, u32)], bindings: &Bindings, low: FileAddr) -> bool {
        let stated_on = code.iter().rev().find(|(start, _, _)| *start <= low).map_or(0, |(_, _, line)| *line);
        let in_loop = bindings.loops().iter().any(|(first, last)| {
            let within = |line: u32| *first <= line && line <= *last;
            within(self.line) && within(self.at) && !within(stated_on)
        });
        stated_on < self.line && self.line < self.at || in_loop
    }
}

/// Does a change of a field or an element change the variable?
fn has_parts(ty: &Type) -> bool {
    matches!(ty.go_kind, Some(GoKind::STRUCT | GoKind::ARRAY) | None)
}
