//! Machine code as text, and as what it does to the program counter.
//!
//! Each instruction set is a module with two functions, listed in [`isa`]: one decodes, one writes text in the
//! flavours that the set has. The texts are those of the Go project's `golang.org/x/arch` (vendored in each Go
//! toolchain under `src/cmd/vendor`), because they are what users of Go's tools and of Delve know.

pub(crate) mod arm;
pub(crate) mod arm64;
pub(crate) mod loong64;
mod mips;
mod ppc64;
pub(crate) mod riscv64;
mod row_index;
mod s390x;
mod x86;

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

/// What an instruction does to control flow. Of what depends on a condition only jumps to a known target are a kind
/// of their own: a conditional call is a call, a conditional return a return.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Where it stands.
    pub addr: u64,
    /// Its length in bytes; 1 (or the architecture's quantum) when the bytes are no instruction.
    pub len: usize,
    /// What it does to control flow.
    pub flow: Flow,
}

/// The instruction set of an architecture.
struct Isa {
    decode: fn(&Arch, u64, &[u8]) -> Option<Instruction>,
    text: fn(&Arch, u64, &[u8], Flavor, Symbolizer<'_>) -> String,
}

/// Names a target address, with the offset into what it names.
type Symbolizer<'a> = &'a dyn Fn(u64) -> Option<(String, u64)>;

fn isa(arch: &Arch) -> Option<Isa> {
    match arch.name {
        "amd64" | "386" => Some(Isa { decode: x86::decode, text: x86::text }),
        "arm" => Some(Isa { decode: arm::decode, text: arm::text }),
        "arm64" => Some(Isa { decode: arm64::decode, text: arm64::text }),
        "mips" | "mipsle" | "mips64" | "mips64le" => Some(Isa { decode: mips::decode, text: mips::text }),
        "riscv64" => Some(Isa { decode: riscv64::decode, text: riscv64::text }),
        "loong64" => Some(Isa { decode: loong64::decode, text: loong64::text }),
        "ppc64" | "ppc64le" => Some(Isa { decode: ppc64::decode, text: ppc64::text }),
        "s390x" => Some(Isa { decode: s390x::decode, text: s390x::text }),
        _ => None,
    }
}

/// Decodes the instruction at `addr`, whose bytes (and possibly more) are `code`. `None` where the architecture
/// has no decoder or the bytes are cut off.
pub fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    (isa(arch)?.decode)(arch, addr, code)
}

/// The text of the instruction at `addr`, whose bytes (and possibly more) are `code`. `symbol` names a target address
/// (`runtime.morestack`), with the offset into it, as the text shows it. On x86, relative targets are
/// written like immediates, as Delve writes them: `call $runtime.morestack_noctxt`. `?` where the bytes are no
/// instruction. Only x86 has Intel's syntax: the others are shown in Go's instead, MIPS in GNU's always.
pub fn text(arch: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    let flavor = match (flavor, arch.name) {
        (Flavor::Intel, "amd64" | "386") => Flavor::Intel,
        (Flavor::Intel, _) => Flavor::Go,
        (other, _) => other,
    };
    match isa(arch) {
        Some(isa) => (isa.text)(arch, addr, code, flavor, symbol),
        None => "?".to_string(),
    }
}

/// A part of the stack that an instruction overwrites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackStore {
    /// Where it begins, in bytes above the stack pointer.
    pub offset: i64,
    /// Its size in bytes.
    pub size: u64,
}

/// What the instruction at `addr` stores at a fixed distance from the stack pointer, without moving that. `None` where
/// it does not, and for architectures for which nobody asked yet.
pub fn stack_store(arch: &Arch, addr: u64, code: &[u8]) -> Option<StackStore> {
    match arch.name {
        "amd64" => x86::stack_store(arch, addr, code),
        _ => None,
    }
}

/// The address that the instruction at `addr` loads into a register, if it says so itself (`lea rax, [rip+x]`).
/// `None` where it does not, and where one instruction cannot.
pub fn loaded_address(arch: &Arch, addr: u64, code: &[u8]) -> Option<u64> {
    match arch.name {
        "amd64" => x86::loaded_address(arch, addr, code),
        "arm" => arm::loaded_address(addr, code),
        "arm64" => arm64::loaded_address(addr, code),
        _ => None,
    }
}
