//! What names mean in one frame: arguments, local variables, and where they are.

mod ahead;
mod dictionary;
mod fixed;
mod misstated;
mod place;
pub(crate) mod results;
mod source_text;
mod visibility;

use std::collections::HashSet;
use std::sync::Arc;

use adit_process::{Addr, Arch, Registers, ThreadId};
use adit_symbols::{
    FunctionInfo, InlinedCall, Piece, ScopeBlock, Shape, Type, TypeId, Variable as Declared, VariableKind,
};

pub(crate) use fixed::FixedVariable;
pub(crate) use misstated::FrameStores;
pub(crate) use source_text::KnownBindings;

use crate::unwind::{Frame, StackContext};
use crate::value::{Loader, Place, Value, ValueError, flags};
use crate::{Debugger, EngineError};

/// One frame, with all that is needed to find and read its variables.
#[derive(Clone)]
pub struct Scope {
    /// The frame.
    pub frame: Frame,
    /// The frames outside it, nearest first, as far as they were walked.
    pub callers: Vec<Frame>,
    /// The goroutine whose frame it is.
    pub goroutine: Option<i64>,
    /// The thread that runs the goroutine, if one does.
    pub thread: Option<ThreadId>,
    /// The goroutine's stack.
    pub stack: StackContext,
    /// Of a deferred call that has not run yet: the closure that will be called.
    pub closure: Option<Addr>,
}

/// A variable as it is visible in a scope.
#[derive(Clone, Debug)]
pub struct ScopeVariable {
    /// Its name, without the `&` of a variable that escaped to the heap.
    pub name: String,
    /// Its value, not loaded yet.
    pub value: Value,
    /// See [`flags`].
    pub flags: u16,
    /// The line of its declaration.
    pub decl_line: u32,
    /// Does the function's closure hold it, or where it is?
    pub captured: bool,
    /// How deep its block is nested; the function's own is 0.
    pub depth: usize,
}

/// The part of a function's description that belongs to one frame: the function itself, or a call inlined in it.
struct Declarations<'a> {
    variables: &'a [Declared],
    blocks: &'a [ScopeBlock],
}

impl Scope {
    /// The frame's source line; 0 if unknown.
    pub fn line(&self) -> u32 {
        self.frame.source.as_ref().map_or(0, |source| source.line)
    }

    /// The package of the frame's function.
    pub fn package(&self) -> &str {
        package_of(self.frame.function())
    }

    /// The scope of a program that does not run: packages, types and addresses, but no variables of functions.
    pub fn without_frame(arch: &'static Arch) -> Scope {
        let frame = Frame {
            pc: Addr(0),
            lookup: Addr(0),
            file_pc: adit_symbols::FileAddr(0),
            cfa: Addr(0),
            registers: Registers::new(arch),
            source: None,
            on_system_stack: false,
            bottom: true,
            error: None,
            offset: 0,
            frame_pointer_offset: 0,
        };
        Scope {
            frame,
            callers: Vec::new(),
            goroutine: None,
            thread: None,
            stack: StackContext::default(),
            closure: None,
        }
    }

    /// Is there a frame?
    pub fn has_frame(&self) -> bool {
        self.thread.is_some() || self.goroutine.is_some()
    }
}

/// The import path in a function's full name: up to the first dot after the last slash.
pub(crate) fn package_of(function: &str) -> &str {
    let slash = function.rfind('/').map_or(0, |at| at + 1);
    // Brackets of type arguments may contain slashes of their own.
    let bracket = function.find('[').unwrap_or(function.len());
    let slash = if slash > bracket { function[..bracket].rfind('/').map_or(0, |at| at + 1) } else { slash };
    match function[slash..].find('.') {
        Some(dot) => &function[..slash + dot],
        None => "",
    }
}

impl Debugger {
    /// The variables that are visible in a scope: first the arguments and results, then the locals, outer blocks first.
    /// In front of those of the body of a loop over a function stand those of the function around it. Those that a later
    /// declaration hides are marked.
    pub fn variables(&self, scope: &Scope) -> Result<Vec<ScopeVariable>, EngineError> {
        let own = self.own_variables(scope)?;
        let mut found = self.variables_around(scope, &own)?;
        found.extend(own);
        mark_shadowed(&mut found);
        Ok(found)
    }

