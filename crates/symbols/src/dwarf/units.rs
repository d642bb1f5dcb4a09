//! The list of units: names, ranges and abbreviations, from unit headers and root entries only.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use gimli::constants as dw;
use gimli::{AttributeValue, DebugInfoOffset, Reader as _, SectionId, UnitOffset, UnitType};

use super::entry::{self, Entry, MAX_ATTRIBUTES};
use super::lines::CompactRow;
use super::sections::{Sections, Slice};
use super::skim::TopLevel;
use super::{damaged, gimli_error};
use crate::SymbolError;

/// More ranges than the units of any program have in all.
const MAX_RANGES: usize = 1 << 22;

/// One unit of `.debug_info`.
#[derive(Debug)]
pub(super) struct UnitInfo {
    /// Offset of its header in `.debug_info`.
    pub(super) offset: usize,
    /// Offset of the byte after it.
    pub(super) end: usize,
    /// Its root entry, if that could be read. The other units stay usable if not.
    pub(super) root: Result<Root, SymbolError>,
    /// What is at its top level, on first need.
    pub(super) top: OnceLock<Result<TopLevel, SymbolError>>,
    /// Its line table's rows and file names, on first need.
    pub(super) rows: OnceLock<Result<Vec<CompactRow>, SymbolError>>,
    pub(super) files: OnceLock<Result<Vec<Arc<str>>, SymbolError>>,
}

/// What a unit's root entry says.
#[derive(Debug)]
pub(super) struct Root {
    abbreviations: Arc<gimli::Abbreviations>,
    /// DW_AT_name: for Go, the import path.
    pub(super) name: Arc<str>,
    /// DW_AT_go_package_name.
    pub(super) package_name: Arc<str>,
    pub(super) comp_dir: Arc<str>,
    pub(super) is_go: bool,
    /// Was it compiled with optimisations or inlining?
    pub(super) optimized: bool,
    pub(super) ranges: Vec<(u64, u64)>,
    pub(super) line_offset: Option<usize>,
    /// The signature of the type, if this is a type unit (DWARF 5 §7.5.1.3), and the entry that defines it.
    pub(super) signature: Option<(u64, usize)>,
    low_pc: u64,
    str_offsets_base: usize,
    addr_base: usize,
    loclists_base: usize,
    rnglists_base: usize,
}

/// All units, in the order of their offsets.
#[derive(Debug)]
pub(super) struct Units {
    pub(super) list: Vec<UnitInfo>,
    /// (low, high, unit), sorted; with the highest `high` of this and all earlier ranges.
    ranges: Vec<(u64, u64, usize, u64)>,
    signatures: HashMap<u64, usize>,
}

/// A unit with the sections it is read from.
pub(super) struct UnitRef<'a> {
    pub(super) info: &'a UnitInfo,
    pub(super) root: &'a Root,
    pub(super) dwarf: gimli::Dwarf<Slice<'a>>,
    pub(super) unit: gimli::Unit<Slice<'a>>,
    pub(super) sections: &'a Sections,
}

impl Units {
    /// Reads all unit headers and root entries.
    pub(super) fn read(sections: &Sections) -> Units {
        let dwarf = sections.dwarf();
        let mut abbreviations = HashMap::new();
        let mut budget = MAX_RANGES;
        let mut list = Vec::new();
        let info = sections.slice(SectionId::DebugInfo);
        let mut offset = 0;
        while offset < info.len() {
            let Some(end) = unit_end(info, offset) else { break };
            let root = match dwarf.debug_info.header_from_offset(DebugInfoOffset(offset)) {
                Ok(header) => read_root(&dwarf, header, &mut abbreviations, &mut budget),
                Err(error) => Err(gimli_error(SectionId::DebugInfo, offset, error)),
            };
            let (top, rows, files) = Default::default();
            list.push(UnitInfo { offset, end, root, top, rows, files });
            offset = end;
        }
        let ranges = sorted_ranges(&list);
        let signatures = list.iter().filter_map(|unit| unit.root.as_ref().ok()?.signature).collect();
        Units { list, ranges, signatures }
    }

    /// The units whose ranges contain `pc`, the one with the closest start first.
    pub(super) fn at_pc(&self, pc: u64) -> impl Iterator<Item = &UnitInfo> {
        let after = self.ranges.partition_point(|range| range.0 <= pc);
        self.ranges[..after]
            .iter()
            .rev()
            .take_while(move |range| range.3 > pc)
            .filter(move |range| range.1 > pc)
            .map(|range| &self.list[range.2])
    }

