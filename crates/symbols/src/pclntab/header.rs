//! Finding the table in a binary, and its header (runtime/symtab.go, pcHeader; internal/abi/symtab.go, magics).

use adit_arch::ByteOrder;

use crate::{Binary, FileAddr, Section, SymbolError};

/// Which layout a magic number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Format {
    Go12,
    Go116,
    Go118,
    Go120,
}

impl Format {
    fn of_magic(magic: u64) -> Option<Format> {
        match magic {
            0xffff_fffb => Some(Format::Go12),
            0xffff_fffa => Some(Format::Go116),
            0xffff_fff0 => Some(Format::Go118),
            0xffff_fff1 => Some(Format::Go120),
            _ => None,
        }
    }
}

/// The header of a table of Go 1.18 or later. Offsets are in bytes from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) format: Format,
    pub(super) quantum: u8,
    pub(super) functions: usize,
    /// 0 since Go 1.26, and in position-independent programs before.
    pub(super) text_start: u64,
    pub(super) names: usize,
    pub(super) units: usize,
    pub(super) files: usize,
    pub(super) pc_values: usize,
    pub(super) function_table: usize,
}

pub(super) fn damaged(offset: usize, what: &str) -> SymbolError {
    SymbolError::Damaged { section: ".gopclntab", offset: offset as u64, what: what.to_owned() }
}

impl Header {
    pub(super) fn read(data: &[u8], order: ByteOrder, pointer_size: u8) -> Result<Header, SymbolError> {
        let size = usize::from(pointer_size);
        let cut_off = || damaged(data.len(), "the header is cut off");
        let start = data.get(..8).ok_or_else(cut_off)?;
        let format =
            Format::of_magic(order.uint(&start[..4])).ok_or_else(|| damaged(0, "unknown magic number"))?;
        if format < Format::Go118 {
            let text = "the program was built with Go 1.17 or older, whose line table adit does not read: rebuild it \
                        with Go 1.18 or newer";
            return Err(SymbolError::Missing(text.to_owned()));
        }
        if start[4..6] != [0, 0] || !matches!(start[6], 1 | 2 | 4) || start[7] != pointer_size {
            return Err(damaged(4, "the header does not fit the architecture"));
        }
        let words = data.get(8..8 + 8 * size).ok_or_else(cut_off)?;
        let word = |index: usize| order.uint(&words[index * size..(index + 1) * size]);
        let offset = |index: usize| {
            let inside = usize::try_from(word(index)).ok().filter(|offset| *offset <= data.len());
            inside.ok_or_else(|| damaged(8 + index * size, "an offset leads out of the table"))
        };
        let header = Header {
            format,
            quantum: start[6],
            functions: usize::try_from(word(0)).unwrap_or(usize::MAX),
            text_start: word(2),
            names: offset(3)?,
            units: offset(4)?,
            files: offset(5)?,
            pc_values: offset(6)?,
            function_table: offset(7)?,
        };
        let parts = [header.names, header.units, header.files, header.pc_values, header.function_table];
        if !parts.is_sorted() {
            return Err(damaged(8, "the offsets are out of order"));
        }
        // Two words of 32 bits for each function, and one for the end.
        if header.functions > (data.len() - header.function_table).saturating_sub(4) / 8 {
            return Err(damaged(8, "more functions than the table has room for"));
        }
        Ok(header)
    }
}

/// The bytes of a binary's table.
pub(super) fn locate(binary: &Binary) -> Result<Section, SymbolError> {
    let sections = [".gopclntab", ".data.rel.ro.gopclntab"];
    if let Some(section) = sections.iter().find_map(|name| binary.section(name)) {
        return Ok(section);
    }
    let search = || binary.segments().find_map(|segment| search(binary, &segment));
    search().or_else(|| binary.bytes_from(binary.symbol("runtime.pclntab")?.addr)).ok_or_else(|| {
        SymbolError::Missing("the binary has no Go line table (pclntab): it was not built by Go".to_owned())
    })
}

/// Searches for a header: the linker aligns it to 32 bytes at least (cmd/link/internal/ld/data.go).
fn search(binary: &Binary, segment: &Section) -> Option<Section> {
    let misaligned = segment.address().0.wrapping_neg() % 8;
    let start = segment.skip(misaligned)?;
    let magics = [0xf1u8, 0xf0, 0xfa, 0xfb];
    let at = start.data().chunks_exact(8).enumerate().filter(|(_, chunk)| {
        let magic = binary.order().uint(&chunk[..4]);
        magic >> 8 == 0xff_ffff && magics.contains(&(magic as u8)) && chunk[4..6] == [0, 0]
    });
    at.filter_map(|(index, _)| start.skip(index as u64 * 8)).find(|candidate| {
        match Header::read(candidate.data(), binary.order(), binary.arch().pointer_size) {
            Ok(header) => header.functions > 0 && header.names > 0,
            Err(SymbolError::Missing(_)) => true,
            Err(SymbolError::Damaged { .. }) => false,
        }
    })
}

/// Where the code starts, when there is no moduledata to say so.
pub(super) fn text_start(binary: &Binary, header: &Header) -> FileAddr {
    if header.text_start != 0 {
        return FileAddr(header.text_start);
    }
    if let Some(symbol) = binary.symbol("runtime.text") {
        return symbol.addr;
    }
    binary.section(".text").map(|section| section.address()).unwrap_or_default()
}
