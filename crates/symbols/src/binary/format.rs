//! What every executable format comes down to. A reader of another format produces a [`Layout`] too.

use adit_arch::{Arch, ByteOrder};

use super::error::OpenError;
use super::section::Compression;

/// The headers of an executable.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) arch: &'static Arch,
    pub(super) goos: &'static str,
    pub(super) entry: u64,
    pub(super) is_pie: bool,
    pub(super) segments: Vec<Segment>,
    pub(super) sections: Vec<SectionEntry>,
}

impl Layout {
    pub(super) fn order(&self) -> ByteOrder {
        self.arch.byte_order
    }
}

/// One program header. `kind` is ELF's `p_type`.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) kind: u32,
    pub(super) writable: bool,
    pub(super) offset: u64,
    pub(super) address: u64,
    pub(super) file_size: u64,
    pub(super) memory_size: u64,
    pub(super) align: u64,
}

/// One section header. `kind` and `link` are ELF's `sh_type` and `sh_link`.
#[derive(Clone, Debug)]
pub(super) struct SectionEntry {
    pub(super) name: String,
    pub(super) kind: u32,
    pub(super) link: u32,
    pub(super) in_file: bool,
    pub(super) compressed: bool,
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) address: u64,
}

/// Compressed contents, and how many bytes they claim to become.
pub(super) struct PackedSection<'a> {
    pub(super) compression: Compression,
    pub(super) size: u64,
    pub(super) data: &'a [u8],
}

/// Recognises the format by its first bytes and reads the headers.
pub(super) fn parse(data: &[u8]) -> Result<Layout, OpenError> {
    if data.is_empty() {
        return Err(OpenError::Empty);
    }
    if data.starts_with(b"\x7fELF") {
        return super::elf::parse(data);
    }
    Err(OpenError::NotExecutableFormat(looks_like(data)))
}

/// As [`parse`], for a supplementary file (DWARF 5 §7.3.6), which is no program.
pub(super) fn parse_supplementary(data: &[u8]) -> Result<Layout, OpenError> {
    if data.starts_with(b"\x7fELF") {
        return super::elf::parse_supplementary(data);
    }
    parse(data)
}

fn looks_like(data: &[u8]) -> &'static str {
    match data {
        [b'#', b'!', ..] => "a script",
        [b'M', b'Z', ..] => "a Windows program (PE), which adit cannot read yet",
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xfe, 0xed, 0xfa, 0xcf | 0xce, ..] => {
            "a macOS program (Mach-O), which adit cannot read yet"
        }
        [0xca, 0xfe, 0xba, 0xbe | 0xbf, ..] => "a macOS universal binary or Java class",
        [b'!', b'<', b'a', b'r', b'c', b'h', b'>', ..] => "an archive of object files",
        _ if data.iter().take(512).all(|byte| *byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t')) => {
            "text"
        }
        _ => "not an executable of any known format",
    }
}
