//! Mach-O's chained fixups: each pointer that the loader fills in holds, beside its target, the distance to the next.
//! The format: Apple's `<mach-o/fixup-chains.h>`.

use std::ops::Range;

use adit_arch::ByteOrder;

use super::format::Layout;
use super::relocations::RelocatedWord;
use crate::FileAddr;

/// A page without fixups (DYLD_CHAINED_PTR_START_NONE).
const NO_START: u64 = 0xffff;

/// Sizes of dyld_chained_fixups_header's start and of dyld_chained_starts_in_segment without its array.
const IN_SEGMENT: usize = 22;

/// More segments than linkers make: a count beyond it is damage.
const MAX_SEGMENTS: u64 = 64;

/// How pointers are packed (DYLD_CHAINED_PTR_*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    /// DYLD_CHAINED_PTR_64: targets are addresses; DYLD_CHAINED_PTR_64_OFFSET: offsets from the image's start.
    Plain { offsets: bool },
    /// DYLD_CHAINED_PTR_ARM64E and its kin, with signed pointers.
    Arm64e { offsets: bool },
}

impl Packing {
    fn of(number: u64) -> Option<Packing> {
        match number {
            1 => Some(Packing::Arm64e { offsets: false }),
            2 => Some(Packing::Plain { offsets: false }),
            6 => Some(Packing::Plain { offsets: true }),
            9 | 12 => Some(Packing::Arm64e { offsets: true }),
            // The others are of kernels and of 32-bit firmware.
            _ => None,
        }
    }

    /// What a pointer becomes in an image that starts at `base`, and how many bytes on the next one is; 0 ends the
    /// chain. What is bound to another image becomes 0.
    fn unpack(self, raw: u64, base: u64) -> (u64, u64) {
        let bits = |from: u32, count: u32| (raw >> from) & ((1 << count) - 1);
        let moved = |offsets: bool, target: u64| if offsets { base.wrapping_add(target) } else { target };
        match self {
            Packing::Plain { offsets } => {
                let value = moved(offsets, bits(0, 36)) | bits(36, 8) << 56;
                (if bits(63, 1) == 1 { 0 } else { value }, bits(51, 12) * 4)
            }
            Packing::Arm64e { offsets } => {
                let value = match (bits(63, 1), bits(62, 1)) {
                    (_, 1) => 0,
                    // A signed pointer is always an offset.
                    (1, _) => base.wrapping_add(bits(0, 32)),
                    _ => moved(offsets, bits(0, 43)) | bits(43, 8) << 56,
                };
                (value, bits(51, 11) * 8)
            }
        }
    }
}

/// All pointers of the chains that `range` of the file describes. What is damaged is left out.
pub(super) fn read(image: &[u8], layout: &Layout, range: Range<u64>) -> Vec<RelocatedWord> {
    let mut found = Vec::new();
    let part = |range: Range<u64>| {
        image.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?.min(image.len()))
    };
    let Some(data) = part(range) else { return found };
    let base = layout.loaded().find(|segment| segment.file_size > 0).map_or(0, |segment| segment.address);
    let chains = Chains { data, order: layout.order(), image, layout, base };
    // dyld_chained_fixups_header: version, offset of the starts, ...; dyld_chained_starts_in_image: count, offsets.
    let Some(starts) = chains.number(4, 4).map(|starts| starts as usize) else { return found };
    let count = chains.number(starts, 4).unwrap_or(0).min(MAX_SEGMENTS) as usize;
    for index in 0..count {
        match chains.number(starts.saturating_add(4 + 4 * index), 4) {
            Some(0) => {}
            Some(offset) => {
                chains.segment(starts.saturating_add(offset as usize), &mut found);
            }
            None => break,
        }
    }
    found
}

struct Chains<'a> {
    data: &'a [u8],
    order: ByteOrder,
    image: &'a [u8],
    layout: &'a Layout,
    base: u64,
}

impl Chains<'_> {
    fn number(&self, at: usize, size: usize) -> Option<u64> {
        Some(self.order.uint(self.data.get(at..at.checked_add(size)?)?))
    }

    /// dyld_chained_starts_in_segment: size (4 bytes), size of a page (2), packing (2), the segment's offset from the
    /// image's start (8), the highest pointer (4), count of pages (2), and for each page where its chain starts (2).
    fn segment(&self, at: usize, found: &mut Vec<RelocatedWord>) -> Option<()> {
        let page_size = self.number(at.checked_add(4)?, 2)?;
        let packing = Packing::of(self.number(at.checked_add(6)?, 2)?)?;
        let address = self.base.wrapping_add(self.number(at.checked_add(8)?, 8)?);
        let pages = self.number(at.checked_add(20)?, 2)?;
        let segment = self.layout.loaded().find(|segment| segment.address == address)?;
        for page in 0..pages {
            let start = self.number(at.checked_add(IN_SEGMENT + 2 * page as usize)?, 2)?;
            let offset = page * page_size;
            if start == NO_START || start >= page_size || offset >= segment.file_size {
                continue;
            }
            self.page(packing, address, segment.offset.checked_add(offset)?, offset, start..page_size, found);
        }
        Some(())
    }

    /// Follows the chain of one page; it never leaves the page.
    fn page(
        &self,
        packing: Packing,
        segment: u64,
        file: u64,
        page: u64,
        mut place: Range<u64>,
        found: &mut Vec<RelocatedWord>,
    ) -> Option<()> {
        // Chains of sound files never meet.
        while !place.is_empty() && found.len() < self.image.len() / 4 {
            let at = usize::try_from(file.checked_add(place.start)?).ok()?;
            let raw = self.order.uint(self.image.get(at..at.checked_add(8)?)?);
            let (value, next) = packing.unpack(raw, self.base);
            found.push(RelocatedWord { place: FileAddr(segment.wrapping_add(page + place.start)), value });
            if next == 0 {
                break;
            }
            place.start += next;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_unpacked() {
        let base = 0x1_0000_0000;
        let plain = Packing::of(2).unwrap();
        assert_eq!(plain.unpack(0x1_0000_4010 | 2 << 51, base), (0x1_0000_4010, 8));
        let offset = Packing::of(6).unwrap();
        assert_eq!(offset.unpack(0x4010 | 0x80 << 36, base), (0x8000_0001_0000_4010, 0));
        assert_eq!(offset.unpack(1 << 63 | 7, base), (0, 0));
        let signed = Packing::of(9).unwrap();
        assert_eq!(signed.unpack(1 << 63 | 0xffff << 32 | 1 << 51 | 0x4010, base), (0x1_0000_4010, 8));
        assert_eq!(signed.unpack(1 << 62 | 3, base), (0, 0));
        assert_eq!(Packing::of(7), None);
    }
}
