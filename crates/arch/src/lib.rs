//! What a CPU is to a debugger.
//!
//! An [`Arch`] is a table: pointer size, byte order, registers with their DWARF numbers, the breakpoint
//! instruction. [`Registers`] holds one thread's values for such a table, and writes them as users see them.
//! [`disasm`] turns bytes into text and into what matters for control flow; [`prologue`] finds where a function's
//! own code begins; [`displaced`] says how an instruction can be executed elsewhere or without a CPU at all, which
//! is how a thread gets past a breakpoint that stays inserted.
//!
//! Nothing here knows of operating systems, files, or the host this was compiled for.

mod arches;
pub mod disasm;
pub mod displaced;
pub mod prologue;
mod register_text;
mod registers;

pub use arches::{
    ALL, AMD64, ARM, ARM64, FS_BASE, GS_BASE, I386, LOONG64, MIPS, MIPS64, MIPS64LE, MIPSLE, PPC64, PPC64LE,
    RFLAGS, RISCV64, S390X, by_name,
};
pub use register_text::{mxcsr_text, rflags_text};
pub use registers::{RegisterClass, RegisterId, RegisterInfo, Registers};

/// The order of bytes in a target's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl ByteOrder {
    /// Reads an unsigned integer of `bytes.len()` bytes; bytes beyond eight are ignored.
    pub fn uint(self, bytes: &[u8]) -> u64 {
        let add = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
        match self {
            ByteOrder::Little => bytes.iter().take(8).rev().fold(0, add),
            ByteOrder::Big => bytes.iter().take(8).fold(0, add),
        }
    }

    /// Reads a signed integer of `bytes.len()` bytes, sign-extended to 64 bits.
    pub fn int(self, bytes: &[u8]) -> i64 {
        let bits = 8 * bytes.len().clamp(1, 8) as u32;
        (self.uint(bytes) << (64 - bits)).cast_signed() >> (64 - bits)
    }

    /// The low `size` bytes (at most eight) of `value`, as they stand in memory.
    pub fn bytes(self, value: u64, size: usize) -> Vec<u8> {
        match self {
            ByteOrder::Little => value.to_le_bytes()[..size.min(8)].to_vec(),
            ByteOrder::Big => value.to_be_bytes()[8 - size.min(8)..].to_vec(),
        }
    }
}

/// One CPU architecture, as Go names it.
#[derive(Debug)]
pub struct Arch {
    /// Go's name for it (`GOARCH`).
    pub name: &'static str,
    /// Bytes in a pointer: 4 or 8.
    pub pointer_size: u8,
    /// The order of bytes in memory.
    pub byte_order: ByteOrder,
    /// Every instruction starts at a multiple of this many bytes: pclntab's "pc quantum".
    pub min_instruction: u8,
    /// The instruction that traps into the debugger.
    pub breakpoint: &'static [u8],
    /// How far beyond the start of [`Arch::breakpoint`] the PC stands when the trap is reported, in bytes.
    pub pc_after_breakpoint: u8,
    /// Does a CALL push the return address on the stack (x86), rather than put it in a link register?
    pub call_pushes_return: bool,
    /// All registers, in the order in which they are shown.
    pub registers: &'static [RegisterInfo],
    /// Other names under which users ask for a register.
    pub aliases: &'static [(&'static str, RegisterId)],
    /// The program counter.
    pub pc: RegisterId,
    /// The stack pointer.
    pub sp: RegisterId,
    /// The frame pointer, where Go keeps one.
    pub fp: Option<RegisterId>,
    /// The link register, where there is one.
    pub lr: Option<RegisterId>,
    /// The register in which Go's own code keeps the current `g`, where its ABI has one.
    pub g: Option<RegisterId>,
    /// The register that holds the closure context on entry of a closure.
    pub closure: Option<RegisterId>,
}

impl Arch {
    /// The register with DWARF number `number`.
    pub fn by_dwarf(&self, number: u16) -> Option<RegisterId> {
        self.registers.iter().position(|r| r.dwarf == Some(number)).map(|i| RegisterId(i as u8))
    }

    /// The register named `name` (as in [`RegisterInfo::name`] or one of [`Arch::aliases`], case ignored).
    pub fn by_name(&self, name: &str) -> Option<RegisterId> {
        let named = self.registers.iter().position(|r| r.name.eq_ignore_ascii_case(name));
        let alias = || self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name));
        named.map(|i| RegisterId(i as u8)).or_else(|| alias().map(|(_, id)| *id))
    }

    /// Does a register belong to the thread, rather than to the code that happens to run on it: x86's segments, and
    /// where thread-local storage hangs?
    pub fn is_thread_bound(&self, id: RegisterId) -> bool {
        const BOUND: [&str; 9] = ["Cs", "Ds", "Es", "Fs", "Gs", "Ss", "Fs_base", "Gs_base", "Orig_rax"];
        BOUND.contains(&self.info(id).name)
    }

    /// What is known of register `id`.
    pub fn info(&self, id: RegisterId) -> &'static RegisterInfo {
        &self.registers[usize::from(id.0)]
    }
}
