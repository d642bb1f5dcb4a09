//! macOS and iOS executables, 32 and 64 bits wide. The format: Apple's `<mach-o/loader.h>`; how Go's linker names
//! sections: cmd/link/internal/ld/macho.go, machoshbits.

use adit_arch::Arch;
use object::macho::{self, MachHeader32, MachHeader64};
use object::read::macho::{LoadCommandData, MachHeader, Section as _, Segment as _};
use object::{Endian as _, Endianness};

use super::{
    FileFormat, Layout, MAX_HEADERS, SectionEntry, Segment, SegmentKind, SymbolTable, arch_named, damaged,
};
use crate::FileAddr;
use crate::binary::TlsSegment;
use crate::binary::error::OpenError;

/// Names are cut off after so many bytes.
const MAX_NAME: usize = 16;

/// What ELF's section name becomes in Mach-O: `.go.buildinfo` is `__go_buildinfo`.
pub(super) fn section_name(elf: &str) -> String {
    let mut name = format!("__{}", elf.strip_prefix('.').unwrap_or(elf).replace('.', "_"));
    let end = (0..=MAX_NAME).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    name.truncate(end);
    name
}

pub(super) fn parse(data: &[u8]) -> Result<Layout, OpenError> {
    match data {
        [0xce, ..] | [_, _, _, 0xce, ..] => parse_as::<MachHeader32<Endianness>>(data),
        _ => parse_as::<MachHeader64<Endianness>>(data),
    }
}

fn parse_as<H: MachHeader<Endian = Endianness>>(data: &[u8]) -> Result<Layout, OpenError> {
    let cut_off = |_| OpenError::Truncated("its Mach-O header is cut off");
    let header = H::parse(data, 0).map_err(cut_off)?;
    let endian = header.endian().map_err(damaged)?;
    let arch = arch_of(header.cputype(endian).0, endian)?;
    let kind = header.filetype(endian);
    if !matches!(kind, macho::MH_EXECUTE | macho::MH_DYLIB | macho::MH_BUNDLE | macho::MH_DSYM) {
        return Err(OpenError::NotExecutableFormat(
            "a Mach-O object file or core file, not a linked program",
        ));
    }
    let mut layout = Layout {
        format: FileFormat::MachO,
        arch,
        goos: "darwin",
        entry: 0,
        is_pie: header.flags(endian).0 & macho::MH_PIE.0 != 0 || kind != macho::MH_EXECUTE,
        segments: Vec::new(),
        sections: Vec::new(),
        symbols: Vec::new(),
        tls: None,
        uuid: None,
        fixups: None,
    };
    let commands = header.load_commands(endian, data, 0).map_err(cut_off)?;
    let mut main = None;
    for command in commands.take(MAX_HEADERS) {
        let command = command.map_err(damaged)?;
        if let Some((segment, sections)) = H::Segment::from_command(command).map_err(damaged)? {
            add_segment::<H>(&mut layout, segment, sections, endian);
        } else if let Some(offset) = other_command(&mut layout, command, endian).map_err(damaged)? {
            main = Some(offset);
        }
    }
    // LC_MAIN counts from the start of the image.
    if let Some(offset) = main {
        layout.entry = image_start(&layout).wrapping_add(offset);
    }
    Ok(layout)
}

/// Where the header is loaded.
fn image_start(layout: &Layout) -> u64 {
    let first = layout.loaded().find(|segment| segment.offset == 0 && segment.file_size > 0);
    first.map_or(0, |segment| segment.address)
}