    /// The variables of the scopes around a loop's body, outermost first, but for those that are among `known`: the body
    /// has captured them.
    fn variables_around(
        &self,
        scope: &Scope,
        known: &[ScopeVariable],
    ) -> Result<Vec<ScopeVariable>, EngineError> {
        let mut around: Vec<ScopeVariable> = Vec::new();
        for outer in self.range_scopes(scope) {
            let mut found = self.own_variables(&outer)?;
            let is_captured = |found: &ScopeVariable| {
                known.iter().chain(&around).any(|other| other.captured && other.name == found.name)
            };
            found.retain(|found| !is_captured(found));
            around.splice(..0, found);
        }
        Ok(around)
    }

    /// The variables of the function that a scope is in.
    pub(crate) fn own_variables(&self, scope: &Scope) -> Result<Vec<ScopeVariable>, EngineError> {
        if !scope.has_frame() {
            self.check_started()?;
        }
        let pc = self.image.to_file(scope.frame.lookup);
        let Some(function) = self.function_info(scope.frame.lookup)? else {
            return Err(EngineError::Runtime("unable to find function context".to_owned()));
        };
        let mut found = Vec::new();
        let mut collect = |variable: &Declared, depth| {
            if let Some(variable) = self.visible(scope, &function, variable, depth) {
                found.push(variable);
            }
        };
        let declarations = declarations(&function, &scope.frame);
        for variable in declarations.variables {
            collect(variable, 0);
        }
        in_blocks(declarations.blocks, pc, 1, &mut collect);
        join_escaped(&mut found);
        found.sort_by_key(|variable| {
            let argument = variable.flags & (flags::ARGUMENT | flags::RETURN_ARGUMENT) != 0;
            if argument { (false, 0, 0) } else { (true, variable.depth, variable.decl_line) }
        });
        Ok(found)
    }

    /// The innermost visible variable of this name. Only its own place is looked for, as conditions are evaluated at
    /// each hit.
    pub fn variable_named(&self, scope: &Scope, name: &str) -> Option<ScopeVariable> {
        self.declared_named(scope, name, |function, variable, depth| {
            self.visible(scope, function, variable, depth)
        })
    }

    /// The pieces that the innermost visible variable of this name is kept in.
    pub(crate) fn pieces_named(&self, scope: &Scope, name: &str) -> Option<Vec<Piece>> {
        self.declared_named(scope, name, |function, variable, _| {
            let ty = self.concrete_type(scope, function, variable.type_id?).ok()?;
            self.pieces_of_variable(scope, function, variable, &ty).ok()
        })
    }

