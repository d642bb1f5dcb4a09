//! Intel's flavour, with the spellings of Intel's XED (`jz` for `je`) as `x86asm.IntelSyntax` has them.

use iced_x86::{Mnemonic, Register};

use super::operand::{Code, Memory, Operand, lower_case_name, signed};

pub(super) fn text(code: &Code<'_>) -> String {
    let mut operands = code.operands();
    adjust(code, &mut operands);
    let mut args: Vec<String> = operands.iter().map(|operand| argument(code, operand)).collect();
    if let Some(destination) = args.first_mut() {
        destination.push_str(&code.mask_text(""));
    }
    if code.mnemonic() == Mnemonic::Nop && code.opcode() == 0x0f {
        // XED shows the register field that a long NOP ignores.
        args.truncate(1);
        args.push(if code.data_size() == 16 { "ax" } else { "eax" }.to_string());
    }
    let mut text = prefixes(code);
    text.push_str(&name(code));
    if !args.is_empty() {
        text.push(' ');
        text.push_str(&args.join(", "));
    }
    text
}

/// Operands that the flavour shows differently from the encoding.
fn adjust(code: &Code<'_>, operands: &mut Vec<Operand>) {
    match code.mnemonic() {
        Mnemonic::Insb
        | Mnemonic::Insw
        | Mnemonic::Insd
        | Mnemonic::Outsb
        | Mnemonic::Outsw
        | Mnemonic::Outsd => {
            operands.clear();
        }
        Mnemonic::Xlatb | Mnemonic::Monitor | Mnemonic::Mwait | Mnemonic::Int3 => operands.clear(),
        Mnemonic::Stosb | Mnemonic::Stosw | Mnemonic::Stosd | Mnemonic::Stosq => operands.truncate(1),
        Mnemonic::Lodsb | Mnemonic::Lodsw | Mnemonic::Lodsd | Mnemonic::Lodsq => drop(operands.remove(0)),
        Mnemonic::Scasb | Mnemonic::Scasw | Mnemonic::Scasd | Mnemonic::Scasq => drop(operands.remove(0)),
        Mnemonic::Push => {
            if let [Operand::Immediate(value)] = operands.as_mut_slice() {
                *value = i64::from(*value as u32);
            }
        }
        Mnemonic::Sha256rnds2 => operands.push(Operand::Register(Register::XMM0)),
        _ => {}
    }
}

fn prefixes(code: &Code<'_>) -> String {
    let instruction = code.instruction;
    let mut text = String::new();
    if instruction.has_rep_prefix() {
        text.push_str("rep ");
    }
    if instruction.has_repne_prefix() {
        text.push_str("repne ");
    }
    if instruction.has_xacquire_prefix() {
        text.push_str("xacquire ");
    }
    if instruction.has_xrelease_prefix() {
        text.push_str("xrelease ");
    }
    if instruction.has_lock_prefix() {
        text.push_str("lock ");
    }
    if code.mnemonic() == Mnemonic::Nop && code.opcode() == 0x90 && code.count_prefix(0x66) > 0 {
        text.push_str("data16 ");
    }
    text
}

fn name(code: &Code<'_>) -> String {
    let spelling = match code.mnemonic() {
        Mnemonic::Jae => "jnb",
        Mnemonic::Ja => "jnbe",
        Mnemonic::Jge => "jnl",
        Mnemonic::Jne => "jnz",
        Mnemonic::Jg => "jnle",
        Mnemonic::Je => "jz",
        Mnemonic::Setae => "setnb",
        Mnemonic::Seta => "setnbe",
        Mnemonic::Setge => "setnl",
        Mnemonic::Setne => "setnz",
        Mnemonic::Setg => "setnle",
        Mnemonic::Sete => "setz",
        Mnemonic::Cmovae => "cmovnb",
        Mnemonic::Cmova => "cmovnbe",
        Mnemonic::Cmovge => "cmovnl",
        Mnemonic::Cmovne => "cmovnz",
        Mnemonic::Cmovg => "cmovnle",
        Mnemonic::Cmove => "cmovz",
        Mnemonic::Retf => "ret far",
        Mnemonic::Xlatb => "xlat",
        Mnemonic::Wait => "fwait",
        Mnemonic::Call if code.instruction.is_call_far() || code.instruction.is_call_far_indirect() => {
            "call far"
        }
        Mnemonic::Jmp if code.instruction.is_jmp_far() || code.instruction.is_jmp_far_indirect() => "jmp far",
        _ => return code.name(),
    };
    spelling.to_string()
}

fn argument(code: &Code<'_>, operand: &Operand) -> String {
    match operand {
        Operand::Register(register) => register_name(*register),
        Operand::Immediate(value) => immediate(code, *value),
        Operand::Target(addr) => target(code, *addr),
        Operand::Far(selector, offset) => format!("{selector:#x}, {offset:#x}"),
        Operand::Memory(memory) => memory_text(code, memory) + &code.broadcast_text(),
    }
}

fn immediate(code: &Code<'_>, value: i64) -> String {
    match code.immediate_symbol(value) {
        Some((name, offset)) => format!("${name}{offset}"),
        None => code.number(value),
    }
}

fn target(code: &Code<'_>, addr: u64) -> String {
    match code.name_of(addr) {
        Some((name, offset)) => format!("${name}{offset}"),
        None => code.number(addr.cast_signed()),
    }
}

fn register_name(register: Register) -> String {
    let name = lower_case_name(register);
    if register.is_mm() { name.replace("mm", "mmx") } else { name }
}

fn memory_text(code: &Code<'_>, memory: &Memory) -> String {
    let mut text = format!("{}ptr ", size_word(code, memory.size));
    if let Some(symbol) = code.memory_symbol(memory) {
        return text + "[" + &symbol + "]";
    }
    let in_64_bits = code.bits == 64 && !matches!(memory.segment, Register::FS | Register::GS);
    if memory.segment != Register::None && !in_64_bits && code.mnemonic() != Mnemonic::Lea {
        text.push_str(&register_name(memory.segment));
        text.push(':');
    }
    text.push('[');
    let mut bare = true;
    if memory.base != Register::None {
        let base = if memory.base == Register::EIP { Register::RIP } else { memory.base };
        text.push_str(&register_name(base));
        bare = false;
    }
    if memory.index != Register::None {
        let plus = if bare { "" } else { "+" };
        text.push_str(&format!("{plus}{}*{}", register_name(memory.index), memory.scale));
        bare = false;
    }
    match memory.displacement {
        0 => {}
        displacement if bare && displacement >= 0 => text.push_str(&format!("{displacement:#x}")),
        displacement if displacement >= 0 => text.push_str(&format!("+{displacement:#x}")),
        displacement => text.push_str(&signed(displacement)),
    }
    text.push(']');
    text
}

fn size_word(code: &Code<'_>, size: usize) -> &'static str {
    match code.mnemonic() {
        Mnemonic::Invlpg => return "byte ",
        Mnemonic::Prefetchw
        | Mnemonic::Prefetchnta
        | Mnemonic::Prefetcht0
        | Mnemonic::Prefetcht1
        | Mnemonic::Prefetcht2
        | Mnemonic::Clflush => return "zmmword ",
        _ => {}
    }
    match size {
        1 => "byte ",
        2 => "word ",
        4 => "dword ",
        8 => "qword ",
        16 => "xmmword ",
        32 => "ymmword ",
        64 => "zmmword ",
        _ => "",
    }
}
