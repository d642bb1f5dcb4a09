//! Go's own table of functions, files, lines, stack depths and inlined calls, which survives stripping.
//!
//! [`Pclntab`] finds functions by address, name and source line; a [`Function`] answers for itself. Nothing is
//! decoded before it is asked for. The format: runtime/symtab.go and cmd/link/internal/ld/pcln.go of go1.18 to
//! go1.27, and of go1.11 to go1.17 for the older formats, which have no inlined calls here.

mod func_id;
mod function;
mod header;
mod inlined;
mod lines;
mod moduledata;
mod pcvalue;

use std::sync::OnceLock;

use adit_arch::ByteOrder;

use crate::{Binary, FileAddr, Section, SymbolError};
pub use func_id::FuncId;
use func_id::Numbering;
pub use function::{FuncFlags, Function, Inlined};
use header::{Format, Header};
use lines::UnitIndex;
use moduledata::TextSection;

/// A binary's pclntab.
#[derive(Debug)]
pub struct Pclntab {
    section: Section,
    header: Header,
    order: ByteOrder,
    text: u64,
    etext: u64,
    /// If the linker had to split the code, its parts by address.
    text_sections: Vec<TextSection>,
    /// What the offsets of function data count from (`go:func.*`).
    function_data: Option<Section>,
    moduledata: Option<FileAddr>,
    numbering: Numbering,
    units: OnceLock<UnitIndex>,
}

impl Pclntab {
    pub(crate) fn find_in(binary: &Binary) -> Result<Pclntab, SymbolError> {
        let (section, order) = (header::locate(binary)?, binary.order());
        let header = Header::read(section.data(), order, binary.arch().pointer_size)?;
        let mut table = Pclntab {
            header,
            order,
            text: 0,
            etext: 0,
            text_sections: Vec::new(),
            function_data: None,
            moduledata: None,
            numbering: numbering(binary, header.format),
            units: OnceLock::new(),
            section,
        };
        if header.format < Format::Go118 {
            table.section = binary.with_pointers(&table.section);
            table.text = table.boundary(0);
            table.etext = table.boundary(table.len());
            return Ok(table);
        }
        let module = moduledata::find(binary, table.section.address(), header.names as u64);
        let gofunc = match module {
            Some(ref module) => module.gofunc,
            None => ["go:func.*", "go.func.*"].iter().find_map(|name| Some(binary.symbol(name)?.addr.0)),
        };
        table.function_data = gofunc.and_then(|addr| binary.bytes_from(FileAddr(addr)));
        match module {
            Some(module) => {
                (table.text, table.etext) = (module.text, module.etext);
                table.text_sections = module.text_sections;
                table.moduledata = Some(module.addr);
            }
            None => {
                table.text = header::text_start(binary, &header).0;
                table.etext = table.boundary(table.len());
            }
        }
        Ok(table)
    }

    /// Where the runtime's `moduledata` of this table is, if it was found: also where there are no symbols.
    pub fn moduledata(&self) -> Option<FileAddr> {
        self.moduledata
    }

    /// How many functions there are.
    #[allow(clippy::len_without_is_empty)] // No linked Go program is without functions.
    pub fn len(&self) -> usize {
        self.header.functions
    }

    /// The function at `index`, counted by address. An index beyond the last gives the last.
    pub fn function(&self, index: usize) -> Function<'_> {
        Function::new(self, index.min(self.len().saturating_sub(1)))
    }

    /// All functions, by address.
    pub fn functions(&self) -> impl Iterator<Item = Function<'_>> {
        (0..self.len()).map(|index| Function::new(self, index))
    }

    /// The function that contains `pc`.
    pub fn find(&self, pc: FileAddr) -> Option<Function<'_>> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.boundary(middle) <= pc.0 {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let index = low.checked_sub(1)?;
        (pc.0 >= self.boundary(index) && pc.0 < self.boundary(index + 1)).then(|| Function::new(self, index))
    }

    /// The function whose full name is `name`. An assembly function and the wrapper that the linker makes for it
    /// share their name: this is the function, not the wrapper.
    pub fn by_name(&self, name: &str) -> Option<Function<'_>> {
        let mut wrapper = None;
        let offsets = self.name_offsets(name);
        for function in self.functions().filter(|function| function.has_name_at(&offsets)) {
            if !function.func_id().is_wrapper() {
                return Some(function);
            }
            wrapper = wrapper.or(Some(function));
        }
        wrapper
    }

    /// Where the table is loaded.
    pub fn address(&self) -> FileAddr {
        self.section.address()
    }

    /// The first address of Go's code, and the one after the last.
    pub fn text_range(&self) -> (FileAddr, FileAddr) {
        (FileAddr(self.text), FileAddr(self.etext))
    }

    pub(crate) fn data(&self) -> &[u8] {
        self.section.data()
    }

    /// Where function `index` starts; for the number of functions, where the last one ends.
    fn boundary(&self, index: usize) -> u64 {
        let header = &self.header;
        let start = header.function_table.saturating_add(index.saturating_mul(header.entry_size()));
        if header.format < Format::Go118 {
            let end = start.saturating_add(header.pointer_size);
            return self.data().get(start..end).map_or(0, |bytes| self.order.uint(bytes));
        }
        let offset = u64::from(self.u32_at(start, 0).unwrap_or(0));
        let after = self.text_sections.partition_point(|section| section.start <= offset);
        match after.checked_sub(1).and_then(|last| self.text_sections.get(last)) {
            Some(section) => section.addr.wrapping_add(offset - section.start),
            None => self.text.wrapping_add(offset),
        }
    }

    /// A word of 32 bits, `offset` bytes into the part of the table that starts at `base`.
    fn u32_at(&self, base: usize, offset: usize) -> Option<u32> {
        let start = base.checked_add(offset)?;
        let bytes = self.data().get(start..start.checked_add(4)?)?;
        Some(self.order.uint(bytes) as u32)
    }

    /// The text that ends with NUL, `offset` bytes into the part of the table that starts at `base`; empty if it
    /// is damaged.
    fn text_at(&self, base: usize, offset: u32) -> &str {
        self.short_text_at(base, offset, MAX_NAME)
    }

    /// As [`Pclntab::text_at`], for texts of less than `most` bytes.
    fn short_text_at(&self, base: usize, offset: u32, most: usize) -> &str {
        let bytes = base.checked_add(offset as usize).and_then(|start| self.data().get(start..));
        let bytes = bytes.unwrap_or_default();
        let limit = &bytes[..bytes.len().min(most)];
        let end = limit.iter().position(|byte| *byte == 0).unwrap_or(0);
        std::str::from_utf8(&limit[..end]).unwrap_or("")
    }
}

/// Longer than names get, even of instantiated generic functions: bounds what damage can make us read.
const MAX_NAME: usize = 1 << 16;

fn numbering(binary: &Binary, format: Format) -> Numbering {
    let version = binary.go_version();
    let at_least = |minor| version.map(|version| version.at_least(1, minor));
    match format {
        Format::Go12 | Format::Go116 => match at_least(17) {
            Some(true) => Numbering::Go117,
            _ if at_least(14) == Some(true) || format == Format::Go116 => Numbering::Go114,
            // No program says that it is so old, and not all of these have numbers.
            _ => Numbering::None,
        },
        Format::Go118 => Numbering::Go118,
        Format::Go120 => match (at_least(25), at_least(22)) {
            (None | Some(true), _) => Numbering::Go125,
            (_, Some(true)) => Numbering::Go122,
            _ => Numbering::Go118,
        },
    }
}