    /// Does `then` with the innermost visible variable of this name and the depth of its block.
    fn declared_named<T>(
        &self,
        scope: &Scope,
        name: &str,
        then: impl FnOnce(&Arc<FunctionInfo>, &Declared, usize) -> Option<T>,
    ) -> Option<T> {
        if !scope.has_frame() {
            return None;
        }
        let pc = self.image.to_file(scope.frame.lookup);
        let function = self.function_info(scope.frame.lookup).ok()??;
        let mut best: Option<(&Declared, (bool, usize, u32))> = None;
        let consider = |variable: &'_ Declared, depth| -> Option<(bool, usize, u32)> {
            let own = variable.name.strip_prefix('&').unwrap_or(&variable.name);
            let is_it = own == name
                && self.is_visible(scope, &function, variable)
                && !self.is_hidden_in_source(scope, &function, variable);
            if !is_it {
                return None;
            }
            Some(order(variable, depth))
        };
        let declarations = declarations(&function, &scope.frame);
        let mut collect = |variable, depth| {
            if let Some(rank) = consider(variable, depth)
                && best.is_none_or(|(_, known)| known <= rank)
            {
                best = Some((variable, rank));
            }
        };
        for variable in declarations.variables {
            collect(variable, 0);
        }
        in_blocks(declarations.blocks, pc, 1, &mut collect);
        let (variable, (_, depth, _)) = best?;
        then(&function, variable, depth)
    }

    /// The arguments or the results of the frame's function, in the order of their declaration; each with its number
    /// among them, as some may be hidden.
    pub(crate) fn variables_of_kind(
        &self,
        scope: &Scope,
        function: &Arc<FunctionInfo>,
        kind: VariableKind,
    ) -> Vec<(usize, ScopeVariable)> {
        let declared = declarations(function, &scope.frame).variables.iter();
        let wanted = declared.filter(|variable| variable.kind == kind).enumerate();
        wanted.filter_map(|(i, variable)| Some((i, self.visible(scope, function, variable, 0)?))).collect()
    }

    /// A declared variable as seen in this scope; `None` if it is hidden, or declared further down.
    fn visible(
        &self,
        scope: &Scope,
        function: &Arc<FunctionInfo>,
        variable: &Declared,
        depth: usize,
    ) -> Option<ScopeVariable> {
        let (name, escaped) = match variable.name.strip_prefix('&') {
            Some(name) => (name, true),
            None => (&*variable.name, false),
        };
        if !self.is_visible(scope, function, variable) {
            return None;
        }
        let mut value = self.place_of_variable(scope, function, variable);
        let mut marks = match variable.kind {
            VariableKind::Local => 0,
            VariableKind::Parameter => flags::ARGUMENT,
            VariableKind::Result => flags::ARGUMENT | flags::RETURN_ARGUMENT,
        };
        if self.is_hidden_in_source(scope, function, variable) {
            marks |= flags::SHADOWED;
        }
        if escaped {
            marks |= flags::ESCAPED;
            let loader = self.loader();
            value = loader.dereference(&value).unwrap_or_else(|error| {
                let pointee = match value.ty.shape {
                    Shape::Pointer(Some(target)) => loader.type_of(target).ok(),
                    _ => None,
                };
                Loader::missing(pointee.unwrap_or_else(|| value.ty.clone()), error)
            });
        }
        if matches!(value.place, Place::Bytes(_)) {
            marks |= flags::FAKE_ADDRESS;
        }
        Some(ScopeVariable {
            name: name.to_owned(),
            value,
            flags: marks,
            decl_line: variable.decl_line,
            captured: variable.closure_offset.is_some(),
            depth,
        })
    }

    /// Reads values.
    pub fn loader(&self) -> Loader<'_> {
        Loader {
            target: &self.target,
            image: &self.image,
            runtime: self.runtime.as_ref(),
            budget: &self.budget,
            in_channel: &self.in_channel,
        }
    }

    /// The type that a variable of a generic function really has. Its code is shared by all instances of the same
    /// shape; the dictionary that the caller passes says which types they are (`cmd/compile/internal/reflectdata`).
    fn concrete_type(
        &self,
        scope: &Scope,
        function: &Arc<FunctionInfo>,
        id: TypeId,
    ) -> Result<Arc<Type>, ValueError> {
        let ty = self.loader().type_of(id)?;
        let Some(index) = ty.dict_index else {
            return Ok(self.unshaped(scope, function, &ty).unwrap_or(ty));
        };
        // Without the dictionary, the shape that the code is made for is all that is known.
        let shape = self.loader().underlying(&ty)?;
        let word = self.loader().word_size() as u64;
        let concrete = self
            .dictionary(scope, function)
            .and_then(|base| self.target.read_pointer(Addr(base.0.wrapping_add(index * word))).ok())
            .and_then(|runtime_type| self.loader().type_at(runtime_type).ok());
        Ok(concrete.unwrap_or(shape))
    }
}

/// Where a variable stands among those of its scope: arguments first, then outer blocks before inner ones.
fn order(variable: &Declared, depth: usize) -> (bool, usize, u32) {
    match variable.kind {
        VariableKind::Local => (true, depth, variable.decl_line),
        _ => (false, 0, 0),
    }
}

