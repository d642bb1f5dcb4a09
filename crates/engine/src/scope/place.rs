//! From a variable's DWARF location to its place in the process.

use std::sync::Arc;

use adit_process::{Addr, ThreadId};
use adit_symbols::{
    Constant, Dwarf, FileAddr, FunctionInfo, Location, LocationContext, LocationError, Piece, PiecePlace,
    Shape, Type, Variable as Declared,
};

use super::Scope;
use super::misstated::fitting;
use crate::Debugger;
use crate::unwind::{Cursor, Frame, StackContext};
use crate::value::{Loader, Place, Value, ValueError};

/// A frame, as location expressions ask about it.
pub(crate) struct FrameContext<'a> {
    pub(crate) debugger: &'a Debugger,
    pub(crate) frame: &'a Frame,
    /// The frames outside it, nearest first.
    pub(crate) callers: &'a [Frame],
    /// The thread whose frame it is.
    pub(crate) thread: Option<ThreadId>,
}

impl FrameContext<'_> {
    /// Of the frames outside this one, those from the caller of its code on.
    fn code_callers(&self) -> Option<&[Frame]> {
        let own = if self.frame.inlined() {
            self.callers.iter().position(|frame| !frame.inlined())? + 1
        } else {
            0
        };
        self.callers.get(own..).filter(|callers| !callers.is_empty())
    }

    /// Does the caller, which returns to `return_pc`, say that it called this frame's function? Not if that was the
    /// end of the function which it called: then the values passed are not those.
    fn was_called_from(&self, dwarf: &Dwarf, return_pc: FileAddr) -> bool {
        let own = dwarf.function_at(self.frame.file_pc).ok().flatten();
        let call = dwarf.call_site(return_pc).ok().flatten();
        own.zip(call).is_some_and(|(own, call)| call.callee.is_none_or(|callee| callee == own.name))
    }
}

impl LocationContext for FrameContext<'_> {
    fn register(&self, dwarf_number: u16) -> Option<u64> {
        let id = self.debugger.arch().by_dwarf(dwarf_number)?;
        self.frame.registers.get(id)
    }

    fn cfa(&self) -> Option<u64> {
        (self.frame.cfa.0 != 0).then_some(self.frame.cfa.0)
    }

    fn read(&self, addr: u64, size: u8) -> Option<u64> {
        self.debugger.target.read_uint(Addr(addr), usize::from(size)).ok()
    }

    fn relocate(&self, addr: FileAddr) -> u64 {
        self.debugger.image.to_target(addr).0
    }

    fn entry_value(&self, expression: &[u8]) -> Option<u64> {
        let walked;
        let callers = match self.code_callers() {
            Some(callers) => callers,
            None => {
                walked = self.debugger.code_callers_of(self.frame);
                &walked
            }
        };
        let (caller, outer) = callers.split_first()?;
        let dwarf = self.debugger.image.binary.dwarf().ok()?;
        let return_pc = self.debugger.image.to_file(caller.pc);
        if !self.was_called_from(dwarf, return_pc) {
            return None;
        }
        let context = FrameContext { frame: caller, callers: outer, ..*self };
        dwarf.entry_value(expression, return_pc, &context).ok()
    }

    fn thread_local(&self, offset: u64) -> Option<u64> {
        self.debugger.thread_local_address(self.thread?, offset)
    }
}

impl Debugger {
    /// The caller of a frame's code, and those that are inlined into the same code as it.
    fn code_callers_of(&self, frame: &Frame) -> Vec<Frame> {
        let start = Cursor::top(frame.registers.clone());
        let mut frames = self.unwinder().frames(start, &StackContext::default(), 2);
        frames.retain(|found| found.cfa != frame.cfa);
        frames
    }

