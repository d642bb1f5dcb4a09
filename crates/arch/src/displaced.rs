//! How a thread gets past a breakpoint that stays inserted for all others.
//!
//! The original instruction under a breakpoint is either *emulated* (its whole effect is computed from the
//! registers and a word of memory), or *displaced* (a copy of it, adjusted for its new place, is single-stepped in
//! a scratch area, and the registers are mended afterwards), or, if neither is possible, *lifted*: all other
//! threads are held while the breakpoint is out.
//!
//! Two limits are known. An emulated or mended CALL does not write the shadow stack of a process that enabled one
//! (`ARCH_SHSTK_ENABLE`; Go programs do not): such a process must be lifted. And the fault address of a SIGFPE or
//! SIGILL raised by a copy is the copy's; [`mend`] corrects the PC, which is what Go's runtime looks at.

mod emulate;
mod flags;
mod vector;

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, Register};

use crate::{Arch, Registers};

pub use emulate::emulate;
pub use vector::move_vector;

/// Memory as emulation needs it. Errors mean the access faulted: then the instruction is not emulated.
pub trait Words {
    /// Reads `buf.len()` bytes at `addr`.
    fn load(&self, addr: u64, buf: &mut [u8]) -> bool;
    /// Writes `bytes` at `addr`.
    fn store(&mut self, addr: u64, bytes: &[u8]) -> bool;
}

/// How the instruction at a breakpoint can be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// [`emulate`] can compute its whole effect.
    Emulate,
    /// Single-step these bytes at the scratch address; then apply the fix-up.
    Displace {
        /// The adjusted copy. It is followed by a breakpoint instruction where [`Fixup::repeats`].
        code: Vec<u8>,
        /// What must be mended afterwards.
        fixup: Fixup,
    },
    /// Only the original place will do (system calls, unknown instructions).
    Lift,
}

/// What to mend in the registers after a displaced single-step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixup {
    /// Address of the original instruction.
    pub original: u64,
    /// Address of the copy.
    pub scratch: u64,
    /// Length of the instruction in bytes (the same in both places).
    pub len: u8,
    /// The instruction pushed a return address, which must be moved back too.
    pub pushed_return: bool,
    /// The instruction is a relative branch: where it goes is as far off as the copy is.
    pub relative: bool,
    /// A string instruction with a repeat prefix: one single-step is one repetition, and the PC stays on it. The
    /// copy may be resumed instead of stepped, until it reaches the breakpoint instruction behind it.
    pub repeats: bool,
}

/// Decides how the instruction at `addr` (bytes in `code`) can be executed, given a free executable area of 16
/// bytes at `scratch`.
pub fn plan(arch: &Arch, addr: u64, code: &[u8], scratch: u64) -> Plan {
    match decode(arch, addr, code) {
        Some((instruction, _)) if emulate::can_emulate(&instruction) => Plan::Emulate,
        Some(_) => displace(arch, addr, code, scratch),
        None => Plan::Lift,
    }
}

/// As [`plan`], but never [`Plan::Emulate`]: the other way when [`emulate`] could not reach the memory.
pub fn displace(arch: &Arch, addr: u64, code: &[u8], scratch: u64) -> Plan {
    let Some((instruction, displacement_at)) = decode(arch, addr, code) else {
        return Plan::Lift;
    };
    if !may_move(&instruction) {
        return Plan::Lift;
    }
    let len = instruction.len();
    let mut copy = code[..len].to_vec();
    if instruction.is_ip_rel_memory_operand() {
        let Some(at) = displacement_at else {
            return Plan::Lift;
        };
        // The displacement counts from the end of the instruction, and must still fit its 32 bits.
        let end = scratch.wrapping_add(len as u64);
        let distance = instruction.ip_rel_memory_address().wrapping_sub(end).cast_signed();
        let (Ok(distance), Some(field)) = (i32::try_from(distance), copy.get_mut(at..at + 4)) else {
            return Plan::Lift;
        };
        field.copy_from_slice(&distance.to_le_bytes());
    }
    let flow = instruction.flow_control();
    let call = matches!(flow, FlowControl::Call | FlowControl::IndirectCall);
    let branch = matches!(flow, FlowControl::UnconditionalBranch | FlowControl::ConditionalBranch);
    let repeats = instruction.is_string_instruction()
        && (instruction.has_rep_prefix() || instruction.has_repne_prefix());
    if repeats {
        copy.extend_from_slice(arch.breakpoint);
    }
    let fixup = Fixup {
        original: addr,
        scratch,
        len: len as u8,
        pushed_return: call,
        relative: branch || flow == FlowControl::Call,
        repeats,
    };
    Plan::Displace { code: copy, fixup }
}

