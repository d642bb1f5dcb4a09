//! Finding the table in a binary, and its header (runtime/symtab.go, pcHeader; internal/abi/symtab.go, magics).

use adit_arch::ByteOrder;

use crate::{Binary, FileAddr, Section, SymbolError};

/// Which layout a magic number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Format {
    /// Go 1.2 to 1.15: one table, with addresses.
    Go12,
    /// Files by unit, parts with offsets of their own.
    Go116,
    /// Offsets from the start of the code instead of addresses.
    Go118,
    /// The first line of a function, smaller inline trees.
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

/// The header of a table. Offsets are in bytes from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) format: Format,
    pub(super) quantum: u8,
    pub(super) pointer_size: usize,
    pub(super) functions: usize,
    /// 0 since Go 1.26, in position-independent programs before, and before Go 1.18.
    pub(super) text_start: u64,
    pub(super) names: usize,
    pub(super) units: usize,
    pub(super) files: usize,
    pub(super) pc_values: usize,
    /// Where offsets of functions count from. Before Go 1.16, there is but one table for everything.
    pub(super) records: usize,
    /// Entry points and offsets of functions, by address.
    pub(super) function_table: usize,
}

pub(super) fn damaged(offset: usize, what: &str) -> SymbolError {
    SymbolError::Damaged { section: ".gopclntab", offset: offset as u64, what: what.to_owned() }
}

impl Header {
    pub(super) fn read(data: &[u8], order: ByteOrder, pointer_size: u8) -> Result<Header, SymbolError> {
        let start = data.get(..8).ok_or_else(|| damaged(data.len(), "the header is cut off"))?;
        let format =
            Format::of_magic(order.uint(&start[..4])).ok_or_else(|| damaged(0, "unknown magic number"))?;
        if start[4..6] != [0, 0] || !matches!(start[6], 1 | 2 | 4) || start[7] != pointer_size {
            return Err(damaged(4, "the header does not fit the architecture"));
        }
        let words = Words { data, order, size: usize::from(pointer_size) };
        let header = match format {
            Format::Go12 => words.before_go116(start[6])?,
            Format::Go116 => words.since_go116(format, start[6], 2)?,
            Format::Go118 | Format::Go120 => {
                Header { text_start: words.word(2)?, ..words.since_go116(format, start[6], 3)? }
            }
        };
        // Two words for each function, and one for the end.
        let entry = header.entry_size();
        let room = (data.len() - header.function_table).saturating_sub(entry / 2) / entry;
        if header.functions > room {
            return Err(damaged(8, "more functions than the table has room for"));
        }
        Ok(header)
    }

    /// Bytes of an entry of the table of functions: since Go 1.18 offsets of 32 bits, before that pointers.
    pub(super) fn entry_size(&self) -> usize {
        if self.format >= Format::Go118 { 8 } else { 2 * self.pointer_size }
    }
}

/// The words of the target's pointer size after the first eight bytes.
struct Words<'a> {
    data: &'a [u8],
    order: ByteOrder,
    size: usize,
}

impl Words<'_> {
    fn word(&self, index: usize) -> Result<u64, SymbolError> {
        let bytes = self.data.get(8 + index * self.size..8 + (index + 1) * self.size);
        Ok(self.order.uint(bytes.ok_or_else(|| damaged(self.data.len(), "the header is cut off"))?))
    }

    fn functions(&self) -> Result<usize, SymbolError> {
        Ok(usize::try_from(self.word(0)?).unwrap_or(usize::MAX))
    }

    /// pcHeader: counts of functions and files, the start of the code since Go 1.18, then offsets.
    fn since_go116(&self, format: Format, quantum: u8, first: usize) -> Result<Header, SymbolError> {
        let offset = |index: usize| {
            let word = self.word(first + index)?;
            let inside = usize::try_from(word).ok().filter(|offset| *offset <= self.data.len());
            inside.ok_or_else(|| damaged(8 + (first + index) * self.size, "an offset leads out of the table"))
        };
        let parts = [offset(0)?, offset(1)?, offset(2)?, offset(3)?, offset(4)?];
        if !parts.is_sorted() {
            return Err(damaged(8, "the offsets are out of order"));
        }
        Ok(Header {
            format,
            quantum,
            pointer_size: self.size,
            functions: self.functions()?,
            text_start: 0,
            names: parts[0],
            units: parts[1],
            files: parts[2],
            pc_values: parts[3],
            records: parts[4],
            function_table: parts[4],
        })
    }

    /// A count of functions, their table, the end of the last, and the offset of the table of files
    /// (golang.org/s/go12symtab). All offsets are from the start.
    fn before_go116(&self, quantum: u8) -> Result<Header, SymbolError> {
        let functions = self.functions()?;
        let function_table = 8 + self.size;
        let end = functions
            .checked_mul(2 * self.size)
            .and_then(|size| size.checked_add(function_table + self.size));
        let place = end.and_then(|end| self.data.get(end..end.checked_add(4)?));
        let place = place.ok_or_else(|| damaged(8, "more functions than the table has room for"))?;
        let files = usize::try_from(self.order.uint(place)).ok().filter(|files| *files <= self.data.len());
        let files = files.ok_or_else(|| damaged(8, "the table of files is outside"))?;
        Ok(Header {
            format: Format::Go12,
            quantum,
            pointer_size: self.size,
            functions,
            text_start: 0,
            names: 0,
            units: files,
            files: 0,
            pc_values: 0,
            records: 0,
            function_table,
        })
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
            Ok(header) => header.functions > 0 && header.units > 0,
            Err(_) => false,
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
