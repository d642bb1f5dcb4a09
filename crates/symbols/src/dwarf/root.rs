//! A unit's header and root entry: what everything else in it depends on.

use std::collections::HashMap;
use std::sync::Arc;

use gimli::constants as dw;
use gimli::{AttributeValue, DebugInfo, DebugInfoOffset, DebugTypes, Reader as _, SectionId, UnitType};

use super::entry::{self, Entry};
use super::files::FileId;
use super::sections::Slice;
use super::{damaged, gimli_error};
use crate::SymbolError;

/// What a unit's root entry says.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) abbreviations: Arc<gimli::Abbreviations>,
    /// DW_AT_name: for Go, the import path.
    pub(super) name: Arc<str>,
    /// DW_AT_go_package_name.
    pub(super) package_name: Arc<str>,
    pub(super) comp_dir: Arc<str>,
    pub(super) is_go: bool,
    /// DW_AT_language, if it has one. Parts that `dwz` shares between units may have none.
    pub(super) language: Option<gimli::DwLang>,
    /// Was it compiled with optimisations or inlining?
    pub(super) optimized: bool,
    /// Is it a part that other units import (DW_TAG_partial_unit)?
    pub(super) partial: bool,
    pub(super) ranges: Vec<(u64, u64)>,
    pub(super) line_offset: Option<usize>,
    /// The signature of the type, if this is a type unit (DWARF 5 §7.5.1.3), and the position of its entry.
    pub(super) signature: Option<(u64, usize)>,
    /// If it is but the skeleton of a unit that was split off: that one's id, and the file's name.
    pub(super) skeleton: Option<(u64, Arc<str>)>,
    pub(super) low_pc: u64,
    pub(super) str_offsets_base: usize,
    pub(super) addr_base: usize,
    pub(super) loclists_base: usize,
    pub(super) rnglists_base: usize,
}

/// What a unit that was split off takes from its skeleton (DWARF 5 §3.1.3).
#[derive(Clone, Debug)]
pub(super) struct Skeleton {
    pub(super) comp_dir: Arc<str>,
    pub(super) ranges: Vec<(u64, u64)>,
    pub(super) line_offset: Option<usize>,
    pub(super) low_pc: u64,
    pub(super) addr_base: usize,
    /// DW_AT_GNU_ranges_base, which DWARF 4's split units count from.
    pub(super) ranges_base: usize,
}

/// The abbreviation tables that were read. All units of a Go binary share one.
#[derive(Default)]
pub(super) struct AbbreviationTables {
    /// By file, and offset in its `.debug_abbrev`.
    known: HashMap<(Option<usize>, usize), Arc<gimli::Abbreviations>>,
    /// How many bytes of tables were read. Tables may overlap, so there could be far more than the section has.
    read: usize,
}

/// Tables of different units overlap in no producer's output: this many times a section's size is more than enough.
const MAX_OVERLAP: usize = 8;

impl AbbreviationTables {
    /// The table at an offset of `section`, which is the part of the file's section that starts at `start`.
    fn get(
        &mut self,
        section: Slice<'_>,
        file: FileId,
        start: usize,
        offset: usize,
    ) -> Result<Arc<gimli::Abbreviations>, SymbolError> {
        let file = match file {
            FileId::Main => None,
            FileId::Other(index) => Some(index),
        };
        let key = (file, start.saturating_add(offset));
        if let Some(known) = self.known.get(&key) {
            return Ok(Arc::clone(known));
        }
        self.read = self.read.saturating_add(table_size(section, offset));
        if self.read > section.len().saturating_mul(MAX_OVERLAP).saturating_add(1 << 20) {
            return Err(damaged(SectionId::DebugAbbrev, offset, "tables that overlap each other"));
        }
        let read = gimli::DebugAbbrev::from(section).abbreviations(gimli::DebugAbbrevOffset(offset));
        let read = Arc::new(read.map_err(|error| gimli_error(SectionId::DebugAbbrev, offset, error))?);
        self.known.insert(key, Arc::clone(&read));
        Ok(read)
    }
}

