//! The instructions of MIPS in a prologue: `cmd/internal/obj/mips/obj0.go`. Go flags no `prologue_end` there; the
//! end is what it flags for the other instruction sets.

use super::link_register::{self, Step};
use crate::Arch;

const STACK: u32 = 29;
const G: u32 = 30;
const LINK: u32 = 31;
/// The assembler's own register.
const TEMPORARY: u32 = 23;

pub(super) fn end(arch: &Arch, code: &[u8]) -> usize {
    let steps = code.chunks_exact(4).enumerate().map(|(number, bytes)| {
        let word = arch.byte_order.uint(bytes) as u32;
        (4 * number, step(word, i64::from(arch.pointer_size), 4 * number))
    });
    link_register::end(steps)
}

/// What the instruction `at` bytes into the function is.
fn step(word: u32, pointer: i64, at: usize) -> Step {
    let (rs, rt, rd) = (word >> 21 & 0x1f, word >> 16 & 0x1f, word >> 11 & 0x1f);
    let number = i64::from(word as i16);
    let is_function = |function: u32| word >> 26 == 0 && word & 0x3f == function;
    match word >> 26 {
        // lw, ld
        0x23 | 0x37 if rs == G && (number == 2 * pointer || number == 3 * pointer) => Step::LoadsBound,
        // sw, sd
        0x2b | 0x3f if rt == LINK && (rs == STACK && number < 0 || rs == TEMPORARY) => Step::SavesLink,
        // addi, addiu, daddi, daddiu
        0x08 | 0x09 | 0x18 | 0x19 => match (rt, rs) {
            (STACK, STACK) if number < 0 => Step::GrowsStack,
            (STACK, _) => Step::Other,
            (TEMPORARY, _) => Step::MakesNumber,
            _ => Step::Checks,
        },
        // ori, lui
        0x0d | 0x0f if rt == TEMPORARY => Step::MakesNumber,
        0x0d | 0x0f if rt != STACK => Step::Checks,
        // add, addu, dadd, daddu
        0 if [0x20, 0x21, 0x2c, 0x2d].into_iter().any(is_function) => match rd {
            STACK if rs == TEMPORARY || rt == TEMPORARY => Step::GrowsStack,
            STACK => Step::Other,
            TEMPORARY => Step::MakesNumber,
            _ => Step::Checks,
        },
        // nop, or, sltu
        0 if word == 0 || is_function(0x25) || is_function(0x2b) => Step::Checks,
        // sltiu, bne, jal
        0x0b | 0x05 | 0x03 => Step::Checks,
        // A branch back to the check's start.
        0x04 if word >> 16 == 0x1000 && number * 4 + 4 == -(at as i64) => Step::Checks,
        _ => Step::Other,
    }
}
