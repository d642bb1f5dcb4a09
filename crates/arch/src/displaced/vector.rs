//! Moves of vector registers, which [`emulate`](super::emulate) leaves to the CPU: enough for what Go's compiler does
//! with arguments.

use iced_x86::{Instruction, Mnemonic, OpKind, Register};

use super::Words;
use crate::{RegisterId, Registers};

/// Carries out the instruction at the PC (bytes in `code`) if it moves a vector register, or clears one. `false`: it does
/// something else, or its memory cannot be reached; nothing was changed.
pub fn move_vector(code: &[u8], registers: &mut Registers, memory: &mut dyn Words) -> bool {
    let pc = registers.get(registers.arch().pc);
    let Some((instruction, _)) = pc.and_then(|pc| super::decode(registers.arch(), pc, code)) else {
        return false;
    };
    let moved = execute(&instruction, registers, memory).is_some();
    if moved {
        registers.set_pc(instruction.next_ip());
    }
    moved
}

fn execute(instruction: &Instruction, registers: &mut Registers, memory: &mut dyn Words) -> Option<()> {
    let size = match instruction.mnemonic() {
        Mnemonic::Movups | Mnemonic::Movupd | Mnemonic::Movdqu => 16,
        Mnemonic::Movaps | Mnemonic::Movapd | Mnemonic::Movdqa => 16,
        Mnemonic::Movsd | Mnemonic::Movq => 8,
        Mnemonic::Movss | Mnemonic::Movd => 4,
        Mnemonic::Xorps | Mnemonic::Pxor if instruction.op0_register() == instruction.op1_register() => {
            registers.set_bytes(id_of(instruction.op0_register())?, &[0; 16]);
            return Some(());
        }
        _ => return None,
    };
    let mut bytes = [0; 16];
    match instruction.op1_kind() {
        OpKind::Register => read(registers, instruction.op1_register(), &mut bytes[..size])?,
        OpKind::Memory => {
            memory.load(address(instruction, registers)?, &mut bytes[..size]).then_some(())?;
        }
        _ => return None,
    }
    match instruction.op0_kind() {
        OpKind::Memory => memory.store(address(instruction, registers)?, &bytes[..size]).then_some(()),
        OpKind::Register => {
            let to = instruction.op0_register();
            if to.is_gpr() {
                let value = u64::from_le_bytes(bytes[..8].try_into().ok()?);
                registers.set(super::emulate::id_of(to.full_register())?, value);
                return Some(());
            }
            let id = id_of(to)?;
            // From one register to another, MOVSS and MOVSD leave the rest as it is (Intel SDM volume 2).
            if instruction.op1_kind() == OpKind::Register
                && matches!(instruction.mnemonic(), Mnemonic::Movsd | Mnemonic::Movss)
            {
                bytes[size..].copy_from_slice(registers.bytes(id)?.get(size..16)?);
            }
            registers.set_bytes(id, &bytes);
            Some(())
        }
        _ => None,
    }
}

fn read(registers: &Registers, register: Register, into: &mut [u8]) -> Option<()> {
    let id =
        if register.is_gpr() { super::emulate::id_of(register.full_register()) } else { id_of(register) };
    into.copy_from_slice(registers.bytes(id?)?.get(..into.len())?);
    Some(())
}

fn address(instruction: &Instruction, registers: &Registers) -> Option<u64> {
    if instruction.is_ip_rel_memory_operand() {
        return Some(instruction.ip_rel_memory_address());
    }
    let part = |register: Register| match register {
        Register::None => Some(0),
        _ if register.is_gpr64() => registers.get(super::emulate::id_of(register)?),
        _ => None,
    };
    let scale = u64::from(instruction.memory_index_scale());
    let base = part(instruction.memory_base())?;
    let index = part(instruction.memory_index())?;
    Some(base.wrapping_add(index.wrapping_mul(scale)).wrapping_add(instruction.memory_displacement64()))
}

/// The row of a vector register in [`AMD64`](crate::AMD64)'s table.
fn id_of(register: Register) -> Option<RegisterId> {
    register.is_xmm().then(|| crate::AMD64.by_name(&format!("XMM{}", register.number()))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(Vec<u8>);

    impl Words for Bytes {
        fn load(&self, addr: u64, buf: &mut [u8]) -> bool {
            let from = addr as usize;
            self.0.get(from..from + buf.len()).is_some_and(|bytes| {
                buf.copy_from_slice(bytes);
                true
            })
        }

        fn store(&mut self, addr: u64, bytes: &[u8]) -> bool {
            let from = addr as usize;
            self.0.get_mut(from..from + bytes.len()).is_some_and(|place| {
                place.copy_from_slice(bytes);
                true
            })
        }
    }

    #[test]
    fn values_go_from_memory_to_registers_and_back() {
        let mut memory = Bytes((0..64).collect());
        let mut registers = Registers::new(&crate::AMD64);
        registers.set_pc(0x1000);
        registers.set_sp(16);
        // movups xmm0, [rsp+8]; movsd [rsp], xmm0; movq rax, xmm0; xorps xmm0, xmm0; movss xmm0, [rsp+32]
        let code: [&[u8]; 5] = [
            &[0x0f, 0x10, 0x44, 0x24, 0x08],
            &[0xf2, 0x0f, 0x11, 0x04, 0x24],
            &[0x66, 0x48, 0x0f, 0x7e, 0xc0],
            &[0x0f, 0x57, 0xc0],
            &[0xf3, 0x0f, 0x10, 0x44, 0x24, 0x20],
        ];
        let xmm0 = id_of(Register::XMM0).unwrap();
        for instruction in &code[..3] {
            assert!(move_vector(instruction, &mut registers, &mut memory), "{instruction:?}");
        }
        assert_eq!(registers.bytes(xmm0).unwrap(), (24..40).collect::<Vec<u8>>());
        assert_eq!(memory.0[16..26], [24, 25, 26, 27, 28, 29, 30, 31, 24, 25]);
        assert_eq!(registers.get(crate::AMD64.by_name("Rax").unwrap()), Some(0x1f1e_1d1c_1b1a_1918));
        for instruction in &code[3..] {
            assert!(move_vector(instruction, &mut registers, &mut memory), "{instruction:?}");
        }
        let mut expected = vec![0; 16];
        expected[..4].copy_from_slice(&[48, 49, 50, 51]);
        assert_eq!(registers.bytes(xmm0).unwrap(), expected);
        assert_eq!(registers.pc(), 0x1000 + 24);
        // An addition is none, and memory that is not there cannot be moved.
        assert!(!move_vector(&[0xf2, 0x0f, 0x58, 0xc1], &mut registers, &mut memory));
        registers.set_sp(1000);
        assert!(!move_vector(code[0], &mut registers, &mut memory));
        assert_eq!(registers.pc(), 0x1000 + 24);
    }
}
