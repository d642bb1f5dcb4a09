//! The shapes are those that the assembler inserts on IBM Z (`cmd/internal/obj/s390x/objz.go`, functions `preprocess`
//! and `stacksplitPre`, of go1.17 to go1.27): the check of the stack's bound in its three sizes, whose call of
//! `runtime.morestack` stands at the function's end, and the frame with the saving of the link register. Go flags no
//! `prologue_end` there; the end is what it flags on x86: the instruction that moves the stack pointer.

use crate::Arch;
use crate::disasm;

/// The longest stack check, and the longest set-up of a frame, in instructions.
const LONGEST: usize = 8;

pub(super) fn end(arch: &Arch, code: &[u8]) -> usize {
    let mut cursor = Cursor { arch, code, at: 0 };
    let checked = cursor.stack_check();
    let before = cursor.at;
    cursor.frame().unwrap_or(if checked { before } else { 0 })
}

/// Walks over the instructions of a function's start.
struct Cursor<'a> {
    arch: &'a Arch,
    code: &'a [u8],
    /// Offset of the next instruction.
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The next instruction's bytes; then the cursor stands behind it.
    fn take(&mut self) -> Option<&'a [u8]> {
        let rest = self.code.get(self.at..)?;
        let len = disasm::decode(self.arch, 0, rest)?.len;
        self.at += len;
        rest.get(..len)
    }

    /// Goes over the check of the stack's bound, if there is one.
    fn stack_check(&mut self) -> bool {
        let start = self.at;
        let found = self.take().is_some_and(loads_bound) && self.last_comparison();
        if !found {
            self.at = start;
        }
        found
    }

    /// Goes over the comparison with the bound. Frames beyond 4 KB are compared with the stack pointer before.
    fn last_comparison(&mut self) -> bool {
        for _ in 0..LONGEST {
            match self.take() {
                // clgrjnl BOUND,%r15 or what the stack pointer will be
                Some([0xec, _, _, _, 0xa0, 0x65]) => return true,
                // clgr BOUND,.. and jgnl, where the function's end is far
                Some([0xb9, 0x21, ..]) => match self.take() {
                    Some([0xc0, 0xa4, ..]) => return true,
                    Some([0xc0, 0x44, ..]) => {}
                    _ => return false,
                },
                // clgrjl %r15,SIZE
                Some([0xec, _, _, _, 0x40, 0x65]) => {}
                Some(code) if makes_number(code) => {}
                _ => return false,
            }
        }
        false
    }

    /// The offset of the instruction that moves the stack pointer, after the link register was saved.
    fn frame(&mut self) -> Option<usize> {
        let mut saved = false;
        for _ in 0..LONGEST {
            let at = self.at;
            match self.take()? {
                code if saves_link(code) => saved = true,
                code if saved && moves_stack(code) => return Some(at),
                code if makes_number(code) => {}
                _ => return None,
            }
        }
        None
    }
}

/// `lg %rN,16(%r13)`: the stack's bound, from g; at 24, that for the system's stack.
fn loads_bound(code: &[u8]) -> bool {
    matches!(code, [0xe3, register, 0xd0, 0x10 | 0x18, 0x00, 0x04] if register & 0x0f == 0)
}

/// An instruction that makes a number, or what the stack pointer will be, in a register other than the stack pointer.
fn makes_number(code: &[u8]) -> bool {
    let target = match code {
        // lghi, aghi; lgfi, iihf, iilf, llihf, llilf; agfi, slgfi
        [0xa7, register, ..] if matches!(register & 0x0f, 0x9 | 0xb) => register >> 4,
        [0xc0, register, ..] if matches!(register & 0x0f, 0x1 | 0x8 | 0x9 | 0xe | 0xf) => register >> 4,
        [0xc2, register, ..] if matches!(register & 0x0f, 0x4 | 0x8) => register >> 4,
        // llihh, llihl, llilh, llill and iihh, iihl, iilh, iill
        [0xa5, register, ..] if matches!(register & 0x0f, 0x0..=0x3 | 0xc..=0xf) => register >> 4,
        // aghik
        [0xec, register, .., 0xd9] => register >> 4,
        // la, lay
        [0x41, register, ..] | [0xe3, register, .., 0x71] => register >> 4,
        // lgr, agr; agrk
        [0xb9, 0x04 | 0x08, _, registers] | [0xb9, 0xe8, _, registers] => registers >> 4,
        _ => return false,
    };
    target != 15
}

/// `stg %r14,N(%r15)`, by an index register where the number is large.
fn saves_link(code: &[u8]) -> bool {
    let [0xe3, registers, base, _, _, 0x24] = code else { return false };
    let index = registers & 0x0f;
    registers >> 4 == 14 && (base >> 4 == 15 || index == 15)
}

/// An instruction that moves the stack pointer: `lay %r15,-N(%r15)`, or an addition to it.
fn moves_stack(code: &[u8]) -> bool {
    match code {
        // la, lay
        [0x41, register, ..] | [0xe3, register, .., 0x71] => register >> 4 == 15,
        // aghi; agfi, slgfi
        [0xa7, 0xfb, ..] | [0xc2, 0xf8 | 0xf4, ..] => true,
        // lgr, agr; agrk
        [0xb9, 0x04 | 0x08 | 0xe8, _, registers] => registers >> 4 == 15,
        _ => false,
    }
}
