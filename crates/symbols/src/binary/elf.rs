//! ELF headers of either word size and byte order, flattened into what the rest of the crate asks for.
//! The format: System V ABI, chapters 4 and 5; compressed sections: gABI "Section Compression".

use adit_arch::{Arch, ByteOrder};
use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{CompressionHeader, FileHeader, ProgramHeader, SectionHeader};
use object::{Endianness, Pod};

use super::error::OpenError;
use super::format::{Layout, PackedSection, SectionEntry, Segment};
use super::section::Compression;

/// More headers than any linker writes: a count beyond it is damage.
const MAX_HEADERS: usize = 65_536;

/// What programs, shared libraries and their separate debug files are.
const LINKED: &[elf::FileType] = &[elf::ET_EXEC, elf::ET_DYN];
/// What `dwz -m` calls the file of what several have in common.
const SUPPLEMENTARY: &[elf::FileType] = &[elf::ET_EXEC, elf::ET_DYN, elf::ET_REL];

pub(super) fn parse(data: &[u8]) -> Result<Layout, OpenError> {
    parse_type(data, LINKED)
}

/// As [`parse`], for a file that only other files' debug information refers to.
pub(super) fn parse_supplementary(data: &[u8]) -> Result<Layout, OpenError> {
    parse_type(data, SUPPLEMENTARY)
}

fn parse_type(data: &[u8], types: &[elf::FileType]) -> Result<Layout, OpenError> {
    match data.get(4) {
        Some(1) => parse_as::<FileHeader32<Endianness>>(data, types),
        Some(2) => parse_as::<FileHeader64<Endianness>>(data, types),
        Some(_) => Err(OpenError::Damaged("an ELF file of an unknown word size".to_owned())),
        None => Err(OpenError::Truncated("its ELF header is cut off")),
    }
}

fn parse_as<H: FileHeader<Endian = Endianness>>(
    data: &[u8],
    types: &[elf::FileType],
) -> Result<Layout, OpenError> {
    if data.len() < size_of::<H>() {
        return Err(OpenError::Truncated("its ELF header is cut off"));
    }
    let header = H::parse(data).map_err(damaged)?;
    let endian = header.endian().map_err(damaged)?;
    let order = if endian == Endianness::Big { ByteOrder::Big } else { ByteOrder::Little };
    let machine = header.e_machine(endian).0;
    let arch = arch_of(machine, header.is_type_64(), order)?;
    if !types.contains(&header.e_type(endian)) {
        return Err(OpenError::NotExecutableFormat("an ELF object file or core file, not a linked program"));
    }
    // Headers that lie beyond the end of the file were cut off with the rest of it.
    let segments = header.program_headers(endian, data);
    let segments = segments.map_err(|_| OpenError::Truncated("its program headers are cut off"))?;
    // Section headers are a convenience that stripping tools may remove: damage to them is no reason to give up.
    let sections = header.sections(endian, data).map(|table| {
        let entries = table.iter().take(MAX_HEADERS).filter_map(|section| {
            let name = table.section_name(endian, section).ok()?;
            Some(section_entry::<H>(section, endian, name))
        });
        entries.collect()
    });
    let segments: Vec<Segment> =
        segments.iter().take(MAX_HEADERS).map(|segment| segment_entry(segment, endian)).collect();
    Ok(Layout {
        arch,
        goos: goos(header, &segments, data),
        entry: header.e_entry(endian).into(),
        is_pie: header.e_type(endian) == elf::ET_DYN,
        segments,
        sections: sections.unwrap_or_default(),
    })
}

fn damaged(error: object::Error) -> OpenError {
    OpenError::Damaged(error.to_string())
}