    /// The units that have code within `low..high`.
    pub(super) fn overlapping(&self, low: u64, high: u64) -> Vec<&UnitInfo> {
        let before = self.ranges.partition_point(|range| range.0 < high);
        let mut found: Vec<usize> = self.ranges[..before]
            .iter()
            .rev()
            .take_while(|range| range.3 > low)
            .filter(|range| range.1 > low)
            .map(|range| range.2)
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|index| &self.list[index]).collect()
    }

    /// The unit that contains this offset of `.debug_info`.
    pub(super) fn at_offset(&self, offset: usize) -> Option<&UnitInfo> {
        let after = self.list.partition_point(|unit| unit.offset <= offset);
        self.list[..after].last().filter(|unit| offset < unit.end)
    }

    /// The entry of the type unit with this signature.
    pub(super) fn by_signature(&self, signature: u64) -> Option<usize> {
        self.signatures.get(&signature).copied()
    }
}

/// Where the unit at `offset` ends; `None` if its length makes no sense (then nothing after it can be found).
fn unit_end(info: Slice<'_>, offset: usize) -> Option<usize> {
    let mut reader = info;
    reader.skip(offset).ok()?;
    let (length, _) = reader.read_initial_length().ok()?;
    let start = info.len() - reader.len();
    let end = start.checked_add(length)?;
    // A last unit that is cut short is read as far as it goes.
    (end > offset).then_some(end.min(info.len()))
}

fn sorted_ranges(list: &[UnitInfo]) -> Vec<(u64, u64, usize, u64)> {
    let mut ranges: Vec<(u64, u64, usize, u64)> = Vec::new();
    for (index, unit) in list.iter().enumerate() {
        if let Ok(root) = &unit.root {
            ranges.extend(root.ranges.iter().map(|&(low, high)| (low, high, index, 0)));
        }
    }
    ranges.sort_unstable();
    let mut highest = 0;
    for range in &mut ranges {
        highest = highest.max(range.1);
        range.3 = highest;
    }
    ranges
}

fn read_root<'a>(
    dwarf: &gimli::Dwarf<Slice<'a>>,
    header: gimli::UnitHeader<Slice<'a>>,
    abbreviations: &mut HashMap<usize, Arc<gimli::Abbreviations>>,
    budget: &mut usize,
) -> Result<Root, SymbolError> {
    let offset = header.debug_info_offset().map_or(0, |offset| offset.0);
    let table = header.debug_abbrev_offset();
    // All units of a Go binary share one table.
    let shared = match abbreviations.get(&table.0) {
        Some(known) => Arc::clone(known),
        None => {
            let read = header
                .abbreviations(&dwarf.debug_abbrev)
                .map_err(|error| gimli_error(SectionId::DebugAbbrev, table.0, error))?;
            let read = Arc::new(read);
            abbreviations.insert(table.0, Arc::clone(&read));
            read
        }
    };
    let encoding = header.encoding();
    let file = gimli::DwarfFileType::Main;
    let mut root = Root {
        abbreviations: shared,
        name: Arc::from(""),
        package_name: Arc::from(""),
        comp_dir: Arc::from(""),
        is_go: false,
        optimized: false,
        ranges: Vec::new(),
        line_offset: None,
        signature: match header.type_() {
            UnitType::Type { type_signature, type_offset }
            | UnitType::SplitType { type_signature, type_offset } => {
                Some((type_signature.0, offset.saturating_add(type_offset.0)))
            }
            _ => None,
        },
        low_pc: 0,
        str_offsets_base: gimli::DebugStrOffsetsBase::default_for_encoding_and_file(encoding, file).0,
        addr_base: 0,
        loclists_base: gimli::DebugLocListsBase::default_for_encoding_and_file(encoding, file).0,
        rnglists_base: gimli::DebugRngListsBase::default_for_encoding_and_file(encoding, file).0,
    };
    let entry = read_root_entry(&header, &root.abbreviations, offset)?;
    for attribute in entry.attributes() {
        match attribute.value() {
            AttributeValue::DebugLineRef(at) if attribute.name() == dw::DW_AT_stmt_list => {
                root.line_offset = Some(at.0);
            }
            AttributeValue::DebugStrOffsetsBase(base) => root.str_offsets_base = base.0,
            AttributeValue::DebugAddrBase(base) => root.addr_base = base.0,
            AttributeValue::DebugLocListsBase(base) => root.loclists_base = base.0,
            AttributeValue::DebugRngListsBase(base) => root.rnglists_base = base.0,
            _ => {}
        }
    }
    // Strings, addresses and ranges may be indices that need the bases read above.
    let mut unit = gimli_unit(header, &root);
    let low_pc = entry.value(dw::DW_AT_low_pc);
    unit.low_pc = low_pc.and_then(|value| entry::address(dwarf, &unit, value)).unwrap_or(0);
    let text = |name| entry.value(name).and_then(|value| entry::string(dwarf, &unit, value));
    let language = entry.value(dw::DW_AT_language);
    root.is_go = matches!(language, Some(AttributeValue::Language(dw::DW_LANG_Go)));
    root.optimized = is_optimized(&text(dw::DW_AT_producer).unwrap_or_default(), root.is_go);
    root.name = text(dw::DW_AT_name).unwrap_or_default().as_ref().into();
    root.package_name = text(entry::DW_AT_GO_PACKAGE_NAME).unwrap_or_default().as_ref().into();
    root.comp_dir = text(dw::DW_AT_comp_dir).unwrap_or_default().as_ref().into();
    root.ranges = entry::ranges(dwarf, &unit, &entry, budget);
    root.low_pc = unit.low_pc;
    Ok(root)
}

