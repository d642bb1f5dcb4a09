//! The list of units: names, ranges and abbreviations, from unit headers and root entries only.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use gimli::constants as dw;
use gimli::{Reader as _, SectionId, UnitOffset};

pub(super) use super::cursor::Cursor;
use super::entry::{Entry, Reference};
use super::files::{Contributions, FileId, Finders, PackageIndex, SplitLink, UnitSection};
use super::files::{cut, part_start, supplementary_link};
use super::lines::{CompactRow, FileNames, LineTables};
use super::root::{AbbreviationTables, Root, RootSource, Skeleton, gimli_unit, header};
use super::scopes::Scope;
use super::sections::{Sections, Slice};
use super::skim::TopLevel;
use super::{SectionLoader, damaged};
use crate::SymbolError;

/// More ranges than the units of any program have in all.
const MAX_RANGES: usize = 1 << 22;

/// The sections that units are in, in the order of their positions.
const UNIT_SECTIONS: [SectionId; 2] = [SectionId::DebugInfo, SectionId::DebugTypes];

/// How many units' files are opened, and how many units are read in all before no further file is.
const MAX_SPLIT_FILES: usize = 1 << 14;
const MAX_SPLIT_UNITS: usize = 1 << 19;

/// No unit is smaller, in bytes: a header and an entry.
const MIN_UNIT: usize = 11;

/// One unit of `.debug_info` or `.debug_types`.
#[derive(Debug)]
pub(super) struct UnitInfo {
    /// Position of its header (see [`super::files`]).
    pub(super) offset: usize,
    /// Position of the byte after it.
    pub(super) end: usize,
    pub(super) within: UnitSection,
    /// If it is in a package, which parts of its sections belong to it.
    contributions: Contributions,
    /// Its root entry, if that could be read. The other units stay usable if not.
    pub(super) root: Result<Root, SymbolError>,
    /// What is at its top level, on first need.
    pub(super) top: OnceLock<Result<TopLevel, SymbolError>>,
    /// Its line table's rows and file names, on first need.
    pub(super) rows: OnceLock<Result<Vec<CompactRow>, SymbolError>>,
    pub(super) files: OnceLock<Result<FileNames, SymbolError>>,
    /// Its namespaces and classes, on first need.
    pub(super) scopes: OnceLock<Vec<Scope>>,
}

/// All units of all files, in the order of their positions.
#[derive(Debug)]
pub(super) struct Units {
    pub(super) list: Vec<UnitInfo>,
    /// Files other than the binary itself.
    pub(super) files: Vec<Sections>,
    /// The position of the first byte of the supplementary file's `.debug_info`, and which of the files it is.
    supplementary: Option<(usize, usize)>,
    /// The position after the last byte.
    pub(super) end: usize,
    /// (low, high, unit), sorted; with the highest `high` of this and all earlier ranges.
    ranges: Vec<(u64, u64, usize, u64)>,
    signatures: HashMap<u64, usize>,
    /// What was read of line tables.
    pub(super) line_tables: LineTables,
    /// By the position of a skeleton, that of the unit.
    splits: HashMap<usize, usize>,
}

/// A unit with the sections it is read from.
pub(super) struct UnitRef<'a> {
    pub(super) info: &'a UnitInfo,
    pub(super) root: &'a Root,
    pub(super) dwarf: gimli::Dwarf<Slice<'a>>,
    pub(super) unit: gimli::Unit<Slice<'a>>,
    /// The sections of the file that the unit is in.
    pub(super) sections: &'a Sections,
    /// The sections of the binary itself.
    pub(super) main: &'a Sections,
    /// All units.
    pub(super) units: &'a Units,
}

impl UnitInfo {
    /// The unit of the binary itself whose bytes are `dwarf`'s `.debug_info`, `size` bytes at `offset` of the whole
    /// section. Its code's ranges are not read.
    pub(super) fn alone(
        dwarf: &gimli::Dwarf<Slice<'_>>,
        offset: usize,
        size: usize,
        tables: &mut AbbreviationTables,
    ) -> UnitInfo {
        let section = SectionId::DebugInfo;
        let within = UnitSection { file: FileId::Main, section, base: 0, info_base: 0 };
        let root = header(*gimli::Section::reader(&dwarf.debug_info), section, 0).and_then(|header| {
            let source = RootSource {
                dwarf,
                header,
                file: FileId::Main,
                abbreviations_start: 0,
                section,
                offset,
                position: offset,
                skeleton: None,
            };
            source.read(tables, &mut 0)
        });
        let (top, rows, files, scopes) = Default::default();
        let contributions = Contributions::default();
        UnitInfo {
            offset,
            end: offset.saturating_add(size),
            within,
            contributions,
            root,
            top,
            rows,
            files,
            scopes,
        }
    }
}

