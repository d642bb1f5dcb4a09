//! 32-bit x86. DWARF numbers: System V psABI, Intel386 supplement, table 2.14. Go keeps neither a frame pointer
//! nor `g` in a register there (`cmd/internal/obj/x86/a.out.go`).

use super::{control, general, vector};
use crate::{Arch, ByteOrder, RegisterId, RegisterInfo};

/// The program counter and the stack pointer first, then by DWARF number.
static REGISTERS: [RegisterInfo; 35] = [
    general("Eip", 8, 4),
    general("Esp", 4, 4),
    general("Eax", 0, 4),
    general("Ecx", 1, 4),
    general("Edx", 2, 4),
    general("Ebx", 3, 4),
    general("Ebp", 5, 4),
    general("Esi", 6, 4),
    general("Edi", 7, 4),
    general("Eflags", 9, 4),
    vector("ST(0)", 11, 10),
    vector("ST(1)", 12, 10),
    vector("ST(2)", 13, 10),
    vector("ST(3)", 14, 10),
    vector("ST(4)", 15, 10),
    vector("ST(5)", 16, 10),
    vector("ST(6)", 17, 10),
    vector("ST(7)", 18, 10),
    vector("XMM0", 21, 16),
    vector("XMM1", 22, 16),
    vector("XMM2", 23, 16),
    vector("XMM3", 24, 16),
    vector("XMM4", 25, 16),
    vector("XMM5", 26, 16),
    vector("XMM6", 27, 16),
    vector("XMM7", 28, 16),
    control("CW", 37, 2),
    control("SW", 38, 2),
    control("MXCSR", 39, 4),
    general("Es", 40, 4),
    general("Cs", 41, 4),
    general("Ss", 42, 4),
    general("Ds", 43, 4),
    general("Fs", 44, 4),
    general("Gs", 45, 4),
];

/// 32-bit x86: Go's `386`.
pub static I386: Arch = Arch {
    name: "386",
    pointer_size: 4,
    byte_order: ByteOrder::Little,
    min_instruction: 1,
    breakpoint: &[0xcc],
    pc_after_breakpoint: 1,
    call_pushes_return: true,
    registers: &REGISTERS,
    aliases: &[],
    pc: RegisterId(0),
    sp: RegisterId(1),
    fp: None,
    lr: None,
    g: None,
    closure: Some(RegisterId(4)),
};