/// How many bytes the table at `offset` has, up to where it ends or is damaged.
fn table_size(section: Slice<'_>, offset: usize) -> usize {
    let mut reader = section;
    if reader.skip(offset).is_err() {
        return 0;
    }
    let before = reader.len();
    let mut skip_one = || -> gimli::Result<bool> {
        if reader.read_uleb128()? == 0 {
            return Ok(false);
        }
        reader.skip_leb128()?;
        reader.skip(1)?;
        loop {
            let (name, form) = (reader.read_uleb128()?, reader.read_uleb128()?);
            if form == u64::from(dw::DW_FORM_implicit_const.0) {
                reader.skip_leb128()?;
            }
            if (name, form) == (0, 0) {
                return Ok(true);
            }
        }
    };
    while matches!(skip_one(), Ok(true)) {}
    before - reader.len()
}

/// The header of the unit at an offset of `.debug_info` or `.debug_types`.
pub(super) fn header<'a>(
    section: Slice<'a>,
    id: SectionId,
    offset: usize,
) -> Result<gimli::UnitHeader<Slice<'a>>, SymbolError> {
    let header = if id == SectionId::DebugTypes {
        let mut rest = section;
        let skipped = rest.skip(offset);
        skipped.and_then(|()| DebugTypes::from(rest).units().next()?.ok_or(gimli::Error::MissingUnitDie))
    } else {
        DebugInfo::from(section).header_from_offset(DebugInfoOffset(offset))
    };
    header.map_err(|error| gimli_error(id, offset, error))
}

/// Where a root entry is read from.
pub(super) struct RootSource<'r, 'a> {
    pub(super) dwarf: &'r gimli::Dwarf<Slice<'a>>,
    pub(super) header: gimli::UnitHeader<Slice<'a>>,
    pub(super) file: FileId,
    /// Where in the file's `.debug_abbrev` what `dwarf` has of it starts.
    pub(super) abbreviations_start: usize,
    /// The unit's section and offset in it, for errors.
    pub(super) section: SectionId,
    pub(super) offset: usize,
    /// The unit's position among all entries.
    pub(super) position: usize,
    pub(super) skeleton: Option<&'r Skeleton>,
}

