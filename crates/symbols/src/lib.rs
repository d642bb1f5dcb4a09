//! What a binary says about itself: functions, lines, types, variables, frame tables, inlined calls.
//!
//! A [`Binary`] is a mapped executable: ELF, PE or Mach-O, of any word size and byte order. It answers from two sources:
//!
//! * [`Pclntab`], Go's own table, which even a stripped binary keeps: functions, files, lines, stack-pointer
//!   deltas and inlined calls, in microseconds and without decompressing anything. Use it first.
//! * [`Dwarf`], for what only DWARF knows: variables, types, statement flags, C code. It is opened when something
//!   asks, one unit at a time.
//!
//! Where the debug information was taken out of the file, [`Binary::with_separate`] finds it in others and joins it.
//!
//! Questions by name over the whole program ([`Binary::names_matching`] and its kin) are answered by an index, which
//! is built once and kept in a [`Cache`].
//!
//! All addresses here are [`FileAddr`]: as the file states them, before the loader moved a position-independent
//! image. Nothing here knows of a live process.

mod binary;
mod buildinfo;
mod dwarf;
mod index;
mod location;
mod pclntab;
mod separate;
mod types;

pub use binary::{
    Binary, FatSlice, FileFormat, OpenError, RelocatedWord, Section, SectionHeader, Symbol, TlsSegment,
};
pub use buildinfo::{BuildInfo, GoVersion, Module, Release};
pub use dwarf::{
    CallSite, CallSiteParameter, CfaRule, Constant, Dwarf, ForeignFunction, FunctionInfo, IndexedName,
    InlinedCall, LineRow, Location, PackageConstant, PackageVariable, RegisterRule, ScopeBlock, SectionBytes,
    SectionLoader, SourceFile, SplitFinder, SplitLink, SupplementaryFinder, SupplementaryLink, UnwindRow,
    Variable, VariableKind,
};
pub use index::{Cache, NameKind, Pattern};
#[doc(hidden)]
pub use index::{ask_all_of_file, ask_all_of_payload};
pub use location::{LocationContext, LocationError, Piece, PiecePlace};
pub use pclntab::{FuncFlags, FuncId, Function, Inlined, Pclntab};
pub use separate::{Mismatch, Refused};
pub use types::{Field, GoKind, Shape, Type, TypeId};

use std::fmt;

/// An address as the file states it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileAddr(pub u64);

impl fmt::Display for FileAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A part of a binary that is missing or damaged. The rest of it stays usable.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SymbolError {
    /// The binary has no such section or table.
    #[error("{0}")]
    Missing(String),
    /// The bytes contradict their format.
    #[error("{section} is damaged at offset {offset:#x}: {what}")]
    Damaged {
        /// Which section or table.
        section: &'static str,
        /// Where in it, in bytes.
        offset: u64,
        /// What was wrong.
        what: String,
    },
}

/// One place in source code, at one address: the innermost function, whether called or inlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFrame {
    /// Full name of the function.
    pub function: String,
    /// Source file, as the compiler recorded it; empty if unknown.
    pub file: String,
    /// Line; 0 if unknown.
    pub line: u32,
    /// Entry of the function that contains the code (for an inlined call: of the function it is inlined into).
    pub entry: FileAddr,
    /// Is this a call that was inlined into the next frame outwards?
    pub inlined: bool,
}