impl Units {
    /// No units.
    pub(super) fn none() -> Units {
        Units {
            list: Vec::new(),
            files: Vec::new(),
            supplementary: None,
            end: 0,
            ranges: Vec::new(),
            signatures: HashMap::new(),
            line_tables: LineTables::default(),
            splits: HashMap::new(),
        }
    }

    /// Reads all unit headers and root entries.
    pub(super) fn read(main: &Sections, finders: &Finders) -> Units {
        let mut scan =
            Scan { main, units: Units::none(), tables: AbbreviationTables::default(), budget: MAX_RANGES };
        // Entries of the binary itself need the texts of the supplementary file.
        let supplementary = scan.open_supplementary(finders);
        scan.file(FileId::Main);
        if let Some(index) = supplementary {
            scan.file(FileId::Other(index));
        }
        scan.split_units(finders);
        // Units of packages are not in the order of the skeletons.
        scan.units.list.sort_by_key(|unit| unit.offset);
        scan.units.list.dedup_by_key(|unit| unit.offset);
        scan.partial_units();
        let mut units = scan.units;
        units.ranges = sorted_ranges(&units.list);
        units.signatures = units.list.iter().filter_map(|unit| unit.root.as_ref().ok()?.signature).collect();
        units
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

    /// The unit that contains this position.
    pub(super) fn at_offset(&self, offset: usize) -> Option<&UnitInfo> {
        let after = self.list.partition_point(|unit| unit.offset <= offset);
        self.list[..after].last().filter(|unit| offset < unit.end)
    }

    /// The unit whose skeleton this is, if that was found.
    pub(super) fn split_of(&self, skeleton: &UnitInfo) -> Option<&UnitInfo> {
        let index = self.splits.get(&skeleton.offset)?;
        self.at_offset(*index)
    }

    /// The position of the entry of the type unit with this signature.
    pub(super) fn by_signature(&self, signature: u64) -> Option<usize> {
        self.signatures.get(&signature).copied()
    }

    fn sections<'a>(&'a self, main: &'a Sections, file: FileId) -> &'a Sections {
        match file {
            FileId::Main => main,
            FileId::Other(index) => &self.files[index],
        }
    }

    /// What gimli needs to read a unit's entries.
    pub(super) fn dwarf<'a>(
        &'a self,
        main: &'a Sections,
        file: FileId,
        contributions: &Contributions,
    ) -> gimli::Dwarf<Slice<'a>> {
        let mut dwarf = self.sections(main, file).dwarf();
        if let Some((_, index)) = self.supplementary
            && file != FileId::Other(index)
        {
            dwarf.set_sup(self.files[index].dwarf());
        }
        if dwarf.file_type == gimli::DwarfFileType::Main {
            return dwarf;
        }
        dwarf.debug_addr = main.slice(SectionId::DebugAddr).into();
        let part = |id| cut(self.sections(main, file).slice(id), id, contributions);
        dwarf.debug_abbrev = part(SectionId::DebugAbbrev).into();
        dwarf.debug_str_offsets = part(SectionId::DebugStrOffsets).into();
        // DWARF 4's split units leave their ranges in the binary.
        dwarf.ranges = gimli::RangeLists::new(
            main.slice(SectionId::DebugRanges).into(),
            part(SectionId::DebugRngLists).into(),
        );
        dwarf
    }
}

/// Finds the units.
struct Scan<'m> {
    main: &'m Sections,
    units: Units,
    tables: AbbreviationTables,
    /// How many more ranges are read.
    budget: usize,
}

