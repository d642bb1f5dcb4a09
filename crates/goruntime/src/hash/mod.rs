//! The hashes of map keys, as the runtime of the target computes them: `runtime/alg.go` and the files it names.
//!
//! A [`MapHasher`] holds what is random in one process. It hashes stretches of memory, floating-point numbers and
//! what interfaces hold; which of these a key consists of, its type says.

mod aes;
mod multiply;

use adit_arch::ByteOrder;
use adit_process::{Addr, Memory};

use crate::reader::Reader;
use crate::{GoRuntime, Release};
use aes::AesHash;
use multiply::MultiplyHash;

/// Constants of `runtime/alg.go` with 64-bit pointers (c0, c1).
const C0: u64 = 33054211828000289;
const C1: u64 = 23344194077549503;

/// Whose AES instructions they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flavor {
    /// x86.
    X86,
    /// Arm.
    Arm {
        /// Are the columns mixed after the last round of 16 bytes and less? Since Go 1.21.
        mixes_last: bool,
        /// Is a 32-bit key put into the upper half of the seed, rather than behind it? Until Go 1.26.
        cuts_seed: bool,
    },
}

/// The hash functions of one process.
#[derive(Clone, Debug)]
pub struct MapHasher {
    order: ByteOrder,
    algorithm: Algorithm,
}

#[derive(Clone, Debug)]
enum Algorithm {
    Aes(AesHash),
    Multiply(MultiplyHash),
}

impl GoRuntime {
    /// The hash functions of the process with this memory. `None` if they are not known: with 32-bit pointers, in
    /// releases that the layouts do not know, without the runtime's symbols, or when their random parts cannot be
    /// read.
    pub fn map_hasher(&self, memory: &dyn Memory) -> Option<MapHasher> {
        let (arch, release) = (self.layout.arch, self.layout.release);
        if arch.pointer_size != 8 || !release.is_known() {
            return None;
        }
        let reader = Reader::new(memory, arch);
        let uses_aes = |addr: Addr| reader.uint(addr, 1).map(|flag| flag != 0);
        let flavor = match arch.name {
            "amd64" => Some(Flavor::X86),
            "arm64" => {
                Some(Flavor::Arm { mixes_last: release >= Release(21), cuts_seed: release < Release(27) })
            }
            _ => None,
        };
        let algorithm = match flavor {
            Some(flavor) if uses_aes(self.globals.use_aes_hash?).ok()? => {
                let mut schedule = [0; aes::KEY_BYTES];
                memory.read(self.globals.aes_key_schedule?, &mut schedule).ok()?;
                Algorithm::Aes(AesHash::new(flavor, &schedule))
            }
            _ => {
                let words = reader.pointers(self.globals.hash_key?, 4, 4).ok()?;
                let words = <[Addr; 4]>::try_from(words).ok()?.map(|word| word.0);
                Algorithm::Multiply(MultiplyHash::new(release, words, arch.byte_order))
            }
        };
        Some(MapHasher { order: arch.byte_order, algorithm })
    }
}

impl MapHasher {
    /// `memhash`: of bytes as they are in the target's memory.
    pub fn memory(&self, seed: u64, data: &[u8]) -> u64 {
        match &self.algorithm {
            Algorithm::Aes(hash) => hash.memory(seed, data),
            Algorithm::Multiply(hash) => hash.memory(seed, data),
        }
    }

    /// `memhash32` and `memhash64` of 4 and of 8 bytes, `memhash` of others.
    pub fn sized_memory(&self, seed: u64, data: &[u8]) -> u64 {
        match (&self.algorithm, data.len()) {
            (Algorithm::Aes(hash), 4 | 8) => hash.word(seed, data),
            _ => self.memory(seed, data),
        }
    }

    /// `f32hash` and `f64hash` of 4 and of 8 bytes. `None` for NaN, whose hashes are random, and other sizes.
    pub fn float(&self, seed: u64, data: &[u8]) -> Option<u64> {
        let bits = self.order.uint(data);
        let number = match data.len() {
            4 => f64::from(f32::from_bits(bits as u32)),
            8 => f64::from_bits(bits),
            _ => return None,
        };
        match number {
            number if number.is_nan() => None,
            0.0 => Some(C1.wrapping_mul(C0 ^ seed)),
            _ => Some(self.memory(seed, data)),
        }
    }

    /// `nilinterhash` and `interhash` of an interface that is not nil, given the hash of what it holds by a seed.
    pub fn interface<E>(
        seed: u64,
        held: impl FnOnce(u64) -> Result<Option<u64>, E>,
    ) -> Result<Option<u64>, E> {
        Ok(held(seed ^ C0)?.map(|hash| C1.wrapping_mul(hash)))
    }
}
