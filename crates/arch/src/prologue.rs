//! Where a Go function's prologue ends, by the shape of its code: for binaries whose DWARF line table is absent
//! or not yet read. Each instruction set's shapes are in a module of its own.

mod ppc64;
mod s390x;
mod x86;

use crate::Arch;

/// Offset in bytes, from the start of `code` (a Go function's instructions at `entry`), of the first instruction
/// after the stack check and the frame set-up, as the line table's `prologue_end` names it. 0 if there is no
/// prologue to skip.
pub fn end(arch: &Arch, entry: u64, code: &[u8]) -> usize {
    match arch.name {
        "amd64" | "386" => x86::end(arch, entry, code),
        "ppc64" | "ppc64le" => ppc64::end(arch, entry, code),
        "s390x" => s390x::end(arch, code),
        _ => 0,
    }
}