    /// The address of a thread-local variable of the executable: its copy of the initial image ends where the thread's
    /// own block begins ("ELF Handling For Thread-Local Storage", §3.4.2, variant II, which x86 has).
    pub(crate) fn thread_local_address(&self, thread: ThreadId, offset: u64) -> Option<u64> {
        let segment = self.image.binary.tls_segment()?;
        if !matches!(self.arch().name, "amd64" | "386") {
            return None;
        }
        let base = self.target.tls_base(thread).ok()?.0;
        let align = segment.align.max(1);
        // The image keeps its own offset within what it is aligned to.
        let size = segment.memsz.checked_next_multiple_of(align)?;
        Some(base.wrapping_sub(size).wrapping_add(offset))
    }

    /// Where a variable is in this scope.
    pub(super) fn place_of_variable(
        &self,
        scope: &Scope,
        function: &Arc<FunctionInfo>,
        variable: &Declared,
    ) -> Value {
        let void = || {
            Arc::new(Type {
                id: adit_symbols::TypeId(0),
                name: "void".into(),
                size: 0,
                shape: Shape::Void,
                go_kind: None,
                runtime_type: None,
                dict_index: None,
            })
        };
        let Some(id) = variable.type_id else {
            return Loader::missing(void(), ValueError::Other("the variable has no type".to_owned()));
        };
        let ty = match &*variable.name {
            // Every instance's dictionary is found without knowing an instance's types.
            ".dict" => self.loader().type_of(id),
            _ => self.concrete_type(scope, function, id),
        };
        let ty = match ty {
            Ok(ty) => ty,
            Err(error) => return Loader::missing(void(), error),
        };
        let ty = if function.is_go { ty } else { self.measured(scope, function, ty) };
        if let (Some(closure), Some(offset)) = (scope.closure, variable.closure_offset) {
            return Value::at(ty, Addr(closure.0.wrapping_add(offset)));
        }
        if let Location::Const(constant) = &variable.location {
            let bytes = match constant {
                Constant::Int(number) => {
                    self.arch().byte_order.bytes(number.cast_unsigned(), ty.size.min(8) as usize)
                }
                Constant::Bytes(bytes) => bytes.clone(),
            };
            return Value::of_bytes(ty, &bytes);
        }
        match self.pieces_of_variable(scope, function, variable, &ty) {
            Ok(pieces) => {
                let value = self.assemble(ty, &pieces, &scope.frame);
                self.captured_ahead(scope, function, variable, &value).unwrap_or(value)
            }
            Err(error) => Loader::missing(ty, error),
        }
    }

    /// The closure that a frame is a call of, where debug information says so: it does of the bodies of loops over
    /// functions (`.closureptr`, since go1.23).
    pub(crate) fn closure_pointer(&self, scope: &Scope) -> Option<Addr> {
        let function = self.function_info(self.image.to_target(scope.frame.file_pc)).ok()??;
        let variable = function.variables.iter().find(|variable| &*variable.name == ".closureptr")?;
        let value = self.place_of_variable(scope, &function, variable);
        self.loader().word(&value, 0).ok().map(Addr)
    }

    /// The pieces that a variable of this type is kept in, where the frame stands, as far as they are known for certain.
    pub(super) fn pieces_of_variable(
        &self,
        scope: &Scope,
        function: &FunctionInfo,
        variable: &Declared,
        ty: &Type,
    ) -> Result<Vec<Piece>, ValueError> {
        let pc = self.image.to_file(scope.frame.lookup);
        let expression = variable
            .location_at(pc)
            .filter(|expression| !(function.is_go && function.optimized && self.is_in_linkage(expression)))
            .ok_or(ValueError::OptimizedOut)?;
        let context = self.frame_context(scope);
        let mut pieces = self.evaluate_location(expression, function.frame_base_at(pc), &context)?;
        self.drop_overwritten(&mut pieces, ty, scope, function, variable);
        Ok(pieces)
    }

    /// An array of C whose length its frame knows, with this length; other types as they are.
    fn measured(&self, scope: &Scope, function: &FunctionInfo, ty: Arc<Type>) -> Arc<Type> {
        let found = self.array_len(scope, function, &ty);
        let Some((elem, count)) = found else { return ty };
        Arc::new(Type {
            name: format!("[{count}]{}", elem.name).into(),
            size: elem.size.saturating_mul(count),
            shape: Shape::Array { elem: elem.id, count },
            ..(*ty).clone()
        })
    }

