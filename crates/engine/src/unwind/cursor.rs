//! The registers that a walk carries from frame to frame.

use adit_process::{Addr, Arch, Registers};

/// Where a walk stands: the registers that every caller's frame has. Go code preserves nothing but the stack and
/// frame pointers; what C code preserves besides is carried along only between C frames.
#[derive(Clone, Debug)]
pub struct Cursor {
    arch: &'static Arch,
    /// The program counter.
    pub pc: Addr,
    /// The stack pointer.
    pub sp: u64,
    /// The frame pointer, where it is known.
    pub fp: Option<u64>,
    /// All registers known in this frame, where there are more than those above.
    all: Option<Box<Registers>>,
}

impl Cursor {
    /// The innermost frame of a thread.
    pub fn top(registers: Registers) -> Cursor {
        Cursor {
            arch: registers.arch(),
            pc: Addr(registers.pc()),
            sp: registers.sp(),
            fp: registers.fp(),
            all: Some(Box::new(registers)),
        }
    }

    /// A frame of which no more is known than this.
    pub fn caller(arch: &'static Arch, pc: u64, sp: u64, fp: Option<u64>) -> Cursor {
        Cursor { arch, pc: Addr(pc), sp, fp, all: None }
    }

    /// All registers known in this frame.
    pub fn registers(&self) -> Registers {
        let mut registers = match &self.all {
            Some(all) => (**all).clone(),
            None => Registers::new(self.arch),
        };
        registers.set_pc(self.pc.0);
        registers.set_sp(self.sp);
        if let (Some(id), Some(fp)) = (self.arch.fp, self.fp) {
            registers.set(id, fp);
        }
        registers
    }

    /// The link register, if this frame still has it.
    pub fn link(&self) -> Option<u64> {
        self.all.as_ref().and_then(|all| self.arch.lr.and_then(|lr| all.get(lr)))
    }
}
