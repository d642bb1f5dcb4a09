//! Where a variable is at one PC: DWARF expressions, evaluated (DWARF 5 §2.5, §2.6).

use crate::FileAddr;

/// What an expression may ask about the frame it is evaluated in.
pub trait LocationContext {
    /// The value of the register with this DWARF number in this frame.
    fn register(&self, dwarf_number: u16) -> Option<u64>;
    /// The frame's canonical frame address.
    fn cfa(&self) -> Option<u64>;
    /// Reads `size` (at most 8) bytes of target memory as an unsigned number.
    fn read(&self, addr: u64, size: u8) -> Option<u64>;
    /// Where `addr` of the file is in the target.
    fn relocate(&self, addr: FileAddr) -> u64;
}

/// One piece of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Size in bytes; `None`: all of the value.
    pub size: Option<u64>,
    /// Where it is.
    pub place: PiecePlace,
}

/// Where a piece of a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PiecePlace {
    /// In memory, at this (run-time) address.
    Memory(u64),
    /// In the register with this DWARF number.
    Register(u16),
    /// Nowhere: this is the value itself (DW_OP_stack_value).
    Value(u64),
    /// Nowhere: these bytes are the value (DW_OP_implicit_value).
    Bytes(Vec<u8>),
    /// Optimised away.
    Missing,
}

/// Why a location could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// The variable has no location at this PC.
    #[error("(optimized out)")]
    OptimizedOut,
    /// A register or memory that the expression needs is not available in this frame.
    #[error("could not evaluate the location: {0} is not available")]
    Unavailable(String),
    /// The expression is malformed, or uses what Go and C compilers do not.
    #[error("could not evaluate the location: {0}")]
    Bad(String),
}
