//! x86, 64 and 32 bits, decoded by iced-x86.
//!
//! The three flavours are those of `golang.org/x/arch/x86/x86asm`: Intel with `ptr` before every memory operand, GNU
//! with suffixes only where no register tells the size, and the Go assembler's with the operands turned around.
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

use iced_x86::{
    Decoder, DecoderError, DecoderOptions, FlowControl, InstructionInfoFactory, Mnemonic, OpAccess, OpKind,
    Register,
};

use super::{Flavor, Flow, Instruction, StackStore, Symbolizer};
use crate::Arch;
use operand::Code;

pub(super) fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<Instruction> {
    let mut decoder = Decoder::with_ip(bitness(arch), code, addr, DecoderOptions::NONE);
    let instruction = decoder.decode();
    if instruction.is_invalid() {
        let cut = code.is_empty() || decoder.last_error() == DecoderError::NoMoreBytes;
        return (!cut).then_some(Instruction { addr, len: 1, flow: Flow::Stop });
    }
    Some(Instruction { addr, len: instruction.len(), flow: flow(&instruction) })
}

pub(super) fn text(arch: &Arch, addr: u64, code: &[u8], flavor: Flavor, symbol: Symbolizer<'_>) -> String {
    let bits = bitness(arch);
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

pub(super) fn loaded_address(arch: &Arch, addr: u64, code: &[u8]) -> Option<u64> {
    let instruction = Decoder::with_ip(bitness(arch), code, addr, DecoderOptions::NONE).decode();
    let loads = instruction.mnemonic() == Mnemonic::Lea && instruction.is_ip_rel_memory_operand();
    loads.then(|| instruction.ip_rel_memory_address())
}

pub(super) fn stack_store(arch: &Arch, addr: u64, code: &[u8]) -> Option<StackStore> {
    let instruction = Decoder::with_ip(bitness(arch), code, addr, DecoderOptions::NONE).decode();
    if instruction.is_stack_instruction() || instruction.memory_base() != Register::RSP {
        return None;
    }
    let mut factory = InstructionInfoFactory::new();
    let stored = factory.info(&instruction).used_memory().iter().find(|memory| {
        memory.base() == Register::RSP
            && memory.index() == Register::None
            && matches!(memory.access(), OpAccess::Write | OpAccess::ReadWrite)
    })?;
    let size = u64::try_from(stored.memory_size().size()).ok()?;
    Some(StackStore { offset: stored.displacement().cast_signed(), size })
}

fn bitness(arch: &Arch) -> u32 {
    u32::from(arch.pointer_size) * 8
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
