//! The files that one binary's debug information is spread over: its own, the supplementary file that it shares with
//! others (DWARF 5 §7.3.6; `dwz -m` made the practice), and those that its units were split off to (§7.3.2).
//!
//! An entry is named by its position: one space of numbers for all files. The binary's own `.debug_info` comes first,
//! so that a position in it is the offset itself; the others follow one after the other.

use std::fmt;

use gimli::{DebugCuIndex, DebugTuIndex, Reader as _, SectionId, UnitIndex};

use super::sections::{SectionLoader, Sections, Slice};

/// Which supplementary file a binary needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementaryLink {
    /// Where it was when the link was made; relative paths are relative to the binary's folder.
    pub path: String,
    /// Its build ID (`.gnu_debugaltlink`) or checksum (`.debug_sup`), which must agree.
    pub id: Vec<u8>,
}

/// Which file a unit was split off to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitLink {
    /// DW_AT_dwo_name: the file's path, possibly relative to `folder`.
    pub path: String,
    /// DW_AT_comp_dir: where the compiler ran.
    pub folder: String,
    /// What the unit in that file has, too: files that were rebuilt since do not match.
    pub id: u64,
}

/// Finds the supplementary file, and gives its sections; `None` if it cannot be had.
pub type SupplementaryFinder = Box<dyn Fn(&SupplementaryLink) -> Option<SectionLoader> + Send + Sync>;

/// Finds a `.dwo` file, and gives its sections; `None` if it cannot be had.
pub type SplitFinder = Box<dyn Fn(&SplitLink) -> Option<SectionLoader> + Send + Sync>;

/// How files other than the binary itself are found, when they are first needed.
#[derive(Default)]
pub(super) struct Finders {
    pub(super) supplementary: Option<SupplementaryFinder>,
    pub(super) split: Option<SplitFinder>,
    /// Finds the package (`.dwp`) of all files that units were split off to.
    pub(super) package: Option<Box<dyn Fn() -> Option<SectionLoader> + Send + Sync>>,
}

impl fmt::Debug for Finders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Finders")
    }
}

/// Which file something is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FileId {
    Main,
    /// One of [`Units::files`](super::units::Units).
    Other(usize),
}

/// A section that units are read from.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnitSection {
    pub(super) file: FileId,
    /// `.debug_info` or `.debug_types`.
    pub(super) section: SectionId,
    /// The position of its first byte.
    pub(super) base: usize,
    /// The position of the first byte of the same file's `.debug_info`.
    pub(super) info_base: usize,
}

/// Which part of each section of a package a unit's own offsets count from (DWARF 5 §7.3.5): (section, start, size).
pub(super) type Contributions = Box<[(SectionId, usize, usize)]>;

/// Cuts the sections of a package down to what belongs to one unit.
pub(super) fn cut<'a>(
    whole: Slice<'a>,
    id: SectionId,
    contributions: &[(SectionId, usize, usize)],
) -> Slice<'a> {
    let Some(&(_, start, size)) = contributions.iter().find(|part| part.0 == id) else { return whole };
    let mut part = whole;
    if part.skip(start).is_err() || part.truncate(size).is_err() {
        part.empty();
    }
    part
}

/// Where in a section [`cut`]'s part of it starts.
pub(super) fn part_start(id: SectionId, contributions: &[(SectionId, usize, usize)]) -> usize {
    contributions.iter().find(|part| part.0 == id).map_or(0, |part| part.1)
}

/// The index of a package.
pub(super) struct PackageIndex<'a> {
    units: UnitIndex<Slice<'a>>,
    types: Option<UnitIndex<Slice<'a>>>,
}

impl<'a> PackageIndex<'a> {
    pub(super) fn read(sections: &'a Sections) -> Option<PackageIndex<'a>> {
        let units = DebugCuIndex::from(sections.slice(SectionId::DebugCuIndex)).index().ok()?;
        let types = DebugTuIndex::from(sections.slice(SectionId::DebugTuIndex)).index().ok();
        Some(PackageIndex { units, types })
    }

    /// What belongs to the unit with this id.
    pub(super) fn unit(&self, id: u64) -> Option<Contributions> {
        contributions(&self.units, self.units.find(id)?)
    }

    /// What belongs to each type unit.
    pub(super) fn types(&self) -> impl Iterator<Item = Contributions> {
        let index = self.types.as_ref();
        let count = index.map_or(0, UnitIndex::unit_count);
        (1..=count).filter_map(move |row| contributions(index?, row))
    }
}

fn contributions(index: &UnitIndex<Slice<'_>>, row: u32) -> Option<Contributions> {
    let sections = index.sections(row).ok()?;
    Some(sections.map(|part| (part.section.section_id(), part.offset as usize, part.size as usize)).collect())
}

/// What a binary says of its supplementary file, in either form.
pub(super) fn supplementary_link(sections: &Sections) -> Option<SupplementaryLink> {
    let link = |name: &str, read: fn(Slice<'_>) -> Option<SupplementaryLink>| {
        let section = sections.other(name)?;
        read(Slice::new((*section.data).as_ref(), sections.endian()))
    };
    link(".debug_sup", read_debug_sup).or_else(|| link(".gnu_debugaltlink", read_altlink))
}

/// `.gnu_debugaltlink`: a path that ends in a null byte, and the file's build ID.
fn read_altlink(mut section: Slice<'_>) -> Option<SupplementaryLink> {
    let path = section.read_null_terminated_slice().ok()?;
    Some(SupplementaryLink { path: path.to_string_lossy().into_owned(), id: section.slice().to_vec() })
}

/// `.debug_sup` (DWARF 5 §7.3.6): version, whether this is the supplementary file itself, the path, a checksum.
fn read_debug_sup(mut section: Slice<'_>) -> Option<SupplementaryLink> {
    let version = section.read_u16().ok()?;
    let is_supplementary = section.read_u8().ok()?;
    if version != 5 || is_supplementary != 0 {
        return None;
    }
    let path = section.read_null_terminated_slice().ok()?;
    let size = usize::try_from(section.read_uleb128().ok()?).ok()?;
    let id = section.split(size).ok()?;
    Some(SupplementaryLink { path: path.to_string_lossy().into_owned(), id: id.slice().to_vec() })
}

#[cfg(test)]
mod tests {
    use gimli::RunTimeEndian;

    use super::*;

    fn slice(bytes: &[u8]) -> Slice<'_> {
        Slice::new(bytes, RunTimeEndian::Little)
    }

    #[test]
    fn links_to_supplementary_files() {
        let link = read_altlink(slice(b"/usr/lib/debug/.dwz/a\0\x01\x02\x03")).unwrap();
        assert_eq!((link.path.as_str(), link.id.as_slice()), ("/usr/lib/debug/.dwz/a", &[1, 2, 3][..]));
        assert_eq!(read_altlink(slice(b"no end")), None);
        let link = read_debug_sup(slice(b"\x05\0\0../a.dwz\0\x02\x0a\x0b")).unwrap();
        assert_eq!((link.path.as_str(), link.id.as_slice()), ("../a.dwz", &[10, 11][..]));
        // The supplementary file itself, another version, and a checksum that is cut off.
        for bytes in [&b"\x05\0\x01\0\x00"[..], b"\x04\0\0a\0\x00", b"\x05\0\0a\0\x05ab"] {
            assert_eq!(read_debug_sup(slice(bytes)), None);
        }
    }
}