fn read_root_entry<'a>(
    header: &gimli::UnitHeader<Slice<'a>>,
    abbreviations: &gimli::Abbreviations,
    offset: usize,
) -> Result<Entry<'a>, SymbolError> {
    let mut entry = Entry::empty();
    let read = header.entries_raw(abbreviations, None).and_then(|mut raw| entry.read(&mut raw, offset));
    match read {
        Ok(true) => Ok(entry),
        Ok(false) => Err(damaged(SectionId::DebugInfo, offset, "the unit has no root entry")),
        Err(error) => Err(gimli_error(SectionId::DebugInfo, offset, error)),
    }
}

/// Do the flags in DW_AT_producer leave the optimiser or the inliner on? Go's compiler records its flags after a
/// semicolon (`cmd/link/internal/ld/dwarf.go`, since 1.10); C compilers record theirs as they were given.
fn is_optimized(producer: &str, is_go: bool) -> bool {
    let words = |text: &str, flag: &str| text.split_ascii_whitespace().any(|word| word == flag);
    if is_go {
        return match producer.split_once(';') {
            Some((_, flags)) => !(words(flags, "-N") && words(flags, "-l")),
            None => true,
        };
    }
    let level = producer.split_ascii_whitespace().rfind(|word| word.starts_with("-O"));
    !matches!(level, None | Some("-O0"))
}

fn gimli_unit<'a>(header: gimli::UnitHeader<Slice<'a>>, root: &Root) -> gimli::Unit<Slice<'a>> {
    gimli::Unit {
        header,
        abbreviations: Arc::clone(&root.abbreviations),
        name: None,
        comp_dir: None,
        low_pc: root.low_pc,
        str_offsets_base: gimli::DebugStrOffsetsBase(root.str_offsets_base),
        addr_base: gimli::DebugAddrBase(root.addr_base),
        loclists_base: gimli::DebugLocListsBase(root.loclists_base),
        rnglists_base: gimli::DebugRngListsBase(root.rnglists_base),
        line_program: None,
        dwo_id: None,
    }
}

impl UnitInfo {
    /// The unit whose bytes are `dwarf`'s `.debug_info`, `size` bytes at `offset` of the whole section. Its code's
    /// ranges are not read.
    pub(super) fn alone<'a>(
        dwarf: &gimli::Dwarf<Slice<'a>>,
        offset: usize,
        size: usize,
        abbreviations: &mut HashMap<usize, Arc<gimli::Abbreviations>>,
    ) -> UnitInfo {
        let root = match dwarf.debug_info.header_from_offset(DebugInfoOffset(0)) {
            Ok(header) => read_root(dwarf, header, abbreviations, &mut 0),
            Err(error) => Err(gimli_error(SectionId::DebugInfo, offset, error)),
        };
        let (top, rows, files) = Default::default();
        UnitInfo { offset, end: offset.saturating_add(size), root, top, rows, files }
    }
}

