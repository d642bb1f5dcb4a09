//! What the three flavours have in common: operands in Intel's order, prefixes, registers' names.

use iced_x86::{Instruction, Mnemonic, OpKind, Register};

/// One instruction on its way to text.
pub(super) struct Code<'a> {
    pub(super) instruction: &'a Instruction,
    /// Its bytes, no more.
    pub(super) bytes: &'a [u8],
    /// 64 or 32.
    pub(super) bits: u32,
    pub(super) symbol: &'a dyn Fn(u64) -> Option<(String, u64)>,
}

/// An operand that the text shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Register(Register),
    /// Sign-extended as the CPU does it.
    Immediate(i64),
    /// The absolute target of a relative branch.
    Target(u64),
    /// Selector and offset of a far branch.
    Far(u16, u32),
    Memory(Memory),
}

/// A memory operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    /// `FS`, `GS`, or a prefix of 32-bit code; `None` if the segment is the usual one.
    pub(super) segment: Register,
    pub(super) base: Register,
    pub(super) index: Register,
    pub(super) scale: u32,
    /// As encoded: for a RIP-relative operand the distance from the end of the instruction. Four-byte ones are
    /// unsigned.
    pub(super) displacement: i64,
    /// Bytes that are read or written; 0 if none or not fixed.
    pub(super) size: usize,
}

