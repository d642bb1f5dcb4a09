//! The hashes that are made of AES rounds, as amd64 and arm64 have them: `aeshashbody` and its like in
//! `runtime/asm_amd64.s` and `runtime/asm_arm64.s` (go1.18 .. go1.26), `internal/runtime/maps/memhash_*.s` (go1.27).
//!
//! Both cut the data into one, two, four or eight lanes of 16 bytes that may overlap, each with a seed of its own,
//! scramble each three times and combine them. They differ in what the instructions do: x86's AESENC adds the key
//! after the round, Arm's AESE before it and leaves the mixing of columns to AESMC.

use super::Flavor;

/// An AES state or round key; bytes 0 to 3 are its first column.
type Block = [u8; 16];

/// Bytes of `runtime.aeskeysched` with 64-bit pointers (hashRandomBytes).
pub(super) const KEY_BYTES: usize = 128;
/// Longer data than this goes through the lanes again and again.
const LONG: usize = 128;

/// AES hashes of one process.
#[derive(Clone, Debug)]
pub(super) struct AesHash {
    flavor: Flavor,
    keys: [Block; KEY_BYTES / 16],
}

impl AesHash {
    pub(super) fn new(flavor: Flavor, schedule: &[u8; KEY_BYTES]) -> AesHash {
        AesHash { flavor, keys: std::array::from_fn(|i| block(&schedule[16 * i..])) }
    }

    /// `memhash32` and `memhash64`, of 4 or 8 bytes of little-endian data.
    pub(super) fn word(&self, seed: u64, data: &[u8]) -> u64 {
        let mut state = [0; 16];
        state[..8].copy_from_slice(&seed.to_le_bytes());
        let place = match self.flavor {
            Flavor::Arm { cuts_seed: true, .. } => data.len(),
            _ => 8,
        };
        state[place..place + data.len()].copy_from_slice(data);
        match self.flavor {
            Flavor::X86 => low(self.keys[..3].iter().fold(state, |state, key| round_x86(state, *key))),
            Flavor::Arm { .. } => low(rounds_arm(state, self.keys[0], false)),
        }
    }

    /// `memhash`.
    pub(super) fn memory(&self, seed: u64, data: &[u8]) -> u64 {
        match self.flavor {
            Flavor::X86 => self.memory_x86(seed, data),
            Flavor::Arm { mixes_last, .. } => self.memory_arm(seed, data, mixes_last),
        }
    }

    fn memory_x86(&self, seed: u64, data: &[u8]) -> u64 {
        let mut start = [0; 16];
        start[..8].copy_from_slice(&seed.to_le_bytes());
        let len = (data.len() as u16).to_le_bytes();
        start[8..].chunks_exact_mut(2).for_each(|half| half.copy_from_slice(&len));
        let scrambled = |block: Block| round_x86(block, block);
        let seeds = self.keys.map(|key| scrambled(xor(start, key)));
        if data.is_empty() {
            return low(scrambled(seeds[0]));
        }
        let mut lanes: Vec<Block> =
            lanes(data, pad_end).zip(seeds).map(|(lane, seed)| xor(lane, seed)).collect();
        for part in long_parts(data) {
            for (lane, bytes) in lanes.iter_mut().zip(part.chunks_exact(16)) {
                *lane = round_x86(scrambled(*lane), block(bytes));
            }
        }
        let scrambled = lanes.into_iter().map(|lane| scrambled(scrambled(scrambled(lane))));
        low(scrambled.fold([0; 16], xor))
    }

    fn memory_arm(&self, seed: u64, data: &[u8], mixes_last: bool) -> u64 {
        let mut start = [0; 16];
        start[..8].copy_from_slice(&seed.to_le_bytes());
        start[8..].copy_from_slice(&(data.len() as u64).to_le_bytes());
        let seeds = self.keys.map(|key| mix_columns(round_arm(key, start)));
        if data.is_empty() {
            return low(seeds[0]);
        }
        let lanes: Vec<Block> = lanes(data, pad_within).collect();
        let mixes_last = mixes_last && lanes.len() == 1;
        if data.len() <= LONG {
            let lanes = lanes.into_iter().zip(seeds).map(|(lane, seed)| rounds_arm(lane, seed, mixes_last));
            return low(lanes.fold([0; 16], xor));
        }
        // Here the seeds are the states, and the data the keys.
        let mut states: Vec<(Block, Block)> = seeds.into_iter().zip(lanes).collect();
        for part in long_parts(data) {
            for ((state, key), bytes) in states.iter_mut().zip(part.chunks_exact(16)) {
                *state = mix_columns(round_arm(*state, *key));
                *key = block(bytes);
                *state = mix_columns(round_arm(*state, *key));
            }
        }
        low(states.into_iter().map(|(state, key)| rounds_arm(state, key, false)).fold([0; 16], xor))
    }
}