impl<'a> UnitRef<'a> {
    /// The same for a unit that was read alone.
    pub(super) fn alone(
        sections: &'a Sections,
        dwarf: gimli::Dwarf<Slice<'a>>,
        info: &'a UnitInfo,
    ) -> Result<UnitRef<'a>, SymbolError> {
        let root = info.root.as_ref().map_err(SymbolError::clone)?;
        let header = dwarf
            .debug_info
            .header_from_offset(DebugInfoOffset(0))
            .map_err(|error| gimli_error(SectionId::DebugInfo, info.offset, error))?;
        let unit = gimli_unit(header, root);
        Ok(UnitRef { info, root, dwarf, unit, sections })
    }

    /// Makes a unit ready for reading.
    pub(super) fn new(sections: &'a Sections, info: &'a UnitInfo) -> Result<UnitRef<'a>, SymbolError> {
        let root = info.root.as_ref().map_err(SymbolError::clone)?;
        let dwarf = sections.dwarf();
        let header = dwarf
            .debug_info
            .header_from_offset(DebugInfoOffset(info.offset))
            .map_err(|error| gimli_error(SectionId::DebugInfo, info.offset, error))?;
        let unit = gimli_unit(header, root);
        Ok(UnitRef { info, root, dwarf, unit, sections })
    }

    /// The offset in `.debug_info` of an offset within this unit.
    pub(super) fn absolute(&self, offset: UnitOffset) -> usize {
        self.info.offset + offset.0
    }

    /// An error in this unit.
    pub(super) fn error(&self, offset: UnitOffset, error: gimli::Error) -> SymbolError {
        gimli_error(SectionId::DebugInfo, self.absolute(offset), error)
    }

    /// Starts reading entries at an offset of `.debug_info` (of the root entry, without one).
    pub(super) fn cursor(&self, at: Option<usize>) -> Result<Cursor<'_, 'a>, SymbolError> {
        let at = at.map(|at| UnitOffset(at.saturating_sub(self.info.offset)));
        let raw = self
            .unit
            .header
            .entries_raw(&self.unit.abbreviations, at)
            .map_err(|error| self.error(at.unwrap_or(UnitOffset(0)), error))?;
        Ok(Cursor { unit: self, raw })
    }

    /// The entry at an offset of `.debug_info`.
    pub(super) fn entry(&self, at: usize) -> Result<Entry<'a>, SymbolError> {
        let mut entry = Entry::empty();
        if self.cursor(Some(at))?.read(&mut entry)? {
            return Ok(entry);
        }
        Err(damaged(SectionId::DebugInfo, at, "no entry is there"))
    }
}

/// Reads a unit's entries one after the other.
pub(super) struct Cursor<'r, 'a> {
    unit: &'r UnitRef<'a>,
    raw: gimli::EntriesRaw<'r, Slice<'a>>,
}

impl<'r, 'a> Cursor<'r, 'a> {
    /// Reads the next entry; `false` if it is a null entry, which ends a list of children.
    pub(super) fn read(&mut self, entry: &mut Entry<'a>) -> Result<bool, SymbolError> {
        let position = self.position();
        match self.abbreviation()? {
            Some(abbreviation) => self.read_attributes(abbreviation, entry, position).map(|()| true),
            None => {
                *entry = Entry::empty();
                Ok(false)
            }
        }
    }

    /// Reads the next entry's abbreviation only; what follows must read or skip its attributes.
    pub(super) fn abbreviation(&mut self) -> Result<Option<&'r gimli::Abbreviation>, SymbolError> {
        let offset = self.raw.next_offset();
        let abbreviation = self.raw.read_abbreviation().map_err(|error| self.unit.error(offset, error))?;
        if abbreviation.is_some_and(|known| known.attributes().len() > MAX_ATTRIBUTES) {
            let at = self.unit.absolute(offset);
            return Err(damaged(SectionId::DebugInfo, at, "an entry with absurdly many attributes"));
        }
        Ok(abbreviation)
    }

    /// Skips the attributes of an entry whose abbreviation was read.
    pub(super) fn skip(&mut self, abbreviation: &gimli::Abbreviation) -> Result<(), SymbolError> {
        let offset = self.raw.next_offset();
        self.raw.skip_attributes(abbreviation.attributes()).map_err(|error| self.unit.error(offset, error))
    }

    /// Skips the rest of a list of children, with its terminating null entry, and all they contain.
    pub(super) fn skip_children(&mut self) -> Result<(), SymbolError> {
        let depth = self.depth();
        while self.depth() >= depth && !self.is_empty() {
            if let Some(abbreviation) = self.abbreviation()? {
                self.skip(abbreviation)?;
            }
        }
        Ok(())
    }

    /// Goes on at a later entry's offset in `.debug_info`; `false`, and nothing done, if there can be none.
    pub(super) fn jump(&mut self, position: usize) -> bool {
        if position <= self.position() || position >= self.unit.info.end {
            return false;
        }
        let Ok(cursor) = self.unit.cursor(Some(position)) else { return false };
        *self = cursor;
        true
    }

    /// Reads the attributes of an entry whose abbreviation was read, and which starts at `position`.
    pub(super) fn read_attributes(
        &mut self,
        abbreviation: &gimli::Abbreviation,
        entry: &mut Entry<'a>,
        position: usize,
    ) -> Result<(), SymbolError> {
        entry
            .read_attributes(&mut self.raw, abbreviation, position)
            .map_err(|error| gimli_error(SectionId::DebugInfo, position, error))
    }

    /// The depth of the next entry, relative to where the cursor started.
    pub(super) fn depth(&self) -> isize {
        self.raw.next_depth()
    }

    /// Has the unit ended?
    pub(super) fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Where in `.debug_info` the next entry starts.
    pub(super) fn position(&self) -> usize {
        self.unit.absolute(self.raw.next_offset())
    }
}
