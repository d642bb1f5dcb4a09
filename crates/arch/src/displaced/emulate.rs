//! Computing what an instruction does, bit for bit, without a CPU.
//!
//! The instructions are those that breakpoints stand on in Go code: frame set-up, moves, comparisons, branches and
//! calls. Read-modify-write of memory is left out: as an instruction it cannot be torn by another thread of a
//! program on one CPU, as two system calls it could.

use iced_x86::{Code, Instruction, Mnemonic, OpKind, Register};

use super::Words;
use super::flags::{self, AC, CF, RF, TF, VM};
use crate::{FS_BASE, GS_BASE, RFLAGS, RegisterId, Registers};

/// Could [`emulate`] carry this out, if its memory can be reached?
pub(super) fn can_emulate(instruction: &Instruction) -> bool {
    if instruction.has_lock_prefix() || instruction.has_xacquire_prefix() || instruction.has_xrelease_prefix()
    {
        return false;
    }
    let simple = (0..instruction.op_count()).all(|operand| match instruction.op_kind(operand) {
        OpKind::Register => {
            let register = instruction.op_register(operand);
            register.is_gpr() && register.full_register() != Register::RIP
        }
        OpKind::Memory => instruction.memory_index().is_gpr() || instruction.memory_index() == Register::None,
        OpKind::NearBranch64 => true,
        kind => is_immediate(kind),
    });
    let writes_memory = instruction.op_count() > 0 && instruction.op0_kind() == OpKind::Memory;
    simple
        && match instruction.mnemonic() {
            Mnemonic::Mov | Mnemonic::Lea | Mnemonic::Movzx | Mnemonic::Movsx | Mnemonic::Movsxd => true,
            Mnemonic::Cmp | Mnemonic::Test => true,
            Mnemonic::Add | Mnemonic::Sub | Mnemonic::And | Mnemonic::Or | Mnemonic::Xor => !writes_memory,
            Mnemonic::Inc | Mnemonic::Dec => !writes_memory,
            Mnemonic::Push | Mnemonic::Pop => operand_size(instruction, 0) == Some(8),
            Mnemonic::Pushfq => true,
            Mnemonic::Nop => true,
            Mnemonic::Leave => instruction.code() == Code::Leaveq,
            Mnemonic::Jmp => instruction.is_jmp_short_or_near() || instruction.is_jmp_near_indirect(),
            Mnemonic::Call => instruction.is_call_near() || instruction.is_call_near_indirect(),
            Mnemonic::Ret => instruction.stack_pointer_increment() >= 8,
            Mnemonic::Jrcxz | Mnemonic::Jecxz => true,
            _ => instruction.is_jcc_short_or_near(),
        }
}

/// Carries out the instruction at the PC (bytes in `code`), for which [`plan`](super::plan) said
/// [`Emulate`](super::Plan::Emulate). `false`: nothing was changed, take another way
/// ([`displace`](super::displace), or lifting the breakpoint).
pub fn emulate(code: &[u8], registers: &mut Registers, memory: &mut dyn Words) -> bool {
    let pc = registers.get(registers.arch().pc);
    let Some((instruction, _)) = pc.and_then(|pc| super::decode(registers.arch(), pc, code)) else {
        return false;
    };
    if !can_emulate(&instruction) {
        return false;
    }
    // Work on a copy: a step that fails half-way leaves no trace. Memory is written last and at most once.
    let mut cpu = Cpu { registers: registers.clone(), instruction, store: None };
    if cpu.execute(memory).is_none() {
        return false;
    }
    if let Some((addr, bytes, len)) = cpu.store
        && !memory.store(addr, &bytes[..len])
    {
        return false;
    }
    *registers = cpu.registers;
    true
}

/// One instruction in execution.
struct Cpu {
    registers: Registers,
    instruction: Instruction,
    /// The one write to memory, done when nothing can fail any more: address, bytes, how many of them.
    store: Option<(u64, [u8; 8], usize)>,
}

