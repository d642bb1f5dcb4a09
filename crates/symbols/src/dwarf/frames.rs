//! Call frame information (`.debug_frame` and `.eh_frame`): how to unwind code that Go's pclntab does not know.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gimli::{BaseAddresses, CieOrFde, Section, SectionId, UnwindContext, UnwindOffset, UnwindSection};

use super::sections::Slice;
use super::{Dwarf, damaged, gimli_error};
use crate::{FileAddr, SymbolError};

/// The frame table of one function has fewer rows and rules in all than this.
const MAX_RULES: usize = 1 << 16;

/// Descriptions of the same code overlap at most so often; what lies below is looked for no further.
const MAX_OVERLAPPING: usize = 64;

/// DW_EH_PE_udata4.
const COUNT_ENCODING: u8 = 0x03;
/// DW_EH_PE_datarel | DW_EH_PE_sdata4.
const TABLE_ENCODING: u8 = 0x3b;

/// Of the operations that several vendors gave the same code, those of the only such vendor that Go runs on: signed
/// return addresses (DWARF for the Arm 64-bit Architecture, §4.1).
const VENDOR: gimli::Vendor = gimli::Vendor::AArch64;

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

/// Which frame descriptions exist.
#[derive(Debug)]
pub(super) struct FrameTables {
    /// (low, high, where its description is), sorted; with the highest `high` of this and all earlier ranges.
    ranges: Vec<(u64, u64, Description, u64)>,
}

/// The rows of the descriptions that were used.
pub(super) type FrameRows = Mutex<HashMap<Description, Arc<[UnwindRow]>>>;

/// A frame description entry: its section and offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Description {
    DebugFrame(usize),
    EhFrame(usize),
}

impl Dwarf {
    /// How to unwind the frame of the code at `pc`, from `.debug_frame` or `.eh_frame`; `None` if neither describes
    /// it.
    pub fn unwind_row(&self, pc: FileAddr) -> Result<Option<UnwindRow>, SymbolError> {
        if let Some(description) = self.listed_frame(pc.0)
            && let Ok(Some(row)) = self.row_of(description, pc)
        {
            return Ok(Some(row));
        }
        let tables = self.frames.get_or_init(|| self.find_frames());
        let after = tables.ranges.partition_point(|range| range.0 <= pc.0);
        let covering = tables.ranges[..after]
            .iter()
            .rev()
            .take_while(|range| range.3 > pc.0)
            .take(MAX_OVERLAPPING)
            .find(|range| pc.0 < range.1);
        match covering {
            Some(&(_, _, description, _)) => self.row_of(description, pc),
            None => Ok(None),
        }
    }

    /// The row of a description that holds at `pc`.
    fn row_of(&self, description: Description, pc: FileAddr) -> Result<Option<UnwindRow>, SymbolError> {
        let known = |rows: &[UnwindRow]| rows.iter().find(|row| row.low <= pc && pc < row.high).cloned();
        let cached = &self.frame_rows;
        if let Some(rows) = cached.lock().unwrap_or_else(PoisonError::into_inner).get(&description) {
            return Ok(known(rows));
        }
        let rows: Arc<[UnwindRow]> = match description {
            Description::DebugFrame(at) => read_rows(&self.debug_frame(), at, &self.bases())?,
            Description::EhFrame(at) => read_rows(&self.eh_frame(), at, &self.bases())?,
        }
        .into();
        let found = known(&rows);
        cached.lock().unwrap_or_else(PoisonError::into_inner).insert(description, rows);
        Ok(found)
    }

    /// The description that the linker's search table (`.eh_frame_hdr`, Linux Standard Base 5.0, Core, §10.6.2) has
    /// for `pc`. Spares reading all descriptions. A table that lies is no harm: what it leads to is checked.
    fn listed_frame(&self, pc: u64) -> Option<Description> {
        let header = self.sections.slice(SectionId::EhFrameHdr);
        // A count of four bytes, and a table of four-byte offsets from its start: linkers make no others.
        let [1, _, COUNT_ENCODING, TABLE_ENCODING, ..] = *header.slice() else { return None };
        let header = gimli::EhFrameHdr::from(header);
        let bases = self.bases();
        let header = header.parse(&bases, self.address_size).ok()?;
        let found = header.table()?.lookup(pc, &bases).ok()?.direct().ok()?;
        let at = usize::try_from(found.checked_sub(self.sections.address(SectionId::EhFrame))?).ok()?;
        let section = self.eh_frame();
        let description = section.fde_from_offset(&bases, at.into(), gimli::EhFrame::cie_from_offset).ok()?;
        description.contains(pc).then_some(Description::EhFrame(at))
    }

    fn debug_frame(&self) -> gimli::DebugFrame<Slice<'_>> {
        let mut section = gimli::DebugFrame::from(self.sections.slice(SectionId::DebugFrame));
        section.set_address_size(self.address_size);
        section.set_vendor(VENDOR);
        section
    }

    fn eh_frame(&self) -> gimli::EhFrame<Slice<'_>> {
        let mut section = gimli::EhFrame::from(self.sections.slice(SectionId::EhFrame));
        section.set_address_size(self.address_size);
        section.set_vendor(VENDOR);
        section
    }

    /// What the addresses in `.eh_frame` may be relative to.
    fn bases(&self) -> BaseAddresses {
        let address = |name| self.sections.other(name).map_or(0, |section| section.address);
        let bases = self.frame_bases.get_or_init(|| [".text", ".got"].map(address));
        BaseAddresses::default()
            .set_eh_frame(self.sections.address(SectionId::EhFrame))
            .set_eh_frame_hdr(self.sections.address(SectionId::EhFrameHdr))
            .set_text(bases[0])
            .set_got(bases[1])
    }

    fn find_frames(&self) -> FrameTables {
        let bases = self.bases();
        let mut ranges = find_descriptions(&self.eh_frame(), &bases, Description::EhFrame);
        ranges.extend(find_descriptions(&self.debug_frame(), &bases, Description::DebugFrame));
        // Of two descriptions of the same code the first in order is kept: `.debug_frame`'s.
        ranges.sort_unstable();
        ranges.dedup_by_key(|range| (range.0, range.1));
        let mut highest = 0;
        for range in &mut ranges {
            highest = highest.max(range.1);
            range.3 = highest;
        }
        FrameTables { ranges }
    }
}

/// Lists the descriptions in a section, up to where it is damaged.
fn find_descriptions<'a, S>(
    section: &S,
    bases: &BaseAddresses,
    describe: fn(usize) -> Description,
) -> Vec<(u64, u64, Description, u64)>
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
            found.push((description.initial_address(), high, describe(description.offset()), 0));
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
