//! IBM Z. DWARF numbers: ELF ABI s390x supplement, "DWARF Register Number Mapping" (the floating-point ones are
//! interleaved). Go's roles: `cmd/internal/obj/s390x/a.out.go`.

use super::{general, vector};
use crate::{Arch, ByteOrder, RegisterId, RegisterInfo};

/// The program counter and the stack pointer first, then by DWARF number.
static REGISTERS: [RegisterInfo; 34] = [
    general("PC", 65, 8),
    general("R15", 15, 8),
    general("R0", 0, 8),
    general("R1", 1, 8),
    general("R2", 2, 8),
    general("R3", 3, 8),
    general("R4", 4, 8),
    general("R5", 5, 8),
    general("R6", 6, 8),
    general("R7", 7, 8),
    general("R8", 8, 8),
    general("R9", 9, 8),
    general("R10", 10, 8),
    general("R11", 11, 8),
    general("R12", 12, 8),
    general("R13", 13, 8),
    general("R14", 14, 8),
    vector("F0", 16, 8),
    vector("F2", 17, 8),
    vector("F4", 18, 8),
    vector("F6", 19, 8),
    vector("F1", 20, 8),
    vector("F3", 21, 8),
    vector("F5", 22, 8),
    vector("F7", 23, 8),
    vector("F8", 24, 8),
    vector("F10", 25, 8),
    vector("F12", 26, 8),
    vector("F14", 27, 8),
    vector("F9", 28, 8),
    vector("F11", 29, 8),
    vector("F13", 30, 8),
    vector("F15", 31, 8),
    general("PSWM", 64, 8),
];

/// IBM Z. The breakpoint is Go's `BRRK`, the two bytes 00 01, after which the PC stands behind them.
pub static S390X: Arch = Arch {
    name: "s390x",
    pointer_size: 8,
    byte_order: ByteOrder::Big,
    min_instruction: 2,
    breakpoint: &[0x00, 0x01],
    pc_after_breakpoint: 2,
    call_pushes_return: false,
    registers: &REGISTERS,
    aliases: &[("SP", RegisterId(1)), ("LR", RegisterId(16))],
    pc: RegisterId(0),
    sp: RegisterId(1),
    fp: None,
    lr: Some(RegisterId(16)),
    g: Some(RegisterId(15)),
    closure: Some(RegisterId(14)),
};