impl Scan<'_> {
    /// Adds all units of a file.
    fn file(&mut self, file: FileId) {
        let info_base = self.units.end;
        for section in UNIT_SECTIONS {
            let base = self.units.end;
            let bytes = self.units.sections(self.main, file).slice(section).len();
            self.section(UnitSection { file, section, base, info_base });
            self.units.end += bytes;
        }
    }

    fn section(&mut self, within: UnitSection) {
        let size = self.units.sections(self.main, within.file).slice(within.section).len();
        let mut offset = 0;
        while offset < size {
            let Some(unit) = self.unit(within, offset, Contributions::default(), None) else { break };
            offset = unit.end - within.base;
            self.units.list.push(unit);
        }
    }

    /// The unit at an offset of a section; `None` if its length makes no sense (then nothing after it can be found).
    fn unit(
        &mut self,
        within: UnitSection,
        offset: usize,
        contributions: Contributions,
        skeleton: Option<&Skeleton>,
    ) -> Option<UnitInfo> {
        let units = &self.units;
        let bytes = units.sections(self.main, within.file).slice(within.section);
        let position = within.base + offset;
        let end = within.base + unit_end(bytes, offset)?;
        let dwarf = units.dwarf(self.main, within.file, &contributions);
        let abbreviations_start = part_start(SectionId::DebugAbbrev, &contributions);
        let root = header(bytes, within.section, offset).and_then(|header| {
            let source = RootSource {
                dwarf: &dwarf,
                header,
                file: within.file,
                abbreviations_start,
                section: within.section,
                offset,
                position,
                skeleton,
            };
            source.read(&mut self.tables, &mut self.budget)
        });
        let (top, rows, files, scopes) = Default::default();
        Some(UnitInfo { offset: position, end, within, contributions, root, top, rows, files, scopes })
    }

    /// Opens the supplementary file, if there is one; its units follow those of the binary itself.
    fn open_supplementary(&mut self, finders: &Finders) -> Option<usize> {
        let find = finders.supplementary.as_ref()?;
        let loader = supplementary_link(self.main).and_then(|link| find(&link))?;
        let index = self.units.files.len();
        self.units.files.push(Sections::new(loader, self.main.endian()));
        let sizes = UNIT_SECTIONS.map(|section| self.main.slice(section).len());
        self.units.supplementary = Some((sizes.iter().sum(), index));
        Some(index)
    }

    /// Puts the units that were split off in the place of their skeletons.
    fn split_units(&mut self, finders: &Finders) {
        let skeletons: Vec<usize> = (0..self.units.list.len())
            .filter(|&index| matches!(&self.units.list[index].root, Ok(root) if root.skeleton.is_some()))
            .collect();
        if skeletons.is_empty() {
            return;
        }
        let package = finders.package.as_ref().and_then(|find| find()).map(|loader| self.package(loader));
        let mut seen = HashSet::new();
        for index in skeletons.into_iter().take(MAX_SPLIT_FILES) {
            if self.units.list.len() > MAX_SPLIT_UNITS {
                break;
            }
            let Ok(root) = &self.units.list[index].root else { continue };
            let Some((id, name)) = root.skeleton.clone() else { continue };
            if !seen.insert(id) {
                continue;
            }
            let skeleton = root.as_skeleton();
            let link = SplitLink { path: name.to_string(), folder: skeleton.comp_dir.to_string(), id };
            let found = package.and_then(|within| self.unit_of_package(within, id, &skeleton));
            let found = found.or_else(|| {
                let loader = finders.split.as_ref().and_then(|find| find(&link))?;
                self.split_file(loader, id, &skeleton)
            });
            let Some(position) = found else { continue };
            let at = self.units.list[index].offset;
            self.units.splits.insert(at, position);
            if let Ok(root) = &mut self.units.list[index].root {
                root.ranges.clear();
            }
        }
    }

    /// Adds the type units of a package.
    fn package(&mut self, loader: SectionLoader) -> UnitSection {
        let file = FileId::Other(self.units.files.len());
        self.units.files.push(Sections::split(loader, self.main.endian()));
        let (main, info_base) = (self.main, self.units.end);
        let sizes = UNIT_SECTIONS.map(|section| self.units.sections(main, file).slice(section).len());
        self.units.end += sizes[0] + sizes[1];
        let types: Vec<Contributions> = PackageIndex::read(self.units.sections(main, file))
            .map(|index| index.types().take((sizes[0] + sizes[1]) / MIN_UNIT).collect())
            .unwrap_or_default();
        let info = UnitSection { file, section: SectionId::DebugInfo, base: info_base, info_base };
        for contributions in types {
            let in_types = contributions.iter().find(|part| part.0 == SectionId::DebugTypes).copied();
            let in_info = contributions.iter().find(|part| part.0 == SectionId::DebugInfo).copied();
            let (within, part) = match (in_types, in_info) {
                (Some(part), _) => {
                    (UnitSection { section: SectionId::DebugTypes, base: info_base + sizes[0], ..info }, part)
                }
                (None, Some(part)) => (info, part),
                (None, None) => continue,
            };
            let unit = self.unit(within, part.1, contributions, None);
            self.units.list.extend(unit);
        }
        info
    }

    /// Adds the unit with this id from a package. Its position; `None` if the package lacks it.
    fn unit_of_package(&mut self, within: UnitSection, id: u64, skeleton: &Skeleton) -> Option<usize> {
        let sections = self.units.sections(self.main, within.file);
        let found = PackageIndex::read(sections)?.unit(id)?;
        let &(_, start, _) = found.iter().find(|part| part.0 == SectionId::DebugInfo)?;
        let unit = self.unit(within, start, found, Some(skeleton))?;
        let position = unit.offset;
        self.units.list.push(unit);
        Some(position)
    }

    /// Adds the units of a `.dwo` file. The position of the one with this id; `None` if the file is of another build.
    fn split_file(&mut self, loader: SectionLoader, id: u64, skeleton: &Skeleton) -> Option<usize> {
        let (file, first) = (FileId::Other(self.units.files.len()), self.units.list.len());
        self.units.files.push(Sections::split(loader, self.main.endian()));
        let start = self.units.end;
        self.file(file);
        let mine = (first..self.units.list.len()).find(|&index| self.split_id(index) == Some(id));
        let Some(mine) = mine else {
            // Nothing can refer to what is in it.
            self.units.list.truncate(first);
            self.units.files.pop();
            self.units.end = start;
            return None;
        };
        let UnitInfo { within, offset, .. } = self.units.list[mine];
        let unit = self.unit(within, offset - within.base, Contributions::default(), Some(skeleton))?;
        self.units.list[mine] = unit;
        Some(offset)
    }

    /// The id that a split unit has in common with its skeleton.
    fn split_id(&self, index: usize) -> Option<u64> {
        let unit = &self.units.list[index];
        let bytes = self.units.sections(self.main, unit.within.file).slice(unit.within.section);
        let header = header(bytes, unit.within.section, unit.offset - unit.within.base).ok()?;
        match header.type_() {
            gimli::UnitType::SplitCompilation(id) => Some(id.0),
            // DWARF 4's has the same attributes as its skeleton, but the name of the file may be left out.
            gimli::UnitType::Compilation => {
                let unit = UnitRef::new(self.main, &self.units, unit).ok()?;
                let entry = unit.cursor(None).ok().and_then(|mut cursor| {
                    let mut entry = Entry::empty();
                    cursor.read(&mut entry).ok().filter(|&read| read).map(|_| entry)
                })?;
                match entry.value(dw::DW_AT_GNU_dwo_id)? {
                    gimli::AttributeValue::DwoId(id) => Some(id.0),
                    value => value.udata_value(),
                }
            }
            _ => None,
        }
    }

    /// Partial units take from a unit that imports them what they do not say of themselves (DWARF 5 §3.2.5). The
    /// list must be sorted.
    fn partial_units(&mut self) {
        let is_partial = |unit: &UnitInfo| unit.root.as_ref().is_ok_and(|root| root.partial);
        let list = &self.units.list;
        if !list.iter().any(is_partial) {
            return;
        }
        let mut open: Vec<usize> = (0..list.len()).filter(|&index| !is_partial(&list[index])).collect();
        let mut seen = vec![false; list.len()];
        while let Some(index) = open.pop() {
            let Ok(unit) = UnitRef::new(self.main, &self.units, &self.units.list[index]) else { continue };
            let (language, optimized) = (unit.root.language, unit.root.optimized);
            for position in imported(&unit) {
                let target = self.units.list.partition_point(|unit| unit.offset <= position).wrapping_sub(1);
                let Some(UnitInfo { root: Ok(root), .. }) = self.units.list.get_mut(target) else { continue };
                if !root.partial || std::mem::replace(&mut seen[target], true) {
                    continue;
                }
                root.language = root.language.or(language);
                root.is_go = root.language == Some(dw::DW_LANG_Go);
                root.optimized |= optimized;
                open.push(target);
            }
        }
    }
}