impl<'a> RootSource<'_, 'a> {
    /// Reads the root entry. At most `budget` ranges are read, and taken from it.
    pub(super) fn read(
        &self,
        tables: &mut AbbreviationTables,
        budget: &mut usize,
    ) -> Result<Root, SymbolError> {
        let (dwarf, header) = (self.dwarf, self.header);
        let section = *gimli::Section::reader(&dwarf.debug_abbrev);
        let table = header.debug_abbrev_offset().0;
        let abbreviations = tables.get(section, self.file, self.abbreviations_start, table)?;
        let entry = self.entry(&abbreviations)?;
        let mut root = self.bases(abbreviations, &entry);
        // Strings, addresses and ranges may be indices that need the bases read above.
        let mut unit = gimli_unit(header, &root);
        if self.skeleton.is_none() {
            let low_pc = entry.value(dw::DW_AT_low_pc);
            unit.low_pc = low_pc.and_then(|value| entry::address(dwarf, &unit, value)).unwrap_or(0);
            root.low_pc = unit.low_pc;
        }
        let text = |name| entry.value(name).and_then(|value| entry::string(dwarf, &unit, value));
        if let Some(AttributeValue::Language(language)) = entry.value(dw::DW_AT_language) {
            root.language = Some(language);
        }
        root.is_go = root.language == Some(dw::DW_LANG_Go);
        root.optimized = is_optimized(&text(dw::DW_AT_producer).unwrap_or_default(), root.is_go);
        root.partial = entry.tag == dw::DW_TAG_partial_unit;
        root.name = text(dw::DW_AT_name).unwrap_or_default().as_ref().into();
        root.package_name = text(entry::DW_AT_GO_PACKAGE_NAME).unwrap_or_default().as_ref().into();
        match self.skeleton {
            Some(skeleton) => {
                root.ranges.clone_from(&skeleton.ranges);
                root.comp_dir = Arc::clone(&skeleton.comp_dir);
            }
            None => {
                root.ranges = entry::ranges(dwarf, &unit, &entry, budget);
                root.comp_dir = text(dw::DW_AT_comp_dir).unwrap_or_default().as_ref().into();
            }
        }
        let split_file = text(dw::DW_AT_dwo_name).or_else(|| text(dw::DW_AT_GNU_dwo_name));
        root.skeleton = match (header.type_(), split_file) {
            (UnitType::Skeleton(id), name) => Some((id.0, name.unwrap_or_default().as_ref().into())),
            (UnitType::Compilation, Some(name)) if self.skeleton.is_none() => {
                let id = entry.value(dw::DW_AT_GNU_dwo_id).and_then(|id| match id {
                    AttributeValue::DwoId(id) => Some(id.0),
                    id => id.udata_value(),
                });
                id.map(|id| (id, name.as_ref().into()))
            }
            _ => None,
        };
        Ok(root)
    }

    fn entry(&self, abbreviations: &gimli::Abbreviations) -> Result<Entry<'a>, SymbolError> {
        let mut entry = Entry::empty();
        let raw = self.header.entries_raw(abbreviations, None);
        match raw.and_then(|mut raw| entry.read(&mut raw, self.position)) {
            Ok(true) => Ok(entry),
            Ok(false) => Err(damaged(self.section, self.offset, "the unit has no root entry")),
            Err(error) => Err(gimli_error(self.section, self.offset, error)),
        }
    }

    /// A root of which only the bases of its indices are known.
    fn bases(&self, abbreviations: Arc<gimli::Abbreviations>, entry: &Entry<'_>) -> Root {
        let (encoding, file) = (self.header.encoding(), self.dwarf.file_type);
        let mut root = Root {
            abbreviations,
            name: Arc::from(""),
            package_name: Arc::from(""),
            comp_dir: Arc::from(""),
            is_go: false,
            language: None,
            optimized: false,
            partial: false,
            ranges: Vec::new(),
            line_offset: None,
            signature: match self.header.type_() {
                UnitType::Type { type_signature, type_offset }
                | UnitType::SplitType { type_signature, type_offset } => {
                    Some((type_signature.0, self.position.saturating_add(type_offset.0)))
                }
                _ => None,
            },
            skeleton: None,
            low_pc: 0,
            str_offsets_base: gimli::DebugStrOffsetsBase::default_for_encoding_and_file(encoding, file).0,
            addr_base: 0,
            loclists_base: gimli::DebugLocListsBase::default_for_encoding_and_file(encoding, file).0,
            rnglists_base: gimli::DebugRngListsBase::default_for_encoding_and_file(encoding, file).0,
        };
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
        if let Some(skeleton) = self.skeleton {
            root.line_offset = skeleton.line_offset;
            root.addr_base = skeleton.addr_base;
            root.low_pc = skeleton.low_pc;
            if encoding.version < 5 {
                root.rnglists_base = skeleton.ranges_base;
            }
        }
        root
    }
}

impl Root {
    /// Is what it has to say not all in its own unit: split off, imported, or a type that others refer to?
    pub(super) fn is_spread(&self) -> bool {
        self.skeleton.is_some() || self.partial || self.signature.is_some()
    }

    /// What the unit whose skeleton this is needs of it.
    pub(super) fn as_skeleton(&self) -> Skeleton {
        Skeleton {
            comp_dir: Arc::clone(&self.comp_dir),
            ranges: self.ranges.clone(),
            line_offset: self.line_offset,
            low_pc: self.low_pc,
            addr_base: self.addr_base,
            ranges_base: self.rnglists_base,
        }
    }
}

pub(super) fn gimli_unit<'a>(header: gimli::UnitHeader<Slice<'a>>, root: &Root) -> gimli::Unit<Slice<'a>> {
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
