//! Universal ("fat") binaries: Mach-O programs for several machines in one file. The format: `<mach-o/fat.h>`, always
//! big-endian.

use std::ops::Range;

use adit_arch::Arch;
use object::Endianness;
use object::macho::{FatArch32, FatArch64};
use object::read::macho::{FatArch, MachOFatFile};

use super::macho::arch_of;
use crate::binary::error::OpenError;

/// More than there are machines. A Java class, which begins with the same four bytes, has its version where the count
/// of programs is, and that is 45 or more.
const MAX_SLICES: usize = 32;

/// One program of a universal binary.
#[derive(Clone, Debug)]
pub struct FatSlice {
    /// The machine it is for, as Go names it; `None` for one that Go has no name for.
    pub arch: Option<&'static Arch>,
    /// Which bytes of the file it is.
    pub range: Range<usize>,
}

/// The programs in a universal binary, in its order; empty for other files.
pub(in crate::binary) fn slices(data: &[u8]) -> Result<Vec<FatSlice>, OpenError> {
    match data {
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, count, ..] if usize::from(*count) <= MAX_SLICES => {
            read(MachOFatFile::<FatArch32>::parse(data), data)
        }
        [0xca, 0xfe, 0xba, 0xbf, 0, 0, 0, count, ..] if usize::from(*count) <= MAX_SLICES => {
            read(MachOFatFile::<FatArch64>::parse(data), data)
        }
        _ => Ok(Vec::new()),
    }
}

fn read<F: FatArch>(
    file: object::Result<MachOFatFile<'_, F>>,
    data: &[u8],
) -> Result<Vec<FatSlice>, OpenError> {
    let file =
        file.map_err(|_| OpenError::Truncated("its list of programs (Mach-O fat header) is cut off"))?;
    let slice = |arch: &F| {
        let (offset, size) = arch.file_range();
        let start = usize::try_from(offset).ok().filter(|start| *start < data.len())?;
        // A slice that the end of the file cuts off can still be looked at.
        let end = start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)).min(data.len());
        let machine = arch_of(arch.cputype().0, Endianness::Little);
        Some(FatSlice { arch: machine.ok(), range: start..end })
    };
    Ok(file.arches().iter().filter_map(slice).collect())
}

/// Which bytes are the program that `arch` (Go's name) asks for. Without a wish: all, or the first program of a
/// universal binary that Go made, or else its first for a machine that is known.
pub(in crate::binary) fn choose(data: &[u8], arch: Option<&str>) -> Result<Range<usize>, OpenError> {
    let slices = slices(data)?;
    if slices.is_empty() {
        return Ok(0..data.len());
    }
    let known = || slices.iter().filter(|slice| slice.arch.is_some());
    let found = match arch {
        Some(wanted) => known().find(|slice| slice.arch.is_some_and(|arch| arch.name == wanted)),
        None => known().find(|slice| is_go(data, slice)).or_else(|| known().next()),
    };
    found.map(|slice| slice.range.clone()).ok_or_else(|| {
        let names = slices.iter().map(|slice| slice.arch.map_or("an unknown machine", |arch| arch.name));
        OpenError::NoSlice(names.collect::<Vec<_>>().join(", "))
    })
}

fn is_go(data: &[u8], slice: &FatSlice) -> bool {
    let layout = super::parse(data, slice.range.clone());
    layout.is_ok_and(|layout| layout.find_section(".gopclntab").is_some())
}
