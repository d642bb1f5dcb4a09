//! Dynamic relocations, for the pointers of a position-independent program that the file holds as zero.

use object::elf;

use super::Binary;
use crate::FileAddr;

/// An entry of `.rela.dyn`: the loader stores `addend`, moved with the image, at `place`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relocation {
    pub(crate) place: u64,
    pub(crate) addend: u64,
}

impl Binary {
    /// All entries of `.rela.dyn`. Those of symbols defined elsewhere are among them, and harmless: they do not
    /// point where anybody looks.
    pub(crate) fn relocations(&self) -> Vec<Relocation> {
        let size = usize::from(self.arch().pointer_size);
        let order = self.order();
        let Some(table) = self.rela() else { return Vec::new() };
        let entries = table.chunks_exact(3 * size);
        entries
            .map(|entry| Relocation {
                place: order.uint(&entry[..size]),
                addend: order.uint(&entry[2 * size..]),
            })
            .collect()
    }

    /// The bytes of `.rela.dyn`, found by its section or by the dynamic segment.
    pub(super) fn rela(&self) -> Option<Vec<u8>> {
        if let Some(section) = self.section(".rela.dyn") {
            return Some(section.data().to_vec());
        }
        let dynamic = self.layout.segments.iter().find(|segment| segment.kind == elf::PT_DYNAMIC.0)?;
        let bytes = self.bytes_from(FileAddr(dynamic.address))?;
        let size = usize::from(self.arch().pointer_size);
        let (mut address, mut length) = (None, None);
        for entry in bytes.data().chunks_exact(2 * size) {
            let value = self.order().uint(&entry[size..]);
            match self.order().uint(&entry[..size]) {
                0 => break,
                7 => address = Some(value), // DT_RELA
                8 => length = Some(value),  // DT_RELASZ
                _ => {}
            }
        }
        let bytes = self.bytes_from(FileAddr(address?))?;
        Some(bytes.data().get(..usize::try_from(length?).ok()?)?.to_vec())
    }
}