/// The data's lanes: the first half counted from its start and the second from its end, all from its end if it is
/// long. `pad` fills up what is shorter than a lane.
fn lanes(data: &[u8], pad: fn(&[u8]) -> Block) -> impl Iterator<Item = Block> {
    let count = match data.len() {
        ..=16 => 1,
        17..=32 => 2,
        33..=64 => 4,
        _ => 8,
    };
    (0..count).map(move |i| match data.len() {
        ..16 => pad(data),
        len if i < count / 2 && len <= LONG => block(&data[16 * i..]),
        len => block(&data[len - 16 * (count - i)..]),
    })
}

/// What goes through the lanes besides the end of long data: all whole 128 bytes, but none that the end is all of.
fn long_parts(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.chunks_exact(LONG).take(if data.len() > LONG { (data.len() - 1) / LONG } else { 0 })
}

/// Fewer than 16 bytes, with zeros behind.
fn pad_end(data: &[u8]) -> Block {
    let mut padded = [0; 16];
    padded[..data.len()].copy_from_slice(data);
    padded
}

/// Fewer than 16 bytes as arm64 loads them: 8, 4, 2 and 1 of them, where the length has that bit, each at a place of
/// its own.
fn pad_within(data: &[u8]) -> Block {
    let (mut padded, mut rest) = ([0; 16], data);
    for (size, place) in [(8, 0), (4, 8), (2, 12), (1, 14)] {
        if data.len() & size != 0 {
            let (now, later) = rest.split_at(size);
            padded[place..place + size].copy_from_slice(now);
            rest = later;
        }
    }
    padded
}

/// The first 16 of at least as many bytes.
fn block(bytes: &[u8]) -> Block {
    std::array::from_fn(|i| bytes[i])
}