impl Cpu {
    fn execute(&mut self, memory: &dyn Words) -> Option<()> {
        let flags = self.registers.get(RFLAGS)?;
        // A program that traces itself by TF expects a trap after this instruction; with AC, unaligned accesses fault.
        if flags & (TF | AC) != 0 {
            return None;
        }
        self.registers.set(RFLAGS, flags & !RF);
        self.registers.set_pc(self.instruction.next_ip());
        match self.instruction.mnemonic() {
            Mnemonic::Nop => Some(()),
            Mnemonic::Mov | Mnemonic::Movzx => {
                let value = self.read(1, memory)?;
                self.write(0, value)
            }
            Mnemonic::Movsx | Mnemonic::Movsxd => {
                let value = self.read_signed(1, memory)?;
                self.write(0, value)
            }
            Mnemonic::Lea => {
                let addr = self.offset()?;
                self.write(0, addr)
            }
            Mnemonic::Push => {
                let value = self.read(0, memory)?;
                self.push(value)
            }
            Mnemonic::Pushfq => self.push(flags & !(RF | VM)),
            Mnemonic::Pop => self.pop(memory),
            Mnemonic::Leave => self.leave(memory),
            Mnemonic::Add | Mnemonic::Sub | Mnemonic::Cmp => self.arithmetic(memory),
            Mnemonic::And | Mnemonic::Or | Mnemonic::Xor | Mnemonic::Test => self.bitwise(memory),
            Mnemonic::Inc | Mnemonic::Dec => self.count(memory),
            Mnemonic::Call => {
                let target = self.target(memory)?;
                let back = self.instruction.next_ip();
                self.push(back)?;
                self.jump(target)
            }
            Mnemonic::Jmp => {
                let target = self.target(memory)?;
                self.jump(target)
            }
            Mnemonic::Ret => {
                let sp = self.registers.get(self.registers.arch().sp)?;
                let target = load(memory, sp, 8)?;
                let released = u64::try_from(self.instruction.stack_pointer_increment()).ok()?;
                self.registers.set_sp(sp.wrapping_add(released));
                self.jump(target)
            }
            Mnemonic::Jrcxz => self.branch(self.gpr(Register::RCX)? == 0),
            Mnemonic::Jecxz => self.branch(self.gpr(Register::ECX)? == 0),
            _ => self.branch(flags::holds(self.instruction.condition_code(), flags)?),
        }
    }

    fn arithmetic(&mut self, memory: &dyn Words) -> Option<()> {
        let size = operand_size(&self.instruction, 0)?;
        let (a, b) = (self.read(0, memory)?, self.read(1, memory)?);
        let flags = self.registers.get(RFLAGS)?;
        let mnemonic = self.instruction.mnemonic();
        let operation = if mnemonic == Mnemonic::Add { flags::add } else { flags::sub };
        let (result, flags) = operation(a, b, size, flags);
        self.registers.set(RFLAGS, flags);
        if mnemonic == Mnemonic::Cmp { Some(()) } else { self.write(0, result) }
    }

    fn bitwise(&mut self, memory: &dyn Words) -> Option<()> {
        let size = operand_size(&self.instruction, 0)?;
        let (a, b) = (self.read(0, memory)?, self.read(1, memory)?);
        let mnemonic = self.instruction.mnemonic();
        let result = match mnemonic {
            Mnemonic::Or => a | b,
            Mnemonic::Xor => a ^ b,
            _ => a & b,
        };
        let flags = self.registers.get(RFLAGS)?;
        self.registers.set(RFLAGS, flags::logic(result & flags::mask(size), size, flags));
        if mnemonic == Mnemonic::Test { Some(()) } else { self.write(0, result) }
    }

    /// INC and DEC: as adding or subtracting one, but CF stays.
    fn count(&mut self, memory: &dyn Words) -> Option<()> {
        let size = operand_size(&self.instruction, 0)?;
        let value = self.read(0, memory)?;
        let before = self.registers.get(RFLAGS)?;
        let operation = if self.instruction.mnemonic() == Mnemonic::Inc { flags::add } else { flags::sub };
        let (result, flags) = operation(value, 1, size, before);
        self.registers.set(RFLAGS, flags & !CF | before & CF);
        self.write(0, result)
    }

    fn push(&mut self, value: u64) -> Option<()> {
        let sp = self.registers.get(self.registers.arch().sp)?.wrapping_sub(8);
        self.registers.set_sp(sp);
        self.store = Some((sp, value.to_le_bytes(), 8));
        Some(())
    }

    /// POP: the stack pointer has moved before a memory operand's address is computed, and `pop rsp` keeps what
    /// was popped.
    fn pop(&mut self, memory: &dyn Words) -> Option<()> {
        let sp = self.registers.get(self.registers.arch().sp)?;
        let value = load(memory, sp, 8)?;
        self.registers.set_sp(sp.wrapping_add(8));
        self.write(0, value)
    }

    fn leave(&mut self, memory: &dyn Words) -> Option<()> {
        let frame = self.gpr(Register::RBP)?;
        let saved = load(memory, frame, 8)?;
        self.registers.set_sp(frame.wrapping_add(8));
        self.set_gpr(Register::RBP, saved)
    }

    fn branch(&mut self, taken: bool) -> Option<()> {
        if taken { self.jump(self.instruction.near_branch_target()) } else { Some(()) }
    }

    /// Goes to `target`, unless that address is none: then the CPU faults before the jump is done.
    fn jump(&mut self, target: u64) -> Option<()> {
        let canonical = (target.cast_signed() << 16 >> 16).cast_unsigned() == target;
        canonical.then(|| self.registers.set_pc(target))
    }

    /// Where a jump or call goes.
    fn target(&self, memory: &dyn Words) -> Option<u64> {
        match self.instruction.op0_kind() {
            OpKind::NearBranch64 => Some(self.instruction.near_branch_target()),
            _ if operand_size(&self.instruction, 0) == Some(8) => self.read(0, memory),
            _ => None,
        }
    }

    /// The value of operand `operand`, zero-extended; immediates are sign-extended.
    fn read(&self, operand: u32, memory: &dyn Words) -> Option<u64> {
        match self.instruction.op_kind(operand) {
            OpKind::Register => self.gpr(self.instruction.op_register(operand)),
            OpKind::Memory => load(memory, self.address()?, operand_size(&self.instruction, operand)?),
            kind if is_immediate(kind) => self.instruction.try_immediate(operand).ok(),
            _ => None,
        }
    }

