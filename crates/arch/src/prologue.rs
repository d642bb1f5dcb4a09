//! Where a Go function's prologue ends, by the shape of its code: for binaries whose DWARF line table is absent
//! or not yet read. Each instruction set's shapes are in a module of its own.

mod arm;
mod arm64;
mod link_register;
mod loong64;
mod mips;
mod ppc64;
mod riscv64;
mod s390x;
mod stack_check;
mod x86;

use crate::Arch;

/// Offset in bytes, from the start of `code` (a Go function's instructions at `entry`), of the first instruction
/// after the stack check and the frame set-up, as the line table's `prologue_end` names it. 0 if there is no
/// prologue to skip.
pub fn end(arch: &Arch, entry: u64, code: &[u8]) -> usize {
    match arch.name {
        "amd64" | "386" => x86::end(arch, entry, code),
        "arm64" => arm64::end(code),
        "arm" => arm::end(code),
        "riscv64" => riscv64::end(code),
        "loong64" => loong64::end(code),
        "mips" | "mipsle" | "mips64" | "mips64le" => mips::end(arch, code),
        "ppc64" | "ppc64le" => ppc64::end(arch, entry, code),
        "s390x" => s390x::end(arch, code),
        _ => 0,
    }
}
