//! The table of architectures.

use crate::RegisterClass::General;
use crate::{Arch, ByteOrder, RegisterId, RegisterInfo};

const fn general(name: &'static str, dwarf: Option<u16>) -> RegisterInfo {
    RegisterInfo { name, dwarf, size: 8, class: General }
}

/// x86-64. DWARF numbers: System V psABI, AMD64 supplement, figure 3.36.
pub static AMD64: Arch = Arch {
    name: "amd64",
    pointer_size: 8,
    byte_order: ByteOrder::Little,
    min_instruction: 1,
    breakpoint: &[0xcc],
    pc_after_breakpoint: 1,
    call_pushes_return: true,
    registers: &[
        general("Rip", Some(16)),
        general("Rsp", Some(7)),
        general("Rax", Some(0)),
        general("Rbx", Some(3)),
        general("Rcx", Some(2)),
        general("Rdx", Some(1)),
        general("Rsi", Some(4)),
        general("Rdi", Some(5)),
        general("Rbp", Some(6)),
        general("R8", Some(8)),
        general("R9", Some(9)),
        general("R10", Some(10)),
        general("R11", Some(11)),
        general("R12", Some(12)),
        general("R13", Some(13)),
        general("R14", Some(14)),
        general("R15", Some(15)),
    ],
    pc: RegisterId(0),
    sp: RegisterId(1),
    fp: Some(RegisterId(8)),
    lr: None,
    g: Some(RegisterId(15)),
    closure: Some(RegisterId(5)),
};

/// The architecture that Go calls `name`.
pub fn by_name(name: &str) -> Option<&'static Arch> {
    [&AMD64].into_iter().find(|arch| arch.name == name)
}
