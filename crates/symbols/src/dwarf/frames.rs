//! Call frame information (`.debug_frame` and `.eh_frame`): how to unwind code that Go's pclntab does not know.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gimli::{BaseAddresses, CieOrFde, Section, SectionId, UnwindContext, UnwindOffset, UnwindSection};

use super::sections::Slice;
use super::{Dwarf, damaged, gimli_error};
use crate::{FileAddr, SymbolError};

/// The frame table of one function has fewer rows and rules in all than this.
const MAX_RULES: usize = 1 << 16;

/// How to unwind one frame at a PC (DWARF 5 §6.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnwindRow {
    /// The first PC for which this holds.
    pub low: FileAddr,
    /// The PC after the last.
    pub high: FileAddr,
    /// How to compute the canonical frame address.
    pub cfa: CfaRule,
    /// DWARF register numbers and how to find their values in the caller, sorted by number. A register that is not
    /// listed follows the platform's convention.
    pub registers: Vec<(u16, RegisterRule)>,
    /// The DWARF number of the column that stands for the return address.
    pub return_address: u16,
    /// Is it the frame of a signal handler's trampoline, whose caller's PC is exact?
    pub signal_frame: bool,
}

/// How to compute the canonical frame address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CfaRule {
    /// A register's value plus an offset in bytes.
    RegisterOffset {
        /// DWARF number.
        register: u16,
        /// In bytes.
        offset: i64,
    },
    /// The value of this expression.
    Expression(Vec<u8>),
}

/// Where a register's value in the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterRule {
    /// Lost.
    Undefined,
    /// Unchanged.
    SameValue,
    /// In memory, at this offset from the canonical frame address.
    Offset(i64),
    /// The canonical frame address plus this is the value.
    ValueOffset(i64),
    /// In another register.
    Register(u16),
    /// In memory, at the address that this expression gives. It starts with the canonical frame address pushed.
    Expression(Vec<u8>),
    /// This expression gives the value. It starts with the canonical frame address pushed.
    ValueExpression(Vec<u8>),
    /// This is the value.
    Constant(u64),
}

/// Which frame descriptions exist, and the rows of those that were used.
#[derive(Debug)]
pub(super) struct FrameTables {
    /// (low, high, where its description is), sorted.
    ranges: Vec<(u64, u64, Description)>,
    rows: Mutex<HashMap<Description, Arc<[UnwindRow]>>>,
}

/// A frame description entry: its section and offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Description {
    DebugFrame(usize),
    EhFrame(usize),
}

impl Dwarf {
    /// How to unwind the frame of the code at `pc`, from `.debug_frame` or else `.eh_frame`; `None` if neither
    /// describes it.
    pub fn unwind_row(&self, pc: FileAddr) -> Result<Option<UnwindRow>, SymbolError> {
        let tables = self.frames.get_or_init(|| self.find_frames());
        let after = tables.ranges.partition_point(|range| range.0 <= pc.0);
        let Some(&(_, _, description)) = tables.ranges[..after].last().filter(|range| pc.0 < range.1) else {
            return Ok(None);
        };
        let known = |rows: &[UnwindRow]| rows.iter().find(|row| row.low <= pc && pc < row.high).cloned();
        if let Some(rows) = tables.rows.lock().unwrap_or_else(PoisonError::into_inner).get(&description) {
            return Ok(known(rows));
        }
        let rows: Arc<[UnwindRow]> = match description {
            Description::DebugFrame(at) => read_rows(&self.debug_frame(), at, &self.bases())?,
            Description::EhFrame(at) => read_rows(&self.eh_frame(), at, &self.bases())?,
        }
        .into();
        let found = known(&rows);
        tables.rows.lock().unwrap_or_else(PoisonError::into_inner).insert(description, rows);
        Ok(found)
    }

