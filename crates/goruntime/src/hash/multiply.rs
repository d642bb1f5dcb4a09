//! The hash of processors without AES instructions that Go uses, after wyhash: `runtime/hash64.go` (go1.18 ..
//! go1.26), `internal/runtime/maps/runtime_hash64.go` (go1.27).

use adit_arch::ByteOrder;

use crate::Release;

/// What Go 1.22 and older mix in where later releases have random words (m1 .. m4).
const FIXED: [u64; 4] = [0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3];
/// m5, of all releases.
const M5: u64 = 0x1d8e4e27c47d124f;

/// Such hashes of one process.
#[derive(Clone, Debug)]
pub(super) struct MultiplyHash {
    keys: [u64; 4],
    order: ByteOrder,
}

impl MultiplyHash {
    /// `words` is `runtime.hashkey`, of which Go 1.22 and older use the first only.
    pub(super) fn new(release: Release, words: [u64; 4], order: ByteOrder) -> MultiplyHash {
        let keys = match release < Release(23) {
            true => [words[0] ^ FIXED[0], FIXED[1], FIXED[2], FIXED[3]],
            false => words,
        };
        MultiplyHash { keys, order }
    }

    /// `memhash`, and of 4 and 8 bytes `memhash32` and `memhash64` as well.
    pub(super) fn memory(&self, seed: u64, data: &[u8]) -> u64 {
        let (mut seed, len) = (seed ^ self.keys[0], data.len());
        let (four, eight) =
            (|at: usize| self.order.uint(&data[at..at + 4]), |at: usize| self.order.uint(&data[at..at + 8]));
        let (a, b) = match len {
            0 => return seed,
            1..4 => {
                let [first, middle, last] = [0, len >> 1, len - 1].map(|at| u64::from(data[at]));
                (first | middle << 8 | last << 16, 0)
            }
            4..8 => (four(0), four(len - 4)),
            8..=16 => (eight(0), eight(len - 8)),
            _ => {
                seed = self.fold(seed, data);
                (eight(len - 16), eight(len - 8))
            }
        };
        mix(M5 ^ len as u64, mix(a ^ self.keys[1], b ^ seed))
    }

    /// All of more than 16 bytes but the last 16, or fewer.
    fn fold(&self, seed: u64, data: &[u8]) -> u64 {
        let eight = |bytes: &[u8], at: usize| self.order.uint(&bytes[at..at + 8]);
        let mut rest = data;
        let mut seeds = [seed; 3];
        while rest.len() > 48 {
            for (i, seed) in seeds.iter_mut().enumerate() {
                *seed = mix(eight(rest, 16 * i) ^ self.keys[1 + i], eight(rest, 16 * i + 8) ^ *seed);
            }
            rest = &rest[48..];
        }
        let mut seed = if data.len() > 48 { seeds[0] ^ seeds[1] ^ seeds[2] } else { seed };
        while rest.len() > 16 {
            seed = mix(eight(rest, 0) ^ self.keys[1], eight(rest, 8) ^ seed);
            rest = &rest[16..];
        }
        seed
    }
}

/// Both halves of the product, one upon the other.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}
