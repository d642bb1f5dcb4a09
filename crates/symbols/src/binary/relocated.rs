//! Memory as the loader makes it of the file, with the image at the addresses that the file states.

use super::Binary;
use crate::FileAddr;

/// A pointer-sized word that the loader writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelocatedWord {
    /// Where it is.
    pub place: FileAddr,
    /// What it becomes.
    pub value: u64,
}

impl Binary {
    /// The words that the file holds without their value, which dynamic relocations with explicit addends give
    /// (`.rela.dyn`), by ascending address. Relocations whose addends are in place (`.rel.dyn`, `.relr.dyn`, PE's base
    /// relocations) leave the file's words as they are, since the image is not moved. What symbols of other files decide
    /// is not known.
    pub fn relocated_words(&self) -> Vec<RelocatedWord> {
        let Some(table) = self.rela() else { return Vec::new() };
        let size = usize::from(self.arch().pointer_size);
        let order = self.order();
        let symbol_shift = if size == 8 { 32 } else { 8 };
        let symbols = self.section(".dynsym");
        let mut words: Vec<RelocatedWord> = Vec::new();
        for entry in table.chunks_exact(3 * size) {
            let word = |index: usize| order.uint(&entry[index * size..(index + 1) * size]);
            let base = match word(1) >> symbol_shift {
                0 => Some(0),
                index => symbols.as_ref().and_then(|table| self.symbol_value(table.data(), index)),
            };
            if let Some(base) = base {
                words.push(RelocatedWord {
                    place: FileAddr(word(0)),
                    value: base.wrapping_add(word(2)) & (u64::MAX >> (64 - 8 * size)),
                });
            }
        }
        words.sort_unstable_by_key(|word| word.place);
        words
    }

    /// The value of entry `index` of a symbol table (Elf32_Sym, Elf64_Sym); `None` if it is defined elsewhere.
    fn symbol_value(&self, table: &[u8], index: u64) -> Option<u64> {
        let (size, section, value) =
            if self.arch().pointer_size == 8 { (24, 6..8, 8..16) } else { (16, 14..16, 4..8) };
        let start = usize::try_from(index).ok()?.checked_mul(size)?;
        let entry = table.get(start..start.checked_add(size)?)?;
        (self.order().uint(&entry[section]) != 0).then(|| self.order().uint(&entry[value]))
    }
}