    fn debug_frame(&self) -> gimli::DebugFrame<Slice<'_>> {
        let mut section = gimli::DebugFrame::from(self.sections.slice(SectionId::DebugFrame));
        section.set_address_size(self.address_size);
        section
    }

    fn eh_frame(&self) -> gimli::EhFrame<Slice<'_>> {
        let mut section = gimli::EhFrame::from(self.sections.slice(SectionId::EhFrame));
        section.set_address_size(self.address_size);
        section
    }

    fn bases(&self) -> BaseAddresses {
        BaseAddresses::default()
            .set_eh_frame(self.sections.address(SectionId::EhFrame))
            .set_eh_frame_hdr(self.sections.address(SectionId::EhFrameHdr))
    }

    fn find_frames(&self) -> FrameTables {
        let bases = self.bases();
        let mut ranges = find_descriptions(&self.eh_frame(), &bases, Description::EhFrame);
        ranges.extend(find_descriptions(&self.debug_frame(), &bases, Description::DebugFrame));
        // Of two descriptions of the same code the first in order is kept: `.debug_frame`'s.
        ranges.sort_unstable();
        ranges.dedup_by_key(|range| range.0);
        FrameTables { ranges, rows: Mutex::new(HashMap::new()) }
    }
}

/// Lists the descriptions in a section, up to where it is damaged.
fn find_descriptions<'a, S>(
    section: &S,
    bases: &BaseAddresses,
    describe: fn(usize) -> Description,
) -> Vec<(u64, u64, Description)>
where
    S: UnwindSection<Slice<'a>>,
    S::Offset: UnwindOffset<usize>,
{
    let mut found = Vec::new();
    let mut commons = HashMap::new();
    let mut entries = section.entries(bases);
    while let Ok(Some(entry)) = entries.next() {
        let CieOrFde::Fde(partial) = entry else { continue };
        let parsed = partial.parse(|section, bases, at| {
            commons
                .entry(UnwindOffset::into(at))
                .or_insert_with(|| section.cie_from_offset(bases, at))
                .clone()
        });
        if let Ok(description) = parsed
            && let Some(high) = description.initial_address().checked_add(description.len())
            && description.initial_address() < high
        {
            found.push((description.initial_address(), high, describe(description.offset())));
        }
    }
    found
}

fn read_rows<'a, S>(section: &S, at: usize, bases: &BaseAddresses) -> Result<Vec<UnwindRow>, SymbolError>
where
    S: UnwindSection<Slice<'a>> + Section<Slice<'a>>,
    S::Offset: UnwindOffset<usize>,
{
    let failed = |error| gimli_error(S::id(), at, error);
    let description = section.fde_from_offset(bases, at.into(), S::cie_from_offset).map_err(failed)?;
    let mut context = UnwindContext::new();
    let mut table = description.rows(section, bases, &mut context).map_err(failed)?;
    let return_address = description.cie().return_address_register().0;
    let mut rows = Vec::new();
    let mut rules = 0;
    while let Some(row) = table.next_row().map_err(failed)? {
        rules += 1 + row.registers().count();
        if rules > MAX_RULES {
            return Err(damaged(S::id(), at, "a frame table with absurdly many rows"));
        }
        let bytes = |expression: gimli::UnwindExpression<usize>| {
            expression.get(section).map(|expression| expression.0.slice().to_vec()).map_err(failed)
        };
        let cfa = match row.cfa() {
            gimli::CfaRule::RegisterAndOffset { register, offset } => {
                CfaRule::RegisterOffset { register: register.0, offset: *offset }
            }
            gimli::CfaRule::Expression(expression) => CfaRule::Expression(bytes(*expression)?),
        };
        let mut registers = Vec::new();
        for (register, rule) in row.registers() {
            let rule = match rule {
                gimli::RegisterRule::Undefined => RegisterRule::Undefined,
                gimli::RegisterRule::SameValue => RegisterRule::SameValue,
                gimli::RegisterRule::Offset(offset) => RegisterRule::Offset(*offset),
                gimli::RegisterRule::ValOffset(offset) => RegisterRule::ValueOffset(*offset),
                gimli::RegisterRule::Register(other) => RegisterRule::Register(other.0),
                gimli::RegisterRule::Expression(expression) => RegisterRule::Expression(bytes(*expression)?),
                gimli::RegisterRule::ValExpression(expression) => {
                    RegisterRule::ValueExpression(bytes(*expression)?)
                }
                gimli::RegisterRule::Constant(value) => RegisterRule::Constant(*value),
                _ => continue,
            };
            registers.push((register.0, rule));
        }
        registers.sort_by_key(|(register, _)| *register);
        rows.push(UnwindRow {
            low: FileAddr(row.start_address()),
            high: FileAddr(row.end_address()),
            cfa,
            registers,
            return_address,
            signal_frame: description.is_signal_trampoline(),
        });
    }
    Ok(rows)
}
