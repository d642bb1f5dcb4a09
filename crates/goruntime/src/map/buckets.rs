//! Maps of Go 1.23 and older: an array of buckets with eight slots each, and overflow buckets chained to them.

use adit_process::Addr;

use super::shape::{SLOTS, Slots};
use super::{CHUNK, Walk};
use crate::reader::{Record, uint_in};
use crate::{Fact, GoRuntime, Layout, RuntimeError};

/// Tophashes below this mark a slot without entry, or one that was moved (`runtime/map.go`, minTopHash).
pub(super) const MIN_TOP_HASH: u8 = 5;
/// Tophash of slot 0 while its bucket's entries are all moved to the new buckets: evacuatedX .. evacuatedEmpty.
pub(super) const EVACUATED: std::ops::RangeInclusive<u8> = 2..=4;
/// In `hmap.flags`: the growth in progress keeps the number of buckets (sameSizeGrow).
pub(super) const SAME_SIZE_GROW: u64 = 8;
/// More buckets than this, as a power of two, cannot be in any memory.
const MAX_B: u64 = 40;

impl GoRuntime {
    pub(super) fn walk_buckets(
        &self,
        walk: &mut Walk<'_>,
        slots: &Slots,
        header: Addr,
    ) -> Result<(), RuntimeError> {
        let layout = &self.layout;
        let hmap = walk.reader.record(header, layout.of(Fact::HmapSize)?)?;
        let word = |fact| layout.of(fact).map(|offset| hmap.pointer(offset));
        let b = log_of_count(layout, &hmap)?;
        walk.left = word(Fact::HmapCount)?.0;
        let (buckets, old) = (word(Fact::HmapBuckets)?, word(Fact::HmapOldBuckets)?);
        if buckets.0 == 0 && walk.left > 0 {
            let why = format!("it has {} entries and no buckets", walk.left);
            return Err(RuntimeError::corrupt("a map", header, why));
        }
        if buckets.0 != 0 {
            walk_array(walk, slots, buckets, 1 << b, false);
        }
        if old.0 != 0 {
            let same = hmap.uint(layout.of(Fact::HmapFlags)?, 1) & SAME_SIZE_GROW != 0;
            let count = if same { 1 << b } else { (1_u64 << b) / 2 };
            walk_array(walk, slots, old, count.max(1), true);
        }
        Ok(())
    }
}

/// The logarithm of the number of buckets.
pub(super) fn log_of_count(layout: &Layout, hmap: &Record) -> Result<u64, RuntimeError> {
    match hmap.uint(layout.of(Fact::HmapB)?, 1) {
        b @ ..=MAX_B => Ok(b),
        b => Err(RuntimeError::corrupt("a map", hmap.addr, format!("it has 2^{b} buckets"))),
    }
}

/// Walks an array of buckets with their chains. In the `old` array, buckets already moved are passed over.
fn walk_array(walk: &mut Walk<'_>, slots: &Slots, array: Addr, count: u64, old: bool) {
    let at_once = (CHUNK / slots.size).max(1);
    let mut index = 0;
    while index < count && !walk.is_done() {
        let take = at_once.min(count - index);
        let at = array.offset(index.wrapping_mul(slots.size).cast_signed());
        index += take;
        let bytes = match walk.reader.bytes(at, take * slots.size, CHUNK.max(slots.size)) {
            Ok(bytes) => bytes,
            Err(error) => {
                walk.found.errors.push(error);
                continue;
            }
        };
        for (i, bucket) in bytes.chunks_exact(slots.size as usize).enumerate() {
            let addr = at.offset((i as u64 * slots.size).cast_signed());
            if !old || !EVACUATED.contains(&bucket[0]) {
                walk_chain(walk, slots, addr, bucket);
            }
        }
    }
}

fn walk_chain(walk: &mut Walk<'_>, slots: &Slots, addr: Addr, bucket: &[u8]) {
    let arch = walk.reader.arch;
    let word = u64::from(arch.pointer_size);
    let (mut addr, mut bytes) = (addr, std::borrow::Cow::Borrowed(bucket));
    // A chain that leads back into itself is found by remembering one of its buckets, later and later ones (Brent).
    let (mut remembered, mut steps, mut most_steps) = (addr, 0_u64, 1_u64);
    while !walk.is_done() && walk.spend() {
        for slot in 0..SLOTS {
            if bytes[slot as usize] >= MIN_TOP_HASH {
                let (key, elem) = slots.entry(arch, addr, &bytes, slot);
                walk.yield_entry(key, elem);
            }
        }
        addr = Addr(uint_in(arch, &bytes, slots.size - word, word));
        if addr.0 == 0 || walk.is_done() {
            return;
        }
        if addr == remembered {
            let error = RuntimeError::corrupt("a map's bucket", addr, "its chain leads back to it");
            return walk.found.errors.push(error);
        }
        steps += 1;
        if steps == most_steps {
            (remembered, steps, most_steps) = (addr, 0, most_steps.saturating_mul(2));
        }
        match walk.reader.bytes(addr, slots.size, slots.size) {
            Ok(next) => bytes = next.into(),
            Err(error) => return walk.found.errors.push(error),
        }
    }
}
