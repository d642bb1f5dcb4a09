//! The prologue of instruction sets where a call leaves the return address in a register and the assembler saves it
//! in one piece with the growth of the stack: loong64, mips, riscv64 (`preprocess` and `stacksplit` in
//! `cmd/internal/obj/{loong64,mips,riscv}`, go1.17 to go1.27).
//!
//! First comes the check of the stack's bound: loading it from `g`, comparing in one of three sizes, and the call of
//! `runtime.morestack` with the spilling of register arguments around it, unless that stands at the function's
//! end. Then the link register is saved below the stack pointer, and the stack pointer is lowered: that is what
//! the line table flags as `prologue_end`.

/// What an instruction may be to a prologue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Loads the bound of the stack from `g`.
    LoadsBound,
    /// Part of the check of the bound.
    Checks,
    /// Makes a number that fits no instruction, in the register that the assembler keeps for that.
    MakesNumber,
    /// Saves the link register below the stack pointer.
    SavesLink,
    /// Lowers the stack pointer.
    GrowsStack,
    /// None of these.
    Other,
}

/// No prologue has more instructions: the longest spill and reload all register arguments.
const LONGEST: usize = 100;

/// Offset of the instruction that lowers the stack pointer (of the first one, if it needs several), given the
/// offsets of a function's instructions and what they are; 0 if they do not begin with a prologue.
pub(super) fn end(steps: impl Iterator<Item = (usize, Step)>) -> usize {
    let (mut checks, mut saved, mut growth) = (false, false, None);
    for (number, (at, step)) in steps.take(LONGEST).enumerate() {
        if saved && growth.is_none() {
            growth = Some(at);
        }
        match step {
            Step::LoadsBound if number == 0 => checks = true,
            Step::Checks if checks && !saved => {}
            Step::MakesNumber => {}
            Step::SavesLink if !saved => saved = true,
            Step::GrowsStack if saved => return growth.unwrap_or(0),
            _ => return 0,
        }
    }
    0
}
