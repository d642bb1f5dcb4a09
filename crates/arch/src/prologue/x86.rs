//! The shapes are those that the assembler inserts on x86 (`cmd/internal/obj/x86/obj6.go`, functions `preprocess` and
//! `stacksplit`, of go1.17 to go1.27): loading `g` where no register holds it, the check of the stack's bound in
//! its three sizes, and the frame. The end is the instruction that the same code flags as `prologue_end` in the
//! line table: the last one of the frame's set-up up to go1.27 (`sub rsp, N`, or `mov rbp, rsp` when the frame
//! holds nothing else). At go1.20 and before, the frame pointer was saved after that.

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};

use crate::Arch;

pub(super) fn end(arch: &Arch, entry: u64, code: &[u8]) -> usize {
    let bits = u32::from(arch.pointer_size) * 8;
    // The longest prologue is well below this.
    let code = &code[..code.len().min(256)];
    let mut cursor = Cursor { code, entry, bits, at: 0 };
    if cursor.stack_check() {
        return cursor.frame().unwrap_or(cursor.at);
    }
    cursor.at = 0;
    cursor.frame().or_else(|| cursor.wrapper_frame()).unwrap_or(0)
}

/// Walks over the instructions of a function's start.
#[derive(Clone)]
struct Cursor<'a> {
    code: &'a [u8],
    entry: u64,
    bits: u32,
    /// Offset of the next instruction.
    at: usize,
}