    fn array_len(&self, scope: &Scope, function: &FunctionInfo, ty: &Arc<Type>) -> Option<(Arc<Type>, u64)> {
        let real = self.loader().underlying(ty).ok()?;
        let Shape::Array { elem, count: 0 } = real.shape else { return None };
        let (bound, is_count) = self.image.binary.dwarf().ok()?.array_bound(real.id)?;
        let pc = self.image.to_file(scope.frame.lookup);
        let expression = bound.location_at(pc)?;
        let context = self.frame_context(scope);
        let pieces = self.evaluate_location(expression, function.frame_base_at(pc), &context).ok()?;
        let word = self.loader().word_size();
        let bytes = self.piece_bytes(pieces.first()?, word, &scope.frame);
        let bytes =
            bytes.into_iter().take(word).collect::<Option<Vec<u8>>>().filter(|all| !all.is_empty())?;
        let number = self.arch().byte_order.uint(&bytes);
        let count = if is_count { number } else { number.wrapping_add(1) };
        Some((self.loader().type_of(elem).ok()?, count))
    }

    fn frame_context<'a>(&'a self, scope: &'a Scope) -> FrameContext<'a> {
        FrameContext { debugger: self, frame: &scope.frame, callers: &scope.callers, thread: scope.thread }
    }

    fn evaluate_location(
        &self,
        expression: &[u8],
        base: &[u8],
        context: &FrameContext<'_>,
    ) -> Result<Vec<Piece>, ValueError> {
        let dwarf = self.image.binary.dwarf()?;
        dwarf.evaluate(expression, base, context).map_err(|error| match error {
            LocationError::OptimizedOut => ValueError::OptimizedOut,
            other => ValueError::Other(other.to_string()),
        })
    }

    /// Puts a value together from its pieces. What is in one piece of memory stays there; the rest is copied.
    pub(crate) fn assemble(&self, ty: Arc<Type>, pieces: &[Piece], frame: &Frame) -> Value {
        let Some(pieces) = fitting(pieces, ty.size) else {
            return Loader::missing(ty, ValueError::OptimizedOut);
        };
        let pieces = &*pieces;
        if let [Piece { place: PiecePlace::Memory(addr), .. }] = pieces {
            return Value::at(ty, Addr(*addr));
        }
        let size = usize::try_from(ty.size).unwrap_or(0).min(1 << 16);
        let mut bytes: Vec<Option<u8>> = Vec::with_capacity(size);
        for piece in pieces {
            let len = piece.size.map_or(size - bytes.len().min(size), |size| size.min(1 << 16) as usize);
            let mut part = self.piece_bytes(piece, len, frame);
            part.resize(len, None);
            bytes.extend(part);
        }
        bytes.resize(size, None);
        if !bytes.is_empty() && bytes.iter().all(Option::is_none) {
            return Loader::missing(ty, ValueError::OptimizedOut);
        }
        Value { ty, place: Place::Bytes(bytes.into()) }
    }

    fn piece_bytes(&self, piece: &Piece, len: usize, frame: &Frame) -> Vec<Option<u8>> {
        use adit_process::Memory;
        let arch = self.arch();
        let known = |bytes: Vec<u8>| bytes.into_iter().take(len).map(Some).collect();
        match &piece.place {
            PiecePlace::Missing => Vec::new(),
            PiecePlace::Bytes(bytes) => known(bytes.clone()),
            PiecePlace::Value(value) => known(arch.byte_order.bytes(*value, 8)),
            PiecePlace::Memory(addr) => {
                let mut bytes = vec![0; len];
                match self.target.read(Addr(*addr), &mut bytes) {
                    Ok(()) => known(bytes),
                    Err(_) => Vec::new(),
                }
            }
            PiecePlace::Register(number) => match arch.by_dwarf(*number) {
                Some(id) => frame.registers.bytes(id).map(known).unwrap_or_default(),
                None => Vec::new(),
            },
        }
    }
}
