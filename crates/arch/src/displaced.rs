//! How a thread gets past a breakpoint that stays inserted for all others.
//!
//! The original instruction under a breakpoint is either *emulated* (its whole effect is computed from the
//! registers and a word of memory), or *displaced* (a copy of it, adjusted for its new place, is single-stepped in
//! a scratch area, and the registers are mended afterwards), or, if neither is possible, *lifted*: all other
//! threads are held while the breakpoint is out.

use crate::{Arch, Registers};

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
        /// The adjusted copy.
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
}

/// Decides how the instruction at `addr` (bytes in `code`) can be executed, given a free executable area at
/// `scratch`.
pub fn plan(arch: &Arch, addr: u64, code: &[u8], scratch: u64) -> Plan {
    let _ = (arch, addr, code, scratch);
    Plan::Lift
}

/// Carries out an instruction for which [`plan`] said [`Plan::Emulate`]. `false`: nothing was changed, take
/// another way.
pub fn emulate(code: &[u8], registers: &mut Registers, memory: &mut dyn Words) -> bool {
    let _ = (code, registers, memory);
    false
}

/// Mends the registers after the copy was single-stepped (or faulted: then the PC goes back to the original).
pub fn mend(fixup: &Fixup, registers: &mut Registers, memory: &mut dyn Words) {
    let _ = (fixup, registers, memory);
}
