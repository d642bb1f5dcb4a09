//! DWARF 2 to 5, read on demand.
//!
//! [`Dwarf`] answers questions about one binary. Nothing is read until something asks, and then only the unit that
//! knows the answer: [`units`] finds it from headers and root entries, [`skim`] finds what is at its top level,
//! [`functions`] and [`types`] read one function or type, which are then kept. Only questions by name over all
//! units need an index of everything ([`names`]), which is built on all cores.
//!
//! Damage is confined to the unit that has it.

mod entry;
mod frames;
mod functions;
mod lines;
mod locations;
mod names;
mod packages;
mod sections;
mod skim;
mod types;
mod units;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use adit_arch::ByteOrder;
use gimli::{RunTimeEndian, SectionId};

pub use frames::{CfaRule, RegisterRule, UnwindRow};
pub use functions::{Constant, FunctionInfo, InlinedCall, Location, ScopeBlock, Variable, VariableKind};
pub use lines::LineRow;
pub use packages::{PackageConstant, PackageVariable};
pub use sections::{SectionBytes, SectionLoader};

use crate::index::{Home, IndexCell};
use crate::{FileAddr, LocationContext, LocationError, Piece, SymbolError, Type};
use frames::FrameTables;
use names::SectionStream;
use sections::Sections;
use units::{UnitInfo, UnitRef, Units};

/// The debug information of one binary.
pub struct Dwarf {
    sections: Sections,
    address_size: u8,
    units: OnceLock<Units>,
    names: IndexCell,
    /// Where the index of names is kept.
    home: Option<Home>,
    /// How sections are read that are not to be kept.
    stream: Option<SectionStream>,
    frames: OnceLock<FrameTables>,
    /// Functions that were read, by the offset of their entry.
    functions: Cache<FunctionInfo>,
    /// Types that were read, by their id.
    types: Cache<Type>,
}

/// Things read once and shared.
#[derive(Debug)]
struct Cache<T>(Mutex<HashMap<u64, Arc<T>>>);

impl<T> Cache<T> {
    fn new() -> Cache<T> {
        Cache(Mutex::new(HashMap::new()))
    }

    fn get(&self, key: u64) -> Option<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone)
    }

    fn insert(&self, key: u64, value: T) -> Arc<T> {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(map.entry(key).or_insert_with(|| Arc::new(value)))
    }
}

impl fmt::Debug for Dwarf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dwarf")
            .field("sections", &self.sections)
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

impl Dwarf {
    /// Debug information whose sections come from `loader`, for a target with this byte order and pointer size in
    /// bytes. Reads nothing yet.
    pub fn open(loader: SectionLoader, byte_order: ByteOrder, pointer_size: u8) -> Dwarf {
        let endian = match byte_order {
            ByteOrder::Little => RunTimeEndian::Little,
            ByteOrder::Big => RunTimeEndian::Big,
        };
        Dwarf {
            sections: Sections::new(loader, endian),
            address_size: pointer_size,
            units: OnceLock::new(),
            names: IndexCell::default(),
            home: None,
            stream: None,
            frames: OnceLock::new(),
            functions: Cache::new(),
            types: Cache::new(),
        }
    }

    /// The innermost function that contains `pc`, with its variables; `None` if no unit has one. An error is that
    /// of the unit that should know.
    pub fn function_at(&self, pc: FileAddr) -> Result<Option<Arc<FunctionInfo>>, SymbolError> {
        let mut failure = None;
        for info in self.units().at_pc(pc.0) {
            match self.function_in(info, pc.0) {
                Ok(Some(function)) => return Ok(Some(function)),
                Ok(None) => {}
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(None), Err)
    }

    fn function_in(&self, info: &UnitInfo, pc: u64) -> Result<Option<Arc<FunctionInfo>>, SymbolError> {
        let unit = self.unit(info)?;
        let functions = &info.top(&unit)?.functions;
        let after = functions.partition_point(|function| function.0 <= pc);
        let Some(&(_, _, entry)) = functions[..after].iter().rfind(|function| pc < function.1) else {
            return Ok(None);
        };
        if let Some(known) = self.functions.get(entry) {
            return Ok(Some(known));
        }
        let function = functions::read(self, &unit, entry as usize)?;
        Ok(Some(self.functions.insert(entry, function)))
    }

    /// Evaluates a location expression in a frame (DWARF 5 §2.5 and §2.6). `frame_base` is the function's
    /// DW_AT_frame_base.
    pub fn evaluate(
        &self,
        expr: &[u8],
        frame_base: &[u8],
        ctx: &dyn LocationContext,
    ) -> Result<Vec<Piece>, LocationError> {
        crate::location::evaluate(expr, frame_base, ctx, self.sections.endian(), self.address_size)
    }

    fn units(&self) -> &Units {
        self.units.get_or_init(|| Units::read(&self.sections))
    }

    fn unit<'a>(&'a self, info: &'a UnitInfo) -> Result<UnitRef<'a>, SymbolError> {
        UnitRef::new(&self.sections, info)
    }

    /// The unit that contains an offset of `.debug_info`.
    fn unit_of(&self, offset: usize) -> Result<UnitRef<'_>, SymbolError> {
        match self.units().at_offset(offset) {
            Some(info) => self.unit(info),
            None => Err(damaged(SectionId::DebugInfo, offset, "a reference that leads out of the section")),
        }
    }
}

fn damaged(section: SectionId, offset: usize, what: &str) -> SymbolError {
    SymbolError::Damaged { section: section.name(), offset: offset as u64, what: what.to_owned() }
}

fn gimli_error(section: SectionId, offset: usize, error: gimli::Error) -> SymbolError {
    damaged(section, offset, &error.to_string())
}