fn add_segment<H: MachHeader<Endian = Endianness>>(
    layout: &mut Layout,
    segment: &H::Segment,
    sections: &[u8],
    endian: Endianness,
) {
    // The page at zero is there to catch null pointers, and debug information is not mapped.
    let protection = segment.initprot(endian).0;
    let memory_size = segment.vmsize(endian).into();
    if protection != 0 && memory_size != 0 && segment.name() != b"__DWARF" {
        layout.segments.push(Segment {
            kind: SegmentKind::Load,
            writable: protection & macho::VM_PROT_WRITE.0 != 0,
            executable: protection & macho::VM_PROT_EXECUTE.0 != 0,
            offset: segment.fileoff(endian).into(),
            address: segment.vmaddr(endian).into(),
            file_size: segment.filesize(endian).into(),
            memory_size,
        });
    }
    // Damaged section headers leave the segment, from which all can be read.
    for section in segment.sections(endian, sections).unwrap_or_default() {
        if layout.sections.len() == MAX_HEADERS {
            return;
        }
        let kind = section.section_type(endian);
        let (address, size) = (section.addr(endian).into(), section.size(endian).into());
        if matches!(kind, macho::S_THREAD_LOCAL_REGULAR | macho::S_THREAD_LOCAL_ZEROFILL) {
            add_tls(layout, address, size, section.align(endian));
        }
        layout.sections.push(SectionEntry {
            name: String::from_utf8_lossy(section.name()).into_owned(),
            in_file: section.file_size(endian).is_some(),
            compressed: false,
            offset: section.offset(endian).into(),
            size,
            address,
        });
    }
}

/// The image of thread-local variables is `__thread_data`, then `__thread_bss`.
fn add_tls(layout: &mut Layout, address: u64, size: u64, align: u32) {
    let align = 1u64.checked_shl(align).unwrap_or(1);
    let end = address.saturating_add(size);
    let tls = layout.tls.get_or_insert(TlsSegment { addr: FileAddr(address), memsz: 0, align });
    tls.addr = tls.addr.min(FileAddr(address));
    tls.memsz = tls.memsz.max(end.saturating_sub(tls.addr.0));
    tls.align = tls.align.max(align);
}

/// Takes what a command says. The result is LC_MAIN's offset of the entry point.
fn other_command(
    layout: &mut Layout,
    command: LoadCommandData<'_, Endianness>,
    endian: Endianness,
) -> object::Result<Option<u64>> {
    if let Some(table) = command.symtab()? {
        let entry = if layout.arch.pointer_size == 8 { 16 } else { 12 };
        layout.symbols.push(SymbolTable {
            offset: table.symoff.get(endian).into(),
            size: u64::from(table.nsyms.get(endian)) * entry,
            strings: table.stroff.get(endian).into(),
            strings_size: table.strsize.get(endian).into(),
        });
    } else if let Some(uuid) = command.uuid()? {
        layout.uuid = Some(uuid.uuid);
    } else if let Some((version, _)) = command.build_version(endian)? {
        let platform = version.platform.get(endian);
        if matches!(platform, macho::PLATFORM_IOS | macho::PLATFORM_IOSSIMULATOR) {
            layout.goos = "ios";
        }
    } else if command.cmd() == macho::LC_VERSION_MIN_IPHONEOS {
        layout.goos = "ios";
    } else if let Some(fixups) = command.dyld_chained_fixups()? {
        let start = u64::from(fixups.dataoff.get(endian));
        layout.fixups = Some(start..start + u64::from(fixups.datasize.get(endian)));
    } else if let Some(entry) = command.entry_point()? {
        return Ok(Some(entry.entryoff.get(endian)));
    } else if let Some((_, state)) = command.unix_thread()? {
        layout.entry = thread_entry(layout, state).unwrap_or(0);
    }
    Ok(None)
}

/// The program counter in the initial registers: flavour and count of words, then the state as the kernel of the
/// machine lays it out (`<mach/*/_structs.h>`).
fn thread_entry(layout: &Layout, state: &[u8]) -> Option<u64> {
    let (index, size) = match layout.arch.name {
        "amd64" => (16, 8),
        "arm64" => (32, 8),
        "386" => (10, 4),
        "arm" => (15, 4),
        _ => return None,
    };
    let start = 8 + index * size;
    Some(layout.order().uint(state.get(start..start + size)?))
}

/// The architecture of a `cputype`.
pub(super) fn arch_of(cpu: u32, endian: Endianness) -> Result<&'static Arch, OpenError> {
    arch_named(match (macho::CpuType(cpu), endian.is_big_endian()) {
        (macho::CPU_TYPE_X86, false) => "386",
        (macho::CPU_TYPE_X86_64, false) => "amd64",
        (macho::CPU_TYPE_ARM, false) => "arm",
        (macho::CPU_TYPE_ARM64, false) => "arm64",
        (macho::CPU_TYPE_POWERPC64, true) => "ppc64",
        _ => return Err(OpenError::Foreign(format!("Mach-O CPU type {cpu:#x}"))),
    })
}