    /// The value of operand `operand`, sign-extended.
    fn read_signed(&self, operand: u32, memory: &dyn Words) -> Option<u64> {
        let bits = 64 - 8 * operand_size(&self.instruction, operand)?.min(8) as u32;
        Some((self.read(operand, memory)?.cast_signed() << bits >> bits).cast_unsigned())
    }

    fn write(&mut self, operand: u32, value: u64) -> Option<()> {
        match self.instruction.op_kind(operand) {
            OpKind::Register => self.set_gpr(self.instruction.op_register(operand), value),
            OpKind::Memory => {
                let size = operand_size(&self.instruction, operand)?;
                self.store = Some((self.address()?, value.to_le_bytes(), size));
                Some(())
            }
            _ => None,
        }
    }

    /// The memory operand's address, with its segment's base.
    fn address(&self) -> Option<u64> {
        let base = match self.instruction.memory_segment() {
            Register::FS => self.registers.get(FS_BASE)?,
            Register::GS => self.registers.get(GS_BASE)?,
            _ => 0,
        };
        Some(base.wrapping_add(self.offset()?))
    }

    /// The memory operand's address within its segment.
    fn offset(&self) -> Option<u64> {
        let instruction = &self.instruction;
        if instruction.is_ip_rel_memory_operand() {
            return Some(instruction.ip_rel_memory_address());
        }
        let part = |register| if register == Register::None { Some(0) } else { self.gpr(register) };
        let (base, index) = (instruction.memory_base(), instruction.memory_index());
        let scale = u64::from(instruction.memory_index_scale());
        let addr = part(base)?
            .wrapping_add(part(index)?.wrapping_mul(scale))
            .wrapping_add(instruction.memory_displacement64());
        let narrow = base.is_gpr32() || index.is_gpr32();
        let narrow =
            narrow || (instruction.memory_displ_size() == 4 && base == index && base == Register::None);
        Some(if narrow { addr & 0xffff_ffff } else { addr })
    }

    /// The value of a general register or a part of one, zero-extended.
    fn gpr(&self, register: Register) -> Option<u64> {
        let value = self.registers.get(id_of(register.full_register())?)?;
        let value = if is_high_byte(register) { value >> 8 } else { value };
        Some(value & flags::mask(register.size()))
    }

    /// Sets a general register or a part of one: 32-bit writes clear the upper half, narrower ones keep the rest.
    fn set_gpr(&mut self, register: Register, value: u64) -> Option<()> {
        let id = id_of(register.full_register())?;
        let mask = flags::mask(register.size());
        let value = match register.size() {
            8 => value,
            4 => value & mask,
            _ => {
                let shift = if is_high_byte(register) { 8 } else { 0 };
                self.registers.get(id)? & !(mask << shift) | (value & mask) << shift
            }
        };
        self.registers.set(id, value);
        Some(())
    }
}

/// Reads `size` bytes, zero-extended. x86 is little-endian.
fn load(memory: &dyn Words, addr: u64, size: usize) -> Option<u64> {
    let mut word = [0; 8];
    memory.load(addr, word.get_mut(..size)?).then(|| u64::from_le_bytes(word))
}

fn is_immediate(kind: OpKind) -> bool {
    matches!(
        kind,
        OpKind::Immediate8
            | OpKind::Immediate16
            | OpKind::Immediate32
            | OpKind::Immediate64
            | OpKind::Immediate8to16
            | OpKind::Immediate8to32
            | OpKind::Immediate8to64
            | OpKind::Immediate32to64
    )
}

/// The size of operand `operand` in bytes, if it is a general register's; immediates have that of the stack slot
/// or of the first operand.
fn operand_size(instruction: &Instruction, operand: u32) -> Option<usize> {
    let size = match instruction.op_kind(operand) {
        OpKind::Register => instruction.op_register(operand).size(),
        OpKind::Memory => instruction.memory_size().size(),
        _ => instruction.stack_pointer_increment().unsigned_abs() as usize,
    };
    matches!(size, 1 | 2 | 4 | 8).then_some(size)
}

fn is_high_byte(register: Register) -> bool {
    matches!(register, Register::AH | Register::BH | Register::CH | Register::DH)
}

/// The row of a 64-bit general register in [`AMD64`](crate::AMD64)'s table.
pub(super) fn id_of(register: Register) -> Option<RegisterId> {
    Some(RegisterId(match register {
        Register::RSP => 1,
        Register::RAX => 2,
        Register::RBX => 3,
        Register::RCX => 4,
        Register::RDX => 5,
        Register::RSI => 6,
        Register::RDI => 7,
        Register::RBP => 8,
        Register::R8 => 9,
        Register::R9 => 10,
        Register::R10 => 11,
        Register::R11 => 12,
        Register::R12 => 13,
        Register::R13 => 14,
        Register::R14 => 15,
        Register::R15 => 16,
        _ => return None,
    }))
}
