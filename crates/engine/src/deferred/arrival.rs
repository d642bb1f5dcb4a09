//! What a call that waits will find when it is made.
//!
//! A deferred call is a closure without arguments: the compiler makes a wrapper around one that has some, which gets them
//! from the closure, or knows them. So the wrapper is carried out here, without the program, from its entry to that of the
//! function it calls and through that one's prologue, on a stack of its own.

use adit_arch::RFLAGS;
use adit_arch::disasm::{Flow, decode};
use adit_arch::displaced::{Words, emulate, move_vector};
use adit_process::{Addr, Memory, Registers};

use crate::Debugger;
use crate::target::{IMAGINED, Target};

/// How many bytes of memory the call finds; the last page is what it takes for a `g`, the rest its stack.
const SIZE: u64 = 1 << 16;
const G: u64 = IMAGINED.0 + SIZE - 4096;
/// Above the stack pointer is room for what a caller leaves its callee there.
const STACK: u64 = G - 4096;
/// More instructions than lead to any function.
const MOST_INSTRUCTIONS: usize = 10_000;
/// More bytes than an instruction has.
const LONGEST: i64 = 16;
/// The state of the flags in which no condition holds but that interrupts may come (Intel SDM volume 1, §3.4.3).
const NO_FLAGS: u64 = 0x202;

/// A function that has been called, behind its prologue.
pub(super) struct Arrival {
    pub(super) registers: Registers,
    pub(super) cfa: Addr,
}

/// The program's memory, which is not changed, and the memory of the call that is not made.
struct Imagined<'a> {
    target: &'a Target,
    bytes: Vec<u8>,
}

impl Imagined<'_> {
    fn range(addr: u64, len: usize) -> Option<std::ops::Range<usize>> {
        let from = usize::try_from(addr.checked_sub(IMAGINED.0)?).ok()?;
        Some(from..from.checked_add(len)?)
    }
}

impl Words for Imagined<'_> {
    fn load(&self, addr: u64, buf: &mut [u8]) -> bool {
        match Imagined::range(addr, buf.len()).and_then(|range| self.bytes.get(range)) {
            Some(bytes) => {
                buf.copy_from_slice(bytes);
                true
            }
            None => self.target.read(Addr(addr), buf).is_ok(),
        }
    }

    fn store(&mut self, addr: u64, bytes: &[u8]) -> bool {
        let place = Imagined::range(addr, bytes.len()).and_then(|range| self.bytes.get_mut(range));
        place.map(|place| place.copy_from_slice(bytes)).is_some()
    }
}

/// The function that is to be looked at, once it is entered.
struct Entered {
    cfa: Addr,
    /// Behind its prologue.
    begins: Addr,
    /// The line of its declaration, on which is also the code that copies what a closure has captured.
    line: Option<u32>,
}

impl Debugger {
    /// Where the call of `closure`, whose code is at `entry`, leads to. `None` if that cannot be told without making it.
    pub(super) fn arrival(&self, entry: Addr, closure: Addr) -> Option<Arrival> {
        let arch = self.arch();
        let mut registers = Registers::new(arch);
        for (index, info) in arch.registers.iter().enumerate() {
            let id = adit_arch::RegisterId(u8::try_from(index).ok()?);
            registers.set_bytes(id, &vec![0; usize::from(info.size)]);
        }
        registers.set(arch.g?, G);
        registers.set(arch.closure?, closure.0);
        registers.set(RFLAGS, NO_FLAGS);
        registers.set_pc(entry.0);
        let word = u64::from(arch.pointer_size);
        // The return address is zero.
        registers.set_sp(STACK - word);
        let mut memory = Imagined { target: &self.target, bytes: vec![0; SIZE as usize] };
        let mut entered: Option<Entered> = None;
        for _ in 0..MOST_INSTRUCTIONS {
            let pc = Addr(registers.pc());
            if entered.is_none() {
                entered = self.enter(pc, Addr(registers.sp()).offset(word.cast_signed()));
            }
            let code = self.code(pc, pc.offset(LONGEST));
            let flow = decode(arch, pc.0, &code)?.flow;
            let begun = entered.as_ref().filter(|entered| pc >= entered.begins);
            let done = begun.is_some_and(|entered| {
                flow != Flow::Next || entered.line.is_none_or(|line| self.line_at(pc) != Some(line))
            });
            let goes_on = !done
                && (emulate(&code, &mut registers, &mut memory)
                    || move_vector(&code, &mut registers, &mut memory));
            if !goes_on {
                let cfa = begun?.cfa;
                self.target.imagine(memory.bytes);
                return Some(Arrival { registers, cfa });
            }
        }
        None
    }

    /// Is this the entry of a function that somebody wrote?
    fn enter(&self, pc: Addr, cfa: Addr) -> Option<Entered> {
        let module = self.module_at(pc);
        let function = module.function(pc)?;
        if function.func_id().is_wrapper() || module.to_target(function.entry()) != pc {
            return None;
        }
        // Optimised code copies nothing, and its first line may be one of the body.
        let described = self.function_info(pc).ok().flatten();
        let line = described.filter(|described| !described.optimized).and_then(|_| self.line_at(pc));
        Some(Entered { cfa, begins: self.after_prologue(pc)?, line })
    }

    /// The line of the code at `pc`, of the function around all calls that are inlined there.
    pub(crate) fn line_at(&self, pc: Addr) -> Option<u32> {
        Some(self.image.source_frames_anywhere(&self.target, pc).last()?.line)
    }
}
