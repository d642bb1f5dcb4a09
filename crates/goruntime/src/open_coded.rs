//! Deferred calls that the compiler open-coded in their function (`runtime/panic.go`): on no list, but a byte of the frame
//! has a bit for each that waits, and the frame a slot for its closure.

use adit_arch::Arch;
use adit_process::{Addr, Memory};

use crate::layout::Release;
use crate::reader::Reader;
use crate::{GoRuntime, RuntimeError};

/// From this minor release on, the slots are one behind the other (`initOpenCodedDefers`, go1.22).
const FIRST_ADJACENT: u16 = 22;
/// There are eight bits (`maxOpenDefers` of `cmd/compile/internal/ssagen/ssa.go`).
const MOST: u32 = 8;

/// Where a function keeps its open-coded deferred calls, in bytes from the CFA of its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCodedDefers {
    /// The byte with a bit for each call that waits.
    pub bits: i64,
    /// The slots of the closures, by number of the bit.
    pub slots: Vec<i64>,
}

/// An open-coded deferred call that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenCodedDefer {
    /// Where its closure is kept, in bytes from the CFA of its frame.
    pub slot: i64,
    /// The closure to call: a `func()`.
    pub closure: Addr,
    /// Entry of the closure's code.
    pub code: Addr,
}

impl OpenCodedDefers {
    /// Decodes a function's FUNCDATA_OpenCodedDeferInfo (`emitOpenDeferInfo` of `cmd/compile/internal/ssagen/ssa.go`).
    /// Up to go1.21 these are, as varints: the offset of the bits below the variables' upper end, the number of calls, and
    /// the offsets of their slots, last first. Since go1.22: the offsets of the bits and of the first slot.
    fn decode(data: &[u8], release: Release, arch: &Arch) -> Option<OpenCodedDefers> {
        let mut data = data;
        let top = variables_end(arch);
        let mut next = || uvarint(&mut data).map(i64::from);
        let bits = top - next()?;
        let slots = if release.0 >= FIRST_ADJACENT {
            let first = top - next()?;
            (0..MOST).map(|i| first + i64::from(i) * i64::from(arch.pointer_size)).collect()
        } else {
            let count = next().filter(|count| *count <= i64::from(MOST))?;
            let mut slots = (0..count).map(|_| Some(top - next()?)).collect::<Option<Vec<i64>>>()?;
            slots.reverse();
            slots
        };
        Some(OpenCodedDefers { bits, slots })
    }
}

impl GoRuntime {
    /// What FUNCDATA_OpenCodedDeferInfo says of a function; `None` if it is damaged.
    pub fn open_coded_defers(&self, data: &[u8]) -> Option<OpenCodedDefers> {
        OpenCodedDefers::decode(data, self.layout.release, self.layout.arch)
    }

    /// The calls that wait in the frame with this CFA, the next to run first.
    pub fn waiting_open_coded(
        &self,
        memory: &dyn Memory,
        defers: &OpenCodedDefers,
        cfa: Addr,
    ) -> Result<Vec<OpenCodedDefer>, RuntimeError> {
        let reader = Reader::new(memory, self.layout.arch);
        let bits = reader.uint(cfa.offset(defers.bits), 1)?;
        let mut waiting = Vec::new();
        for (_, &slot) in defers.slots.iter().enumerate().rev().filter(|(i, _)| bits >> i & 1 == 1) {
            let closure = reader.pointer(cfa.offset(slot))?;
            waiting.push(OpenCodedDefer { slot, closure, code: reader.pointer(closure)? });
        }
        Ok(waiting)
    }
}

/// The upper end of a frame's variables (`varp` of `runtime/traceback.go`, go1.27), in bytes from the CFA: below the return
/// address where calls push it, and the caller's frame pointer where it is saved. (On arm64 it is saved elsewhere, but room
/// is left for it.)
fn variables_end(arch: &Arch) -> i64 {
    let words = i64::from(arch.call_pushes_return) + i64::from(arch.fp.is_some());
    -words * i64::from(arch.pointer_size)
}

/// Takes a varint from the beginning (`readvarintUnsafe`).
fn uvarint(data: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = data.split_first()?;
        *data = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(data: &[u8], release: u16, arch: &str) -> Option<OpenCodedDefers> {
        OpenCodedDefers::decode(
            data,
            Release(release),
            adit_arch::ALL.iter().find(|known| known.name == arch).unwrap(),
        )
    }

    #[test]
    fn slots_were_listed_before_they_were_adjacent() {
        let found = decode(&[1, 2, 0x18, 0x90, 0x01], 19, "amd64").unwrap();
        assert_eq!(found, OpenCodedDefers { bits: -17, slots: vec![-16 - 0x90, -16 - 0x18] });
        let found = decode(&[1, 0x18, 99], 22, "amd64").unwrap();
        assert_eq!((found.bits, &found.slots[..2]), (-17, &[-40, -32][..]));
        // With a link register there is no return address to back over.
        assert_eq!(decode(&[1, 0x18], 27, "arm64").unwrap().bits, -9);
        assert_eq!(decode(&[1, 0x18], 27, "riscv64").unwrap().bits, -1);
    }

    #[test]
    fn damaged_information_is_refused() {
        assert_eq!(decode(&[], 27, "amd64"), None);
        assert_eq!(decode(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 27, "amd64"), None);
        assert_eq!(decode(&[1, 9], 19, "amd64"), None);
        assert_eq!(decode(&[1, 2, 8], 19, "amd64"), None);
    }
}