impl Cursor<'_> {
    /// The next instruction that is no padding, if `wanted` accepts it; then the cursor stands behind it.
    fn take(&mut self, wanted: impl Fn(&Instruction) -> bool) -> Option<usize> {
        let mut at = self.at;
        loop {
            let rest = self.code.get(at..)?;
            let ip = self.entry.wrapping_add(at as u64);
            let instruction = Decoder::with_ip(self.bits, rest, ip, DecoderOptions::NONE).decode();
            if instruction.is_invalid() {
                return None;
            }
            let start = at;
            at += instruction.len();
            if instruction.mnemonic() == Mnemonic::Nop {
                continue;
            }
            if !wanted(&instruction) {
                return None;
            }
            self.at = at;
            return Some(start);
        }
    }

    fn sp(&self) -> Register {
        if self.bits == 64 { Register::RSP } else { Register::ESP }
    }

    /// The check of the stack's bound, with the loading of `g` before it. `false`: there is none, and the cursor
    /// may stand anywhere.
    fn stack_check(&mut self) -> bool {
        let start = self.at;
        // `g` comes from thread-local storage, over one load or two, outside the register ABI.
        for loads in 0..=2 {
            self.at = start;
            if (0..loads).any(|_| self.take(is_load).is_none()) {
                return false;
            }
            let bound = self.clone();
            for check in [Cursor::small_check, Cursor::big_check, Cursor::huge_check, Cursor::old_huge_check]
            {
                *self = bound.clone();
                if check(self).is_some() {
                    return true;
                }
            }
        }
        false
    }

    /// `cmp rsp, [g+stackguard]; jbe morestack`
    fn small_check(&mut self) -> Option<()> {
        let sp = self.sp();
        self.take(|i| compares_with_memory(i, sp))?;
        self.branch(Mnemonic::Jbe)
    }

    /// `lea t, [rsp-N]; cmp t, [g+stackguard]; jbe morestack`
    fn big_check(&mut self) -> Option<()> {
        let sp = self.sp();
        self.take(|i| i.mnemonic() == Mnemonic::Lea && i.memory_base() == sp)?;
        self.take(|i| is_on_register(i, Mnemonic::Cmp) && i.op1_kind() == OpKind::Memory)?;
        self.branch(Mnemonic::Jbe)
    }

    /// `mov t, rsp; sub t, N; jb morestack; cmp t, [g+stackguard]; jbe morestack`, since go1.17
    fn huge_check(&mut self) -> Option<()> {
        let sp = self.sp();
        self.take(|i| is_on_register(i, Mnemonic::Mov) && i.op1_register() == sp)?;
        self.take(|i| is_on_register(i, Mnemonic::Sub))?;
        self.branch(Mnemonic::Jb)?;
        self.take(|i| is_on_register(i, Mnemonic::Cmp) && i.op1_kind() == OpKind::Memory)?;
        self.branch(Mnemonic::Jbe)
    }

    /// `mov t, [g+stackguard]; cmp t, stackPreempt; je morestack; lea u, [rsp+guard]; sub u, t; cmp u, N;
    /// jbe morestack`, before
    fn old_huge_check(&mut self) -> Option<()> {
        let sp = self.sp();
        self.take(is_load)?;
        self.take(|i| is_on_register(i, Mnemonic::Cmp))?;
        self.branch(Mnemonic::Je)?;
        self.take(|i| i.mnemonic() == Mnemonic::Lea && i.memory_base() == sp)?;
        self.take(|i| is_on_register(i, Mnemonic::Sub))?;
        self.take(|i| is_on_register(i, Mnemonic::Cmp))?;
        self.branch(Mnemonic::Jbe)
    }

    fn branch(&mut self, mnemonic: Mnemonic) -> Option<()> {
        self.take(|i| i.mnemonic() == mnemonic).map(|_| ())
    }

    /// A wrapper without a stack check, which loads `g` for its look at a panic in flight (up to go1.24).
    fn wrapper_frame(&mut self) -> Option<usize> {
        let is_thread_local = |i: &Instruction| matches!(i.memory_segment(), Register::FS | Register::GS);
        self.at = 0;
        let first = self.take(|i| is_load(i) && is_thread_local(i)).is_some();
        if !first {
            // Position-independent code loads the distance first.
            self.take(|i| is_load(i) && i.is_ip_rel_memory_operand())?;
            self.take(|i| is_load(i) && is_thread_local(i))?;
        } else if self.bits == 32 {
            self.take(is_load)?;
        }
        self.frame()
    }

    /// The frame's set-up. The offset of its last instruction that is flagged: `sub rsp, N`, or `mov rbp, rsp`.
    fn frame(&mut self) -> Option<usize> {
        let sp = self.sp();
        let bp = if self.bits == 64 { Register::RBP } else { Register::EBP };
        let before = self.at;
        let pushed = self.take(|i| i.mnemonic() == Mnemonic::Push && i.op0_register() == bp);
        let moved = pushed.and_then(|_| {
            self.take(|i| i.mnemonic() == Mnemonic::Mov && i.op0_register() == bp && i.op1_register() == sp)
        });
        if moved.is_none() {
            self.at = before;
        }
        self.take(|i| grows_stack(i, sp)).or(moved)
    }
}

/// `sub rsp, N` or `add rsp, -0x80`, which is shorter.
fn grows_stack(instruction: &Instruction, sp: Register) -> bool {
    if instruction.op0_register() != sp {
        return false;
    }
    match (instruction.mnemonic(), instruction.try_immediate(1)) {
        (Mnemonic::Sub, Ok(amount)) => amount.cast_signed() > 0,
        (Mnemonic::Add, Ok(amount)) => (amount as u32).cast_signed() < 0,
        _ => false,
    }
}

fn is_load(instruction: &Instruction) -> bool {
    is_on_register(instruction, Mnemonic::Mov) && instruction.op1_kind() == OpKind::Memory
}

fn compares_with_memory(instruction: &Instruction, register: Register) -> bool {
    instruction.mnemonic() == Mnemonic::Cmp
        && instruction.op0_register() == register
        && instruction.op1_kind() == OpKind::Memory
}

fn is_on_register(instruction: &Instruction, mnemonic: Mnemonic) -> bool {
    instruction.mnemonic() == mnemonic
        && instruction.op_count() == 2
        && instruction.op0_kind() == OpKind::Register
}
