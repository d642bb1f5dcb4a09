//! The shapes are those that the assembler inserts on Power (`cmd/internal/obj/ppc64/obj9.go`, functions `preprocess`
//! and `stacksplit`, of go1.17 to go1.27): the loading of the TOC pointer in position-independent code, the check of
//! the stack's bound in its three sizes with the call of `runtime.morestack` right behind it, and the frame. The end
//! is the instruction that the same code flags as `prologue_end` in the line table: the one that fetches the link
//! register, or for frames of 32 KB and more the one after it, which begins to make the frame's size.

use crate::Arch;
use crate::disasm::{self, Flow};

/// Words of instructions without a variable part.
const NOP: u32 = 0x6000_0000;
const FETCH_LINK: u32 = 0x7fe8_02a6; // mflr r31
const FETCH_LINK_FOR_BIG_FRAME: u32 = 0x7fa8_02a6; // mflr r29
const PUSH_BIG_FRAME: u32 = 0x7fa1_f96a; // stdux r29,r1,r31

/// Upper halves of instructions with a displacement or a number in the lower one.
const LOAD_TOC_HIGH: u32 = 0x3c4c; // addis r2,r12,N
const LOAD_TOC_LOW: u32 = 0x3842; // addi r2,r2,N
const LOAD_BOUND: u32 = 0xeade; // ld r22,N(r30): the stack's bound, from g
const PUSH_FRAME: u32 = 0xfbe1; // stdu r31,N(r1)

/// The longest stack check, with the spilling of 12 registers around the call, in instructions.
const LONGEST_CHECK: usize = 64;
/// The most instructions that a number takes.
const LONGEST_NUMBER: usize = 6;

pub(super) fn end(arch: &Arch, entry: u64, code: &[u8]) -> usize {
    let mut cursor = Cursor { arch, entry, code, at: 0 };
    if cursor.upper_half() == Some(LOAD_TOC_HIGH) {
        cursor.at += 4;
        if cursor.upper_half() != Some(LOAD_TOC_LOW) {
            return 0;
        }
        cursor.at += 4;
    }
    let checked = cursor.stack_check();
    match cursor.frame() {
        Some(end) => end,
        None if checked => cursor.at,
        None => 0,
    }
}

/// Walks over the instructions of a function's start.
struct Cursor<'a> {
    arch: &'a Arch,
    entry: u64,
    code: &'a [u8],
    /// Offset of the next instruction.
    at: usize,
}

impl Cursor<'_> {
    fn word_at(&self, at: usize) -> Option<u32> {
        let bytes = self.code.get(at..at.checked_add(4)?)?;
        Some(self.arch.byte_order.uint(bytes) as u32)
    }

    fn word(&self) -> Option<u32> {
        self.word_at(self.at)
    }

    fn upper_half(&self) -> Option<u32> {
        self.word().map(|word| word >> 16)
    }

    /// Goes over the check of the stack's bound, if there is one: from the loading of the bound to where the branch
    /// over the call of `runtime.morestack` leads.
    fn stack_check(&mut self) -> bool {
        if self.upper_half() != Some(LOAD_BOUND) {
            return false;
        }
        let start = self.at;
        let mut at = start;
        for _ in 0..LONGEST_CHECK {
            let rest = self.code.get(at..).unwrap_or_default();
            let Some(instruction) = disasm::decode(self.arch, self.entry.wrapping_add(at as u64), rest)
            else {
                return false;
            };
            match instruction.flow {
                Flow::Branch(target) => {
                    // Frames beyond 4 KB have a branch to the call before that over it.
                    let after = target.wrapping_sub(self.entry) as usize;
                    if after > at && self.goes_back(after, start) {
                        self.at = after;
                        return true;
                    }
                }
                Flow::Next => {}
                _ => return false,
            }
            at += instruction.len;
        }
        false
    }

    /// Does the instruction before offset `after` jump to offset `start`, as the call of `runtime.morestack` ends?
    fn goes_back(&self, after: usize, start: usize) -> bool {
        let Some(at) = after.checked_sub(4) else { return false };
        let Some(bytes) = self.code.get(at..) else { return false };
        let jump = disasm::decode(self.arch, self.entry.wrapping_add(at as u64), bytes);
        let start = self.entry.wrapping_add(start as u64);
        jump.is_some_and(|jump| jump.flow == Flow::Jump(Some(start)))
    }

    /// The offset that is flagged in the frame's set-up.
    fn frame(&self) -> Option<usize> {
        match self.word()? {
            FETCH_LINK if self.word_at(self.at + 4)? >> 16 == PUSH_FRAME => Some(self.at),
            FETCH_LINK_FOR_BIG_FRAME => {
                // A prefixed instruction may need a `nop` to lie within 64 bytes.
                let is_padded = self.word_at(self.at + 4)? == NOP;
                let number = self.at + if is_padded { 8 } else { 4 };
                let mut following = (0..LONGEST_NUMBER).filter_map(|i| self.word_at(number + 4 * i));
                following.any(|word| word == PUSH_BIG_FRAME || is_save_of_link(word)).then_some(number)
            }
            _ => None,
        }
    }
}

/// `std r29,N(r31)`: before go1.21, big frames saved the link register below the stack before they moved it.
fn is_save_of_link(word: u32) -> bool {
    word >> 16 == 0xfbbf && word & 3 == 0
}