/// FreeBSD marks its programs in the header, NetBSD and OpenBSD by a note; Go's linker does so too
/// (cmd/link/internal/ld/elf.go).
fn goos<H: FileHeader<Endian = Endianness>>(header: &H, segments: &[Segment], data: &[u8]) -> &'static str {
    match header.e_ident().os_abi {
        elf::ELFOSABI_FREEBSD => return "freebsd",
        elf::ELFOSABI_NETBSD => return "netbsd",
        elf::ELFOSABI_OPENBSD => return "openbsd",
        elf::ELFOSABI_SOLARIS => return "solaris",
        _ => {}
    }
    for segment in segments.iter().filter(|segment| segment.kind == elf::PT_NOTE.0) {
        let start = usize::try_from(segment.offset).unwrap_or(usize::MAX);
        let notes = data.get(start..).unwrap_or_default();
        let notes = &notes[..notes.len().min(usize::try_from(segment.file_size).unwrap_or(usize::MAX))];
        match notes.get(12..) {
            Some(owner) if owner.starts_with(b"NetBSD\0") => return "netbsd",
            Some(owner) if owner.starts_with(b"OpenBSD\0") => return "openbsd",
            Some(owner) if owner.starts_with(b"FreeBSD\0") => return "freebsd",
            _ => {}
        }
    }
    "linux"
}

fn segment_entry<P: ProgramHeader<Endian = Endianness>>(segment: &P, endian: Endianness) -> Segment {
    Segment {
        kind: segment.p_type(endian).0,
        writable: segment.p_flags(endian).0 & elf::PF_W.0 != 0,
        offset: segment.p_offset(endian).into(),
        address: segment.p_vaddr(endian).into(),
        file_size: segment.p_filesz(endian).into(),
        memory_size: segment.p_memsz(endian).into(),
        align: segment.p_align(endian).into(),
    }
}

fn section_entry<H: FileHeader<Endian = Endianness>>(
    section: &H::SectionHeader,
    endian: Endianness,
    name: &[u8],
) -> SectionEntry {
    let flags = section.sh_flags(endian).0;
    SectionEntry {
        name: String::from_utf8_lossy(name).into_owned(),
        kind: section.sh_type(endian).0,
        link: section.sh_link(endian),
        in_file: section.sh_type(endian) != elf::SHT_NOBITS,
        compressed: flags & elf::SHF_COMPRESSED.0 != 0,
        offset: section.sh_offset(endian).into(),
        size: section.sh_size(endian).into(),
        address: section.sh_addr(endian).into(),
    }
}

/// Reads the header in front of a section with SHF_COMPRESSED.
pub(super) fn compression(data: &[u8], pointer_size: u8, order: ByteOrder) -> Option<PackedSection<'_>> {
    fn read<C: CompressionHeader<Endian = Endianness> + Pod>(
        data: &[u8],
        endian: Endianness,
    ) -> Option<PackedSection<'_>> {
        let (header, data) = object::pod::from_bytes::<C>(data).ok()?;
        let compression = match header.ch_type(endian) {
            elf::ELFCOMPRESS_ZLIB => Compression::Zlib,
            elf::ELFCOMPRESS_ZSTD => Compression::Zstd,
            _ => return None,
        };
        Some(PackedSection { compression, size: header.ch_size(endian).into(), data })
    }
    let endian = if order == ByteOrder::Big { Endianness::Big } else { Endianness::Little };
    match pointer_size {
        4 => read::<elf::CompressionHeader32<Endianness>>(data, endian),
        _ => read::<elf::CompressionHeader64<Endianness>>(data, endian),
    }
}

fn arch_of(machine: u16, wide: bool, order: ByteOrder) -> Result<&'static Arch, OpenError> {
    use ByteOrder::{Big, Little};
    let name = match (elf::Machine(machine), wide, order) {
        (elf::EM_X86_64, true, Little) => "amd64",
        (elf::EM_386, false, Little) => "386",
        (elf::EM_ARM, false, Little) => "arm",
        (elf::EM_AARCH64, true, Little) => "arm64",
        (elf::EM_PPC64, true, Big) => "ppc64",
        (elf::EM_PPC64, true, Little) => "ppc64le",
        (elf::EM_RISCV, true, Little) => "riscv64",
        (elf::EM_S390, true, Big) => "s390x",
        (elf::EM_LOONGARCH, true, Little) => "loong64",
        (elf::EM_MIPS, false, Big) => "mips",
        (elf::EM_MIPS, false, Little) => "mipsle",
        (elf::EM_MIPS, true, Big) => "mips64",
        (elf::EM_MIPS, true, Little) => "mips64le",
        _ => return Err(OpenError::Foreign(format!("ELF machine {machine}"))),
    };
    adit_arch::by_name(name).ok_or_else(|| OpenError::Foreign(name.to_owned()))
}
