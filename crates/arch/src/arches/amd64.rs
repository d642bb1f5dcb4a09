//! x86-64. DWARF numbers: System V psABI, AMD64 supplement, figure 3.36 (FS and GS base 58 and 59, mask
//! registers 118 to 125). Go's roles: `cmd/internal/obj/x86/a.out.go` and `src/cmd/compile/abi-internal.md`.

use super::{control, general, vector};
use crate::{Arch, ByteOrder, RegisterId, RegisterInfo};

/// Rows in the order in which Delve's `regs -a` shows them: six favourites first, then by DWARF number.
static REGISTERS: [RegisterInfo; 77] = [
    general("Rip", 16, 8),
    general("Rsp", 7, 8),
    general("Rax", 0, 8),
    general("Rbx", 3, 8),
    general("Rcx", 2, 8),
    general("Rdx", 1, 8),
    general("Rsi", 4, 8),
    general("Rdi", 5, 8),
    general("Rbp", 6, 8),
    general("R8", 8, 8),
    general("R9", 9, 8),
    general("R10", 10, 8),
    general("R11", 11, 8),
    general("R12", 12, 8),
    general("R13", 13, 8),
    general("R14", 14, 8),
    general("R15", 15, 8),
    vector("XMM0", 17, 16),
    vector("XMM1", 18, 16),
    vector("XMM2", 19, 16),
    vector("XMM3", 20, 16),
    vector("XMM4", 21, 16),
    vector("XMM5", 22, 16),
    vector("XMM6", 23, 16),
    vector("XMM7", 24, 16),
    vector("XMM8", 25, 16),
    vector("XMM9", 26, 16),
    vector("XMM10", 27, 16),
    vector("XMM11", 28, 16),
    vector("XMM12", 29, 16),
    vector("XMM13", 30, 16),
    vector("XMM14", 31, 16),
    vector("XMM15", 32, 16),
    vector("ST(0)", 33, 10),
    vector("ST(1)", 34, 10),
    vector("ST(2)", 35, 10),
    vector("ST(3)", 36, 10),
    vector("ST(4)", 37, 10),
    vector("ST(5)", 38, 10),
    vector("ST(6)", 39, 10),
    vector("ST(7)", 40, 10),
    general("Rflags", 49, 8),
    general("Es", 50, 8),
    general("Cs", 51, 8),
    general("Ss", 52, 8),
    general("Ds", 53, 8),
    general("Fs", 54, 8),
    general("Gs", 55, 8),
    general("Fs_base", 58, 8),
    general("Gs_base", 59, 8),
    control("MXCSR", 64, 4),
    control("CW", 65, 2),
    control("SW", 66, 2),
    vector("XMM16", 67, 16),
    vector("XMM17", 68, 16),
    vector("XMM18", 69, 16),
    vector("XMM19", 70, 16),
    vector("XMM20", 71, 16),
    vector("XMM21", 72, 16),
    vector("XMM22", 73, 16),
    vector("XMM23", 74, 16),
    vector("XMM24", 75, 16),
    vector("XMM25", 76, 16),
    vector("XMM26", 77, 16),
    vector("XMM27", 78, 16),
    vector("XMM28", 79, 16),
    vector("XMM29", 80, 16),
    vector("XMM30", 81, 16),
    vector("XMM31", 82, 16),
    vector("K0", 118, 8),
    vector("K1", 119, 8),
    vector("K2", 120, 8),
    vector("K3", 121, 8),
    vector("K4", 122, 8),
    vector("K5", 123, 8),
    vector("K6", 124, 8),
    vector("K7", 125, 8),
];

/// x86-64. An `XMM` register's value may be 32 or 64 bytes long where the thread uses its AVX or AVX-512 part.
pub static AMD64: Arch = Arch {
    name: "amd64",
    pointer_size: 8,
    byte_order: ByteOrder::Little,
    min_instruction: 1,
    breakpoint: &[0xcc],
    pc_after_breakpoint: 1,
    call_pushes_return: true,
    registers: &REGISTERS,
    aliases: &[("Eflags", RFLAGS)],
    pc: RIP,
    sp: RSP,
    fp: Some(RegisterId(8)),
    lr: None,
    g: Some(RegisterId(15)),
    closure: Some(RegisterId(5)),
};

const RIP: RegisterId = RegisterId(0);
const RSP: RegisterId = RegisterId(1);

/// The flags register's place in [`AMD64`]'s table.
pub const RFLAGS: RegisterId = RegisterId(41);
/// The base of the `fs` segment, where threads hang their local storage.
pub const FS_BASE: RegisterId = RegisterId(48);
/// The base of the `gs` segment.
pub const GS_BASE: RegisterId = RegisterId(49);
