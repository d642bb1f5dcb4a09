//! Windows executables, 32 and 64 bits wide. The format: Microsoft's "PE Format"; the names of long sections and
//! the symbol table are GNU's, as Go's linker writes them (cmd/link/internal/ld/pe.go).

use adit_arch::Arch;
use object::pe::{self, ImageDosHeader, ImageNtHeaders32, ImageNtHeaders64};
use object::read::pe::{ImageNtHeaders, ImageOptionalHeader};
use object::{LittleEndian as LE, pod};

use super::{
    FileFormat, Layout, MAX_HEADERS, SectionEntry, Segment, SegmentKind, SymbolTable, arch_named, damaged,
};
use crate::FileAddr;
use crate::binary::TlsSegment;
use crate::binary::error::OpenError;

/// Bytes of a symbol of the COFF table.
pub(in crate::binary) const SYMBOL_SIZE: u64 = 18;

pub(super) fn parse(data: &[u8]) -> Result<Layout, OpenError> {
    let cut_off = || OpenError::Truncated("its PE header is cut off");
    let (dos, _) = pod::from_bytes::<ImageDosHeader>(data).map_err(|()| cut_off())?;
    let at = u64::from(dos.nt_headers_offset());
    let headers = usize::try_from(at).ok().and_then(|at| data.get(at..)).ok_or_else(cut_off)?;
    // The signature, then the file header of 20 bytes, then the magic number of the optional header.
    match headers.get(24..26) {
        None => Err(cut_off()),
        Some(_) if !headers.starts_with(b"PE\0\0") => {
            Err(OpenError::NotExecutableFormat("a program of MS-DOS or 16-bit Windows"))
        }
        Some([0x0b, 0x01]) => parse_as::<ImageNtHeaders32>(data, at),
        Some(_) => parse_as::<ImageNtHeaders64>(data, at),
    }
}

fn parse_as<H: ImageNtHeaders>(data: &[u8], mut at: u64) -> Result<Layout, OpenError> {
    let (headers, directories) = H::parse(data, &mut at).map_err(damaged)?;
    let file = headers.file_header();
    let optional = headers.optional_header();
    let arch = arch_of(file.machine.get(LE).0)?;
    let base = optional.image_base();
    let symbols = symbol_table(file, data.len() as u64);
    let sections = headers.sections(data, at).map_err(damaged)?;
    let mut layout = Layout {
        format: FileFormat::Pe,
        arch,
        goos: "windows",
        entry: base.wrapping_add(optional.address_of_entry_point().into()),
        is_pie: is_movable(file, optional),
        segments: Vec::new(),
        sections: Vec::new(),
        symbols: Vec::new(),
        tls: None,
        uuid: None,
        fixups: None,
    };
    for section in sections.iter().take(MAX_HEADERS) {
        let virtual_size = u64::from(section.virtual_size.get(LE));
        let raw_size = u64::from(section.size_of_raw_data.get(LE));
        let flags = section.characteristics.get(LE).0;
        // The size in the file is rounded up to the alignment of the file.
        let size = if virtual_size == 0 { raw_size } else { raw_size.min(virtual_size) };
        let entry = SectionEntry {
            name: section_name(section, data, symbols.as_ref()),
            in_file: size > 0,
            compressed: false,
            offset: section.pointer_to_raw_data.get(LE).into(),
            size,
            address: base.wrapping_add(section.virtual_address.get(LE).into()),
        };
        layout.segments.push(Segment {
            kind: SegmentKind::Load,
            writable: flags & pe::IMAGE_SCN_MEM_WRITE.0 != 0,
            executable: flags & pe::IMAGE_SCN_MEM_EXECUTE.0 != 0,
            offset: entry.offset,
            address: entry.address,
            file_size: size,
            memory_size: if virtual_size == 0 { raw_size } else { virtual_size },
        });
        layout.sections.push(entry);
    }
    let tls = directories.get(pe::IMAGE_DIRECTORY_ENTRY_TLS);
    layout.tls = tls.and_then(|at| tls_segment(&layout, data, base, at.virtual_address.get(LE)));
    layout.symbols.extend(symbols);
    Ok(layout)
}

fn is_movable(file: &pe::ImageFileHeader, optional: &impl ImageOptionalHeader) -> bool {
    optional.dll_characteristics().0 & pe::IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE.0 != 0
        && file.characteristics.get(LE).0 & pe::IMAGE_FILE_RELOCS_STRIPPED.0 == 0
}

/// The COFF symbols, which the string table follows; its first four bytes are its size.
fn symbol_table(file: &pe::ImageFileHeader, length: u64) -> Option<SymbolTable> {
    let offset = u64::from(file.pointer_to_symbol_table.get(LE));
    let size = u64::from(file.number_of_symbols.get(LE)) * SYMBOL_SIZE;
    let strings = offset.checked_add(size).filter(|end| offset != 0 && *end < length)?;
    Some(SymbolTable { offset, size, strings, strings_size: length - strings })
}

/// A name of more than eight bytes is `/` and where it stands in the string table.
fn section_name(section: &pe::ImageSectionHeader, data: &[u8], symbols: Option<&SymbolTable>) -> String {
    let long = || {
        let offset = u64::from(section.name_offset().ok()??);
        let start = usize::try_from(symbols?.strings.checked_add(offset)?).ok()?;
        data.get(start..)?.iter().take(256).position(|byte| *byte == 0).map(|end| &data[start..start + end])
    };
    let name = long().unwrap_or_else(|| section.raw_name());
    String::from_utf8_lossy(name).into_owned()
}

/// Where the image of thread-local variables is (IMAGE_TLS_DIRECTORY): pointers to its start and its end, and after
/// two more pointers how many zeros follow.
fn tls_segment(layout: &Layout, data: &[u8], base: u64, rva: u32) -> Option<TlsSegment> {
    let size = usize::from(layout.arch.pointer_size);
    let at = base.checked_add(rva.into()).filter(|_| rva != 0)?;
    let segment = layout.segments.iter().find(|s| at >= s.address && at - s.address < s.file_size)?;
    let start = usize::try_from(segment.offset.checked_add(at - segment.address)?).ok()?;
    let directory = data.get(start..start.checked_add(4 * size + 8)?)?;
    let pointer = |index: usize| layout.order().uint(&directory[index * size..(index + 1) * size]);
    let fill = layout.order().uint(&directory[4 * size..4 * size + 4]);
    let flags = layout.order().uint(&directory[4 * size + 4..]) as u32;
    let align = match (flags >> 20) & 0xf {
        0 => size as u64,
        bits => 1 << (bits - 1),
    };
    let memsz = pointer(1).checked_sub(pointer(0))?.checked_add(fill)?;
    Some(TlsSegment { addr: FileAddr(pointer(0)), memsz, align })
}

fn arch_of(machine: u16) -> Result<&'static Arch, OpenError> {
    arch_named(match pe::Machine(machine) {
        pe::IMAGE_FILE_MACHINE_I386 => "386",
        pe::IMAGE_FILE_MACHINE_AMD64 => "amd64",
        pe::IMAGE_FILE_MACHINE_ARM | pe::IMAGE_FILE_MACHINE_ARMNT => "arm",
        pe::IMAGE_FILE_MACHINE_ARM64 => "arm64",
        _ => return Err(OpenError::Foreign(format!("PE machine {machine:#x}"))),
    })
}
