//! DWARF 2 to 5, read on demand.
//!
//! [`Dwarf`] answers questions about one binary. Nothing is read until something asks, and then only the unit that
//! knows the answer: [`units`] finds it from headers and root entries (in all the [`files`] that there are), [`skim`] finds what is at its top level,
//! [`functions`] and [`types`] read one function or type, which are then kept. Only questions by name over all
//! units need an index of everything ([`names`]), which is built on all cores.
//!
//! Damage is confined to the unit that has it.

mod calls;
mod cursor;
mod debug_names;
mod entry;
mod files;
mod foreign;
mod frames;
mod functions;
mod lines;
mod linked;
mod locations;
mod names;
mod packages;
mod root;
mod scopes;
mod sections;
mod skim;
mod type_probe;
mod types;
mod units;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use adit_arch::ByteOrder;
use gimli::{RunTimeEndian, SectionId};

pub use calls::{CallSite, CallSiteParameter};
pub use debug_names::IndexedName;
pub use files::{SplitFinder, SplitLink, SupplementaryFinder, SupplementaryLink};
pub use foreign::ForeignFunction;
pub use frames::{CfaRule, RegisterRule, UnwindRow};
pub use functions::{Constant, FunctionInfo, InlinedCall, Location, ScopeBlock, Variable, VariableKind};
pub use lines::{LineRow, SourceFile};
pub use packages::{PackageConstant, PackageVariable};
pub use sections::{SectionBytes, SectionLoader};

use crate::index::{Home, IndexCell};
use crate::location::Machine;
use crate::{FileAddr, LocationContext, LocationError, Piece, SymbolError, Type};
use files::Finders;
use frames::{FrameRows, FrameTables};
use names::SectionStream;
use sections::Sections;
use units::{UnitInfo, UnitRef, Units};

/// The debug information of one binary.
pub struct Dwarf {
    sections: Sections,
    finders: Finders,
    address_size: u8,
    units: OnceLock<Units>,
    names: IndexCell,
    /// Where the index of names is kept.
    home: Option<Home>,
    /// How sections are read that are not to be kept.
    stream: Option<SectionStream>,
    frames: OnceLock<FrameTables>,
    frame_rows: FrameRows,
    /// The addresses of `.text` and `.got`, which frame tables may count from.
    frame_bases: OnceLock<[u64; 2]>,
    foreign_functions: OnceLock<Vec<ForeignFunction>>,
    /// Import paths and names.
    packages: OnceLock<Vec<(Arc<str>, Arc<str>)>>,
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
            finders: Finders::default(),
            address_size: pointer_size,
            units: OnceLock::new(),
            names: IndexCell::default(),
            home: None,
            stream: None,
            frames: OnceLock::new(),
            frame_rows: FrameRows::default(),
            frame_bases: OnceLock::new(),
            foreign_functions: OnceLock::new(),
            packages: OnceLock::new(),
            functions: Cache::new(),
            types: Cache::new(),
        }
    }

    /// With the supplementary file (dwz) that `finder` finds if the sections name one. Not asked before something
    /// needs it.
    #[must_use]
    pub fn with_supplementary(mut self, finder: SupplementaryFinder) -> Dwarf {
        self.finders.supplementary = Some(finder);
        self
    }

    /// With the files that `finder` finds for units that were split off to files of their own (`.dwo`, by
    /// `-gsplit-dwarf`). Not asked before something needs them.
    #[must_use]
    pub fn with_split_files(mut self, finder: SplitFinder) -> Dwarf {
        self.finders.split = Some(finder);
        self
    }

    /// With the package (`.dwp`) of all units that were split off. `finder` is not asked before something needs it,
    /// and not at all if no unit was split off. What the package lacks is looked for in files.
    #[must_use]
    pub fn with_package(mut self, finder: Box<dyn Fn() -> Option<SectionLoader> + Send + Sync>) -> Dwarf {
        self.finders.package = Some(finder);
        self
    }

    /// The supplementary file that the sections name, if they do.
    pub fn supplementary_link(&self) -> Option<SupplementaryLink> {
        files::supplementary_link(&self.sections)
    }

    /// The files that units were split off to, in the order of the units, whether or not they were found.
    pub fn split_links(&self) -> Vec<SplitLink> {
        let roots = self.units().list.iter().filter_map(|unit| unit.root.as_ref().ok());
        let links = roots.filter_map(|root| {
            let (id, path) = root.skeleton.as_ref()?;
            Some(SplitLink { path: path.to_string(), folder: root.comp_dir.to_string(), id: *id })
        });
        links.collect()
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
    /// DW_AT_frame_base. Both must come from this binary's debug information.
    pub fn evaluate(
        &self,
        expr: &[u8],
        frame_base: &[u8],
        ctx: &dyn LocationContext,
    ) -> Result<Vec<Piece>, LocationError> {
        crate::location::evaluate(expr, frame_base, ctx, self.machine())
    }

    /// What an expression points to that gives no address, because the target of the pointer is nowhere in memory
    /// (DW_OP_implicit_pointer): the variable, and the offset in bytes in its value. `None` if it is no such pointer.
    pub fn implicit_pointee(
        &self,
        expr: &[u8],
        frame_base: &[u8],
        ctx: &dyn LocationContext,
    ) -> Result<Option<(Variable, i64)>, LocationError> {
        let found = crate::location::implicit_pointee(expr, frame_base, ctx, self.machine())?;
        let Some((position, offset)) = found else { return Ok(None) };
        let variable = functions::read_variable(self, position)
            .map_err(|error| LocationError::Bad(format!("what it points to cannot be read: {error}")))?;
        Ok(Some((variable, offset)))
    }

    fn machine(&self) -> Machine {
        Machine { endian: self.sections.endian(), address_size: self.address_size }
    }

    fn missing_supplementary(&self) -> SymbolError {
        let path = self.supplementary_link().map_or_else(|| "?".to_owned(), |link| link.path);
        SymbolError::Missing(format!(
            "debug information that is shared with other programs is in {path}, which was not found"
        ))
    }

    fn units(&self) -> &Units {
        self.units.get_or_init(|| Units::read(&self.sections, &self.finders))
    }

    fn unit<'a>(&'a self, info: &'a UnitInfo) -> Result<UnitRef<'a>, SymbolError> {
        UnitRef::new(&self.sections, self.units(), info)
    }

    /// The unit that contains a position.
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