/// The positions that the imports at a unit's start lead to. `dwz` puts them before everything else.
fn imported(unit: &UnitRef<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut entry = Entry::empty();
    let Ok(mut cursor) = unit.cursor(None) else { return found };
    if !matches!(cursor.read(&mut entry), Ok(true)) || !entry.has_children {
        return found;
    }
    while !cursor.is_empty()
        && matches!(cursor.read(&mut entry), Ok(true))
        && entry.tag == dw::DW_TAG_imported_unit
    {
        if let Some(Reference::Entry(position)) = unit.reference(&entry, dw::DW_AT_import) {
            found.push(position);
        }
    }
    found
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

impl<'a> UnitRef<'a> {
    /// The same for a unit that was read alone (`units` is empty): what is in other units is not found.
    pub(super) fn alone(
        main: &'a Sections,
        units: &'a Units,
        dwarf: gimli::Dwarf<Slice<'a>>,
        info: &'a UnitInfo,
    ) -> Result<UnitRef<'a>, SymbolError> {
        let root = info.root.as_ref().map_err(SymbolError::clone)?;
        let header = header(*gimli::Section::reader(&dwarf.debug_info), info.within.section, 0)?;
        let unit = gimli_unit(header, root);
        Ok(UnitRef { info, root, dwarf, unit, sections: main, main, units })
    }

    /// Makes a unit ready for reading.
    pub(super) fn new(
        main: &'a Sections,
        units: &'a Units,
        info: &'a UnitInfo,
    ) -> Result<UnitRef<'a>, SymbolError> {
        let root = info.root.as_ref().map_err(SymbolError::clone)?;
        let sections = units.sections(main, info.within.file);
        let bytes = sections.slice(info.within.section);
        let header = header(bytes, info.within.section, info.offset - info.within.base)?;
        Ok(UnitRef {
            info,
            root,
            dwarf: units.dwarf(main, info.within.file, &info.contributions),
            unit: gimli_unit(header, root),
            sections,
            main,
            units,
        })
    }

    /// The position of the first byte of the supplementary file's `.debug_info`.
    pub(super) fn supplementary_base(&self) -> Option<usize> {
        self.units.supplementary.map(|(base, _)| base)
    }

    /// The DW_AT_name of the entry at a position, which may be in another unit.
    pub(super) fn name_at(&self, position: usize) -> Option<&'a [u8]> {
        let name_in = |unit: &UnitRef<'a>| {
            let entry = unit.entry(position).ok()?;
            unit.raw_text(entry.value(dw::DW_AT_name)?)
        };
        if (self.info.offset..self.info.end).contains(&position) {
            return name_in(self);
        }
        let info = self.units.at_offset(position)?;
        name_in(&UnitRef::new(self.main, self.units, info).ok()?)
    }

    /// The position of an offset within this unit.
    pub(super) fn absolute(&self, offset: UnitOffset) -> usize {
        self.info.offset.saturating_add(offset.0)
    }

    /// An error in this unit.
    pub(super) fn error(&self, offset: UnitOffset, error: gimli::Error) -> SymbolError {
        self.damaged(self.absolute(offset), &error.to_string())
    }

    /// Damage at a position in this unit.
    pub(super) fn damaged(&self, position: usize, what: &str) -> SymbolError {
        damaged(self.info.within.section, position.saturating_sub(self.info.within.base), what)
    }

    /// Which part of a section of its file belongs to this unit: all of it, except in a package.
    pub(super) fn part(&self, id: SectionId) -> Slice<'a> {
        cut(self.sections.slice(id), id, &self.info.contributions)
    }

    /// Where in the section that part starts.
    pub(super) fn part_start(&self, id: SectionId) -> usize {
        part_start(id, &self.info.contributions)
    }

    /// Starts reading entries at a position (of the root entry, without one).
    pub(super) fn cursor(&self, at: Option<usize>) -> Result<Cursor<'_, 'a>, SymbolError> {
        Cursor::new(self, at.map(|at| UnitOffset(at.saturating_sub(self.info.offset))))
    }

    /// The entry at a position.
    pub(super) fn entry(&self, at: usize) -> Result<Entry<'a>, SymbolError> {
        let mut entry = Entry::empty();
        if self.cursor(Some(at))?.read(&mut entry)? {
            return Ok(entry);
        }
        Err(self.damaged(at, "no entry is there"))
    }
}
