//! Go's own table of functions, files, lines, stack depths and inlined calls, which survives stripping.
//!
//! [`Pclntab`] finds functions by address, name and source line; a [`Function`] answers for itself. Nothing is
//! decoded before it is asked for. The format: runtime/symtab.go and cmd/link/internal/ld/pcln.go of go1.18 to
//! go1.27.

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

/// A binary's pclntab.
#[derive(Debug)]
pub struct Pclntab {
    section: Section,
    header: Header,
    order: ByteOrder,
    text: u64,
    etext: u64,
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
        let module = moduledata::find(binary, section.address(), header.names as u64);
        let text = match module {
            Some(module) => module.text,
            None => header::text_start(binary, &header).0,
        };
        let gofunc = match module {
            Some(module) => module.gofunc,
            None => ["go:func.*", "go.func.*"].iter().find_map(|name| Some(binary.symbol(name)?.addr.0)),
        };
        let mut table = Pclntab {
            header,
            order,
            text,
            etext: 0,
            function_data: gofunc.and_then(|addr| binary.bytes_from(FileAddr(addr))),
            moduledata: module.map(|module| FileAddr(module.addr)),
            numbering: numbering(binary, header.format),
            units: OnceLock::new(),
            section,
        };
        table.etext = module.map_or(table.boundary(table.len()), |module| module.etext);
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
        let offset = self.u32_at(self.header.function_table, index * 8).unwrap_or(0);
        self.text.wrapping_add(u64::from(offset))
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
        let bytes = base.checked_add(offset as usize).and_then(|start| self.data().get(start..));
        let bytes = bytes.unwrap_or_default();
        let limit = &bytes[..bytes.len().min(MAX_NAME)];
        let end = limit.iter().position(|byte| *byte == 0).unwrap_or(0);
        std::str::from_utf8(&limit[..end]).unwrap_or("")
    }
}

/// Longer than names get, even of instantiated generic functions: bounds what damage can make us read.
const MAX_NAME: usize = 1 << 16;

fn numbering(binary: &Binary, format: Format) -> Numbering {
    match binary.go_version() {
        Some(version) if version.at_least(1, 25) => Numbering::Go125,
        Some(version) if version.at_least(1, 22) => Numbering::Go122,
        Some(_) => Numbering::Go118,
        None if format == Format::Go118 => Numbering::Go118,
        None => Numbering::Go125,
    }
}
