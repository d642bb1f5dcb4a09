//! From a variable's DWARF location to its place in the process.

use std::sync::Arc;

use adit_process::Addr;
use adit_symbols::{
    Constant, FileAddr, FunctionInfo, Location, LocationContext, LocationError, Piece, PiecePlace, Type,
    Variable as Declared,
};

use super::Scope;
use crate::Debugger;
use crate::unwind::Frame;
use crate::value::{Loader, Place, Value, ValueError};

/// A frame, as location expressions ask about it.
pub(crate) struct FrameContext<'a> {
    pub(crate) debugger: &'a Debugger,
    pub(crate) frame: &'a Frame,
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
}

impl Debugger {
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
                shape: adit_symbols::Shape::Void,
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
        if let Location::Const(constant) = &variable.location {
            let bytes = match constant {
                Constant::Int(number) => {
                    self.arch().byte_order.bytes(number.cast_unsigned(), ty.size.min(8) as usize)
                }
                Constant::Bytes(bytes) => bytes.clone(),
            };
            return Value::of_bytes(ty, &bytes);
        }
        match self.pieces_of_variable(scope, function, variable) {
            Ok(pieces) => self.assemble(ty, &pieces, &scope.frame),
            Err(error) => Loader::missing(ty, error),
        }
    }

    /// The pieces that a variable is kept in, where the frame stands.
    pub(super) fn pieces_of_variable(
        &self,
        scope: &Scope,
        function: &FunctionInfo,
        variable: &Declared,
    ) -> Result<Vec<Piece>, ValueError> {
        let pc = self.image.to_file(scope.frame.lookup);
        let expression = variable.location_at(pc).ok_or(ValueError::OptimizedOut)?;
        self.evaluate_location(expression, function.frame_base_at(pc), &scope.frame)
    }

    fn evaluate_location(
        &self,
        expression: &[u8],
        base: &[u8],
        frame: &Frame,
    ) -> Result<Vec<Piece>, ValueError> {
        let dwarf = self.image.binary.dwarf()?;
        let context = FrameContext { debugger: self, frame };
        dwarf.evaluate(expression, base, &context).map_err(|error| match error {
            LocationError::OptimizedOut => ValueError::OptimizedOut,
            other => ValueError::Other(other.to_string()),
        })
    }

    /// Puts a value together from its pieces. What is in one piece of memory stays there; the rest is copied.
    pub(crate) fn assemble(&self, ty: Arc<Type>, pieces: &[Piece], frame: &Frame) -> Value {
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
