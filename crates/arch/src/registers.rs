//! One thread's register values, for any architecture.

use crate::{Arch, ByteOrder};

/// A register: its index in [`Arch::registers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegisterId(pub u8);

/// What kind of value a register holds: general ones are read at every stop, the others only when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterClass {
    /// Integer, pointer, program counter, flags and segment registers: at most eight bytes.
    General,
    /// Floating-point and vector registers.
    Vector,
    /// Control and status words of the floating-point and vector units.
    Control,
}

/// One row of an architecture's register table.
#[derive(Debug)]
pub struct RegisterInfo {
    /// The name users see and type: `Rip`, `Rax`, `X0`.
    pub name: &'static str,
    /// Its DWARF number (the architecture's psABI supplement).
    pub dwarf: Option<u16>,
    /// Its size in bytes.
    pub size: u8,
    /// Which group it belongs to.
    pub class: RegisterClass,
}

/// Register values of one thread or one frame. A register that is not known (not read, or not recoverable in a
/// caller's frame) is `None`, never a stale value.
#[derive(Clone)]
pub struct Registers {
    arch: &'static Arch,
    /// Values of at most eight bytes, by register index.
    words: Vec<Option<u64>>,
    /// Wider values (vector registers), by register index, in target byte order.
    wide: Vec<(RegisterId, Vec<u8>)>,
}

impl std::fmt::Debug for Registers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut map = f.debug_map();
        for id in self.known() {
            let bytes = self.bytes(id).unwrap_or_default();
            let digits: String = match self.arch.byte_order {
                ByteOrder::Little => bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect(),
                ByteOrder::Big => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            };
            map.entry(&format_args!("{}", self.arch.info(id).name), &format_args!("{digits}"));
        }
        map.finish()
    }
}

impl Registers {
    /// No register known yet.
    pub fn new(arch: &'static Arch) -> Registers {
        Registers { arch, words: vec![None; arch.registers.len()], wide: Vec::new() }
    }

    /// The architecture whose registers these are.
    pub fn arch(&self) -> &'static Arch {
        self.arch
    }

    /// The value of `id`, if known and at most eight bytes wide.
    pub fn get(&self, id: RegisterId) -> Option<u64> {
        self.words.get(usize::from(id.0)).copied().flatten()
    }

    /// Sets `id` to `value`.
    pub fn set(&mut self, id: RegisterId, value: u64) {
        if let Some(word) = self.words.get_mut(usize::from(id.0)) {
            *word = Some(value);
        }
    }

    /// Forgets `id`: its value cannot be recovered here.
    pub fn clear(&mut self, id: RegisterId) {
        if let Some(word) = self.words.get_mut(usize::from(id.0)) {
            *word = None;
        }
        self.wide.retain(|(r, _)| *r != id);
    }

    /// The bytes of `id` in target byte order, whatever its width.
    pub fn bytes(&self, id: RegisterId) -> Option<Vec<u8>> {
        if let Some((_, bytes)) = self.wide.iter().find(|(r, _)| *r == id) {
            return Some(bytes.clone());
        }
        let size = usize::from(self.arch.info(id).size.min(8));
        self.get(id).map(|value| self.arch.byte_order.bytes(value, size))
    }

    /// Sets `id` from bytes in target byte order.
    pub fn set_bytes(&mut self, id: RegisterId, bytes: &[u8]) {
        self.clear(id);
        if bytes.len() <= 8 {
            self.set(id, self.arch.byte_order.uint(bytes));
        } else {
            self.wide.push((id, bytes.to_vec()));
        }
    }

    /// The program counter; 0 if not known.
    pub fn pc(&self) -> u64 {
        self.get(self.arch.pc).unwrap_or(0)
    }

    /// The stack pointer; 0 if not known.
    pub fn sp(&self) -> u64 {
        self.get(self.arch.sp).unwrap_or(0)
    }

    /// The frame pointer, if the architecture has one and it is known.
    pub fn fp(&self) -> Option<u64> {
        self.arch.fp.and_then(|fp| self.get(fp))
    }

    /// Sets the program counter.
    pub fn set_pc(&mut self, pc: u64) {
        self.set(self.arch.pc, pc);
    }

    /// Sets the stack pointer.
    pub fn set_sp(&mut self, sp: u64) {
        self.set(self.arch.sp, sp);
    }

    /// All registers that are known, in the table's order.
    pub fn known(&self) -> impl Iterator<Item = RegisterId> + '_ {
        (0..self.arch.registers.len())
            .map(|i| RegisterId(i as u8))
            .filter(|id| self.get(*id).is_some() || self.wide.iter().any(|(r, _)| r == id))
    }
}
