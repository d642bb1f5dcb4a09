//! The debug sections, loaded one at a time: inflating a compressed one costs more than most questions.

use std::fmt;
use std::sync::OnceLock;

use gimli::{DwarfFileType, EndianSlice, RunTimeEndian, SectionId};

/// Bytes of one section, borrowed from [`Sections`].
pub(super) type Slice<'a> = EndianSlice<'a, RunTimeEndian>;

/// A section's contents, decompressed, and the address at which the file loads it (0 if it is not loaded).
pub struct SectionBytes {
    /// The bytes.
    pub data: Box<dyn AsRef<[u8]> + Send + Sync>,
    /// The address of the first byte, as the file states it.
    pub address: u64,
}

/// Finds a section by its ELF name (`.debug_info`), decompressed; `None` if the file has no such section.
pub type SectionLoader = Box<dyn Fn(&str) -> Option<SectionBytes> + Send + Sync>;

/// Which sections are kept, in the order of [`slot`]'s numbers.
const SECTIONS: usize = 19;

/// All debug sections of one file, each loaded when first asked for.
pub(super) struct Sections {
    loader: SectionLoader,
    loaded: [OnceLock<Option<SectionBytes>>; SECTIONS],
    endian: RunTimeEndian,
    file_type: DwarfFileType,
}

impl fmt::Debug for Sections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sections").field("endian", &self.endian).finish_non_exhaustive()
    }
}

impl Sections {
    pub(super) fn new(loader: SectionLoader, endian: RunTimeEndian) -> Sections {
        Sections { loader, loaded: Default::default(), endian, file_type: DwarfFileType::Main }
    }

    /// The sections of a `.dwo` or `.dwp` file, whose names end in `.dwo` (DWARF 5 §7.3.2).
    pub(super) fn split(loader: SectionLoader, endian: RunTimeEndian) -> Sections {
        Sections { loader, loaded: Default::default(), endian, file_type: DwarfFileType::Dwo }
    }

    pub(super) fn endian(&self) -> RunTimeEndian {
        self.endian
    }

    /// The bytes of a section, empty if the binary lacks it.
    pub(super) fn slice(&self, id: SectionId) -> Slice<'_> {
        let data = self.get(id).map_or(&[][..], |section| (*section.data).as_ref());
        EndianSlice::new(data, self.endian)
    }

    /// Where the section is loaded, as the file states it.
    pub(super) fn address(&self, id: SectionId) -> u64 {
        self.get(id).map_or(0, |section| section.address)
    }

    fn get(&self, id: SectionId) -> Option<&SectionBytes> {
        let cell = self.loaded.get(slot(id)?)?;
        let name = match self.file_type {
            DwarfFileType::Main => id.name(),
            DwarfFileType::Dwo => id.dwo_name()?,
        };
        cell.get_or_init(|| (self.loader)(name)).as_ref()
    }

    /// The bytes of a section that is no debug section, and its address.
    pub(super) fn other(&self, name: &str) -> Option<SectionBytes> {
        (self.loader)(name)
    }

    /// What gimli needs to read entries: everything but line programs, location lists and frame tables.
    pub(super) fn dwarf(&self) -> gimli::Dwarf<Slice<'_>> {
        let empty = EndianSlice::new(&[][..], self.endian);
        gimli::Dwarf {
            debug_abbrev: self.slice(SectionId::DebugAbbrev).into(),
            debug_addr: self.slice(SectionId::DebugAddr).into(),
            debug_aranges: empty.into(),
            debug_info: self.slice(SectionId::DebugInfo).into(),
            debug_line: empty.into(),
            debug_line_str: self.slice(SectionId::DebugLineStr).into(),
            debug_macinfo: empty.into(),
            debug_macro: empty.into(),
            debug_names: empty.into(),
            debug_str: self.slice(SectionId::DebugStr).into(),
            debug_str_offsets: self.slice(SectionId::DebugStrOffsets).into(),
            debug_types: empty.into(),
            locations: gimli::LocationLists::new(empty.into(), empty.into()),
            ranges: gimli::RangeLists::new(
                self.slice(SectionId::DebugRanges).into(),
                self.slice(SectionId::DebugRngLists).into(),
            ),
            file_type: self.file_type,
            sup: None,
            abbreviations_cache: gimli::AbbreviationsCache::default(),
        }
    }

    /// What gimli needs to read the names in one unit, whose bytes these are. Its ranges and addresses are left out:
    /// inflating their sections takes as long as reading the names.
    pub(super) fn names_of<'a>(&'a self, unit: Slice<'a>) -> gimli::Dwarf<Slice<'a>> {
        let empty = EndianSlice::new(&[][..], self.endian);
        gimli::Dwarf {
            debug_abbrev: self.slice(SectionId::DebugAbbrev).into(),
            debug_info: unit.into(),
            debug_line_str: self.slice(SectionId::DebugLineStr).into(),
            debug_str: self.slice(SectionId::DebugStr).into(),
            debug_str_offsets: self.slice(SectionId::DebugStrOffsets).into(),
            ..gimli::DwarfSections::default().borrow(|_: &()| empty)
        }
    }
}

fn slot(id: SectionId) -> Option<usize> {
    const KEPT: [SectionId; SECTIONS] = [
        SectionId::DebugAbbrev,
        SectionId::DebugAddr,
        SectionId::DebugInfo,
        SectionId::DebugLine,
        SectionId::DebugLineStr,
        SectionId::DebugStr,
        SectionId::DebugStrOffsets,
        SectionId::DebugRanges,
        SectionId::DebugRngLists,
        SectionId::DebugLoc,
        SectionId::DebugLocLists,
        SectionId::DebugFrame,
        SectionId::EhFrame,
        SectionId::EhFrameHdr,
        SectionId::DebugAranges,
        SectionId::DebugTypes,
        SectionId::DebugNames,
        SectionId::DebugCuIndex,
        SectionId::DebugTuIndex,
    ];
    KEPT.iter().position(|kept| *kept == id)
}
