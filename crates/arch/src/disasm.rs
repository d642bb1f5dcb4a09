//! Machine code as text, and as what it does to the program counter.

use crate::Arch;

/// How assembler text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Flavor {
    /// GNU binutils' (AT&T on x86).
    Gnu,
    /// Intel's: what Delve shows unless told otherwise.
    #[default]
    Intel,
    /// The Go assembler's.
    Go,
}

/// What an instruction does to control flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Goes on to the next instruction.
    Next,
    /// A call; the target if it is in the instruction itself.
    Call(Option<u64>),
    /// An unconditional jump; the target if it is in the instruction itself.
    Jump(Option<u64>),
    /// A conditional jump to this target.
    Branch(u64),
    /// A return to the caller.
    Return,
    /// A trap into the debugger (`int3`, `brk`).
    Breakpoint,
    /// A system call.
    Syscall,
    /// Never goes on (`ud2`, `hlt`) or is not an instruction.
    Stop,
}

/// One decoded instruction.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Where it stands.
    pub addr: u64,
    /// Its length in bytes; 1 (or the architecture's quantum) when the bytes are no instruction.
    pub len: usize,
    /// What it does to control flow.
    pub flow: Flow,
}

/// Decodes the instruction at `addr`, whose bytes (and possibly more) are `code`. `None` where the architecture
/// has no decoder or the bytes are cut off.
pub fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let _ = (arch, addr, code);
    None
}

/// The text of the instruction at `addr`. `symbol` names a target address (`runtime.morestack`), with the
/// offset into it, as the text shows it.
pub fn text(
    arch: &Arch,
    addr: u64,
    code: &[u8],
    flavor: Flavor,
    symbol: &dyn Fn(u64) -> Option<(String, u64)>,
) -> String {
    let _ = (arch, addr, code, flavor, symbol);
    String::new()
}
