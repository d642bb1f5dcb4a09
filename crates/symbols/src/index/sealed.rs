//! Bytes divided into blocks, each with a checksum that is verified when the block is first touched: a large file is
//! opened without reading it, and no damaged part of it is ever believed.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of one block. Small enough that a lookup, which touches some tens of blocks, verifies next to nothing.
pub(super) const BLOCK: usize = 16 << 10;

/// The bytes contradict their checksum, or each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Store {
    /// A file of the cache, mapped.
    Mapped(memmap2::Mmap),
    /// Memory.
    Owned(Vec<u8>),
}

impl Store {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Store::Mapped(map) => map,
            Store::Owned(bytes) => bytes,
        }
    }
}

/// Bytes with the checksums of their blocks.
#[derive(Debug)]
pub(super) struct Sealed {
    store: Store,
    /// Where in the store the blocks are.
    payload: Range<usize>,
    sums: Vec<u64>,
    /// One bit for each block: it was verified.
    verified: Vec<AtomicU64>,
}

impl Sealed {
    /// `None` if there is not one checksum for each block of `payload`.
    pub(super) fn new(store: Store, payload: Range<usize>, sums: Vec<u64>) -> Option<Sealed> {
        let bytes = store.bytes().get(payload.clone())?;
        if sums.len() != bytes.len().div_ceil(BLOCK) {
            return None;
        }
        let verified = (0..sums.len().div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Some(Sealed { store, payload, sums, verified })
    }

    /// Bytes of the payload, after verifying the blocks they are in.
    pub(super) fn get(&self, range: Range<usize>) -> Result<&[u8], Damaged> {
        let payload = self.store.bytes().get(self.payload.clone()).ok_or(Damaged)?;
        let bytes = payload.get(range.clone()).ok_or(Damaged)?;
        if !bytes.is_empty() {
            for block in range.start / BLOCK..=(range.end - 1) / BLOCK {
                self.verify(payload, block)?;
            }
        }
        Ok(bytes)
    }

    fn verify(&self, payload: &[u8], block: usize) -> Result<(), Damaged> {
        let (Some(word), bit) = (self.verified.get(block / 64), 1 << (block % 64)) else {
            return Err(Damaged);
        };
        // Relaxed: the bytes never change, so nothing is ordered by this.
        if word.load(Ordering::Relaxed) & bit != 0 {
            return Ok(());
        }
        let start = block * BLOCK;
        let bytes = payload.get(start..payload.len().min(start + BLOCK)).ok_or(Damaged)?;
        if self.sums.get(block) != Some(&checksum(bytes)) {
            return Err(Damaged);
        }
        word.fetch_or(bit, Ordering::Relaxed);
        Ok(())
    }
}

/// The checksums of all blocks.
pub(super) fn block_sums(payload: &[u8]) -> Vec<u64> {
    payload.chunks(BLOCK).map(checksum).collect()
}

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// A checksum of 64 bits, in four lanes that the processor works on at once. Each step is reversible, so no change
/// of a single word goes unnoticed. It is part of the file's format.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let mut digest = Digest::default();
    digest.add(bytes);
    digest.finish()[0]
}

/// A digest of bytes that come in pieces; 128 bits of it count where files are told apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digest {
    lanes: [u64; 4],
    length: u64,
    rest: Vec<u8>,
}

impl Digest {
    /// Adds bytes. How they are divided into pieces makes no difference.
    pub(crate) fn add(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        if !self.rest.is_empty() {
            let missing = bytes.len().min(32 - self.rest.len());
            self.rest.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if self.rest.len() < 32 {
                return;
            }
            let full = std::mem::take(&mut self.rest);
            self.add_stripes(&full);
        }
        let whole = bytes.len() / 32 * 32;
        self.add_stripes(&bytes[..whole]);
        self.rest.extend_from_slice(&bytes[whole..]);
    }

    fn add_stripes(&mut self, bytes: &[u8]) {
        let mut lanes = self.lanes;
        for stripe in bytes.as_chunks::<32>().0 {
            for (lane, word) in lanes.iter_mut().zip(stripe.as_chunks::<8>().0) {
                *lane = (*lane ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR).rotate_left(29);
            }
        }
        self.lanes = lanes;
    }

    /// The digest of all that was added.
    pub(crate) fn finish(mut self) -> [u64; 2] {
        let mut last = std::mem::take(&mut self.rest);
        last.resize(32, 0);
        self.add_stripes(&last);
        let fold = |seed: u64| {
            let mixed = self.lanes.iter().fold(seed ^ self.length, |hash, lane| {
                let hash = (hash ^ lane).wrapping_mul(FACTOR);
                hash ^ hash >> 32
            });
            (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        [fold(0), fold(FACTOR)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_bit_is_found() {
        let bytes: Vec<u8> = (0..BLOCK as u32 + 100).map(|number| (number * 7) as u8).collect();
        for at in (0..bytes.len()).step_by(97) {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let sealed = Sealed::new(Store::Owned(changed), 0..bytes.len(), block_sums(&bytes)).unwrap();
                assert_eq!(sealed.get(at..at + 1), Err(Damaged));
                let other = if at < BLOCK { BLOCK } else { 0 };
                assert_eq!(sealed.get(other..other + 10).map(<[u8]>::len), Ok(10));
            }
        }
    }

    #[test]
    fn pieces_make_no_difference() {
        let bytes: Vec<u8> = (0..1000u32).map(|number| ((number * 31) >> 2) as u8).collect();
        let mut whole = Digest::default();
        whole.add(&bytes);
        for size in [1, 5, 31, 32, 33, 100] {
            let mut pieces = Digest::default();
            bytes.chunks(size).for_each(|piece| pieces.add(piece));
            assert_eq!(pieces.finish(), whole.clone().finish(), "{size}");
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_damage() {
        let sealed = Sealed::new(Store::Owned(vec![1; 10]), 0..10, block_sums(&[1; 10])).unwrap();
        assert_eq!(sealed.get(0..10).map(<[u8]>::len), Ok(10));
        assert_eq!(sealed.get(5..11), Err(Damaged));
        assert_eq!(sealed.get(11..11), Err(Damaged));
        assert!(Sealed::new(Store::Owned(vec![1; 10]), 0..10, vec![]).is_none());
        assert!(Sealed::new(Store::Owned(vec![1; 10]), 0..11, vec![0]).is_none());
    }
}