impl Code<'_> {
    pub(super) fn mnemonic(&self) -> Mnemonic {
        self.instruction.mnemonic()
    }

    /// The mnemonic in lower case, as iced-x86 and the Intel manual name it.
    pub(super) fn name(&self) -> String {
        format!("{:?}", self.mnemonic()).to_ascii_lowercase()
    }

    /// The legacy prefixes before REX, VEX and the opcode.
    fn legacy_prefixes(&self) -> impl Iterator<Item = u8> + '_ {
        let is_prefix =
            |byte: &u8| matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67 | 0xf0 | 0xf2 | 0xf3);
        self.bytes.iter().copied().take_while(move |byte| is_prefix(byte))
    }

    pub(super) fn count_prefix(&self, prefix: u8) -> usize {
        self.legacy_prefixes().filter(|byte| *byte == prefix).count()
    }

    /// The first opcode byte; 0x0f for those that have more.
    pub(super) fn opcode(&self) -> u8 {
        let mut rest = &self.bytes[self.legacy_prefixes().count().min(self.bytes.len())..];
        if let [0x40..=0x4f, after @ ..] = rest
            && self.bits == 64
        {
            rest = after;
        }
        rest.first().copied().unwrap_or(0)
    }

    /// The operand size that prefixes select: 16, 32 or 64 bits.
    pub(super) fn data_size(&self) -> u32 {
        let rex = self.bytes.get(self.legacy_prefixes().count());
        match rex {
            Some(0x48..=0x4f) if self.bits == 64 => 64,
            _ if self.count_prefix(0x66) > 0 => 16,
            _ => 32,
        }
    }

    /// The operands in Intel's order.
    pub(super) fn operands(&self) -> Vec<Operand> {
        (0..self.instruction.op_count()).filter_map(|operand| self.operand(operand)).collect()
    }

    /// The mask register of an AVX-512 instruction.
    pub(super) fn mask(&self) -> Option<Register> {
        Some(self.instruction.op_mask()).filter(|mask| *mask != Register::None)
    }

    /// What Intel's and GNU's flavours append to the destination: ` {k1} {z}`.
    pub(super) fn mask_text(&self, prefix: &str) -> String {
        let zeroing = if self.instruction.zeroing_masking() { " {z}" } else { "" };
        self.mask().map(|mask| format!(" {{{prefix}{}}}{zeroing}", lower_case_name(mask))).unwrap_or_default()
    }

    /// How often an AVX-512 memory operand is repeated over the vector: `{1to8}`.
    pub(super) fn broadcast_text(&self) -> String {
        let element = self.instruction.memory_size().element_size();
        let vector = self.instruction.op0_register().size();
        match vector.checked_div(element) {
            Some(times) if self.instruction.is_broadcast() => format!("{{1to{times}}}"),
            _ => String::new(),
        }
    }

    /// The symbol an immediate may be the address of: only moves and pushes of 32 bits have such.
    pub(super) fn immediate_symbol(&self, value: i64) -> Option<(String, String)> {
        let takes_addresses = matches!(self.mnemonic(), Mnemonic::Mov | Mnemonic::Push);
        if takes_addresses && self.data_size() == 32 { self.name_of(value.cast_unsigned()) } else { None }
    }

    fn operand(&self, operand: u32) -> Option<Operand> {
        let instruction = self.instruction;
        Some(match instruction.op_kind(operand) {
            OpKind::Register => Operand::Register(instruction.op_register(operand)),
            OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64 => {
                Operand::Target(instruction.near_branch_target())
            }
            OpKind::FarBranch16 => {
                Operand::Far(instruction.far_branch_selector(), instruction.far_branch16().into())
            }
            OpKind::FarBranch32 => {
                Operand::Far(instruction.far_branch_selector(), instruction.far_branch32())
            }
            OpKind::Memory if self.mnemonic() == Mnemonic::Xlatb => {
                Operand::Memory(Memory { index: Register::None, segment: Register::DS, ..self.memory() })
            }
            OpKind::Memory => Operand::Memory(self.memory()),
            OpKind::MemorySegSI | OpKind::MemorySegESI | OpKind::MemorySegRSI => {
                Operand::Memory(self.string_memory(Register::RSI))
            }
            OpKind::MemorySegDI | OpKind::MemorySegEDI | OpKind::MemorySegRDI => {
                Operand::Memory(self.string_memory(Register::RDI))
            }
            OpKind::MemoryESDI | OpKind::MemoryESEDI | OpKind::MemoryESRDI => {
                Operand::Memory(self.string_memory(Register::RDI))
            }
            OpKind::Immediate32 => Operand::Immediate(i64::from(instruction.immediate32().cast_signed())),
            OpKind::Immediate16 => Operand::Immediate(i64::from(instruction.immediate16().cast_signed())),
            _ => Operand::Immediate(instruction.try_immediate(operand).ok()?.cast_signed()),
        })
    }

    fn memory(&self) -> Memory {
        let instruction = self.instruction;
        let absolute = instruction.memory_displacement64();
        let encoded = if instruction.is_ip_rel_memory_operand() {
            absolute.wrapping_sub(instruction.next_ip())
        } else {
            absolute
        };
        // x86asm sign-extends displacements of one byte only: `-0x8`, but `0xfffffec0`.
        let is_short = instruction.memory_displ_size() == 1;
        let is_wide = self.is_moffs();
        let displacement = match (is_short, is_wide) {
            (true, _) => i64::from(encoded as u8 as i8),
            (_, true) => encoded.cast_signed(),
            _ => i64::from(encoded as u32),
        };
        Memory {
            segment: instruction.segment_prefix(),
            base: instruction.memory_base(),
            index: instruction.memory_index(),
            scale: instruction.memory_index_scale(),
            displacement,
            size: instruction.memory_size().size(),
        }
    }

    /// Is the memory operand a bare address of full width?
    fn is_moffs(&self) -> bool {
        matches!(self.opcode(), 0xa0..=0xa3) && self.mnemonic() == Mnemonic::Mov
    }

    /// The operand of a string instruction, with a pointer as wide as addresses are.
    fn string_memory(&self, pointer: Register) -> Memory {
        let narrow = self.count_prefix(0x67) > 0;
        let base = match (pointer, self.bits, narrow) {
            (Register::RSI, 64, false) => Register::RSI,
            (Register::RSI, 64, true) | (Register::RSI, _, false) => Register::ESI,
            (Register::RSI, _, true) => Register::SI,
            (_, 64, false) => Register::RDI,
            (_, 64, true) | (_, _, false) => Register::EDI,
            _ => Register::DI,
        };
        let segment = match (self.instruction.segment_prefix(), pointer) {
            (Register::None, Register::RSI) => Register::DS,
            (prefix, Register::RSI) => prefix,
            _ => Register::ES,
        };
        Memory {
            segment,
            base,
            index: Register::None,
            scale: 0,
            displacement: 0,
            size: self.instruction.memory_size().size(),
        }
    }

    /// The bytes of the memory operand; 0 without one.
    pub(super) fn memory_bytes(&self) -> usize {
        self.operands()
            .iter()
            .find_map(|operand| if let Operand::Memory(memory) = operand { Some(memory.size) } else { None })
            .unwrap_or(0)
    }

    /// The symbol that a memory operand lies in, if it is a bare address or relative to the PC, and the distance
    /// as the texts show it (`+8`).
    pub(super) fn memory_symbol(&self, memory: &Memory) -> Option<String> {
        if memory.segment != Register::None || memory.displacement == 0 || memory.index != Register::None {
            return None;
        }
        let addr = match memory.base {
            Register::RIP | Register::EIP => self.instruction.memory_displacement64(),
            Register::None => memory.displacement.cast_unsigned(),
            _ => return None,
        };
        self.name_of(addr).map(|(name, offset)| format!("{name}{offset}"))
    }

    /// The symbol at `addr`, and the distance from its start as the texts show it.
    pub(super) fn name_of(&self, addr: u64) -> Option<(String, String)> {
        let (name, offset) = (self.symbol)(addr)?;
        Some((name, if offset == 0 { String::new() } else { format!("+{offset}") }))
    }

    /// An immediate or a branch target as a number: signed if it fits 32 bits.
    pub(super) fn number(&self, value: i64) -> String {
        if self.bits == 32 {
            format!("{:#x}", value as u32)
        } else if i32::try_from(value).is_ok() {
            signed(value)
        } else {
            format!("{value:#x}")
        }
    }
}

/// `0x10`, `-0x10`.
pub(super) fn signed(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{:#x}", value.unsigned_abs())
}

/// iced-x86 names the low bytes of R8 to R15 as AMD does (`r8l`); Intel and GNU write `r8b`.
pub(super) fn lower_case_name(register: Register) -> String {
    let name = format!("{register:?}").to_ascii_lowercase();
    match name.strip_suffix('l') {
        Some(number) if register.is_gpr8() && number.len() > 1 && number.starts_with('r') => {
            format!("{number}b")
        }
        _ => name,
    }
}
