//! Machine code as text, and as what it does to the program counter.
//!
//! The three flavours are those of the Go project's `golang.org/x/arch/x86/x86asm`, because their texts are what
//! users of Go's tools and of Delve know: Intel with `ptr` before every memory operand, GNU with suffixes only
//! where no register tells the size, and the Go assembler's with the operands turned around.
//!
//! Over whole Go programs more than 99.8 % of the lines are the same. What differs, on purpose:
//! - x86asm before 2026 takes AVX and BMI instructions for others (`vpcmpeqb` for `jz`); here they are decoded.
//! - x86asm drops `(IP)` from the operands of AVX instructions, and misses symbols that lie before the PC.
//! - x86asm of go1.27 leaves a scale of one out of GNU's and Intel's texts; GNU's own tools do not.
//! - Bytes that are no instruction (data between functions, LOCK where it is forbidden) are `?`; x86asm decodes
//!   some of them, and shows REX prefixes without effect.

mod gnu;
mod intel;
mod operand;
mod plan9;

use iced_x86::{Decoder, DecoderError, DecoderOptions, FlowControl, Mnemonic, OpKind};

use crate::Arch;
use operand::Code;

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    let mut decoder = Decoder::with_ip(bitness(arch)?, code, addr, DecoderOptions::NONE);
    let instruction = decoder.decode();
    if instruction.is_invalid() {
        let cut = code.is_empty() || decoder.last_error() == DecoderError::NoMoreBytes;
        return (!cut).then_some(Instruction { addr, len: 1, flow: Flow::Stop });
    }
    Some(Instruction { addr, len: instruction.len(), flow: flow(&instruction) })
}

/// The text of the instruction at `addr`. `symbol` names a target address (`runtime.morestack`), with the
/// offset into it, as the text shows it. Relative targets are written like immediates, as Delve writes them:
/// `call $runtime.morestack_noctxt`. `?` where the bytes are no instruction.
pub fn text(
    arch: &Arch,
    addr: u64,
    code: &[u8],
    flavor: Flavor,
    symbol: &dyn Fn(u64) -> Option<(String, u64)>,
) -> String {
    let Some(bits) = bitness(arch) else {
        return "?".to_string();
    };
    let instruction = Decoder::with_ip(bits, code, addr, DecoderOptions::NONE).decode();
    if instruction.is_invalid() {
        return "?".to_string();
    }
    let code = Code { instruction: &instruction, bytes: &code[..instruction.len()], bits, symbol };
    match flavor {
        Flavor::Intel => intel::text(&code),
        Flavor::Gnu => gnu::text(&code),
        Flavor::Go => plan9::text(&code),
    }
}

fn bitness(arch: &Arch) -> Option<u32> {
    match arch.name {
        "amd64" => Some(64),
        "386" => Some(32),
        _ => None,
    }
}

fn flow(instruction: &iced_x86::Instruction) -> Flow {
    let near =
        matches!(instruction.op0_kind(), OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64);
    let target = near.then(|| instruction.near_branch_target());
    match instruction.flow_control() {
        FlowControl::Next => match instruction.mnemonic() {
            Mnemonic::Hlt => Flow::Stop,
            _ => Flow::Next,
        },
        FlowControl::UnconditionalBranch | FlowControl::IndirectBranch => Flow::Jump(target),
        FlowControl::ConditionalBranch | FlowControl::XbeginXabortXend => {
            target.map_or(Flow::Next, Flow::Branch)
        }
        FlowControl::Call | FlowControl::IndirectCall => match instruction.mnemonic() {
            Mnemonic::Syscall | Mnemonic::Sysenter => Flow::Syscall,
            _ => Flow::Call(target),
        },
        FlowControl::Return => Flow::Return,
        FlowControl::Interrupt => match instruction.mnemonic() {
            Mnemonic::Int3 => Flow::Breakpoint,
            Mnemonic::Int if instruction.immediate8() == 3 => Flow::Breakpoint,
            Mnemonic::Int if instruction.immediate8() == 0x80 => Flow::Syscall,
            _ => Flow::Next,
        },
        FlowControl::Exception => Flow::Stop,
    }
}