/// What is declared in the function of this frame, which may be a call that was inlined.
fn declarations<'a>(function: &'a FunctionInfo, frame: &Frame) -> Declarations<'a> {
    let own = Declarations { variables: &function.variables, blocks: &function.blocks };
    if !frame.inlined() {
        return own;
    }
    // Names of C functions are shown as they are called in Go.
    let name = frame.function();
    let name = if function.is_go { name } else { name.strip_prefix("C.").unwrap_or(name) };
    match find_inlined(&function.inlined, name, frame) {
        Some(call) => Declarations { variables: &call.variables, blocks: &call.blocks },
        None => Declarations { variables: &[], blocks: &[] },
    }
}

/// The call inlined into this frame's code. A function may be inlined into itself only through others, so its name
/// and the PC find it.
fn find_inlined<'a>(calls: &'a [InlinedCall], name: &str, frame: &Frame) -> Option<&'a InlinedCall> {
    calls.iter().find_map(|call| {
        let here = *call.name == *name && covers(&call.ranges, frame);
        find_inlined(&call.inlined, name, frame).or(here.then_some(call))
    })
}

fn covers(ranges: &[(adit_symbols::FileAddr, adit_symbols::FileAddr)], frame: &Frame) -> bool {
    let pc = frame.file_pc;
    ranges.iter().any(|(low, high)| *low <= pc && pc < *high)
}

fn in_blocks<'a>(
    blocks: &'a [ScopeBlock],
    pc: adit_symbols::FileAddr,
    depth: usize,
    collect: &mut dyn FnMut(&'a Declared, usize),
) {
    for block in blocks.iter().filter(|block| block.ranges.iter().any(|(low, high)| *low <= pc && pc < *high))
    {
        for variable in &block.variables {
            collect(variable, depth);
        }
        in_blocks(&block.blocks, pc, depth + 1, collect);
    }
}

/// Optimised code of go1.20 and before has parameters and results that escaped twice: as what they are, of which nothing
/// is known, and as a local variable with their value.
fn join_escaped(variables: &mut Vec<ScopeVariable>) {
    let is_lost = |variable: &ScopeVariable| {
        variable.flags & flags::ARGUMENT != 0 && matches!(variable.value.place, Place::Missing(_))
    };
    let is_escaped = |variable: &ScopeVariable| {
        variable.flags & flags::ESCAPED != 0 && variable.flags & flags::ARGUMENT == 0 && variable.depth == 0
    };
    let escaped: Vec<ScopeVariable> = variables.iter().filter(|found| is_escaped(found)).cloned().collect();
    for escaped in escaped {
        let is_same =
            |other: &ScopeVariable| (&other.name, other.decl_line) == (&escaped.name, escaped.decl_line);
        if let Some(lost) = variables.iter_mut().find(|found| is_lost(found) && is_same(found)) {
            lost.value = escaped.value.clone();
            lost.flags |= flags::ESCAPED;
            variables.retain(|found| !(is_escaped(found) && is_same(found)));
        }
    }
}

/// Of several variables with one name, only the innermost is meant by it.
fn mark_shadowed(variables: &mut [ScopeVariable]) {
    let mut seen = HashSet::new();
    for variable in variables.iter_mut().rev() {
        if !seen.insert(variable.name.clone()) {
            variable.flags |= flags::SHADOWED;
        }
    }
}

impl Debugger {
    /// One of several frames as a scope.
    pub fn scope_of_frame(&self, frames: &[Frame], index: usize, goroutine: Option<i64>) -> Scope {
        let thread = match goroutine {
            Some(id) => self.thread_of_goroutine(id),
            None => Some(self.selection.thread),
        };
        Scope {
            frame: frames[index].clone(),
            callers: frames[index + 1..].to_vec(),
            goroutine,
            thread,
            stack: thread.map(|thread| self.stack_context_of_thread(thread)).unwrap_or_default(),
            closure: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::package_of;

    #[test]
    fn packages_are_cut_from_full_names() {
        assert_eq!(package_of("main.main"), "main");
        assert_eq!(package_of("net/http.(*Server).Serve"), "net/http");
        assert_eq!(package_of("example.com/a%2eb/c.F"), "example.com/a%2eb/c");
        assert_eq!(package_of("main.Map[go.shape.int,example.com/x.T]"), "main");
        assert_eq!(package_of("memcpy"), "");
    }
}