/// Mends the registers after the copy was single-stepped (or faulted, or was interrupted before it executed: then
/// the PC goes back to the original). A copy that [`Fixup::repeats`] may need further steps: the PC is then still
/// [`Fixup::original`].
pub fn mend(fixup: &Fixup, registers: &mut Registers, memory: &mut dyn Words) {
    let pc = registers.pc();
    let (original, scratch) = (fixup.original, fixup.scratch);
    let after = scratch.wrapping_add(u64::from(fixup.len));
    let home = |pc: u64| pc.wrapping_sub(scratch).wrapping_add(original);
    if pc == scratch && !fixup.relative {
        registers.set_pc(original);
        return;
    }
    if pc == scratch {
        // A relative branch to itself and one that has not executed look alike, and end alike: at the original.
        registers.set_pc(original);
        if !fixup.pushed_return {
            return;
        }
    } else if pc == after || fixup.relative {
        registers.set_pc(home(pc));
    } else if fixup.repeats && pc == after.wrapping_add(1) {
        // The trap behind the copy was reported.
        registers.set_pc(home(after));
    }
    if fixup.pushed_return {
        let sp = registers.sp();
        let order = registers.arch().byte_order;
        let mut word = [0; 8];
        if memory.load(sp, &mut word) && order.uint(&word) == after {
            // A store that fails here would leave a return into the scratch area; the page was just written to.
            memory.store(sp, &order.bytes(home(after), 8));
        }
    }
}

/// The instruction at `addr`, and where in it a memory operand's 32-bit displacement stands. Only 64-bit x86 is
/// known: it is the one architecture with live processes so far.
fn decode(arch: &Arch, addr: u64, code: &[u8]) -> Option<(Instruction, Option<usize>)> {
    if arch.name != "amd64" {
        return None;
    }
    let mut decoder = Decoder::with_ip(64, code, addr, DecoderOptions::NONE);
    let instruction = decoder.decode();
    if instruction.is_invalid() || is_vendors_choice(&instruction, code) {
        return None;
    }
    let offsets = decoder.get_constant_offsets(&instruction);
    let at = (offsets.has_displacement() && offsets.displacement_size() == 4)
        .then(|| offsets.displacement_offset());
    Some((instruction, at))
}

/// Is it a near branch with an operand-size prefix? Intel's CPUs ignore the prefix in 64-bit code; AMD's obey it,
/// which cuts the target to 16 bits and a displacement to two bytes.
fn is_vendors_choice(instruction: &Instruction, code: &[u8]) -> bool {
    let prefixes = code[..instruction.len()].iter().take_while(
        |byte| matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67 | 0xf0 | 0xf2 | 0xf3 | 0x40..=0x4f),
    );
    instruction.flow_control() != FlowControl::Next && prefixes.into_iter().any(|byte| *byte == 0x66)
}

/// Does the instruction do the same anywhere else, apart from what [`mend`] puts right?
fn may_move(instruction: &Instruction) -> bool {
    let flow_moves = match instruction.flow_control() {
        FlowControl::Next
        | FlowControl::UnconditionalBranch
        | FlowControl::ConditionalBranch
        | FlowControl::IndirectBranch
        | FlowControl::Return
        | FlowControl::Call
        | FlowControl::IndirectCall => true,
        // `int n`, `int3`, `ud2`, `syscall`, transactions: the kernel or the CPU looks at where they stand.
        _ => false,
    };
    let far = matches!(
        instruction.mnemonic(),
        Mnemonic::Retf | Mnemonic::Iret | Mnemonic::Iretd | Mnemonic::Iretq | Mnemonic::Uiret
    ) || instruction.is_call_far()
        || instruction.is_jmp_far()
        || instruction.is_call_far_indirect()
        || instruction.is_jmp_far_indirect();
    let kernel = instruction.is_privileged()
        || matches!(
            instruction.mnemonic(),
            Mnemonic::Syscall | Mnemonic::Sysenter | Mnemonic::Sysexit | Mnemonic::Sysret | Mnemonic::Hlt
        )
        // Forbidden to programs by UMIP, then emulated by the kernel.
        || matches!(
            instruction.mnemonic(),
            Mnemonic::Sgdt | Mnemonic::Sidt | Mnemonic::Sldt | Mnemonic::Smsw | Mnemonic::Str
        );
    // Loading SS holds the single-step trap back for one more instruction.
    let loads_ss = instruction.op_count() > 0 && instruction.op0_register() == Register::SS;
    // With a 32-bit address size the target wraps at 4 GiB.
    let eip_relative = instruction.is_ip_rel_memory_operand() && instruction.memory_base() != Register::RIP;
    flow_moves && !far && !kernel && !loads_ss && !eip_relative
}
