//! What every executable format comes down to: a [`Layout`]. Each format has a reader that makes one from headers
//! alone.

mod elf;
mod fat;
mod macho;
mod pe;

use std::ops::Range;

use adit_arch::{Arch, ByteOrder};

use super::TlsSegment;
use super::error::OpenError;
use super::section::Compression;
pub(super) use elf::compression;
pub use fat::FatSlice;
pub(super) use fat::{choose, slices};
pub(super) use pe::SYMBOL_SIZE;

/// More headers than any linker writes: what lies beyond is damage.
const MAX_HEADERS: usize = 65_536;

/// How an executable is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Linux, the BSDs, Solaris.
    Elf,
    /// Windows.
    Pe,
    /// macOS, iOS.
    MachO,
}

/// The headers of an executable. Offsets count from the start of the file, also in a slice of a universal binary.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) format: FileFormat,
    pub(super) arch: &'static Arch,
    pub(super) goos: &'static str,
    pub(super) entry: u64,
    pub(super) is_pie: bool,
    pub(super) segments: Vec<Segment>,
    pub(super) sections: Vec<SectionEntry>,
    pub(super) symbols: Vec<SymbolTable>,
    pub(super) tls: Option<TlsSegment>,
    /// Mach-O's LC_UUID.
    pub(super) uuid: Option<[u8; 16]>,
    /// The part of the file with Mach-O's LC_DYLD_CHAINED_FIXUPS.
    pub(super) fixups: Option<Range<u64>>,
}

impl Layout {
    pub(super) fn order(&self) -> ByteOrder {
        self.arch.byte_order
    }

    /// Where the section is that ELF would name so: `.debug_info`, which Mach-O names `__debug_info`; failing that,
    /// the compressed `.zdebug_info`.
    pub(super) fn find_section(&self, name: &str) -> Option<usize> {
        let position = |name: &str| {
            let name = match self.format {
                FileFormat::MachO => macho::section_name(name),
                FileFormat::Elf | FileFormat::Pe => name.to_owned(),
            };
            self.sections.iter().position(|section| section.name == name)
        };
        position(name).or_else(|| position(&format!(".zdebug_{}", name.strip_prefix(".debug_")?)))
    }

    /// The segments that the loader maps.
    pub(super) fn loaded(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.kind == SegmentKind::Load)
    }

    /// Moves all that is counted from the start of a slice of a universal binary to the start of the file.
    fn moved_by(mut self, start: u64) -> Layout {
        for segment in &mut self.segments {
            segment.offset = segment.offset.saturating_add(start);
        }
        for section in &mut self.sections {
            section.offset = section.offset.saturating_add(start);
        }
        for table in &mut self.symbols {
            table.offset = table.offset.saturating_add(start);
            table.strings = table.strings.saturating_add(start);
        }
        self.fixups = self.fixups.map(|r| r.start.saturating_add(start)..r.end.saturating_add(start));
        self
    }
}

/// What a segment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SegmentKind {
    /// It is mapped into memory.
    Load,
    /// It is a list of ELF's notes.
    Note,
    /// It is ELF's dynamic section.
    Dynamic,
}

/// A part of the file that is mapped or means something as a whole: ELF's program headers, Mach-O's segments, and the
/// sections of PE.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) kind: SegmentKind,
    pub(super) writable: bool,
    pub(super) executable: bool,
    pub(super) offset: u64,
    pub(super) address: u64,
    pub(super) file_size: u64,
    pub(super) memory_size: u64,
}

/// One section header.
#[derive(Clone, Debug)]
pub(super) struct SectionEntry {
    /// As the format has it: `.text`, `__text`.
    pub(super) name: String,
    pub(super) in_file: bool,
    /// Does ELF's header of compressed sections stand in front of it?
    pub(super) compressed: bool,
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) address: u64,
}

impl SectionEntry {
    /// Are its contents compressed, by ELF's flag or by the older custom of a name with a `z`?
    pub(super) fn is_packed(&self) -> bool {
        self.compressed || [".zdebug_", "__zdebug_"].iter().any(|start| self.name.starts_with(start))
    }
}

/// A table of symbols, in the format of the file, and its strings.
#[derive(Clone, Debug)]
pub(super) struct SymbolTable {
    pub(super) offset: u64,
    /// In bytes.
    pub(super) size: u64,
    pub(super) strings: u64,
    /// In bytes.
    pub(super) strings_size: u64,
}

/// Compressed contents, and how many bytes they claim to become.
pub(super) struct PackedSection<'a> {
    pub(super) compression: Compression,
    pub(super) size: u64,
    pub(super) data: &'a [u8],
}

/// Reads the headers of a supplementary file (DWARF 5 §7.3.6), which is no program.
pub(super) fn parse_supplementary(data: &[u8]) -> Result<Layout, OpenError> {
    match data {
        [0x7f, b'E', b'L', b'F', ..] => elf::parse_supplementary(data),
        _ => parse(data, 0..data.len()),
    }
}

/// Recognises the format by its first bytes and reads the headers of the program in `slice` of the file.
pub(super) fn parse(data: &[u8], slice: Range<usize>) -> Result<Layout, OpenError> {
    let start = slice.start as u64;
    let data = data.get(slice).unwrap_or_default();
    let layout = match data {
        [] => return Err(OpenError::Empty),
        [0x7f, b'E', b'L', b'F', ..] => elf::parse(data)?,
        [b'M', b'Z', ..] => pe::parse(data)?,
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xfe, 0xed, 0xfa, 0xcf | 0xce, ..] => macho::parse(data)?,
        _ => return Err(OpenError::NotExecutableFormat(looks_like(data))),
    };
    Ok(layout.moved_by(start))
}

fn looks_like(data: &[u8]) -> &'static str {
    match data {
        [b'#', b'!', ..] => "a script",
        [0xca, 0xfe, 0xba, 0xbe | 0xbf, ..] => "a Java class, or a universal binary without programs",
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', ..] => "an archive of object files",
        _ if data.iter().take(512).all(|byte| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t')) => {
            "text"
        }
        _ => "not an executable of any known format",
    }
}

fn damaged(error: object::Error) -> OpenError {
    OpenError::Damaged(error.to_string())
}

/// The architecture that Go names so.
fn arch_named(name: &str) -> Result<&'static Arch, OpenError> {
    adit_arch::by_name(name).ok_or_else(|| OpenError::Foreign(name.to_owned()))
}