fn low(block: Block) -> u64 {
    block[..8].iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn xor(a: Block, b: Block) -> Block {
    std::array::from_fn(|i| a[i] ^ b[i])
}

/// AESENC.
fn round_x86(state: Block, key: Block) -> Block {
    xor(mix_columns(substitute_and_shift(state)), key)
}

/// AESE.
fn round_arm(state: Block, key: Block) -> Block {
    substitute_and_shift(xor(state, key))
}

/// AESE and AESMC, three times, the last time perhaps without AESMC.
fn rounds_arm(state: Block, key: Block, mixes_last: bool) -> Block {
    let state = mix_columns(round_arm(state, key));
    let state = round_arm(mix_columns(round_arm(state, key)), key);
    if mixes_last { mix_columns(state) } else { state }
}

/// SubBytes and ShiftRows (FIPS 197 §5.1.1, §5.1.2): row `r` moves `r` columns to the left.
fn substitute_and_shift(state: Block) -> Block {
    std::array::from_fn(|i| S_BOX[usize::from(state[(i + 4 * (i % 4)) % 16])])
}

/// MixColumns (FIPS 197 §5.1.3).
fn mix_columns(state: Block) -> Block {
    std::array::from_fn(|i| {
        let at = |row: usize| state[i / 4 * 4 + (i + row) % 4];
        double(at(0)) ^ double(at(1)) ^ at(1) ^ at(2) ^ at(3)
    })
}

/// Multiplication by x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197 §4.2.1).
const fn double(byte: u8) -> u8 {
    (byte << 1) ^ (0x1b * (byte >> 7))
}

/// SubBytes' table (FIPS 197 §5.1.1): the inverse in GF(2^8), and an affine transformation of it. Powers of the
/// generator 3 and of its inverse, 0xf6, give all pairs of inverses.
const S_BOX: [u8; 256] = {
    let mut table = [0x63; 256];
    let (mut power, mut inverse) = (1_u8, 1_u8);
    let mut i = 0;
    while i < 255 {
        let b = inverse;
        table[power as usize] =
            b ^ b.rotate_left(1) ^ b.rotate_left(2) ^ b.rotate_left(3) ^ b.rotate_left(4) ^ 0x63;
        power ^= double(power);
        // Division by 3: multiplication by 0xf6 is that by 1 + x, undone.
        inverse ^= inverse << 1;
        inverse ^= inverse << 2;
        inverse ^= inverse << 4;
        if inverse & 0x80 != 0 {
            inverse ^= 0x09;
        }
        i += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_round_is_that_of_the_standard() {
        // FIPS 197, appendix B: round 1.
        let bytes = |text: &str| -> Block {
            std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        };
        let start = bytes("193de3bea0f4e22b9ac68d2ae9f84808");
        let shifted = bytes("d4bf5d30e0b452aeb84111f11e2798e5");
        let mixed = bytes("046681e5e0cb199a48f8d37a2806264c");
        let key = bytes("a0fafe1788542cb123a339392a6c7605");
        assert_eq!(substitute_and_shift(start), shifted);
        assert_eq!(mix_columns(shifted), mixed);
        assert_eq!(round_x86(start, key), bytes("a49c7ff2689f352b6b5bea43026a5049"));
        assert_eq!((S_BOX[0], S_BOX[1], S_BOX[255]), (0x63, 0x7c, 0x16));
    }

    #[test]
    fn arm_hashes_are_those_of_go_programs() {
        // What Go 1.19 and 1.27 compute for arm64, with these bytes for key schedule and data.
        let byte = |a: usize, b: usize, c: usize| move |i: usize| (a * i * i + b * i + c) as u8;
        let schedule: [u8; KEY_BYTES] = std::array::from_fn(byte(3, 11, 5));
        let data: Vec<u8> = (0..600).map(byte(1, 7, 3)).collect();
        let seed = 0x0123456789abcdef;
        let of = |mixes_last, cuts_seed| AesHash::new(Flavor::Arm { mixes_last, cuts_seed }, &schedule);
        let (older, newer) = (of(false, true), of(true, false));
        for (len, hash_of_older, hash_of_newer) in [
            (1, 0xff1a895f76ee9fb0, 0x97f887db5672ca59),
            (2, 0x654944c6ca3f1f4a, 0x96bff077716eff40),
            (3, 0x261f2a05e76bba09, 0x767b564d1f573c4b),
            (7, 0x7c7628a34e13b4f9, 0x58e3152f2bb9f173),
            (8, 0x754cc64a44eaeabd, 0xbe8b7cfc545413ea),
            (13, 0xa1a998286b73a2e9, 0x100142eb2710482c),
            (15, 0xbc000448833f30eb, 0xbf93fc20343b4921),
            (16, 0x08cec735d5fe4842, 0x466de1fec1891e77),
        ] {
            let hashes = (older.memory(seed, &data[..len]), newer.memory(seed, &data[..len]));
            assert_eq!(hashes, (hash_of_older, hash_of_newer), "{len} bytes");
        }
        for (len, hash) in [
            (0, 0xaabcd594b1315842),
            (17, 0x5d93c78e81777650),
            (32, 0x3d92a788ef0d25fb),
            (33, 0x3113b63b2efba169),
            (64, 0xb83181c4e0d9ef41),
            (65, 0x513df6ac8eeae4ab),
            (128, 0x8155d42cc069db8a),
            (129, 0x1407680a7d35467b),
            (256, 0x35506c1cd31cd48a),
            (257, 0xe8c703c5d283bf04),
            (600, 0x9660129c080f2af9),
        ] {
            let hashes = (older.memory(seed, &data[..len]), newer.memory(seed, &data[..len]));
            assert_eq!(hashes, (hash, hash), "{len} bytes");
        }
        let words = |hash: &AesHash| (hash.word(seed, &data[..4]), hash.word(seed, &data[..8]));
        assert_eq!(words(&older), (0xdedf596a4874b813, 0x9303be8a3bc20da1));
        assert_eq!(words(&newer), (0x133b03643ad50067, 0x9303be8a3bc20da1));
    }
}
